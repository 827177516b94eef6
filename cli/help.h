/* SPDX-License-Identifier: MIT */
/* --help, made from the tables; all texts end with a line end. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>
#include "cli/command.h"

/* What there is: for `thingspace` alone, on standard error. */
void help_short(FILE *out);
/* The same with the global options. */
void help_all(FILE *out);
void help_command(FILE *out, const command *command);

#endif
