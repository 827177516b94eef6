/* SPDX-License-Identifier: MIT */
/*
 * The memory of one state: counted, with a cap for all of it and one for each block. It tells a cap
 * that was reached from memory that the machine does not have, and it tells the guard about large
 * blocks, whose handling makes single instructions slow. One thread.
 */
#ifndef LUA_ALLOCATOR_H
#define LUA_ALLOCATOR_H

#include <stdbool.h>
#include <stddef.h>

typedef struct allocator {
    size_t used;
    size_t cap;           /* for `used` */
    size_t block_cap;     /* for one block */
    size_t large;         /* blocks over RUNTIME_LARGE_BLOCK that are held */
    size_t large_at_load; /* of those, the ones since the load: tables, in a healthy script */
    bool large_string;    /* a large string was made: the next instructions may be slow */
    size_t huge;          /* blocks over RUNTIME_HUGE_TEXT that are held */
    bool huge_string;     /* one of those that are held may be a string */
    bool refused;         /* a cap was reached; since allocator_begin */
    bool refused_block;   /* it was the one for a block */
    bool failed;          /* malloc failed */
    /* Called for a large block or a refusal; must not allocate. `steady` is false while a block
     * moves: it may be the stack, whose owner cannot be asked anything meanwhile. */
    void (*careful)(void *user, bool steady);
    void *user;
} allocator;

/* Sets the caps for one entry and forgets what was refused before. */
void allocator_begin(allocator *allocator, size_t cap, size_t block_cap);
/* The lua_Alloc; `user` is the allocator. */
void *allocator_resize(void *user, void *block, size_t old_size, size_t new_size);

#endif
