/* SPDX-License-Identifier: MIT */
/*
 * Tasks: coroutines that belong to a client. Inside one, the methods that send start a call and
 * yield; the library's `done` resumes it. Who waits for a task is a task of the same client, or a
 * function outside, which drives the loop. A running task is kept alive by its client's table; what
 * nobody waits for and fails is raised by what drives the loop, in the table as "lost".
 *
 * The user values of a task: its coroutine, its client, then the table of results (n, ...), or the
 * error, and the list of tasks that wait.
 */
#include "core.h"
#include <string.h>

enum { COROUTINE = 1, CLIENT, OUTCOME, WAITERS, VALUES = WAITERS };

typedef enum task_state {
    TASK_RUNNING,
    TASK_CALLING,
    TASK_WAITING,
    TASK_DONE,
    TASK_FAILED
} task_state;

struct task {
    box *box;
    task_state state;
    thingspace_pending *pending;
    thingspace_operation operation;
    thingspace_result *result; /* of the call that is over, for the coroutine */
    thingspace_status outcome; /* for what waited: OK, or CANCELLED */
    int reference;
    int arguments; /* of the first resume */
    bool cancelled, observed;
};

static task *check_task(lua_State *L)
{
    task *self = luaL_testudata(L, 1, TASK_TYPE);
    if (!self)
        errors_usage(L, "not a task: call methods with a colon, task:wait()");
    return self;
}

static bool is_over(const task *self)
{
    return self->state == TASK_DONE || self->state == TASK_FAILED;
}

/* ---- running ---- */

static void resume(lua_State *L, int index, int arguments);

/* Every task that waits for the one at `index` goes on. */
static void wake(lua_State *L, int index)
{
    if (lua_getiuservalue(L, index, WAITERS) != LUA_TTABLE) {
        lua_pop(L, 1);
        return;
    }
    int list = lua_gettop(L);
    lua_pushnil(L);
    lua_setiuservalue(L, index, WAITERS);
    for (lua_Unsigned i = 1, count = lua_rawlen(L, list); i <= count; i++) {
        lua_rawgeti(L, list, (lua_Integer)i);
        task *waiter = lua_touserdata(L, -1);
        if (waiter->state == TASK_WAITING) {
            waiter->outcome = THINGSPACE_OK;
            resume(L, lua_gettop(L), 0);
        }
        lua_settop(L, list);
    }
    lua_pop(L, 1);
}

/* The error of the task at `index` is nobody's: the loop raises the first one. */
static void lose(lua_State *L, int index)
{
    const task *self = lua_touserdata(L, index);
    box_push_table(L, self->box);
    if (lua_getfield(L, -1, "lost") == LUA_TNIL) {
        lua_pushvalue(L, index);
        lua_setfield(L, -3, "lost");
    }
    lua_pop(L, 2);
}

/* The error of the task at `index` is told. */
static void find(lua_State *L, int index)
{
    const task *self = lua_touserdata(L, index);
    box_push_table(L, self->box);
    lua_getfield(L, -1, "lost");
    if (lua_rawequal(L, -1, index)) {
        lua_pushnil(L);
        lua_setfield(L, -3, "lost");
    }
    lua_pop(L, 2);
}

static void end(lua_State *L, int index, lua_State *coroutine, int status, int count)
{
    task *self = lua_touserdata(L, index);
    self->state = status == LUA_OK ? TASK_DONE : TASK_FAILED;
    if (status == LUA_OK) {
        luaL_checkstack(L, count + 4, "too many results of a task");
        lua_createtable(L, count, 1);
        int results = lua_gettop(L);
        lua_xmove(coroutine, L, count);
        for (int i = count; i > 0; i--)
            lua_rawseti(L, results, i);
        lua_pushinteger(L, count);
        lua_setfield(L, results, "n");
    } else {
        lua_xmove(coroutine, L, 1);
        lua_resetthread(coroutine);
        bool waited = lua_getiuservalue(L, index, WAITERS) == LUA_TTABLE;
        lua_pop(L, 1);
        if (!self->observed && !waited && !self->cancelled && self->box->client)
            lose(L, index);
    }
    lua_setiuservalue(L, index, OUTCOME);
    lua_pushnil(L);
    lua_setiuservalue(L, index, COROUTINE);
    box_unref(L, self->box, self->reference);
    wake(L, index);
}

