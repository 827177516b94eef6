/* SPDX-License-Identifier: MIT */
/*
 * A hash map from text to pointers, in insertion order. Keys are copied; values
 * belong to the map when it has a `free_value`. The hash is keyed (SipHash), so
 * names from outside cannot make it slow. One thread at a time.
 */
#ifndef MAP_H
#define MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <thingspace/status.h>

typedef struct map map;

/* `free_value` may be NULL. Expected: MEMORY. Owned: map_free. */
thingspace_status map_new(map **out, void (*free_value)(void *value));
/* The same, but keys are not copied: they outlive the map. */
thingspace_status map_new_borrowing(map **out, void (*free_value)(void *value));
void map_free(map *map);

/* Replaces (and frees) an older value. On failure the caller still owns `value`.
 * Expected: MEMORY (also beyond LIMIT_MAP_ENTRIES). */
thingspace_status map_set(map *map, const char *key, void *value);
void *map_get(const map *map, const char *key); /* NULL when absent */

size_t map_count(const map *map);
/* The entry at `index` in insertion order, below map_count(). */
const char *map_key(const map *map, size_t index);
void *map_value(const map *map, size_t index);

#endif
