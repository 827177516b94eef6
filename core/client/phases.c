/* SPDX-License-Identifier: MIT */
/*
 * See phases.h. A phase is left for a wait and gone on with from the loop. While hooks run, the
 * client is closed: what a hook could do there (start, cancel, reload, free) would pull the call
 * away under it.
 */
#include <config.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "catalogue/fault.h"
#include "catalogue/sensitive.h"
#include "client/phases.h"

/* ---- life ---- */

/* SplitMix64 over a random start: ids must differ, not be secret. */
static uint64_t next_id(thingspace_client *client)
{
    if (client->ids == 0)
        randombytes_buf(&client->ids, sizeof(client->ids));
    uint64_t bits = client->ids += 0x9e3779b97f4a7c15u;
    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
    return bits ^ bits >> 31;
}

static void fill_view(hooks *self, const call *call, const thingspace_request *input)
{
    view *view = &self->view;
    view_init(view, next_id(call->client));
    view->account = call->result->account;
    view->operation = call->operation->name;
    view->service = call->result->service;
    view->url = self->url;
    view->tenant = call->decision.tenant ? call->decision.tenant->name : NULL;
    view->endpoint = call->decision.endpoint ? call->decision.endpoint->name : NULL;
    view->tags = call->decision.tags;
    view->reason = call->client->reason;
    view->plan = call->client->plan_id;
    view->dry_run = input->flags & THINGSPACE_DRY_RUN;
    view->time_ms = view->dry_run ? input->time_ms : 0;
    bool shows = view->dry_run && !(input->flags & (CALL_PROBE | CALL_QUIET));
    view->trace = shows ? &self->trace : NULL;
}

/* A URL with a password in front of its host is refused; its hooks are told, without that. */
static void hide_userinfo(char *url)
{
    char *at = NULL, *colon = url ? strstr(url, "://") : NULL;
    char *begin = colon ? colon + strlen("://") : url;
    for (char *c = begin; c && *c && !strchr("/?#", *c); c++)
        at = *c == '@' ? c : at;
    if (!at || at == begin)
        return;
    size_t size = (size_t)(at - begin), stars = strlen(SENSITIVE_MASK);
    stars = size < stars ? size : stars;
    memset(begin, '*', stars);
    memmove(begin + stars, at, strlen(at) + 1);
}

thingspace_status phases_open(call *call, const thingspace_request *input)
{
    call->chain = generation_chain(call->generation, call->decision.tenant);
    if (!call->chain)
        return THINGSPACE_OK;
    hooks *made = malloc(sizeof(*made)); /* the list of attempts is filled as they come */
    if (!made)
        return error_memory(call_error(call));
    made->url = text_copy(input->url);
    if (input->url && !made->url) {
        free(made);
        return error_memory(call_error(call));
    }
    hide_userinfo(made->url);
    fill_view(made, call, input);
    trace_init(&made->trace);
    response_init(&made->reply);
    made->failure.size = sizeof(made->failure);
    made->replied_by = NULL;
    made->accepted = false;
    made->dry_wait_ms = 0;
    made->longest_wait_ms = 0;
    made->began_ms = clock_monotonic_ms();
    made->began_wall_ms = clock_wall_ms();
    made->attempt_count = 0;
    call->hooks = made;
    return THINGSPACE_OK;
}

void phases_free(hooks *self)
{
    if (!self)
        return;
    view_dispose(&self->view);
    trace_dispose(&self->trace);
    response_dispose(&self->reply);
    free(self->url);
    free(self);
}

/* ---- one phase ---- */

static void go_on(call *call);

static thingspace_error *error_of(call *call, phase phase)
{
    return phase < PHASE_ERROR ? call_error(call) : &call->hooks->failure;
}

static void name_instance(const instance *by, phase phase, thingspace_error *error,
                          thingspace_status kind)
{
    instance_name_error(by, phase, error);
    error->kind = kind;
}

