/* SPDX-License-Identifier: MIT */
/*
 * The generic cell rate algorithm, counted in tokens: a bucket remembers how many tokens are owed
 * (taken and not yet grown again) and when that was so. Small numbers keep a double exact where
 * nanoseconds since the start would not be, and a changed rate needs no conversion. A bucket that
 * owes nothing is full, and need not be remembered. One thread at a time.
 */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/limits.h"
#include "plugin/buckets.h"
#include "plugin/keyed.h"

#define SECOND_NS 1e9

typedef struct bucket {
    keyed_entry keyed; /* must be first */
    double owed;       /* tokens, at `at_ns` */
    double rate;       /* tokens a second, as last said */
    int64_t at_ns;
} bucket;

struct buckets {
    keyed entries;
    size_t most;
};

thingspace_status buckets_new(buckets **out, size_t most)
{
    *out = NULL;
    buckets *self = calloc(1, sizeof(*self));
    if (!self)
        return THINGSPACE_MEMORY;
    thingspace_status status = keyed_init(&self->entries);
    if (status != THINGSPACE_OK) {
        free(self);
        return status;
    }
    self->most = most;
    *out = self;
    return THINGSPACE_OK;
}

void buckets_free(buckets *self)
{
    if (!self)
        return;
    keyed_dispose(&self->entries, NULL);
    free(self);
}

/* What is still owed now, when tokens grow at `rate`. A clock that stands still grows none. */
static double owed_now(const bucket *self, double rate, int64_t now_ns)
{
    if (now_ns <= self->at_ns)
        return self->owed;
    uint64_t passed = (uint64_t)now_ns - (uint64_t)self->at_ns;
    double seconds = (double)passed / SECOND_NS;
    return fmax(0, self->owed - seconds * rate);
}

static void forget_slot(buckets *self, keyed_entry *at, int64_t now_ns)
{
    while (at) {
        bucket *found = (bucket *)at;
        at = at->next;
        if (owed_now(found, found->rate, now_ns) > 0)
            continue;
        keyed_remove(&self->entries, &found->keyed);
        free(found);
    }
}

static void forget_full(buckets *self, int64_t now_ns)
{
    for (size_t i = 0; i < self->entries.slot_count; i++)
        forget_slot(self, self->entries.slots[i], now_ns);
}

static thingspace_status find_or_add(buckets *self, const char *key, size_t key_size,
                                     int64_t now_ns, bucket **out, thingspace_error *error)
{
    *out = (bucket *)keyed_find(&self->entries, key, key_size);
    if (*out)
        return THINGSPACE_OK;
    if (self->entries.count >= self->most)
        forget_full(self, now_ns);
    if (self->entries.count >= self->most)
        return error_set(error, THINGSPACE_PLUGIN,
                         "%zu buckets are in use, and no more than that are kept: use fewer keys",
                         self->most);
    *out = (bucket *)keyed_add(&self->entries, key, key_size, sizeof(**out));
    return *out ? THINGSPACE_OK : error_memory(error);
}

/* Rounded up, but what is less than a nanosecond is an error of the arithmetic. */
static int64_t to_ms(double seconds)
{
    double ms = ceil(seconds * 1e3 - 1e-6);
    if (ms >= (double)LIMIT_PLUGIN_BUCKET_MS)
        return LIMIT_PLUGIN_BUCKET_MS;
    return ms > 0 ? (int64_t)ms : 0;
}

static bool is_usable(double value)
{
    return isfinite(value) && value > 0;
}

static thingspace_status check(size_t key_size, double rate, double burst, thingspace_error *error)
{
    if (key_size > LIMIT_PLUGIN_KEY)
        return error_set(error, THINGSPACE_PLUGIN, "a key has at most %d bytes, this one has %zu",
                         LIMIT_PLUGIN_KEY, key_size);
    if (!is_usable(rate))
        return error_set(error, THINGSPACE_PLUGIN,
                         "a rate is a number of tokens a second above 0, not %g", rate);
    if (!is_usable(burst))
        return error_set(error, THINGSPACE_PLUGIN, "a burst is a number of tokens above 0, not %g",
                         burst);
    return THINGSPACE_OK;
}

thingspace_status buckets_take(buckets *self, const char *key, size_t key_size, double rate,
                               double burst, int64_t now_ns, bool reserve, int64_t *wait_ms,
                               thingspace_error *error)
{
    *wait_ms = 0;
    thingspace_status status = check(key_size, rate, burst, error);
    if (status != THINGSPACE_OK)
        return status;
    bucket *found = (bucket *)keyed_find(&self->entries, key, key_size);
    double owed = (found ? owed_now(found, rate, now_ns) : 0) + 1;
    if (reserve) {
        status = find_or_add(self, key, key_size, now_ns, &found, error);
        if (status != THINGSPACE_OK)
            return status;
        found->owed = owed;
        found->rate = rate;
        found->at_ns = now_ns;
    }
    *wait_ms = to_ms((owed - burst) / rate);
    return THINGSPACE_OK;
}
