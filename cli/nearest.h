/* SPDX-License-Identifier: MIT */
/* The word that was probably meant. Pure; any thread. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

typedef struct nearest {
    const char *wanted;
    const char *found; /* NULL: nothing is near enough */
    unsigned distance;
} nearest;

void nearest_begin(nearest *nearest, const char *wanted);
/* `candidate` is borrowed as long as `found` is used. */
void nearest_offer(nearest *nearest, const char *candidate);

#endif
