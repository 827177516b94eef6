/* SPDX-License-Identifier: MIT */
/*
 * The way of one call, a state machine that reads like this list:
 *
 *   1 resolve    the policy turns the account into endpoint, credential, time-out
 *   2 build      the operation makes method, path, body
 *   3 request    hooks may change it or answer it; check hooks may deny it; then it is fixed
 *     admission  a place in the endpoint's window, or a wait for it      (window.c)
 *   4 authorise  tokens, from the cache or fetched once for all that wait   (attempt.c)
 *   5 send       attempts, renewals, retries, read-back       (attempt.c, confirm.c)
 *   6 response   hooks see the answer, or error hooks the failure
 *   7 decode     the operation reads the answer into the result
 *   8 audit      hooks are told, always and exactly once
 *
 * A phase without hooks is one branch (phases.c). `done` is called from the loop, never inside
 * call_begin and never inside a libcurl callback; so are hooks.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "catalogue/account.h"
#include "catalogue/api.h"
#include "client/listener_guard.h"
#include "client/phases.h"
#include "client/same_listener.h"
#include "policy/tenant_check.h"

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
    phases_free(call->hooks); /* before what its view shows */
    decision_dispose(&call->decision);
    request_free(call->request);
    tokens_dispose(&call->tokens);
    buffer_dispose(&call->url);
    buffer_dispose(&call->body);
    confirm_free(call->read_back);
    thingspace_result_free(call->result);
    generation_free(call->generation);
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
    if (call->exchange) {
        transport_cancel(call->exchange);
        phases_note_end(call, call->reading ? "read-back" : "send", THINGSPACE_CANCELLED);
    }
    if (call->authorisation)
        keyring_cancel(call->authorisation);
    call->exchange = NULL;
    call->authorisation = NULL;
}

/* ---- the end: steps 6 to 8 ---- */

static void hand_over(call *call)
{
    thingspace_result *result = call->result;
    unlink_from(call);
    result->accepted = call->hooks && call->hooks->accepted;
    if (result->service && !result->request) {
        result->request = call->request;
        call->request = NULL;
    }
    call->result = NULL;
    call->done(result, call->user);
    destroy(call);
}

/* A success that a required audit hook could not note is none to whoever asked for the note. */
static void after_audit(call *call, thingspace_status status)
{
    thingspace_result *result = call->result;
    if (status != THINGSPACE_OK && result->status == THINGSPACE_OK) {
        result->status = status;
        error_copy(&result->error, &call->hooks->failure);
        error_set_account(&result->error, result->account);
        phases_add_to_message(&result->error, "; the call itself was done");
    }
    hand_over(call);
}

static void audit(call *call)
{
    phases_audit(call, call->result->status, after_audit);
}

static void after_error(call *call, thingspace_status ignored)
{
    (void)ignored;
    audit(call);
}

/* An answer that is a failure must not be looked for at the service. */
static void tell_who_answered(call *call, thingspace_status status)
{
    char text[200];
    bool is_answer =
        status == THINGSPACE_SERVICE || status == THINGSPACE_PROTOCOL || status == THINGSPACE_AUTH;
    if (!is_answer || !phases_have_reply(call))
        return;
    snprintf(text, sizeof(text), "; plugin instance '%.120s' answered, not the service",
             call->hooks->replied_by);
    phases_add_to_message(call_error(call), text);
}

static void fail(call *call, thingspace_status status)
{
    call->result->status = status;
    tell_who_answered(call, status);
    phases_tell_wait(call, status);
    error_set_account(&call->result->error, call->result->account);
    phases_run(call, PHASE_ERROR, after_error);
}

static void end_dry(call *call, thingspace_status status)
{
    bool probe = call->flags & CALL_PROBE;
    bool shows = !(call->flags & (CALL_PROBE | CALL_QUIET));
    if (shows && preview_write(call, status) != THINGSPACE_OK)
        status = error_memory(call_error(call));
    if (status == THINGSPACE_OK) {
        call->result->request = call->request;
        call->request = NULL;
    }
    call->result->status = status;
    if (status != THINGSPACE_OK && probe)
        fail(call, status);
    else
        hand_over(call);
}

static thingspace_status decode(call *call)
{
    if (!call->operation->decode)
        return THINGSPACE_OK;
    return call->operation->decode(call->result, call_error(call));
}

static void after_response(call *call, thingspace_status status)
{
    thingspace_error *error = call_error(call);
    if (status != THINGSPACE_OK && call->hooks->accepted)
        phases_add_to_message(error, "; the service had accepted the call");
    if (status == THINGSPACE_OK)
        status = decode(call);
    if (status != THINGSPACE_OK) {
        fail(call, status);
        return;
    }
    if (error->kind != THINGSPACE_OK)
        error_clear(error); /* that of an attempt before the one that succeeded */
    call->result->status = status;
    audit(call);
}

