/* SPDX-License-Identifier: MIT */
/* What arrived: the last requests whole, and a count for each path. Under the model's lock. */
#ifndef SIMULATOR_JOURNAL_H
#define SIMULATOR_JOURNAL_H

#include "base/json.h"
#include "base/map.h"
#include "limits.h"
#include "request.h"

struct journal {
    json *entries[LIMIT_SIM_JOURNAL]; /* a ring; the entry of request n is at n % size */
    long long count;
    long long present, most; /* requests that are not answered yet: now, at most */
    map *paths;              /* "METHOD path" to its count, kept in the pointer */
};

/* Expected of both: MEMORY. */
thingspace_status journal_start(struct journal *journal);
thingspace_status journal_reset(struct journal *journal);
void journal_stop(struct journal *journal);

/* Expected: MEMORY. */
thingspace_status journal_add(struct journal *journal, const struct request *request);
/* A request, not of the control paths, has come; its answer begins. */
void journal_enter(struct journal *journal);
void journal_leave(struct journal *journal);
/* Adds requestCount, atOnce, mostAtOnce, paths, lastRequest and requests to the state. Expected:
 * MEMORY. */
thingspace_status journal_describe(const struct journal *journal, json *state);

#endif