static thingspace_status refuse_wait(call *call, const instance *by, int64_t wait_ms)
{
    char title[INSTANCE_TITLE];
    thingspace_error *error = call_error(call);
    error_set(error, THINGSPACE_TIMEOUT,
              "%s: %s hook: a wait of %lld ms goes beyond the call's deadline; allow more time, or "
              "fewer calls at once",
              instance_title(by, title), phase_of(call->hooks->dispatch.phase)->name,
              (long long)wait_ms);
    name_instance(by, call->hooks->dispatch.phase, error, THINGSPACE_TIMEOUT);
    return THINGSPACE_TIMEOUT;
}

static void take_reply(call *call, verdict *verdict, const instance *by)
{
    call->hooks->replied_by = by->name;
    response_move(&call->hooks->reply, verdict->reply);
}

static dispatch_outcome run(call *call, verdict *verdict, const instance **by)
{
    hooks *self = call->hooks;
    thingspace_client *client = call->client;
    client->in_hook = true;
    dispatch_outcome outcome = dispatch_run(&self->dispatch, &self->view, verdict, by, &client->log,
                                            error_of(call, self->dispatch.phase));
    client->in_hook = false;
    return outcome;
}

/* A dry run does not wait, but tells what would fail. A probe is of no call of its own. */
static bool is_beyond(call *call, int64_t wait_ms)
{
    hooks *self = call->hooks;
    if (!self->view.dry_run)
        return clock_monotonic_ms() + wait_ms >= call->deadline_ms;
    self->dry_wait_ms += wait_ms;
    return self->view.trace && self->dry_wait_ms >= call->timeout_ms;
}

/* True: the call is parked. */
static bool park(call *call, const verdict *verdict, const instance *by, thingspace_status *status)
{
    *status = THINGSPACE_OK;
    if (is_beyond(call, verdict->wait_ms)) {
        *status = refuse_wait(call, by, verdict->wait_ms);
        return false;
    }
    if (call->hooks->view.dry_run)
        return false;
    if (verdict->wait_ms > call->hooks->longest_wait_ms) {
        call->hooks->longest_wait_ms = verdict->wait_ms;
        call->hooks->longest_wait_by = by;
    }
    call_wait(call, verdict->wait_ms, go_on);
    return true;
}

static void go_on(call *call)
{
    hooks *self = call->hooks;
    thingspace_status status = THINGSPACE_OK;
    dispatch_outcome outcome;
    do {
        verdict verdict;
        const instance *by = NULL;
        verdict_init(&verdict);
        outcome = run(call, &verdict, &by);
        bool parked = outcome == DISPATCH_WAIT && park(call, &verdict, by, &status);
        if (outcome == DISPATCH_REPLY)
            take_reply(call, &verdict, by);
        verdict_dispose(&verdict);
        if (parked)
            return;
    } while (outcome == DISPATCH_WAIT && status == THINGSPACE_OK);
    if (outcome == DISPATCH_FAILED)
        status = error_of(call, self->dispatch.phase)->kind;
    self->next(call, status);
}

void phases_run(call *call, phase phase, call_step *next)
{
    hooks *self = call->hooks;
    bool skipped = call->flags & CALL_REPAIR && phase < PHASE_ERROR;
    if (!self || skipped || !chain_has(call->chain, phase)) {
        next(call, THINGSPACE_OK);
        return;
    }
    dispatch_begin(&self->dispatch, call->chain, phase);
    self->next = next;
    self->view.attempt = call->attempt;
    self->view.request = call->request;
    if (phase == PHASE_RESPONSE)
        self->view.response = &call->result->response;
    if (phase == PHASE_ERROR)
        self->view.failure = call_error(call); /* stays: the audit tells what became of it */
    go_on(call);
}

