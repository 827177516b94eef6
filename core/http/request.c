/* SPDX-License-Identifier: MIT */
/*
 * A request as data. Every setter passes one door, `check_open`, and changes all
 * or nothing. A text body keeps its bytes and has its tree beside it, for reading only:
 * what a caller wrote is sent as it was written.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/api.h"
#include "http/request.h"
#include "http/url.h"

#define LONGEST_METHOD 15

typedef struct parameter {
    char *name;
    char *value;
} parameter;

struct request {
    char method[LONGEST_METHOD + 1];
    char *path; /* NULL: "/" */
    headers fields;
    parameter *parameters; /* mostly none, so no room is kept for them */
    size_t parameter_count;
    json *body;
    buffer text; /* the body's bytes when they came as text; secret */
    bool frozen;
};

/* Fields that frame the message or authorise it, and one that would compress the answer. */
static const char *const reserved_fields[] = {
    "Host",
    "Content-Length",
    "Transfer-Encoding",
    "Connection",
    "Keep-Alive",
    "Expect",
    "TE",
    "Trailer",
    "Upgrade",
    "Accept-Encoding",
    "Proxy-Authorization",
    "Authorization",
    API_SESSION_HEADER,
};

static bool is_method(const char *method)
{
    size_t size = 0;
    while (method[size] >= 'A' && method[size] <= 'Z')
        size++;
    return size > 0 && size <= LONGEST_METHOD && !method[size];
}

static thingspace_status set_defaults(request *made, thingspace_error *error)
{
    thingspace_status status =
        headers_add_literal(&made->fields, "Content-Type", "application/json", error);
    if (status == THINGSPACE_OK)
        status = headers_add_literal(&made->fields, "Accept", "application/json", error);
    return status;
}

thingspace_status request_new(request **out, const char *method, thingspace_error *error)
{
    *out = NULL;
    if (!is_method(method))
        return error_set(error, THINGSPACE_USAGE,
                         "method %s cannot be sent; use GET, POST, PUT, PATCH or DELETE", method);
    request *made = malloc(sizeof(*made));
    if (!made)
        return error_memory(error);
    *made = (request){.frozen = false};
    memcpy(made->method, method, strlen(method) + 1);
    headers_init(&made->fields);
    buffer_init_secret(&made->text, LIMIT_REQUEST_BODY);
    thingspace_status status = set_defaults(made, error);
    if (status != THINGSPACE_OK) {
        request_free(made);
        return status;
    }
    *out = made;
    return THINGSPACE_OK;
}

static void free_parameter(parameter *item)
{
    free(item->name);
    free(item->value);
}

void request_free(request *self)
{
    if (!self)
        return;
    free(self->path);
    headers_dispose(&self->fields);
    for (size_t i = 0; i < self->parameter_count; i++)
        free_parameter(&self->parameters[i]);
    free(self->parameters);
    json_free(self->body);
    buffer_dispose(&self->text);
    free(self);
}

static thingspace_status check_open(const request *self, thingspace_error *error)
{
    if (!self->frozen)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_INTERNAL, "a request was changed after it was frozen");
}

