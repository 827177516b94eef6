/* SPDX-License-Identifier: MIT */
/*
 * Who waits at a ring: lists of authorisations, each with its deadline. One that
 * is called or cancelled is freed. One thread at a time.
 */
#ifndef WAITERS_H
#define WAITERS_H

#include "auth/keyring.h"
#include "base/timer.h"

struct ring;
struct logout;

typedef struct authorisation_list {
    authorisation *first, *last;
} authorisation_list;

struct authorisation {
    struct ring *ring;
    authorisation_list *list;
    authorisation *next, *previous;
    keyring_done *done;
    keyring_exchange_seen *seen; /* NULL: nobody wants to know */
    void *user;
    timer deadline;
    tokens refused;
    struct logout *logout; /* NULL: waits for tokens */
};

/* Joins `list`; `expire` is called when the deadline passes. NULL out of memory. */
authorisation *waiters_add(struct ring *ring, authorisation_list *list, int64_t deadline_ms,
                           timer_function *expire, keyring_done *done, void *user);
/* Leaves its list, and is freed; a logout ends. */
void waiters_remove(authorisation *waiter);
void waiters_remove_all(authorisation_list *list);
/* Leaves, is freed, and its function is called: last, since that may do anything. */
void waiters_call(authorisation *waiter, thingspace_status status, const tokens *tokens,
                  const thingspace_error *error);

/* Calls all that wait for tokens now; those who come meanwhile wait for the next fetch. */
void waiters_wake(struct ring *ring, thingspace_status status, const thingspace_error *error);
/* Calls those whose deadline comes before `due_ms` now, with an error. */
void waiters_fail_before(struct ring *ring, int64_t due_ms, const thingspace_error *error);
/* Tells all that wait and watch of an exchange. */
void waiters_tell(const struct ring *ring, const keyring_exchange *exchange);
/* The latest deadline; 0 when nobody waits. */
int64_t waiters_deadline(const struct ring *ring);
/* Whether one who waits was refused with this token. */
bool waiters_refuse_bearer(const struct ring *ring, const thingspace_secret *bearer);
bool waiters_refuse_session(const struct ring *ring, const thingspace_secret *session);

#endif
