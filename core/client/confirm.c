/* SPDX-License-Identifier: MIT */
/*
 * Read-back: an attempt may have taken effect although its answer was lost or was a
 * 5xx. Before anything else the list is read and compared with the frozen request: done is
 * done; not done may be sent again; and when nothing can be read, the first error stands.
 * A token that is refused meanwhile is replaced as for any attempt.
 */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/limits.h"
#include "client/phases.h"

struct read_back {
    request *request;
    buffer url;
    thingspace_error cause; /* why it is read back */
    unsigned attempt;
};

static void read_now(call *call);

static thingspace_status make(read_back **out)
{
    read_back *made = calloc(1, sizeof(*made));
    if (!made)
        return THINGSPACE_MEMORY;
    buffer_init(&made->url, LIMIT_URL);
    made->cause.size = sizeof(made->cause);
    *out = made;
    return THINGSPACE_OK;
}

void confirm_free(read_back *self)
{
    if (!self)
        return;
    request_free(self->request);
    buffer_dispose(&self->url);
    free(self);
}

static void finish_unknown(call *call)
{
    thingspace_error *error = call_error(call);
    error_prefix(error, "it is not known whether this took effect");
    call->result->unknown = true;
    call_finish(call, error->kind);
}

static void give_up(call *call)
{
    error_copy(call_error(call), &call->read_back->cause);
    finish_unknown(call);
}

static void read_again_or_give_up(call *call)
{
    if (call->read_back->attempt >= RETRY_ATTEMPTS) {
        give_up(call);
        return;
    }
    call_wait(call, RETRY_BASE_MS * call->read_back->attempt, read_now);
}

static void not_there(call *call)
{
    thingspace_error *error = call_error(call);
    error_copy(error, &call->read_back->cause);
    bool transient = error->kind == THINGSPACE_NETWORK || error->kind == THINGSPACE_TIMEOUT ||
                     retry_status_is_transient(error->http_status);
    if (!transient || !attempt_again(call, NULL))
        call_finish(call, error->kind);
}

static void it_is_done(call *call)
{
    error_clear(call_error(call));
    response_clear(&call->result->response);
    log_write(&call->client->log, THINGSPACE_LOG_INFO,
              "%s %s: the answer was lost, reading back shows that it is done",
              call->operation->name, call->result->account);
    call_finish(call, THINGSPACE_OK);
}

/* Decodes what was read with a result of its own. */
static thingspace_status compare(call *call, response *answer, confirmation *out)
{
    thingspace_result *read;
    thingspace_status status = result_new(&read, call->result->account, NULL);
    if (status != THINGSPACE_OK)
        return status;
    response_move(&read->response, answer);
    read->api = call->result->api;
    status = call->operation->reader->decode(read, &read->error);
    if (status == THINGSPACE_OK)
        *out = call->operation->confirm(call->request, call->result->service, read);
    thingspace_result_free(read);
    return status;
}

static void send_read(call *call, thingspace_status status);

static void on_read(exchange_result *outcome, void *user)
{
    call *call = user;
    call->exchange = NULL;
    phases_note_answer(call, "read-back", outcome);
    response *answer = &outcome->response;
    confirmation found = NOT_CONFIRMED;
    bool answered = outcome->status == THINGSPACE_OK;
    bool good = answered && answer->status >= 200 && answer->status < 300;
    if (answered && !good && attempt_renew(call, answer, send_read))
        return;
    if (!good || compare(call, answer, &found) != THINGSPACE_OK)
        read_again_or_give_up(call);
    else if (found == CONFIRMED)
        it_is_done(call);
    else
        not_there(call);
}

static void send_read(call *call, thingspace_status status)
{
    if (status == THINGSPACE_OK)
        status = attempt_send(call, call->read_back->request, &call->read_back->url, NULL, false,
                              on_read);
    if (status != THINGSPACE_OK)
        give_up(call);
}

static void read_now(call *call)
{
    call->read_back->attempt++;
    send_read(call, THINGSPACE_OK);
}

static thingspace_status build_reader(call *call)
{
    thingspace_error *error = call_error(call);
    const thingspace_request input = {.size = sizeof(input), .account = call->result->account};
    read_back *built = call->read_back;
    thingspace_status status = request_new(&built->request, "GET", error);
    if (status == THINGSPACE_OK)
        status = call->operation->reader->build(built->request, call->result->api, &input, error);
    if (status == THINGSPACE_OK)
        status = call_write_url(call, built->request, &built->url);
    return status;
}

void confirm_start(call *call)
{
    if (!call->read_back && make(&call->read_back) != THINGSPACE_OK) {
        finish_unknown(call);
        return;
    }
    read_back *self = call->read_back;
    error_copy(&self->cause, call_error(call));
    self->attempt = 0;
    if (!self->request && build_reader(call) != THINGSPACE_OK)
        give_up(call);
    else
        read_now(call);
}
