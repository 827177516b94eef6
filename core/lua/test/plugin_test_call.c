/* SPDX-License-Identifier: MIT */
/*
 * A call made of its description in a test: what a client would have made of policy and command
 * line, with defaults for everything. Texts are borrowed from the description. One thread.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/text.h"
#include "catalogue/sensitive.h"
#include "lua/test/plugin_test_inside.h"

/* Calls of a test are equal: what is random for a plugin is the same in each run. */
#define TEST_ID 0x0123456789abcdefu

void test_call_init(test_call *self)
{
    memset(self, 0, sizeof(*self));
    view_init(&self->view, TEST_ID);
    response_init(&self->response);
    trace_init(&self->trace);
    verdict_init(&self->verdict);
    self->failure = self->error = (thingspace_error)THINGSPACE_ERROR_INIT;
}

void test_call_dispose(test_call *self)
{
    view_dispose(&self->view);
    request_free(self->request);
    response_dispose(&self->response);
    trace_dispose(&self->trace);
    verdict_dispose(&self->verdict);
}

/* --- Members of the description --- */

static size_t count_names(const char *const *known)
{
    size_t count = 0;
    while (known[count])
        count++;
    return count;
}

static bool is_in(const char *const *known, const char *name)
{
    for (; *known; known++)
        if (strcmp(*known, name) == 0)
            return true;
    return false;
}

/* Refuses members that are not in `known` (ends with NULL). */
static thingspace_status check_members(const json *object, const char *what,
                                       const char *const *known, thingspace_error *error)
{
    if (object && json_type_of(object) != JSON_OBJECT)
        return error_set(error, THINGSPACE_USAGE, "%s must be a table with names", what);
    for (const json *at = json_first(object); at; at = json_next(at)) {
        if (is_in(known, json_name(at)))
            continue;
        const char *near = nearest_name(json_name(at), known, count_names(known));
        return error_set(error, THINGSPACE_USAGE, "%s has no '%s'%s%s%s", what, json_name(at),
                         near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    return THINGSPACE_OK;
}

/* Leaves *out as it is when the member is absent. */
static thingspace_status read_text(const json *object, const char *name, const char **out,
                                   thingspace_error *error)
{
    const json *node = json_get(object, name);
    if (!node)
        return THINGSPACE_OK;
    if (json_type_of(node) != JSON_STRING)
        return error_set(error, THINGSPACE_USAGE, "%s must be text", name);
    *out = json_string(node);
    return THINGSPACE_OK;
}

static thingspace_status read_integer(const json *object, const char *name, long long *out,
                                      thingspace_error *error)
{
    const json *node = json_get(object, name);
    if (!node || json_integer(node, out))
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_USAGE, "%s must be an integer", name);
}

static thingspace_status read_kind(const json *object, thingspace_status *out,
                                   thingspace_error *error)
{
    const char *name = NULL;
    thingspace_status status = read_text(object, "kind", &name, error);
    if (status != THINGSPACE_OK || !name)
        return status;
#define X(id, value, kind, exit_status, meaning)                                                   \
    if (strcmp(name, kind) == 0) {                                                                 \
        *out = THINGSPACE_##id;                                                                    \
        return THINGSPACE_OK;                                                                      \
    }
    THINGSPACE_STATUS_MAP(X)
#undef X
    return error_set(error, THINGSPACE_USAGE, "there is no kind '%s'", name);
}

/* --- call --- */

static scalar scalar_of(const json *node)
{
    scalar value = {.type = SCALAR_NIL};
    switch (json_type_of(node)) {
    case JSON_TRUE:
    case JSON_FALSE:
        value.type = SCALAR_BOOLEAN;
        value.boolean = json_type_of(node) == JSON_TRUE;
        break;
    case JSON_NUMBER:
        value.type = SCALAR_INTEGER;
        if (!json_integer(node, &value.integer)) {
            value.type = SCALAR_NUMBER;
            value.number = strtod(json_number(node), NULL);
        }
        break;
    case JSON_STRING:
        value.type = SCALAR_TEXT;
        value.text = json_string(node);
        value.size = strlen(value.text);
        break;
    default:
        break;
    }
    return value;
}

static thingspace_status fill_vars(test_call *self, const json *vars, thingspace_error *error)
{
    scalars *to = vars ? view_vars(&self->view) : NULL;
    if (vars && !to)
        return error_memory(error);
    for (const json *at = json_first(vars); at; at = json_next(at)) {
        scalar value = scalar_of(at);
        if (value.type == SCALAR_NIL || !json_name(at))
            return error_set(error, THINGSPACE_USAGE,
                             "call.vars must be names with texts, numbers and booleans");
        const char *name = json_name(at);
        thingspace_status status = scalars_set(to, name, strlen(name), &value, error);
        if (status != THINGSPACE_OK)
            return status;
    }
    scalars_keep(to);
    return THINGSPACE_OK;
}

/* A test of an operation that there is not would show nothing of any call. */
static thingspace_status check_operation(phase phase, const char *name, thingspace_error *error)
{
    char known[128] = "";
    nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; operation_in(phase, i); i++) {
        const char *operation = operation_in(phase, i);
        if (text_equal(operation, name))
            return THINGSPACE_OK;
        nearest_offer(&nearest, operation);
        snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", i > 0 ? ", " : "",
                 operation);
    }
    if (nearest.found)
        return error_set(error, THINGSPACE_USAGE,
                         "there is no operation '%.80s'; did you mean '%s'?", name, nearest.found);
    return error_set(error, THINGSPACE_USAGE, "there is no operation '%.80s'; there are: %s", name,
                     known);
}

