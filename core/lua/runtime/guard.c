/* SPDX-License-Identifier: MIT */
/*
 * See guard.h. The wall clock is cheap to read and unfair beside busy processes, the thread's CPU
 * time is fair and dear: so the wall clock decides when to look at the CPU time, and a hundred
 * times the deadline of wall time is final (a thread that is never scheduled would otherwise hold
 * its call for ever).
 */
#include <config.h>
#include <time.h>
#include "base/clock.h"
#include "base/limits.h"
#include "lua/runtime/guard.h"
#include "lua/runtime/runtime_inside.h"

#define NS_PER_MS     1000000
#define SHORT_LOAD_MS 1000 /* deadlines from here on are those of loads */

static int64_t thread_cpu_ns(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000 * NS_PER_MS + now.tv_nsec;
}

static void start(guard *guard)
{
    guard->started = true;
    guard->wall_start = clock_monotonic_ns();
    guard->cpu_start = thread_cpu_ns();
    guard->wall_next = guard->wall_start + guard->deadline_ns;
}

/* Whether the time is up. When it is not, the next
 * moment to ask is as far away as CPU time is left. */
static bool is_late(guard *guard)
{
    if (!guard->started)
        start(guard);
    int64_t wall = clock_monotonic_ns();
    if (wall <= guard->wall_next)
        return false;
    if (wall - guard->wall_start > RUNTIME_WALL_FACTOR * guard->deadline_ns)
        return true;
    int64_t left = guard->deadline_ns - (thread_cpu_ns() - guard->cpu_start);
    guard->wall_next = wall + left;
    return left <= 0;
}

bool guard_is_late(guard *guard, int64_t reserve_ns)
{
    if (!guard->started)
        start(guard);
    int64_t used = thread_cpu_ns() - guard->cpu_start;
    return used + reserve_ns >= guard->deadline_ns || is_late(guard);
}

int64_t guard_now(void)
{
    return clock_monotonic_ns();
}

void guard_excuse(guard *guard, int64_t since)
{
    int64_t waited = guard_now() - since;
    int64_t left = RUNTIME_MOST_EXCUSED_MS * (int64_t)NS_PER_MS - guard->excused;
    waited = waited < left ? waited : left;
    guard->excused += waited;
    guard->wall_start += waited;
}

/* The value has no text: making one could need memory, and nobody but runtime_enter sees it. */
static void raise_kill(lua_State *L)
{
    lua_pushlightuserdata(L, NULL);
    lua_error(L);
}

void guard_raise_again(const guard *guard, lua_State *L)
{
    if (guard->killed != GUARD_ALIVE)
        raise_kill(L);
}

static void look(guard *guard, lua_State *L, int64_t reserve_ns)
{
    guard_raise_again(guard, L);
    if (guard->most_instructions && guard->instructions > guard->most_instructions)
        guard->killed = GUARD_INSTRUCTIONS;
    else if (reserve_ns ? guard_is_late(guard, reserve_ns) : is_late(guard))
        guard->killed = GUARD_DEADLINE;
    if (guard->killed != GUARD_ALIVE)
        guard->line = runtime_line(L);
    guard_raise_again(guard, L);
}

static void tick(lua_State *L, lua_Debug *event)
{
    guard *guard = &runtime_of(L)->guard;
    guard->instructions += (uint64_t)guard->interval;
    if (guard->interval <= guard->interval_short && lua_getinfo(L, "l", event))
        guard->last_line = event->currentline;
    look(guard, L, 0);
}

void guard_charge(guard *guard, lua_State *L, size_t steps)
{
    guard->steps += steps;
    if (guard->steps < RUNTIME_STEPS_PER_LOOK)
        return;
    guard->steps = 0;
    /* What takes long in one piece (a body of 8 MiB) must end before the deadline: a step is 1 ns.
     */
    look(guard, L, steps < RUNTIME_STEPS_AHEAD ? 0 : (int64_t)steps);
}

static void arm(guard *guard, lua_State *L, int interval)
{
    guard->interval = interval;
    lua_sethook(L, tick, LUA_MASKCOUNT, interval);
}

static int interval_of(const guard *guard, guard_care care)
{
    if (care == GUARD_CARE_NONE)
        return guard->interval_long;
    return care == GUARD_CARE_LARGE ? guard->interval_short : guard->interval_huge;
}

void guard_be_careful(guard *guard, lua_State *L, guard_care care)
{
    int interval = interval_of(guard, care);
    if (interval < guard->interval)
        arm(guard, L, interval);
}

void guard_begin(guard *guard, lua_State *L, const runtime_limits *limits, guard_care care)
{
    bool loading = limits->deadline_ms >= SHORT_LOAD_MS;
    guard->deadline_ns = limits->deadline_ms * NS_PER_MS;
    guard->most_instructions = limits->instructions;
    guard->interval_long = loading ? RUNTIME_INTERVAL_LOAD : RUNTIME_INTERVAL;
    guard->interval_short = loading ? RUNTIME_INTERVAL_LOAD : RUNTIME_INTERVAL_CAREFUL;
    guard->interval_huge = loading ? RUNTIME_INTERVAL_LOAD : RUNTIME_INTERVAL_HUGE;
    guard->started = false;
    guard->instructions = 0;
    guard->excused = 0;
    guard->steps = 0;
    guard->last_line = 0;
    guard->killed = GUARD_ALIVE;
    arm(guard, L, interval_of(guard, care));
}
