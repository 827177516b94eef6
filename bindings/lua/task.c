/* SPDX-License-Identifier: MIT */
/*
 * Tasks: coroutines that belong to a client. Inside one, the methods that send start a call and
 * yield; resume.c goes on with it. Who waits for a task is a task of the same client, or a function
 * outside, which drives the loop. A running task is kept alive by its client's table.
 *
 * A script can get at the coroutine of its task, resume and close it: what goes on here checks that
 * it was resume.c that resumed it.
 */
#include "task.h"
#include <string.h>

static task *check_task(lua_State *L)
{
    task *self = luaL_testudata(L, 1, TASK_TYPE);
    if (!self)
        errors_usage(L, "not a task: call methods with a colon, task:wait()");
    lua_getiuservalue(L, 1, TASK_CLIENT);
    box_check_any(L, -1);
    lua_pop(L, 1);
    return self;
}

bool task_is_over(const task *self)
{
    return self->state == TASK_DONE || self->state == TASK_FAILED;
}

/* ---- calls ---- */

static void finish(thingspace_result *result, void *user)
{
    task *self = user;
    self->pending = NULL;
    if (self->box->finalizing || !self->box->L || task_is_over(self)) {
        thingspace_result_free(result);
        if (!task_is_over(self))
            self->state = TASK_FAILED;
        return;
    }
    thingspace_result_free(self->result);
    self->result = result;
    box_call(self->box, resume_task, self);
}

/* What keeps the task that runs alive while its coroutine waits. */
static void push_running(lua_State *L, const box *box)
{
    box_push_table(L, box);
    lua_rawgeti(L, -1, box->task->reference);
    lua_remove(L, -2);
}

/* The task, and the holder, which is at the index. */
static int answer(lua_State *L, int status, lua_KContext index)
{
    task *self = lua_touserdata(L, (int)index - 1);
    (void)status;
    thingspace_result *result = self->result;
    if (!result || self->box->task != self)
        return errors_usage(L, "only its client resumes the coroutine of a task");
    self->result = NULL;
    holder *held = lua_touserdata(L, (int)index);
    held->result = result;
    if (thingspace_result_status(result) != THINGSPACE_OK) {
        errors_push(L, thingspace_result_error(result));
        holder_empty(held);
        return lua_error(L);
    }
    return request_push(L, self->operation, held);
}

/* Raises where a task cannot wait. */
static void check_yield(lua_State *L)
{
    if (!lua_isyieldable(L))
        errors_usage(L,
                     "a task cannot wait here: a hook, or a function of C such as table.sort, is "
                     "between");
}

int task_perform(lua_State *L, box *box, const thingspace_request *request)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    task *self = box->task;
    check_yield(L);
    push_running(L, box);
    holder_push(L);
    self->operation = request->operation;
    lua_State *before = box_enter(box, L);
    thingspace_status status =
        thingspace_call_start(box->client, &self->pending, request, finish, self, &error);
    box_leave(box, L, before);
    errors_check(L, status, &error);
    self->state = TASK_CALLING;
    return lua_yieldk(L, 0, lua_gettop(L), answer);
}

/* ---- what scripts do with tasks ---- */

/* client:async(function, ...) */
static int method_async(lua_State *L)
{
    box *box = box_check(L, 1);
    if (!lua_isfunction(L, 2))
        return errors_usage(L, "async: a function is needed, not %s", options_type(L, 2));
    int arguments = lua_gettop(L) - 2;
    task *self = lua_newuserdatauv(L, sizeof(*self), TASK_VALUES);
    *self = (task){.box = box, .reference = LUA_NOREF};
    luaL_setmetatable(L, TASK_TYPE);
    lua_insert(L, 2);
    lua_State *coroutine = lua_newthread(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 2, TASK_COROUTINE);
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, 2, TASK_CLIENT);
    lua_pop(L, 1);
    if (!lua_checkstack(coroutine, arguments + 4))
        return errors_usage(L, "async: too many arguments");
    lua_xmove(L, coroutine, arguments + 1);
    lua_pushvalue(L, 2);
    self->reference = box_ref(L, 1);
    self->arguments = arguments;
    lua_State *before = box_enter(box, L);
    bool begun = box_try(box, resume_task, self);
    box_leave(box, L, before);
    if (!begun)
        return lua_error(L);
    lua_settop(L, 2);
    return 1;
}

static int raise_cancelled(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error.kind = THINGSPACE_CANCELLED;
    strcpy(error.message, "the task was cancelled");
    return errors_raise(L, &error);
}

