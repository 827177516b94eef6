/* SPDX-License-Identifier: MIT */
/* See nearest.h. Levenshtein's distance by the classic table, one row at a time. */
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

/* Insertions, deletions and replacements; `b` is within LIMIT_SUGGESTED. */
static size_t edits_between(const char *a, const char *b)
{
    size_t row[LIMIT_SUGGESTED + 1];
    size_t width = strlen(b);
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t replaced = diagonal + (fold(a[i - 1]) != fold(b[j - 1]));
            diagonal = row[j];
            row[j] = smaller(replaced, smaller(row[j], row[j - 1]) + 1);
        }
    }
    return row[width];
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
