/* SPDX-License-Identifier: MIT */
/*
 * What the service refused to have as declared, remembered from one apply to the next in one file
 * of the state directory, so that a plan can tell it from a change that was not tried. An entry is
 * of one listener and of what was declared for it then (URL and username; no secret, no digest of
 * one): when that changes, it is not blocked any more. One thread at a time.
 */
#ifndef BLOCKED_H
#define BLOCKED_H

#include "base/log.h"
#include "base/state.h"
#include "catalogue/api_table.h"

typedef struct blocked blocked;

/* A file that cannot be read is as good as absent, and told to `log`. Expected: MEMORY. Owned:
 * blocked_free. `state` NULL: an empty one that cannot be saved. */
thingspace_status blocked_load(blocked **out, state *state, const log_target *log,
                               thingspace_error *error);
void blocked_free(blocked *blocked);

/* One listener as it was declared; texts are borrowed. */
typedef struct blocked_key {
    const char *endpoint;                /* the URL of its API */
    const char *account, *api, *service; /* api NULL: connectivity */
    const char *url, *username;          /* username NULL: none */
} blocked_key;

/* Why it was refused ("CODE: text"), borrowed; NULL: it is not blocked. `blocked` may be NULL. */
const char *blocked_find(const blocked *blocked, const blocked_key *key);
/* Expected: MEMORY. */
thingspace_status blocked_add(blocked *blocked, const blocked_key *key, const char *why);
void blocked_remove(blocked *blocked, const blocked_key *key);
/* Under a lock, with what other processes have noted meanwhile; nothing to do when nothing changed.
 * Expected: LOCAL, MEMORY. */
thingspace_status blocked_save(blocked *blocked, thingspace_error *error);

#endif
