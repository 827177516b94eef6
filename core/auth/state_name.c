/* SPDX-License-Identifier: MIT */
/*
 * The digest is taken piece by piece, so that a secret part is never copied, and over
 * the parts' sizes too, so that no two lists of parts give one name. Any thread.
 */
#include <config.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include "auth/state_name.h"

static void add_lower(crypto_generichash_state *digest, const state_name_part *part)
{
    const unsigned char *bytes = part->bytes;
    for (size_t i = 0; i < part->size; i++) {
        bool upper = bytes[i] >= 'A' && bytes[i] <= 'Z';
        unsigned char lower = upper ? (unsigned char)(bytes[i] + ('a' - 'A')) : bytes[i];
        crypto_generichash_update(digest, &lower, 1);
    }
}

static void add_part(crypto_generichash_state *digest, const state_name_part *part)
{
    unsigned char size[8];
    for (size_t i = 0; i < sizeof(size); i++)
        size[i] = (unsigned char)((uint64_t)part->size >> (8 * i));
    crypto_generichash_update(digest, size, sizeof(size));
    if (part->any_case)
        add_lower(digest, part);
    else
        crypto_generichash_update(digest, part->bytes, part->size);
}

void state_name_make(char out[STATE_NAME_SIZE], const char *prefix, const state_name_part *parts,
                     size_t count)
{
    unsigned char digest[32];
    char hex[2 * sizeof(digest) + 1];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof(digest));
    for (size_t i = 0; i < count; i++)
        add_part(&state, &parts[i]);
    crypto_generichash_final(&state, digest, sizeof(digest));
    sodium_memzero(&state, sizeof(state));
    sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
    snprintf(out, STATE_NAME_SIZE, "%.8s-%s.json", prefix, hex);
}
