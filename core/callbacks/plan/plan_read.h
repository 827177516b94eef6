/* SPDX-License-Identifier: MIT */
/*
 * Reading for a plan: accounts are taken from the selection as places get free, so that memory and
 * calls in flight do not grow with their number. Each is decided, listed, its declared listeners
 * are sent through the hooks as dry runs, and all but what differs is forgotten. Blocking; on the
 * client's thread.
 */
#ifndef PLAN_READ_H
#define PLAN_READ_H

#include "callbacks/plan/ours.h"
#include "callbacks/plan/plan.h"
#include "callbacks/plan/selection.h"

/* Accounts under way at once: enough to hide the way to the service. */
#define PLAN_READ_AT_ONCE 64

/* Tells `ours` all that the policy declares, for all its accounts. Accounts that cannot be decided
 * declare nothing. Expected: MEMORY. */
thingspace_status plan_read_declared(policy *policy, ours *ours);

/* Fills the plan; what hooks make of declared URLs is told to `ours` too. Expected: CANCELLED,
 * LOCAL, NETWORK (no transport), MEMORY. */
thingspace_status plan_read(thingspace_plan *plan, thingspace_client *client,
                            generation *generation, const selection *selection, ours *ours,
                            const thingspace_plan_options *options, thingspace_error *error);

#endif
