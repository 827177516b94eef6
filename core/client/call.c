/* SPDX-License-Identifier: MIT */
/*
 * The way of one call, a state machine that reads like this list:
 *
 *   1 resolve    the policy turns the account into endpoint, credential, time-out
 *   2 build      the operation makes method, path, body
 *   3 request    hooks may change it; check hooks may deny it; then it is frozen
 *   4 authorise  tokens, from the cache or fetched once for all that wait   (attempt.c)
 *   5 send       attempts, renewals, retries, read-back       (attempt.c, confirm.c)
 *   6 response   hooks see the answer, or error hooks the failure
 *   7 decode     the operation reads the answer into the result
 *   8 audit      hooks are told, always and exactly once
 *
 * Phases that have nothing to run yet are named where they will run. `done` is called from the
 * loop, never inside call_begin and never inside a libcurl callback.
 */
#include <config.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "catalogue/account.h"
#include "catalogue/api.h"
#include "client/call.h"

/* ---- life ---- */

static void link_in(call *call)
{
    thingspace_client *client = call->client;
    call->next = client->calls;
    if (client->calls)
        client->calls->previous = call;
    client->calls = call;
    client->pending++;
}

static void unlink_from(call *call)
{
    if (call->next)
        call->next->previous = call->previous;
    if (call->previous)
        call->previous->next = call->next;
    else
        call->client->calls = call->next;
    call->client->pending--;
}

static void destroy(call *call)
{
    decision_dispose(&call->decision);
    request_free(call->request);
    tokens_dispose(&call->tokens);
    buffer_dispose(&call->url);
    buffer_dispose(&call->body);
    confirm_free(call->read_back);
    thingspace_result_free(call->result);
    free(call);
}

thingspace_error *call_error(call *call)
{
    return &call->result->error;
}

/* ---- waiting ---- */

static void continue_after_wait(timer *timer, void *user)
{
    (void)timer;
    call *call = user;
    call->resume(call);
}

void call_wait(call *call, int64_t wait_ms, void (*resume)(struct call *call))
{
    call->resume = resume;
    timers_start(transport_timers(call->client->transport), &call->timer,
                 wait_ms > 0 ? clock_monotonic_ms() + wait_ms : 0);
}

static void stop_waiting(call *call)
{
    timers_stop(transport_timers(call->client->transport), &call->timer);
    if (call->exchange)
        transport_cancel(call->exchange);
    if (call->authorisation)
        keyring_cancel(call->authorisation);
    call->exchange = NULL;
    call->authorisation = NULL;
}

/* ---- the end: steps 6 to 8 ---- */

static thingspace_status decode(call *call)
{
    if (!call->operation->decode)
        return THINGSPACE_OK;
    return call->operation->decode(call->result, call_error(call));
}

/* Phase audit (always, last, exactly once), then the receiver. The call is gone afterwards. */
static void hand_over(call *call)
{
    thingspace_result *result = call->result;
    unlink_from(call);
    call->result = NULL;
    call->done(result, call->user);
    destroy(call);
}

void call_finish(call *call, thingspace_status status)
{
    thingspace_result *result = call->result;
    /* phase response (reverse order), when there is an answer to show */
    if (status == THINGSPACE_OK)
        status = decode(call);
    result->status = status;
    if (status != THINGSPACE_OK) {
        /* phase error (reverse order) */
        error_set_account(&result->error, result->account);
    } else if (result->error.kind != THINGSPACE_OK) {
        error_clear(&result->error); /* that of an attempt before the one that succeeded */
    }
    hand_over(call);
}

void call_cancel(call *call)
{
    stop_waiting(call);
    error_set(call_error(call), THINGSPACE_CANCELLED, "%s: interrupted%s", call->operation->name,
              call->attempt ? "; what was sent may have taken effect" : "");
    call_finish(call, THINGSPACE_CANCELLED);
}

/* ---- the beginning: steps 1 to 3 ---- */

