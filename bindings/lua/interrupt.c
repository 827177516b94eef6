/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C while the library works. The stock interpreter's handler of SIGINT sets a debug hook on
 * its main coroutine, which raises "interrupted!" when Lua runs there again; no handler of our own
 * is needed. Here it is looked for now and then, and what is in flight is ended when it is there.
 */
#include "core.h"
#include <limits.h>
#include <time.h>

#define LOOK_MS 50

void interrupt_begin(box *self)
{
    lua_State *L = self->L;
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
    self->main = lua_tothread(L, -1);
    lua_pop(L, 1);
    self->before = lua_gethook(self->main);
}

/* A debugger that the script began meanwhile has another mask. */
static bool is_there(const box *self)
{
    const int mask = LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT;
    lua_Hook hook = lua_gethook(self->main);
    return hook && hook != self->before && (lua_gethookmask(self->main) & mask) == mask &&
           lua_gethookcount(self->main) == 1;
}

/* The hook waits until interrupt_end: tasks and other callbacks are to see how their calls end. */
void interrupt_look(box *self)
{
    if (!self->client || !self->L || self->finalizing || self->stop || !is_there(self))
        return;
    self->stop = lua_gethook(self->main);
    self->stop_mask = lua_gethookmask(self->main);
    lua_sethook(self->main, NULL, 0, 0);
    thingspace_client_interrupt(self->client);
}

void interrupt_end(box *self)
{
    if (!self->stop)
        return;
    lua_sethook(self->main, self->stop, self->stop_mask, 1);
    self->stop = NULL;
    if (self->client)
        thingspace_client_resume(self->client);
}

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

thingspace_status interrupt_run(box *self, long long wait_ms, thingspace_error *error)
{
    const long long now = now_ms();
    const long long until = wait_ms < 0 || wait_ms > LLONG_MAX - now ? LLONG_MAX : now + wait_ms;
    thingspace_status status;
    long long left;
    do {
        left = until - now_ms();
        long long wait = left > LOOK_MS ? LOOK_MS : left > 0 ? left : 0;
        status = thingspace_client_run(self->client, wait, error);
        interrupt_look(self);
    } while (status == THINGSPACE_OK && left > LOOK_MS && self->client &&
             thingspace_client_pending(self->client) > 0);
    return status;
}

/* ---- one call ---- */

typedef struct outcome {
    thingspace_result *result;
    thingspace_pending *pending;
} outcome;

static void keep(thingspace_result *result, void *user)
{
    outcome *self = user;
    self->result = result;
    self->pending = NULL;
}

/* The first looks come soon: a run ends when nothing is in flight, not with the one call. */
static thingspace_status await(box *self, const outcome *over, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (long long ms = 1; !over->result && status == THINGSPACE_OK && self->client; ms *= 2)
        status = interrupt_run(self, ms < LOOK_MS ? ms : LOOK_MS, error);
    return status;
}

thingspace_status interrupt_perform(box *self, thingspace_result **out,
                                    const thingspace_request *request, thingspace_error *error)
{
    outcome over = {NULL, NULL};
    if (request->operation == THINGSPACE_DEREGISTER) /* more than a call: it repairs, too */
        return thingspace_perform(self->client, out, request, error);
    /* Before anything is started: not inside a callback, not with a foreign loop. */
    if (thingspace_client_run(self->client, 0, error) == THINGSPACE_USAGE)
        return THINGSPACE_USAGE;
    thingspace_status status =
        thingspace_call_start(self->client, &over.pending, request, keep, &over, error);
    if (status != THINGSPACE_OK)
        return status;
    status = await(self, &over, error);
    if (over.pending)
        thingspace_call_cancel(over.pending);
    *out = over.result;
    if (!over.result || thingspace_result_status(over.result) == THINGSPACE_OK)
        return over.result ? THINGSPACE_OK : status;
    *error = *thingspace_result_error(over.result);
    return error->kind;
}
