/* SPDX-License-Identifier: MIT */
/*
 * What arrives, as libcurl hands it over: header lines and pieces of the body.
 * Everything is counted here, because libcurl's own limits do not bound an answer of
 * unknown length. A refusal is written into the result and the exchange ends.
 */
#include <config.h>
#include <string.h>
#include <strings.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "http/transport_internal.h"

static thingspace_status refuse(exchange *self, const char *what)
{
    return error_set(&self->result.error, THINGSPACE_PROTOCOL,
                     "the answer of %s %s; check the endpoint's URL", exchange_host(self), what);
}

static thingspace_status refuse_size(exchange *self, size_t cap, const char *what)
{
    return error_set(&self->result.error, THINGSPACE_PROTOCOL,
                     "the answer of %s has more than %zu %s, the most that is read",
                     exchange_host(self), cap, what);
}

/* "HTTP/1.1 200 OK"; interim answers (1xx) come first and are forgotten. */
static thingspace_status begin_answer(exchange *self, const char *line, size_t size)
{
    response *answer = &self->result.response;
    if (answer->status != 0)
        response_clear(answer);
    self->result.answered = true;
    const char *blank = memchr(line, ' ', size);
    if (!blank || size - (size_t)(blank - line) < 4)
        return refuse(self, "has no status");
    int status = 0;
    for (int i = 1; i <= 3; i++) {
        if (blank[i] < '0' || blank[i] > '9')
            return refuse(self, "has no status");
        status = status * 10 + (blank[i] - '0');
    }
    answer->status = status;
    return THINGSPACE_OK;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static bool names(const char *name, size_t size, const char *wanted)
{
    return size == strlen(wanted) && strncasecmp(name, wanted, size) == 0;
}

/* Never asked for, so never undone: an answer of a few bytes may hide gigabytes. */
static bool is_encoded(const char *name, size_t name_size, const char *value, size_t size)
{
    if (size == 0 || names(value, size, "identity"))
        return false;
    if (names(name, name_size, "Transfer-Encoding"))
        return !names(value, size, "chunked");
    return names(name, name_size, "Content-Encoding");
}

static thingspace_status add_field(exchange *self, const char *line, size_t size)
{
    const char *colon = memchr(line, ':', size);
    if (!colon || colon == line || is_blank(line[0]))
        return refuse(self, "has an unreadable header line");
    const char *value = colon + 1, *end = line + size;
    while (value < end && is_blank(*value))
        value++;
    while (end > value && is_blank(end[-1]))
        end--;
    size_t name_size = (size_t)(colon - line), value_size = (size_t)(end - value);
    if (is_encoded(line, name_size, value, value_size))
        return refuse(self, "is compressed although not asked for");
    thingspace_status status =
        response_add_header(&self->result.response, line, name_size, value, value_size);
    if (status == THINGSPACE_MEMORY)
        return error_memory(&self->result.error);
    if (status == THINGSPACE_OK)
        return THINGSPACE_OK;
    if (self->result.response.header_count >= LIMIT_RESPONSE_HEADERS)
        return refuse_size(self, LIMIT_RESPONSE_HEADERS, "header fields");
    return refuse(self, "has an unreadable header line");
}

static thingspace_status take_line(exchange *self, const char *line, size_t size)
{
    self->header_bytes += size;
    if (self->header_bytes > LIMIT_RESPONSE_HEADER_BYTES)
        return refuse_size(self, LIMIT_RESPONSE_HEADER_BYTES, "bytes of header");
    if (self->in_body) /* a trailer says nothing that we would read */
        return THINGSPACE_OK;
    while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r'))
        size--;
    if (size == 0)
        return THINGSPACE_OK;
    if (size > 5 && memcmp(line, "HTTP/", 5) == 0)
        return begin_answer(self, line, size);
    return add_field(self, line, size);
}

size_t answer_take_header(char *bytes, size_t size, size_t count, void *user)
{
    exchange *self = user;
    self->result.status = take_line(self, bytes, size * count);
    return self->result.status == THINGSPACE_OK ? size * count : 0;
}

static void begin_body(exchange *self)
{
    transport *owner = self->transport;
    self->in_body = true;
    self->slow_mark = 0;
    timers_start(&owner->timers, &self->slow, clock_monotonic_ms() + owner->slow_window_ms);
}

size_t answer_take_body(char *bytes, size_t size, size_t count, void *user)
{
    exchange *self = user;
    buffer *body = &self->result.response.body;
    size_t length = size * count;
    if (length > self->body_limit - body->size) {
        self->result.status = refuse_size(self, self->body_limit, "bytes of body");
        return 0;
    }
    if (!self->in_body)
        begin_body(self);
    if (buffer_append(body, bytes, length) != THINGSPACE_OK) {
        self->result.status = error_memory(&self->result.error);
        return 0;
    }
    return length;
}
