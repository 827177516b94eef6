/* SPDX-License-Identifier: MIT */
/*
 * Handles of secrets. A handle holds a reference of the source, never bytes: a script can pass it
 * on, and whatever else it tries gives "***" or an error. Two handles are equal only when they are
 * the same value.
 */
#include <config.h>
#include "lua/library.h"

#define TYPE_NAME "secret"

typedef struct handle {
    secret_source *source;
} handle;

static int handle_text(lua_State *L)
{
    lua_pushliteral(L, "***");
    return 1;
}

static int handle_refuse(lua_State *L)
{
    return luaL_error(L, "a secret is a handle: it can be passed on, not looked at or changed");
}

static int handle_free(lua_State *L)
{
    handle *handle = lua_touserdata(L, 1);
    secret_source_free(handle->source);
    handle->source = NULL;
    return 0;
}

void library_secret_open(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"__gc", handle_free},
        {"__tostring", handle_text},
        {"__concat", handle_refuse},
        {"__len", handle_refuse},
        {"__index", handle_refuse},
        {"__newindex", handle_refuse},
        {"__lt", handle_refuse},
        {"__le", handle_refuse},
        {"__call", handle_refuse},
        {"__pairs", handle_refuse},
        {NULL, NULL},
    };
    luaL_newmetatable(L, TYPE_NAME);
    luaL_setfuncs(L, functions, 0);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}

void runtime_push_secret(lua_State *L, secret_source *source)
{
    handle *handle = lua_newuserdatauv(L, sizeof(*handle), 0);
    handle->source = NULL;
    luaL_setmetatable(L, TYPE_NAME);
    handle->source = secret_source_ref(source);
}

secret_source *runtime_to_secret(lua_State *L, int index)
{
    handle *handle = luaL_testudata(L, index, TYPE_NAME);
    return handle ? handle->source : NULL;
}
