/* SPDX-License-Identifier: MIT */
/*
 * Handles of secrets. A handle holds a reference of the source, or of the secret itself where there
 * is no source (a JSON body), never bytes: a script can pass it on, and whatever else it tries
 * gives
 * "***" or an error. Two handles are equal only when they are the same value.
 */
#include <config.h>
#include "lua/runtime/library.h"
#include "lua/runtime/runtime_inside.h"

#define TYPE_NAME "secret"

/* One of the two. */
typedef struct handle {
    secret_source *source;
    thingspace_secret *secret;
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
    secret_cleanup(&handle->secret);
    return 0;
}

void library_secret_open(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"__gc", handle_free},       {"__tostring", handle_text},
        {"__concat", handle_refuse}, {"__len", handle_refuse},
        {"__index", handle_refuse},  {"__newindex", handle_refuse},
        {"__lt", handle_refuse},     {"__le", handle_refuse},
        {"__pairs", handle_refuse},  {NULL, NULL},
    };
    luaL_newmetatable(L, TYPE_NAME);
    luaL_setfuncs(L, functions, 0);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}

static handle *push_handle(lua_State *L)
{
    handle *handle = lua_newuserdatauv(L, sizeof(*handle), 0);
    handle->source = NULL;
    handle->secret = NULL;
    luaL_setmetatable(L, TYPE_NAME);
    return handle;
}

void runtime_push_secret(lua_State *L, secret_source *source)
{
    push_handle(L)->source = secret_source_ref(source);
}

void runtime_push_secret_value(lua_State *L, thingspace_secret *secret)
{
    push_handle(L)->secret = thingspace_secret_ref(secret);
}

bool runtime_is_secret(lua_State *L, int index)
{
    return luaL_testudata(L, index, TYPE_NAME) != NULL;
}

secret_source *runtime_to_secret(lua_State *L, int index)
{
    handle *handle = luaL_testudata(L, index, TYPE_NAME);
    return handle ? handle->source : NULL;
}

/* Waiting for a file or a command is not the script's time, what it costs this thread is: a body
 * may hold one handle many times. */
static thingspace_status resolve(lua_State *L, secret_source *source, thingspace_secret **out,
                                 thingspace_error *error)
{
    runtime *runtime = runtime_of(L);
    runtime_charge(L, RUNTIME_STEPS_PER_LOOK);
    int64_t since = guard_now();
    thingspace_status status = secret_source_resolve(source, out, &runtime->log, error);
    guard_excuse(&runtime->guard, since);
    return status;
}

thingspace_secret *runtime_take_secret(lua_State *L, int index, bool reveal)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_secret *secret = NULL;
    thingspace_status status = THINGSPACE_OK;
    handle *handle = luaL_testudata(L, index, TYPE_NAME);
    if (!handle)
        return NULL;
    if (handle->secret)
        return thingspace_secret_ref(handle->secret);
    if (reveal)
        status = resolve(L, handle->source, &secret, &error);
    else
        status = thingspace_secret_new(&secret, "***", 3, &error);
    if (status == THINGSPACE_MEMORY)
        runtime_raise_memory(L);
    if (status != THINGSPACE_OK)
        runtime_raise(L, &error);
    return secret;
}
