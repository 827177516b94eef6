/* SPDX-License-Identifier: MIT */
/*
 * {"version":1,"bearer":TEXT,"bearerExpires":MS,"session":TEXT}, members as there
 * are. A cache: what is damaged is as good as absent, the next fetch replaces it.
 * Tokens pass through secret buffers only. Owns nothing; any thread.
 */
#include <config.h>
#include <string.h>
#include "auth/answer.h"
#include "auth/state_name.h"
#include "auth/token_file.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"

void tokens_dispose(tokens *self)
{
    thingspace_secret_free(self->bearer);
    thingspace_secret_free(self->session);
    memset(self, 0, sizeof(*self));
}

void tokens_copy(tokens *out, const tokens *from)
{
    *out = *from;
    thingspace_secret_ref(out->bearer);
    thingspace_secret_ref(out->session);
}

void token_file_name(char out[STATE_NAME_SIZE], const char *token_url, const thingspace_secret *key,
                     const char *login_url, const thingspace_secret *username)
{
    const state_name_part parts[] = {{token_url, strlen(token_url), false},
                                     {secret_bytes(key), secret_size(key), false},
                                     {login_url, strlen(login_url), false},
                                     {secret_bytes(username), secret_size(username), false}};
    state_name_make(out, "tokens", parts, 4);
}

static thingspace_status read_token(thingspace_secret **out, const json *root, const char *name,
                                    thingspace_error *error)
{
    const char *text = json_get_string(root, name);
    if (!text || !answer_is_token(text))
        return THINGSPACE_OK;
    return thingspace_secret_new(out, text, strlen(text), error);
}

static thingspace_status read_tokens(tokens *out, const json *root, thingspace_error *error)
{
    long long number = 0;
    if (!json_integer(json_get(root, "version"), &number) || number != 1)
        return THINGSPACE_OK;
    if (json_integer(json_get(root, "bearerExpires"), &number) && number > 0)
        out->bearer_expires_ms = number;
    thingspace_status status = read_token(&out->bearer, root, "bearer", error);
    if (status == THINGSPACE_OK)
        status = read_token(&out->session, root, "session", error);
    return status;
}

thingspace_status token_file_read(tokens *out, state *folder, const char *name,
                                  thingspace_error *error)
{
    cleanup_json json *root = NULL;
    cleanup_buffer buffer content;
    bool found = false;
    memset(out, 0, sizeof(*out));
    buffer_init_secret(&content, LIMIT_STATE_FILE);
    thingspace_status status = state_read(folder, name, &content, &found, error);
    if (status != THINGSPACE_OK || !found)
        return status;
    status = json_parse(&root, buffer_text(&content), content.size, error);
    if (status != THINGSPACE_OK)
        return status == THINGSPACE_MEMORY ? status : THINGSPACE_OK;
    status = read_tokens(out, root, error);
    if (status != THINGSPACE_OK)
        tokens_dispose(out);
    else if (out->session)
        state_time(folder, name, &out->session_used_ms);
    return status;
}

static thingspace_status build(json *root, const tokens *from)
{
    thingspace_status status = THINGSPACE_OK;
    json_put(root, "version", json_new_integer(1), &status);
    if (from->bearer) {
        json_put(root, "bearer", json_new_secret(from->bearer), &status);
        json_put(root, "bearerExpires", json_new_integer(from->bearer_expires_ms), &status);
    }
    if (from->session)
        json_put(root, "session", json_new_secret(from->session), &status);
    return status;
}

thingspace_status token_file_write(const tokens *self, state *folder, const char *name,
                                   thingspace_error *error)
{
    cleanup_json json *root = json_new_object();
    cleanup_buffer buffer text;
    buffer_init_secret(&text, LIMIT_STATE_FILE);
    if (build(root, self) != THINGSPACE_OK)
        return error_memory(error);
    thingspace_status status = json_write(&text, root, JSON_REVEAL);
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (status != THINGSPACE_OK)
        return error_set(error, THINGSPACE_LOCAL, "tokens too long for the file %s/%s",
                         state_path(folder), name);
    status = state_write(folder, name, text.data, text.size, error);
    if (status == THINGSPACE_OK)
        state_touch(folder, name);
    return status;
}
