/* SPDX-License-Identifier: MIT */
/* An answer: "Name\0value\0" pairs and a body, both in wiped memory. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "http/headers.h"
#include "http/response.h"

void response_init(response *self)
{
    self->status = 0;
    self->header_count = 0;
    buffer_init_secret(&self->head, LIMIT_RESPONSE_HEADER_BYTES);
    buffer_init_secret(&self->body, LIMIT_RESPONSE_BODY);
}

void response_dispose(response *self)
{
    self->status = 0;
    self->header_count = 0;
    buffer_dispose(&self->head);
    buffer_dispose(&self->body);
}

void response_clear(response *self)
{
    self->status = 0;
    self->header_count = 0;
    buffer_clear(&self->head);
    buffer_clear(&self->body);
}

void response_move(response *to, response *from)
{
    response_dispose(to);
    *to = *from;
    response_init(from);
}

static const char *value_of(const char *name)
{
    return name + strlen(name) + 1;
}

static const char *next_name(const char *name)
{
    const char *value = value_of(name);
    return value + strlen(value) + 1;
}

const char *response_header(const response *self, const char *name)
{
    const char *at = self->head.data;
    for (size_t i = 0; i < self->header_count; i++, at = next_name(at))
        if (text_equal_ignoring_case(at, name))
            return value_of(at);
    return NULL;
}

void response_header_at(const response *self, size_t index, const char **name, const char **value)
{
    const char *at = self->head.data;
    for (size_t i = 0; i < index; i++)
        at = next_name(at);
    *name = at;
    *value = value_of(at);
}

/* A pair goes in whole or not at all, so that reading needs no checks. */
thingspace_status response_add_header(response *self, const char *name, size_t name_size,
                                      const char *value, size_t value_size)
{
    buffer *head = &self->head;
    if (self->header_count >= LIMIT_RESPONSE_HEADERS)
        return THINGSPACE_PROTOCOL;
    if (name_size == 0 || memchr(name, '\0', name_size) || memchr(value, '\0', value_size))
        return THINGSPACE_PROTOCOL;
    size_t before = head->size;
    buffer_append(head, name, name_size);
    buffer_append_byte(head, '\0');
    buffer_append(head, value, value_size);
    thingspace_status status = buffer_append_byte(head, '\0');
    if (status != THINGSPACE_OK) {
        head->size = before;
        return status;
    }
    self->header_count++;
    return THINGSPACE_OK;
}

/* Changing. */

void response_head_dispose(response_head *self)
{
    buffer_dispose(&self->fields);
    self->count = 0;
}

void response_swap_head(response *self, response_head *head)
{
    response_head old = {self->head, self->header_count};
    self->head = head->fields;
    self->header_count = head->count;
    *head = old;
}

static thingspace_status add(response *self, const char *name, const char *value)
{
    return response_add_header(self, name, strlen(name), value, strlen(value));
}

/* Copies the fields of `from`, the named one changed; one that is new comes last. */
static thingspace_status copy_changed(response *to, const response *from, const char *name,
                                      const char *value)
{
    thingspace_status status = THINGSPACE_OK;
    const char *at = from->head.data;
    for (size_t i = 0; i < from->header_count && !status; i++, at = next_name(at)) {
        if (!text_equal_ignoring_case(at, name)) {
            status = add(to, at, value_of(at));
        } else if (value) {
            status = add(to, name, value);
            value = NULL;
        }
    }
    return value && !status ? add(to, name, value) : status;
}

thingspace_status response_change_header(response *self, const char *name, const char *value,
                                         response_head *before, thingspace_error *error)
{
    thingspace_status status = headers_check(name, value ? value : "", error);
    response made;
    response_init(&made);
    *before = (response_head){made.head, 0};
    if (status)
        return status;
    status = copy_changed(&made, self, name, value);
    if (status == THINGSPACE_OK) {
        *before = (response_head){made.head, made.header_count};
        response_swap_head(self, before);
        return THINGSPACE_OK;
    }
    response_dispose(&made);
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    return error_set(error, THINGSPACE_USAGE,
                     "an answer has at most %d header fields of %d bytes together; set fewer",
                     LIMIT_RESPONSE_HEADERS, LIMIT_RESPONSE_HEADER_BYTES);
}
