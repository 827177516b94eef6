/* SPDX-License-Identifier: MIT */
/* Asks at the terminal: for what no variable gives, and whether to go on. Answers live in locked
 * memory; what was typed into ordinary memory is wiped. */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include <stdbool.h>
#include <thingspace/client.h>

/* Whether there is a terminal to ask at. */
bool prompt_is_possible(void);
/* A thingspace_ask_function. Expected: AUTH (no answer), CANCELLED, MEMORY. */
thingspace_status prompt_ask(void *user, const char *part, thingspace_secret **out,
                             thingspace_error *error);
/* `*out` is whether the answer is y or yes. Expected: CANCELLED (interrupted), LOCAL (no
 * terminal). */
thingspace_status prompt_confirm(bool *out, const char *text, thingspace_error *error);

#endif
