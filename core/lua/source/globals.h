/* SPDX-License-Identifier: MIT */
/*
 * The names that a plugin can use, read from the environment of a real state, so that the list is
 * never older than the library. One thread at a time.
 */
#ifndef LUA_SOURCE_GLOBALS_H
#define LUA_SOURCE_GLOBALS_H

#include "base/nearest.h"
#include "lua/runtime/runtime.h"

typedef struct source_globals source_globals;

/* From the runtime, into which nothing was loaded. Expected: MEMORY. */
thingspace_status source_globals_new(source_globals **out, runtime *runtime,
                                     thingspace_error *error);
void source_globals_free(source_globals *globals);

/* Whether there is such a path: "ipairs", "thingspace.json.encode". */
bool source_globals_has(const source_globals *globals, const char *path);
/* Whether all members of the path are known: it is a table that nobody adds to. */
bool source_globals_is_closed(const source_globals *globals, const char *path);
/* The same, and that they are methods: it is called with a colon, and nothing is assigned. */
bool source_globals_is_object(const source_globals *globals, const char *path);
/* Offers the members of the path; "" are the globals. */
void source_globals_offer(const source_globals *globals, const char *path, nearest *nearest);

/* Why there is no such path, and what to use; NULL when nothing is known of it. */
const char *source_globals_absent(const char *path);

#endif
