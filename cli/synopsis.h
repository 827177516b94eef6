/* SPDX-License-Identifier: MIT */
/*
 * Reads the `arguments` of a command ("ACCOUNT [SERVICE...]") word by word, for the parser and the
 * completions. Pure; any thread.
 */
#ifndef CLI_SYNOPSIS_H
#define CLI_SYNOPSIS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct synopsis_word {
    char name[32]; /* "SERVICE" */
    bool optional;
    bool repeats;
} synopsis_word;

/* The word at `index`; false when there are not so many. */
bool synopsis_at(const char *arguments, size_t index, synopsis_word *out);
/* The word that the typed word number `index` stands for: a repeated last one stands for all. */
bool synopsis_for(const char *arguments, size_t index, synopsis_word *out);

#endif
