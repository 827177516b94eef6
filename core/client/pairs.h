/* SPDX-License-Identifier: MIT */
/*
 * What logging in, status and latch work on: the pairs of endpoint and credential that the
 * policy's accounts resolve to. A credential that no account uses is paired with the default
 * endpoint. The items borrow from the generation; on the client's thread.
 */
#ifndef PAIRS_H
#define PAIRS_H

#include "client/client.h"

typedef struct pair {
    const endpoint *endpoint;
    credential *credential;
} pair;

typedef struct pairs {
    pair *items;
    size_t count, capacity;
} pairs;

/* Those of the credential called `name`; NULL: all. `out` starts as {0}; owned: pairs_dispose, also
 * after a failure. Expected: USAGE (no such credential), MEMORY. */
thingspace_status pairs_find(pairs *out, const generation *by, const char *name,
                             thingspace_error *error);
void pairs_dispose(pairs *pairs);
#define cleanup_pairs __attribute__((cleanup(pairs_dispose)))

#endif
