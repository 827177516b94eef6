/* SPDX-License-Identifier: MIT */
/*
 * See repair.h. One record after the other: there are as many as a run had in flight. A removal
 * that was on its way when its process died may yet take effect: for a minute the record outlives
 * the sight of the old listener.
 */
#include <config.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "callbacks/repair.h"
#include "callbacks/start.h"
#include "client/call.h"

/* How long a request that has left may take: twice the default time-out. */
#define UNDER_WAY_MS (60 * 1000)

typedef struct repair {
    thingspace_client *client;
    repair_told *told;
    void *user;
    thingspace_error failure; /* of the present record */
} repair;

/* The record may be of another policy. */
static bool concerns(thingspace_client *client, const intent *intent)
{
    cleanup_decision decision decision = {0};
    return client_resolve(client->generation, &decision, intent->account, NULL) == THINGSPACE_OK &&
           text_equal(decision.endpoint->api, intent->endpoint);
}

static thingspace_request request_of(const intent *intent, thingspace_operation operation)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = operation;
    request.account = intent->account;
    request.api = intent->api;
    return request;
}

static bool is_under_way(const intent *intent)
{
    int64_t age_ms = clock_wall_ms() - intent->noted_ms;
    return age_ms >= 0 && age_ms < UNDER_WAY_MS;
}

/* `*verdict` is of what is listed; `*listed` false: nothing is. */
static thingspace_status look(repair *self, const intent *intent, bool *listed,
                              intent_verdict *verdict)
{
    thingspace_request request = request_of(intent, THINGSPACE_LIST);
    thingspace_result *result = NULL;
    thingspace_status status =
        start_perform(self->client, &result, &request, CALL_REPAIR, &self->failure);
    const listener_row *row = status == THINGSPACE_OK ? result_find(result, intent->service) : NULL;
    bool waits = row && intent_is_row(&intent->old, row) && is_under_way(intent);
    *listed = row != NULL;
    *verdict = waits ? INTENT_KEPT : INTENT_OVER;
    thingspace_result_free(result);
    return status;
}

static thingspace_status put(repair *self, const intent *intent, const intent_listener *listener)
{
    thingspace_request request = request_of(intent, THINGSPACE_REGISTER);
    thingspace_request complete;
    request.service = intent->service;
    request.url = listener->url;
    request.username = listener->username;
    request.password = listener->password;
    start_copy_request(&complete, &request);
    thingspace_result *result = NULL;
    thingspace_status status =
        start_perform(self->client, &result, &complete, CALL_REPAIR, &self->failure);
    if (result && result->accepted)
        status = THINGSPACE_OK;
    thingspace_result_free(result);
    return status;
}

/* Nothing says that the next one, or a later try in this run, fares better. */
static bool is_no_answer(thingspace_status status)
{
    return status != THINGSPACE_SERVICE && status != THINGSPACE_USAGE &&
           status != THINGSPACE_POLICY && status != THINGSPACE_REFUSED;
}

static void tell(repair *self, const intent *intent, const char *url)
{
    const log_target *log = &self->client->log;
    if (url)
        log_write(log, THINGSPACE_LOG_WARNING,
                  "%s %s had no listener, since an earlier run died while replacing it; registered "
                  "again: %s",
                  intent->account, intent->service, url);
    else
        log_write(log, THINGSPACE_LOG_WARNING,
                  "%s %s may have no listener, since an earlier run died while replacing it, and "
                  "it cannot be registered again now: %s",
                  intent->account, intent->service, self->failure.message);
    if (self->told)
        self->told(intent, url, url ? NULL : &self->failure, self->user);
}

static intent_verdict register_again(repair *self, const intent *intent)
{
    const intent_listener *listener = &intent->wanted;
    thingspace_status status = put(self, intent, listener);
    if (status != THINGSPACE_OK && !is_no_answer(status) && intent->old.url) {
        listener = &intent->old;
        status = put(self, intent, listener);
    }
    tell(self, intent, status == THINGSPACE_OK ? listener->url : NULL);
    if (status == THINGSPACE_OK)
        return INTENT_OVER;
    return is_no_answer(status) ? INTENT_STOP : INTENT_KEPT;
}

static intent_verdict repair_one(const intent *intent, void *user)
{
    repair *self = user;
    bool listed = false;
    error_clear(&self->failure);
    if (!concerns(self->client, intent))
        return INTENT_KEPT;
    intent_verdict verdict;
    thingspace_status status = look(self, intent, &listed, &verdict);
    if (status == THINGSPACE_OK && !listed)
        return register_again(self, intent);
    if (status == THINGSPACE_OK)
        return verdict;
    tell(self, intent, NULL);
    return is_no_answer(status) ? INTENT_STOP : INTENT_KEPT;
}

/* ---- all records ---- */

/* A directory that has not changed since it held no record holds none. One that has just changed
 * may change again at what is the same time to the file system. */
#define SETTLED_NS ((int64_t)1000000000)

static thingspace_status visit_all(thingspace_client *client, intent_each_function *each,
                                   void *user, thingspace_error *error)
{
    bool none;
    int64_t changed_ns = state_changed_ns(client->state);
    if (changed_ns != 0 && changed_ns == client->tidy_ns)
        return THINGSPACE_OK;
    bool settled = clock_wall_ms() * 1000000 - changed_ns > SETTLED_NS;
    thingspace_status status = intent_each(client->state, &none, &client->log, each, user, error);
    client->tidy_ns = none && settled ? changed_ns : 0;
    return status;
}

/* A state directory that cannot be used holds nothing, and is the error of the next login. */
static thingspace_status visit(thingspace_client *client, intent_each_function *each, void *user,
                               thingspace_error *error)
{
    thingspace_error why = THINGSPACE_ERROR_INIT;
    thingspace_status status = client_open_keyring(client, error);
    if (status != THINGSPACE_OK || !client->state)
        return status;
    status = visit_all(client, each, user, &why);
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (status != THINGSPACE_OK)
        log_write(&client->log, THINGSPACE_LOG_WARNING, "%s", why.message);
    return THINGSPACE_OK;
}

thingspace_status repair_all(thingspace_client *client, repair_told *told, void *user,
                             thingspace_error *error)
{
    repair self = {.client = client, .told = told, .user = user, .failure = THINGSPACE_ERROR_INIT};
    thingspace_status status = client_check_blocking(client, error);
    if (status == THINGSPACE_OK)
        status = visit(client, repair_one, &self, error);
    if (status == THINGSPACE_OK && self.failure.kind == THINGSPACE_CANCELLED) {
        error_copy(error, &self.failure);
        return THINGSPACE_CANCELLED;
    }
    return status;
}

/* ---- what is not wanted any more ---- */

typedef struct unwanted {
    thingspace_client *client;
    const char *account, *api, *service;
} unwanted;

static intent_verdict end_unwanted(const intent *intent, void *user)
{
    const unwanted *self = user;
    bool is_it = text_equal(intent->account, self->account) &&
                 text_equal(intent->service, self->service) && text_equal(intent->api, self->api);
    return is_it && concerns(self->client, intent) ? INTENT_OVER : INTENT_KEPT;
}

thingspace_status repair_forget(thingspace_client *client, const char *account, const char *api,
                                const char *service, thingspace_error *error)
{
    unwanted self = {client, account, intent_api(api), service};
    return visit(client, end_unwanted, &self, error);
}
