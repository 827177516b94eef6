/* SPDX-License-Identifier: MIT */
/*
 * The client: life, the guard against two threads, the loop. A callback may free the
 * client; that waits until the outermost function leaves. Interrupting only sets a flag and
 * wakes the loop, which then ends the calls.
 */
#include <config.h>
#include <stdlib.h>
#include <thingspace/plugins.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/forks.h"
#include "base/limits.h"
#include "base/sized.h"
#include "base/text.h"
#include "client/added.h"
#include "client/call.h"
#include "client/client.h"
#include "client/listener_guard.h"
#include "client/load.h"

/* Promised in thingspace/client.h. */
#define DEFAULT_TIMEOUT_MS 30000

static void destroy(thingspace_client *client)
{
    client->in_hook = true; /* what a plugin does when it ends, it cannot do here */
    keyring_free(client->keyring);
    transport_free(client->transport);
    state_close(client->state);
    generation_free(client->generation);
    added_dispose(client);
    load_source_dispose(&client->source);
    budgets_dispose(&client->budgets);
    windows_dispose(&client->windows);
    listener_guard_dispose(&client->guard);
    free(client->reason);
    free(client->state_dir);
    free(client->ca_file);
    free(client->proxy);
    free(client);
}

/* ---- who is inside ---- */

/* What it holds is the parent's, too: a byte or a system call would disturb it. */
static bool is_forked(const thingspace_client *client)
{
    return client->forks != forks_now();
}

static thingspace_status refuse_forked(thingspace_error *error)
{
    return error_set(error, THINGSPACE_USAGE, "a client cannot be used after fork; make a new one");
}

static uintptr_t this_thread(void)
{
    static _Thread_local char mark;
    return (uintptr_t)&mark;
}

static thingspace_status enter(thingspace_client *client, bool asked, thingspace_error *error)
{
    if (!client)
        return error_set(error, THINGSPACE_USAGE, "no client was given");
    if (is_forked(client))
        return refuse_forked(error);
    uintptr_t self = this_thread(), nobody = 0;
    if (atomic_load(&client->owner) != self &&
        !atomic_compare_exchange_strong(&client->owner, &nobody, self))
        return error_set(error, THINGSPACE_USAGE,
                         "the client is in use by another thread; give each thread its own client");
    if (client->asking && !asked)
        return error_set(error, THINGSPACE_USAGE, "a policy's function cannot call its own client");
    if (client->in_hook && !client->asking)
        return error_set(error, THINGSPACE_USAGE, "a hook cannot call its own client");
    client->depth++;
    return THINGSPACE_OK;
}

thingspace_status client_enter(thingspace_client *client, thingspace_error *error)
{
    return enter(client, false, error);
}

thingspace_status client_enter_asked(thingspace_client *client, thingspace_error *error)
{
    return enter(client, true, error);
}

void client_leave(thingspace_client *client)
{
    if (--client->depth > 0)
        return;
    atomic_store(&client->owner, 0);
    if (client->doomed)
        thingspace_client_free(client);
}

/* ---- life ---- */

thingspace_status thingspace_client_new(thingspace_client **out,
                                        const thingspace_client_options *given,
                                        thingspace_error *error)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    sized_take(&options, sizeof(options), given);
    *out = NULL;
    thingspace_client *client = calloc(1, sizeof(*client));
    if (!client)
        return error_memory(error);
    client->forks = forks_begin();
    client->state_error.size = sizeof(client->state_error);
    thingspace_status status = load_client(client, &options, error);
    if (status == THINGSPACE_OK && client->foreign_loop)
        status = client_open_transport(client, error);
    if (status != THINGSPACE_OK) {
        destroy(client);
        return status;
    }
    *out = client;
    return THINGSPACE_OK;
}

/* Whether an interruption lets it end. */
static bool is_spared(const call *call)
{
    return call->flags & CALL_RESCUE || (call->flags & CALL_LASTING && call->attempt > 0);
}

static call *find_interrupted(const thingspace_client *client)
{
    call *found = client->calls;
    while (found && is_spared(found))
        found = found->next;
    return found;
}

/* From the beginning each time: the `done` of one may start and end others. */
static void cancel_interrupted(thingspace_client *client)
{
    for (call *call; (call = find_interrupted(client));)
        call_cancel(call);
}

void thingspace_client_free(thingspace_client *client)
{
    if (!client || is_forked(client))
        return;
    client->doomed = true;
    if (client->depth > 0)
        return;
    client->depth++; /* callbacks of the cancelled calls may come back in */
    atomic_store(&client->owner, this_thread());
    client->interrupted = 1;
    while (client->calls)
        call_cancel(client->calls);
    destroy(client);
}

thingspace_status thingspace_client_reload(thingspace_client *client, thingspace_error *error)
{
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    generation *made = NULL;
    client->in_hook = true; /* plugins are made and freed */
    status = load_generation(&made, client, error);
    if (status == THINGSPACE_OK)
        client_turn_over(client, made);
    client->in_hook = false;
    client_leave(client);
    return status;
}

void client_turn_over(thingspace_client *client, generation *made)
{
    generation_free(client->generation); /* calls in flight keep it */
    client->generation = made;
}

thingspace_status client_open_transport(thingspace_client *client, thingspace_error *error)
{
    if (client->transport)
        return THINGSPACE_OK;
    const transport_options options = {
        .foreign_loop = client->foreign_loop,
        .ca_file = client->ca_file,
        .proxy = client->proxy,
        .log = &client->log,
    };
    transport *made;
    thingspace_status status = transport_new(&made, &options, error);
    client->transport = made;
    return status;
}

