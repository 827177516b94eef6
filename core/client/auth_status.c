/* SPDX-License-Identifier: MIT */
/* Tokens and latch of each pair as JSON
 * (thingspace_auth_status). No network; on the client's thread. */
#include <config.h>
#include <thingspace/auth.h>
#include <time.h>
#include "base/error.h"
#include "client/pairs.h"

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

static json *word_json(bool good, bool known, bool valid)
{
    const char *word = valid ? "valid" : known ? "expired" : "none";
    return json_new_string(good ? word : "unknown");
}

static json *pair_json(thingspace_client *client, const pair *pair, thingspace_status *status)
{
    keyring_status read = {0};
    thingspace_error why = THINGSPACE_ERROR_INIT;
    bool good = keyring_read_status(client->keyring, pair->endpoint, pair->credential, &read,
                                    &why) == THINGSPACE_OK;
    json *row = json_new_object();
    json_put(row, "credential", json_new_string(pair->credential->name), status);
    json_put(row, "endpoint", json_new_string(pair->endpoint->name), status);
    json_put(row, "bearer", word_json(good, read.bearer_known, read.bearer_valid), status);
    json_put(row, "session", word_json(good, read.session_known, read.session_valid), status);
    json_put(row, "bearerExpires", time_json(read.bearer_expires_ms), status);
    json_put(row, "sessionUsed", time_json(read.session_used_ms), status);
    json_put(row, "failed", json_new_integer(read.failed), status);
    json_put(row, "latched", json_new_boolean(read.latched), status);
    if (!good)
        json_put(row, "message", json_new_string(why.message), status);
    json_put(row, "stateDir", json_new_string(client->state ? state_path(client->state) : NULL),
             status);
    json_put(row, "persists", json_new_boolean(client->state && state_persists(client->state)),
             status);
    json_put(row, "memoryLocked", json_new_boolean(secret_arena_is_locked()), status);
    return row;
}

static thingspace_status write_status(thingspace_client *client, char **out, const pairs *pairs,
                                      thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    cleanup_json json *document = json_new_array();
    for (size_t i = 0; i < pairs->count; i++)
        json_add(document, pair_json(client, &pairs->items[i], &status), &status);
    if (status == THINGSPACE_OK)
        status = json_write_text(out, document);
    return status == THINGSPACE_OK ? status : error_memory(error);
}

static thingspace_status read_status(thingspace_client *client, char **out, const char *credential,
                                     thingspace_error *error)
{
    cleanup_generation generation *kept = generation_ref(client->generation);
    cleanup_pairs pairs pairs = {0};
    thingspace_status status = client_open_keyring(client, error);
    if (status == THINGSPACE_OK)
        status = pairs_find(&pairs, kept, credential, error);
    if (status == THINGSPACE_OK)
        status = write_status(client, out, &pairs, error);
    return status;
}

thingspace_status thingspace_auth_status(thingspace_client *client, char **out,
                                         const char *credential, thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = read_status(client, out, credential, error);
    client_leave(client);
    return status;
}