static thingspace_status fill_call(test_call *self, phase phase, const json *call,
                                   thingspace_error *error)
{
    static const char *const known[] = {"account", "operation", "service",  "url",
                                        "tags",    "vars",      "dry_run",  "attempt",
                                        "reason",  "plan",      "endpoint", NULL};
    view *view = &self->view;
    long long attempt = 0;
    view->account = "0000123456-00001";
    view->operation = operation_in(phase, 0);
    view->tags = json_get(call, "tags");
    view->dry_run = json_type_of(json_get(call, "dry_run")) == JSON_TRUE;
    thingspace_status status = check_members(call, "call", known, error);
    if (status == THINGSPACE_OK)
        status = read_text(call, "account", &view->account, error);
    if (status == THINGSPACE_OK)
        status = read_text(call, "operation", &view->operation, error);
    if (status == THINGSPACE_OK)
        status = check_operation(phase, view->operation, error);
    if (status == THINGSPACE_OK)
        status = read_text(call, "service", &view->service, error);
    if (status == THINGSPACE_OK)
        status = read_text(call, "url", &view->url, error);
    if (status == THINGSPACE_OK)
        status = read_text(call, "reason", &view->reason, error);
    if (status == THINGSPACE_OK)
        status = read_text(call, "plan", &view->plan, error);
    if (status == THINGSPACE_OK)
        status = read_text(call, "endpoint", &view->endpoint, error);
    if (status == THINGSPACE_OK)
        status = read_integer(call, "attempt", &attempt, error);
    view->attempt = (unsigned)attempt;
    return status == THINGSPACE_OK ? fill_vars(self, json_get(call, "vars"), error) : status;
}

/* --- request --- */

/* Calls `set` for each member of the object `name`, all of them texts. */
static thingspace_status fill_pairs(test_call *self, const json *object, const char *name,
                                    thingspace_status (*set)(test_call *self, const char *name,
                                                             const char *value,
                                                             thingspace_error *error),
                                    thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    const json *pairs = json_get(object, name);
    for (const json *at = json_first(pairs); at && status == THINGSPACE_OK; at = json_next(at))
        status = json_name(at) && json_string(at)
                     ? set(self, json_name(at), json_string(at), error)
                     : error_set(error, THINGSPACE_USAGE, "%s must be names and texts", name);
    return status;
}

static thingspace_status set_field(test_call *self, const char *name, const char *value,
                                   thingspace_error *error)
{
    return request_set_header(self->request, name, value, error);
}

static thingspace_status set_parameter(test_call *self, const char *name, const char *value,
                                       thingspace_error *error)
{
    return request_set_query(self->request, name, value, error);
}

static thingspace_status copy_body(json **out, const json *object, thingspace_error *error)
{
    const json *body = json_get(object, "json");
    *out = body ? json_copy(body) : NULL;
    if (body && (!*out || sensitive_mark(*out) != THINGSPACE_OK)) {
        json_free(*out);
        *out = NULL;
        return error_memory(error);
    }
    return THINGSPACE_OK;
}