void call_finish(call *call, thingspace_status status)
{
    if (call->place.window) /* hooks may yet wait */
        windows_leave(&call->place, clock_monotonic_ms());
    if (call->flags & THINGSPACE_DRY_RUN) {
        end_dry(call, status);
    } else if (status != THINGSPACE_OK) {
        fail(call, status);
    } else {
        phases_accept(call);
        /* What was read back has no answer to show. */
        if (call->result->response.status == 0)
            after_response(call, THINGSPACE_OK);
        else
            phases_run(call, PHASE_RESPONSE, after_response);
    }
}

void call_cancel(call *call)
{
    stop_waiting(call);
    bool accepted = call->hooks && call->hooks->accepted;
    error_set(call_error(call), THINGSPACE_CANCELLED, "%s: interrupted%s", call->operation->name,
              accepted        ? "; the service had accepted the call"
              : call->attempt ? "; what was sent may have taken effect"
                              : "");
    call_finish(call, THINGSPACE_CANCELLED);
}

/* ---- the beginning: steps 1 to 3 ---- */

/* When the policy cannot decide, the operator's hooks are told of the failure all the same. */
static thingspace_status resolve(call *call, const thingspace_request *input)
{
    thingspace_status status = account_check(input->account, call_error(call));
    if (status != THINGSPACE_OK)
        return status;
    status = client_resolve(call->generation, &call->decision, input->account, call_error(call));
    thingspace_status opened = phases_open(call, input);
    return status != THINGSPACE_OK ? status : opened;
}

static void set_deadline(call *call, const thingspace_request *input)
{
    call->timeout_ms = input->timeout_ms > 0 ? input->timeout_ms
                                             : client_timeout_ms(call->client, &call->decision);
    if (call->timeout_ms > LIMIT_TIMEOUT_MS)
        call->timeout_ms = LIMIT_TIMEOUT_MS;
    call->deadline_ms = clock_monotonic_ms() + call->timeout_ms;
}

/* The other APIs are found from that of the endpoint. */
static thingspace_status choose_api(call *call, const thingspace_request *input)
{
    const endpoint *endpoint = call->decision.endpoint;
    const api_row **api = &call->result->api;
    thingspace_status status = api_row_find(api, input->api, call_error(call));
    if (status != THINGSPACE_OK || api_row_is_default(*api) || endpoint->root_size > 0)
        return status;
    return error_set(call_error(call), THINGSPACE_USAGE,
                     "endpoint %s: its api does not end in " API_BASE_PATH
                     ", so the %s API cannot be found from it; give an endpoint whose api does",
                     endpoint->name, (*api)->info.name);
}

thingspace_status call_write_url(const call *call, const request *request, buffer *out)
{
    const endpoint *endpoint = call->decision.endpoint;
    const api_row *api = call->result->api;
    if (api_row_is_default(api))
        return request_write_url(request, out, endpoint->api);
    buffer_append(out, endpoint->api, endpoint->root_size);
    return request_write_url(request, out, api->info.path);
}

static const char *method_of(const call *call, const thingspace_request *input)
{
    if (call->flags & CALL_UPDATE)
        return call->result->api->update_method;
    return input->method ? input->method : "GET";
}

static thingspace_status build(call *call, const thingspace_request *input)
{
    thingspace_error *error = call_error(call);
    thingspace_status status = choose_api(call, input);
    if (status == THINGSPACE_OK)
        status = request_new(&call->request, method_of(call, input), error);
    if (status == THINGSPACE_OK)
        status = call->operation->build(call->request, call->result->api, input, error);
    return status;
}

/* Hooks may have made it longer than it can be. */
static thingspace_status refuse_length(call *call, thingspace_status status, const char *what,
                                       int most)
{
    if (status == THINGSPACE_MEMORY)
        return error_memory(call_error(call));
    return error_set(call_error(call), THINGSPACE_USAGE,
                     "%s: the %s cannot be sent: it is longer than %d bytes, or nested too deep",
                     call->operation->name, what, most);
}

static thingspace_status render(call *call)
{
    thingspace_status status = call_write_url(call, call->request, &call->url);
    if (status != THINGSPACE_OK)
        return refuse_length(call, status, "URL", LIMIT_URL);
    if (call->operation->any_path && api_is_login(buffer_text(&call->url)))
        return error_set(call_error(call), THINGSPACE_USAGE,
                         "%s: a login is sent only where failed ones are counted: use "
                         "`thingspace auth login`",
                         call->operation->name);
    status = request_write_body(call->request, &call->body, JSON_REVEAL);
    if (status != THINGSPACE_OK)
        return refuse_length(call, status, "body", LIMIT_REQUEST_BODY);
    return THINGSPACE_OK;
}

