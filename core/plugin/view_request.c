/* SPDX-License-Identifier: MIT */
/*
 * The request as hooks see it: each setter checks, makes room in the journal, changes, and records
 * what was there. A failure of the request's own rules becomes one of the plugin, in the same
 * words. The client's thread.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "catalogue/sensitive.h"
#include "plugin/journal_inside.h"

const char *view_request_header(const view *self, const char *name)
{
    const header *found = headers_find(request_headers(self->request), name);
    return found ? sensitive_shown(found->name, found->value, found->secret) : NULL;
}

const char *view_request_query(const view *self, const char *name)
{
    return sensitive_shown(name, request_query(self->request, name), sensitive_parameter(name));
}

static thingspace_status change_header(view *self, const char *name, const char *value,
                                       thingspace_error *error)
{
    change *made;
    thingspace_status status = journal_begin(self, CHANGE_REQUEST_HEADER, name, &made, error);
    if (status)
        return status;
    header_before *before = &made->before.header;
    status = request_swap_header(self->request, name, value, before, error);
    if (status || before->place == HEADER_NOWHERE) {
        journal_abandon(made);
        return view_own_error(status, error);
    }
    journal_commit(self, before->bytes);
    return THINGSPACE_OK;
}

thingspace_status view_set_request_header(view *self, const char *name, const char *value,
                                          thingspace_error *error)
{
    thingspace_status status = view_check(self, FIELD_REQUEST_SET_HEADER, error);
    return status ? status : change_header(self, name, value, error);
}

thingspace_status view_remove_request_header(view *self, const char *name, thingspace_error *error)
{
    thingspace_status status = view_check(self, FIELD_REQUEST_REMOVE_HEADER, error);
    return status ? status : change_header(self, name, NULL, error);
}

thingspace_status view_set_request_query(view *self, const char *name, const char *value,
                                         thingspace_error *error)
{
    thingspace_status status = view_check(self, FIELD_REQUEST_SET_QUERY, error);
    change *made;
    if (!status)
        status = journal_begin(self, CHANGE_REQUEST_QUERY, name, &made, error);
    if (status)
        return status;
    request_query_before *before = &made->before.query;
    status = request_swap_query(self->request, name, value, before, error);
    if (status || before->place == HEADER_NOWHERE) {
        journal_abandon(made);
        return view_own_error(status, error);
    }
    const request_parameter *old = &before->item;
    journal_commit(self, old->name ? strlen(old->name) + strlen(old->value) : 0);
    return THINGSPACE_OK;
}

thingspace_status view_request_json(const view *self, const json **out, thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = view_check(self, FIELD_REQUEST_JSON, error);
    if (status == THINGSPACE_OK)
        *out = request_json(self->request);
    return status;
}

/* The tree is `made`'s, whatever happens. */
static thingspace_status change_body(view *self, request_body *made, thingspace_error *error)
{
    change *record;
    thingspace_status status = view_check(self, FIELD_REQUEST_SET_JSON, error);
    if (!status)
        status = sensitive_check(made->tree, error);
    if (status)
        return status;
    if (sensitive_mark(made->tree) != THINGSPACE_OK)
        return error_memory(error);
    if (journal_has(self, CHANGE_REQUEST_BODY)) {
        request_swap_body(self->request, made);
        return THINGSPACE_OK;
    }
    status = journal_begin(self, CHANGE_REQUEST_BODY, "", &record, error);
    if (status)
        return status;
    request_swap_body(self->request, made);
    record->before.body = *made;
    request_body_init(made);
    journal_commit(self, 0);
    return THINGSPACE_OK;
}

thingspace_status view_set_request_json(view *self, json *body, thingspace_error *error)
{
    request_body made;
    request_body_init(&made);
    made.tree = body;
    thingspace_status status = change_body(self, &made, error);
    request_body_dispose(&made);
    return status;
}

thingspace_status view_request_text(const view *self, buffer *out, thingspace_error *error)
{
    thingspace_status status = view_check(self, FIELD_REQUEST_TEXT, error);
    if (status)
        return status;
    return view_write_body(out, request_json(self->request), JSON_PLAIN, error);
}
