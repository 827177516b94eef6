/* SPDX-License-Identifier: MIT */
/*
 * The steps, each the `done` of a call:
 *
 *   posted     accepted: done. Refused, and there is an old listener: the intent is written,
 * DELETE. removed    done: POST again. In doubt: the old one is put back. Refused: it is still
 * there. made       done. Else: the old one is put back. restored   told. Else: the list tells what
 * there is. looked     told; where nothing is registered, the record stays for the next run.
 *
 * From the second POST on an interruption waits (CALL_RESCUE). What is put back goes as it was:
 * hooks are told of it, but change nothing (CALL_REPAIR).
 */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/text.h"
#include "callbacks/intent.h"
#include "callbacks/start.h"
#include "callbacks/update.h"
#include "client/call.h"

struct update {
    thingspace_client *client;
    thingspace_pending *call;      /* what it waits for */
    thingspace_request request;    /* its texts are owned */
    const struct request *planned; /* what a register must send; NULL: what hooks make of it */
    bool listed_by_hook;
    intent intent; /* `old` from the beginning, the rest once it is noted */
    bool has_old;  /* listed, and its URL known */
    bool in_doubt; /* it is not known whether the old one is removed */
    bool abandoned;
    state_lock lock; /* held: the intent is noted */
    thingspace_result *result;
    thingspace_error error;
    update_done *done;
    void *user;
};

/* ---- life ---- */

static bool copy(const char **out, const char *text)
{
    *out = text_copy(text);
    return *out || !text;
}

static thingspace_status copy_request(thingspace_request *out, const thingspace_request *from)
{
    *out = (thingspace_request){.size = sizeof(*out),
                                .operation = from->operation,
                                .flags = from->flags & CALL_LASTING,
                                .timeout_ms = from->timeout_ms,
                                .method = from->method,
                                .password = thingspace_secret_ref(from->password)};
    return copy(&out->account, from->account) && copy(&out->service, from->service) &&
                   copy(&out->url, from->url) && copy(&out->username, from->username) &&
                   copy(&out->api, from->api)
               ? THINGSPACE_OK
               : THINGSPACE_MEMORY;
}

static void destroy(update *self)
{
    intent_leave(&self->lock);
    intent_dispose(&self->intent);
    thingspace_result_free(self->result);
    thingspace_secret_free(self->request.password);
    free((char *)self->request.account);
    free((char *)self->request.service);
    free((char *)self->request.url);
    free((char *)self->request.username);
    free((char *)self->request.api);
    free(self);
}

static thingspace_status make(update **out, thingspace_client *client,
                              const thingspace_request *request, const listener_row *old)
{
    update *made = calloc(1, sizeof(*made));
    if (!made)
        return THINGSPACE_MEMORY;
    made->client = client;
    made->lock = (state_lock)STATE_LOCK_INIT;
    made->error = (thingspace_error)THINGSPACE_ERROR_INIT;
    thingspace_status status = copy_request(&made->request, request);
    if (status == THINGSPACE_OK && old)
        status = intent_take_row(&made->intent.old, old, request->api);
    made->has_old = made->intent.old.url != NULL;
    if (status != THINGSPACE_OK) {
        destroy(made);
        return status;
    }
    *out = made;
    return THINGSPACE_OK;
}

/* ---- the end ---- */

static void finish(update *self)
{
    thingspace_status status = self->error.kind;
    thingspace_result *result = self->result;
    self->result = NULL;
    intent_leave(&self->lock); /* so that `done` may begin another for the same listener */
    self->done(status, result, status == THINGSPACE_OK ? NULL : &self->error, self->user);
    destroy(self);
}

/* One of the two listeners is there. A record that stays is compared by the next run. */
static void settle(update *self)
{
    thingspace_error why = THINGSPACE_ERROR_INIT;
    if (intent_end(self->client->state, &self->intent, &self->lock, &why) != THINGSPACE_OK)
        log_write(&self->client->log, THINGSPACE_LOG_WARNING, "%s", why.message);
    finish(self);
}

static void lose(update *self, const char *word)
{
    self->error.retriable = 0; /* but by the record */
    error_prefix(&self->error,
                 "%s %s %s listener now: the old one (%s) %s; the next plan, apply or register "
                 "tries again",
                 self->request.account, self->request.service, word, self->intent.old.url,
                 self->in_doubt ? "may be removed" : "could not be put back");
    finish(self);
}

