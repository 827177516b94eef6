/* SPDX-License-Identifier: MIT */
/*
 * The answer as hooks see it, and the failure in its place. The body is parsed when somebody first
 * asks, and its passwords and tokens become secret nodes; a new body is written out at once,
 * because the call decodes bytes. The client's thread.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/sensitive.h"
#include "plugin/journal_inside.h"

/* Header fields. */

const char *view_response_header(const view *self, const char *name)
{
    return sensitive_shown(name, response_header(self->response, name), false);
}

static thingspace_status change_header(view *self, const char *name, const char *value,
                                       thingspace_error *error)
{
    change *made;
    if (!value && !response_header(self->response, name))
        return THINGSPACE_OK;
    thingspace_status status = journal_begin(self, CHANGE_RESPONSE_HEADER, name, &made, error);
    if (status)
        return status;
    response_head *before = &made->before.head;
    status = response_change_header(self->response, name, value, before, error);
    if (status) {
        journal_abandon(made);
        return view_own_error(status, error);
    }
    journal_commit(self, before->fields.size);
    return THINGSPACE_OK;
}

thingspace_status view_set_response_header(view *self, const char *name, const char *value,
                                           thingspace_error *error)
{
    thingspace_status status = view_check(self, FIELD_RESPONSE_SET_HEADER, error);
    return status ? status : change_header(self, name, value, error);
}

thingspace_status view_remove_response_header(view *self, const char *name, thingspace_error *error)
{
    thingspace_status status = view_check(self, FIELD_RESPONSE_REMOVE_HEADER, error);
    return status ? status : change_header(self, name, NULL, error);
}

/* The body. */

static void init_body(view_body *self)
{
    buffer_init_secret(&self->bytes, LIMIT_RESPONSE_BODY);
    self->tree = NULL;
    self->parsed = false;
}

void view_body_dispose(view_body *self)
{
    buffer_dispose(&self->bytes);
    json_free(self->tree);
    init_body(self);
}

void view_swap_body(view *self, view_body *body)
{
    view_body old = {self->response->body, self->response_json, self->response_parsed};
    self->response->body = body->bytes;
    self->response_json = body->tree;
    self->response_parsed = body->parsed;
    *body = old;
}

static thingspace_status parse(view *self, thingspace_error *error)
{
    const buffer *bytes = &self->response->body;
    cleanup_json json *tree = NULL;
    if (self->response_parsed)
        return THINGSPACE_OK;
    thingspace_status status =
        bytes->size > 0 ? json_parse(&tree, bytes->data, bytes->size, error) : THINGSPACE_OK;
    if (status == THINGSPACE_OK && sensitive_mark(tree) != THINGSPACE_OK)
        return error_memory(error);
    if (status == THINGSPACE_OK) {
        self->response_json = tree;
        self->response_parsed = true;
        tree = NULL;
    } else if (status != THINGSPACE_MEMORY) {
        error_prefix(error, "the body cannot be read");
    }
    return view_own_error(status, error);
}

static field_id pick(const view *self, field_id of_response)
{
    bool inbound = self->running && PHASE_BIT(self->phase) & PHASES_INBOUND;
    return inbound ? FIELD_MESSAGE_JSON : of_response;
}

thingspace_status view_response_json(view *self, const json **out, thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = view_check(self, pick(self, FIELD_RESPONSE_JSON), error);
    if (!status)
        status = parse(self, error);
    if (!status)
        *out = self->response_json;
    return status;
}

/* The new body's bytes and tree; an answer without a body has neither. */
static thingspace_status fill(view_body *made, json *tree, thingspace_error *error)
{
    made->tree = tree;
    made->parsed = true;
    thingspace_status status = sensitive_check(tree, error);
    if (status)
        return status;
    if (sensitive_mark(tree) != THINGSPACE_OK)
        return error_memory(error);
    return view_write_body(&made->bytes, tree, JSON_REVEAL, error);
}

static thingspace_status change_body(view *self, view_body *made, thingspace_error *error)
{
    change *record;
    if (journal_has(self, CHANGE_RESPONSE_BODY)) {
        view_swap_body(self, made);
        return THINGSPACE_OK;
    }
    /* What is no JSON is replaced all the same; the journal shows it as nothing. */
    if (parse(self, NULL) == THINGSPACE_MEMORY)
        return error_memory(error);
    thingspace_status status = journal_begin(self, CHANGE_RESPONSE_BODY, "", &record, error);
    if (status)
        return status;
    view_swap_body(self, made);
    record->before.answer = *made;
    init_body(made);
    journal_commit(self, 0);
    return THINGSPACE_OK;
}

thingspace_status view_set_response_json(view *self, json *body, thingspace_error *error)
{
    view_body made;
    init_body(&made);
    thingspace_status filled = fill(&made, body, error);
    thingspace_status status = view_check(self, FIELD_RESPONSE_SET_JSON, error);
    if (!status)
        status = filled;
    if (!status)
        status = change_body(self, &made, error);
    view_body_dispose(&made);
    return status;
}

thingspace_status view_response_text(view *self, buffer *out, thingspace_error *error)
{
    thingspace_status status = view_check(self, FIELD_RESPONSE_TEXT, error);
    if (!status)
        status = parse(self, error);
    return status ? status : view_write_body(out, self->response_json, JSON_PLAIN, error);
}

/* The failure. */

static thingspace_status change_failure(view *self, change_kind kind, char *text, size_t capacity,
                                        const char *value, thingspace_error *error)
{
    change *made;
    if (!journal_has(self, kind)) {
        thingspace_status status = journal_begin(self, kind, "", &made, error);
        if (status)
            return status;
        made->before.text = text_copy(text);
        if (!made->before.text)
            return error_memory(error);
        journal_commit(self, strlen(text));
    }
    text_escape(text, capacity, value, strlen(value));
    return THINGSPACE_OK;
}

thingspace_status view_set_failure_message(view *self, const char *message, thingspace_error *error)
{
    thingspace_status status = view_check(self, FIELD_FAILURE_SET_MESSAGE, error);
    thingspace_error *failure = self->failure;
    return status ? status
                  : change_failure(self, CHANGE_FAILURE_MESSAGE, failure->message,
                                   sizeof(failure->message), message, error);
}

thingspace_status view_set_failure_code(view *self, const char *code, thingspace_error *error)
{
    thingspace_status status = view_check(self, FIELD_FAILURE_SET_CODE, error);
    thingspace_error *failure = self->failure;
    return status ? status
                  : change_failure(self, CHANGE_FAILURE_CODE, failure->code, sizeof(failure->code),
                                   code, error);
}