/* What the operation is sent with; `call` may be anything: POST. */
static const char *method_of(const char *operation)
{
    if (text_equal(operation, "list"))
        return "GET";
    return text_equal(operation, "deregister") ? "DELETE" : "POST";
}

static thingspace_status fill_request(test_call *self, const json *object, thingspace_error *error)
{
    static const char *const known[] = {"method", "path", "headers", "query", "json", NULL};
    const char *method = method_of(self->view.operation), *path = "/";
    json *body = NULL;
    thingspace_status status = check_members(object, "request", known, error);
    if (status == THINGSPACE_OK)
        status = read_text(object, "method", &method, error);
    if (status == THINGSPACE_OK)
        status = read_text(object, "path", &path, error);
    if (status == THINGSPACE_OK)
        status = request_new(&self->request, method, error);
    if (status == THINGSPACE_OK)
        status = request_set_path(self->request, path, error);
    if (status == THINGSPACE_OK)
        status = fill_pairs(self, object, "headers", set_field, error);
    if (status == THINGSPACE_OK)
        status = fill_pairs(self, object, "query", set_parameter, error);
    if (status == THINGSPACE_OK)
        status = copy_body(&body, object, error);
    if (status == THINGSPACE_OK && body)
        status = request_set_json(self->request, body, error);
    self->view.request = self->request;
    return status;
}

/* --- response, failure, event --- */

static thingspace_status add_field(test_call *self, const char *name, const char *value,
                                   thingspace_error *error)
{
    thingspace_status status = headers_check(name, value, error);
    if (status != THINGSPACE_OK)
        return status;
    status = response_add_header(&self->response, name, strlen(name), value, strlen(value));
    return status == THINGSPACE_MEMORY ? error_memory(error) : status;
}

static thingspace_status fill_response(test_call *self, const json *object, const char *what,
                                       thingspace_error *error)
{
    static const char *const known[] = {"status", "headers", "json", NULL};
    long long code = 200;
    thingspace_status status = check_members(object, what, known, error);
    if (status == THINGSPACE_OK)
        status = read_integer(object, "status", &code, error);
    if (status == THINGSPACE_OK && (code < 100 || code > 599))
        status = error_set(error, THINGSPACE_USAGE, "status must be 100 to 599");
    if (status == THINGSPACE_OK)
        status = fill_pairs(self, object, "headers", add_field, error);
    const json *body = json_get(object, "json");
    if (status == THINGSPACE_OK && body &&
        json_write(&self->response.body, body, JSON_REVEAL) != THINGSPACE_OK)
        status = error_memory(error);
    self->response.status = (int)code;
    self->view.response = &self->response;
    return status;
}

/* What failure and event have in common. `*kind` OK: nothing failed. */
static thingspace_status read_failure(test_call *self, const json *object, thingspace_status kind,
                                      thingspace_error *error)
{
    const char *message = "the service said no", *code = "";
    long long http_status = 0;
    thingspace_status status = read_kind(object, &kind, error);
    if (status == THINGSPACE_OK)
        status = read_text(object, "message", &message, error);
    if (status == THINGSPACE_OK)
        status = read_text(object, "code", &code, error);
    if (status == THINGSPACE_OK)
        status = read_integer(object, "status", &http_status, error);
    if (status != THINGSPACE_OK)
        return status;
    if (kind != THINGSPACE_OK)
        error_set(&self->failure, kind, "%s", message);
    error_set_code(&self->failure, code);
    error_set_http(&self->failure, (int)http_status);
    return THINGSPACE_OK;
}

static thingspace_status fill_failure(test_call *self, const json *object, thingspace_error *error)
{
    static const char *const known[] = {"kind", "message", "status", "code", NULL};
    thingspace_status status = check_members(object, "failure", known, error);
    self->view.failure = &self->failure;
    return status == THINGSPACE_OK ? read_failure(self, object, THINGSPACE_SERVICE, error) : status;
}

