/* SPDX-License-Identifier: MIT */
/* Asks at the terminal for what no variable gives. Answers live in locked memory; what was typed
 * into ordinary memory is wiped. */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include <stdbool.h>
#include <thingspace/client.h>

/* Whether there is a terminal to ask at. */
bool prompt_is_possible(void);
/* A thingspace_ask_function. Expected: AUTH (no answer), CANCELLED, MEMORY. */
thingspace_status prompt_ask(void *user, const char *part, thingspace_secret **out,
                             thingspace_error *error);

#endif
