/* SPDX-License-Identifier: MIT */
/*
 * The order of the steps of a fetch, its failures and the back-off after them.
 * Whoever finishes must return at once: the functions of the waiters run inside
 * flight_finish and may begin the next flight. Runs from the transport's loop only.
 */
#include <config.h>
#include <sodium.h>
#include <stdio.h>
#include "auth/answer.h"
#include "auth/flight.h"
#include "auth/ring.h"
#include "base/clock.h"
#include "base/error.h"

#define BACKOFF_FIRST_MS   1000
#define BACKOFF_LONGEST_MS (60 * 1000)

static void on_pause(timer *fired, void *user);
static void on_tokens_lock(thingspace_status status, const thingspace_error *error, void *user);
static void on_latch_lock(thingspace_status status, const thingspace_error *error, void *user);

void flight_init(flight *self, ring *at)
{
    state *folder = at->keyring->options.state;
    self->ring = at;
    self->step = FLIGHT_NONE;
    timer_init(&self->pause, on_pause, self);
    auth_request_init(&self->request);
    lock_wait_init(&self->tokens_lock, ring_timers(at), folder, on_tokens_lock, self);
    lock_wait_init(&self->latch_lock, ring_timers(at), folder, on_latch_lock, self);
}

void flight_stop(flight *self)
{
    if (self->exchange)
        transport_cancel(self->exchange);
    self->exchange = NULL;
    timers_stop(ring_timers(self->ring), &self->pause);
    latch_close(self->latch);
    self->latch = NULL;
    lock_wait_release(&self->latch_lock);
    if (self->changed && lock_wait_is_held(&self->tokens_lock))
        ring_write_file(self->ring);
    self->changed = false;
    lock_wait_release(&self->tokens_lock);
    secret_cleanup(&self->key);
    secret_cleanup(&self->username);
    auth_request_dispose(&self->request);
    self->step = FLIGHT_NONE;
}

void flight_what(const flight *self, char out[FLIGHT_WHAT_SIZE], const char *what)
{
    snprintf(out, FLIGHT_WHAT_SIZE, "the %s of credential \"%.100s\"", what,
             self->ring->credential->name);
}

/* ---- who is told of exchanges ---- */

static keyring_exchange exchange_of(const flight *self, thingspace_status status, int http_status)
{
    return (keyring_exchange){
        .what = self->step == FLIGHT_LOGIN ? "login" : "token",
        .http_status = http_status,
        .status = status,
        .ms = clock_monotonic_ms() - self->sent_ms,
    };
}

void flight_tell(const flight *self, const exchange_result *result)
{
    const response *answer = &result->response;
    bool answered = result->status == THINGSPACE_OK;
    thingspace_status status = result->status;
    if (answered && answer->status != 200)
        status = answer_is_refusal(answer->status) ? THINGSPACE_AUTH : THINGSPACE_SERVICE;
    const keyring_exchange told = exchange_of(self, status, answered ? answer->status : 0);
    waiters_tell(self->ring, &told);
}

void flight_tell_end(const flight *self, const authorisation *leaving, thingspace_status status)
{
    if (!leaving->seen || !self->exchange)
        return;
    const keyring_exchange told = exchange_of(self, status, 0);
    leaving->seen(&told, leaving->user);
}

/* ---- failure and back-off ---- */

static bool deserves_backoff(thingspace_status status, const thingspace_error *error)
{
    return status == THINGSPACE_NETWORK || status == THINGSPACE_TIMEOUT ||
           (status == THINGSPACE_SERVICE && (error->retriable || error->http_status >= 500));
}

/* Half of it is random: clients that failed together do not come back together. */
static void back_off(ring *at, const thingspace_error *error)
{
    int64_t wait = BACKOFF_FIRST_MS;
    for (unsigned i = 0; i < at->failures && wait < BACKOFF_LONGEST_MS; i++)
        wait *= 2;
    if (wait > BACKOFF_LONGEST_MS)
        wait = BACKOFF_LONGEST_MS;
    wait = wait / 2 + randombytes_uniform((uint32_t)(wait / 2) + 1);
    if (error->retry_after_ms > wait)
        wait = error->retry_after_ms;
    at->failures++;
    at->not_before_ms = clock_monotonic_ms() + wait;
    at->failure = *error;
}

static void settle(ring *at, thingspace_status status, const thingspace_error *error)
{
    if (deserves_backoff(status, error)) {
        back_off(at, error);
        return;
    }
    at->failures = 0;
    at->not_before_ms = 0;
}

static void kick(ring *at)
{
    timers_start(ring_timers(at), &at->kick, clock_monotonic_ms());
}

void flight_finish(flight *self, thingspace_status status, const thingspace_error *error)
{
    ring *at = self->ring;
    flight_stop(self);
    settle(at, status, error);
    if (status == THINGSPACE_OK && at->first_ms == 0)
        at->first_ms = clock_monotonic_ms();
    /* One who came during the flight may have dropped what it began with. */
    if (status == THINGSPACE_OK && (!at->tokens.bearer || !at->tokens.session))
        kick(at);
    else
        waiters_wake(at, status, error);
}