/* ---- calls ---- */

static thingspace_status begin(update *self, const thingspace_request *request, unsigned flags,
                               thingspace_done *done, thingspace_error *error)
{
    self->call = NULL;
    if (self->abandoned)
        return error_set(error, THINGSPACE_CANCELLED, "interrupted");
    return start_begin(self->client, &self->call, request, flags, done, self, error);
}

static thingspace_status begin_change(update *self, thingspace_operation operation, unsigned flags,
                                      thingspace_done *done)
{
    thingspace_request request;
    thingspace_request like = self->request;
    like.operation = operation;
    start_copy_request(&request, &like);
    thingspace_status status =
        begin(self, &request, flags | self->request.flags, done, &self->error);
    if (status == THINGSPACE_OK && operation == THINGSPACE_REGISTER)
        ((call *)self->call)->planned = self->planned; /* its hooks run from the loop */
    return status;
}

/* The service has done it, whatever a hook made of that. */
static bool is_done(const thingspace_result *result)
{
    return thingspace_result_status(result) == THINGSPACE_OK || result->accepted;
}

static void keep(update *self, thingspace_result *result)
{
    thingspace_result_free(self->result);
    self->result = result;
    self->call = NULL;
    if (thingspace_result_status(result) == THINGSPACE_OK)
        error_clear(&self->error);
    else
        error_copy(&self->error, thingspace_result_error(result));
}

/* ---- looked ---- */

/* A listener is there. A removal in doubt may yet take effect: the next run looks again. */
static void settle_or_leave(update *self)
{
    if (self->in_doubt)
        finish(self);
    else
        settle(self);
}

static void tell_listed(update *self, const char *url)
{
    error_prefix(&self->error, "%s %s goes to %s now", self->request.account, self->request.service,
                 url ? url : "an address not shown");
    settle_or_leave(self);
}

static void on_looked(thingspace_result *listed, void *user)
{
    update *self = user;
    bool known = thingspace_result_status(listed) == THINGSPACE_OK;
    const listener_row *row = known ? result_find(listed, self->request.service) : NULL;
    if (row)
        tell_listed(self, row->shown.url);
    else
        lose(self, known ? "has NO" : "may have NO");
    thingspace_result_free(listed);
}

static void look(update *self)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = self->request.account;
    request.api = self->request.api;
    request.timeout_ms = self->request.timeout_ms;
    if (begin(self, &request, CALL_REPAIR | CALL_RESCUE, on_looked, NULL) != THINGSPACE_OK)
        lose(self, "may have NO");
}

/* ---- restored ---- */

static void on_restored(thingspace_result *result, void *user)
{
    update *self = user;
    bool restored = is_done(result);
    thingspace_result_free(result);
    if (!restored) {
        look(self);
        return;
    }
    error_prefix(&self->error, "the old listener was put back%s",
                 self->in_doubt ? "" : ", because the new one failed");
    settle_or_leave(self);
}

static void restore(update *self)
{
    thingspace_request request;
    thingspace_request like = self->request;
    like.operation = THINGSPACE_REGISTER;
    like.url = self->intent.old.url;
    like.username = self->intent.old.username;
    like.password = self->intent.old.password;
    start_copy_request(&request, &like);
    if (begin(self, &request, CALL_REPAIR | CALL_RESCUE, on_restored, NULL) != THINGSPACE_OK)
        lose(self, "may have NO");
}

/* ---- made ---- */

static void on_made(thingspace_result *result, void *user)
{
    update *self = user;
    keep(self, result);
    if (is_done(result))
        settle(self);
    else
        restore(self);
}

/* ---- removed ---- */

static bool is_in_doubt(const thingspace_result *result)
{
    thingspace_status status = thingspace_result_status(result);
    bool unanswered = status == THINGSPACE_CANCELLED || status == THINGSPACE_NETWORK ||
                      status == THINGSPACE_TIMEOUT || status == THINGSPACE_PROTOCOL;
    return result->accepted || result->unknown ||
           (unanswered && thingspace_result_attempts(result) > 0);
}

