/* SPDX-License-Identifier: MIT */
/*
 * A hash table of entries by key, where keys are any bytes and entries belong to whoever adds
 * them: what scalars and buckets have in common. An entry begins with a keyed_entry. The hash is
 * keyed, so that keys from outside cannot make it slow. One thread at a time.
 */
#ifndef PLUGIN_KEYED_H
#define PLUGIN_KEYED_H

#include <sodium.h>
#include <stddef.h>
#include <stdint.h>
#include <thingspace/status.h>

typedef struct keyed_entry {
    struct keyed_entry *next; /* in the same slot */
    uint64_t hash;
    size_t key_size;
    const char *key; /* behind the entry, in the same block */
} keyed_entry;

typedef struct keyed {
    keyed_entry **slots;
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
    unsigned char hash_key[crypto_shorthash_KEYBYTES];
} keyed;

/* Expected: INTERNAL (no randomness). */
thingspace_status keyed_init(keyed *keyed);
/* Frees the slots and, one by one, the entries; `free_entry` may be NULL: free(). */
void keyed_dispose(keyed *keyed, void (*free_entry)(keyed_entry *entry));

/* NULL when absent. */
keyed_entry *keyed_find(const keyed *keyed, const char *key, size_t key_size);
/* A new entry of `size` zeroed bytes (the keyed_entry included) under a key that is not there yet,
 * freed with free() after keyed_remove; NULL when out of memory. */
keyed_entry *keyed_add(keyed *keyed, const char *key, size_t key_size, size_t size);
/* Takes out an entry that is in the table; it is the caller's then. */
void keyed_remove(keyed *keyed, keyed_entry *entry);

#endif
