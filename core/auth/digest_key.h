/* SPDX-License-Identifier: MIT */
/*
 * The random key of the state directory with which the latch digests passwords:
 * the file digest.key, made once. Any thread.
 */
#ifndef DIGEST_KEY_H
#define DIGEST_KEY_H

#include "base/secret.h"
#include "base/state.h"

#define DIGEST_KEY_FILE "digest.key"

typedef struct digest_key {
    bool known;
    uint8_t bytes[SECRET_DIGEST_SIZE];
} digest_key;

/* An absent file is OK and gives no key. Expected: LOCAL (damaged too), MEMORY. */
thingspace_status digest_key_read(digest_key *out, state *state, thingspace_error *error);
/* Makes the file unless another process just did. Waits up to a second for its lock. */
thingspace_status digest_key_make(digest_key *out, state *state, thingspace_error *error);
void digest_key_dispose(digest_key *key);

#endif
