/* SPDX-License-Identifier: MIT */
/*
 * Edit distance over short names: members of a policy's tables, names of
 * endpoints and credentials. Owns nothing; any thread.
 */
#include <config.h>
#include <string.h>
#include "policy/nearest.h"

/* Longer names are never suggested; what people type is shorter. */
#define LONGEST    63
#define MOST_EDITS 2

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Levenshtein's distance; both names are at most LONGEST bytes. */
static size_t edits_between(const char *a, const char *b)
{
    size_t row[LONGEST + 1];
    size_t width = strlen(b);
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t above = row[j];
            row[j] = smallest(diagonal + (a[i - 1] != b[j - 1]), above + 1, row[j - 1] + 1);
            diagonal = above;
        }
    }
    return row[width];
}

const char *nearest_name(const char *name, const char *const *known, size_t count)
{
    const char *nearest = NULL;
    size_t fewest = MOST_EDITS + 1;
    if (!name || strnlen(name, LONGEST + 1) > LONGEST)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t length = strnlen(known[i], LONGEST + 1);
        if (length > LONGEST)
            continue;
        size_t edits = edits_between(known[i], name);
        if (edits < fewest && edits * 2 < length) {
            fewest = edits;
            nearest = known[i];
        }
    }
    return nearest;
}