static void open_state(thingspace_client *client)
{
    char *place = client->state_dir ? text_copy(client->state_dir) : state_default_path();
    if (place)
        state_open(&client->state, place, &client->state_error);
    else
        error_memory(&client->state_error);
    free(place);
}

thingspace_status client_open_keyring(thingspace_client *client, thingspace_error *error)
{
    if (client->keyring)
        return THINGSPACE_OK;
    thingspace_status status = client_open_transport(client, error);
    if (status != THINGSPACE_OK)
        return status;
    if (!client->state)
        open_state(client);
    const keyring_options options = {
        .transport = client->transport,
        .state = client->state,
        .state_error = client->state ? NULL : &client->state_error,
        .no_token_cache = client->no_token_cache,
        .log = &client->log,
    };
    return keyring_new(&client->keyring, &options, error);
}

/* ---- resolve ---- */

thingspace_status client_resolve(const generation *by, decision *out, const char *account,
                                 thingspace_error *error)
{
    thingspace_status status = policy_resolve(generation_policy(by), out, account, error);
    if (status != THINGSPACE_OK)
        error_set_account(error, account);
    return status;
}

int64_t client_timeout_ms(const thingspace_client *client, const decision *decision)
{
    if (client->timeout_ms > 0)
        return client->timeout_ms < LIMIT_TIMEOUT_MS ? client->timeout_ms : LIMIT_TIMEOUT_MS;
    return decision && decision->timeout_ms > 0 ? decision->timeout_ms : DEFAULT_TIMEOUT_MS;
}

/* ---- the loop ---- */

static thingspace_status turn(thingspace_client *client, int64_t wait_ms, thingspace_error *error)
{
    if (is_forked(client)) /* by a callback, in the middle of the loop */
        return refuse_forked(error);
    client->looping++;
    if (client->interrupted)
        cancel_interrupted(client);
    thingspace_status status = client->foreign_loop
                                   ? transport_process(client->transport, error)
                                   : transport_run(client->transport, wait_ms, error);
    if (client->interrupted)
        cancel_interrupted(client);
    client->looping--;
    return status;
}

thingspace_status client_check_blocking(const thingspace_client *client, thingspace_error *error)
{
    if (client->foreign_loop)
        return error_set(error, THINGSPACE_USAGE,
                         "this client belongs to a foreign event loop: use thingspace_call_start");
    if (client->looping)
        return error_set(error, THINGSPACE_USAGE,
                         "blocking functions cannot be called inside a callback");
    return THINGSPACE_OK;
}

/* Waits are cut into pieces, so that a flag set by a
 * signal handler is seen even if its wake-up was lost. */
#define LONGEST_WAIT_MS 1000

/* An interruption has ended all calls; what waits
 * without one (a login by hand) is left to its caller. */
static bool is_waiting(const thingspace_client *client, const bool *done)
{
    bool abandoned = client->interrupted && !client->calls;
    return client->pending > 0 && !abandoned && !(done && *done);
}

static thingspace_status run(thingspace_client *client, const bool *done, int64_t until_ms,
                             thingspace_error *error)
{
    thingspace_status status = client_check_blocking(client, error);
    while (status == THINGSPACE_OK && is_waiting(client, done)) {
        int64_t wait = LONGEST_WAIT_MS;
        if (until_ms >= 0) {
            int64_t left = until_ms - clock_monotonic_ms();
            if (left <= 0)
                break;
            wait = left < wait ? left : wait;
        }
        status = turn(client, wait, error);
    }
    return status;
}

thingspace_status client_run_until(thingspace_client *client, const bool *done,
                                   thingspace_error *error)
{
    return run(client, done, -1, error);
}

/* -1: never. So is what no clock reaches. */
static int64_t end_of_wait(long long wait_ms)
{
    int64_t now = clock_monotonic_ms();
    return wait_ms < 0 || wait_ms > INT64_MAX - now ? -1 : now + wait_ms;
}

thingspace_status thingspace_client_run(thingspace_client *client, long long wait_ms,
                                        thingspace_error *error)
{
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = run(client, NULL, end_of_wait(wait_ms), error);
    if (status == THINGSPACE_OK && client->interrupted)
        status = error_set(error, THINGSPACE_CANCELLED, "interrupted");
    client_leave(client);
    return status;
}

int thingspace_client_fd(const thingspace_client *client)
{
    return client && client->foreign_loop && !is_forked(client) ? transport_fd(client->transport)
                                                                : -1;
}

thingspace_status thingspace_client_process(thingspace_client *client, thingspace_error *error)
{
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    if (!client->foreign_loop)
        status = error_set(error, THINGSPACE_USAGE,
                           "this client has its own loop: use thingspace_client_run");
    else if (client->looping)
        status = error_set(error, THINGSPACE_USAGE,
                           "thingspace_client_process cannot be called inside a callback");
    else
        status = turn(client, 0, error);
    client_leave(client);
    return status;
}

size_t thingspace_client_pending(const thingspace_client *client)
{
    return client ? client->pending : 0;
}

void thingspace_client_interrupt(thingspace_client *client)
{
    if (!client || is_forked(client))
        return;
    client->interrupted = 1;
    transport *transport = client->transport;
    if (transport)
        transport_interrupt(transport);
}

void thingspace_client_resume(thingspace_client *client)
{
    if (client)
        client->interrupted = 0;
}

size_t thingspace_client_account_count(const thingspace_client *client)
{
    return client ? policy_account_count(generation_policy(client->generation)) : 0;
}

const char *thingspace_client_account(const thingspace_client *client, size_t index)
{
    return index < thingspace_client_account_count(client)
               ? policy_account(generation_policy(client->generation), index)
               : NULL;
}

void thingspace_text_free(char *text)
{
    free(text);
}
