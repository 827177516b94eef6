/* SPDX-License-Identifier: MIT */
/*
 * Whether the Lua in this process is the one that this library was built for. LuaJIT and other
 * versions export the same names: whichever was loaded first wins for all, and its structs are
 * different. So this looks at addresses, files and one harmless number, and touches no state.
 */
#include <config.h>
#include <dlfcn.h>
#include <lua.h>
#include <string.h>
#include "base/error.h"
#include "lua/runtime/runtime_inside.h"

typedef void any_function(void);

static const char *file_of(any_function *function)
{
    Dl_info info;
    if (!dladdr((const void *)(uintptr_t)function, &info) || !info.dli_fname)
        return NULL;
    return info.dli_fname;
}

static thingspace_status refuse(const char *file, thingspace_error *error)
{
    return error_set(error, THINGSPACE_LOCAL,
                     "the Lua in this process is not %s but %s; run without that library",
                     LUA_VERSION, file ? file : "another one");
}

thingspace_status runtime_check_lua(thingspace_error *error)
{
    const char *state = file_of((any_function *)lua_newstate);
    const char *version = file_of((any_function *)lua_version);
    const char *recent = file_of((any_function *)lua_setwarnf); /* no Lua before 5.4 has it */
    if (state && version && recent) {
        if (strcmp(state, recent) != 0)
            return refuse(state, error);
        if (strcmp(version, recent) != 0)
            return refuse(version, error);
    }
    if (lua_version(NULL) != LUA_VERSION_NUM)
        return refuse(version, error);
    return THINGSPACE_OK;
}