/* The task at `index` goes on with arguments that are in its coroutine already. */
static void resume(lua_State *L, int index, int arguments)
{
    task *self = lua_touserdata(L, index);
    box *box = self->box;
    lua_getiuservalue(L, index, COROUTINE);
    lua_State *coroutine = lua_tothread(L, -1), *running = box->running, *before = box->L;
    task *outer = box->task;
    int count = 0;
    self->state = TASK_RUNNING;
    box->running = coroutine;
    box->task = self;
    box->L = L;
    int status = lua_resume(coroutine, L, arguments, &count);
    box->running = running;
    box->task = outer;
    box->L = before;
    if (status == LUA_YIELD && self->state == TASK_RUNNING) {
        lua_pop(coroutine, count);
        lua_resetthread(coroutine);
        lua_settop(coroutine, 0);
        lua_pushliteral(coroutine, "a task yielded outside of a call of its client");
        status = LUA_ERRRUN;
    }
    if (status != LUA_YIELD)
        end(L, index, coroutine, status, count);
    lua_pop(L, 1);
}

/* ---- calls ---- */

static int go_on(lua_State *L)
{
    task *self = lua_touserdata(L, 1);
    box_push_table(L, self->box);
    lua_rawgeti(L, -1, self->reference);
    int arguments = self->arguments;
    self->arguments = 0;
    resume(L, lua_gettop(L), arguments);
    return 0;
}

static void finish(thingspace_result *result, void *user)
{
    task *self = user;
    self->pending = NULL;
    if (self->box->finalizing || !self->box->L) {
        thingspace_result_free(result);
        self->state = TASK_FAILED;
        return;
    }
    self->result = result;
    box_call(self->box, go_on, self);
}

static int answer(lua_State *L, int status, lua_KContext context)
{
    task *self = (task *)context;
    (void)status;
    thingspace_result *result = self->result;
    self->result = NULL;
    holder *held = lua_touserdata(L, -1);
    held->result = result;
    if (thingspace_result_status(result) != THINGSPACE_OK) {
        errors_push(L, thingspace_result_error(result));
        holder_empty(held);
        return lua_error(L);
    }
    return request_push(L, self->operation, held);
}

int task_perform(lua_State *L, box *box, const thingspace_request *request)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    task *self = box->task;
    holder_push(L);
    self->operation = request->operation;
    lua_State *before = box_enter(box, L);
    thingspace_status status =
        thingspace_call_start(box->client, &self->pending, request, finish, self, &error);
    box_leave(box, L, before);
    errors_check(L, status, &error);
    self->state = TASK_CALLING;
    return lua_yieldk(L, 0, (lua_KContext)self, answer);
}

/* ---- what scripts do with tasks ---- */

/* client:async(function, ...) */
static int method_async(lua_State *L)
{
    box *box = box_check(L, 1);
    if (!lua_isfunction(L, 2))
        return errors_usage(L, "async: a function is needed, not a %s", luaL_typename(L, 2));
    int arguments = lua_gettop(L) - 2;
    task *self = lua_newuserdatauv(L, sizeof(*self), VALUES);
    *self = (task){.box = box, .reference = LUA_NOREF};
    luaL_setmetatable(L, TASK_TYPE);
    lua_insert(L, 2);
    lua_State *coroutine = lua_newthread(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 2, COROUTINE);
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, 2, CLIENT);
    lua_pop(L, 1);
    if (!lua_checkstack(coroutine, arguments + 4))
        return errors_usage(L, "async: too many arguments");
    lua_xmove(L, coroutine, arguments + 1);
    lua_pushvalue(L, 2);
    self->reference = box_ref(L, 1);
    self->arguments = arguments;
    lua_State *before = box_enter(box, L);
    bool begun = box_try(box, go_on, self);
    box_leave(box, L, before);
    if (!begun)
        return lua_error(L);
    lua_settop(L, 2);
    return 1;
}

