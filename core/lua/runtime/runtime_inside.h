/* SPDX-License-Identifier: MIT */
/* What is inside a runtime, for the files of this room that make it up. Others use runtime.h. */
#ifndef LUA_RUNTIME_INSIDE_H
#define LUA_RUNTIME_INSIDE_H

#include <locale.h>
#include "lua/runtime/allocator.h"
#include "lua/runtime/guard.h"
#include "lua/runtime/runtime.h"

/* What went wrong in an entry, noted where it happened: nothing of it needs the state's memory. */
typedef struct failure {
    bool noted;
    int line;
    thingspace_status kind; /* OK: the runtime's own */
    char message[512];
} failure;

/* With the handler and what a call pushes, as much as a stack has room for without asking. */
#define RUNTIME_KEPT 15

struct runtime {
    lua_State *L;
    char *name;
    char chunk[64]; /* "=" and the name, or its tail: what Lua puts before messages */
    allocator memory;
    guard guard;
    locale_t locale;  /* plain C, while a script runs: the process may have a decimal comma */
    size_t base;      /* bytes held after the load: limits count from here */
    size_t most_kept; /* above `base`, from entry to entry; 0: no limit of its own */
    size_t collected; /* bytes held after the last collection between two entries, or less */
    thingspace_status kind;
    const runtime_limits *limits; /* of the entry that is running */
    failure failure;
    log_target log;
    unsigned logged;
    const int64_t *time_ms; /* see library_host_set_time */
    uint64_t random[4];     /* of thingspace.random; never all zeros once it is seeded */
    uint64_t seed;
    bool seeded;
    void *user;             /* whose script it is */
    int kept[RUNTIME_KEPT]; /* references, of what lies in the stack above the handler */
    int kept_count;
    bool entered;
    bool loaded;
    bool dead;
};

/* Keys of the registry: their addresses. */
extern const char runtime_key_value, runtime_key_environment, runtime_key_globals, runtime_key_host,
    runtime_key_settings;

/* The line that the script is at: of the innermost
 * function that is Lua's, or 0. Needs no memory. */
int runtime_line(lua_State *L);

#endif
