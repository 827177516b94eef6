/* SPDX-License-Identifier: MIT */
/* Putting requests together out of secrets, in secret buffers only. One thread at a time. */
#include <config.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "auth/auth_request.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"

_Static_assert(LIMIT_AUTH_ANSWER == 4 * LIMIT_SECRET_BYTES, "an answer holds a token, escaped");

void auth_request_init(auth_request *self)
{
    memset(self, 0, sizeof(*self));
    headers_init(&self->fields);
    headers_init(&self->tokens);
    buffer_init_secret(&self->body, LIMIT_REQUEST_BODY);
}

void auth_request_dispose(auth_request *self)
{
    free(self->url);
    self->url = NULL;
    self->fresh_connection = false;
    headers_dispose(&self->fields);
    headers_dispose(&self->tokens);
    buffer_dispose(&self->body);
}

thingspace_status auth_request_begin(auth_request *self, const char *url, const char *content_type,
                                     thingspace_error *error)
{
    auth_request_dispose(self);
    self->url = text_copy(url);
    if (!self->url)
        return error_memory(error);
    thingspace_status status = headers_set(&self->fields, "Content-Type", content_type, error);
    if (status != THINGSPACE_OK)
        return status;
    return headers_set(&self->fields, "Accept", "application/json", error);
}

/* The base64 text of `plain`, as a secret. */
static thingspace_status encode(thingspace_secret **out, const buffer *plain,
                                thingspace_error *error)
{
    size_t size = sodium_base64_encoded_len(plain->size, sodium_base64_VARIANT_ORIGINAL);
    char *text = sodium_malloc(size);
    if (!text)
        return error_memory(error);
    sodium_bin2base64(text, size, (const unsigned char *)plain->data, plain->size,
                      sodium_base64_VARIANT_ORIGINAL);
    thingspace_status status = thingspace_secret_new(out, text, size - 1, error);
    sodium_free(text);
    return status;
}

thingspace_status auth_request_set_basic(auth_request *self, const thingspace_secret *key,
                                         const thingspace_secret *secret, thingspace_error *error)
{
    cleanup_secret thingspace_secret *encoded = NULL;
    cleanup_buffer buffer plain;
    buffer_init_secret(&plain, LIMIT_SECRET_BYTES);
    if (memchr(secret_bytes(key), ':', secret_size(key)))
        return error_set(error, THINGSPACE_AUTH,
                         "the application key has a colon, which cannot be sent; copy it from the "
                         "portal again");
    buffer_append(&plain, secret_bytes(key), secret_size(key));
    buffer_append_byte(&plain, ':');
    buffer_append(&plain, secret_bytes(secret), secret_size(secret));
    if (plain.status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (plain.status != THINGSPACE_OK)
        return error_set(error, THINGSPACE_AUTH, "application key and secret are too long");
    thingspace_status status = encode(&encoded, &plain, error);
    if (status != THINGSPACE_OK)
        return status;
    return headers_set_secret(&self->tokens, "Authorization", "Basic ", encoded, error);
}

thingspace_status auth_request_set_tokens(auth_request *self, thingspace_secret *bearer,
                                          thingspace_secret *session, thingspace_error *error)
{
    thingspace_status status =
        headers_set_secret(&self->tokens, "Authorization", "Bearer ", bearer, error);
    if (status != THINGSPACE_OK || !session)
        return status;
    return headers_set_secret(&self->tokens, "VZ-M2M-Token", "", session, error);
}

thingspace_status auth_request_check_body(const auth_request *self, thingspace_error *error)
{
    if (self->body.status == THINGSPACE_OK)
        return THINGSPACE_OK;
    if (self->body.status == THINGSPACE_MEMORY)
        return error_memory(error);
    return error_set(error, THINGSPACE_USAGE, "the credential is too long to be sent; shorten it");
}

thingspace_status auth_request_send(const auth_request *self, exchange **out, transport *carrier,
                                    bool private_allowed, int64_t deadline_ms, exchange_done *done,
                                    void *user, thingspace_error *error)
{
    const exchange_request request = {
        .method = "POST",
        .url = self->url,
        .fields = &self->fields,
        .tokens = &self->tokens,
        .body = self->body.size ? self->body.data : NULL,
        .body_size = self->body.size,
        .deadline_ms = deadline_ms,
        .body_limit = LIMIT_AUTH_ANSWER,
        .private_allowed = private_allowed,
        .fresh_connection = self->fresh_connection,
    };
    return transport_send(carrier, out, &request, done, user, error);
}
