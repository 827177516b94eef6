/* SPDX-License-Identifier: MIT */
/*
 * CSV as RFC 4180 says: commas, cells in double quotes when they hold commas,
 * quotes or line ends, lines that end with LF or CRLF. The first line names the
 * columns; every cell is text, never a number. Knows no Lua. The text is the
 * caller's and changes in place: quoted cells are unfolded where they stand.
 */
#ifndef LUA_CSV_H
#define LUA_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <thingspace/error.h>
#include "base/limits.h"

typedef struct csv_cell {
    const char *text; /* inside the caller's text; not terminated */
    size_t size;
} csv_cell;

typedef struct csv {
    char *text;
    size_t size, offset;
    int line;     /* where reading stands, from 1 */
    int row_line; /* where the last row began */
    size_t column_count;
    csv_cell columns[LIMIT_CSV_COLUMNS]; /* the names, of the first line */
    csv_cell cells[LIMIT_CSV_COLUMNS];   /* the last row */
} csv;

/* Reads the line of names. Expected: POLICY (with the line in the message). */
thingspace_status csv_open(csv *out, char *text, size_t size, thingspace_error *error);
/* Reads one row into `cells`; *more is false at the
 * end. Empty lines are skipped. Expected: POLICY. */
thingspace_status csv_next(csv *csv, bool *more, thingspace_error *error);

#endif
