/* SPDX-License-Identifier: MIT */
/*
 * Reading for a plan: accounts are taken from the selection as places get free, so that memory and
 * calls in flight do not grow with their number. Each is decided, listed, its declared listeners
 * are sent through the hooks as dry runs, and all but what differs is forgotten. Blocking; on the
 * client's thread.
 */
#ifndef PLAN_READ_H
#define PLAN_READ_H

#include "callbacks/plan/account_read.h"

/* Tells `ours` what the policy declares for its accounts, but for those that are `read`, which tell
 * by themselves; NULL: none. Accounts that cannot be decided declare nothing. Expected: MEMORY. */
thingspace_status plan_read_declared(policy *policy, ours *ours, const selection *read);

/* Fills the plan with reader->selection; what is declared there, and what hooks make of it, is told
 * to `ours` too. Expected: CANCELLED, LOCAL, NETWORK (no transport), MEMORY. */
thingspace_status plan_read(thingspace_plan *plan, const account_reader *reader, ours *ours,
                            const thingspace_plan_options *options, thingspace_error *error);

#endif
