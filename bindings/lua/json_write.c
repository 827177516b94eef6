/* SPDX-License-Identifier: MIT */
/*
 * Lua to JSON. Members in order of their names; a table with a first element, or one that is
 * marked, is a list; cycles end at the limit of levels. Parts are collected in a table and joined,
 * because a buffer of Lua owns the stack's top while it grows.
 */
#include "core.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_LEVELS  64
#define MOST_POINTER 1024
#define MOST_PARTS   10000000 /* tables that share their parts grow twofold with each level */

typedef struct writer {
    lua_State *L;
    int parts;  /* index of the table of parts */
    int places; /* index of the table of secrets; 0: none are allowed */
    lua_Integer count;
    unsigned levels;
    char pointer[MOST_POINTER];
    size_t size; /* of the pointer */
} writer;

/* Takes the text on top. */
static void put(writer *self)
{
    if (self->count == MOST_PARTS)
        errors_usage(self->L, "too much for one JSON text");
    lua_rawseti(self->L, self->parts, ++self->count);
}

static void put_literal(writer *self, const char *text)
{
    lua_pushstring(self->L, text);
    put(self);
}

static bool is_tail(const unsigned char *at, size_t count)
{
    for (size_t i = 1; i <= count; i++)
        if ((at[i] & 0xC0) != 0x80)
            return false;
    return true;
}

/* Lua ends texts with a NUL: looking behind the last byte is allowed. */
static bool is_utf8(const char *text, size_t size)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + size;
    while (at < end) {
        unsigned char c = *at;
        size_t more = c < 0x80 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
        if ((c >= 0x80 && c < 0xC2) || c > 0xF4 || (size_t)(end - at) <= more ||
            !is_tail(at, more) || (c == 0xE0 && at[1] < 0xA0) || (c == 0xED && at[1] > 0x9F) ||
            (c == 0xF0 && at[1] < 0x90) || (c == 0xF4 && at[1] > 0x8F))
            return false;
        at += more + 1;
    }
    return true;
}

static void add_letter(luaL_Buffer *out, unsigned char letter)
{
    char escape[8];
    if (letter == '"' || letter == '\\') {
        luaL_addchar(out, '\\');
        luaL_addchar(out, (char)letter);
    } else if (letter < 0x20 || letter == 0x7F) {
        snprintf(escape, sizeof(escape), "\\u%04x", letter);
        luaL_addstring(out, escape);
    } else
        luaL_addchar(out, (char)letter);
}

static void put_text(writer *self, int index)
{
    size_t size;
    luaL_Buffer out;
    const char *text = lua_tolstring(self->L, index, &size);
    if (memchr(text, '\0', size) || !is_utf8(text, size))
        errors_usage(self->L, "a text that is not UTF-8, or has a NUL, cannot be JSON");
    luaL_buffinit(self->L, &out);
    luaL_addchar(&out, '"');
    for (size_t i = 0; i < size; i++)
        add_letter(&out, (unsigned char)text[i]);
    luaL_addchar(&out, '"');
    luaL_pushresult(&out);
    put(self);
}

/* The shortest text that reads back as the same number. */
static void put_number(writer *self, int index)
{
    char text[64];
    if (lua_isinteger(self->L, index)) {
        snprintf(text, sizeof(text), "%lld", (long long)lua_tointeger(self->L, index));
        put_literal(self, text);
        return;
    }
    double value = lua_tonumber(self->L, index);
    if (!isfinite(value))
        errors_usage(self->L, "a number that is infinite or not a number cannot be JSON");
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    char *comma = strchr(text, ','); /* of a locale */
    if (comma)
        *comma = '.';
    put_literal(self, text);
}

static void put_secret(writer *self, int index)
{
    if (!self->places)
        errors_usage(self->L, "a secret cannot be JSON");
    put_literal(self, "\"***\"");
    lua_Integer count = (lua_Integer)lua_rawlen(self->L, self->places);
    lua_pushlstring(self->L, self->pointer, self->size);
    lua_rawseti(self->L, self->places, count + 1);
    lua_pushvalue(self->L, index);
    lua_rawseti(self->L, self->places, count + 2);
}

/* ---- tables ---- */

static void put_value(writer *self, int index);

static void add_pointer(writer *self, const char *text)
{
    size_t size = strlen(text);
    if (self->size + size >= sizeof(self->pointer))
        errors_usage(self->L, "names of JSON members are too long");
    memcpy(self->pointer + self->size, text, size);
    self->size += size;
}

