/* SPDX-License-Identifier: MIT */
/*
 * thingspace.random: numbers that differ from call to call and cannot be foreseen from another
 * script's, for their state (xoshiro256**) is the runtime's own. Whoever runs hooks seeds it before
 * each call, so that no call learns of another, and so that a test can repeat one. Not for keys.
 */
#include <config.h>
#include "lua/runtime/library.h"
#include "lua/runtime/runtime_inside.h"

#define MOST_EXACT (INT64_C(1) << 53) /* integers beyond are not exact as numbers of JSON */

/* SplitMix64: spreads one word over a state, which must not be all zeros. */
static uint64_t spread(uint64_t *seed)
{
    uint64_t word = *seed += 0x9e3779b97f4a7c15;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
    word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
    return word ^ (word >> 31);
}

/* Most hooks need no number: the seed is spread by the first one. */
void runtime_seed(runtime *runtime, uint64_t seed)
{
    runtime->seed = seed;
    runtime->seeded = false;
}

static uint64_t *state_of(runtime *runtime)
{
    if (!runtime->seeded)
        for (size_t i = 0; i < 4; i++)
            runtime->random[i] = spread(&runtime->seed);
    runtime->seeded = true;
    return runtime->random;
}

static uint64_t rotate(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static uint64_t next_word(uint64_t state[4])
{
    uint64_t result = rotate(state[1] * 5, 7) * 9;
    uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 45);
    return result;
}

/* 0 to `most`, each as likely: words above it are thrown away, fewer than every second one. */
static uint64_t next_below(uint64_t state[4], uint64_t most)
{
    uint64_t mask = most;
    for (unsigned bits = 1; bits < 64; bits *= 2)
        mask |= mask >> bits;
    uint64_t word;
    do {
        word = next_word(state) & mask;
    } while (word > most);
    return word;
}

static int64_t check_bound(lua_State *L, int index)
{
    lua_Integer bound = luaL_checkinteger(L, index);
    luaL_argcheck(L, bound >= -MOST_EXACT && bound <= MOST_EXACT, index, "number beyond 2^53");
    return bound;
}

int library_random(lua_State *L)
{
    uint64_t *state = state_of(runtime_of(L));
    int count = lua_gettop(L);
    if (count > 2)
        return luaL_error(L, "random takes at most two numbers");
    if (count == 0) {
        lua_pushnumber(L, (lua_Number)(next_word(state) >> 11) / (lua_Number)MOST_EXACT);
        return 1;
    }
    int64_t first = count == 2 ? check_bound(L, 1) : 1;
    int64_t last = check_bound(L, count);
    luaL_argcheck(L, first <= last, count, "interval is empty");
    lua_pushinteger(L, first + (int64_t)next_below(state, (uint64_t)(last - first)));
    return 1;
}
