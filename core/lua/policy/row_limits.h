/* SPDX-License-Identifier: MIT */
/*
 * The limits of a script as its row in the policy sets them: what the row leaves at 0 stays as
 * lua/limits.h has it. Pure; any thread.
 */
#ifndef LUA_ROW_LIMITS_H
#define LUA_ROW_LIMITS_H

#include "lua/runtime/limits.h"
#include "plugin/row.h"

/* For hooks, and for a tenant's functions. */
runtime_limits row_limits_running(const plugin_limits *row);
/* For load and configure: a row can make their deadline longer, not shorter, for what a hook may
 * take says nothing about a load. */
runtime_limits row_limits_loading(const plugin_limits *row);
/* For the hooks of an instance: what may see bodies has the memory for one as tables, and for one
 * text of LIMIT_REQUEST_BODY, unless the row says otherwise. */
runtime_limits row_limits_instance(const plugin_limits *row, capability_set granted);

#endif
