/* SPDX-License-Identifier: MIT */
/*
 * Coroutines of tasks go on. The library's `done` resumes the one whose call is over; those whose
 * waiting for it is over then queue up in the table's "ready", and go on one after the other, never
 * one inside another. Runs in callbacks, below box_call and box_try.
 *
 * A script can get at the coroutine of its task, resume and close it: what goes on here checks that
 * it is where its task left it.
 */
#include "task.h"

/* Every task that waits for the one at `index` is ready. */
static void wake(lua_State *L, int index)
{
    const task *self = lua_touserdata(L, index);
    if (lua_getiuservalue(L, index, TASK_WAITERS) != LUA_TTABLE) {
        lua_pop(L, 1);
        return;
    }
    int list = lua_gettop(L);
    lua_pushnil(L);
    lua_setiuservalue(L, index, TASK_WAITERS);
    box_push_table(L, self->box);
    if (lua_getfield(L, -1, "ready") != LUA_TTABLE) {
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setfield(L, list + 1, "ready");
    }
    for (lua_Unsigned i = 1, count = lua_rawlen(L, list); i <= count; i++) {
        lua_rawgeti(L, list, (lua_Integer)i);
        task *waiter = lua_touserdata(L, -1);
        if (waiter->state == TASK_WAITING && waiter->awaited == self) {
            waiter->state = TASK_READY;
            waiter->outcome = THINGSPACE_OK;
            lua_rawseti(L, -2, ++self->box->last_ready);
        } else
            lua_pop(L, 1);
    }
    lua_settop(L, list - 1);
}

/* The results are on top of the coroutine, the error is on top of L. */
static void end(lua_State *L, int index, lua_State *coroutine, int status, int count)
{
    task *self = lua_touserdata(L, index);
    self->state = status == LUA_OK ? TASK_DONE : TASK_FAILED;
    if (status == LUA_OK) {
        lua_createtable(L, count, 1);
        int results = lua_gettop(L);
        lua_xmove(coroutine, L, count);
        for (int i = count; i > 0; i--)
            lua_rawseti(L, results, i);
        lua_pushinteger(L, count);
        lua_setfield(L, results, "n");
    } else {
        bool waited = lua_getiuservalue(L, index, TASK_WAITERS) == LUA_TTABLE;
        lua_pop(L, 1);
        if (!self->observed && !waited && !self->cancelled && self->box->client)
            lost_add(L, index);
    }
    lua_setiuservalue(L, index, TASK_OUTCOME);
    lua_pushnil(L);
    lua_setiuservalue(L, index, TASK_COROUTINE);
    box_unref(L, self->box, self->reference);
    self->reference = LUA_NOREF;
    wake(L, index);
}

/* Whether it is where its task left it. */
static bool is_suspended(lua_State *coroutine)
{
    lua_Debug frame;
    return lua_status(coroutine) == LUA_YIELD ||
           (lua_status(coroutine) == LUA_OK && !lua_getstack(coroutine, 0, &frame) &&
            lua_gettop(coroutine) > 0);
}

/* Moves the error of the coroutine to L, or one for what it did wrong. */
static int take_error(lua_State *L, lua_State *coroutine, const char *wrong)
{
    if (wrong)
        lua_pushstring(L, wrong);
    else
        lua_xmove(coroutine, L, 1);
    lua_resetthread(coroutine);
    return LUA_ERRRUN;
}

/* The task at `index` goes on with arguments that are in its coroutine already. */
static void resume(lua_State *L, int index, int arguments)
{
    task *self = lua_touserdata(L, index);
    box *box = self->box;
    lua_getiuservalue(L, index, TASK_COROUTINE);
    lua_State *coroutine = lua_tothread(L, -1), *running = box->running, *before = box->L;
    task *outer = box->task;
    int count = 0;
    if (!is_suspended(coroutine)) {
        lua_pushliteral(L, "the script has resumed or closed the coroutine of its task");
        end(L, index, coroutine, LUA_ERRRUN, 0);
        lua_pop(L, 1);
        return;
    }
    self->state = TASK_RUNNING;
    box->running = coroutine;
    box->task = self;
    box->L = L;
    int status = lua_resume(coroutine, L, arguments, &count);
    box->running = running;
    box->task = outer;
    box->L = before;
    if (status == LUA_YIELD && self->state == TASK_RUNNING)
        status = take_error(L, coroutine, "a task yielded outside of a call of its client");
    else if (status == LUA_OK && !lua_checkstack(L, count + LUA_MINSTACK))
        status = take_error(L, coroutine, "too many results of a task");
    else if (status != LUA_OK && status != LUA_YIELD)
        status = take_error(L, coroutine, NULL);
    if (status != LUA_YIELD)
        end(L, index, coroutine, status, count);
    lua_pop(L, 1);
}

/* Those that are ready go on; the client's table is at `table`. */
static void go_on_ready(lua_State *L, int table, box *box)
{
    while (box->first_ready < box->last_ready) {
        lua_Integer at = ++box->first_ready;
        if (at == box->last_ready)
            box->first_ready = box->last_ready = 0;
        lua_getfield(L, table, "ready");
        lua_rawgeti(L, -1, at);
        lua_pushnil(L);
        lua_rawseti(L, -3, at);
        task *self = lua_touserdata(L, -1);
        if (self->state == TASK_READY)
            resume(L, lua_gettop(L), 0);
        lua_settop(L, table);
    }
}

int resume_task(lua_State *L)
{
    task *self = lua_touserdata(L, 1);
    box *box = self->box;
    box_push_table(L, box);
    lua_rawgeti(L, 2, self->reference);
    int arguments = self->arguments;
    self->arguments = 0;
    resume(L, 3, arguments);
    lua_settop(L, 2);
    go_on_ready(L, 2, box);
    return 0;
}
