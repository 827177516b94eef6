/* SPDX-License-Identifier: MIT */
/*
 * Steps 4 and 5: tokens, one attempt after another, and what each outcome means.
 *
 *   2xx                          done
 *   a token is refused           renewed once for each token, then sent again; a later call may
 *                                do better where the service accepts others of theirs, or could
 *                                hardly do so yet
 *   408, 429, 5xx                again, when that is safe, after Retry-After or a jittered wait
 *   no answer, nothing sent      again
 *   no answer, perhaps applied   read back (confirm.c), else again only if repeatable
 *   3xx, unreadable              an error
 */
#include <config.h>
#include <sodium.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "catalogue/api.h"
#include "catalogue/fault.h"
#include "client/phases.h"
#include "client/redact.h"

/* Kept for the read-back, so that a time-out leaves time to learn what became of it. */
#define CONFIRM_RESERVE_MS 5000

#define ENDED_IN_USE                                                                               \
    "tokens ended while they were used, the renewed one too: try again; another program may log "  \
    "in with the same username, or revoke the tokens"

/* ---- authorise ---- */

/* Also of an endpoint that cannot be reached; all calls that wait for one exchange are told. */
static void note_no_tokens(call *call, const thingspace_error *error)
{
    bool unreached = error->kind == THINGSPACE_NETWORK || error->kind == THINGSPACE_TIMEOUT;
    error_copy(call_error(call), error);
    if (unreached && error->retriable && error->http_status == 0)
        windows_note_shared(&call->place, error, clock_monotonic_ms());
}

static void on_tokens(thingspace_status status, const tokens *tokens, const thingspace_error *error,
                      void *user)
{
    call *call = user;
    call->authorisation = NULL;
    if (status == THINGSPACE_OK)
        tokens_copy(&call->tokens, tokens);
    else
        note_no_tokens(call, error);
    call->authorised(call, status);
}

/* `refused`: the tokens that the service has just refused, or NULL. */
static void authorise(call *call, const tokens *refused, call_authorised *next)
{
    thingspace_client *client = call->client;
    thingspace_status status = client_open_keyring(client, call_error(call));
    const endpoint *endpoint = call->decision.endpoint;
    credential *credential = call->decision.credential;
    bool at_hand = status == THINGSPACE_OK && !refused &&
                   keyring_at_hand(client->keyring, endpoint, credential, &call->tokens);
    call->authorised = next;
    if (status == THINGSPACE_OK && !at_hand)
        status = keyring_authorise(client->keyring, &call->authorisation, endpoint, credential,
                                   refused, call->deadline_ms, on_tokens, call, call_error(call));
    if (status != THINGSPACE_OK || at_hand)
        next(call, status);
    else if (call->hooks)
        keyring_watch(call->authorisation, phases_note_tokens);
}

bool attempt_renew(call *call, const response *answer, call_authorised *next)
{
    fault fault;
    if (fault_parse(&fault, buffer_text(&answer->body), answer->body.size) != THINGSPACE_OK)
        return false;
    fault_token_kind kind = fault_token(&fault, answer->status);
    tokens refused = {0};
    if (kind == FAULT_TOKEN_BEARER && !call->renewed_bearer) {
        call->renewed_bearer = true;
        refused.bearer = call->tokens.bearer;
    } else if (kind == FAULT_TOKEN_SESSION && !call->renewed_session) {
        call->renewed_session = true;
        refused.session = call->tokens.session;
    } else {
        return false;
    }
    authorise(call, &refused, next);
    return true;
}

/* ---- send ---- */

static int64_t attempt_deadline(const call *call)
{
    if (!call->operation->reader)
        return call->deadline_ms;
    int64_t left = call->deadline_ms - clock_monotonic_ms();
    int64_t reserve = left / 3 < CONFIRM_RESERVE_MS ? left / 3 : CONFIRM_RESERVE_MS;
    return call->deadline_ms - (reserve > 0 ? reserve : 0);
}

