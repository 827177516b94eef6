/* SPDX-License-Identifier: MIT */
/* What is written from the tables of commands at build time, one format a file of this folder. */
#ifndef CLI_FORMATS_H
#define CLI_FORMATS_H

#include <stdbool.h>
#include <stdio.h>
#include "cli/command.h"
#include "cli/synopsis.h"

void formats_man(FILE *out);                                 /* thingspace(1), mdoc */
void formats_man_command(FILE *out, const command *command); /* thingspace-NAME(1) */
void formats_bash(FILE *out);                                /* completions */
void formats_zsh(FILE *out);
void formats_fish(FILE *out);

/* Whether the words of an argument ("SERVICE") are known, and those words with blanks between. */
bool formats_has_choices(const char *argument);
void formats_put_choices(FILE *out, const char *argument);
bool formats_is_file(const char *argument);

/* An OPERATION of `plugin explain` by its index, NULL after the last; what follows it are the words
 * of the command of that name. */
const char *formats_operation_at(size_t index);
/* The `index`-th of these words, from 0; false when there is none. */
bool formats_operation_word(const char *operation, size_t index, synopsis_word *out);
bool formats_is_operation(const char *argument);

#endif
