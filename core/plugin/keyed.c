/* SPDX-License-Identifier: MIT */
/* See keyed.h. Entries of a slot are chained; there are at least as many slots as entries. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "plugin/keyed.h"

#define FIRST_SLOTS 16

thingspace_status keyed_init(keyed *self)
{
    memset(self, 0, sizeof(*self));
    if (sodium_init() < 0)
        return THINGSPACE_INTERNAL;
    crypto_shorthash_keygen(self->hash_key);
    return THINGSPACE_OK;
}

void keyed_dispose(keyed *self, void (*free_entry)(keyed_entry *entry))
{
    for (size_t i = 0; i < self->slot_count; i++)
        for (keyed_entry *at = self->slots[i], *next; at; at = next) {
            next = at->next;
            if (free_entry)
                free_entry(at);
            else
                free(at);
        }
    free(self->slots);
    self->slots = NULL;
    self->slot_count = self->count = 0;
}

static uint64_t hash(const keyed *self, const char *key, size_t key_size)
{
    uint64_t value;
    crypto_shorthash((unsigned char *)&value, (const unsigned char *)key, key_size, self->hash_key);
    return value;
}

static keyed_entry **slot_of(const keyed *self, uint64_t hash_value)
{
    return &self->slots[hash_value & (self->slot_count - 1)];
}

keyed_entry *keyed_find(const keyed *self, const char *key, size_t key_size)
{
    if (self->count == 0)
        return NULL;
    uint64_t wanted = hash(self, key, key_size);
    keyed_entry *at = *slot_of(self, wanted);
    while (at &&
           (at->hash != wanted || at->key_size != key_size || memcmp(at->key, key, key_size) != 0))
        at = at->next;
    return at;
}

static void link_entry(keyed *self, keyed_entry *entry)
{
    keyed_entry **slot = slot_of(self, entry->hash);
    entry->next = *slot;
    *slot = entry;
}

/* Doubles the slots; a failure leaves the table as it was. */
static thingspace_status grow(keyed *self)
{
    keyed old = *self;
    size_t slot_count = old.slot_count ? old.slot_count * 2 : FIRST_SLOTS;
    keyed_entry **slots = calloc(slot_count, sizeof(keyed_entry *));
    if (!slots)
        return THINGSPACE_MEMORY;
    self->slots = slots;
    self->slot_count = slot_count;
    for (size_t i = 0; i < old.slot_count; i++)
        for (keyed_entry *at = old.slots[i], *next; at; at = next) {
            next = at->next;
            link_entry(self, at);
        }
    free(old.slots);
    return THINGSPACE_OK;
}

keyed_entry *keyed_add(keyed *self, const char *key, size_t key_size, size_t size)
{
    if (key_size > SIZE_MAX - size)
        return NULL;
    if (self->count == self->slot_count && grow(self) != THINGSPACE_OK)
        return NULL;
    keyed_entry *entry = calloc(1, size + key_size);
    if (!entry)
        return NULL;
    char *copy = (char *)entry + size;
    memcpy(copy, key, key_size);
    entry->hash = hash(self, key, key_size);
    entry->key = copy;
    entry->key_size = key_size;
    link_entry(self, entry);
    self->count++;
    return entry;
}

void keyed_remove(keyed *self, keyed_entry *entry)
{
    keyed_entry **at = slot_of(self, entry->hash);
    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
    self->count--;
}
