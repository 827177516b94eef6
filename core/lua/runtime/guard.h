/* SPDX-License-Identifier: MIT */
/*
 * The deadline and the instruction limit of one state. Each entry begins the guard afresh and makes
 * the count hook count from zero: a short script never reads the clock, for reading the thread's
 * CPU time takes ten times as long as an empty entry. The hook is never disarmed. A kill is sticky:
 * every later look raises again, and so does the pcall that scripts get, until the entry is left.
 * One thread.
 */
#ifndef LUA_GUARD_H
#define LUA_GUARD_H

#include <lua.h>
#include <stdbool.h>
#include "lua/runtime/limits.h"

typedef enum guard_kill {
    GUARD_ALIVE,
    GUARD_DEADLINE,
    GUARD_INSTRUCTIONS,
} guard_kill;

typedef struct guard {
    int64_t deadline_ns;
    uint64_t most_instructions;
    bool started;      /* the first look sets the start times */
    int interval;      /* as the hook is armed now */
    int interval_long; /* when nothing calls for care */
    int interval_short;
    int interval_huge;
    int64_t wall_start, cpu_start;
    int64_t excused;   /* ns of wall time, by guard_excuse */
    int64_t wall_next; /* below it, the thread's CPU time need not be read */
    uint64_t instructions;
    size_t steps; /* of C functions, since the last look */
    guard_kill killed;
    int line;      /* where it was killed */
    int last_line; /* at the last tick with the short interval, for out of memory; 0: unknown */
} guard;

/* What makes single instructions slow. */
typedef enum guard_care {
    GUARD_CARE_NONE,
    GUARD_CARE_LARGE, /* a large block is held, or memory was refused */
    GUARD_CARE_HUGE,  /* a huge text is held */
} guard_care;

/* Does not raise. */
void guard_begin(guard *guard, lua_State *L, const runtime_limits *limits, guard_care care);
/* Shortens the interval until the next entry. Does not raise, does not allocate. */
void guard_be_careful(guard *guard, lua_State *L, guard_care care);
/* Counts byte steps that a C function is about to make; looks at the clock now and then. Raises. */
void guard_charge(guard *guard, lua_State *L, size_t steps);
/* Whether fewer than `reserve_ns` are left; for C work that cannot raise where it is. */
bool guard_is_late(guard *guard, int64_t reserve_ns);
/* Takes the wall time since `since` out of the deadline: C waited for others.
 * RUNTIME_MOST_EXCUSED_MS in an entry. */
int64_t guard_now(void);
void guard_excuse(guard *guard, int64_t since);
/* Raises when the script was killed. */
void guard_raise_again(const guard *guard, lua_State *L);

#endif
