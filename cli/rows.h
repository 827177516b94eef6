/* SPDX-License-Identifier: MIT */
/*
 * A result of many rows, printed as they come: the elements of one JSON array, lines with tabs, or
 * on a terminal a table, which waits for the last row to know its widths. Cells are copied; text
 * from outside is escaped. Rows begin with the first one: a result that never came prints nothing.
 */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include "cli/output.h"

#define ROWS_MOST_COLUMNS 8

typedef enum column_place {
    COLUMN_SHOWN,
    COLUMN_HIDDEN, /* in JSON alone */
    COLUMN_BELOW,  /* in tables on a line of its own, when there is something to say */
    COLUMN_NAMED,  /* the same, with its title before it; a long list goes on below */
} column_place;

typedef struct column {
    const char *title;  /* in tables: "ACCOUNT" */
    const char *member; /* in JSON: "accountName"; NULL: not shown there */
    column_place place;
} column;

/* Exactly one of them counts: JSON and text show the same thing in their own way. */
typedef struct cell {
    const char *text; /* NULL: nothing (JSON null) */
    json *value;      /* in JSON in place of text; taken by rows_add */
} cell;

typedef struct rows {
    const output *output;
    const column *columns;
    size_t column_count;
    char **cells; /* of a table that waits, row by row, escaped */
    size_t cell_count, cell_capacity;
    size_t count; /* rows so far */
    thingspace_status status;
} rows;

/* `columns` ends with a row without a title. */
void rows_begin(rows *rows, const output *output, const column *columns);
/* One cell for each column. Failure sticks and is told by rows_end. */
void rows_add(rows *rows, const cell *cells);
/* Ends the array or prints the table, and frees. `always`: an empty result is `[]` in JSON.
 * Expected: MEMORY. */
thingspace_status rows_end(rows *rows, bool always);

#endif
