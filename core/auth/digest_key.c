/* SPDX-License-Identifier: MIT */
/*
 * Making and reading digest.key. It is made under a lock and read again after the
 * lock was taken, so that all processes have the same one. Owns nothing.
 */
#include <config.h>
#include <sodium.h>
#include <string.h>
#include <time.h>
#include "auth/digest_key.h"
#include "base/clock.h"
#include "base/error.h"

#define WAIT_MS  1000
#define PAUSE_MS 5

thingspace_status digest_key_read(digest_key *out, state *folder, thingspace_error *error)
{
    cleanup_buffer buffer content;
    bool found = false;
    out->known = false;
    buffer_init_secret(&content, sizeof(out->bytes) + 1);
    thingspace_status status = state_read(folder, DIGEST_KEY_FILE, &content, &found, error);
    if (status != THINGSPACE_OK || !found)
        return status;
    if (content.size != sizeof(out->bytes))
        return error_set(error, THINGSPACE_LOCAL,
                         "%s/%s is damaged; no login is sent: run `thingspace auth unlatch`",
                         state_path(folder), DIGEST_KEY_FILE);
    memcpy(out->bytes, content.data, sizeof(out->bytes));
    out->known = true;
    return THINGSPACE_OK;
}

static thingspace_status take_lock(state_lock *lock, state *folder, thingspace_error *error)
{
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    int64_t end = clock_monotonic_ms() + WAIT_MS;
    for (;;) {
        bool held = false;
        thingspace_status status = state_try_lock(folder, DIGEST_KEY_FILE, lock, &held, error);
        if (status != THINGSPACE_OK || held)
            return status;
        if (clock_monotonic_ms() > end)
            return error_set(error, THINGSPACE_LOCAL,
                             "another process holds %s/%s.lock; find and end it",
                             state_path(folder), DIGEST_KEY_FILE);
        nanosleep(&pause, NULL);
    }
}

static thingspace_status make_locked(digest_key *out, state *folder, thingspace_error *error)
{
    thingspace_status status = digest_key_read(out, folder, error);
    if (status != THINGSPACE_OK || out->known)
        return status;
    randombytes_buf(out->bytes, sizeof(out->bytes));
    status = state_write(folder, DIGEST_KEY_FILE, out->bytes, sizeof(out->bytes), error);
    out->known = status == THINGSPACE_OK;
    return status;
}

thingspace_status digest_key_make(digest_key *out, state *folder, thingspace_error *error)
{
    state_lock lock = STATE_LOCK_INIT;
    out->known = false;
    thingspace_status status = take_lock(&lock, folder, error);
    if (status == THINGSPACE_OK)
        status = make_locked(out, folder, error);
    state_unlock(&lock);
    return status;
}

void digest_key_dispose(digest_key *self)
{
    sodium_memzero(self, sizeof(*self));
}
