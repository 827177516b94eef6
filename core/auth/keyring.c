/* SPDX-License-Identifier: MIT */
/*
 * The public face of the room: finds the ring of an (endpoint, credential) and
 * lets callers join it. What happens there is in ring.c, flight.c and logout.c.
 * Owns the rings. One thread at a time.
 */
#include <config.h>
#include <stdlib.h>
#include "auth/flight.h"
#include "auth/keyring.h"
#include "auth/logout.h"
#include "auth/ring.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"

/* Long enough for the pauses of a bulk run; once nothing is accepted, nobody tries on for long. */
#define IN_USE_MS (60 * 1000)
/* A few calls one after the other, with their renewals. */
#define NEW_MS (3 * 1000)

static void free_ring(void *value)
{
    ring_free(value);
}

thingspace_status keyring_new(keyring **out, const keyring_options *options,
                              thingspace_error *error)
{
    *out = NULL;
    keyring *made = calloc(1, sizeof(*made));
    if (!made)
        return error_memory(error);
    made->options = *options;
    if (map_new(&made->rings, free_ring) != THINGSPACE_OK) {
        keyring_free(made);
        return error_memory(error);
    }
    *out = made;
    return THINGSPACE_OK;
}

void keyring_free(keyring *self)
{
    if (!self)
        return;
    map_free(self->rings);
    free(self);
}

static ring *find(keyring *self, const endpoint *at, const credential *of)
{
    if (self->recent && ring_is_for(self->recent, at, of))
        return self->recent;
    cleanup_text char *key = ring_key(at, of);
    ring *found = key ? map_get(self->rings, key) : NULL;
    if (found) {
        credential_share(found->credential, of);
        self->recent = found;
    }
    return found;
}

bool keyring_at_hand(keyring *self, const endpoint *at, const credential *of, tokens *out)
{
    const ring *found = find(self, at, of);
    if (!found || !ring_is_good(found))
        return false;
    tokens_copy(out, &found->tokens);
    return true;
}

void keyring_used(keyring *self, const endpoint *at, const credential *of)
{
    ring *found = find(self, at, of);
    if (found)
        found->accepted_ms = clock_monotonic_ms();
    if (found && found->tokens.session)
        ring_note_use(found);
}

static bool is_within(int64_t when_ms, int64_t span_ms)
{
    return when_ms != 0 && clock_monotonic_ms() - when_ms < span_ms;
}

bool keyring_is_in_use(keyring *self, const endpoint *at, const credential *of)
{
    const ring *found = find(self, at, of);
    return found && is_within(found->accepted_ms, IN_USE_MS);
}

bool keyring_is_new(keyring *self, const endpoint *at, const credential *of)
{
    const ring *found = find(self, at, of);
    return found && is_within(found->first_ms, NEW_MS);
}

thingspace_status keyring_authorise(keyring *self, authorisation **out, const endpoint *at,
                                    credential *of, const tokens *refused, int64_t deadline_ms,
                                    keyring_done *done, void *user, thingspace_error *error)
{
    ring *joined = NULL;
    *out = NULL;
    thingspace_status status = ring_get(&joined, self, at, of, error);
    if (status != THINGSPACE_OK)
        return status;
    authorisation *added =
        waiters_add(joined, &joined->waiting, deadline_ms, flight_on_deadline, done, user);
    if (!added)
        return error_memory(error);
    if (refused) {
        tokens_copy(&added->refused, refused);
        ring_drop_refused(joined, refused);
    }
    timers_start(ring_timers(joined), &joined->kick, clock_monotonic_ms());
    *out = added;
    return THINGSPACE_OK;
}

void keyring_cancel(authorisation *cancelled)
{
    if (!cancelled)
        return;
    ring *left = cancelled->ring;
    bool waits = cancelled->list == &left->waiting;
    if (waits)
        flight_tell_end(&left->flight, cancelled, THINGSPACE_CANCELLED);
    waiters_remove(cancelled);
    if (waits)
        flight_on_leave(left);
}

void keyring_watch(authorisation *watched, keyring_exchange_seen *seen)
{
    watched->seen = seen;
}

thingspace_status keyring_logout(keyring *self, authorisation **out, const endpoint *at,
                                 credential *of, bool revoke, int64_t deadline_ms,
                                 keyring_done *done, void *user, thingspace_error *error)
{
    ring *joined = NULL;
    *out = NULL;
    if (!self->options.state) {
        error_copy(error, self->options.state_error);
        return THINGSPACE_LOCAL;
    }
    thingspace_status status = ring_get(&joined, self, at, of, error);
    if (status != THINGSPACE_OK)
        return status;
    authorisation *added =
        waiters_add(joined, &joined->logouts, deadline_ms, logout_on_deadline, done, user);
    if (!added)
        return error_memory(error);
    status = logout_new(&added->logout, added, revoke, error);
    if (status != THINGSPACE_OK) {
        waiters_remove(added);
        return status;
    }
    *out = added;
    return THINGSPACE_OK;
}
