/* SPDX-License-Identifier: MIT */
/*
 * Token buckets by key, for `thingspace.take`: a place is reserved at once, and the answer says how
 * long to wait for it. What waits for hours is refused by the caller's deadline, not here. Buckets
 * that are full again make room for new keys. Monotonic time. One thread at a time.
 */
#ifndef PLUGIN_BUCKETS_H
#define PLUGIN_BUCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <thingspace/error.h>

typedef struct buckets buckets;

/* At most `most` keys. Expected: MEMORY, INTERNAL (no randomness). Owned: buckets_free. */
thingspace_status buckets_new(buckets **out, size_t most);
void buckets_free(buckets *buckets);

/*
 * `rate` tokens a second, at most `burst` at once, both above 0. `*wait_ms`: until the token that
 * is reserved now may be used, rounded up. `reserve` false only tells. Expected: PLUGIN (a rate or
 * burst that is none, too many keys at once), MEMORY.
 */
thingspace_status buckets_take(buckets *buckets, const char *key, size_t key_size, double rate,
                               double burst, int64_t now_ns, bool reserve, int64_t *wait_ms,
                               thingspace_error *error);

#endif
