/* SPDX-License-Identifier: MIT */
/*
 * What drives a client from outside of its tasks: client:run, client:process for a loop that is not
 * ours, and the wait of a task. The methods raise what tasks failed with that nobody waited for.
 */
#include "task.h"

void loop_run(lua_State *L, box *box, long long wait_ms)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    lua_State *before = box_enter(box, L);
    thingspace_status status = interrupt_run(box, wait_ms, &error);
    box_leave(box, L, before);
    errors_check(L, status, &error);
}

/* client:run(wait_ms): whether nothing is in flight any more */
static int method_run(lua_State *L)
{
    box *self = box_check_blocking(L, 1, "run");
    long long wait_ms = -1;
    if (!lua_isnoneornil(L, 2)) {
        int exact;
        wait_ms = lua_tointegerx(L, 2, &exact);
        if (!exact || lua_type(L, 2) != LUA_TNUMBER)
            return errors_usage(L, "run: the milliseconds must be a whole number");
    }
    loop_run(L, self, wait_ms);
    lost_raise(L, self);
    lua_pushboolean(L, !self->client || thingspace_client_pending(self->client) == 0);
    return 1;
}

static int method_process(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check_outside(L, 1, "process");
    if (thingspace_client_fd(self->client) < 0)
        return errors_usage(L, "process: only a client with loop = \"foreign\" has it; run() "
                               "works here");
    lua_State *before = box_enter(self, L);
    thingspace_status status = thingspace_client_process(self->client, &error);
    box_leave(self, L, before);
    errors_check(L, status, &error);
    lost_raise(L, self);
    lua_pushboolean(L, !self->client || thingspace_client_pending(self->client) == 0);
    return 1;
}

const luaL_Reg loop_methods[] = {{"run", method_run}, {"process", method_process}, {NULL, NULL}};
