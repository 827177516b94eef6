/* SPDX-License-Identifier: MIT */
/*
 * Another Lua in the process: this program defines one of Lua's functions itself, as LuaJIT would
 * by being loaded first. The library must see that before it touches a state, and name the file.
 */
#include <config.h>
#include <lua.h>
#include "check.h"
#include "lua/runtime/runtime.h"

static bool touched;

__attribute__((visibility("default"))) lua_State *lua_newstate(lua_Alloc allocate, void *user
#if LUA_VERSION_NUM >= 505
                                                               ,
                                                               unsigned seed
#endif
)
{
    (void)allocate, (void)user;
#if LUA_VERSION_NUM >= 505
    (void)seed;
#endif
    touched = true;
    return NULL;
}

static void another_lua_is_refused_by_the_name_of_its_file(void)
{
    runtime *runtime = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(runtime_new(&runtime, "fleet.lua", &error), THINGSPACE_LOCAL);
    CHECK(runtime == NULL);
    CHECK(!touched);
    CHECK(strstr(error.message, "the Lua in this process is not Lua 5."));
    CHECK(strstr(error.message, "test_other_lua"));
}

static const check_case cases[] = {
    CHECK_CASE(another_lua_is_refused_by_the_name_of_its_file),
};
CHECK_MAIN(cases)
