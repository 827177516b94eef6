/* SPDX-License-Identifier: MIT */
/*
 * How `thingspace simulate` is carried out. Two programs have one each: thingspace-simulate serves
 * (simulate_serve.c), thingspace becomes thingspace-simulate (simulate_exec.c).
 */
#ifndef CLI_SIMULATE_H
#define CLI_SIMULATE_H

#include "cli/session.h"

/* Returns the exit status. */
int simulate_run(session *session);

#endif
