/* SPDX-License-Identifier: MIT */
/* The actions of `thingspace policy` that have files of their own, and what they share. One thread.
 */
#ifndef CLI_COMMANDS_POLICY_H
#define CLI_COMMANDS_POLICY_H

#include "cli/session.h"

int policy_run_check(session *session);
int policy_run_diff(session *session);

/* A text or a number of an object; "" when absent. */
const char *policy_text_of(const json *row, const char *member);
/* Of actions other than diff. */
int policy_refuse_exit_code(session *session);

#endif
