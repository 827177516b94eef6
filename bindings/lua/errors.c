/* SPDX-License-Identifier: MIT */
/*
 * Errors as Lua has them: tables with the members of thingspace_error that say something, and a
 * text. Whether a value is one: thingspace.is_error.
 */
#include "core.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char own_key; /* in the registry: the chunk of thingspace.lua */

static void set_text(lua_State *L, const char *name, const char *text)
{
    if (!*text)
        return;
    lua_pushstring(L, text);
    lua_setfield(L, -2, name);
}

static void set_number(lua_State *L, const char *name, long long number)
{
    if (number == 0)
        return;
    lua_pushinteger(L, number);
    lua_setfield(L, -2, name);
}

void errors_push(lua_State *L, const thingspace_error *error)
{
    luaL_checkstack(L, 4, NULL);
    lua_createtable(L, 0, 6);
    set_text(L, "kind", thingspace_status_name(error->kind));
    set_text(L, "message", error->message);
    set_number(L, "status", error->http_status);
    set_text(L, "code", error->code);
    set_text(L, "account", error->account);
    lua_pushboolean(L, error->retriable);
    lua_setfield(L, -2, "retriable");
    set_number(L, "retry_after_ms", error->retry_after_ms);
    set_text(L, "plugin", error->plugin);
    set_text(L, "instance", error->instance);
    set_text(L, "tenant", error->tenant);
    set_text(L, "phase", error->phase);
    set_text(L, "file", error->file);
    set_number(L, "line", error->line);
    luaL_setmetatable(L, ERROR_TYPE);
}

/* Where the script called: its innermost function that is not of thingspace.lua. */
static void set_place(lua_State *L)
{
    lua_Debug frame;
    const char *own = NULL;
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &own_key) == LUA_TSTRING)
        own = lua_tostring(L, -1);
    for (int level = 0; lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "Sl", &frame);
        if (frame.currentline <= 0 || (own && strcmp(frame.source, own) == 0))
            continue;
        lua_pop(L, 1);
        set_text(L, "file", frame.short_src);
        set_number(L, "line", frame.currentline);
        return;
    }
    lua_pop(L, 1);
}

int errors_raise(lua_State *L, const thingspace_error *error)
{
    errors_push(L, error);
    if (error->kind == THINGSPACE_USAGE && !*error->file)
        set_place(L);
    return lua_error(L);
}

int errors_own(lua_State *L)
{
    lua_Debug frame;
    if (lua_getstack(L, 1, &frame) && lua_getinfo(L, "S", &frame)) {
        lua_pushstring(L, frame.source);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &own_key);
    }
    return 0;
}

void errors_flatten(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            *text = ' ';
}

int errors_usage(lua_State *L, const char *format, ...)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    va_list arguments;
    va_start(arguments, format);
    error.kind = THINGSPACE_USAGE;
    vsnprintf(error.message, sizeof(error.message), format, arguments);
    va_end(arguments);
    errors_flatten(error.message);
    return errors_raise(L, &error);
}

void errors_check(lua_State *L, thingspace_status status, const thingspace_error *error)
{
    if (status != THINGSPACE_OK)
        errors_raise(L, error);
}

static bool is_error(lua_State *L, int index)
{
    if (!lua_getmetatable(L, index))
        return false;
    luaL_getmetatable(L, ERROR_TYPE);
    bool is = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return is;
}

/* What JSON makes of a table without a text of its own. */
static int describe(lua_State *L)
{
    json_encode(L, 1, 0);
    return 1;
}

const char *errors_text(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    if (lua_istable(L, index) &&
        (is_error(L, index) || luaL_getmetafield(L, index, "__tostring") == LUA_TNIL)) {
        if (lua_getfield(L, index, "message") == LUA_TSTRING)
            return lua_tostring(L, -1);
        lua_pushcfunction(L, describe);
        lua_pushvalue(L, index);
        if (lua_pcall(L, 1, 1, 0) == LUA_OK)
            return lua_tostring(L, -1);
    }
    return luaL_tolstring(L, index, NULL);
}

/* Adds " (code, account)", of what the message does not tell. */
static void add_details(lua_State *L, luaL_Buffer *out, const char *message)
{
    bool more = false;
    for (size_t i = 0; i < 2; i++) {
        const char *text = lua_tostring(L, 5 + (int)i);
        if (!text || strstr(message, text))
            continue;
        luaL_addstring(out, more ? ", " : " (");
        luaL_addstring(out, i == 0 ? "" : "account ");
        luaL_addstring(out, text);
        more = true;
    }
    if (more)
        luaL_addchar(out, ')');
}

/* "fleet.lua:7: usage: ...", "denied: not before 22:00 (window, account 0000123456-00001)". */
static int to_text(lua_State *L)
{
    luaL_Buffer out;
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_getfield(L, 1, "kind");
    lua_getfield(L, 1, "message");
    lua_getfield(L, 1, "file");
    lua_getfield(L, 1, "code");
    lua_getfield(L, 1, "account");
    lua_getfield(L, 1, "line");
    const char *kind = luaL_tolstring(L, 2, NULL), *message = luaL_tolstring(L, 3, NULL);
    const char *file = lua_tostring(L, 4);
    size_t size = strlen(kind);
    luaL_buffinit(L, &out);
    if (strcmp(kind, "usage") == 0 && file && lua_isinteger(L, 7)) {
        lua_pushfstring(L, "%s:%I: ", file, lua_tointeger(L, 7));
        luaL_addvalue(&out);
    }
    if (strncmp(message, kind, size) != 0 || message[size] != ':') {
        luaL_addstring(&out, kind);
        luaL_addstring(&out, ": ");
    }
    luaL_addstring(&out, message);
    add_details(L, &out, message);
    luaL_pushresult(&out);
    return 1;
}

static int concatenate(lua_State *L)
{
    luaL_tolstring(L, 1, NULL);
    luaL_tolstring(L, 2, NULL);
    lua_concat(L, 2);
    return 1;
}

void errors_open(lua_State *L)
{
    static const luaL_Reg events[] = {
        {"__tostring", to_text}, {"__concat", concatenate}, {NULL, NULL}};
    luaL_newmetatable(L, ERROR_TYPE);
    luaL_setfuncs(L, events, 0);
    lua_pop(L, 1);
}
