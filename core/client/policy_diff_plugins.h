/* SPDX-License-Identifier: MIT */
/*
 * What changes of the plugins when one policy takes the place of another: instances that are new,
 * gone or have another row, and the order of those that both have. On the thread of both clients.
 */
#ifndef POLICY_DIFF_PLUGINS_H
#define POLICY_DIFF_PLUGINS_H

#include "client/facts.h"
#include "client/generation.h"

/*
 * {"added":[{"instance","tenant"?,"plugin"}],"removed":[the same],"changed":[{"instance","tenant"?,
 * "plugin","fields":[{"name","from","to"}]}],"order":[{"tenant"?,"from":[...],"to":[...]}]}. Of a
 * secret only where it comes from. Owned; `*status` becomes MEMORY when out of memory.
 */
json *policy_diff_plugins(const generation *old, const generation *new,
                          const facts_folders *folders, thingspace_status *status);

/* Adds "limits.deadline_ms" and the like to `facts`: those that a row gives. */
void policy_diff_put_limits(json *facts, const plugin_limits *limits, thingspace_status *status);

#endif