void flight_fail(flight *self, thingspace_status status, const thingspace_error *error,
                 const char *what)
{
    char named[FLIGHT_WHAT_SIZE];
    thingspace_error failure = *error;
    flight_what(self, named, what);
    if (status != THINGSPACE_MEMORY)
        error_prefix(&failure, "%s", named);
    flight_finish(self, status, &failure);
}

/* ---- the steps ---- */

void flight_proceed(flight *self)
{
    const thingspace_error none = THINGSPACE_ERROR_INIT;
    char name[STATE_NAME_SIZE];
    ring *at = self->ring;
    if (!at->tokens.bearer) {
        self->step = FLIGHT_TOKEN;
        self->attempts = 0;
        flight_ask_token(self);
    } else if (!at->tokens.session) {
        self->step = FLIGHT_LATCH_LOCK;
        latch_lock_name(name, at->login_url, self->username);
        lock_wait_start(&self->latch_lock, name);
    } else {
        flight_finish(self, THINGSPACE_OK, &none);
    }
}

static void on_latch_lock(thingspace_status status, const thingspace_error *error, void *user)
{
    flight *self = user;
    if (status != THINGSPACE_OK) {
        flight_finish(self, status, error);
        return;
    }
    self->step = FLIGHT_LOGIN;
    flight_log_in(self);
}

static void on_tokens_lock(thingspace_status status, const thingspace_error *error, void *user)
{
    flight *self = user;
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    if (status != THINGSPACE_OK) {
        flight_finish(self, status, error);
        return;
    }
    status = ring_read_file(self->ring, &failure);
    if (status != THINGSPACE_OK)
        flight_finish(self, status, &failure);
    else
        flight_proceed(self);
}

static void take_off(flight *self)
{
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    const keyring_options *options = &self->ring->keyring->options;
    self->bearer_is_renewed = false;
    self->step = FLIGHT_LOCK;
    if (!options->state) {
        flight_finish(self, THINGSPACE_LOCAL, options->state_error);
        return;
    }
    thingspace_status status = ring_identify(self->ring, &self->key, &self->username, &failure);
    if (status != THINGSPACE_OK)
        flight_finish(self, status, &failure);
    else
        lock_wait_start(&self->tokens_lock, self->ring->file);
}

static void on_pause(timer *fired, void *user)
{
    flight *self = user;
    (void)fired;
    if (self->step == FLIGHT_BACKOFF)
        take_off(self);
    else
        flight_ask_token(self);
}

/* ---- who comes and goes ---- */

/* Those who cannot wait for the end of the back-off fail now. */
static void fail_hopeless(ring *at)
{
    const thingspace_error failure = at->failure;
    waiters_fail_before(at, at->not_before_ms, &failure);
    flight_on_leave(at);
}

static void begin(ring *at)
{
    if (clock_monotonic_ms() >= at->not_before_ms) {
        take_off(&at->flight);
        return;
    }
    at->flight.step = FLIGHT_BACKOFF;
    timers_start(ring_timers(at), &at->flight.pause, at->not_before_ms);
}

void flight_on_kick(timer *fired, void *user)
{
    const thingspace_error none = THINGSPACE_ERROR_INIT;
    ring *at = user;
    (void)fired;
    if (at->waiting.first && at->flight.step == FLIGHT_NONE) {
        if (ring_is_good(at)) {
            waiters_wake(at, THINGSPACE_OK, &none);
            return;
        }
        begin(at);
    }
    if (at->flight.step == FLIGHT_BACKOFF)
        fail_hopeless(at);
}

void flight_on_leave(ring *at)
{
    if (!at->waiting.first)
        flight_stop(&at->flight);
}

static thingspace_status describe_deadline(const flight *self, thingspace_error *error)
{
    char what[FLIGHT_WHAT_SIZE];
    bool login = self->step == FLIGHT_LOGIN;
    flight_what(self, what, login ? "login" : "token request");
    if (self->step == FLIGHT_LOCK || self->step == FLIGHT_LATCH_LOCK)
        return error_set(error, THINGSPACE_TIMEOUT,
                         "another process holds the login of credential \"%.100s\"; try again, or "
                         "allow more time",
                         self->ring->credential->name);
    return error_set(error, THINGSPACE_TIMEOUT, "%s had no answer in time; %s", what,
                     login ? "it may count as failed, so do not repeat it often"
                           : "try again, or allow more time");
}

void flight_on_deadline(timer *fired, void *user)
{
    authorisation *waiter = user;
    ring *at = waiter->ring;
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    (void)fired;
    if (at->flight.step == FLIGHT_BACKOFF)
        failure = at->failure;
    else
        describe_deadline(&at->flight, &failure);
    bool is_last = waiter == at->waiting.first && !waiter->next;
    flight_tell_end(&at->flight, waiter, THINGSPACE_TIMEOUT);
    if (is_last && at->flight.exchange)
        back_off(at, &failure);
    keyring_done *done = waiter->done;
    void *who = waiter->user;
    waiters_remove(waiter);
    flight_on_leave(at);
    done(failure.kind, NULL, &failure, who);
}
