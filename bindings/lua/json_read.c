/* SPDX-License-Identifier: MIT */
/*
 * JSON to Lua, strict (RFC 8259). As in plugins: null is a value of its own, lists are marked, so
 * that an empty one stays a list, integers that do not fit and numbers of more than 17 digits
 * become texts. thingspace.json.
 */
#include "core.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_LEVELS  64
#define EXACT_DIGITS 17   /* more cannot be told apart in a double */
#define NUMBER_SIZE  1024 /* the longest text of a number */

#define LIST_TYPE "thingspace.json.list"
#define NULL_TYPE "thingspace.json.null"
static const char null_key;

typedef struct reader {
    lua_State *L;
    const char *at, *end;
    unsigned levels;
    bool plain;
} reader;

static void fail(reader *self, const char *what)
{
    errors_usage(self->L, "json: %s, %d bytes before the end", what, (int)(self->end - self->at));
}

static void skip_blanks(reader *self)
{
    while (self->at < self->end && *self->at && strchr(" \t\r\n", *self->at))
        self->at++;
}

static char peek(const reader *self)
{
    return self->at < self->end ? *self->at : '\0';
}

static bool take(reader *self, char letter)
{
    skip_blanks(self);
    if (peek(self) != letter)
        return false;
    self->at++;
    return true;
}

static void need_word(reader *self, const char *word)
{
    size_t size = strlen(word);
    if ((size_t)(self->end - self->at) < size || memcmp(self->at, word, size) != 0)
        fail(self, "no value");
    self->at += size;
}

/* ---- texts ---- */

static unsigned read_hex(reader *self)
{
    unsigned code = 0;
    for (int i = 0; i < 4; i++, self->at++) {
        char letter = peek(self);
        const char *digits = "0123456789abcdef";
        const char *digit = letter ? strchr(digits, letter | (letter >= 'A' ? 0x20 : 0)) : NULL;
        if (!digit)
            fail(self, "\\u needs four hexadecimal digits");
        code = code * 16 + (unsigned)(digit - digits);
    }
    return code;
}

static unsigned read_code(reader *self)
{
    unsigned code = read_hex(self);
    if (code < 0xD800 || code > 0xDFFF)
        return code;
    if (code > 0xDBFF || self->end - self->at < 6 || self->at[0] != '\\' || self->at[1] != 'u')
        fail(self, "half of a surrogate pair");
    self->at += 2;
    unsigned low = read_hex(self);
    if (low < 0xDC00 || low > 0xDFFF)
        fail(self, "half of a surrogate pair");
    return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
}

static void add_code(luaL_Buffer *out, unsigned code)
{
    if (code < 0x80) {
        luaL_addchar(out, (char)code);
        return;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char first[] = {0, 0xC0, 0xE0, 0xF0};
    luaL_addchar(out, (char)(first[more] | code >> (6 * more)));
    while (more-- > 0)
        luaL_addchar(out, (char)(0x80 | (code >> (6 * more) & 0x3F)));
}

static void read_escape(reader *self, luaL_Buffer *out)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char letter = peek(self);
    const char *name = letter ? strchr(names, letter) : NULL;
    self->at++;
    if (letter == 'u')
        add_code(out, read_code(self));
    else if (name)
        luaL_addchar(out, values[name - names]);
    else
        fail(self, "an unknown escape");
}

/* After the first quote. */
static void read_string(reader *self)
{
    luaL_Buffer out;
    luaL_buffinit(self->L, &out);
    for (;;) {
        const char *start = self->at;
        while (self->at < self->end && *self->at != '"' && *self->at != '\\' &&
               (unsigned char)*self->at >= 0x20)
            self->at++;
        luaL_addlstring(&out, start, (size_t)(self->at - start));
        if (self->at >= self->end || (unsigned char)*self->at < 0x20)
            fail(self, "a text that does not end");
        if (*self->at++ == '"')
            break;
        read_escape(self, &out);
    }
    luaL_pushresult(&out);
}

/* ---- numbers ---- */

static size_t skip_digits(reader *self)
{
    const char *start = self->at;
    while (peek(self) >= '0' && peek(self) <= '9')
        self->at++;
    return (size_t)(self->at - start);
}

/* Moves over a number; tells whether it has a fraction or an exponent. */
static bool scan_number(reader *self)
{
    bool real = false;
    if (peek(self) == '-')
        self->at++;
    char first = peek(self);
    size_t digits = skip_digits(self);
    if (digits == 0 || (first == '0' && digits > 1))
        fail(self, "no value");
    if (peek(self) == '.') {
        real = true;
        self->at++;
        if (skip_digits(self) == 0)
            fail(self, "a fraction without digits");
    }
    if (peek(self) == 'e' || peek(self) == 'E') {
        real = true;
        self->at++;
        if (peek(self) == '+' || peek(self) == '-')
            self->at++;
        if (skip_digits(self) == 0)
            fail(self, "an exponent without digits");
    }
    return real;
}

/* Zeros in front tell nothing. */
static size_t count_digits(const char *text)
{
    size_t digits = 0;
    for (text += strspn(text, "-0."); *text && *text != 'e' && *text != 'E'; text++)
        digits += *text >= '0' && *text <= '9';
    return digits;
}