void phases_audit(call *call, thingspace_status status, call_step *next)
{
    hooks *self = call->hooks;
    if (!self || !chain_has(call->chain, PHASE_AUDIT)) {
        next(call, THINGSPACE_OK);
        return;
    }
    self->event = (event){
        .view = &self->view,
        .status = status,
        .error = status == THINGSPACE_OK ? NULL : call_error(call),
        .http_status = call->result->response.status,
        .time_ms = self->began_wall_ms,
        .duration_ms = clock_monotonic_ms() - self->began_ms,
        .attempts = self->attempts,
        .attempt_count = self->attempt_count,
        .replied_by = self->replied_by,
    };
    self->view.event = &self->event;
    phases_run(call, PHASE_AUDIT, next);
}

/* ---- what the service has done ---- */

void phases_accept(call *call)
{
    if (call->hooks)
        call->hooks->accepted = !call->hooks->replied_by;
}

/* The text is never cut; the message is, between two characters. */
void phases_add_to_message(thingspace_error *error, const char *text)
{
    size_t size = strlen(text) + 1, at = strlen(error->message);
    if (at + size > sizeof(error->message)) {
        at = sizeof(error->message) - size;
        while (at > 0 && (error->message[at] & 0xc0) == 0x80)
            at--;
    }
    memcpy(error->message + at, text, size);
}

void phases_tell_wait(call *call, thingspace_status status)
{
    const hooks *self = call->hooks;
    char title[INSTANCE_TITLE], text[INSTANCE_TITLE + 64];
    thingspace_error *error = call_error(call);
    if (status != THINGSPACE_TIMEOUT || !self || self->longest_wait_ms == 0 || *error->instance)
        return;
    snprintf(text, sizeof(text), "; %s had made it wait %lld ms",
             instance_title(self->longest_wait_by, title), (long long)self->longest_wait_ms);
    phases_add_to_message(error, text);
}

/* ---- what hooks have made of the request ---- */

thingspace_status phases_blame(call *call, journal_author author)
{
    char title[INSTANCE_TITLE];
    thingspace_error *error = call_error(call);
    if (!author.instance || error->kind == THINGSPACE_MEMORY)
        return error->kind;
    error_prefix(error, "%s: %s hook", instance_title(author.instance, title),
                 phase_of(author.phase)->name);
    error_set_account(error, call->result->account);
    name_instance(author.instance, author.phase, error, THINGSPACE_PLUGIN);
    return THINGSPACE_PLUGIN;
}

/* ---- the list of exchanges ---- */

/* The last place is that of the latest, should there ever be more than expected. */
static void add(hooks *self, const event_attempt *attempt)
{
    if (self->attempt_count == PHASES_ATTEMPTS)
        self->attempt_count--;
    self->attempts[self->attempt_count++] = *attempt;
}

void phases_sent(call *call)
{
    if (call->hooks)
        call->hooks->sent_ms = clock_monotonic_ms();
}

static thingspace_status kind_of(const response *answer)
{
    fault fault;
    if (answer->status >= 200 && answer->status < 300)
        return THINGSPACE_OK;
    if (fault_parse(&fault, buffer_text(&answer->body), answer->body.size) != THINGSPACE_OK)
        return THINGSPACE_SERVICE;
    return fault_status(&fault, answer->status);
}

void phases_note_answer(call *call, const char *what, const exchange_result *outcome)
{
    hooks *self = call->hooks;
    if (!self)
        return;
    bool answered = outcome->status == THINGSPACE_OK;
    const event_attempt attempt = {
        .what = what,
        .http_status = answered ? outcome->response.status : 0,
        .status = answered ? kind_of(&outcome->response) : outcome->status,
        .ms = clock_monotonic_ms() - self->sent_ms,
    };
    add(self, &attempt);
}

void phases_note_end(call *call, const char *what, thingspace_status status)
{
    hooks *self = call->hooks;
    if (!self)
        return;
    const event_attempt attempt = {
        .what = what, .status = status, .ms = clock_monotonic_ms() - self->sent_ms};
    add(self, &attempt);
}

void phases_note_tokens(const keyring_exchange *exchange, void *user)
{
    call *call = user;
    const event_attempt attempt = {exchange->what, exchange->http_status, exchange->status,
                                   exchange->ms};
    add(call->hooks, &attempt);
}
