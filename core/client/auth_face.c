/* SPDX-License-Identifier: MIT */
/*
 * thingspace/auth.h: logging in and out, status and latch, for people. Works on the pairs of
 * endpoint and credential that the policy's accounts resolve to; a credential that no account
 * uses is paired with the default endpoint.
 */
#include <config.h>
#include <stdlib.h>
#include <thingspace/auth.h>
#include <time.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "client/client.h"

/* ---- pairs ---- */

typedef struct pair {
    const endpoint *endpoint;
    credential *credential;
} pair;

typedef struct pairs {
    pair *items;
    size_t count, capacity;
} pairs;

static bool has_pair(const pairs *pairs, const endpoint *endpoint, const credential *credential)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (pairs->items[i].credential == credential &&
            (!endpoint || pairs->items[i].endpoint == endpoint))
            return true;
    return false;
}

static thingspace_status add_pair(pairs *pairs, const endpoint *endpoint, credential *credential)
{
    if (has_pair(pairs, endpoint, credential))
        return THINGSPACE_OK;
    if (pairs->count == pairs->capacity) {
        size_t capacity = pairs->capacity ? pairs->capacity * 2 : 8;
        pair *items = realloc(pairs->items, capacity * sizeof(*items));
        if (!items)
            return THINGSPACE_MEMORY;
        pairs->items = items;
        pairs->capacity = capacity;
    }
    pairs->items[pairs->count++] = (pair){endpoint, credential};
    return THINGSPACE_OK;
}

static bool is_wanted(const credential *credential, const char *name)
{
    return !name || text_equal(credential->name, name);
}

static thingspace_status add_pairs_of_accounts(thingspace_client *client, pairs *out,
                                               const char *name)
{
    thingspace_status status = THINGSPACE_OK;
    size_t count = policy_account_count(client->policy);
    for (size_t i = 0; i < count && status == THINGSPACE_OK; i++) {
        decision decision = {0};
        const char *account = policy_account(client->policy, i);
        if (client_resolve(client, &decision, account, NULL) == THINGSPACE_OK &&
            is_wanted(decision.credential, name))
            status = add_pair(out, decision.endpoint, decision.credential);
        decision_dispose(&decision);
    }
    return status;
}

/* Named ones, and every declared one but `environment`, which counts only when nothing else is
 * there. */
static thingspace_status add_unused_pairs(thingspace_client *client, pairs *out, const char *name)
{
    const endpoint *endpoint = policy_default_endpoint(client->policy);
    credential *fallback = policy_credential(client->policy, "environment");
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < policy_credential_count(client->policy); i++) {
        credential *credential = policy_credential_at(client->policy, i);
        bool counts = name ? text_equal(credential->name, name) : credential != fallback;
        if (status == THINGSPACE_OK && counts && !has_pair(out, NULL, credential))
            status = add_pair(out, endpoint, credential);
    }
    if (status == THINGSPACE_OK && !name && out->count == 0 && fallback)
        status = add_pair(out, endpoint, fallback);
    return status;
}

static thingspace_status find_pairs(thingspace_client *client, pairs *out, const char *name,
                                    thingspace_error *error)
{
    thingspace_status status = add_pairs_of_accounts(client, out, name);
    if (status == THINGSPACE_OK)
        status = add_unused_pairs(client, out, name);
    if (status != THINGSPACE_OK)
        return error_memory(error);
    if (out->count == 0)
        return error_set(error, THINGSPACE_USAGE,
                         "no credential is called '%s'; `thingspace auth status` lists them",
                         name ? name : "");
    return THINGSPACE_OK;
}

/* ---- one exchange with the keyring, waited for ---- */

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
    return clock_monotonic_ms() + (client->timeout_ms > 0 ? client->timeout_ms : CLIENT_TIMEOUT_MS);
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

/* ---- for each ---- */

typedef thingspace_status pair_function(thingspace_client *client, const pair *pair, unsigned flags,
                                        thingspace_error *error);

/* Goes on after a failure; the first one is the answer. */
static thingspace_status for_each(thingspace_client *client, const char *name,
                                  pair_function *function, unsigned flags, thingspace_error *error)
{
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    pairs pairs = {0};
    status = client_check_blocking(client, error);
    if (status == THINGSPACE_OK)
        status = client_open_keyring(client, error);
    if (status == THINGSPACE_OK)
        status = find_pairs(client, &pairs, name, error);
    for (size_t i = 0; i < pairs.count && !client->interrupted; i++) {
        thingspace_error own = THINGSPACE_ERROR_INIT;
        thingspace_status one = function(client, &pairs.items[i], flags, &own);
        if (status == THINGSPACE_OK && one != THINGSPACE_OK) {
            status = one;
            error_copy(error, &own);
        }
    }
    if (status == THINGSPACE_OK && client->interrupted)
        status = error_set(error, THINGSPACE_CANCELLED, "interrupted");
    free(pairs.items);
    client_leave(client);
    return status;
}