/* The path. */

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    char lower = (char)(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool has_only_path_characters(const char *path, size_t size)
{
    return text_plain_length(path, size) == size && strcspn(path, " ?#<>^`{|}") == size;
}

/* The character at `at`, decoded, and how long it is written; -1 when it is a bad escape. */
static int decode(const char *at, size_t *length)
{
    *length = 1;
    if (*at != '%')
        return *at;
    int high = hex_value(at[1]);
    int low = high < 0 ? -1 : hex_value(at[2]);
    *length = 3;
    return low < 0 ? -1 : high * 16 + low;
}

/* "." and ".." in any spelling would be resolved away by whoever is between us and the service. */
static bool path_is_sendable(const char *path)
{
    size_t size = strlen(path);
    if (path[0] != '/' || size > LIMIT_URL || !has_only_path_characters(path, size))
        return false;
    if (!strpbrk(path, ".%"))
        return true; /* mostly */
    while (*path == '/') {
        size_t length, characters = 0, dots = 0;
        for (path++; *path && *path != '/'; path += length, characters++) {
            int value = decode(path, &length);
            if (value < 0)
                return false;
            dots += value == '.';
        }
        if (dots == characters && (dots == 1 || dots == 2))
            return false;
    }
    return true;
}

thingspace_status request_set_path(request *self, const char *path, thingspace_error *error)
{
    thingspace_status status = check_open(self, error);
    if (status != THINGSPACE_OK)
        return status;
    if (!path_is_sendable(path))
        return error_set(error, THINGSPACE_USAGE,
                         "path %s cannot be sent; begin it with a slash, percent-encode it, and "
                         "leave out query, fragment and dot segments",
                         path);
    char *copy = text_copy(path);
    if (!copy)
        return error_memory(error);
    free(self->path);
    self->path = copy;
    return THINGSPACE_OK;
}

/* Header fields. */

static thingspace_status check_field(const request *self, const char *name, thingspace_error *error)
{
    for (size_t i = 0; i < sizeof(reserved_fields) / sizeof(reserved_fields[0]); i++)
        if (text_equal_ignoring_case(name, reserved_fields[i]))
            return error_set(error, THINGSPACE_USAGE,
                             "header field %s is set when the request is sent; leave it alone",
                             reserved_fields[i]);
    return check_open(self, error);
}

thingspace_status request_set_header(request *self, const char *name, const char *value,
                                     thingspace_error *error)
{
    thingspace_status status = check_field(self, name, error);
    return status == THINGSPACE_OK ? headers_set(&self->fields, name, value, error) : status;
}

thingspace_status request_remove_header(request *self, const char *name, thingspace_error *error)
{
    thingspace_status status = check_open(self, error);
    if (status == THINGSPACE_OK)
        headers_remove(&self->fields, name);
    return status;
}

/* The query. */

static parameter *find_parameter(request *self, const char *name)
{
    for (size_t i = 0; i < self->parameter_count; i++)
        if (strcmp(self->parameters[i].name, name) == 0)
            return &self->parameters[i];
    return NULL;
}

static void remove_parameter(request *self, parameter *old)
{
    if (!old)
        return;
    free_parameter(old);
    self->parameter_count--;
    size_t behind = self->parameter_count - (size_t)(old - self->parameters);
    memmove(old, old + 1, behind * sizeof(*old));
}

/* Room for one more. */
static bool make_room(request *self)
{
    size_t bytes = (self->parameter_count + 1) * sizeof(*self->parameters);
    parameter *moved = realloc(self->parameters, bytes);
    if (moved)
        self->parameters = moved;
    return moved != NULL;
}

static thingspace_status put_parameter(request *self, parameter *old, const char *name,
                                       const char *value, thingspace_error *error)
{
    parameter made = {text_copy(name), text_copy(value)};
    if (!made.name || !made.value || (!old && !make_room(self))) {
        free_parameter(&made);
        return error_memory(error);
    }
    if (old)
        free_parameter(old);
    else
        old = &self->parameters[self->parameter_count++];
    *old = made;
    return THINGSPACE_OK;
}

thingspace_status request_set_query(request *self, const char *name, const char *value,
                                    thingspace_error *error)
{
    thingspace_status status = check_open(self, error);
    if (status != THINGSPACE_OK)
        return status;
    parameter *old = find_parameter(self, name);
    if (!value) {
        remove_parameter(self, old);
        return THINGSPACE_OK;
    }
    if (text_is_empty(name) || strlen(name) > LIMIT_URL || strlen(value) > LIMIT_URL)
        return error_set(error, THINGSPACE_USAGE,
                         "a query parameter needs a name, and fits in %d bytes", LIMIT_URL);
    if (!old && self->parameter_count == LIMIT_REQUEST_PARAMETERS)
        return error_set(error, THINGSPACE_USAGE, "more than %d query parameters; send fewer",
                         LIMIT_REQUEST_PARAMETERS);
    return put_parameter(self, old, name, value, error);
}

/* The body. */

static void replace_body(request *self, json *body)
{
    json_free(self->body);
    self->body = body;
    buffer_dispose(&self->text);
}

thingspace_status request_set_json(request *self, json *body, thingspace_error *error)
{
    thingspace_status status = check_open(self, error);
    if (status != THINGSPACE_OK) {
        json_free(body);
        return status;
    }
    replace_body(self, body);
    return THINGSPACE_OK;
}

thingspace_status request_set_text(request *self, const char *text, size_t size,
                                   thingspace_error *error)
{
    thingspace_status status = check_open(self, error);
    if (status != THINGSPACE_OK)
        return status;
    if (size > LIMIT_REQUEST_BODY)
        return error_set(error, THINGSPACE_USAGE, "the body is longer than %d bytes; send less",
                         LIMIT_REQUEST_BODY);
    cleanup_json json *body = NULL;
    status = json_parse(&body, text, size, error);
    if (status == THINGSPACE_MEMORY)
        return status;
    if (status != THINGSPACE_OK) {
        error_prefix(error, "the body is not JSON");
        if (error)
            error->kind = THINGSPACE_USAGE;
        return THINGSPACE_USAGE;
    }
    cleanup_buffer buffer bytes;
    buffer_init_secret(&bytes, LIMIT_REQUEST_BODY);
    if (buffer_append(&bytes, text, size) != THINGSPACE_OK)
        return error_memory(error);
    replace_body(self, body);
    body = NULL;
    buffer emptied = self->text;
    self->text = bytes;
    bytes = emptied;
    return THINGSPACE_OK;
}

void request_freeze(request *self)
{
    self->frozen = true;
}

/* Reading. */

const char *request_method(const request *self)
{
    return self->method;
}

const char *request_path(const request *self)
{
    return self->path ? self->path : "/";
}

const headers *request_headers(const request *self)
{
    return &self->fields;
}

const json *request_json(const request *self)
{
    return self->body;
}

thingspace_status request_write_url(const request *self, buffer *out, const char *base)
{
    buffer_append_text(out, base);
    buffer_append_text(out, request_path(self));
    for (size_t i = 0; i < self->parameter_count; i++) {
        buffer_append_byte(out, i == 0 ? '?' : '&');
        url_encode(out, self->parameters[i].name);
        buffer_append_byte(out, '=');
        url_encode(out, self->parameters[i].value);
    }
    return out->status;
}

thingspace_status request_write_body(const request *self, buffer *out, unsigned json_flags)
{
    if (self->text.size > 0)
        return buffer_append(out, self->text.data, self->text.size);
    return self->body ? json_write(out, self->body, json_flags) : out->status;
}
