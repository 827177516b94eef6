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
    char count[LONGEST_PIECE];
    char bar[LONGEST_BAR + 1];
    char rate[LONGEST_PIECE], left[LONGEST_PIECE], failed[LONGEST_PIECE];
} pieces;

static void write_pieces(pieces *out, const progress_state *state)
{
    figure done = figure_of((long long)state->done), total = figure_of((long long)state->total);
    memset(out, 0, sizeof(*out));
    snprintf(out->count, LONGEST_PIECE, "%s of %s %.40s", done.text, total.text, state->what);
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

/* In columns, without the bar. */
static size_t width_of(const pieces *pieces)
{
    return strlen(pieces->count) + strlen(pieces->rate) + strlen(pieces->left) +
           strlen(pieces->failed);
}

/* The least telling first. */
static void fit(pieces *pieces, const progress_state *state, size_t width)
{
    if (width_of(pieces) + 1 + SHORTEST_BAR <= width)
        write_bar(pieces->bar, state, width - width_of(pieces) - 1);
    if (width_of(pieces) > width)
        pieces->rate[0] = '\0';
    if (width_of(pieces) > width)
        snprintf(pieces->count, LONGEST_PIECE, "%zu/%zu", state->done, state->total);
    if (width_of(pieces) > width)
        pieces->left[0] = '\0';
    if (width_of(pieces) > width)
        pieces->failed[0] = '\0';
    if (width_of(pieces) > width)
        pieces->count[0] = '\0';
}

static void append(char out[PROGRESS_LINE_SIZE], const char *text)
{
    size_t used = strlen(out);
    snprintf(out + used, PROGRESS_LINE_SIZE - used, "%s", text);
}

/* Failures are red; colours have no width. */
void progress_line(char out[PROGRESS_LINE_SIZE], const progress_state *state, size_t width)
{
    pieces pieces;
    out[0] = '\0';
    write_pieces(&pieces, state);
    fit(&pieces, state, width < PROGRESS_LINE_WIDEST ? width : PROGRESS_LINE_WIDEST);
    bool has_bar = pieces.bar[0], red = state->color && pieces.failed[0];
    append(out, pieces.count);
    append(out, has_bar ? " " : "");
    append(out, pieces.bar);
    append(out, pieces.rate + (has_bar && pieces.rate[0] == ',')); /* a bar needs no comma */
    append(out, pieces.left);
    append(out, red ? RED : "");
    append(out, pieces.failed);
    append(out, red ? PLAIN : "");
}
