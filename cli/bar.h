/* SPDX-License-Identifier: MIT */
/*
 * The line at the bottom of the terminal on standard error, which has no end yet. Other lines
 * appear above it. There is one, as there is one standard error. One thread.
 */
#ifndef CLI_BAR_H
#define CLI_BAR_H

#include <stddef.h>

/* How many columns it may have now: those of the terminal, or COLUMNS when that is less, but for
 * the last one, after which some terminals go to the next line. */
size_t bar_width(void);
/* In place of the one before; ours, needs no escaping. NULL wipes it. */
void bar_show(const char *line);
/* Writes a whole line above it, or just writes it when there is none. */
void bar_tell(const char *line);

#endif
