/* SPDX-License-Identifier: MIT */
/*
 * See allocator.h. Lua answers a refusal with a full collection and one more try; shrinking a block
 * must never fail, so both caps count only for growth.
 */
#include <config.h>
#include <lua.h>
#include <stdlib.h>
#include "lua/runtime/allocator.h"
#include "lua/runtime/limits.h"

void allocator_begin(allocator *allocator, size_t cap, size_t block_cap)
{
    allocator->cap = cap;
    allocator->block_cap = block_cap;
    allocator->refused = false;
    allocator->refused_block = false;
    allocator->failed = false;
}

static void warn(const allocator *allocator, bool steady)
{
    if (allocator->careful)
        allocator->careful(allocator->user, steady);
}

static bool fits(allocator *allocator, size_t held, size_t size)
{
    bool block = size > allocator->block_cap;
    bool total =
        allocator->used - held > allocator->cap || size > allocator->cap - (allocator->used - held);
    if (!block && !total)
        return true;
    allocator->refused = true;
    allocator->refused_block = block;
    warn(allocator, held == 0);
    return false;
}

static void count(allocator *allocator, size_t held, size_t size, bool string)
{
    allocator->used = allocator->used - held + size;
    if (held > RUNTIME_LARGE_BLOCK)
        allocator->large--;
    if (held > RUNTIME_HUGE_TEXT && --allocator->huge == 0)
        allocator->huge_string = false;
    if (size <= RUNTIME_LARGE_BLOCK)
        return;
    if (size > RUNTIME_HUGE_TEXT) {
        allocator->huge++;
        allocator->huge_string |= string;
    }
    allocator->large++;
    if (string)
        allocator->large_string = true;
    if (string || allocator->large > allocator->large_at_load)
        warn(allocator, held == 0);
}

void *allocator_resize(void *user, void *block, size_t old_size, size_t new_size)
{
    allocator *allocator = user;
    size_t held = block ? old_size : 0; /* without a block, old_size is the kind of object */
    if (new_size == 0) {
        free(block);
        count(allocator, held, 0, false);
        return NULL;
    }
    if (new_size > held && !fits(allocator, held, new_size))
        return NULL;
    void *result = realloc(block, new_size);
    if (!result && new_size <= held)
        result = block; /* what cannot shrink stays as it is */
    if (!result) {
        allocator->failed = true;
        warn(allocator, held == 0);
        return NULL;
    }
    count(allocator, held, new_size, !block && old_size == LUA_TSTRING);
    return result;
}
