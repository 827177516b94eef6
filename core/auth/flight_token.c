/* SPDX-License-Identifier: MIT */
/*
 * The token request of a flight. Asking twice does no harm (the service gives the same
 * bearer), so it is repeated by the rules of http/retry.h, within the deadline of
 * those who wait. Runs from the transport's loop.
 */
#include <config.h>
#include <sodium.h>
#include <stdio.h>
#include "auth/answer.h"
#include "auth/flight.h"
#include "auth/ring.h"
#include "auth/token_request.h"
#include "base/clock.h"
#include "base/error.h"
#include "http/retry.h"

static bool pause_for_retry(flight *self, const thingspace_error *failure)
{
    if (self->attempts >= RETRY_ATTEMPTS)
        return false;
    int64_t wait = retry_backoff_ms(self->attempts + 1, randombytes_random());
    if (failure->retry_after_ms > wait)
        wait = failure->retry_after_ms;
    int64_t due = clock_monotonic_ms() + wait;
    if (due >= waiters_deadline(self->ring))
        return false;
    timers_start(ring_timers(self->ring), &self->pause, due);
    return true;
}

static void fail_unanswered(flight *self, const exchange_result *result)
{
    if (result->status != THINGSPACE_NETWORK || !pause_for_retry(self, &result->error))
        flight_fail(self, result->status, &result->error, "token request");
}

static void fail_answered(flight *self, const response *answer)
{
    fault refusal;
    char what[FLIGHT_WHAT_SIZE], hint[256];
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    const credential *of = self->ring->credential;
    answer_read_fault(&refusal, answer);
    flight_what(self, what, "token request");
    snprintf(hint, sizeof(hint), "check its key (%.100s) and secret (%.100s)",
             credential_place(of->key), credential_place(of->secret));
    thingspace_status kind = answer_fail(&failure, answer, &refusal, what, hint);
    if (!failure.retriable || !pause_for_retry(self, &failure))
        flight_finish(self, kind, &failure);
}

static void take_bearer(flight *self, const response *answer)
{
    int64_t life_ms = 0;
    thingspace_secret *bearer = NULL;
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    thingspace_status status = token_request_read(&bearer, &life_ms, &answer->body, &failure);
    if (status != THINGSPACE_OK) {
        flight_fail(self, status, &failure, "token request");
        return;
    }
    ring_set_bearer(self->ring, bearer, life_ms);
    self->changed = true;
    flight_proceed(self);
}

static void on_answer(exchange_result *result, void *user)
{
    flight *self = user;
    self->exchange = NULL;
    flight_tell(self, result);
    if (result->status != THINGSPACE_OK)
        fail_unanswered(self, result);
    else if (result->response.status == 200)
        take_bearer(self, &result->response);
    else
        fail_answered(self, &result->response);
}

static thingspace_status build(flight *self, thingspace_error *error)
{
    cleanup_secret thingspace_secret *secret = NULL;
    const credential *of = self->ring->credential;
    thingspace_status status = credential_resolve(of, of->secret, "secret", &secret,
                                                  self->ring->keyring->options.log, error);
    if (status != THINGSPACE_OK)
        return status;
    return token_request_build(&self->request, self->ring->token_url, self->key, secret, error);
}

void flight_ask_token(flight *self)
{
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    ring *at = self->ring;
    self->attempts++;
    self->sent_ms = clock_monotonic_ms();
    thingspace_status status = build(self, &failure);
    if (status == THINGSPACE_OK)
        status =
            auth_request_send(&self->request, &self->exchange, at->keyring->options.transport,
                              at->private_allowed, waiters_deadline(at), on_answer, self, &failure);
    if (status != THINGSPACE_OK)
        flight_finish(self, status, &failure);
}
