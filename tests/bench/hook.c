/* SPDX-License-Identifier: MIT */
/*
 * What it costs to run a script's function in its limited state: the protected entry with its
 * limits armed, and the functions that measure it. On one core; wall time of this process alone.
 *
 *     hook ROUNDS CALLS     prints a line for each measurement: "NAME NS", the median of a call
 *     hook NAME CALLS       that one only, for a profiler
 */
#define _GNU_SOURCE
#include <config.h>
#include <lua.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thingspace/thingspace.h>
#include <time.h>
#include "lua/runtime.h"
#include "median.h"
#include "peer.h"

#define MOST_ROUNDS 1000

/* The script's value is a table of functions; each becomes a reference of the registry. */
static const char script_text[] = "return {empty = function() end}";

typedef struct hook {
    runtime *runtime;
    const char *function; /* its name in the script */
    int reference;
    thingspace_error error; /* made once: clearing one costs half of what an entry does */
} hook;

static void give_up(const char *what)
{
    fprintf(stderr, "hook: %s\n", what);
    exit(2);
}

static int make_reference(lua_State *L)
{
    hook *hook = lua_touserdata(L, 1);
    runtime_push_value(L);
    lua_getfield(L, -1, hook->function);
    hook->reference = (int)lua_rawlen(L, LUA_REGISTRYINDEX) + 1;
    lua_rawseti(L, LUA_REGISTRYINDEX, hook->reference);
    return 0;
}

static int call_reference(lua_State *L)
{
    const hook *hook = lua_touserdata(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, hook->reference);
    lua_call(L, 0, 0);
    return 0;
}

static void enter(hook *hook, runtime_body *body)
{
    if (runtime_enter(hook->runtime, body, hook, "hook", &limits_hook, &hook->error) !=
        THINGSPACE_OK)
        give_up(hook->error.message);
}

static void open_hook(hook *hook, const char *function)
{
    if (runtime_new(&hook->runtime, "bench.lua", &hook->error) != THINGSPACE_OK ||
        runtime_load(hook->runtime, script_text, strlen(script_text), &limits_configure,
                     &hook->error) != THINGSPACE_OK)
        give_up(hook->error.message);
    hook->function = function;
    enter(hook, make_reference);
}

static void run_entry(hook *hook, unsigned calls)
{
    for (unsigned i = 0; i < calls; i++)
        enter(hook, call_reference);
}

/* --- the measurements --- */

static const struct measurement {
    const char *name, *function;
    void (*run)(hook *hook, unsigned calls);
} measurements[] = {
    {"entry-empty", "empty", run_entry},
};

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void measure(const struct measurement *what, unsigned rounds, unsigned calls)
{
    static double took[MOST_ROUNDS];
    hook hook = {.error = THINGSPACE_ERROR_INIT};
    open_hook(&hook, what->function);
    what->run(&hook, calls);
    for (unsigned i = 0; i < rounds; i++) {
        double begin = now_ns();
        what->run(&hook, calls);
        took[i] = (now_ns() - begin) / calls;
    }
    printf("%s %.1f\n", what->name, median(took, rounds));
    runtime_free(hook.runtime);
}

int main(int argc, char **argv)
{
    unsigned calls = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    unsigned rounds = argc == 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
    if (calls == 0 || rounds > MOST_ROUNDS) {
        fprintf(stderr, "usage: hook ROUNDS|NAME CALLS\n");
        return 2;
    }
    peer_use_core(0);
    for (size_t i = 0; i < sizeof(measurements) / sizeof(measurements[0]); i++)
        if (rounds > 0 || strcmp(argv[1], measurements[i].name) == 0)
            measure(&measurements[i], rounds > 0 ? rounds : 1, calls);
    return 0;
}
