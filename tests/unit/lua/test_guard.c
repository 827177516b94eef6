/* SPDX-License-Identifier: MIT */
/* What the limits of scripts are made of: deadline, excuses, memory caps, lengths of lists. */
#include <config.h>
#include <lauxlib.h>
#include "allocations.h"
#include "base/limits.h"
#include "check.h"
#include "lua/runtime/allocator.h"
#include "lua/runtime/runtime_inside.h"
#include "script.h"

#define HOUR_NS 3600000000000

/* With a deadline that no test reaches. */
static bool begin(guard *guard, lua_State **L)
{
    static const runtime_limits limits = {.deadline_ms = 3600000};
    if (!*L)
        *L = luaL_newstate();
    if (*L)
        guard_begin(guard, *L, &limits, false);
    return *L != NULL;
}

static void close_state(lua_State **L)
{
    if (*L)
        lua_close(*L);
}
#define cleanup_state __attribute__((cleanup(close_state)))

static void work_that_would_end_too_late_is_not_begun(void)
{
    guard guard = {0};
    cleanup_state lua_State *L = NULL;
    CHECK(begin(&guard, &L));
    CHECK(!guard_is_late(&guard, HOUR_NS / 2));
    CHECK(guard_is_late(&guard, HOUR_NS));
}

static void waiting_is_excused_up_to_a_limit_in_each_entry(void)
{
    guard guard = {0};
    cleanup_state lua_State *L = NULL;
    for (int entry = 0; entry < 2; entry++) {
        CHECK(begin(&guard, &L));
        CHECK(!guard_is_late(&guard, 0));
        int64_t start = guard.wall_start;
        guard_excuse(&guard, guard_now() - HOUR_NS);
        guard_excuse(&guard, guard_now() - HOUR_NS);
        CHECK_INT(guard.wall_start - start, RUNTIME_MOST_EXCUSED_MS * 1000000LL);
    }
}

static void the_cap_counts_what_is_held_already(void)
{
    allocator memory = {0};
    allocator_begin(&memory, 1000, 600);
    void *first = allocator_resize(&memory, NULL, LUA_TSTRING, 600);
    CHECK(first != NULL);
    void *second = allocator_resize(&memory, NULL, LUA_TSTRING, 401);
    bool refused = !second && memory.refused && !memory.refused_block;
    void *third = allocator_resize(&memory, NULL, LUA_TSTRING, 400);
    size_t used = memory.used;
    void *block = allocator_resize(&memory, NULL, LUA_TSTRING, 601);
    bool refused_block = !block && memory.refused_block;
    allocator_resize(&memory, first, 600, 0);
    allocator_resize(&memory, second, 401, 0);
    allocator_resize(&memory, third, 400, 0);
    allocator_resize(&memory, block, 601, 0);
    CHECK(refused);
    CHECK(third != NULL);
    CHECK_INT(used, 1000);
    CHECK(refused_block);
}

static void what_cannot_shrink_stays(void)
{
    allocator memory = {0};
    allocator_begin(&memory, 1000, 1000);
    void *block = allocator_resize(&memory, NULL, LUA_TSTRING, 600);
    CHECK(block != NULL);
    allocations_fail_at(1);
    void *same = allocator_resize(&memory, block, 600, 100);
    allocations_fail_at(0);
    allocator_resize(&memory, block, 100, 0);
    CHECK(same == block);
    CHECK(!memory.failed);
    CHECK_INT(memory.used, 0);
}

/* What an __index answers is nobody's list, and a list has a longest. */
static void lists_are_read_raw_and_up_to_a_length(void)
{
    static const runtime_limits patient = {900, 0, 4 << 20, 256 << 10, 20};
    static const char lying[] =
        "local liar = setmetatable({}, { __index = function(t, i) return 'x' end })\n"
        "return tostring(pcall(table.concat, liar, '', 1, 3)) .. tostring(table.unpack(liar, 1, 3))"
        "\n.. tostring((pcall(table.unpack, {}, 1, 4001)))"
        " .. select('#', table.unpack({}, 1, 4000))";
    cleanup_script script script = SCRIPT_INIT;
    CHECK_OK(script_run(&script, lying, &patient));
    CHECK_TEXT(script.answer, "falsenilfalse4000");
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(work_that_would_end_too_late_is_not_begun),
    CHECK_CASE_ONCE(waiting_is_excused_up_to_a_limit_in_each_entry),
    CHECK_CASE_ONCE(the_cap_counts_what_is_held_already),
    CHECK_CASE_ONCE(what_cannot_shrink_stays),
    CHECK_CASE(lists_are_read_raw_and_up_to_a_length),
};
CHECK_MAIN(cases)
