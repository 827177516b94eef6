/* SPDX-License-Identifier: MIT */
/*
 * Runs another program and waits for it. Signals sent to us go on to it; those that the terminal
 * sends reach it by themselves. One at a time.
 */
#ifndef CLI_CHILD_H
#define CLI_CHILD_H

#include <thingspace/error.h>

/*
 * `arguments` and `environment` end with NULL; the program is looked for in PATH. `*exit_status` is
 * the program's, 128 plus the signal when one ended it. Expected: LOCAL (it cannot be run).
 */
thingspace_status child_run(int *exit_status, char *const *arguments, char *const *environment,
                            thingspace_error *error);

#endif