/* Pushes what the task returned, or raises. */
static int push_outcome(lua_State *L, int index)
{
    task *self = lua_touserdata(L, index);
    self->observed = true;
    lua_getiuservalue(L, index, OUTCOME);
    if (self->state == TASK_FAILED) {
        find(L, index);
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

static int end_wait(lua_State *L, int status, lua_KContext context)
{
    const task *waiter = (const task *)context;
    (void)status;
    if (waiter->outcome == THINGSPACE_OK)
        return push_outcome(L, 1);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error.kind = THINGSPACE_CANCELLED;
    strcpy(error.message, "the task was cancelled");
    return errors_raise(L, &error);
}

/* A task waits for another one. */
static int wait_inside(lua_State *L, task *self)
{
    task *waiter = self->box->task;
    if (waiter == self)
        return errors_usage(L, "a task cannot wait for itself");
    if (lua_getiuservalue(L, 1, WAITERS) != LUA_TTABLE) {
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, 1, WAITERS);
        lua_replace(L, -2);
    }
    box_push_table(L, self->box);
    lua_rawgeti(L, -1, waiter->reference);
    lua_rawseti(L, -3, (lua_Integer)lua_rawlen(L, -3) + 1);
    waiter->state = TASK_WAITING;
    lua_settop(L, 1);
    return lua_yieldk(L, 0, (lua_KContext)waiter, end_wait);
}

static void raise_lost(lua_State *L, const box *box)
{
    box_push_table(L, box);
    if (lua_getfield(L, -1, "lost") != LUA_TNIL)
        push_outcome(L, lua_gettop(L));
    lua_pop(L, 2);
}

static void run(lua_State *L, box *box, long long wait_ms)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    lua_State *before = box_enter(box, L);
    thingspace_status status = thingspace_client_run(box->client, wait_ms, &error);
    box_leave(box, L, before);
    errors_check(L, status, &error);
}

static int task_wait(lua_State *L)
{
    task *self = check_task(L);
    lua_settop(L, 1);
    if (!is_over(self) && L == self->box->running)
        return wait_inside(L, self);
    self->observed = true;
    if (!is_over(self)) {
        lua_getiuservalue(L, 1, CLIENT);
        run(L, box_check(L, 2), -1);
    }
    if (!is_over(self))
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
        box_call(self->box, go_on, self);
    }
    box_leave(self->box, L, before);
    return 0;
}

static int task_status(lua_State *L)
{
    static const char *const names[] = {"running", "waiting", "waiting", "done", "failed"};
    lua_pushstring(L, names[check_task(L)->state]);
    return 1;
}

static int task_collect(lua_State *L)
{
    task *self = luaL_checkudata(L, 1, TASK_TYPE);
    thingspace_result_free(self->result);
    self->result = NULL;
    return 0;
}

/* client:run(wait_ms): whether nothing is in flight any more */
static int method_run(lua_State *L)
{
    box *self = box_check(L, 1);
    long long wait_ms = -1;
    if (!lua_isnoneornil(L, 2)) {
        int exact;
        wait_ms = lua_tointegerx(L, 2, &exact);
        if (!exact || lua_type(L, 2) != LUA_TNUMBER)
            return errors_usage(L, "run: the milliseconds must be a whole number");
    }
    run(L, self, wait_ms);
    raise_lost(L, self);
    lua_pushboolean(L, !self->client || thingspace_client_pending(self->client) == 0);
    return 1;
}

static int method_process(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check(L, 1);
    lua_State *before = box_enter(self, L);
    thingspace_status status = thingspace_client_process(self->client, &error);
    box_leave(self, L, before);
    errors_check(L, status, &error);
    raise_lost(L, self);
    lua_pushboolean(L, !self->client || thingspace_client_pending(self->client) == 0);
    return 1;
}

const luaL_Reg task_methods[] = {
    {"async", method_async}, {"run", method_run}, {"process", method_process}, {NULL, NULL}};

void task_open(lua_State *L)
{
    static const luaL_Reg methods[] = {
        {"wait", task_wait}, {"cancel", task_cancel}, {"status", task_status}, {NULL, NULL}};
    luaL_newmetatable(L, TASK_TYPE);
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, task_collect);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
}
