/* SPDX-License-Identifier: MIT */
/* See progress_line.h. */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "cli/figure.h"
#include "cli/progress_line.h"

#define LONGEST_BAR   40
#define SHORTEST_BAR  10
#define LONGEST_PIECE 128
#define RED           "\033[31m"
#define PLAIN         "\033[0m"

/* "12 of 300 accounts", and what follows with its comma; "" when there is nothing to say. */
typedef struct pieces {
    char count[LONGEST_PIECE], short_count[LONGEST_PIECE];
    char rate[LONGEST_PIECE], left[LONGEST_PIECE], failed[LONGEST_PIECE];
} pieces;

static void write_pieces(pieces *out, const progress_state *state)
{
    figure done = figure_of((long long)state->done), total = figure_of((long long)state->total);
    memset(out, 0, sizeof(*out));
    snprintf(out->count, LONGEST_PIECE, "%s of %s %.40s", done.text, total.text, state->what);
    snprintf(out->short_count, LONGEST_PIECE, "%zu/%zu", state->done, state->total);
    if (state->failed > 0)
        snprintf(out->failed, LONGEST_PIECE, ", %s failed",
                 figure_of((long long)state->failed).text);
    if (state->a_second <= 0)
        return;
    double seconds = (double)(state->total - state->done) / state->a_second;
    snprintf(out->rate, LONGEST_PIECE, ", %s", figure_of_rate(state->a_second).text);
    if (seconds < 1e9)
        snprintf(out->left, LONGEST_PIECE, ", %s left",
                 figure_of_seconds((long long)(seconds + 0.5)).text);
}

static void write_bar(char *out, const progress_state *state, size_t room)
{
    size_t cells = room > LONGEST_BAR ? LONGEST_BAR - 2 : room - 2;
    size_t full = state->total > 0
                      ? (size_t)((double)cells * (double)state->done / (double)state->total)
                      : cells;
    full = full > cells ? cells : full;
    *out++ = '[';
    memset(out, '=', full);
    memset(out + full, ' ', cells - full);
    if (full > 0 && full < cells)
        out[full - 1] = '>';
    out[cells] = ']';
    out[cells + 1] = '\0';
}

/* Failures are red; colours have no width. */
static void join(char *out, const progress_state *state, const char *count, const char *bar,
                 const char *rate, const char *left, const char *failed)
{
    bool red = state->color && *failed;
    snprintf(out, PROGRESS_LINE_SIZE, "%s%s%s%s%s%s%s%s", count, *bar ? " " : "", bar,
             *bar && *rate == ',' ? rate + 1 : rate, left, red ? RED : "", failed,
             red ? PLAIN : "");
}

void progress_line(char out[PROGRESS_LINE_SIZE], const progress_state *state, size_t width)
{
    pieces pieces;
    char bar[LONGEST_BAR + 1] = "";
    write_pieces(&pieces, state);
    if (width > PROGRESS_LINE_WIDEST)
        width = PROGRESS_LINE_WIDEST;
    size_t failed = strlen(pieces.failed), left = strlen(pieces.left), rate = strlen(pieces.rate);
    size_t count = strlen(pieces.count), short_count = strlen(pieces.short_count);
    if (count + rate + left + failed + 1 + SHORTEST_BAR <= width) {
        write_bar(bar, state, width - count - rate - left - failed - 1);
        join(out, state, pieces.count, bar, pieces.rate, pieces.left, pieces.failed);
    } else if (count + rate + left + failed <= width) {
        join(out, state, pieces.count, "", pieces.rate, pieces.left, pieces.failed);
    } else if (count + left + failed <= width) {
        join(out, state, pieces.count, "", "", pieces.left, pieces.failed);
    } else if (short_count + left + failed <= width) {
        join(out, state, pieces.short_count, "", "", pieces.left, pieces.failed);
    } else if (short_count + failed <= width) {
        join(out, state, pieces.short_count, "", "", "", pieces.failed);
    } else {
        join(out, state, short_count <= width ? pieces.short_count : "", "", "", "", "");
    }
}
