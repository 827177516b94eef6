/* SPDX-License-Identifier: MIT */
/* See account_probe.h. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "callbacks/plan/account_probe.h"
#include "callbacks/start.h"
#include "client/call.h"

/* ---- what came of it ---- */

const json *account_probe_body(const account_probe *probe)
{
    bool good = probe->result && probe->result->status == THINGSPACE_OK;
    return good ? request_json(probe->result->request) : NULL;
}

const thingspace_error *account_probe_error(const account_probe *probe)
{
    bool bad = probe->result && probe->result->status != THINGSPACE_OK;
    return bad ? &probe->result->error : probe->error;
}

/* ---- the end ---- */

/* Whether the failure is that of the run, and not of one listener. */
static bool is_of_run(thingspace_status status)
{
    return status == THINGSPACE_CANCELLED || status == THINGSPACE_MEMORY;
}

static void fail(account_probes *self, const thingspace_error *error)
{
    if (self->error.kind == THINGSPACE_OK)
        error_copy(&self->error, error);
}

/* `self` may be gone afterwards. */
static void one_is_over(account_probes *self)
{
    if (--self->left == 0)
        self->done(self->user);
}

static void on_probed(thingspace_result *result, void *user)
{
    account_probe *probe = user;
    account_probes *self = probe->probes;
    probe->pending = NULL;
    probe->result = result;
    if (is_of_run(result->status))
        fail(self, &result->error);
    one_is_over(self);
}

/* ---- the beginning ---- */

thingspace_request account_probe_request(const char *account, const desired_listener *listener,
                                         const char *url, thingspace_secret *password)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_REGISTER;
    request.account = account;
    request.service = listener->service;
    request.api = listener->api;
    request.url = url;
    request.username = listener->username;
    request.password = password;
    return request;
}

/* NULL: it is not registered. */
static const listener_row *find_row(const account_probe_input *input,
                                    const desired_listener *listener)
{
    for (size_t i = 0; i < input->listed_count; i++)
        if (api_row_is(input->listed[i]->api, listener->api))
            return result_find(input->listed[i], listener->service);
    return NULL;
}

static thingspace_status find_password(const account_probe_input *input,
                                       const desired_listener *listener, thingspace_secret **out,
                                       thingspace_error *error)
{
    const listener_row *row = find_row(input, listener);
    if (listener->password)
        return secret_source_resolve(listener->password, out, &input->client->log, error);
    if (!listener->password_registered || !row || !row->shown.has_password)
        return THINGSPACE_OK;
    return thingspace_secret_new(out, row->password, strlen(row->password), error);
}

static thingspace_status start_one(account_probe *probe, const desired_listener *listener,
                                   thingspace_error *error)
{
    const account_probe_input *input = &probe->probes->input;
    thingspace_status status =
        desired_listener_url(&probe->url, listener, input->account, &input->client->log, error);
    if (status == THINGSPACE_OK)
        status = find_password(input, listener, &probe->password, error);
    if (status != THINGSPACE_OK)
        return status;
    const thingspace_request request =
        account_probe_request(input->account, listener, probe->url, probe->password);
    return start_begin(input->client, &probe->pending, &request, THINGSPACE_DRY_RUN | CALL_QUIET,
                       on_probed, probe, error);
}

static void note_not_begun(account_probe *probe, const thingspace_error *error)
{
    account_probes *self = probe->probes;
    if (is_of_run(error->kind)) {
        fail(self, error);
        return;
    }
    probe->error = malloc(sizeof(*probe->error));
    if (probe->error)
        *probe->error = *error;
    else
        error_memory(&self->error);
}

void account_probes_start(account_probes *self, const account_probe_input *input,
                          account_probes_done *done, void *user)
{
    const desired_listeners *desired = input->desired;
    *self = (account_probes){
        .input = *input, .error = THINGSPACE_ERROR_INIT, .done = done, .user = user};
    self->left = 1; /* this function */
    self->items = calloc(desired->count + 1, sizeof(*self->items));
    if (!self->items)
        error_memory(&self->error);
    for (size_t i = 0; i < desired->count && self->error.kind == THINGSPACE_OK; i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        const desired_listener *listener = &desired->items[i];
        if (!selection_has_service(input->selection, listener->service))
            continue;
        self->items[i].probes = self;
        if (start_one(&self->items[i], listener, &error) == THINGSPACE_OK)
            self->left++;
        else
            note_not_begun(&self->items[i], &error);
    }
    one_is_over(self);
}

/* ---- cancelling and freeing ---- */

void account_probes_cancel(account_probes *self)
{
    if (self->left == 0)
        return;
    self->left++; /* this function */
    for (size_t i = 0; i < self->input.desired->count; i++)
        thingspace_call_cancel(self->items[i].pending);
    one_is_over(self);
}

void account_probes_dispose(account_probes *self)
{
    for (size_t i = 0; self->items && i < self->input.desired->count; i++) {
        thingspace_result_free(self->items[i].result);
        free(self->items[i].url);
        thingspace_secret_free(self->items[i].password);
        free(self->items[i].error);
    }
    free(self->items);
    self->items = NULL;
}
