/* SPDX-License-Identifier: MIT */
/*
 * See account_read.h. One account goes this way:
 *
 *   1 account_read_start  the policy decides and declares
 *   2 on_listed           what is registered is there, with the first API and those it declares
 *   3 account_probe.h     each declared listener becomes a register that is not sent
 *   4 on_probed           they are there: what is to be compared is laid out
 *
 * Listed first, because `secret.registered` is what the list shows.
 */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/text.h"
#include "callbacks/plan/account_probe.h"
#include "callbacks/plan/account_read.h"
#include "callbacks/plan/listed_check.h"
#include "callbacks/start.h"
#include "client/call.h"

struct account_read {
    const account_reader *reader;
    char *account;
    account_read_done *done;
    void *user;
    decision decision;
    const char *owner;
    desired_listeners desired;
    thingspace_pending *listing;
    thingspace_result *listed[API_ROWS];
    account_listed lists[API_ROWS]; /* from the end on */
    plan_account accounts[API_ROWS];
    size_t listed_count;
    account_probes probes;
    account_wanted *wanted; /* of all lists, one after the other */
    plan_wanted *bodies;    /* the same */
    thingspace_error error; /* the first failure of the account */
    timer timer;            /* running: what failed at the beginning is yet to be told */
};

/* ---- life ---- */

void account_read_free(account_read *self)
{
    if (!self)
        return;
    account_probes_dispose(&self->probes);
    for (size_t i = 0; i < self->listed_count; i++)
        thingspace_result_free(self->listed[i]);
    free(self->wanted);
    free(self->bodies);
    desired_listeners_dispose(&self->desired);
    decision_dispose(&self->decision);
    free(self->account);
    free(self);
}

/* ---- the end ---- */

static void fail(account_read *self, const thingspace_error *error)
{
    if (self->error.kind == THINGSPACE_OK)
        error_copy(&self->error, error);
}

/* `self` may be gone afterwards. */
static void finish(account_read *self)
{
    self->done(self, self->error.kind == THINGSPACE_OK ? NULL : &self->error, self->user);
}

static bool is_selected(const account_read *self, size_t index)
{
    return selection_has_service(self->reader->selection, self->desired.items[index].service);
}

blocked_key account_read_key(const account_read *self, const account_wanted *wanted)
{
    const json *body = request_json(wanted->probe->request);
    return (blocked_key){
        .endpoint = self->decision.endpoint->api,
        .account = self->account,
        .api = wanted->listener->api,
        .service = wanted->listener->service,
        .url = json_get_string(body, wanted->probe->api->url_member),
        .username = json_get_string(body, "username"),
    };
}

static const char *find_blocked(const account_read *self, const account_wanted *wanted)
{
    if (!wanted->probe || !self->reader->blocked)
        return NULL;
    const blocked_key key = account_read_key(self, wanted);
    return blocked_find(self->reader->blocked, &key);
}

/* Lays out one list from `first` on; answers where the next one begins. */
static size_t lay_out(account_read *self, size_t index, size_t first)
{
    const thingspace_result *listed = self->listed[index];
    size_t count = first;
    for (size_t i = 0; i < self->desired.count; i++) {
        const desired_listener *listener = &self->desired.items[i];
        const account_probe *probe = &self->probes.items[i];
        if (!api_row_is(listed->api, listener->api))
            continue;
        const json *body = account_probe_body(probe);
        account_wanted *wanted = &self->wanted[count];
        *wanted = (account_wanted){listener, probe->url, body ? probe->result : NULL,
                                   account_probe_error(probe), probe->password};
        self->bodies[count++] = (plan_wanted){listener->service, body, find_blocked(self, wanted)};
    }
    self->accounts[index] = (plan_account){
        .name = self->account,
        .api = listed->api,
        .owner = self->owner,
        .rows = listed->rows,
        .row_count = listed->row_count,
        .wanted = self->bodies + first,
        .wanted_count = count - first,
        .selection = self->reader->selection,
    };
    self->lists[index] = (account_listed){listed, &self->accounts[index], self->wanted + first};
    return count;
}

static void end(account_read *self)
{
    size_t first = 0;
    self->wanted = calloc(self->desired.count + 1, sizeof(*self->wanted));
    self->bodies = calloc(self->desired.count + 1, sizeof(*self->bodies));
    if (!self->wanted || !self->bodies)
        error_memory(&self->error);
    for (size_t i = 0; i < self->listed_count && self->error.kind == THINGSPACE_OK; i++)
        first = lay_out(self, i, first);
    finish(self);
}

/* ---- 3, 4: what hooks make of what is declared ---- */

static void on_probed(void *user)
{
    account_read *self = user;
    if (self->probes.error.kind != THINGSPACE_OK)
        fail(self, &self->probes.error);
    if (self->error.kind == THINGSPACE_OK)
        end(self);
    else
        finish(self);
}

static void start_probes(account_read *self)
{
    const account_probe_input input = {
        .client = self->reader->client,
        .account = self->account,
        .desired = &self->desired,
        .selection = self->reader->selection,
        .listed = self->listed,
        .listed_count = self->listed_count,
    };
    account_probes_start(&self->probes, &input, on_probed, self);
}

/* ---- 1, 2: decide and list ---- */

/* NULL: not read yet. `api` NULL: connectivity. */
static const thingspace_result *listed_of(const account_read *self, const char *api)
{
    for (size_t i = 0; i < self->listed_count; i++)
        if (api_row_is(self->listed[i]->api, api))
            return self->listed[i];
    return NULL;
}

