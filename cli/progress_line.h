/* SPDX-License-Identifier: MIT */
/*
 * The line of a progress bar for a terminal of a given width. What has no room is left out: first
 * the bar, then the rate, the time that is left, the words; at last all of it. ASCII. Pure; any
 * thread.
 */
#ifndef CLI_PROGRESS_LINE_H
#define CLI_PROGRESS_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* The longest line in columns, and in bytes with its colours and NUL. */
#define PROGRESS_LINE_WIDEST 100
#define PROGRESS_LINE_SIZE   (PROGRESS_LINE_WIDEST + 32)

typedef struct progress_state {
    const char *what; /* "accounts" */
    size_t done, total, failed;
    double a_second; /* how many; 0: not known yet */
    bool color;
} progress_state;

/* Never more than `width` columns. */
void progress_line(char out[PROGRESS_LINE_SIZE], const progress_state *state, size_t width);

#endif
