/* SPDX-License-Identifier: MIT */
/*
 * What a script may use, one set for each kind of work. Here and in limits.c, with the reasons,
 * stands every number of the runtime; the policy's owner may change a set for an instance, a script
 * never. Values only: any thread.
 */
#ifndef LUA_LIMITS_H
#define LUA_LIMITS_H

#include <stddef.h>
#include <stdint.h>

typedef struct runtime_limits {
    int64_t deadline_ms;   /* wall, then thread CPU time; a hundred times it is final */
    uint64_t instructions; /* of the virtual machine; 0: the deadline alone counts */
    size_t memory;         /* above what the state held when it was made, later after its load */
    size_t allocation;     /* one block: the longest string, the largest table */
    unsigned log_lines;    /* then one line tells how many were suppressed */
} runtime_limits;

extern const runtime_limits limits_policy_load; /* the operator's own file, at load */
extern const runtime_limits limits_hook;        /* one run of resolve, listeners or a hook */
extern const runtime_limits limits_configure;   /* loading and configuring what others wrote */
extern const runtime_limits limits_test;        /* one function of a plugin's test */

/* Functions of one test script, and different options for which one function keeps an instance. */
#define TEST_FUNCTIONS 1000
#define TEST_INSTANCES 16

/* Instructions between two looks at the clock. A metamethod chain of 2,000 tables takes 20 us. */
#define RUNTIME_INTERVAL 128
/* The same while the state holds a large block, or
 * memory was refused: each step may cost 100 us. */
#define RUNTIME_INTERVAL_CAREFUL 4
/* The same while it holds a huge text, which only those can who may read bodies: to compare two of
 * 1 MiB, of zero bytes, takes up to 5 ms. Each instruction costs 40 ns then, in place of 13. */
#define RUNTIME_INTERVAL_HUGE 1
/* The same for loads, whose deadline of seconds needs no such care. */
#define RUNTIME_INTERVAL_LOAD 64
/* A block above this is large. */
#define RUNTIME_LARGE_BLOCK 4096
/* A text above this is huge: what a hook may hold without a body. */
#define RUNTIME_HUGE_TEXT ((size_t)256 * 1024)
/* Past the wall deadline a thread that was not scheduled gets this many times the deadline: on a
 * busy machine of one core it stands still for some 200 ms now and then. */
#define RUNTIME_WALL_FACTOR 100
/* Waiting for secrets that does not count as the script's: what one command may take. */
#define RUNTIME_MOST_EXCUSED_MS LIMIT_SECRET_COMMAND_MS
/* A string or table function looks at the clock after so many byte steps (about 20 us). */
#define RUNTIME_STEPS_PER_LOOK 16384
/* So many at once are work that cannot be interrupted: it is begun only when there is time for it.
 */
#define RUNTIME_STEPS_AHEAD 1000000
/* Byte steps of one search or match: 10 to 30 ms, whatever the pattern. */
#define RUNTIME_PATTERN_STEPS 10000000
/* Nested pattern items: as in stock Lua; 40 KiB of stack. */
#define RUNTIME_PATTERN_DEPTH 200
/* Values that one call of table.unpack, string.byte, string.char or select takes or gives. */
#define RUNTIME_MOST_VALUES 4000
/* The longest text that string.rep may be asked for; the caps are below it. */
#define RUNTIME_MOST_TEXT ((size_t)64 * 1024 * 1024)
/* A number given as text: longer ones are no numbers. */
#define RUNTIME_NUMBER_TEXT 256
/* The tree of a checked script: 2 characters of text can become two nodes of 80 bytes. */
#define SOURCE_MEMORY ((size_t)64 * 1024 * 1024)
/* Nested expressions and statements: what stock Lua's stack of C calls holds. */
#define SOURCE_LEVELS 200
/* Active locals of one function: as in stock Lua. */
#define SOURCE_LOCALS 200
/* What one check reports; further findings are counted. */
#define SOURCE_FINDINGS 500
/* Aliases that a check follows (local a = b), and members of a path (a.b.c). */
#define SOURCE_ALIASES 16
/* Rounds in which a check follows values from function to function. */
#define SOURCE_ROUNDS 16
/* Fields that a check looks at to find members of tables: some 50 ms. */
#define SOURCE_LOOKUPS 10000000
/* What a new state with its library holds is 30 KiB; a cap while it is made. */
#define RUNTIME_STATE_MEMORY (1024 * 1024)

#endif
