/* SPDX-License-Identifier: MIT */
/*
 * Tasks: coroutines that belong to a client. Inside one, the methods that send start a call and
 * yield; the library's `done` resumes it. Who waits for a task is a task of the same client, or a
 * function outside, which drives the loop. A running task is kept alive by its client's table; what
 * nobody waits for and fails is raised by what drives the loop, in the table as
 * "lost". Those whose
 * waiting is over queue up in the table's "ready", and go on one after the other.
 *
 * A script can get at the coroutine of its task, resume and close it: what goes on there checks
 * that it was resume that resumed it, and resume that the coroutine is where it was left.
 *
 * The user values of a task: its coroutine, its client, then the table of results (n, ...), or the
 * error, and the list of tasks that wait.
 */
#include "core.h"
#include <stdio.h>
#include <string.h>

enum { COROUTINE = 1, CLIENT, OUTCOME, WAITERS, VALUES = WAITERS };

typedef enum task_state {
    TASK_RUNNING,
    TASK_CALLING,
    TASK_WAITING,
    TASK_READY, /* what it waited for is over */
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
    const task *awaited;
    int reference;
    int arguments; /* of the first resume */
    bool cancelled, observed;
};

static task *check_task(lua_State *L)
{
    task *self = luaL_testudata(L, 1, TASK_TYPE);
    if (!self)
        errors_usage(L, "not a task: call methods with a colon, task:wait()");
    lua_getiuservalue(L, 1, CLIENT);
    box_check_any(L, -1);
    lua_pop(L, 1);
    return self;
}

static bool is_over(const task *self)
{
    return self->state == TASK_DONE || self->state == TASK_FAILED;
}

/* ---- running ---- */

/* Every task that waits for the one at `index` is ready. */
static void wake(lua_State *L, int index)
{
    const task *self = lua_touserdata(L, index);
    if (lua_getiuservalue(L, index, WAITERS) != LUA_TTABLE) {
        lua_pop(L, 1);
        return;
    }
    int list = lua_gettop(L);
    lua_pushnil(L);
    lua_setiuservalue(L, index, WAITERS);
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

/* The error of the task at `index` is nobody's: the loop raises it. */
static void lose(lua_State *L, int index)
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

/* The error of the task at `index` is told. */
static void find(lua_State *L, int index)
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
        bool waited = lua_getiuservalue(L, index, WAITERS) == LUA_TTABLE;
        lua_pop(L, 1);
        if (!self->observed && !waited && !self->cancelled && self->box->client)
            lose(L, index);
    }
    lua_setiuservalue(L, index, OUTCOME);
    lua_pushnil(L);
    lua_setiuservalue(L, index, COROUTINE);
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
    lua_getiuservalue(L, index, COROUTINE);
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

/* ---- calls ---- */

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

static int go_on(lua_State *L)
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

static void finish(thingspace_result *result, void *user)
{
    task *self = user;
    self->pending = NULL;
    if (self->box->finalizing || !self->box->L || is_over(self)) {
        thingspace_result_free(result);
        if (!is_over(self))
            self->state = TASK_FAILED;
        return;
    }
    thingspace_result_free(self->result);
    self->result = result;
    box_call(self->box, go_on, self);
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
    if (lua_getiuservalue(L, index, OUTCOME) == LUA_TNIL) /* its client was garbage first */
        raise_cancelled(L);
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

/* The one that is awaited, and the one that waits. */
static int end_wait(lua_State *L, int status, lua_KContext context)
{
    const task *awaited = lua_touserdata(L, 1), *waiter = lua_touserdata(L, 2);
    (void)status;
    (void)context;
    if (waiter->box->task != waiter)
        return errors_usage(L, "only its client resumes the coroutine of a task");
    if (waiter->outcome == THINGSPACE_OK && is_over(awaited))
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
    if (lua_getiuservalue(L, 1, WAITERS) != LUA_TTABLE) {
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, 1, WAITERS);
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
            lua_getiuservalue(L, -1, OUTCOME);
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

/* One is raised as it is, of several one error that has them. */
static void raise_lost(lua_State *L, const box *box)
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

static void run(lua_State *L, box *box, long long wait_ms)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    lua_State *before = box_enter(box, L);
    thingspace_status status = interrupt_run(box, wait_ms, &error);
    box_leave(box, L, before);
    errors_check(L, status, &error);
}

static int task_wait(lua_State *L)
{
    task *self = check_task(L);
    lua_settop(L, 1);
    if (!is_over(self) && L == self->box->running)
        return wait_inside(L, self);
    if (!is_over(self)) {
        lua_getiuservalue(L, 1, CLIENT);
        box_check_blocking(L, 2, "wait");
        self->observed = true;
        run(L, self->box, -1);
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
    run(L, self, wait_ms);
    raise_lost(L, self);
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
    lua_pushcfunction(L, task_text);
    lua_setfield(L, -2, "__tostring");
    lua_pop(L, 1);
}
