/* SPDX-License-Identifier: MIT */
/*
 * Errors as Lua has them: tables with the members of thingspace_error that say something, and a
 * text. Whether a value is one: thingspace.is_error.
 */
#include "core.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
    set_text(L, "phase", error->phase);
    set_text(L, "file", error->file);
    set_number(L, "line", error->line);
    luaL_setmetatable(L, ERROR_TYPE);
}

int errors_raise(lua_State *L, const thingspace_error *error)
{
    errors_push(L, error);
    return lua_error(L);
}

int errors_usage(lua_State *L, const char *format, ...)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    va_list arguments;
    va_start(arguments, format);
    error.kind = THINGSPACE_USAGE;
    vsnprintf(error.message, sizeof(error.message), format, arguments);
    va_end(arguments);
    return errors_raise(L, &error);
}

void errors_check(lua_State *L, thingspace_status status, const thingspace_error *error)
{
    if (status != THINGSPACE_OK)
        errors_raise(L, error);
}

/* "denied: not before 22:00 (window)" */
static int to_text(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_getfield(L, 1, "kind");
    lua_getfield(L, 1, "message");
    lua_getfield(L, 1, "code");
    const char *kind = luaL_tolstring(L, 2, NULL), *message = luaL_tolstring(L, 3, NULL);
    const char *code = lua_tostring(L, 4);
    if (code && !strstr(message, code))
        lua_pushfstring(L, "%s: %s (%s)", kind, message, code);
    else
        lua_pushfstring(L, "%s: %s", kind, message);
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
