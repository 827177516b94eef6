/* SPDX-License-Identifier: MIT */
/* An event as JSON, in the order of the handle's fields; what is absent is left out. */
#include <config.h>
#include <string.h>
#include "base/limits.h"
#include "base/text.h"
#include "plugin/view.h"

static json *attempt_json(const event_attempt *attempt, thingspace_status *status)
{
    json *object = json_new_object();
    json_put(object, "what", json_new_string(attempt->what), status);
    if (attempt->http_status)
        json_put(object, "status", json_new_integer(attempt->http_status), status);
    json_put(object, "kind", json_new_string(thingspace_status_name(attempt->status)), status);
    json_put(object, "ms", json_new_integer(attempt->ms), status);
    return object;
}

static json *finish(json *made, thingspace_status status)
{
    if (status == THINGSPACE_OK)
        return made;
    json_free(made);
    return NULL;
}

json *event_attempts_json(const event *self)
{
    thingspace_status status = THINGSPACE_OK;
    json *array = json_new_array();
    for (size_t i = 0; i < self->attempt_count; i++)
        json_add(array, attempt_json(&self->attempts[i], &status), &status);
    return finish(array, array ? status : THINGSPACE_MEMORY);
}

json *event_changes_json(const event *self)
{
    thingspace_status status = THINGSPACE_OK;
    json *array = json_new_array();
    if (!array)
        return NULL;
    journal_write(self->view, 0, self->view->journal.count, array, &status);
    return finish(array, status);
}

/* What a caller gave may be anything: what is no UTF-8 is escaped. */
static void put_text(json *object, const char *name, const char *text, thingspace_status *status)
{
    char escaped[LIMIT_LOG_LINE];
    if (text_is_empty(text))
        return;
    size_t size = strlen(text);
    if (!text_is_utf8(text, size)) {
        text_escape(escaped, sizeof(escaped), text, size);
        text = escaped;
    }
    json_put(object, name, json_new_string(text), status);
}

static void put_call(json *object, const event *self, thingspace_status *status)
{
    view *view = self->view;
    put_text(object, "id", view_id(view), status);
    json_put(object, "time_ms", json_new_integer(self->time_ms), status);
    json_put(object, "duration_ms", json_new_integer(self->duration_ms), status);
    put_text(object, "account", view->account, status);
    put_text(object, "operation", view->operation, status);
    put_text(object, "service", view->service, status);
    put_text(object, "url", view->url, status);
    if (view->request) {
        put_text(object, "method", request_method(view->request), status);
        put_text(object, "path", request_path(view->request), status);
    }
    put_text(object, "tenant", view->tenant, status);
}

static void put_outcome(json *object, const event *self, thingspace_status *status)
{
    const thingspace_error *error = self->error;
    put_text(object, "kind", thingspace_status_name(self->status), status);
    put_text(object, "message", error ? error->message : NULL, status);
    if (self->http_status)
        json_put(object, "status", json_new_integer(self->http_status), status);
    put_text(object, "code", error ? error->code : NULL, status);
    put_text(object, "reason", self->reason, status);
    put_text(object, "replied_by", self->replied_by, status);
}

json *event_json(const event *self)
{
    thingspace_status status = THINGSPACE_OK;
    json *object = json_new_object();
    put_call(object, self, &status);
    put_outcome(object, self, &status);
    json_put(object, "attempts", event_attempts_json(self), &status);
    json_put(object, "changes", event_changes_json(self), &status);
    return finish(object, status);
}
