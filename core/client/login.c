/* SPDX-License-Identifier: MIT */
/*
 * Logging in and out by hand, and emptying the latch (thingspace/auth.h). Each pair is an
 * exchange of the keyring, waited for in the client's own loop. Owns nothing.
 */
#include <config.h>
#include <thingspace/auth.h>
#include "base/clock.h"
#include "base/error.h"
#include "client/pairs.h"

/* ---- exchanges ---- */

typedef struct waiting {
    bool done;
    thingspace_status status;
    thingspace_error *error;
} waiting;

static void on_done(thingspace_status status, const tokens *tokens, const thingspace_error *error,
                    void *user)
{
    (void)tokens;
    waiting *waiting = user;
    waiting->done = true;
    waiting->status = status;
    if (status != THINGSPACE_OK)
        error_copy(waiting->error, error);
}

static int64_t deadline_of(const thingspace_client *client)
{
    return clock_monotonic_ms() + client_timeout_ms(client, NULL);
}

static thingspace_status wait_for(thingspace_client *client, waiting *waiting,
                                  authorisation *authorisation, thingspace_error *error)
{
    client->pending++; /* keeps the loop turning: no call is in flight */
    thingspace_status status = client_run_until(client, &waiting->done, error);
    client->pending--;
    if (!waiting->done) {
        keyring_cancel(authorisation);
        return status != THINGSPACE_OK ? status
                                       : error_set(error, THINGSPACE_CANCELLED, "interrupted");
    }
    return waiting->status;
}

static thingspace_status login(thingspace_client *client, const pair *pair, unsigned flags,
                               thingspace_error *error)
{
    (void)flags;
    waiting waiting = {false, THINGSPACE_OK, error};
    authorisation *authorisation;
    thingspace_status status =
        keyring_authorise(client->keyring, &authorisation, pair->endpoint, pair->credential, NULL,
                          deadline_of(client), on_done, &waiting, error);
    return status == THINGSPACE_OK ? wait_for(client, &waiting, authorisation, error) : status;
}

static thingspace_status logout(thingspace_client *client, const pair *pair, unsigned flags,
                                thingspace_error *error)
{
    waiting waiting = {false, THINGSPACE_OK, error};
    authorisation *authorisation;
    thingspace_status status =
        keyring_logout(client->keyring, &authorisation, pair->endpoint, pair->credential,
                       flags & THINGSPACE_REVOKE, deadline_of(client), on_done, &waiting, error);
    return status == THINGSPACE_OK ? wait_for(client, &waiting, authorisation, error) : status;
}

typedef thingspace_status pair_function(thingspace_client *client, const pair *pair, unsigned flags,
                                        thingspace_error *error);

/* Goes on after a failure; the first one is the answer. */
static thingspace_status for_each(thingspace_client *client, const pairs *pairs,
                                  pair_function *function, unsigned flags, thingspace_error *error)
{
    thingspace_status first = THINGSPACE_OK;
    for (size_t i = 0; i < pairs->count && !client->interrupted; i++) {
        thingspace_error own = THINGSPACE_ERROR_INIT;
        thingspace_status status = function(client, &pairs->items[i], flags, &own);
        if (first == THINGSPACE_OK && status != THINGSPACE_OK) {
            first = status;
            error_copy(error, &own);
        }
    }
    if (first == THINGSPACE_OK && client->interrupted)
        return error_set(error, THINGSPACE_CANCELLED, "interrupted");
    return first;
}

static thingspace_status exchange_inside(thingspace_client *client, const char *name,
                                         pair_function *function, unsigned flags,
                                         thingspace_error *error)
{
    cleanup_generation generation *kept = generation_ref(client->generation);
    cleanup_pairs pairs pairs = {0};
    thingspace_status status = client_check_blocking(client, error);
    if (status == THINGSPACE_OK)
        status = client_open_keyring(client, error);
    if (status == THINGSPACE_OK)
        status = pairs_find(&pairs, kept, name, error);
    if (status == THINGSPACE_OK)
        status = for_each(client, &pairs, function, flags, error);
    return status;
}

static thingspace_status exchange_each(thingspace_client *client, const char *name,
                                       pair_function *function, unsigned flags,
                                       thingspace_error *error)
{
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = exchange_inside(client, name, function, flags, error);
    client_leave(client);
    return status;
}

thingspace_status thingspace_auth_login(thingspace_client *client, const char *credential,
                                        thingspace_error *error)
{
    return exchange_each(client, credential, login, 0, error);
}

thingspace_status thingspace_auth_logout(thingspace_client *client, const char *credential,
                                         unsigned flags, thingspace_error *error)
{
    return exchange_each(client, credential, logout, flags, error);
}

/* ---- the latch ---- */

static thingspace_status unlatch(thingspace_client *client, const char *name, unsigned *cleared,
                                 thingspace_error *error)
{
    cleanup_generation generation *kept = generation_ref(client->generation);
    cleanup_pairs pairs pairs = {0};
    thingspace_status status = client_open_keyring(client, error);
    if (status == THINGSPACE_OK)
        status = pairs_find(&pairs, kept, name, error);
    for (size_t i = 0; i < pairs.count && status == THINGSPACE_OK; i++) {
        unsigned before = 0;
        status = keyring_unlatch(client->keyring, pairs.items[i].endpoint,
                                 pairs.items[i].credential, &before, error);
        *cleared += before;
    }
    return status;
}

thingspace_status thingspace_auth_unlatch(thingspace_client *client, const char *credential,
                                          unsigned *cleared, thingspace_error *error)
{
    unsigned total = 0;
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = unlatch(client, credential, &total, error);
    if (cleared)
        *cleared = total;
    client_leave(client);
    return status;
}
