/* SPDX-License-Identifier: MIT */
/*
 * One fetch of tokens for all that wait at a ring, step by step:
 *
 *   back-off -> lock -> read the file again -> token request -> latch lock -> login -> write, wake
 *
 * Every way out goes through flight_stop: it ends the exchange, writes what was
 * got and gives both locks back. A login that is ended keeps its latch entry.
 * flight.c is the order of the steps, flight_token.c and flight_login.c the two
 * exchanges. Lives inside its ring; one thread at a time.
 */
#ifndef FLIGHT_H
#define FLIGHT_H

#include "auth/auth_request.h"
#include "auth/latch.h"
#include "auth/lock_wait.h"

struct ring;
struct authorisation;

typedef enum flight_step {
    FLIGHT_NONE,
    FLIGHT_BACKOFF,
    FLIGHT_LOCK,       /* of the token file */
    FLIGHT_TOKEN,      /* the token request, and the pauses between its attempts */
    FLIGHT_LATCH_LOCK, /* of the latch */
    FLIGHT_LOGIN,
} flight_step;

typedef struct flight {
    struct ring *ring;
    flight_step step;
    timer pause; /* back-off, and between attempts */
    lock_wait tokens_lock, latch_lock;
    thingspace_secret *key, *username;
    latch *latch;
    auth_request request;
    exchange *exchange;
    int64_t sent_ms;        /* when that began */
    unsigned attempts;      /* of the token request */
    bool bearer_is_renewed; /* after the login said that it was refused; once */
    bool changed;           /* the file is older than the ring */
} flight;

void flight_init(flight *self, struct ring *ring);
void flight_stop(flight *self);
/* The ring's `kick`: serves who waits from memory, else begins or joins a fetch. */
void flight_on_kick(timer *fired, void *ring);
/* A waiter's deadline has passed. */
void flight_on_deadline(timer *fired, void *waiter);
/* A waiter left: with nobody left the fetch ends. */
void flight_on_leave(struct ring *ring);

/* Between the files of the flight. */
void flight_proceed(flight *self); /* to the next step that is needed */
void flight_finish(flight *self, thingspace_status status, const thingspace_error *error);
/* The same, with "the WHAT of credential ...: " in front of the message. */
void flight_fail(flight *self, thingspace_status status, const thingspace_error *error,
                 const char *what);
/* Tells who waits how the exchange ended; or one of them, who leaves before its end. */
void flight_tell(const flight *self, const exchange_result *result);
void flight_tell_end(const flight *self, const struct authorisation *leaving,
                     thingspace_status status);
void flight_ask_token(flight *self);
void flight_log_in(flight *self);
/* "the login of credential \"north\"" */
#define FLIGHT_WHAT_SIZE 200
void flight_what(const flight *self, char out[FLIGHT_WHAT_SIZE], const char *what);

#endif
