/* SPDX-License-Identifier: MIT */
/*
 * A plan as a matrix of accounts and services: what pages are made of. Borrows the plan's document
 * and its groups, which must live longer. One thread.
 */
#ifndef CLI_REPORT_MATRIX_H
#define CLI_REPORT_MATRIX_H

#include "base/map.h"
#include "cli/plan/plan.h"

/* What is shown at most; differences come first. A browser opens that in some seconds. */
#define MATRIX_MOST_CELLS   250000
#define MATRIX_MOST_COLUMNS 100

/* A row (an account) or a column (a service of an API). */
typedef struct matrix_line {
    const char *name, *api; /* api NULL: connectivity */
    const json *unread;     /* the error of an account that cannot be read; else NULL */
    size_t group;           /* of that error */
    bool differs, shown;
    size_t place; /* among those that are shown */
} matrix_line;

typedef struct matrix_cell {
    const matrix_line *row, *column;
    plan_state state;
    const json *entry;
    size_t group; /* of differences */
} matrix_cell;

typedef struct matrix_lines {
    map *by_name;       /* owns them */
    matrix_line **list; /* those that are shown, sorted */
    size_t count, left_out;
} matrix_lines;

typedef struct matrix {
    matrix_lines rows, columns;
    matrix_cell *cells; /* those that are shown, by row and column */
    size_t cell_count;
} matrix;

/* All groups of a plan: of its changes, then of its errors. */
typedef struct matrix_groups {
    plan_groups changes, errors;
    plan_group *list;
    size_t count;
} matrix_groups;

/* Expected: MEMORY. Owned: _dispose, also on failure. */
thingspace_status matrix_groups_make(matrix_groups *out, const json *plan);
void matrix_groups_dispose(matrix_groups *groups);
thingspace_status matrix_make(matrix *out, const json *plan, const matrix_groups *groups);
void matrix_dispose(matrix *matrix);

#endif
