/* SPDX-License-Identifier: MIT */
/*
 * string.format without %p (addresses) and %q (source code). A conversion is read and checked here;
 * only numbers go through snprintf, with a specification that we built, in the plain C locale of an
 * entry.
 */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "lua/runtime/library.h"

/* %99.99f of the largest double: 309 digits, a point, 99 more, and a sign. */
#define NUMBER_TEXT 512

typedef struct conversion {
    char flags[8];
    int width;     /* -1: none */
    int precision; /* -1: none */
    char letter;
} conversion;

static const char *read_number(const char *at, int *out)
{
    *out = 0;
    for (int digits = 0; digits < 2 && *at >= '0' && *at <= '9'; digits++)
        *out = *out * 10 + (*at++ - '0');
    return at;
}

/* Reads what follows '%'. The text ends with NUL, which is no conversion. */
static const char *read_conversion(lua_State *L, const char *at, conversion *out)
{
    const char *begin = at;
    size_t flags = strspn(at, "-+ #0");
    *out = (conversion){.width = -1, .precision = -1};
    if (flags >= sizeof(out->flags))
        luaL_error(L, "invalid conversion '%%%s' to 'format': repeated flags", begin);
    memcpy(out->flags, at, flags);
    at += flags;
    if (*at >= '1' && *at <= '9')
        at = read_number(at, &out->width);
    if (*at == '.')
        at = read_number(at + 1, &out->precision);
    out->letter = *at;
    if (!*at || !strchr("cdiouxXaAeEfFgGs", *at)) {
        lua_pushlstring(L, begin, strnlen(begin, 8));
        luaL_error(L, "invalid conversion '%%%s' to 'format'", lua_tostring(L, -1));
    }
    return at + 1;
}

static void build(char out[64], const conversion *conversion, const char *length)
{
    char width[16] = "", precision[16] = "";
    if (conversion->width >= 0)
        snprintf(width, sizeof(width), "%d", conversion->width);
    if (conversion->precision >= 0)
        snprintf(precision, sizeof(precision), ".%d", conversion->precision);
    snprintf(out, 64, "%%%s%s%s%s%c", conversion->flags, width, precision, length,
             conversion->letter);
}

/* The specification was built by `build` from checked parts: two digits each, one known letter. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void add_integer(luaL_Buffer *out, const conversion *conversion, lua_Integer value)
{
    char text[NUMBER_TEXT], specification[64];
    build(specification, conversion, "ll");
    int size = snprintf(text, sizeof(text), specification, (long long)value);
    luaL_addlstring(out, text, (size_t)size);
}

static void add_float(luaL_Buffer *out, const conversion *conversion, lua_Number value)
{
    char text[NUMBER_TEXT], specification[64];
    build(specification, conversion, "");
    int size = snprintf(text, sizeof(text), specification, isnan(value) ? NAN : (double)value);
    luaL_addlstring(out, text, (size_t)size);
}
#pragma GCC diagnostic pop

static void add_padded(luaL_Buffer *out, const conversion *conversion, const char *text,
                       size_t size)
{
    size_t width = conversion->width > 0 ? (size_t)conversion->width : 0;
    size_t padding = width > size ? width - size : 0;
    bool left = strchr(conversion->flags, '-') != NULL;
    for (size_t i = 0; !left && i < padding; i++)
        luaL_addchar(out, ' ');
    luaL_addlstring(out, text, size);
    for (size_t i = 0; left && i < padding; i++)
        luaL_addchar(out, ' ');
}

/* The text stands below the buffer's own stack slot: it was pushed before the buffer began. */
static void add_text(lua_State *L, luaL_Buffer *out, const conversion *conversion, int index)
{
    size_t size;
    const char *text = lua_tolstring(L, index, &size);
    runtime_charge(L, size / 4);
    if (conversion->precision >= 0 && (size_t)conversion->precision < size)
        size = (size_t)conversion->precision;
    add_padded(out, conversion, text, size);
}

static void add_conversion(lua_State *L, luaL_Buffer *out, const conversion *conversion, int index)
{
    char byte;
    switch (conversion->letter) {
    case 'c':
        byte = (char)luaL_checkinteger(L, index);
        add_padded(out, conversion, &byte, 1);
        break;
    case 's':
        add_text(L, out, conversion, index);
        break;
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
        add_integer(out, conversion, luaL_checkinteger(L, index));
        break;
    default:
        add_float(out, conversion, luaL_checknumber(L, index));
        break;
    }
}

/* Makes every argument of %s a text, before the buffer needs the top of the stack for itself. */
static void prepare_texts(lua_State *L, const char *at, const char *end)
{
    for (int index = 2; at < end; at++) {
        conversion conversion;
        if (*at != '%')
            continue;
        if (at[1] == '%') {
            at++;
            continue;
        }
        at = read_conversion(L, at + 1, &conversion) - 1;
        luaL_checkany(L, index);
        if (conversion.letter == 's') {
            library_push_text(L, index, NULL);
            lua_replace(L, index);
        }
        index++;
    }
}

int library_string_format(lua_State *L)
{
    size_t size;
    const char *at = luaL_checklstring(L, 1, &size);
    const char *end = at + size;
    library_charge_texts(L);
    prepare_texts(L, at, end);
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    for (int index = 2; at < end;) {
        conversion conversion;
        if (*at != '%') {
            luaL_addchar(&out, *at++);
        } else if (at[1] == '%') {
            luaL_addchar(&out, '%');
            at += 2;
        } else {
            at = read_conversion(L, at + 1, &conversion);
            add_conversion(L, &out, &conversion, index++);
        }
    }
    luaL_pushresult(&out);
    return 1;
}
