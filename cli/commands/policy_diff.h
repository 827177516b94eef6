/* SPDX-License-Identifier: MIT */
/* `thingspace policy diff`. One thread. */
#ifndef CLI_COMMANDS_POLICY_DIFF_H
#define CLI_COMMANDS_POLICY_DIFF_H

#include "cli/session.h"

int policy_run_diff(session *session);

#endif