static void on_listed(thingspace_result *result, void *user);

static thingspace_status start_list(account_read *self, const char *api, thingspace_error *error)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_LIST;
    request.account = self->account;
    request.api = api;
    return start_begin(self->reader->client, &self->listing, &request, 0, on_listed, self, error);
}

/* One that is declared, or asked for, and not read yet; NULL: there is none. */
static const char *next_api(const account_read *self)
{
    for (size_t i = 0; i < self->desired.count && self->listed_count < API_ROWS; i++) {
        const char *api = self->desired.items[i].api;
        if (api && is_selected(self, i) && !listed_of(self, api))
            return api;
    }
    for (const char *const *api = self->reader->apis; api && *api; api++)
        if (!listed_of(self, *api))
            return *api;
    return NULL;
}

static void on_listed(thingspace_result *result, void *user)
{
    account_read *self = user;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    self->listing = NULL;
    self->listed[self->listed_count++] = result;
    const char *api = NULL;
    if (result->status != THINGSPACE_OK)
        fail(self, &result->error);
    else if (listed_check(result, self->account, &error) != THINGSPACE_OK)
        fail(self, &error);
    else
        api = next_api(self);
    if (api && start_list(self, api, &error) != THINGSPACE_OK)
        fail(self, &error);
    if (self->error.kind != THINGSPACE_OK)
        finish(self);
    else if (!api)
        start_probes(self);
}

static thingspace_status decide(account_read *self, thingspace_error *error)
{
    const account_reader *reader = self->reader;
    thingspace_status status =
        client_resolve(reader->generation, &self->decision, self->account, error);
    if (status != THINGSPACE_OK)
        return status;
    self->owner = self->decision.tenant ? self->decision.tenant->name : NULL;
    return policy_listeners(generation_policy(reader->generation), &self->desired, self->account,
                            error);
}

static void tell_failed(timer *timer, void *user)
{
    (void)timer;
    account_read *self = user;
    self->reader->client->pending--;
    finish(self);
}

/* What the policy says of the account is told from the loop. */
static thingspace_status fail_later(account_read *self, const thingspace_error *why,
                                    thingspace_error *error)
{
    thingspace_client *client = self->reader->client;
    thingspace_status status = client_open_transport(client, error);
    if (status != THINGSPACE_OK)
        return status;
    fail(self, why);
    timer_init(&self->timer, tell_failed, self);
    timers_start(transport_timers(client->transport), &self->timer, 0);
    client->pending++;
    return THINGSPACE_OK;
}

static thingspace_status make(account_read **out, const account_reader *reader, const char *account)
{
    account_read *made = calloc(1, sizeof(*made));
    *out = made;
    if (!made)
        return THINGSPACE_MEMORY;
    made->reader = reader;
    made->error = (thingspace_error)THINGSPACE_ERROR_INIT;
    made->account = text_copy(account);
    return made->account ? THINGSPACE_OK : THINGSPACE_MEMORY;
}

static thingspace_status begin(account_read *self, thingspace_error *error)
{
    thingspace_error why = THINGSPACE_ERROR_INIT;
    thingspace_status status = decide(self, &why);
    if (status == THINGSPACE_OK)
        return start_list(self, NULL, error);
    return status == THINGSPACE_MEMORY ? error_memory(error) : fail_later(self, &why, error);
}

thingspace_status account_read_start(account_read **out, const account_reader *reader,
                                     const char *account, account_read_done *done, void *user,
                                     thingspace_error *error)
{
    account_read *made;
    *out = NULL;
    thingspace_status status = make(&made, reader, account);
    if (status == THINGSPACE_OK) {
        made->done = done;
        made->user = user;
        status = begin(made, error);
    } else {
        error_memory(error);
    }
    if (status != THINGSPACE_OK) {
        account_read_free(made);
        return status;
    }
    *out = made;
    return THINGSPACE_OK;
}

/* ---- cancelling ---- */

static void cancel_told_later(account_read *self)
{
    timers_stop(transport_timers(self->reader->client->transport), &self->timer);
    error_set(&self->error, THINGSPACE_CANCELLED, "interrupted");
    tell_failed(NULL, self);
}

void account_read_cancel(account_read *self)
{
    if (self->timer.running) {
        cancel_told_later(self);
    } else if (self->listing) {
        thingspace_call_cancel(self->listing);
    } else {
        account_probes_cancel(&self->probes);
    }
}

/* ---- what can be asked ---- */

const char *account_read_name(const account_read *self)
{
    return self->account;
}

const decision *account_read_decision(const account_read *self)
{
    return &self->decision;
}

thingspace_request account_read_request(const account_read *self, const account_wanted *wanted)
{
    return account_probe_request(self->account, wanted->listener, wanted->url, wanted->password);
}

size_t account_read_count(const account_read *self)
{
    return self->bodies ? self->listed_count : 0;
}

account_listed account_read_at(const account_read *self, size_t index)
{
    return self->lists[index];
}

thingspace_status account_read_hear(const account_read *self, ours *ours)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < self->desired.count && status == THINGSPACE_OK; i++) {
        const account_probe *probe = self->probes.items ? &self->probes.items[i] : NULL;
        const json *body = probe ? account_probe_body(probe) : NULL;
        status = ours_declare(ours, self->owner, self->desired.items[i].url);
        if (body && status == THINGSPACE_OK)
            status = ours_declare(ours, self->owner,
                                  json_get_string(body, probe->result->api->url_member));
    }
    return status;
}
