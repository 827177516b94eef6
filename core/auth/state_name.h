/* SPDX-License-Identifier: MIT */
/*
 * Names of state files that belong to what several texts say together, secrets
 * among them: PREFIX-DIGEST.json. Pure; any thread.
 */
#ifndef STATE_NAME_H
#define STATE_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define STATE_NAME_SIZE 80

typedef struct state_name_part {
    const void *bytes;
    size_t size;
    bool any_case; /* ASCII letters in both cases give one name */
} state_name_part;

/* `prefix` has at most 8 characters. */
void state_name_make(char out[STATE_NAME_SIZE], const char *prefix, const state_name_part *parts,
                     size_t count);

#endif
