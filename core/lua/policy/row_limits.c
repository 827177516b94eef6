/* SPDX-License-Identifier: MIT */
/* See row_limits.h. */
#include <config.h>
#include "base/limits.h"
#include "lua/policy/row_limits.h"

/*
 * A body of JSON becomes tables of five times its size, of which the largest is below 1 MiB for a
 * list of 65,536. That room is for one call: whenever memory runs out, what is held is looked
 * through in one piece, and 40 MiB of it take 12 ms. One text of an answer's 8 MiB is not held: one
 * instruction of Lua on it (a comparison, a concatenation) takes 10 ms and cannot be interrupted.
 */
#define BODY_FACTOR 5

#define REQUEST_BODY  (CAPABILITY_REQUEST_BODY_READ | CAPABILITY_REQUEST_BODY_WRITE)
#define RESPONSE_BODY (CAPABILITY_RESPONSE_BODY_READ | CAPABILITY_RESPONSE_BODY_WRITE)

static void override(runtime_limits *limits, const plugin_limits *row)
{
    if (row->deadline_ms)
        limits->deadline_ms = row->deadline_ms;
    if (row->instructions)
        limits->instructions = row->instructions;
    if (row->memory_bytes)
        limits->memory = row->memory_bytes;
    if (row->allocation_bytes)
        limits->allocation = row->allocation_bytes;
    if (row->log_lines)
        limits->log_lines = row->log_lines;
}

runtime_limits row_limits_running(const plugin_limits *row)
{
    runtime_limits limits = limits_hook;
    override(&limits, row);
    return limits;
}

runtime_limits row_limits_loading(const plugin_limits *row)
{
    runtime_limits limits = limits_configure;
    override(&limits, row);
    if (limits.deadline_ms < limits_configure.deadline_ms)
        limits.deadline_ms = limits_configure.deadline_ms;
    if (limits.instructions < limits_configure.instructions)
        limits.instructions = limits_configure.instructions;
    return limits;
}

runtime_limits row_limits_instance(const plugin_limits *row, capability_set granted)
{
    runtime_limits limits = limits_hook;
    if (granted & (REQUEST_BODY | RESPONSE_BODY))
        limits.allocation = LIMIT_REQUEST_BODY;
    if (granted & RESPONSE_BODY)
        limits.memory += BODY_FACTOR * (size_t)LIMIT_RESPONSE_BODY;
    else if (granted & REQUEST_BODY)
        limits.memory += BODY_FACTOR * (size_t)LIMIT_REQUEST_BODY;
    override(&limits, row);
    return limits;
}
