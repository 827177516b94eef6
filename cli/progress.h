/* SPDX-License-Identifier: MIT */
/*
 * A bar on standard error for what takes long, only on a terminal that can erase a line. It wipes
 * itself; lines of output.h appear above it. One thread.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stddef.h>
#include "cli/output.h"

/* How far it was at some time. */
typedef struct progress_sample {
    long long ms;
    size_t done;
} progress_sample;

#define PROGRESS_SAMPLES 8

typedef struct progress {
    const char *what; /* "accounts"; NULL: silent */
    bool color;
    long long began_ms, shown_ms;              /* shown 0: not yet */
    progress_sample samples[PROGRESS_SAMPLES]; /* about a second apart, the oldest first */
    size_t sample_count;
} progress;

/* Nothing is shown before the wait is long enough to look at. */
void progress_begin(progress *progress, const output *output, const char *what);
void progress_show(progress *progress, size_t done, size_t total, size_t failed);
void progress_end(progress *progress);

#endif
