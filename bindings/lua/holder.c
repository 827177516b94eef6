/* SPDX-License-Identifier: MIT */
/* See core.h: what the library handed over is freed when a function raises, or by holder_empty. */
#include "core.h"

holder *holder_push(lua_State *L)
{
    holder *self = lua_newuserdatauv(L, sizeof(*self), 0);
    *self = (holder){0};
    luaL_setmetatable(L, HOLDER_TYPE);
    return self;
}

void holder_empty(holder *self)
{
    thingspace_result_free(self->result);
    thingspace_plan_free(self->plan);
    thingspace_text_free(self->text);
    thingspace_text_free(self->more);
    *self = (holder){0};
}

static int collect(lua_State *L)
{
    holder_empty(lua_touserdata(L, 1));
    return 0;
}

void holder_open(lua_State *L)
{
    luaL_newmetatable(L, HOLDER_TYPE);
    lua_pushcfunction(L, collect);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
}
