/* SPDX-License-Identifier: MIT */
/*
 * The login of a flight, under the latch: entered before it is sent, never
 * repeated, and taken out again only when it is certain that the service did not
 * count it. Runs from the transport's loop.
 */
#include <config.h>
#include <stdio.h>
#include "auth/answer.h"
#include "auth/flight.h"
#include "auth/login_request.h"
#include "auth/ring.h"
#include "base/clock.h"
#include "base/error.h"

/* The entry then says more than happened, which is safe. */
static void warn_about_latch(const flight *self, thingspace_status status,
                             const thingspace_error *error)
{
    if (status != THINGSPACE_OK)
        log_write(self->ring->keyring->options.log, THINGSPACE_LOG_WARNING,
                  "the latch of credential \"%s\" counts one login too many: %s",
                  self->ring->credential->name, error->message);
}

static void take_back(flight *self)
{
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    warn_about_latch(self, latch_not_sent(self->latch, &failure), &failure);
}

static void take_session(flight *self, const response *answer)
{
    const thingspace_error none = THINGSPACE_ERROR_INIT;
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    thingspace_secret *session = NULL;
    thingspace_status status = login_request_read(&session, &answer->body, &failure);
    if (status != THINGSPACE_OK) {
        flight_fail(self, status, &failure, "login");
        return;
    }
    warn_about_latch(self, latch_clear(self->latch, &failure), &failure);
    ring_set_session(self->ring, session);
    self->changed = true;
    flight_finish(self, THINGSPACE_OK, &none);
}

static void renew_bearer(flight *self)
{
    self->bearer_is_renewed = true;
    latch_close(self->latch);
    self->latch = NULL;
    lock_wait_release(&self->latch_lock);
    ring_drop_bearer(self->ring);
    flight_proceed(self);
}

static void fail_answered(flight *self, const response *answer, const fault *refusal)
{
    char what[FLIGHT_WHAT_SIZE], hint[320];
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    const credential *of = self->ring->credential;
    bool bearer = fault_token(refusal, answer->status) == FAULT_TOKEN_BEARER;
    flight_what(self, what, "login");
    if (bearer)
        snprintf(hint, sizeof(hint), "a new bearer token did not help: check its key (%.100s)",
                 credential_place(of->key));
    else
        snprintf(hint, sizeof(hint),
                 "check its username (%.100s) and password (%.100s); this password is not sent "
                 "again",
                 credential_place(of->username), credential_place(of->password));
    thingspace_status kind = answer_fail(&failure, answer, refusal, what, hint);
    flight_finish(self, kind, &failure);
}

static void judge(flight *self, const response *answer)
{
    fault refusal;
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    answer_read_fault(&refusal, answer);
    bool refused = answer_is_refusal(answer->status);
    bool bearer = refused && fault_token(&refusal, answer->status) == FAULT_TOKEN_BEARER;
    if (bearer && answer_is_gateway_refusal(&refusal))
        take_back(self);
    else if (refused && !bearer)
        warn_about_latch(self, latch_refused(self->latch, &failure), &failure);
    if (bearer && !self->bearer_is_renewed)
        renew_bearer(self);
    else
        fail_answered(self, answer, &refusal);
}

static void on_answer(exchange_result *result, void *user)
{
    flight *self = user;
    self->exchange = NULL;
    flight_tell(self, result);
    if (result->status == THINGSPACE_OK && result->response.status == 200) {
        take_session(self, &result->response);
    } else if (result->status == THINGSPACE_OK) {
        judge(self, &result->response);
    } else {
        if (!result->sent)
            take_back(self);
        flight_fail(self, result->status, &result->error, "login");
    }
}

/* Nothing is entered before all that can fail without the service has succeeded. */
static thingspace_status enter(flight *self, thingspace_secret *password, thingspace_error *error)
{
    const ring *at = self->ring;
    thingspace_status status =
        latch_open(&self->latch, at->keyring->options.state, at->login_url, self->username, error);
    if (status == THINGSPACE_OK)
        status = latch_check(self->latch, password, error);
    if (status == THINGSPACE_OK)
        status = login_request_build(&self->request, at->login_url, at->tokens.bearer,
                                     self->username, password, error);
    return status == THINGSPACE_OK ? latch_raise(self->latch, password, error) : status;
}

static void send_entered(flight *self)
{
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    ring *at = self->ring;
    self->sent_ms = clock_monotonic_ms();
    thingspace_status status =
        auth_request_send(&self->request, &self->exchange, at->keyring->options.transport,
                          at->private_allowed, waiters_deadline(at), on_answer, self, &failure);
    if (status == THINGSPACE_OK)
        return;
    take_back(self);
    flight_fail(self, status, &failure, "login");
}

void flight_log_in(flight *self)
{
    cleanup_secret thingspace_secret *password = NULL;
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    const credential *of = self->ring->credential;
    thingspace_status status = credential_resolve(of, of->password, "password", &password,
                                                  self->ring->keyring->options.log, &failure);
    if (status != THINGSPACE_OK) {
        flight_finish(self, status, &failure);
        return;
    }
    status = enter(self, password, &failure);
    if (status == THINGSPACE_OK)
        send_entered(self);
    else
        flight_fail(self, status, &failure, "login");
}
