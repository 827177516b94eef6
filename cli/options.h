/* SPDX-License-Identifier: MIT */
/*
 * The one parser of the command line, driven by the tables of command.h. Options stand before or
 * after the command and among its words; `--x=v` and `--x v` are the same; after `--` come words
 * alone. Everything is checked here that the tables know: names, numbers, choices, how many words.
 *
 * What is parsed borrows from argv. Owned: options_dispose.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stddef.h>
#include <thingspace/error.h>
#include "cli/command.h"

typedef struct given_option {
    const option *option;
    const char *value; /* NULL for a flag */
    long long number;  /* of OPTION_NUMBER, and the milliseconds of OPTION_SECONDS */
} given_option;

typedef struct options {
    const command *command; /* NULL: none was named */
    const action *action;   /* NULL: the command has none */
    given_option *given;
    size_t given_count;
    const char **words; /* without command and action */
    size_t word_count;
    char **program; /* after `--` of a command that takes one, NULL last; NULL: none */
} options;

/* On failure `out` holds what was understood so far. Expected: USAGE, MEMORY. */
thingspace_status options_parse(options *out, int argc, char **argv, thingspace_error *error);
/* Whether --output json stands anywhere: also for errors that end the parsing before it. */
bool options_ask_for_json(int argc, char **argv);
void options_dispose(options *options);

bool options_has(const options *options, const char *name);
size_t options_count(const options *options, const char *name);
/* The value that counts (the last); NULL when it was not given. */
const char *options_text(const options *options, const char *name);
long long options_number(const options *options, const char *name, long long otherwise);
/* All values in their order, NULL last: free(). NULL when out of memory. */
const char **options_texts(const options *options, const char *name);

#endif
