/* SPDX-License-Identifier: MIT */
/*
 * Entries in the order of insertion, and beside them a table of their numbers,
 * probed linearly and at most half full. The hash (SipHash) is keyed per map from
 * the system's randomness. A map owns its keys unless it borrows them; one thread at a time.
 */
#include <config.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/map.h"
#include "base/text.h"

#define FIRST_SLOTS 16
#define MOST_SLOTS  (2 * (size_t)LIMIT_MAP_ENTRIES)

typedef struct entry {
    char *key;
    void *value;
    uint64_t hash;
} entry;

struct map {
    entry *entries; /* room for slot_count / 2 */
    size_t count;
    uint32_t *slots;   /* 0: free; else 1 + the number of an entry */
    size_t slot_count; /* a power of two, or 0 */
    void (*free_value)(void *value);
    bool borrows; /* its keys */
    unsigned char hash_key[crypto_shorthash_KEYBYTES];
};

_Static_assert(crypto_shorthash_BYTES == sizeof(uint64_t), "a hash fills a uint64_t");

thingspace_status map_new(map **out, void (*free_value)(void *value))
{
    *out = NULL;
    if (sodium_init() < 0)
        return THINGSPACE_INTERNAL;
    map *self = calloc(1, sizeof(*self));
    if (!self)
        return THINGSPACE_MEMORY;
    self->free_value = free_value;
    crypto_shorthash_keygen(self->hash_key);
    *out = self;
    return THINGSPACE_OK;
}

thingspace_status map_new_borrowing(map **out, void (*free_value)(void *value))
{
    thingspace_status status = map_new(out, free_value);
    if (status == THINGSPACE_OK)
        (*out)->borrows = true;
    return status;
}

static void free_value(const map *self, void *value)
{
    if (self->free_value && value)
        self->free_value(value);
}

void map_free(map *self)
{
    if (!self)
        return;
    for (size_t i = 0; i < self->count; i++) {
        free_value(self, self->entries[i].value);
        if (!self->borrows)
            free(self->entries[i].key);
    }
    free(self->entries);
    free(self->slots);
    free(self);
}

static uint64_t hash(const map *self, const char *key)
{
    uint64_t value;
    crypto_shorthash((unsigned char *)&value, (const unsigned char *)key, strlen(key),
                     self->hash_key);
    return value;
}

static entry *find(const map *self, const char *key, uint64_t hash_value)
{
    if (self->slot_count == 0)
        return NULL;
    size_t mask = self->slot_count - 1;
    for (size_t at = (size_t)hash_value & mask; self->slots[at]; at = (at + 1) & mask) {
        entry *found = &self->entries[self->slots[at] - 1];
        if (found->hash == hash_value && strcmp(found->key, key) == 0)
            return found;
    }
    return NULL;
}

/* There is a free slot: the table is at most half full. */
static void fill_slot(uint32_t *slots, size_t slot_count, uint64_t hash_value, size_t number)
{
    size_t mask = slot_count - 1, at = (size_t)hash_value & mask;
    while (slots[at])
        at = (at + 1) & mask;
    slots[at] = (uint32_t)number + 1;
}

/* Doubles both arrays; a failure leaves the map as it was. */
static thingspace_status grow(map *self)
{
    size_t slot_count = self->slot_count ? self->slot_count * 2 : FIRST_SLOTS;
    if (slot_count > MOST_SLOTS)
        return THINGSPACE_MEMORY;
    entry *entries = realloc(self->entries, slot_count / 2 * sizeof(*entries));
    if (!entries)
        return THINGSPACE_MEMORY;
    self->entries = entries;
    uint32_t *slots = calloc(slot_count, sizeof(*slots));
    if (!slots)
        return THINGSPACE_MEMORY;
    for (size_t i = 0; i < self->count; i++)
        fill_slot(slots, slot_count, entries[i].hash, i);
    free(self->slots);
    self->slots = slots;
    self->slot_count = slot_count;
    return THINGSPACE_OK;
}

static thingspace_status add(map *self, const char *key, uint64_t hash_value, void *value)
{
    thingspace_status status = THINGSPACE_OK;
    if (self->count == self->slot_count / 2)
        status = grow(self);
    if (status != THINGSPACE_OK)
        return status;
    char *kept = self->borrows ? (char *)(size_t)key : text_copy(key);
    if (!kept)
        return THINGSPACE_MEMORY;
    self->entries[self->count] = (entry){kept, value, hash_value};
    fill_slot(self->slots, self->slot_count, hash_value, self->count++);
    return THINGSPACE_OK;
}

thingspace_status map_set(map *self, const char *key, void *value)
{
    uint64_t hash_value = hash(self, key);
    entry *old = find(self, key, hash_value);
    if (!old)
        return add(self, key, hash_value, value);
    if (old->value != value)
        free_value(self, old->value);
    old->value = value;
    return THINGSPACE_OK;
}

size_t map_count(const map *self)
{
    return self ? self->count : 0;
}

void *map_get(const map *self, const char *key)
{
    const entry *found = map_count(self) > 0 && key ? find(self, key, hash(self, key)) : NULL;
    return found ? found->value : NULL;
}

const char *map_key(const map *self, size_t index)
{
    return self->entries[index].key;
}

void *map_value(const map *self, size_t index)
{
    return self->entries[index].value;
}
