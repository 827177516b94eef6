/* SPDX-License-Identifier: MIT */
/*
 * Whether a list can be compared: each service once, and of the account that was asked for. What
 * can be read in two ways must neither be changed nor removed. Any thread.
 */
#ifndef LISTED_CHECK_H
#define LISTED_CHECK_H

#include "client/result.h"

/* `asked`: the account. A service that is told twice in the same words is told once. Expected:
 * PROTOCOL, MEMORY. */
thingspace_status listed_check(const thingspace_result *listed, const char *asked,
                               thingspace_error *error);

#endif