static thingspace_status fill_attempt(test_call *self, const json *object, thingspace_error *error)
{
    static const char *const known[] = {"what", "status", "kind", "ms", NULL};
    event_attempt *attempt = &self->attempts[self->event.attempt_count];
    long long http_status = 0, ms = 0;
    *attempt = (event_attempt){.what = "send"};
    thingspace_status status = check_members(object, "an attempt", known, error);
    if (status == THINGSPACE_OK)
        status = read_text(object, "what", &attempt->what, error);
    if (status == THINGSPACE_OK)
        status = read_kind(object, &attempt->status, error);
    if (status == THINGSPACE_OK)
        status = read_integer(object, "status", &http_status, error);
    if (status == THINGSPACE_OK)
        status = read_integer(object, "ms", &ms, error);
    attempt->http_status = (int)http_status;
    attempt->ms = ms;
    self->event.attempt_count++;
    return status;
}

static thingspace_status fill_attempts(test_call *self, const json *list, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    if (json_count(list) > TEST_ATTEMPTS)
        return error_set(error, THINGSPACE_USAGE, "at most %d attempts", TEST_ATTEMPTS);
    for (const json *at = json_first(list); at && status == THINGSPACE_OK; at = json_next(at))
        status = fill_attempt(self, at, error);
    return status;
}

static thingspace_status fill_event(test_call *self, const json *object, thingspace_error *error)
{
    static const char *const known[] = {"kind",       "message",     "status",   "code",
                                        "time_ms",    "duration_ms", "attempts", "reason",
                                        "replied_by", NULL};
    event *event = &self->event;
    long long time_ms = 1700000000000, duration_ms = 0;
    thingspace_status status = check_members(object, "event", known, error);
    if (status == THINGSPACE_OK)
        status = read_failure(self, object, THINGSPACE_OK, error);
    if (status == THINGSPACE_OK)
        status = read_integer(object, "time_ms", &time_ms, error);
    if (status == THINGSPACE_OK)
        status = read_integer(object, "duration_ms", &duration_ms, error);
    if (status == THINGSPACE_OK)
        status = read_text(object, "reason", &self->view.reason, error);
    if (status == THINGSPACE_OK)
        status = read_text(object, "replied_by", &event->replied_by, error);
    event->view = &self->view;
    event->status = self->failure.kind;
    event->error = self->failure.kind == THINGSPACE_OK ? NULL : &self->failure;
    event->http_status = self->failure.http_status;
    event->time_ms = time_ms;
    event->duration_ms = duration_ms;
    event->attempts = self->attempts;
    self->view.event = event;
    return status == THINGSPACE_OK ? fill_attempts(self, json_get(object, "attempts"), error)
                                   : status;
}

/* --- the whole --- */

static thingspace_status read_time(const json *description, int64_t *out, thingspace_error *error)
{
    long long time_ms = -1;
    thingspace_status status = read_integer(description, "time_ms", &time_ms, error);
    if (status == THINGSPACE_OK && time_ms < 0 && json_get(description, "time_ms"))
        status = error_set(error, THINGSPACE_USAGE, "time_ms is milliseconds since 1970");
    *out = time_ms;
    return status;
}

thingspace_status test_call_fill(test_call *self, int64_t *time_ms, phase phase,
                                 const json *description, thingspace_error *error)
{
    static const char *const known[] = {"options", "call",  "request", "response", "failure",
                                        "message", "event", "time_ms", NULL};
    bool inbound = phase >= PHASE_ACCEPT;
    thingspace_status status = check_members(description, "what t.run is given", known, error);
    if (status == THINGSPACE_OK)
        status = read_time(description, time_ms, error);
    if (status == THINGSPACE_OK)
        status = fill_call(self, phase, json_get(description, "call"), error);
    if (status == THINGSPACE_OK && !inbound)
        status = fill_request(self, json_get(description, "request"), error);
    if (status == THINGSPACE_OK && (inbound || phase == PHASE_RESPONSE))
        status = fill_response(self, json_get(description, inbound ? "message" : "response"),
                               inbound ? "message" : "response", error);
    if (status == THINGSPACE_OK && phase == PHASE_ERROR)
        status = fill_failure(self, json_get(description, "failure"), error);
    if (status == THINGSPACE_OK && phase == PHASE_AUDIT)
        status = fill_event(self, json_get(description, "event"), error);
    self->view.trace = &self->trace;
    return status;
}
