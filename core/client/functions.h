/* SPDX-License-Identifier: MIT */
/*
 * Policies that are functions of the program: the options `resolve` and `listeners` behind a
 * policy, and what they may ask. The client's thread.
 */
#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include "client/client.h"

/* Those that the client has take the place of the policy's. Expected: MEMORY. */
thingspace_status functions_set(thingspace_client *client, policy *policy, thingspace_error *error);

#endif