static void read_number(reader *self)
{
    char text[NUMBER_SIZE];
    const char *start = self->at;
    bool real = scan_number(self);
    size_t size = (size_t)(self->at - start);
    if (size >= sizeof(text))
        fail(self, "a number that is too long");
    memcpy(text, start, size);
    text[size] = '\0';
    if (real && (count_digits(text) > EXACT_DIGITS || !lua_stringtonumber(self->L, text)))
        lua_pushstring(self->L, text);
    else if (!real && !lua_stringtonumber(self->L, text))
        lua_pushstring(self->L, text);
    else if (!real && !lua_isinteger(self->L, -1)) { /* beyond 64 bits */
        lua_pop(self->L, 1);
        lua_pushstring(self->L, text);
    } else if (real && !isfinite(lua_tonumber(self->L, -1))) {
        lua_pop(self->L, 1);
        lua_pushstring(self->L, text);
    }
}

/* ---- values ---- */

static void read_value(reader *self);

static void begin(reader *self)
{
    if (++self->levels > MOST_LEVELS)
        fail(self, "too many levels");
    luaL_checkstack(self->L, 8, "json");
    lua_newtable(self->L);
}

static void read_list(reader *self)
{
    begin(self);
    json_mark_list(self->L);
    lua_Integer count = 0;
    if (!take(self, ']'))
        do {
            read_value(self);
            lua_rawseti(self->L, -2, ++count);
        } while (take(self, ','));
    if (count > 0 && !take(self, ']'))
        fail(self, "a list that does not end");
    self->levels--;
}

static void read_member(reader *self)
{
    if (!take(self, '"'))
        fail(self, "a member without a name");
    read_string(self);
    if (!take(self, ':'))
        fail(self, "a name without a value");
    read_value(self);
    if (self->plain && json_is_null(self->L, -1)) {
        lua_pop(self->L, 1);
        lua_pushnil(self->L);
    }
    lua_rawset(self->L, -3);
}

static void read_object(reader *self)
{
    begin(self);
    bool some = false;
    if (!take(self, '}'))
        do {
            read_member(self);
            some = true;
        } while (take(self, ','));
    if (some && !take(self, '}'))
        fail(self, "an object that does not end");
    self->levels--;
}

static void read_value(reader *self)
{
    if (take(self, '{'))
        read_object(self);
    else if (take(self, '['))
        read_list(self);
    else if (take(self, '"'))
        read_string(self);
    else if (peek(self) == 't') {
        need_word(self, "true");
        lua_pushboolean(self->L, 1);
    } else if (peek(self) == 'f') {
        need_word(self, "false");
        lua_pushboolean(self->L, 0);
    } else if (peek(self) == 'n') {
        need_word(self, "null");
        lua_rawgetp(self->L, LUA_REGISTRYINDEX, &null_key);
    } else
        read_number(self);
}

void json_push(lua_State *L, const char *text, size_t size, bool plain)
{
    reader self = {L, text, text + size, 0, plain};
    read_value(&self);
    skip_blanks(&self);
    if (self.at != self.end)
        fail(&self, "something after the value");
}

/* ---- what only JSON has ---- */

bool json_is_null(lua_State *L, int index)
{
    return luaL_testudata(L, index, NULL_TYPE) != NULL;
}

void json_mark_list(lua_State *L)
{
    luaL_setmetatable(L, LIST_TYPE);
}

bool json_is_list(lua_State *L, int index)
{
    if (!lua_getmetatable(L, index))
        return false;
    luaL_getmetatable(L, LIST_TYPE);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

static int decode(lua_State *L)
{
    size_t size;
    options_argument(L, 1, "json.decode", "the text", false);
    const char *text = lua_tolstring(L, 1, &size);
    json_push(L, text, size, false);
    return 1;
}

static int encode(lua_State *L)
{
    if (lua_isnone(L, 1))
        return errors_usage(L, "json.encode: a value is needed");
    json_encode(L, 1, 0);
    return 1;
}

static int make_list(lua_State *L)
{
    if (lua_isnoneornil(L, 1)) {
        lua_settop(L, 0);
        lua_newtable(L);
    }
    if (!lua_istable(L, 1))
        return errors_usage(L, "json.array: a table is needed, not a %s", luaL_typename(L, 1));
    lua_settop(L, 1);
    json_mark_list(L);
    return 1;
}

static int null_text(lua_State *L)
{
    lua_pushliteral(L, "null");
    return 1;
}

const luaL_Reg json_functions[] = {
    {"decode", decode}, {"encode", encode}, {"array", make_list}, {NULL, NULL}};

/* Adds `null` to the table on top. */
void json_open(lua_State *L)
{
    luaL_newmetatable(L, LIST_TYPE);
    lua_pop(L, 1);
    luaL_newmetatable(L, NULL_TYPE);
    lua_pushcfunction(L, null_text);
    lua_setfield(L, -2, "__tostring");
    lua_pop(L, 1);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &null_key) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_newuserdatauv(L, 1, 0);
        luaL_setmetatable(L, NULL_TYPE);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &null_key);
    }
    lua_setfield(L, -2, "null");
}
