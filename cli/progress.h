/* SPDX-License-Identifier: MIT */
/* A line on standard error that counts, only on a terminal and only when there is much to wait for.
 * It wipes itself. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stddef.h>
#include "cli/output.h"

typedef struct progress {
    const char *what; /* "accounts"; NULL: silent */
    size_t done, total;
    long long shown_ms; /* when */
} progress;

void progress_begin(progress *progress, const output *output, size_t total, const char *what);
void progress_step(progress *progress);
void progress_end(progress *progress);

#endif
