/* SPDX-License-Identifier: MIT */
/*
 * What came of a hook, as a test sees it: the verdict, and the call as the hook left it. Secrets
 * stay secrets: Lua gets them as handles. One thread at a time.
 */
#include <config.h>
#include <stdio.h>
#include "base/error.h"
#include "base/text.h"
#include "lua/test/plugin_test_inside.h"

typedef struct writer {
    json *to;
    thingspace_status status;
} writer;

static void put(writer *writer, const char *name, json *child)
{
    json_put(writer->to, name, child, &writer->status);
}

static void put_text(writer *writer, const char *name, const char *text)
{
    if (!text_is_empty(text))
        put(writer, name, json_new_string(text));
}

/* --- the call --- */

static json *request_fields(const request *request, thingspace_status *status)
{
    json *object = json_new_object();
    const headers *fields = request_headers(request);
    for (size_t i = 0; i < fields->count; i++)
        json_put(object, fields->items[i].name, json_new_string(fields->items[i].value), status);
    return object;
}

static json *request_parameters(const request *request, thingspace_status *status)
{
    const char *name, *value;
    json *object = json_new_object();
    for (size_t i = 0; request_query_at(request, i, &name, &value); i++)
        json_put(object, name, json_new_string(value), status);
    return object;
}

static json *request_result(const request *request, thingspace_status *status)
{
    json *object = json_new_object();
    json_put(object, "method", json_new_string(request_method(request)), status);
    json_put(object, "path", json_new_string(request_path(request)), status);
    json_put(object, "headers", request_fields(request, status), status);
    json_put(object, "query", request_parameters(request, status), status);
    if (request_json(request))
        json_put(object, "json", json_copy(request_json(request)), status);
    return object;
}

/* The body when it is JSON. */
static void put_body(json *object, const response *response, thingspace_status *status)
{
    json *body = NULL;
    if (response->body.size == 0)
        return;
    thingspace_status parsed =
        json_parse(&body, buffer_text(&response->body), response->body.size, NULL);
    if (parsed == THINGSPACE_OK || parsed == THINGSPACE_MEMORY)
        json_put(object, "json", body, status);
}

static json *response_result(const response *response, thingspace_status *status)
{
    json *object = json_new_object(), *fields = json_new_object();
    for (size_t i = 0; i < response->header_count; i++) {
        const char *name, *value;
        response_header_at(response, i, &name, &value);
        json_put(fields, name, json_new_string(value), status);
    }
    json_put(object, "status", json_new_integer(response->status), status);
    json_put(object, "headers", fields, status);
    put_body(object, response, status);
    return object;
}

static json *failure_result(const thingspace_error *failure, thingspace_status *status)
{
    json *object = json_new_object();
    json_put(object, "kind", json_new_string(thingspace_status_name(failure->kind)), status);
    json_put(object, "message", json_new_string(failure->message), status);
    if (failure->code[0])
        json_put(object, "code", json_new_string(failure->code), status);
    if (failure->http_status)
        json_put(object, "status", json_new_integer(failure->http_status), status);
    return object;
}

static void add_var(void *user, const char *key, size_t key_size, const scalar *value)
{
    writer *writer = user;
    char number[64];
    json *child = NULL;
    cleanup_text char *name = text_copy_range(key, key_size);
    if (!name)
        writer->status = THINGSPACE_MEMORY;
    if (value->type == SCALAR_BOOLEAN)
        child = json_new_boolean(value->boolean);
    else if (value->type == SCALAR_INTEGER)
        child = json_new_integer(value->integer);
    else if (value->type == SCALAR_TEXT)
        child = json_new_string(value->text);
    else if (snprintf(number, sizeof(number), "%.17g", value->number) > 0)
        child = json_new_number(number);
    put(writer, name ? name : "", child);
}

static json *vars_result(const view *view, thingspace_status *status)
{
    writer writer = {json_new_object(), *status};
    scalars_each(view->vars[0], add_var, &writer);
    *status = writer.status;
    return writer.to;
}

/* Absent is absent. */
static json *changes_result(const view *view)
{
    static const char *const values[] = {"before", "after"};
    json *list = journal_json(view, 0, view->journal.count);
    for (const json *at = json_first(list); at; at = json_next(at)) {
        json *change = (json *)(size_t)at;
        for (size_t i = 0; i < 2; i++)
            if (json_type_of(json_get(at, values[i])) == JSON_NULL)
                json_remove(change, values[i]);
    }
    return list;
}

static void put_call(writer *writer, const plugin_test *test, const test_call *call)
{
    const view *view = &call->view;
    if (view->request)
        put(writer, "request", request_result(view->request, &writer->status));
    if (view->response)
        put(writer, "response", response_result(view->response, &writer->status));
    if (view->failure)
        put(writer, "failure", failure_result(view->failure, &writer->status));
    put(writer, "vars", vars_result(view, &writer->status));
    put(writer, "changes", changes_result(view));
    put(writer, "log", json_copy(test->lines));
}

/* --- the verdict --- */

static void put_verdict(writer *writer, const test_call *call)
{
    const trace_run *run = &call->trace.items[0];
    const verdict *verdict = &call->verdict;
    put(writer, "verdict", json_new_string(run->failed ? "failed" : verdict_name(run->verdict)));
    if (run->failed)
        put_text(writer, "error", run->note);
    else if (run->verdict == VERDICT_DENY) {
        put_text(writer, "code", verdict->code);
        put_text(writer, "text", verdict->text);
    } else if (run->verdict == VERDICT_WAIT)
        put(writer, "wait_ms", json_new_integer(run->wait_ms));
    else if (run->verdict == VERDICT_REPLY && verdict->reply)
        put(writer, "reply", response_result(verdict->reply, &writer->status));
}

static json *finish(writer *writer)
{
    if (writer->status == THINGSPACE_OK)
        return writer->to;
    json_free(writer->to);
    return NULL;
}

json *test_result_json(const plugin_test *self, test_call *call)
{
    writer writer = {json_new_object(), self->log_status};
    put_verdict(&writer, call);
    put_call(&writer, self, call);
    return finish(&writer);
}

json *test_result_failed(const plugin_test *self, const char *message)
{
    writer writer = {json_new_object(), self->log_status};
    put(&writer, "verdict", json_new_string("failed"));
    put(&writer, "error", json_new_string(message));
    put(&writer, "log", json_copy(self->lines));
    return finish(&writer);
}
