/* SPDX-License-Identifier: MIT */
/* See progress.h. */
#include <config.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include "cli/progress.h"

/* Below this the wait is too short to look at. */
#define LEAST_TOTAL 17
#define PAUSE_MS    100
#define ERASE       "\r\033[K"

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_begin(progress *progress, const output *output, size_t total, const char *what)
{
    bool shown = !output->quiet && total >= LEAST_TOTAL && isatty(STDERR_FILENO);
    progress->what = shown ? what : NULL;
    progress->done = 0;
    progress->total = total;
    progress->shown_ms = 0;
}

void progress_step(progress *progress)
{
    progress->done++;
    if (!progress->what || now_ms() - progress->shown_ms < PAUSE_MS)
        return;
    progress->shown_ms = now_ms();
    fprintf(stderr, ERASE "%zu of %zu %s", progress->done, progress->total, progress->what);
}

void progress_end(progress *progress)
{
    if (progress->what)
        fputs(ERASE, stderr);
}
