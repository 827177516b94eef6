/* SPDX-License-Identifier: MIT */
/* See missing.h. The metatable is out of the script's reach. */
#include <config.h>
#include <lauxlib.h>
#include <stdint.h>
#include "base/nearest.h"
#include "lua/runtime/missing.h"
#include "lua/runtime/runtime.h"

/* Steps of comparing two names. */
#define STEPS_PER_NAME 100

/* A name of the table at 1, which holds it; NULL: none is near. may raise */
static const char *find_near(lua_State *L, const char *name)
{
    nearest nearest;
    nearest_begin(&nearest, name);
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
        runtime_charge(L, STEPS_PER_NAME);
        if (lua_type(L, -2) == LUA_TSTRING)
            nearest_offer(&nearest, lua_tostring(L, -2));
    }
    return nearest.found;
}

/* __index: the table, the name. */
static int tell(lua_State *L)
{
    const char *path = lua_touserdata(L, lua_upvalueindex(1));
    if (lua_type(L, 2) != LUA_TSTRING)
        return 0;
    const char *name = lua_tostring(L, 2);
    const char *near = find_near(L, name);
    if (near)
        return luaL_error(L, "there is no %s.%s; did you mean '%s'?", path, name, near);
    return 0;
}

void missing_tell(lua_State *L, const char *path)
{
    lua_createtable(L, 0, 2);
    lua_pushlightuserdata(L, (void *)(uintptr_t)path);
    lua_pushcclosure(L, tell, 1);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}
