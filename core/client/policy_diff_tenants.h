/* SPDX-License-Identifier: MIT */
/*
 * What changes of the tenants when one policy takes the place of another: those that are new or
 * gone, and what their rows grant. On the thread of both clients.
 */
#ifndef POLICY_DIFF_TENANTS_H
#define POLICY_DIFF_TENANTS_H

#include "client/client.h"
#include "client/facts.h"

/*
 * {"added":[...],"removed":[...],"changed":[{"name","fields":[{"name","from","to"}]}]}; of a
 * secret only where it comes from. Owned; `*status` becomes MEMORY when out of memory.
 */
json *policy_diff_tenants(const policy *old, const policy *new, const facts_folders *folders,
                          thingspace_status *status);

/* {"from":[...],"to":[...]}, the patterns of `owns`; NULL when they are the same. Owned. */
json *policy_diff_owns(const policy *old, const policy *new, thingspace_status *status);

#endif