thingspace_status attempt_send(call *call, const request *request, const buffer *url,
                               const buffer *body, bool fresh, exchange_done *done)
{
    /* Borrowed, and fit for a header: no others are taken from an answer or the state directory. */
    header items[] = {
        {.name = "Authorization", .value = "Bearer ", .secret = call->tokens.bearer},
        {.name = API_SESSION_HEADER, .value = "", .secret = call->tokens.session},
    };
    const headers fields = {.items = items, .count = sizeof(items) / sizeof(items[0])};
    const exchange_request sent = {
        .method = request_method(request),
        .url = buffer_text(url),
        .fields = request_headers(request),
        .tokens = &fields,
        .body = body && request_json(request) ? buffer_text(body) : NULL,
        .body_size = body ? body->size : 0,
        .deadline_ms = body ? attempt_deadline(call) : call->deadline_ms,
        .private_allowed = call->decision.endpoint->private_allowed,
        .fresh_connection = fresh,
    };
    call->result->attempts++;
    call->reading = !body;
    phases_sent(call);
    return transport_send(call->client->transport, &call->exchange, &sent, done, call,
                          call_error(call));
}

/* ---- what came back ---- */

static const char *name_of(const call *call)
{
    return call->operation->name;
}

/* The renewed token was refused too. */
static bool is_refused_again(const call *call, const fault *fault, int http_status)
{
    fault_token_kind kind = fault_token(fault, http_status);
    bool renewed = kind == FAULT_TOKEN_BEARER    ? call->renewed_bearer
                   : kind == FAULT_TOKEN_SESSION ? call->renewed_session
                                                 : false;
    return renewed && fault_names_token(fault);
}

static thingspace_status explain(call *call, const response *answer)
{
    thingspace_error *error = call_error(call);
    fault fault;
    const buffer *body = &answer->body;
    if (fault_parse_hiding(&fault, buffer_text(body), body->size, redact_said, call))
        return error_memory(error);
    thingspace_status status = fault_status(&fault, answer->status);
    keyring *ring = call->client->keyring;
    const endpoint *at = call->decision.endpoint;
    const credential *of = call->decision.credential;
    bool again = is_refused_again(call, &fault, answer->status);
    bool ended = again && keyring_is_in_use(ring, at, of);
    const char *hint = ended ? ENDED_IN_USE : fault_hint(&fault);
    if (answer->status >= 300 && answer->status < 400)
        error_set(error, THINGSPACE_PROTOCOL,
                  "%s: unexpected redirect (HTTP %d); redirects are never followed: check the "
                  "endpoint's URL",
                  name_of(call), answer->status);
    else
        error_set(error, status, "%s: %s%s%s (HTTP %d)%s%s", name_of(call),
                  fault.text[0] ? fault.text : "the service gave no reason",
                  fault.code[0] ? " " : "", fault.code, answer->status, hint ? "; " : "",
                  hint ? hint : "");
    error_set_code(error, fault.code);
    error_set_http(error, answer->status);
    int64_t wait = retry_after_ms(response_header(answer, "Retry-After"), clock_wall_ms());
    if (error) {
        error->retriable = ended || (again && keyring_is_new(ring, at, of)) ||
                           retry_status_is_transient(answer->status);
        error->retry_after_ms = wait > 0 ? wait : 0;
    }
    return error->kind;
}

static int64_t wait_before_next(const call *call, const response *answer)
{
    int64_t asked = -1;
    if (answer)
        asked = retry_after_ms(response_header(answer, "Retry-After"), clock_wall_ms());
    int64_t jitter = retry_backoff_ms(call->attempt + 1, randombytes_random());
    return asked > jitter ? asked : jitter;
}

static void send_counted(call *call);

bool attempt_again(call *call, const response *answer)
{
    if (call->attempt >= RETRY_ATTEMPTS)
        return false;
    int64_t wait = wait_before_next(call, answer);
    int64_t when = clock_monotonic_ms() + wait;
    if (when >= call->deadline_ms || windows_refuse(&call->place, when))
        return false;
    if (!budgets_withdraw(&call->client->budgets, call->decision.endpoint->name,
                          call->result->account))
        return false;
    log_write(&call->client->log, THINGSPACE_LOG_INFO, "%s %s: attempt %u failed; again in %lld ms",
              name_of(call), call->result->account, call->attempt, (long long)wait);
    call_wait(call, wait, send_counted);
    return true;
}

