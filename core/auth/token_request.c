/* SPDX-License-Identifier: MIT */
/*
 * Form body out, JSON in. Of the answer only access_token must be there; how long
 * it lives is a hint, since a refusal is what decides. Owns nothing.
 */
#include <config.h>
#include "auth/answer.h"
#include "auth/token_request.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "http/url.h"

#define FORM_TYPE "application/x-www-form-urlencoded"
#define GRANT     "grant_type=client_credentials"

static thingspace_status begin(auth_request *out, const char *address, const thingspace_secret *key,
                               const thingspace_secret *secret, thingspace_error *error)
{
    thingspace_status status = auth_request_begin(out, address, FORM_TYPE, error);
    if (status != THINGSPACE_OK)
        return status;
    buffer_append_text(&out->body, GRANT);
    return auth_request_set_basic(out, key, secret, error);
}

thingspace_status token_request_build(auth_request *out, const char *address,
                                      const thingspace_secret *key, const thingspace_secret *secret,
                                      thingspace_error *error)
{
    thingspace_status status = begin(out, address, key, secret, error);
    return status == THINGSPACE_OK ? auth_request_check_body(out, error) : status;
}

thingspace_status token_request_build_revoke(auth_request *out, const char *address,
                                             const thingspace_secret *key,
                                             const thingspace_secret *secret,
                                             const thingspace_secret *bearer,
                                             thingspace_error *error)
{
    thingspace_status status = begin(out, address, key, secret, error);
    if (status != THINGSPACE_OK)
        return status;
    out->fresh_connection = true;
    buffer_append_text(&out->body, "&token=");
    if (out->body.status == THINGSPACE_OK)
        out->body.status = url_encode(&out->body, secret_bytes(bearer));
    return auth_request_check_body(out, error);
}

static int64_t read_life(const json *root)
{
    long long seconds = 0;
    if (!json_integer(json_get(root, "expires_in"), &seconds) || seconds <= 0)
        return BEARER_LIFE_MS;
    if (seconds > BEARER_LIFE_LONGEST_MS / 1000)
        return BEARER_LIFE_LONGEST_MS;
    return seconds * 1000;
}

thingspace_status token_request_read(thingspace_secret **bearer, int64_t *life_ms,
                                     const buffer *body, thingspace_error *error)
{
    cleanup_json json *root = NULL;
    *bearer = NULL;
    thingspace_status status = answer_parse(&root, body, error);
    if (status != THINGSPACE_OK)
        return status;
    *life_ms = read_life(root);
    return answer_read_token(bearer, root, "access_token", error);
}
