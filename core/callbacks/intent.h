/* SPDX-License-Identifier: MIT */
/*
 * Intent records: written and synced before a listener is removed in order to be registered anew,
 * removed when one of the two is there again. A process that dies in between leaves the record,
 * and repair.h does the rest. One file for each (endpoint, account, service) in the state
 * directory, mode 0600; listener passwords are in it as tokens are in theirs, since nothing else
 * knows them after a crash: docs/threats.md. Many processes may use one directory: a record
 * whose lock is held belongs to a run that lives, and is left alone.
 */
#ifndef INTENT_H
#define INTENT_H

#include "base/log.h"
#include "base/state.h"
#include "client/result.h"

typedef struct intent_listener { /* owned */
    char *url;                   /* NULL: unknown */
    char *username;              /* NULL: none */
    thingspace_secret *password; /* NULL: none */
} intent_listener;

typedef struct intent { /* owned */
    char *endpoint;     /* the URL of its API */
    char *api;          /* of which of its APIs; NULL: the first one */
    char *account, *service;
    intent_listener wanted; /* as hooks left it */
    intent_listener old;
    int64_t noted_ms; /* wall clock; of a record that was read */
} intent;

/* Both begin as {0}; what is there is added to, what fails is disposed of by the caller.
 * Expected: MEMORY. */
thingspace_status intent_take_row(intent_listener *out, const listener_row *row, const char *api);
/* Of a register's result: what was sent. */
thingspace_status intent_take_sent(intent_listener *out, const thingspace_result *sent);
/* The name of an API as records have it: NULL for the first one, however it was asked for. */
const char *intent_api(const char *name);
/* Whether that is listed. */
bool intent_is_row(const intent_listener *listener, const listener_row *row);
void intent_listener_dispose(intent_listener *listener);
void intent_dispose(intent *intent);

/* Durable when it is OK, and `lock` is held until one of the next two. Otherwise nothing is.
 * Expected: REFUSED (a run that lives changes that listener), LOCAL, MEMORY. */
thingspace_status intent_begin(state *state, const intent *intent, state_lock *lock,
                               thingspace_error *error);
/* It is over: removes the record. A lock that is not held is left alone. Expected: LOCAL. */
thingspace_status intent_end(state *state, const intent *intent, state_lock *lock,
                             thingspace_error *error);
/* It is not: leaves it to the next run. */
void intent_leave(state_lock *lock);

typedef enum intent_verdict {
    INTENT_KEPT,
    INTENT_OVER, /* to be removed */
    INTENT_STOP, /* kept, and no more of them now */
} intent_verdict;

/* Calls `each` for every record of a run that died, with its lock held meanwhile. One that cannot
 * be read is kept and told to `log`. `*none`: there was no record at all. Expected: LOCAL, MEMORY.
 */
typedef intent_verdict intent_each_function(const intent *intent, void *user);
thingspace_status intent_each(state *state, bool *none, const log_target *log,
                              intent_each_function *each, void *user, thingspace_error *error);

#endif