static void judge_failure_status(call *call, const response *answer)
{
    bool transient = retry_status_is_transient(answer->status);
    bool told = response_header(answer, "Retry-After") != NULL;
    bool may_have_happened = retry_status_is_unknown(answer->status) && !told;
    thingspace_status status = explain(call, answer);
    if (transient && may_have_happened)
        call->unknown = true;
    if (call->unknown && call->operation->reader) {
        confirm_start(call);
        return;
    }
    bool safe = !may_have_happened || call->operation->repeatable;
    if (transient && safe && attempt_again(call, answer))
        return;
    call_finish(call, status);
}

static void send_uncounted(call *call, thingspace_status status);

static void judge_answer(call *call, response *answer)
{
    response_move(&call->result->response, answer);
    answer = &call->result->response;
    if (answer->status >= 200 && answer->status < 300) {
        keyring_used(call->client->keyring, call->decision.endpoint, call->decision.credential);
        call_finish(call, THINGSPACE_OK);
    } else if (!attempt_renew(call, answer, send_uncounted)) {
        judge_failure_status(call, answer);
    }
}

static bool is_worth_repeating(thingspace_status status)
{
    return status == THINGSPACE_NETWORK || status == THINGSPACE_TIMEOUT;
}

static void judge_no_answer(call *call, const exchange_result *outcome)
{
    thingspace_error *error = call_error(call);
    error_copy(error, &outcome->error);
    error_prefix(error, "%s", name_of(call));
    if (outcome->sent)
        call->unknown = true;
    if (call->unknown && call->operation->reader) {
        confirm_start(call);
        return;
    }
    bool safe = !outcome->sent || call->operation->repeatable;
    if (is_worth_repeating(outcome->status) && safe && attempt_again(call, NULL))
        return;
    call_finish(call, outcome->status);
}

/* An answer, whatever it says, is one of an endpoint that can be reached. */
static void note_reached(call *call, const exchange_result *outcome)
{
    if (outcome->status == THINGSPACE_OK || outcome->answered)
        windows_note_reached(&call->place);
    else if (outcome->error.retriable)
        windows_note_failed(&call->place, &outcome->error, clock_monotonic_ms());
}

static void on_exchange(exchange_result *outcome, void *user)
{
    call *call = user;
    call->exchange = NULL;
    note_reached(call, outcome);
    phases_note_answer(call, "send", outcome);
    if (outcome->status == THINGSPACE_OK)
        judge_answer(call, &outcome->response);
    else
        judge_no_answer(call, outcome);
}

/* With new tokens, because the old ones were refused: the service did not look at the request, so
 * that was no attempt of it. */
static void send_uncounted(call *call, thingspace_status status)
{
    bool fresh = !call->operation->repeatable && !call->operation->reader;
    if (status == THINGSPACE_OK)
        status = attempt_send(call, call->request, &call->url, &call->body, fresh, on_exchange);
    if (status != THINGSPACE_OK)
        call_finish(call, status);
}

static void send_counted(call *call)
{
    call->attempt++;
    send_uncounted(call, THINGSPACE_OK);
}

static void send_first(call *call, thingspace_status status)
{
    if (status != THINGSPACE_OK) {
        call_finish(call, status);
        return;
    }
    budgets_deposit(&call->client->budgets, call->decision.endpoint->name, call->result->account);
    send_counted(call);
}

/* No token was used and nothing will be repeated: a hook's answer is the last word. */
void attempt_take_reply(call *call)
{
    response *answer = &call->result->response;
    response_move(answer, &call->hooks->reply);
    bool good = answer->status >= 200 && answer->status < 300;
    call_finish(call, good ? THINGSPACE_OK : explain(call, answer));
}

void attempt_first(call *call)
{
    authorise(call, NULL, send_first);
}
