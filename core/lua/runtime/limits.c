/* SPDX-License-Identifier: MIT */
/* The sets of limits, with their reasons. Constants: any thread. */
#include <config.h>
#include "lua/runtime/limits.h"

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

/*
 * The operator's own file: it may read a CSV file of 100,000 accounts (8 MB of text, 60 MB of
 * tables), once, before any call is made. Five seconds is what a person waits without wondering.
 */
const runtime_limits limits_policy_load = {
    .deadline_ms = 5000,
    .instructions = 0,
    .memory = 256 * MIB,
    .allocation = 64 * MIB,
    .log_lines = 100,
};

/*
 * One decision of one call. A realistic policy takes 150 ns and 2 KiB; thousands of calls wait in
 * the same thread, so that 20 ms is already a pause that can be seen. Two million instructions are
 * 10 to 20 ms: the limit that does not depend on the machine. No header, URL or name needs a string
 * of 256 KiB.
 */
const runtime_limits limits_hook = {
    .deadline_ms = 20,
    .instructions = 2000000,
    .memory = 4 * MIB,
    .allocation = 256 * KIB,
    .log_lines = 20,
};

/* Once per load for each instance: tables are built from options; still other people's code. */
const runtime_limits limits_configure = {
    .deadline_ms = 100,
    .instructions = 10000000,
    .memory = 4 * MIB,
    .allocation = 256 * KIB,
    .log_lines = 20,
};

/* Fifty runs of a plugin that each are killed at their own deadline leave the test alive. */
const runtime_limits limits_test = {
    .deadline_ms = 1000,
    .instructions = 10000000,
    .memory = 16 * MIB,
    .allocation = 1 * MIB,
    .log_lines = 20,
};
