/* SPDX-License-Identifier: MIT */
/*
 * The host's functions about JSON: bodies of requests, answers and messages, and the event of an
 * audit hook. What a plugin gets is text with secrets as "***"; what it gives back is put into a
 * copy of the tree, so that the view can keep the one before. The client's thread.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/json_pointer.h"
#include "plugin/compiled_inside.h"

typedef thingspace_status body_setter(view *view, json *body, thingspace_error *error);

static const char *member(compiled_hook *self, thingspace_status status, const json *body,
                          const char *pointer)
{
    if (status == THINGSPACE_MEMORY)
        self->out_of_memory = true;
    else if (status != THINGSPACE_OK)
        compiled_answer(self, status);
    return status == THINGSPACE_OK ? compiled_keep_json(self, json_pointer_get(body, pointer))
                                   : NULL;
}

/* The part that takes the place of `old`; NULL value: none. */
static thingspace_status read_part(json **out, const json *old, const char *whose,
                                   const char *pointer, const char *value, thingspace_error *error)
{
    thingspace_status status = compiled_parse(
        out, value, error, "thingspace_hook_set_%s_member, \"%.80s\"", whose, pointer);
    if (status == THINGSPACE_OK)
        status = json_keep_secrets(out, old);
    if (status == THINGSPACE_OK)
        return status;
    json_free(*out);
    *out = NULL;
    return status == THINGSPACE_MEMORY ? error_memory(error) : status;
}

/* Takes `part` (NULL: removes), also on failure. */
static int put_part(compiled_hook *self, const json *old, const char *pointer, json *part,
                    body_setter *set)
{
    thingspace_error *error = &self->error;
    cleanup_json json *owned = part;
    if (!old && part && *pointer)
        return compiled_answer(self, error_set(error, THINGSPACE_PLUGIN,
                                               "there is no body to set %s in: look at the "
                                               "operation first",
                                               pointer));
    cleanup_json json *tree = json_copy(old);
    if (old && !tree)
        return compiled_answer(self, error_memory(error));
    owned = NULL;
    thingspace_status status = json_pointer_set(&tree, pointer, part, error);
    if (status == THINGSPACE_MEMORY)
        return compiled_answer(self, error_memory(error));
    if (status != THINGSPACE_OK)
        return compiled_answer(self, status);
    json *body = tree;
    tree = NULL;
    return compiled_answer(self, set(self->view, body, error));
}

static int set_member(compiled_hook *self, const json *old, const char *whose, const char *pointer,
                      const char *value, body_setter *set)
{
    json *part;
    thingspace_status status =
        read_part(&part, json_pointer_get(old, pointer), whose, pointer, value, &self->error);
    return status == THINGSPACE_OK ? put_part(self, old, pointer, part, set)
                                   : compiled_answer(self, status);
}

/* --- request --- */

const char *compiled_request_member(thingspace_hook *hook, const char *pointer)
{
    compiled_hook *self = compiled_hook_of(hook);
    const json *body = NULL;
    if (!compiled_usable(self, FIELD_REQUEST_JSON))
        return NULL;
    thingspace_status status = view_request_json(self->view, &body, &self->error);
    return member(self, status, body, pointer);
}

int compiled_set_request_member(thingspace_hook *hook, const char *pointer, const char *value)
{
    compiled_hook *self = compiled_hook_of(hook);
    int refused = compiled_refuse(self, FIELD_REQUEST_SET_JSON, pointer);
    if (refused)
        return refused;
    return set_member(self, request_json(self->view->request), "request", pointer, value,
                      view_set_request_json);
}

int compiled_set_request_secret(thingspace_hook *hook, const char *pointer,
                                const thingspace_secret *secret)
{
    compiled_hook *self = compiled_hook_of(hook);
    int refused = compiled_refuse(self, FIELD_REQUEST_SET_JSON, secret ? pointer : NULL);
    if (refused)
        return refused;
    json *part = json_new_secret((thingspace_secret *)(size_t)secret);
    if (!part)
        return compiled_answer(self, error_memory(&self->error));
    return put_part(self, request_json(self->view->request), pointer, part, view_set_request_json);
}

/* --- response --- */

const char *compiled_response_member(thingspace_hook *hook, const char *pointer)
{
    compiled_hook *self = compiled_hook_of(hook);
    const json *body = NULL;
    if (!compiled_usable(self, FIELD_RESPONSE_JSON))
        return NULL;
    thingspace_status status = view_response_json(self->view, &body, &self->error);
    return member(self, status, body, pointer);
}

int compiled_set_response_member(thingspace_hook *hook, const char *pointer, const char *value)
{
    compiled_hook *self = compiled_hook_of(hook);
    const json *body = NULL;
    int refused = compiled_refuse(self, FIELD_RESPONSE_SET_JSON, pointer);
    if (refused)
        return refused;
    thingspace_status status = view_response_json(self->view, &body, &self->error);
    if (status != THINGSPACE_OK)
        return compiled_answer(self, status);
    return set_member(self, body, "response", pointer, value, view_set_response_json);
}

const char *compiled_message_member(thingspace_hook *hook, const char *pointer)
{
    compiled_hook *self = compiled_hook_of(hook);
    const json *body = NULL;
    if (!compiled_usable(self, FIELD_MESSAGE_JSON))
        return NULL;
    thingspace_status status = view_response_json(self->view, &body, &self->error);
    return member(self, status, body, pointer);
}

/* --- event --- */

const char *compiled_event_json(thingspace_hook *hook)
{
    compiled_hook *self = compiled_hook_of(hook);
    buffer *text = &self->event_text;
    if (!compiled_usable(self, FIELD_EVENT_ID))
        return NULL;
    if (text->size == 0)
        event_write(self->view->event, text);
    self->out_of_memory |= text->status != THINGSPACE_OK;
    return text->status == THINGSPACE_OK ? text->data : NULL;
}

const char *compiled_event_member(thingspace_hook *hook, const char *pointer)
{
    compiled_hook *self = compiled_hook_of(hook);
    if (!compiled_usable(self, FIELD_EVENT_ID))
        return NULL;
    if (!self->event)
        self->event = event_json(self->view->event);
    return member(self, self->event ? THINGSPACE_OK : THINGSPACE_MEMORY, self->event, pointer);
}
