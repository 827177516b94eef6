/* SPDX-License-Identifier: MIT */
/*
 * What `auth status` shows and `auth unlatch` does: from the files alone, without
 * network, so they work when the service does not. They block for the time of file
 * access (unlatch: for a lock, up to 5 s). One thread at a time.
 */
#include <config.h>
#include <string.h>
#include <time.h>
#include "auth/latch.h"
#include "auth/ring.h"
#include "base/clock.h"
#include "base/error.h"

#define UNLATCH_WAIT_MS  5000
#define UNLATCH_PAUSE_MS 10

/* The ring, with what names its files; both secrets are the caller's. */
static thingspace_status identify(ring **out, keyring *self, const endpoint *at,
                                  const credential *of, thingspace_secret **key,
                                  thingspace_secret **username, thingspace_error *error)
{
    if (!self->options.state) {
        error_copy(error, self->options.state_error);
        return THINGSPACE_LOCAL;
    }
    thingspace_status status = ring_get(out, self, at, of, error);
    return status == THINGSPACE_OK ? ring_identify(*out, key, username, error) : status;
}

static void judge_tokens(keyring_status *out, const tokens *found)
{
    int64_t now = clock_wall_ms();
    out->bearer_known = found->bearer != NULL;
    out->session_known = found->session != NULL;
    out->bearer_expires_ms = found->bearer ? found->bearer_expires_ms : 0;
    out->session_used_ms = found->session ? found->session_used_ms : 0;
    out->bearer_valid =
        out->bearer_known && (out->bearer_expires_ms <= 0 || now < out->bearer_expires_ms);
    out->session_valid = out->session_known && (out->session_used_ms <= 0 ||
                                                now - out->session_used_ms < SESSION_IDLE_MS);
}

static thingspace_status read_tokens(keyring_status *out, const ring *at, thingspace_error *error)
{
    tokens found = {NULL, 0, NULL, 0};
    thingspace_status status = token_file_read(&found, at->keyring->options.state, at->file, error);
    if (status != THINGSPACE_OK)
        return status;
    judge_tokens(out, &found);
    tokens_dispose(&found);
    return THINGSPACE_OK;
}

/* A password that cannot be read is no failure here: the count alone then tells. */
static thingspace_status judge_latch(keyring_status *out, const ring *at, const latch *opened,
                                     thingspace_error *error)
{
    cleanup_secret thingspace_secret *password = NULL;
    const credential *of = at->credential;
    out->failed = latch_count(opened);
    out->latched = out->failed >= LATCH_CLOSED;
    if (out->failed == 0 || out->latched)
        return THINGSPACE_OK;
    thingspace_status status = credential_resolve(of, of->password, "password", &password,
                                                  at->keyring->options.log, error);
    if (status == THINGSPACE_OK)
        out->latched = latch_check(opened, password, NULL) == THINGSPACE_LATCHED;
    return status == THINGSPACE_MEMORY ? status : THINGSPACE_OK;
}

static thingspace_status read_latch(keyring_status *out, const ring *at,
                                    const thingspace_secret *username, thingspace_error *error)
{
    latch *opened = NULL;
    thingspace_status status =
        latch_open(&opened, at->keyring->options.state, at->login_url, username, error);
    if (status != THINGSPACE_OK)
        return status;
    status = judge_latch(out, at, opened, error);
    latch_close(opened);
    return status;
}

thingspace_status keyring_read_status(keyring *self, const endpoint *at, credential *of,
                                      keyring_status *out, thingspace_error *error)
{
    ring *found = NULL;
    cleanup_secret thingspace_secret *key = NULL;
    cleanup_secret thingspace_secret *username = NULL;
    memset(out, 0, sizeof(*out));
    thingspace_status status = identify(&found, self, at, of, &key, &username, error);
    if (status == THINGSPACE_OK)
        status = read_tokens(out, found, error);
    if (status == THINGSPACE_OK)
        status = read_latch(out, found, username, error);
    return status;
}

static thingspace_status wait_for_lock(state_lock *lock, state *folder, const char *name,
                                       thingspace_error *error)
{
    const struct timespec pause = {.tv_nsec = UNLATCH_PAUSE_MS * 1000000L};
    int64_t end = clock_monotonic_ms() + UNLATCH_WAIT_MS;
    for (;;) {
        bool held = false;
        thingspace_status status = state_try_lock(folder, name, lock, &held, error);
        if (status != THINGSPACE_OK || held)
            return status;
        if (clock_monotonic_ms() > end)
            return error_set(error, THINGSPACE_TIMEOUT,
                             "another process is logging in with this username; try again when it "
                             "is done");
        nanosleep(&pause, NULL);
    }
}

thingspace_status keyring_unlatch(keyring *self, const endpoint *at, credential *of,
                                  unsigned *before, thingspace_error *error)
{
    ring *found = NULL;
    char name[STATE_NAME_SIZE];
    state_lock lock = STATE_LOCK_INIT;
    cleanup_secret thingspace_secret *key = NULL;
    cleanup_secret thingspace_secret *username = NULL;
    *before = 0;
    thingspace_status status = identify(&found, self, at, of, &key, &username, error);
    if (status != THINGSPACE_OK)
        return status;
    latch_lock_name(name, found->login_url, username);
    status = wait_for_lock(&lock, self->options.state, name, error);
    if (status == THINGSPACE_OK)
        status = latch_repair(self->options.state, found->login_url, username, before, error);
    state_unlock(&lock);
    return status;
}
