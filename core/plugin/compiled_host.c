/* SPDX-License-Identifier: MIT */
/*
 * The table of functions that compiled plugins get, on top of the view. A plugin may ask for
 * anything at any time: what is not offered reads as absent, and changing it fails with the view's
 * reason. The client's thread.
 */
#include <config.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "plugin/compiled_inside.h"

/* --- failures, and what a hook is given --- */

int compiled_answer(compiled_hook *self, thingspace_status status)
{
    if (status == THINGSPACE_OK)
        return 0;
    self->outcome = status;
    self->untold = true;
    return THINGSPACE_HOOK_FAIL;
}

thingspace_status compiled_parse(json **out, const char *text, thingspace_error *error,
                                 const char *format, ...)
{
    char what[160];
    va_list arguments;
    thingspace_error why = THINGSPACE_ERROR_INIT;
    *out = NULL;
    thingspace_status status = text ? json_parse(out, text, strlen(text), &why) : THINGSPACE_OK;
    if (status == THINGSPACE_OK)
        return status;
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    va_start(arguments, format);
    vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    return error_set(error, status, "%s: %s; a text is JSON with its quotes, as \"\\\"blue\\\"\"",
                     what, why.message);
}

static const char *get_reason(thingspace_hook *hook)
{
    compiled_hook *self = compiled_hook_of(hook);
    bool untold = self->untold;
    self->untold = false;
    return untold ? self->error.message : NULL;
}

int compiled_stale(compiled_hook *self)
{
    return compiled_answer(self, error_set(&self->error, THINGSPACE_PLUGIN,
                                           "stale handle: a hook's functions work while it runs"));
}

/* Room for a text that lives as long as the hook runs. */
static char *keep_room(compiled_hook *self, size_t size)
{
    if (size > LIMIT_COMPILED_TEXTS - self->text_bytes)
        return NULL;
    compiled_text *kept = malloc(sizeof(*kept) + size);
    if (!kept)
        return NULL;
    kept->next = self->texts;
    self->texts = kept;
    self->text_bytes += size;
    return kept->text;
}

const char *compiled_keep(compiled_hook *self, const char *text)
{
    size_t size = strlen(text) + 1;
    char *room = keep_room(self, size);
    self->out_of_memory |= !room;
    return room ? memcpy(room, text, size) : NULL;
}

const char *compiled_keep_json(compiled_hook *self, const json *node)
{
    cleanup_text char *text = NULL;
    if (!node)
        return NULL;
    if (json_write_text(&text, node) == THINGSPACE_OK)
        return compiled_keep(self, text);
    self->out_of_memory = true;
    return NULL;
}

void compiled_hook_end(compiled_hook *self)
{
    for (compiled_text *kept = self->texts, *next; kept; kept = next) {
        next = kept->next;
        free(kept);
    }
    json_free(self->event);
    if (self->event_text.capacity > LIMIT_COMPILED_KEPT)
        buffer_dispose(&self->event_text);
    buffer_clear(&self->event_text);
    self->texts = NULL;
    self->text_bytes = 0;
    self->event = NULL;
    self->view = NULL;
    self->options = NULL;
    self->folder = NULL;
    self->verdict = NULL;
}

/* --- setters --- */

int compiled_refuse(compiled_hook *self, field_id field, const char *name)
{
    if (!self->view)
        return compiled_stale(self);
    if (!name)
        return compiled_answer(self, error_set(&self->error, THINGSPACE_PLUGIN,
                                               "%s: a name is missing", field_of(field)->name));
    return compiled_answer(self, view_check(self->view, field, &self->error));
}

/* --- header fields and query --- */

static const char *get_request_header(const thingspace_hook *hook, const char *name)
{
    const view *view = compiled_usable(compiled_hook_of(hook), FIELD_REQUEST_HEADER);
    return view && name ? view_request_header(view, name) : NULL;
}

static int set_request_header(thingspace_hook *hook, const char *name, const char *value)
{
    compiled_hook *self = compiled_hook_of(hook);
    int refused = compiled_refuse(self, FIELD_REQUEST_SET_HEADER, name);
    if (refused)
        return refused;
    return compiled_answer(self,
                           value ? view_set_request_header(self->view, name, value, &self->error)
                                 : view_remove_request_header(self->view, name, &self->error));
}

static const char *get_request_query(const thingspace_hook *hook, const char *name)
{
    const view *view = compiled_usable(compiled_hook_of(hook), FIELD_REQUEST_QUERY);
    return view && name ? view_request_query(view, name) : NULL;
}

static int set_request_query(thingspace_hook *hook, const char *name, const char *value)
{
    compiled_hook *self = compiled_hook_of(hook);
    int refused = compiled_refuse(self, FIELD_REQUEST_SET_QUERY, name);
    if (refused)
        return refused;
    return compiled_answer(self, view_set_request_query(self->view, name, value, &self->error));
}

static const char *get_response_header(const thingspace_hook *hook, const char *name)
{
    const view *view = compiled_usable(compiled_hook_of(hook), FIELD_RESPONSE_HEADER);
    return view && name ? view_response_header(view, name) : NULL;
}

static int set_response_header(thingspace_hook *hook, const char *name, const char *value)
{
    compiled_hook *self = compiled_hook_of(hook);
    int refused = compiled_refuse(self, FIELD_RESPONSE_SET_HEADER, name);
    if (refused)
        return refused;
    return compiled_answer(self,
                           value ? view_set_response_header(self->view, name, value, &self->error)
                                 : view_remove_response_header(self->view, name, &self->error));
}

