/* SPDX-License-Identifier: MIT */
/*
 * An event as JSON, in the order of the handle's fields; what is absent is left out. It is written
 * as text at once, since that is what an audit of each call wants; whoever wants a tree parses it.
 */
#include <config.h>
#include <string.h>
#include "base/limits.h"
#include "base/text.h"
#include "plugin/view.h"

/* --- members: names stand as they are written, `,"name":` --- */

static void put_integer(buffer *out, const char *name, long long number)
{
    buffer_append_text(out, name);
    buffer_append_integer(out, number);
}

/* What a caller gave may be anything: what is no UTF-8 is escaped. */
static void put_strange_text(buffer *out, const char *text, size_t size)
{
    char escaped[LIMIT_LOG_LINE];
    if (!text_is_utf8(text, size)) {
        text_escape(escaped, sizeof(escaped), text, size);
        text = escaped;
        size = strlen(text);
    }
    json_write_string(out, text, size);
}

static void put_text(buffer *out, const char *name, const char *text)
{
    if (text_is_empty(text))
        return;
    size_t size = strlen(text), name_size = strlen(name);
    if (text_plain_length(text, size) < size) {
        buffer_append(out, name, name_size);
        put_strange_text(out, text, size);
        return;
    }
    char *at = buffer_extend(out, name_size + size + 2);
    if (!at)
        return;
    memcpy(at, name, name_size);
    at[name_size] = '"';
    memcpy(at + name_size + 1, text, size);
    at[name_size + size + 1] = '"';
}

/* --- parts --- */

static void write_attempt(buffer *out, const event_attempt *attempt)
{
    put_text(out, "{\"what\":", attempt->what);
    if (attempt->http_status)
        put_integer(out, ",\"status\":", attempt->http_status);
    put_text(out, ",\"kind\":", thingspace_status_name(attempt->status));
    put_integer(out, ",\"ms\":", attempt->ms);
    buffer_append_byte(out, '}');
}

static void write_attempts(const event *self, buffer *out)
{
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < self->attempt_count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        write_attempt(out, &self->attempts[i]);
    }
    buffer_append_byte(out, ']');
}

static void write_changes(const event *self, buffer *out)
{
    journal_write(self->view, 0, self->view->journal.count, out);
}

static void write_call(const event *self, buffer *out)
{
    view *view = self->view;
    put_text(out, "\"id\":", view_id(view));
    put_integer(out, ",\"time_ms\":", self->time_ms);
    put_integer(out, ",\"duration_ms\":", self->duration_ms);
    put_text(out, ",\"account\":", view->account);
    put_text(out, ",\"operation\":", view->operation);
    put_text(out, ",\"service\":", view->service);
    put_text(out, ",\"url\":", view->url);
    if (view->request) {
        put_text(out, ",\"method\":", request_method(view->request));
        put_text(out, ",\"path\":", request_path(view->request));
    }
    put_text(out, ",\"tenant\":", view->tenant);
}

static void write_outcome(const event *self, buffer *out)
{
    const thingspace_error *error = self->error;
    put_text(out, ",\"kind\":", thingspace_status_name(self->status));
    put_text(out, ",\"message\":", error ? error->message : NULL);
    if (self->http_status)
        put_integer(out, ",\"status\":", self->http_status);
    put_text(out, ",\"code\":", error ? error->code : NULL);
    put_text(out, ",\"reason\":", self->view->reason);
    put_text(out, ",\"plan\":", self->view->plan);
    put_text(out, ",\"replied_by\":", self->replied_by);
}

void event_write(const event *self, buffer *out)
{
    buffer_append_byte(out, '{');
    write_call(self, out);
    write_outcome(self, out);
    buffer_append_text(out, ",\"attempts\":");
    write_attempts(self, out);
    buffer_append_text(out, ",\"changes\":");
    write_changes(self, out);
    buffer_append_byte(out, '}');
}

/* --- trees --- */

typedef void write_function(const event *event, buffer *out);

static json *make_tree(const event *self, write_function *write)
{
    cleanup_buffer buffer text;
    json *made = NULL;
    buffer_init(&text, LIMIT_JSON_TEXT);
    write(self, &text);
    if (text.status == THINGSPACE_OK)
        json_parse_own(&made, text.data, text.size, NULL);
    return made;
}

json *event_json(const event *self)
{
    return make_tree(self, event_write);
}

json *event_attempts_json(const event *self)
{
    return make_tree(self, write_attempts);
}

json *event_changes_json(const event *self)
{
    return make_tree(self, write_changes);
}
