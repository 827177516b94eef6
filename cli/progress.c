/* SPDX-License-Identifier: MIT */
/* See progress.h. The width is asked for each time: a terminal may change it. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/text.h"
#include "cli/bar.h"
#include "cli/progress.h"
#include "cli/progress_line.h"

#define FIRST_MS  300 /* below this the wait is too short to look at */
#define PAUSE_MS  100
#define SAMPLE_MS 1000

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Results that go to the same terminal as they come would be torn apart. */
static bool is_shown(const output *output)
{
    const char *kind = getenv("TERM");
    bool dumb = text_is_empty(kind) || text_equal(kind, "dumb");
    bool torn = isatty(STDOUT_FILENO) && !output->terminal;
    return !output->quiet && !dumb && !torn && isatty(STDERR_FILENO);
}

void progress_begin(progress *progress, const output *output, const char *what)
{
    memset(progress, 0, sizeof(*progress));
    progress->what = is_shown(output) ? what : NULL;
    progress->color = output->error_color;
    progress->began_ms = now_ms();
    progress->samples[0] = (progress_sample){progress->began_ms, 0};
    progress->sample_count = 1;
}

static void keep_sample(progress *progress, long long now, size_t done)
{
    progress_sample *samples = progress->samples;
    if (now - samples[progress->sample_count - 1].ms < SAMPLE_MS)
        return;
    if (progress->sample_count == PROGRESS_SAMPLES) {
        memmove(samples, samples + 1, (PROGRESS_SAMPLES - 1) * sizeof(*samples));
        progress->sample_count--;
    }
    samples[progress->sample_count++] = (progress_sample){now, done};
}

/* Over the last seconds, so that it follows a service that slows down. */
static double rate_now(const progress *progress, long long now, size_t done)
{
    const progress_sample *oldest = &progress->samples[0];
    long long elapsed = now - oldest->ms;
    if (elapsed < SAMPLE_MS || done <= oldest->done)
        return 0;
    return (double)(done - oldest->done) * 1000.0 / (double)elapsed;
}

void progress_show(progress *progress, size_t done, size_t total, size_t failed)
{
    char line[PROGRESS_LINE_SIZE];
    long long now = now_ms();
    if (!progress->what)
        return;
    keep_sample(progress, now, done);
    if (now - progress->began_ms < FIRST_MS || now - progress->shown_ms < PAUSE_MS)
        return;
    progress_state state = {progress->what, done, total, failed, rate_now(progress, now, done),
                            progress->color};
    progress_line(line, &state, bar_width());
    bar_show(line);
    progress->shown_ms = now;
}

void progress_end(progress *progress)
{
    if (progress->what)
        bar_show(NULL);
    progress->what = NULL;
}
