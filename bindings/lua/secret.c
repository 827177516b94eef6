/* SPDX-License-Identifier: MIT */
/*
 * Secrets: handles that print as ***. The text that a script made one of stays with the script, and
 * with Lua until its garbage is collected; a file is better.
 */
#include "core.h"

thingspace_secret *secret_test(lua_State *L, int index)
{
    thingspace_secret **self = luaL_testudata(L, index, SECRET_TYPE);
    return self ? *self : NULL;
}

static thingspace_secret **push_empty(lua_State *L)
{
    thingspace_secret **self = lua_newuserdatauv(L, sizeof(thingspace_secret *), 0);
    *self = NULL;
    luaL_setmetatable(L, SECRET_TYPE);
    return self;
}

void secret_push(lua_State *L, thingspace_secret *secret)
{
    thingspace_secret **self = push_empty(L);
    *self = thingspace_secret_ref(secret);
}

static int make(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    size_t size;
    if (lua_type(L, 1) != LUA_TSTRING)
        return errors_usage(L, "secret: a string is needed, not a %s", luaL_typename(L, 1));
    const char *bytes = lua_tolstring(L, 1, &size);
    errors_check(L, thingspace_secret_new(push_empty(L), bytes, size, &error), &error);
    return 1;
}

static int read_file(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const char *path = options_argument(L, 1, "secret_file", "the path", false);
    errors_check(L, thingspace_secret_from_file(push_empty(L), path, NULL, NULL, &error), &error);
    return 1;
}

static int collect(lua_State *L)
{
    thingspace_secret **self = luaL_checkudata(L, 1, SECRET_TYPE);
    thingspace_secret_free(*self);
    *self = NULL;
    return 0;
}

static int to_text(lua_State *L)
{
    lua_pushliteral(L, "***");
    return 1;
}

const luaL_Reg secret_functions[] = {{"secret", make}, {"secret_file", read_file}, {NULL, NULL}};

void secret_open(lua_State *L)
{
    static const luaL_Reg events[] = {{"__gc", collect}, {"__tostring", to_text}, {NULL, NULL}};
    luaL_newmetatable(L, SECRET_TYPE);
    luaL_setfuncs(L, events, 0);
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}
