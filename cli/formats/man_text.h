/* SPDX-License-Identifier: MIT */
/* Texts of the tables of commands in mdoc, for the pages of section 1. Build time only; what cannot
 * be written is found by the end of the program. */
#ifndef CLI_MAN_TEXT_H
#define CLI_MAN_TEXT_H

#include <stdio.h>
#include "cli/command.h"

void man_text_put(FILE *out, const char *text);
/* An argument of a macro; blanks inside it need quotes. */
void man_text_put_argument(FILE *out, const char *text);
/* Sentences; an empty line is between paragraphs. */
void man_text_put_paragraphs(FILE *out, const char *text);
/* What begins small and has no dot. */
void man_text_put_summary(FILE *out, const char *text);
/* The same before an example: with a colon. */
void man_text_put_caption(FILE *out, const char *text);
void man_text_put_options(FILE *out, const option *options);

#endif
