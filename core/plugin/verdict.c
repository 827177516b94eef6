/* SPDX-License-Identifier: MIT */
/* See verdict.h. Each setter replaces what was answered before. One thread at a time. */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/sensitive.h"
#include "http/headers.h"
#include "plugin/verdict.h"
#include "plugin/view.h"

void verdict_dispose(verdict *self)
{
    if (self->reply)
        response_dispose(self->reply);
    free(self->reply);
    self->reply = NULL;
}

static void start(verdict *self, verdict_kind kind)
{
    verdict_dispose(self);
    verdict_init(self);
    self->kind = kind;
}

thingspace_status verdict_set_wait(verdict *self, double ms, thingspace_error *error)
{
    if (!(ms >= 0 && ms <= LIMIT_PLUGIN_WAIT_MS))
        return error_set(error, THINGSPACE_PLUGIN, "a hook can wait 0 to %d milliseconds, not %g",
                         LIMIT_PLUGIN_WAIT_MS, isnan(ms) ? NAN : ms);
    start(self, VERDICT_WAIT);
    self->wait_ms = (int64_t)ceil(ms);
    return THINGSPACE_OK;
}

static void escape(char *out, size_t capacity, const char *text)
{
    if (text)
        text_escape(out, capacity, text, strlen(text));
}

void verdict_set_deny(verdict *self, const char *code, const char *text)
{
    start(self, VERDICT_DENY);
    escape(self->code, sizeof(self->code), code);
    escape(self->text, sizeof(self->text), text);
}

/* The body goes on as an answer of the service does: secrets in it as they are. */
static thingspace_status write_body(response *reply, const json *body, thingspace_error *error)
{
    switch (body ? json_write(&reply->body, body, JSON_REVEAL) : THINGSPACE_OK) {
    case THINGSPACE_OK:
        return THINGSPACE_OK;
    case THINGSPACE_MEMORY:
        return error_memory(error);
    case THINGSPACE_PROTOCOL:
        return error_set(error, THINGSPACE_PLUGIN, "the reply's body is longer than %d bytes",
                         LIMIT_RESPONSE_BODY);
    default:
        return error_set(error, THINGSPACE_PLUGIN,
                         "the reply's body cannot be written as JSON: it is nested deeper than %d, "
                         "or a secret in it is not UTF-8",
                         LIMIT_JSON_DEPTH);
    }
}

static thingspace_status make_reply(response **out, int status, const json *body,
                                    thingspace_error *error)
{
    response *made = malloc(sizeof(*made));
    if (!made)
        return error_memory(error);
    response_init(made);
    made->status = status;
    thingspace_status written = write_body(made, body, error);
    if (written == THINGSPACE_OK) {
        *out = made;
        return THINGSPACE_OK;
    }
    response_dispose(made);
    free(made);
    return written;
}

thingspace_status verdict_set_reply(verdict *self, int status, json *body, thingspace_error *error)
{
    cleanup_json json *owned = body;
    if (status != 0 && (status < 200 || status > 599))
        return error_set(error, THINGSPACE_PLUGIN,
                         "a reply's status is 200 to 599, not %d; 200 when none is given", status);
    response *reply = NULL;
    thingspace_status made = sensitive_check(owned, error);
    if (made == THINGSPACE_OK)
        made = make_reply(&reply, status ? status : 200, owned, error);
    if (made != THINGSPACE_OK)
        return made;
    start(self, VERDICT_REPLY);
    self->reply = reply;
    return THINGSPACE_OK;
}

thingspace_status verdict_add_header(verdict *self, const char *name, const char *value,
                                     thingspace_error *error)
{
    thingspace_status status = view_own_error(headers_check(name, value, error), error);
    if (status != THINGSPACE_OK)
        return status;
    switch (response_add_header(self->reply, name, strlen(name), value, strlen(value))) {
    case THINGSPACE_OK:
        return THINGSPACE_OK;
    case THINGSPACE_MEMORY:
        return error_memory(error);
    default:
        return error_set(error, THINGSPACE_PLUGIN,
                         "a reply has at most %d header fields, of %d bytes together",
                         LIMIT_RESPONSE_HEADERS, LIMIT_RESPONSE_HEADER_BYTES);
    }
}