static const char *get_message_header(const thingspace_hook *hook, const char *name)
{
    const view *view = compiled_usable(compiled_hook_of(hook), FIELD_MESSAGE_HEADER);
    return view && name ? view_response_header(view, name) : NULL;
}

/* --- failure --- */

static int set_failure_message(thingspace_hook *hook, const char *message)
{
    compiled_hook *self = compiled_hook_of(hook);
    int refused = compiled_refuse(self, FIELD_FAILURE_SET_MESSAGE, message);
    if (refused)
        return refused;
    return compiled_answer(self, view_set_failure_message(self->view, message, &self->error));
}

static int set_failure_code(thingspace_hook *hook, const char *code)
{
    compiled_hook *self = compiled_hook_of(hook);
    int refused = compiled_refuse(self, FIELD_FAILURE_SET_CODE, code);
    if (refused)
        return refused;
    return compiled_answer(self, view_set_failure_code(self->view, code, &self->error));
}

/* --- verdicts --- */

static int fail(thingspace_hook *hook, const char *reason)
{
    compiled_hook *self = compiled_hook_of(hook);
    return compiled_answer(self, error_set(&self->error, THINGSPACE_PLUGIN, "%s",
                                           text_is_empty(reason) ? "no reason given" : reason));
}

/* The verdict is in place when the status is OK. */
static int made(compiled_hook *self, thingspace_status status, thingspace_hook_result result)
{
    if (status != THINGSPACE_OK)
        return compiled_answer(self, status);
    self->verdicts++;
    self->made = result;
    return result;
}

static int stop(thingspace_hook *hook)
{
    compiled_hook *self = compiled_hook_of(hook);
    if (!self->verdict)
        return compiled_stale(self);
    verdict_dispose(self->verdict);
    verdict_init(self->verdict);
    self->verdict->kind = VERDICT_STOP;
    return made(self, THINGSPACE_OK, THINGSPACE_HOOK_STOP);
}

static int deny(thingspace_hook *hook, const char *code, const char *text)
{
    compiled_hook *self = compiled_hook_of(hook);
    if (!self->verdict)
        return compiled_stale(self);
    verdict_set_deny(self->verdict, code, text);
    return made(self, THINGSPACE_OK, THINGSPACE_HOOK_DENY);
}

static int wait_for(thingspace_hook *hook, long long ms)
{
    compiled_hook *self = compiled_hook_of(hook);
    if (!self->verdict)
        return compiled_stale(self);
    return made(self, verdict_set_wait(self->verdict, (double)ms, &self->error),
                THINGSPACE_HOOK_WAIT);
}

static int reply(thingspace_hook *hook, int status, const char *text)
{
    compiled_hook *self = compiled_hook_of(hook);
    json *body;
    if (!self->verdict)
        return compiled_stale(self);
    thingspace_status parsed = compiled_parse(&body, text, &self->error, "thingspace_hook_reply");
    if (parsed != THINGSPACE_OK)
        return compiled_answer(self, parsed);
    return made(self, verdict_set_reply(self->verdict, status, body, &self->error),
                THINGSPACE_HOOK_REPLY);
}

static int reply_header(thingspace_hook *hook, const char *name, const char *value)
{
    compiled_hook *self = compiled_hook_of(hook);
    if (!self->verdict)
        return compiled_stale(self);
    if (self->verdict->kind != VERDICT_REPLY || !name || !value)
        return compiled_answer(self, error_set(&self->error, THINGSPACE_PLUGIN,
                                               "a reply's header field has a name and a value, and "
                                               "comes after thingspace_hook_reply"));
    return compiled_answer(self, verdict_add_header(self->verdict, name, value, &self->error));
}

static void write_log(const thingspace_hook *hook, const char *line)
{
    const compiled_hook *self = compiled_hook_of(hook);
    if (line)
        log_write(self->log, THINGSPACE_LOG_INFO, "%s: %s",
                  self->instance ? self->instance->name : "plugin", line);
}

const thingspace_host compiled_host = {
    .size = sizeof(thingspace_host),
    .major = THINGSPACE_PLUGIN_MAJOR,
    .minor = THINGSPACE_PLUGIN_MINOR,
    .text = compiled_get_text,
    .number = compiled_get_number,
    .tag = compiled_tag,
    .var = compiled_var,
    .set_var = compiled_set_var,
    .request_header = get_request_header,
    .set_request_header = set_request_header,
    .request_query = get_request_query,
    .set_request_query = set_request_query,
    .request_member = compiled_request_member,
    .set_request_member = compiled_set_request_member,
    .response_header = get_response_header,
    .set_response_header = set_response_header,
    .response_member = compiled_response_member,
    .set_response_member = compiled_set_response_member,
    .set_failure_message = set_failure_message,
    .set_failure_code = set_failure_code,
    .event_json = compiled_event_json,
    .event_member = compiled_event_member,
    .fail = fail,
    .stop = stop,
    .deny = deny,
    .wait = wait_for,
    .reply = reply,
    .option_text = compiled_option_text,
    .option_integer = compiled_option_integer,
    .option_number = compiled_option_number,
    .option_flag = compiled_option_flag,
    .option_json = compiled_option_json,
    .folder = compiled_folder,
    .log = write_log,
    .message_header = get_message_header,
    .message_member = compiled_message_member,
    .json = compiled_get_json,
    .var_json = compiled_var_json,
    .set_var_json = compiled_set_var_json,
    .set_request_secret = compiled_set_request_secret,
    .reply_header = reply_header,
    .reason = get_reason,
};