/* Pushes what the task returned, or raises. */
static int push_outcome(lua_State *L, int index)
{
    task *self = lua_touserdata(L, index);
    self->observed = true;
    if (lua_getiuservalue(L, index, TASK_OUTCOME) == LUA_TNIL) /* its client was garbage first */
        raise_cancelled(L);
    if (self->state == TASK_FAILED) {
        lost_tell(L, index);
        return lua_error(L);
    }
    int results = lua_gettop(L);
    lua_getfield(L, results, "n");
    int count = (int)lua_tointeger(L, -1);
    luaL_checkstack(L, count, "too many results of a task");
    lua_pop(L, 1);
    for (int i = 1; i <= count; i++)
        lua_rawgeti(L, results, i);
    return count;
}

/* The one that is awaited, and the one that waits. */
static int end_wait(lua_State *L, int status, lua_KContext context)
{
    const task *awaited = lua_touserdata(L, 1), *waiter = lua_touserdata(L, 2);
    (void)status;
    (void)context;
    if (waiter->box->task != waiter)
        return errors_usage(L, "only its client resumes the coroutine of a task");
    if (waiter->outcome == THINGSPACE_OK && task_is_over(awaited))
        return push_outcome(L, 1);
    return raise_cancelled(L);
}

/* A task waits for another one. */
static int wait_inside(lua_State *L, task *self)
{
    task *waiter = self->box->task;
    if (waiter == self)
        return errors_usage(L, "a task cannot wait for itself");
    check_yield(L);
    if (lua_getiuservalue(L, 1, TASK_WAITERS) != LUA_TTABLE) {
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, 1, TASK_WAITERS);
        lua_replace(L, -2);
    }
    push_running(L, self->box);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, (lua_Integer)lua_rawlen(L, -3) + 1);
    lua_replace(L, 2);
    lua_settop(L, 2);
    waiter->state = TASK_WAITING;
    waiter->awaited = self;
    return lua_yieldk(L, 0, 0, end_wait);
}

static int task_wait(lua_State *L)
{
    task *self = check_task(L);
    lua_settop(L, 1);
    if (!task_is_over(self) && L == self->box->running)
        return wait_inside(L, self);
    if (!task_is_over(self)) {
        lua_getiuservalue(L, 1, TASK_CLIENT);
        box_check_blocking(L, 2, "wait");
        self->observed = true;
        loop_run(L, self->box, -1);
    }
    if (!task_is_over(self))
        return errors_usage(L, "the task waits for one that cannot end");
    return push_outcome(L, 1);
}

/* Nothing happens to one that is over. */
static int task_cancel(lua_State *L)
{
    task *self = check_task(L);
    lua_settop(L, 1);
    if (self->state == TASK_RUNNING)
        return errors_usage(L, "a task that runs cannot be cancelled");
    self->cancelled = true;
    lua_State *before = box_enter(self->box, L);
    if (self->pending)
        thingspace_call_cancel(self->pending);
    else if (self->state == TASK_WAITING) {
        self->outcome = THINGSPACE_CANCELLED;
        box_call(self->box, resume_task, self);
    } else if (self->state == TASK_READY)
        self->outcome = THINGSPACE_CANCELLED;
    box_leave(self->box, L, before);
    return 0;
}

static const char *name_state(const task *self)
{
    static const char *const names[] = {"running", "waiting", "waiting",
                                        "waiting", "done",    "failed"};
    return self->state == TASK_FAILED && self->cancelled ? "cancelled" : names[self->state];
}

static int task_status(lua_State *L)
{
    lua_pushstring(L, name_state(check_task(L)));
    return 1;
}

static int task_text(lua_State *L)
{
    lua_pushfstring(L, "thingspace.task (%s)", name_state(check_task(L)));
    return 1;
}

static int task_collect(lua_State *L)
{
    task *self = luaL_checkudata(L, 1, TASK_TYPE);
    thingspace_result_free(self->result);
    self->result = NULL;
    return 0;
}

const luaL_Reg task_methods[] = {{"async", method_async}, {NULL, NULL}};

void task_open(lua_State *L)
{
    static const luaL_Reg methods[] = {
        {"wait", task_wait}, {"cancel", task_cancel}, {"status", task_status}, {NULL, NULL}};
    luaL_newmetatable(L, TASK_TYPE);
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, task_collect);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, task_text);
    lua_setfield(L, -2, "__tostring");
    lua_pop(L, 1);
}