thingspace_status thingspace_auth_login(thingspace_client *client, const char *credential,
                                        thingspace_error *error)
{
    return for_each(client, credential, login, 0, error);
}

thingspace_status thingspace_auth_logout(thingspace_client *client, const char *credential,
                                         unsigned flags, thingspace_error *error)
{
    return for_each(client, credential, logout, flags, error);
}

/* ---- status ---- */

static json *time_json(int64_t wall_ms)
{
    if (wall_ms <= 0)
        return json_new_null();
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm parts;
    char text[32];
    if (!gmtime_r(&seconds, &parts) || !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts))
        return json_new_null();
    return json_new_string(text);
}

static const char *word_for(bool known, bool valid)
{
    return valid ? "valid" : known ? "expired" : "none";
}

static void put(json *object, const char *name, json *value, thingspace_status *status)
{
    thingspace_status set = json_set(object, name, value);
    if (*status == THINGSPACE_OK)
        *status = set;
}

static json *status_json(thingspace_client *client, const pair *pair, thingspace_status *status)
{
    keyring_status read = {0};
    thingspace_error why = THINGSPACE_ERROR_INIT;
    bool good = keyring_read_status(client->keyring, pair->endpoint, pair->credential, &read,
                                    &why) == THINGSPACE_OK;
    json *row = json_new_object();
    if (!row) {
        *status = THINGSPACE_MEMORY;
        return NULL;
    }
    put(row, "credential", json_new_string(pair->credential->name), status);
    put(row, "endpoint", json_new_string(pair->endpoint->name), status);
    put(row, "bearer",
        json_new_string(good ? word_for(read.bearer_known, read.bearer_valid) : "unknown"), status);
    put(row, "session",
        json_new_string(good ? word_for(read.session_known, read.session_valid) : "unknown"),
        status);
    put(row, "bearerExpires", time_json(read.bearer_expires_ms), status);
    put(row, "sessionUsed", time_json(read.session_used_ms), status);
    put(row, "failed", json_new_integer(read.failed), status);
    put(row, "latched", json_new_boolean(read.latched), status);
    if (!good)
        put(row, "message", json_new_string(why.message), status);
    put(row, "stateDir", json_new_string(client->state ? state_path(client->state) : NULL), status);
    put(row, "persists", json_new_boolean(client->state && state_persists(client->state)), status);
    put(row, "memoryLocked", json_new_boolean(secret_arena_is_locked()), status);
    return row;
}

static thingspace_status write_status(thingspace_client *client, char **out, const char *name,
                                      thingspace_error *error)
{
    pairs pairs = {0};
    thingspace_status status = client_open_keyring(client, error);
    if (status == THINGSPACE_OK)
        status = find_pairs(client, &pairs, name, error);
    if (status != THINGSPACE_OK) {
        free(pairs.items);
        return status;
    }
    cleanup_json json *document = json_new_array();
    status = document ? THINGSPACE_OK : THINGSPACE_MEMORY;
    for (size_t i = 0; i < pairs.count && status == THINGSPACE_OK; i++) {
        thingspace_status added =
            json_append(document, status_json(client, &pairs.items[i], &status));
        status = status == THINGSPACE_OK ? added : status;
    }
    free(pairs.items);
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_RESPONSE_BODY);
    if (status == THINGSPACE_OK)
        status = json_write(&text, document, JSON_PLAIN);
    if (status == THINGSPACE_OK && !(*out = buffer_take(&text)))
        status = THINGSPACE_MEMORY;
    return status == THINGSPACE_OK ? status : error_memory(error);
}

thingspace_status thingspace_auth_status(thingspace_client *client, char **out,
                                         const char *credential, thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = write_status(client, out, credential, error);
    client_leave(client);
    return status;
}

/* ---- unlatch ---- */

thingspace_status thingspace_auth_unlatch(thingspace_client *client, const char *credential,
                                          unsigned *cleared, thingspace_error *error)
{
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    pairs pairs = {0};
    unsigned total = 0;
    status = client_open_keyring(client, error);
    if (status == THINGSPACE_OK)
        status = find_pairs(client, &pairs, credential, error);
    for (size_t i = 0; i < pairs.count && status == THINGSPACE_OK; i++) {
        unsigned before = 0;
        status = keyring_unlatch(client->keyring, pairs.items[i].endpoint,
                                 pairs.items[i].credential, &before, error);
        total += before;
    }
    if (cleared)
        *cleared = total;
    free(pairs.items);
    client_leave(client);
    return status;
}
