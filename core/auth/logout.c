/* SPDX-License-Identifier: MIT */
/*
 * Lock, read the file, log out, revoke, write the file. A bearer that is gone
 * cannot end a session: then the session is forgotten and ends by itself after 20 idle
 * minutes. Nothing is repeated. Owns its exchange, lock and secrets.
 */
#include <config.h>
#include <stdlib.h>
#include "auth/answer.h"
#include "auth/login_request.h"
#include "auth/logout.h"
#include "auth/ring.h"
#include "auth/token_request.h"
#include "base/clock.h"
#include "base/error.h"

struct logout {
    authorisation *handle;
    ring *ring;
    bool revoke;
    bool changed; /* the file is older than the ring */
    timer start;
    lock_wait lock;
    thingspace_secret *key;
    auth_request request;
    exchange *exchange;
};

static void finish(logout *self, thingspace_status status, thingspace_error *error)
{
    if (status != THINGSPACE_OK && status != THINGSPACE_MEMORY)
        error_prefix(error, "the logout of credential \"%.100s\"", self->ring->credential->name);
    waiters_call(self->handle, status, NULL, error);
}

static void send_built(logout *self, thingspace_status built, exchange_done *done,
                       thingspace_error *error)
{
    thingspace_status status = built;
    if (status == THINGSPACE_OK)
        status = auth_request_send(
            &self->request, &self->exchange, self->ring->keyring->options.transport,
            self->ring->private_allowed, self->handle->deadline.due_ms, done, self, error);
    if (status != THINGSPACE_OK)
        finish(self, status, error);
}

/* ---- the bearer ---- */

static void on_revoked(exchange_result *result, void *user)
{
    fault refusal;
    logout *self = user;
    const response *answer = &result->response;
    thingspace_error failure = result->error;
    thingspace_status status = result->status;
    self->exchange = NULL;
    if (status == THINGSPACE_OK && answer->status == 200) {
        ring_drop_bearer(self->ring);
        self->changed = true;
    } else if (status == THINGSPACE_OK) {
        answer_read_fault(&refusal, answer);
        status = answer_fail(&failure, answer, &refusal, "revoking the bearer token",
                             "check the key and secret");
    }
    finish(self, status, &failure);
}

static thingspace_status build_revoke(logout *self, thingspace_error *error)
{
    cleanup_secret thingspace_secret *secret = NULL;
    const ring *at = self->ring;
    const credential *of = at->credential;
    thingspace_status status =
        credential_resolve(of, of->secret, "secret", &secret, at->keyring->options.log, error);
    if (status != THINGSPACE_OK)
        return status;
    return token_request_build_revoke(&self->request, at->revoke_url, self->key, secret,
                                      at->tokens.bearer, error);
}

static void revoke_or_finish(logout *self)
{
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    if (self->revoke && self->ring->tokens.bearer)
        send_built(self, build_revoke(self, &failure), on_revoked, &failure);
    else
        finish(self, THINGSPACE_OK, &failure);
}

/* ---- the session ---- */

static void forget_session(logout *self)
{
    ring_drop_session(self->ring);
    self->changed = true;
}

static void explain_forgetting(const logout *self)
{
    log_write(self->ring->keyring->options.log, THINGSPACE_LOG_INFO,
              "the session of credential \"%s\" was forgotten, not ended: it had no bearer token "
              "that works, and ends by itself after 20 idle minutes",
              self->ring->credential->name);
}

/* Whether the session is over at the service, or nothing can be done about it. */
static bool is_over(logout *self, const response *answer, const fault *refusal)
{
    if (answer->status == 200)
        return true;
    if (!answer_is_refusal(answer->status))
        return false;
    fault_token_kind about = fault_token(refusal, answer->status);
    if (about == FAULT_TOKEN_BEARER) {
        ring_drop_bearer(self->ring);
        explain_forgetting(self);
    }
    return about != FAULT_TOKEN_NONE;
}

static void on_logged_out(exchange_result *result, void *user)
{
    fault refusal;
    logout *self = user;
    thingspace_error failure = result->error;
    self->exchange = NULL;
    if (result->status != THINGSPACE_OK) {
        finish(self, result->status, &failure);
        return;
    }
    answer_read_fault(&refusal, &result->response);
    if (is_over(self, &result->response, &refusal)) {
        forget_session(self);
        revoke_or_finish(self);
        return;
    }
    thingspace_status status = answer_fail(&failure, &result->response, &refusal,
                                           "ending the session", "try `thingspace auth status`");
    finish(self, status, &failure);
}

/* ---- the beginning ---- */

static void on_lock(thingspace_status status, const thingspace_error *error, void *user)
{
    logout *self = user;
    ring *at = self->ring;
    thingspace_error failure = *error;
    if (status == THINGSPACE_OK)
        status = ring_read_file(at, &failure);
    if (status != THINGSPACE_OK) {
        finish(self, status, &failure);
    } else if (at->tokens.session && at->tokens.bearer) {
        status = login_request_build_logout(&self->request, at->logout_url, at->tokens.bearer,
                                            at->tokens.session, &failure);
        send_built(self, status, on_logged_out, &failure);
    } else {
        if (at->tokens.session)
            explain_forgetting(self);
        forget_session(self);
        revoke_or_finish(self);
    }
}

static void on_start(timer *fired, void *user)
{
    logout *self = user;
    cleanup_secret thingspace_secret *username = NULL;
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    (void)fired;
    thingspace_status status = ring_identify(self->ring, &self->key, &username, &failure);
    if (status != THINGSPACE_OK)
        finish(self, status, &failure);
    else
        lock_wait_start(&self->lock, self->ring->file);
}

void logout_on_deadline(timer *fired, void *user)
{
    authorisation *handle = user;
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    (void)fired;
    bool waits = !lock_wait_is_held(&handle->logout->lock);
    error_set(&failure, THINGSPACE_TIMEOUT, "%s",
              waits ? "another process holds the login; try again, or allow more time"
                    : "no answer in time; try again, or allow more time");
    finish(handle->logout, THINGSPACE_TIMEOUT, &failure);
}

thingspace_status logout_new(logout **out, authorisation *handle, bool revoke,
                             thingspace_error *error)
{
    ring *at = handle->ring;
    timers *all = ring_timers(at);
    logout *made = calloc(1, sizeof(*made));
    *out = made;
    if (!made)
        return error_memory(error);
    made->handle = handle;
    made->ring = at;
    made->revoke = revoke;
    auth_request_init(&made->request);
    lock_wait_init(&made->lock, all, at->keyring->options.state, on_lock, made);
    timer_init(&made->start, on_start, made);
    timers_start(all, &made->start, clock_monotonic_ms());
    return THINGSPACE_OK;
}

void logout_free(logout *self)
{
    if (!self)
        return;
    if (self->exchange)
        transport_cancel(self->exchange);
    timers_stop(ring_timers(self->ring), &self->start);
    if (self->changed && lock_wait_is_held(&self->lock))
        ring_write_file(self->ring);
    lock_wait_release(&self->lock);
    secret_cleanup(&self->key);
    auth_request_dispose(&self->request);
    free(self);
}
