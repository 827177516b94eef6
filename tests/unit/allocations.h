/* SPDX-License-Identifier: MIT */
/*
 * Allocation failure on demand. Unit tests are linked with --wrap, so that every
 * malloc, calloc, realloc and mmap'ing allocation that our own objects make comes
 * through here. One thread at a time.
 */
#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <stdbool.h>
#include <stddef.h>

void allocations_fail_at(size_t nth); /* counted from now, 1 is the next; 0: none fails */
bool allocations_failed(void);        /* since the last allocations_fail_at */

/* The same for libraries that take allocators: cJSON's hooks are set to these at start. */
void *allocations_malloc(size_t size);

#endif
