/* SPDX-License-Identifier: MIT */
/*
 * An account's row as it was declared: members by name. Rows of texts alone, which is what a CSV
 * file gives, are packed (see row_store.h); others hold a tree. Of the members, endpoint,
 * credential and timeout_ms decide by default. All cells of a CSV file are text: an empty one is
 * not given, and a number may be written as text. Rows are immutable; any thread.
 */
#ifndef ROW_H
#define ROW_H

#include <stdint.h>
#include <thingspace/error.h>
#include "base/json.h"

typedef struct row row;

/* A member of a row that is text; both are borrowed from the row. */
typedef struct row_text {
    const char *name, *text;
} row_text;

/* The tree of a row that is not packed; NULL: all members are texts, or `row` is NULL. */
const json *row_tree(const row *row);
/* How many members a packed row has. */
size_t row_count(const row *row);
/* Of a packed row: the next member, in order of the names. False: there is none. */
typedef struct row_cursor {
    row_text at;
    size_t count; /* so many were there */
} row_cursor;
bool row_next(const row *row, row_cursor *cursor);
/* The text of a member, packed or not; NULL: there is none, or it is none. */
const char *row_get_text(const row *row, const char *name);

typedef struct row_choices {
    const char *endpoint;   /* borrowed from the row; NULL: not given */
    const char *credential; /* the same */
    int64_t timeout_ms;     /* 0: not given */
} row_choices;

/* `row` may be NULL (declared by name alone). Expected: POLICY (which member, why). */
thingspace_status row_read(row_choices *out, const row *row, thingspace_error *error);

/* Whether a time-out can be used: 1 ms to an hour. */
bool row_timeout_is_usable(long long timeout_ms);
#define ROW_TIMEOUT_RULE "1 to 3600000 milliseconds"

/* About how many bytes a row, or options or tags, hold. NULL holds none. */
size_t row_weight(const row *row);
size_t row_tree_weight(const json *node);

#endif