/* ---- admission ---- */

static void end_early(call *call)
{
    call_finish(call, call_error(call)->kind);
}

static void tell_refused(call *call, const thingspace_error *why)
{
    error_copy(call_error(call), why);
    error_prefix(call_error(call), "%s", call->operation->name);
}

/* Goes on from the loop: this may run inside the end of another call. Its time begins now. */
static void end_wait(window_place *place, const thingspace_error *refused)
{
    call *call = place->user;
    if (refused)
        tell_refused(call, refused);
    else
        call->deadline_ms = clock_monotonic_ms() + call->timeout_ms;
    call_wait(call, 0, refused ? end_early : attempt_first);
    transport_wake(call->client->transport);
}

/* It puts right what a change has left half done: others wait for it, and it does not give up
 * because of them. */
static bool is_urgent(const call *call)
{
    return call->flags & (CALL_REPAIR | CALL_RESCUE);
}

static bool waits_for_breaker(const call *call, const thingspace_error *why, int64_t now_ms)
{
    return is_urgent(call) && why->retriable && now_ms + why->retry_after_ms < call->deadline_ms;
}

static void ask_for_place(call *call)
{
    thingspace_error why = THINGSPACE_ERROR_INIT;
    int64_t now = clock_monotonic_ms();
    thingspace_status status =
        windows_enter(&call->client->windows, &call->place, call->decision.endpoint,
                      call->result->account, is_urgent(call), now, &why);
    if (status == THINGSPACE_OK) {
        if (call->place.inside)
            attempt_first(call);
    } else if (waits_for_breaker(call, &why, now)) {
        call_wait(call, why.retry_after_ms, ask_for_place);
    } else {
        tell_refused(call, &why);
        call_finish(call, status);
    }
}

/* ---- from the request to the network ---- */

static bool is_granted(const json *body, void *user)
{
    const call *call = user;
    return tenant_check_body(call->decision.tenant, body, NULL) == THINGSPACE_OK;
}

/* That is the policy's refusal, whoever made the URL; a hook that did is named. */
static thingspace_status check_granted(call *call)
{
    const tenant *tenant = call->decision.tenant;
    thingspace_error *error = call_error(call);
    thingspace_status status = tenant_check_request(tenant, call->request, error);
    if (status != THINGSPACE_POLICY)
        return status;
    error_prefix(error, "%s%s%s of %s", call->operation->name, call->result->service ? " " : "",
                 call->result->service ? call->result->service : "", call->result->account);
    error_set_account(error, call->result->account);
    if (call->hooks)
        (void)phases_blame(call, journal_spoiler(&call->hooks->view, is_granted, call));
    error->kind = status;
    return status;
}

/* Where the hooks have run: what the tenant was granted counts for what became of the request. */
static void after_check(call *call, thingspace_status status)
{
    if (status == THINGSPACE_OK && !(call->flags & CALL_REPAIR))
        status = check_granted(call);
    if (status == THINGSPACE_OK && !(call->flags & CALL_REPAIR))
        status = listener_guard_check(call);
    if (status == THINGSPACE_OK && call->hooks && !(call->flags & CALL_REPAIR))
        status = same_listener_check(call);
    if (status == THINGSPACE_OK)
        status = render(call);
    if (status != THINGSPACE_OK || call->flags & THINGSPACE_DRY_RUN)
        call_finish(call, status);
    else if (phases_have_reply(call))
        attempt_take_reply(call);
    else
        ask_for_place(call);
}

static void after_request(call *call, thingspace_status status)
{
    request_freeze(call->request);
    if (status == THINGSPACE_OK)
        phases_run(call, PHASE_CHECK, after_check);
    else
        call_finish(call, status);
}

static thingspace_status prepare(call *call, const thingspace_request *input)
{
    thingspace_status status = resolve(call, input);
    set_deadline(call, input);
    if (status == THINGSPACE_OK)
        status = build(call, input);
    return status;
}

/* ---- what comes first in the loop ---- */

static void begin(call *call)
{
    phases_run(call, PHASE_REQUEST, after_request);
}

static thingspace_status make(call **out, thingspace_client *client, const operation *operation,
                              const thingspace_request *input)
{
    call *made = malloc(sizeof(*made)); /* dearer from calloc, which knows no thread's own blocks */
    if (!made)
        return THINGSPACE_MEMORY;
    *made = (call){.client = client, .operation = operation, .flags = input->flags};
    made->generation = generation_ref(client->generation);
    made->place.end = end_wait;
    made->place.user = made;
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
    bool rescue = input->flags & CALL_RESCUE && !client->doomed;
    if (client->interrupted && !rescue)
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
    call_wait(call, 0, status == THINGSPACE_OK ? begin : end_early);
    transport_wake(client->transport);
    *out = call;
    return THINGSPACE_OK;
}
