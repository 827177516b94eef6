/* SPDX-License-Identifier: MIT */
/* Username and password are secret nodes of the JSON body. Owns nothing. */
#include <config.h>
#include "auth/answer.h"
#include "auth/login_request.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

#define JSON_TYPE "application/json"

static thingspace_status check_text(const thingspace_secret *part, const char *what,
                                    thingspace_error *error)
{
    if (text_is_utf8(secret_bytes(part), secret_size(part)))
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_AUTH, "the %s is not UTF-8 text; save it as UTF-8", what);
}

static thingspace_status write_body(auth_request *out, thingspace_secret *username,
                                    thingspace_secret *password, thingspace_error *error)
{
    cleanup_json json *root = json_new_object();
    thingspace_status status = THINGSPACE_OK;
    json_put(root, "username", json_new_secret(username), &status);
    json_put(root, "password", json_new_secret(password), &status);
    if (status != THINGSPACE_OK)
        return error_memory(error);
    json_write(&out->body, root, JSON_REVEAL);
    return auth_request_check_body(out, error);
}

thingspace_status login_request_build(auth_request *out, const char *url, thingspace_secret *bearer,
                                      thingspace_secret *username, thingspace_secret *password,
                                      thingspace_error *error)
{
    thingspace_status status = check_text(username, "username", error);
    if (status == THINGSPACE_OK)
        status = check_text(password, "password", error);
    if (status == THINGSPACE_OK)
        status = auth_request_begin(out, url, JSON_TYPE, error);
    if (status != THINGSPACE_OK)
        return status;
    out->fresh_connection = true;
    status = auth_request_set_tokens(out, bearer, NULL, error);
    return status == THINGSPACE_OK ? write_body(out, username, password, error) : status;
}

thingspace_status login_request_build_logout(auth_request *out, const char *url,
                                             thingspace_secret *bearer, thingspace_secret *session,
                                             thingspace_error *error)
{
    thingspace_status status = auth_request_begin(out, url, JSON_TYPE, error);
    if (status != THINGSPACE_OK)
        return status;
    out->fresh_connection = true;
    return auth_request_set_tokens(out, bearer, session, error);
}

thingspace_status login_request_read(thingspace_secret **session, const buffer *body,
                                     thingspace_error *error)
{
    cleanup_json json *root = NULL;
    *session = NULL;
    thingspace_status status = answer_parse(&root, body, error);
    if (status != THINGSPACE_OK)
        return status;
    return answer_read_token(session, root, "sessionToken", error);
}
