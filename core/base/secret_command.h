/* SPDX-License-Identifier: MIT */
/* A secret from a program's output; what it gets is said in secret_source.h. Any thread. */
#ifndef SECRET_COMMAND_H
#define SECRET_COMMAND_H

#include "base/secret.h"

/*
 * Runs `program` (looked up in PATH when it has no slash) with `arguments`, which
 * include its own name and end with NULL; blocks until it ended, at most about
 * `limit_ms`. `what` names the command in errors. Expected: AUTH, MEMORY.
 */
thingspace_status secret_command_run(thingspace_secret **out, const char *program,
                                     char *const *arguments, const char *what, int limit_ms,
                                     thingspace_error *error);

#endif
