/* SPDX-License-Identifier: MIT */
/*
 * The known name that was probably meant: fewest typing errors, capitals counted as
 * small letters. A name that would have to change by half or more is another name and
 * never suggested. Allocates nothing; pure; any thread.
 */
#ifndef NEAREST_H
#define NEAREST_H

#include <stddef.h>

typedef struct nearest {
    const char *wanted; /* borrowed */
    const char *found;  /* borrowed from whoever offered it; NULL: nothing is near enough */
    size_t edits;       /* fewer than this many are needed to be found */
} nearest;

/* `wanted` may be NULL: nothing is near it. */
void nearest_begin(nearest *nearest, const char *wanted);
/* Of names that are equally near the first stays. */
void nearest_offer(nearest *nearest, const char *candidate);

/* The same for an array; NULL when nothing is near enough. */
const char *nearest_name(const char *wanted, const char *const *known, size_t count);

#endif
