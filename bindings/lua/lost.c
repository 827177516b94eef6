/* SPDX-License-Identifier: MIT */
/*
 * Errors of tasks that nobody waits for: the client's table keeps the tasks as "lost", and what
 * drives the loop raises them, unless somebody waited meanwhile.
 */
#include "task.h"
#include <stdio.h>

/* Pushes the tasks whose errors are nobody's yet: by place, with gaps, and the place of each; "n",
 * how many places there are. */
static void push_lost(lua_State *L, const box *box)
{
    box_push_table(L, box);
    if (lua_getfield(L, -1, "lost") != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setfield(L, -3, "lost");
    }
    lua_remove(L, -2);
}

void lost_add(lua_State *L, int index)
{
    const task *self = lua_touserdata(L, index);
    push_lost(L, self->box);
    lua_getfield(L, -1, "n");
    lua_Integer place = lua_tointeger(L, -1) + 1;
    lua_pushinteger(L, place);
    lua_setfield(L, -3, "n");
    lua_pushvalue(L, index);
    lua_rawseti(L, -3, place);
    lua_pushvalue(L, index);
    lua_pushinteger(L, place);
    lua_rawset(L, -4);
    lua_pop(L, 2);
}

void lost_tell(lua_State *L, int index)
{
    const task *self = lua_touserdata(L, index);
    push_lost(L, self->box);
    lua_pushvalue(L, index);
    if (lua_rawget(L, -2) != LUA_TNIL) {
        lua_pushnil(L);
        lua_rawseti(L, -3, lua_tointeger(L, -2));
        lua_pushvalue(L, index);
        lua_pushnil(L);
        lua_rawset(L, -4);
    }
    lua_pop(L, 2);
}

/* Pushes the list of errors that are nobody's, which are somebody's then; how many. */
static lua_Integer push_lost_errors(lua_State *L, const box *box)
{
    lua_Integer count = 0;
    push_lost(L, box);
    int lost = lua_gettop(L);
    lua_getfield(L, lost, "n");
    lua_Integer places = lua_tointeger(L, -1);
    lua_newtable(L);
    for (lua_Integer i = 1; i <= places; i++) {
        if (lua_rawgeti(L, lost, i) != LUA_TNIL) {
            ((task *)lua_touserdata(L, -1))->observed = true;
            lua_getiuservalue(L, -1, TASK_OUTCOME);
            lua_rawseti(L, lost + 2, ++count);
        }
        lua_pop(L, 1);
    }
    box_push_table(L, box);
    lua_pushnil(L);
    lua_setfield(L, -2, "lost");
    lua_pop(L, 1);
    lua_replace(L, lost);
    lua_settop(L, lost);
    return count;
}

void lost_raise(lua_State *L, const box *box)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    lua_Integer count = push_lost_errors(L, box);
    if (count == 0) {
        lua_pop(L, 1);
        return;
    }
    lua_rawgeti(L, -1, 1);
    if (count == 1)
        lua_error(L);
    error.kind = THINGSPACE_PARTIAL;
    snprintf(error.message, sizeof(error.message), "%lld tasks failed, the first with: %s",
             (long long)count, luaL_tolstring(L, -1, NULL));
    errors_flatten(error.message);
    lua_pop(L, 2);
    errors_push(L, &error);
    lua_rotate(L, -2, 1);
    lua_setfield(L, -2, "errors");
    lua_error(L);
}
