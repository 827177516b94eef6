/* SPDX-License-Identifier: MIT */
/*
 * See allocator.h. Lua answers a refusal with a full collection and one more try; shrinking a block
 * must never fail, so both caps count only for growth.
 */
#include <config.h>
#include <lua.h>
#include <stdlib.h>
#include "lua/allocator.h"
#include "lua/limits.h"

/* Lua keeps 5 values of 16 bytes beyond what it counts. */
#define STACK_EXTRA ((size_t)80)

void allocator_begin(allocator *allocator, size_t cap, size_t block_cap)
{
    allocator->cap = cap;
    allocator->block_cap = block_cap;
    allocator->refused = false;
    allocator->refused_block = false;
    allocator->refused_stack = false;
    allocator->failed = false;
}

static void warn(const allocator *allocator, bool steady)
{
    if (allocator->careful)
        allocator->careful(allocator->user, steady);
}

/*
 * Lua makes its stack twice as large, by a block of its own or by moving the one it has. Nothing
 * else has that many bytes but a constructor of just so many values.
 */
static bool is_larger_stack(const allocator *allocator, const void *block, size_t size)
{
    if (block)
        return block == allocator->stack;
    return size == 2 * allocator->stack_size - STACK_EXTRA;
}

/* Follows the stack from block to block: the one before it is freed as soon as there is a new one.
 */
static void follow_stack(allocator *allocator, const void *block, void *result, size_t size)
{
    bool is_stack = block && (block == allocator->stack || allocator->finding_stack);
    if (is_stack) {
        allocator->stack = result ? result : allocator->newest;
        allocator->stack_size = result ? size : allocator->newest_size;
        allocator->finding_stack = false;
    }
    allocator->newest = result;
    allocator->newest_size = size;
}

void allocator_find_stack(allocator *allocator, bool finding)
{
    allocator->finding_stack = finding;
}

static bool fits(allocator *allocator, const void *from, size_t held, size_t size)
{
    bool too_deep = size > RUNTIME_STACK_BYTES && is_larger_stack(allocator, from, size);
    bool block = too_deep || size > allocator->block_cap;
    bool total =
        allocator->used - held > allocator->cap || size > allocator->cap - (allocator->used - held);
    if (!block && !total)
        return true;
    allocator->refused = true;
    allocator->refused_block = block;
    allocator->refused_stack = too_deep;
    warn(allocator, held == 0);
    return false;
}

static void count(allocator *allocator, size_t held, size_t size, bool string)
{
    allocator->used = allocator->used - held + size;
    if (held > RUNTIME_LARGE_BLOCK)
        allocator->large--;
    if (size <= RUNTIME_LARGE_BLOCK)
        return;
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
        follow_stack(allocator, block, NULL, 0);
        free(block);
        count(allocator, held, 0, false);
        return NULL;
    }
    if (new_size > held && !fits(allocator, block, held, new_size))
        return NULL;
    void *result = realloc(block, new_size);
    if (!result && new_size <= held)
        result = block; /* what cannot shrink stays as it is */
    if (!result) {
        allocator->failed = true;
        warn(allocator, held == 0);
        return NULL;
    }
    follow_stack(allocator, block, result, new_size);
    count(allocator, held, new_size, !block && old_size == LUA_TSTRING);
    return result;
}