static thingspace_status resolve(call *call, const thingspace_request *input)
{
    thingspace_status status = account_check(input->account, call_error(call));
    if (status != THINGSPACE_OK)
        return status;
    return client_resolve(call->client, &call->decision, input->account, call_error(call));
}

static void set_deadline(call *call, const thingspace_request *input)
{
    int64_t timeout = input->timeout_ms > 0 ? input->timeout_ms
                                            : client_timeout_ms(call->client, &call->decision);
    call->deadline_ms = clock_monotonic_ms() + timeout;
}

static thingspace_status build(call *call, const thingspace_request *input)
{
    thingspace_error *error = call_error(call);
    thingspace_status status =
        request_new(&call->request, input->method ? input->method : "GET", error);
    if (status == THINGSPACE_OK)
        status = call->operation->build(call->request, input, error);
    return status;
}

static thingspace_status freeze(call *call)
{
    /* phase request, in order */
    /* phase check, the operator's last */
    request_freeze(call->request);
    thingspace_error *error = call_error(call);
    thingspace_status status =
        request_write_url(call->request, &call->url, call->decision.endpoint->api);
    if (status == THINGSPACE_OK && call->operation->any_path &&
        api_is_login(buffer_text(&call->url)))
        return error_set(error, THINGSPACE_USAGE,
                         "%s: a login is sent only where failed ones are counted: use "
                         "`thingspace auth login`",
                         call->operation->name);
    if (status == THINGSPACE_OK)
        status = request_write_body(call->request, &call->body, JSON_REVEAL);
    return status == THINGSPACE_MEMORY ? error_memory(error) : status;
}

static thingspace_status prepare(call *call, const thingspace_request *input)
{
    thingspace_status status = resolve(call, input);
    set_deadline(call, input);
    if (status == THINGSPACE_OK)
        status = build(call, input);
    if (status == THINGSPACE_OK)
        status = freeze(call);
    return status;
}

/* ---- what comes first in the loop ---- */

static void end_early(call *call)
{
    thingspace_status status = call_error(call)->kind;
    if (status != THINGSPACE_OK)
        call_finish(call, status);
    else
        hand_over(call); /* a dry run: nothing was sent, so no response or error phase */
}

static thingspace_status make(call **out, thingspace_client *client, const operation *operation,
                              const thingspace_request *input)
{
    call *made = malloc(sizeof(*made)); /* dearer from calloc, which knows no thread's own blocks */
    if (!made)
        return THINGSPACE_MEMORY;
    *made = (call){.client = client, .operation = operation};
    timer_init(&made->timer, continue_after_wait, made);
    buffer_init(&made->url, LIMIT_URL);
    buffer_init_secret(&made->body, LIMIT_REQUEST_BODY);
    thingspace_status status = result_new(&made->result, input->account, input->service);
    if (status != THINGSPACE_OK) {
        destroy(made);
        return status;
    }
    *out = made;
    return THINGSPACE_OK;
}

thingspace_status call_begin(thingspace_client *client, call **out, const operation *operation,
                             const thingspace_request *input, thingspace_done *done, void *user,
                             thingspace_error *error)
{
    if (client->interrupted)
        return error_set(error, THINGSPACE_CANCELLED, "%s: interrupted", operation->name);
    thingspace_status status = client_open_transport(client, error);
    if (status != THINGSPACE_OK)
        return status;
    call *call;
    status = make(&call, client, operation, input);
    if (status != THINGSPACE_OK)
        return error_memory(error);
    call->done = done;
    call->user = user;
    link_in(call);
    status = prepare(call, input);
    bool dry = status == THINGSPACE_OK && (input->flags & THINGSPACE_DRY_RUN);
    if (dry && preview_write(call, &call->result->preview) != THINGSPACE_OK)
        error_memory(call_error(call));
    call_wait(call, 0, dry || status != THINGSPACE_OK ? end_early : attempt_first);
    transport_wake(client->transport);
    *out = call;
    return THINGSPACE_OK;
}
