/* SPDX-License-Identifier: MIT */
/*
 * The table `string`, without dump, pack, unpack and packsize. Bytes, not letters of a locale:
 * upper and lower change ASCII alone. The work of each function is charged against the deadline
 * before it is done.
 */
#include <config.h>
#include <string.h>
#include "lua/runtime/library.h"

/* A string argument whose handling costs about a step a byte. */
static const char *check_text(lua_State *L, int index, size_t *size)
{
    const char *text = luaL_checklstring(L, index, size);
    runtime_charge(L, *size / 4);
    return text;
}

/* A position counted from 1, or backwards from -1, made into one that is at least `least`. */
static size_t position(lua_Integer at, size_t size, size_t least)
{
    if (at < 0)
        at = at < -(lua_Integer)size ? 0 : (lua_Integer)size + at + 1;
    return (size_t)at < least ? least : (size_t)at;
}

/* The range that arguments `index` and the next one name: *first from 0, and a count. */
static size_t check_range(lua_State *L, int index, size_t size, lua_Integer last_default,
                          lua_Integer first_default, size_t *first)
{
    size_t from = position(luaL_optinteger(L, index, first_default), size, 1);
    size_t to = position(luaL_optinteger(L, index + 1, last_default), size, 0);
    if (to > size)
        to = size;
    *first = from - 1;
    return from > to ? 0 : to - from + 1;
}

static int string_byte(lua_State *L)
{
    size_t size, first;
    const char *text = luaL_checklstring(L, 1, &size);
    lua_Integer at = luaL_optinteger(L, 2, 1);
    size_t count = check_range(L, 2, size, at, 1, &first);
    if (count > RUNTIME_MOST_VALUES)
        return luaL_error(L, "string slice too long");
    luaL_checkstack(L, (int)count, "string slice too long");
    for (size_t i = 0; i < count; i++)
        lua_pushinteger(L, (unsigned char)text[first + i]);
    return (int)count;
}

static int string_char(lua_State *L)
{
    int count = lua_gettop(L);
    luaL_Buffer out;
    library_charge_texts(L);
    char *bytes = luaL_buffinitsize(L, &out, (size_t)count);
    for (int i = 0; i < count; i++) {
        lua_Integer code = luaL_checkinteger(L, i + 1);
        luaL_argcheck(L, code >= 0 && code <= 255, i + 1, "value out of range");
        bytes[i] = (char)code;
    }
    luaL_pushresultsize(&out, (size_t)count);
    return 1;
}

static int string_len(lua_State *L)
{
    size_t size;
    luaL_checklstring(L, 1, &size);
    lua_pushinteger(L, (lua_Integer)size);
    return 1;
}

static char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static char to_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static int map_bytes(lua_State *L, char (*change)(char c))
{
    size_t size;
    const char *text = check_text(L, 1, &size);
    luaL_Buffer out;
    char *bytes = luaL_buffinitsize(L, &out, size);
    for (size_t i = 0; i < size; i++)
        bytes[i] = change(text[i]);
    luaL_pushresultsize(&out, size);
    return 1;
}

static int string_lower(lua_State *L)
{
    return map_bytes(L, to_lower);
}

static int string_upper(lua_State *L)
{
    return map_bytes(L, to_upper);
}

static int string_reverse(lua_State *L)
{
    size_t size;
    const char *text = check_text(L, 1, &size);
    runtime_charge(L, size / 2);
    luaL_Buffer out;
    char *bytes = luaL_buffinitsize(L, &out, size);
    for (size_t i = 0; i < size; i++)
        bytes[i] = text[size - 1 - i];
    luaL_pushresultsize(&out, size);
    return 1;
}

/* Writes the text and the separator, then what is there already again and again: `total` bytes. */
static void repeat(char *out, size_t total, const char *text, size_t size, const char *separator,
                   size_t separator_size)
{
    memcpy(out, text, size);
    if (total > size)
        memcpy(out + size, separator, separator_size);
    for (size_t done = size + separator_size, piece; done < total; done += piece) {
        piece = done < total - done ? done : total - done;
        memcpy(out + done, out, piece);
    }
}

static int string_rep(lua_State *L)
{
    size_t size, separator_size;
    const char *text = luaL_checklstring(L, 1, &size);
    lua_Integer count = luaL_checkinteger(L, 2);
    const char *separator = luaL_optlstring(L, 3, "", &separator_size);
    if (count <= 0 || size + separator_size == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    /* What does not fit any block is refused by arithmetic; what does is left to the caps. */
    luaL_argcheck(L, (lua_Unsigned)count <= RUNTIME_MOST_TEXT / (size + separator_size), 2,
                  "resulting string too large");
    size_t total = (size_t)count * (size + separator_size) - separator_size;
    luaL_Buffer out;
    char *bytes = luaL_buffinitsize(L, &out, total);
    runtime_charge(L, total / 4);
    repeat(bytes, total, text, size, separator, separator_size);
    luaL_pushresultsize(&out, total);
    return 1;
}

static int string_sub(lua_State *L)
{
    size_t size, first;
    const char *text = luaL_checklstring(L, 1, &size);
    luaL_checkinteger(L, 2);
    size_t count = check_range(L, 2, size, -1, 1, &first);
    runtime_charge(L, count / 4);
    lua_pushlstring(L, count ? text + first : "", count);
    return 1;
}

void library_string_push(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"byte", string_byte},
        {"char", string_char},
        {"find", library_pattern_find},
        {"format", library_string_format},
        {"gmatch", library_pattern_gmatch},
        {"gsub", library_pattern_gsub},
        {"len", string_len},
        {"lower", string_lower},
        {"match", library_pattern_match},
        {"rep", string_rep},
        {"reverse", string_reverse},
        {"sub", string_sub},
        {"upper", string_upper},
        {NULL, NULL},
    };
    luaL_newlib(L, functions);
}
