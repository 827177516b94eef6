/* SPDX-License-Identifier: MIT */
/*
 * The members of an account's row that decide by default: endpoint, credential,
 * timeout_ms. All cells of a CSV file are text: an empty one is not given, and a
 * number may be written as text. Pure functions; any thread.
 */
#ifndef ROW_H
#define ROW_H

#include <stdint.h>
#include <thingspace/error.h>
#include "base/json.h"

typedef struct row_members {
    const char *endpoint;   /* borrowed from the row; NULL: not given */
    const char *credential; /* the same */
    int64_t timeout_ms;     /* 0: not given */
} row_members;

/* `row` may be NULL (declared by name alone). Expected: POLICY (which member, why). */
thingspace_status row_read(row_members *out, const json *row, thingspace_error *error);

/* Whether a time-out can be used: 1 ms to an hour. */
bool row_timeout_is_usable(long long timeout_ms);
#define ROW_TIMEOUT_RULE "1 to 3600000 milliseconds"

/* About how many bytes a row, options or tags hold. NULL holds none. */
size_t row_weight(const json *node);

#endif