/* Adds "/name" to the pointer and tells its size before. */
static size_t go_down(writer *self, const char *name)
{
    size_t before = self->size;
    add_pointer(self, "/");
    for (; *name; name++) {
        const char letter[] = {*name, '\0'};
        add_pointer(self, *name == '~' ? "~0" : *name == '/' ? "~1" : letter);
    }
    return before;
}

static void put_list(writer *self, int index)
{
    lua_Integer count = (lua_Integer)lua_rawlen(self->L, index);
    put_literal(self, "[");
    for (lua_Integer i = 1; i <= count; i++) {
        char name[32];
        snprintf(name, sizeof(name), "%lld", (long long)i - 1);
        size_t before = go_down(self, name);
        if (i > 1)
            put_literal(self, ",");
        lua_rawgeti(self->L, index, i);
        put_value(self, lua_gettop(self->L));
        lua_pop(self->L, 1);
        self->size = before;
    }
    put_literal(self, "]");
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Pushes memory with the names, in order, which it keeps alive. */
static const char **push_names(writer *self, int index, size_t *count)
{
    *count = 0;
    lua_pushnil(self->L);
    while (lua_next(self->L, index)) {
        if (lua_type(self->L, -2) != LUA_TSTRING)
            errors_usage(self->L, "a table with names and other keys cannot be JSON");
        ++*count;
        lua_pop(self->L, 1);
    }
    const char **names = lua_newuserdatauv(self->L, (*count + 1) * sizeof(*names), 1);
    lua_createtable(self->L, (int)*count, 0); /* a finalizer of the script may change the other */
    int kept = lua_gettop(self->L);
    size_t i = 0;
    lua_pushnil(self->L);
    while (lua_next(self->L, index)) {
        lua_pop(self->L, 1);
        if (i == *count || lua_type(self->L, -1) != LUA_TSTRING)
            errors_usage(self->L, "a table that changes while it is read cannot be JSON");
        names[i++] = lua_tostring(self->L, -1);
        lua_pushvalue(self->L, -1);
        lua_rawseti(self->L, kept, (lua_Integer)i);
    }
    *count = i;
    lua_setiuservalue(self->L, -2, 1);
    qsort(names, *count, sizeof(*names), compare);
    return names;
}

static void put_object(writer *self, int index)
{
    size_t count;
    const char **names = push_names(self, index, &count);
    put_literal(self, "{");
    for (size_t i = 0; i < count; i++) {
        size_t before = go_down(self, names[i]);
        if (i > 0)
            put_literal(self, ",");
        lua_pushstring(self->L, names[i]);
        put_text(self, lua_gettop(self->L));
        put_literal(self, ":");
        lua_rawget(self->L, index);
        put_value(self, lua_gettop(self->L));
        lua_pop(self->L, 1);
        self->size = before;
    }
    lua_pop(self->L, 1);
    put_literal(self, "}");
}

static void put_table(writer *self, int index)
{
    if (++self->levels > MOST_LEVELS)
        errors_usage(self->L, "too many levels for JSON");
    luaL_checkstack(self->L, 16, "json");
    if (json_is_list(self->L, index) || lua_rawlen(self->L, index) > 0)
        put_list(self, index);
    else
        put_object(self, index);
    self->levels--;
}

static void put_value(writer *self, int index)
{
    switch (lua_type(self->L, index)) {
    case LUA_TBOOLEAN:
        put_literal(self, lua_toboolean(self->L, index) ? "true" : "false");
        return;
    case LUA_TNUMBER:
        put_number(self, index);
        return;
    case LUA_TSTRING:
        put_text(self, index);
        return;
    case LUA_TTABLE:
        put_table(self, index);
        return;
    default:
        break;
    }
    if (json_is_null(self->L, index))
        put_literal(self, "null");
    else if (secret_test(self->L, index))
        put_secret(self, index);
    else
        errors_usage(self->L, "a %s cannot be JSON", luaL_typename(self->L, index));
}

void json_encode(lua_State *L, int index, int places)
{
    luaL_checkstack(L, 16, "json");
    index = lua_absindex(L, index);
    lua_newtable(L);
    writer self = {.L = L, .parts = lua_gettop(L), .places = places};
    put_value(&self, index);
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    for (lua_Integer i = 1; i <= self.count; i++) {
        lua_rawgeti(L, self.parts, i);
        luaL_addvalue(&out);
    }
    luaL_pushresult(&out);
    lua_remove(L, self.parts);
}