static void on_removed(thingspace_result *result, void *user)
{
    update *self = user;
    keep(self, result);
    thingspace_status status = thingspace_result_status(result);
    self->in_doubt = status != THINGSPACE_OK && is_in_doubt(result);
    thingspace_result_free(result);
    self->result = NULL;
    if (self->in_doubt)
        restore(self);
    else if (status != THINGSPACE_OK)
        settle(self);
    else if (begin_change(self, THINGSPACE_REGISTER, CALL_RESCUE, on_made) != THINGSPACE_OK)
        restore(self);
}

/* ---- posted ---- */

/* What the next run needs to know: of which endpoint it is, and what hooks have made of it. */
static thingspace_status describe(update *self)
{
    thingspace_client *client = self->client;
    intent *intent = &self->intent;
    cleanup_decision decision decision = {0};
    thingspace_status status =
        client_resolve(client->generation, &decision, self->request.account, &self->error);
    if (status != THINGSPACE_OK)
        return status;
    intent->endpoint = text_copy(decision.endpoint->api);
    intent->account = text_copy(self->request.account);
    intent->service = text_copy(self->request.service);
    const char *api = intent_api(self->request.api);
    intent->api = text_copy(api);
    bool made = intent->endpoint && intent->account && intent->service && (intent->api || !api) &&
                intent_take_sent(&intent->wanted, self->result) == THINGSPACE_OK;
    return made ? THINGSPACE_OK : error_memory(&self->error);
}

static thingspace_status note(update *self)
{
    thingspace_client *client = self->client;
    thingspace_status status = describe(self);
    if (status == THINGSPACE_OK)
        status = client_open_keyring(client, &self->error);
    if (status == THINGSPACE_OK && !client->state) {
        error_copy(&self->error, &client->state_error);
        status = self->error.kind;
    }
    if (status == THINGSPACE_OK)
        status = intent_begin(client->state, &self->intent, &self->lock, &self->error);
    if (status == THINGSPACE_LOCAL)
        error_prefix(&self->error,
                     "the old listener was not removed, because that could not be noted first");
    return status;
}

/* The service does not overwrite what the list shows; a later try would not help. What a hook has
 * answered in its place says nothing of that, unless the list is its own, too. */
static bool is_refused(const update *self, const thingspace_result *result)
{
    return thingspace_result_status(result) == THINGSPACE_SERVICE && !result->accepted &&
           !self->error.retriable && self->has_old &&
           (thingspace_result_attempts(result) > 0 || self->listed_by_hook);
}

static void on_posted(thingspace_result *result, void *user)
{
    update *self = user;
    keep(self, result);
    if (!is_refused(self, result)) {
        finish(self);
        return;
    }
    bool noted = note(self) == THINGSPACE_OK;
    thingspace_result_free(result);
    self->result = NULL;
    if (!noted)
        finish(self);
    else if (begin_change(self, THINGSPACE_DEREGISTER, 0, on_removed) != THINGSPACE_OK)
        settle(self);
}

/* ---- the beginning ---- */

thingspace_status update_start(thingspace_client *client, update **out,
                               const thingspace_request *request, const listener_row *old,
                               update_done *done, void *user, thingspace_error *error)
{
    update *made;
    thingspace_error why = THINGSPACE_ERROR_INIT;
    if (make(&made, client, request, old) != THINGSPACE_OK)
        return error_memory(error);
    made->done = done;
    made->user = user;
    if (request->operation == THINGSPACE_DEREGISTER)
        made->has_old = false;
    bool overwrites = request->operation == THINGSPACE_REGISTER && old;
    thingspace_status status =
        begin_change(made, request->operation, overwrites ? CALL_UPDATE : 0, on_posted);
    if (status != THINGSPACE_OK) {
        error_copy(&why, &made->error);
        destroy(made);
        error_copy(error, &why);
        return status;
    }
    *out = made;
    return THINGSPACE_OK;
}

void update_bind(update *self, const struct request *planned, const thingspace_result *listed)
{
    self->planned = planned;
    self->listed_by_hook = thingspace_result_attempts(listed) == 0;
    if (self->request.operation == THINGSPACE_REGISTER)
        ((call *)self->call)->planned = planned;
}

void update_abandon(update *self)
{
    self->abandoned = true;
    thingspace_call_cancel(self->call);
}
