/* SPDX-License-Identifier: MIT */
/*
 * See nearest.h. Levenshtein's distance, and two neighbours that changed places are
 * one error; by the classic table, three rows of it at a time.
 */
#include <config.h>
#include <stdbool.h>
#include <string.h>
#include "base/limits.h"
#include "base/nearest.h"

/* Further apart than this many typing errors, two names are different names. */
#define MOST_EDITS 3

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Whether the first two characters are those of the other, in the other order. */
static bool are_swapped(const char *a, const char *b)
{
    return fold(a[0]) == fold(b[1]) && fold(a[1]) == fold(b[0]);
}

/* Insertions, deletions, replacements and swaps; `b` is within LIMIT_SUGGESTED. */
static size_t edits_between(const char *a, const char *b)
{
    size_t rows[3][LIMIT_SUGGESTED + 1];
    size_t width = strlen(b), length = strlen(a);
    for (size_t j = 0; j <= width; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= length; i++) {
        const size_t *above = rows[(i - 1) % 3], *top = rows[(i + 1) % 3];
        size_t *row = rows[i % 3];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t replaced = above[j - 1] + (fold(a[i - 1]) != fold(b[j - 1]));
            row[j] = smaller(replaced, smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && are_swapped(a + i - 2, b + j - 2))
                row[j] = smaller(row[j], top[j - 2] + 1);
        }
    }
    return rows[length % 3][width];
}

static bool is_too_long(const char *name)
{
    return strnlen(name, LIMIT_SUGGESTED + 1) > LIMIT_SUGGESTED;
}

void nearest_begin(nearest *self, const char *wanted)
{
    *self = (nearest){.wanted = wanted, .edits = MOST_EDITS + 1};
}

void nearest_offer(nearest *self, const char *candidate)
{
    if (!self->wanted || is_too_long(self->wanted) || is_too_long(candidate))
        return;
    size_t edits = edits_between(candidate, self->wanted);
    /* Three edits turn any three letters into QoS: most of a name must stay. */
    if (edits >= self->edits || edits * 2 >= strlen(candidate))
        return;
    self->found = candidate;
    self->edits = edits;
}

const char *nearest_name(const char *wanted, const char *const *known, size_t count)
{
    nearest nearest;
    nearest_begin(&nearest, wanted);
    for (size_t i = 0; i < count; i++)
        nearest_offer(&nearest, known[i]);
    return nearest.found;
}
