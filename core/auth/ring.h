/* SPDX-License-Identifier: MIT */
/*
 * The tokens of one (endpoint, credential) in memory, with who waits for them and
 * the fetch under way; and the keyring that holds the rings. Private to this room.
 * Times in memory are monotonic, so that a jump of the wall clock changes nothing
 * here; wall times are turned into them when the file is read. One thread at a time.
 */
#ifndef RING_H
#define RING_H

#include "auth/flight.h"
#include "auth/keyring.h"
#include "auth/waiters.h"
#include "base/map.h"

#define SESSION_IDLE_MS (20 * 60 * 1000LL)

struct keyring {
    keyring_options options;
    map *rings;          /* by what ring_key makes */
    struct ring *recent; /* found last, and mostly wanted next; NULL at first */
};

typedef struct ring {
    keyring *keyring;
    char *key;                                                   /* its place in the map */
    char *api, *token_url, *revoke_url, *login_url, *logout_url; /* of the endpoint, copied */
    bool private_allowed;
    credential *credential; /* shares the sources of the caller's, which may go before us */

    tokens tokens;            /* as last read or fetched */
    int64_t bearer_due_ms;    /* monotonic; INT64_MAX: not known */
    int64_t session_used_ms;  /* monotonic */
    int64_t session_noted_ms; /* monotonic: when the file was last told of a use */
    int64_t accepted_ms;      /* monotonic: when a call last succeeded with any tokens; 0: never */
    int64_t first_ms;         /* monotonic: when there were tokens first; 0: never */
    char file[STATE_NAME_SIZE]; /* "" until key and username were first resolved */

    authorisation_list waiting; /* for tokens */
    authorisation_list waking;  /* to be called now */
    authorisation_list logouts; /* run on their own, in turn through the file's lock */
    timer kick;                 /* begins what a new waiter needs, from the loop */
    flight flight;

    unsigned failures;        /* fetches in a row */
    int64_t not_before_ms;    /* monotonic: no fetch before */
    thingspace_error failure; /* of the last one */
} ring;

/* Owned text; NULL out of memory. */
char *ring_key(const endpoint *endpoint, const credential *credential);
/* Whether it shares its sources with this credential and is for this endpoint: then its key is that
 * of these two. Makes no text. */
bool ring_is_for(const ring *ring, const endpoint *endpoint, const credential *credential);
void ring_free(ring *ring);
/* Finds the ring among the keyring's, or makes it. Expected: MEMORY. */
thingspace_status ring_get(ring **out, keyring *keyring, const endpoint *endpoint,
                           const credential *credential, thingspace_error *error);

timers *ring_timers(const ring *ring);
/* Key and username now; the tokens of another identity are forgotten. Expected: AUTH, MEMORY. */
thingspace_status ring_identify(ring *ring, thingspace_secret **key, thingspace_secret **username,
                                thingspace_error *error);

/* Whether both tokens are good now. */
bool ring_is_good(const ring *ring);
/* Forgets the members of `refused` that are still ours. */
void ring_drop_refused(ring *ring, const tokens *refused);
void ring_drop_bearer(ring *ring);
void ring_drop_session(ring *ring);
/* Take the reference; `life_ms` from now. */
void ring_set_bearer(ring *ring, thingspace_secret *bearer, int64_t life_ms);
void ring_set_session(ring *ring, thingspace_secret *session);
void ring_note_use(ring *ring);

/* Both need the file's lock. What is good and not refused by a waiter is taken over. */
thingspace_status ring_read_file(ring *ring, thingspace_error *error);
/* A cache that cannot be written is worth a warning. */
void ring_write_file(ring *ring);

#endif
