/* SPDX-License-Identifier: MIT */
/*
 * Secrets in one arena of the process: locked (mlock), kept out of core files,
 * wiped when freed. One slab holds many secrets; a guarded allocation for each
 * would cost 8 KiB and four mappings. All functions may be called from any thread.
 */
#ifndef SECRET_H
#define SECRET_H

#include <stdbool.h>
#include <stdint.h>
#include <thingspace/secret.h>
#include "base/buffer.h"

/* The bytes, followed by a NUL that is not counted; borrowed. Never print or copy them to text. */
const char *secret_bytes(const thingspace_secret *secret);
size_t secret_size(const thingspace_secret *secret);

/* Constant time in the content; NULL equals only NULL. */
bool secret_equal(const thingspace_secret *a, const thingspace_secret *b);
/* The same against text that came from elsewhere; NULL on either side is as empty. */
bool secret_equal_text(const thingspace_secret *secret, const char *text);

/* The bytes of a secret buffer become a secret; the buffer is wiped and emptied. */
thingspace_status secret_from_buffer(thingspace_secret **out, buffer *bytes,
                                     thingspace_error *error);

#define SECRET_DIGEST_SIZE 32
/* Keyed BLAKE2b; `key` has SECRET_DIGEST_SIZE bytes. */
void secret_digest(uint8_t out[SECRET_DIGEST_SIZE], const thingspace_secret *secret,
                   const uint8_t key[SECRET_DIGEST_SIZE]);
/* HMAC-SHA-256 of `size` bytes, with the secret as its key. */
void secret_sign(uint8_t out[SECRET_DIGEST_SIZE], const thingspace_secret *secret,
                 const void *message, size_t size);
/* What was signed or digested as text for URLs: base64 of RFC 4648 5 without padding. `capacity`
 * has room for it and a NUL. */
void secret_encode(char *out, size_t capacity, const uint8_t *bytes, size_t size);
/* Whether all slabs so far could be locked into memory (shown by `auth status`). */
bool secret_arena_is_locked(void);

void secret_cleanup(thingspace_secret **secret);
#define cleanup_secret __attribute__((cleanup(secret_cleanup)))

#endif
