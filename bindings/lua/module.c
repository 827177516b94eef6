/* SPDX-License-Identifier: MIT */
/*
 * luaopen_thingspace_core: { version, new, methods, plan, secret, deny, json, ... }, of which
 * thingspace.lua makes the module. Opening it a second time gives the same types.
 */
#ifndef _GNU_SOURCE
#    define _GNU_SOURCE /* dladdr */
#endif
#include "core.h"
#include "members.h"
#include <dlfcn.h>
#include <stdint.h>

#if LUA_VERSION_NUM < 504 || LUA_VERSION_NUM > 505
#    error "Lua 5.4 or 5.5 is needed"
#endif

__attribute__((visibility("default"))) int luaopen_thingspace_core(lua_State *L);

static void add_methods(lua_State *L)
{
    const luaL_Reg *const lists[] = {request_methods, task_methods,   loop_methods,
                                     hook_methods,    client_methods, plan_methods,
                                     apply_methods,   import_methods, tools_methods};
    lua_newtable(L);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        luaL_setfuncs(L, lists[i], 0);
    luaL_getmetatable(L, CLIENT_TYPE);
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    lua_setfield(L, -2, "methods");
    lua_newtable(L); /* thingspace.lua fills it */
    luaL_getmetatable(L, RETURNING_TYPE);
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    lua_setfield(L, -2, "returning");
}

/* What scripts see of the metatables: the methods, and no finalizer that they could call. */
static void hide_finalizers(lua_State *L)
{
    static const char *const types[] = {CLIENT_TYPE, RETURNING_TYPE, TASK_TYPE, PLAN_TYPE,
                                        REPLY_TYPE};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        luaL_getmetatable(L, types[i]);
        lua_createtable(L, 0, 1);
        lua_getfield(L, -2, "__index");
        lua_setfield(L, -2, "__index");
        lua_setfield(L, -2, "__metatable");
        lua_pop(L, 1);
    }
}

/* is_error(value), is_secret(value), usage(text): what thingspace.lua needs */
static int is_error(lua_State *L)
{
    lua_settop(L, 1);
    luaL_getmetatable(L, ERROR_TYPE);
    lua_pushboolean(L, lua_getmetatable(L, 1) && lua_rawequal(L, -1, -2));
    return 1;
}

static int is_secret(lua_State *L)
{
    lua_pushboolean(L, secret_test(L, 1) != NULL);
    return 1;
}

/* check_options(options), near(name): of those of a client */
static int check_options(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    members_check(L, 1, "client", OF_CLIENT);
    return 0;
}

static int near(lua_State *L)
{
    members_near(L, OF_CLIENT, luaL_checkstring(L, 1));
    return 1;
}

static int usage(lua_State *L)
{
    return errors_usage(L, "%s", luaL_checkstring(L, 1));
}

static void open_types(lua_State *L)
{
    errors_open(L);
    holder_open(L);
    options_open(L);
    box_open(L);
    secret_open(L);
    request_open(L);
    task_open(L);
    verdict_open(L);
    handle_open(L);
    plan_open(L);
    client_open(L);
}

/* In another Lua the functions that it lacks are those of the Lua that the library brings: they
 * would crash with its state. */
static bool is_our_lua(lua_State *L)
{
    Dl_info old, fresh;
    if (dladdr((void *)(uintptr_t)lua_checkstack, &old) &&
        dladdr((void *)(uintptr_t)lua_newuserdatauv, &fresh) && old.dli_fbase != fresh.dli_fbase)
        return false;
    return lua_version(L) == LUA_VERSION_NUM;
}

int luaopen_thingspace_core(lua_State *L)
{
    static const luaL_Reg functions[] = {{"is_error", is_error},
                                         {"is_secret", is_secret},
                                         {"usage", usage},
                                         {"check_options", check_options},
                                         {"near", near},
                                         {"own", errors_own},
                                         {NULL, NULL}};
    if (!is_our_lua(L))
        return luaL_error(L, "thingspace needs %s, and this is another one", LUA_VERSION);
    luaL_checkversion(L);
    open_types(L);
    luaL_newlib(L, functions);
    luaL_setfuncs(L, client_functions, 0);
    luaL_setfuncs(L, secret_functions, 0);
    luaL_setfuncs(L, verdict_functions, 0);
    luaL_setfuncs(L, hook_functions, 0);
    luaL_setfuncs(L, tools_functions, 0);
    lua_pushstring(L, thingspace_version());
    lua_setfield(L, -2, "version");
    lua_newuserdatauv(L, 1, 0);
    luaL_newmetatable(L, KEPT_TYPE);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "registered");
    lua_newtable(L);
    luaL_setfuncs(L, json_functions, 0);
    json_open(L);
    lua_setfield(L, -2, "json");
    add_methods(L);
    hide_finalizers(L);
    return 1;
}
