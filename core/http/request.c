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
#include "catalogue/sensitive.h"
#include "http/request.h"
#include "http/url.h"

#define LONGEST_METHOD 15

struct request {
    char method[LONGEST_METHOD + 1];
    char *path; /* NULL: "/" */
    headers fields;
    request_parameter *parameters; /* mostly none, so no room is kept for them */
    size_t parameter_count, parameter_capacity;
    request_body body;
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
    request_body_init(&made->body);
    thingspace_status status = set_defaults(made, error);
    if (status != THINGSPACE_OK) {
        request_free(made);
        return status;
    }
    *out = made;
    return THINGSPACE_OK;
}

static void free_parameter(request_parameter *item)
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
    request_body_dispose(&self->body);
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

/* No reserved field begins with another letter; most fields of hooks begin with X. */
static bool may_be_reserved(const char *name)
{
    return strchr("acehkptuvACEHKPTUV", name[0]) != NULL;
}

static thingspace_status check_field(const request *self, const char *name, thingspace_error *error)
{
    size_t count = may_be_reserved(name) ? sizeof(reserved_fields) / sizeof(reserved_fields[0]) : 0;
    for (size_t i = 0; i < count; i++)
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

thingspace_status request_swap_header(request *self, const char *name, const char *value,
                                      header_before *before, thingspace_error *error)
{
    *before = (header_before){.place = HEADER_NOWHERE};
    thingspace_status status = check_field(self, name, error);
    return status == THINGSPACE_OK ? headers_swap(&self->fields, name, value, before, error)
                                   : status;
}

void request_restore_header(request *self, header_before *before)
{
    headers_restore(&self->fields, before);
}

/* The query. */

static request_parameter *find_parameter(const request *self, const char *name)
{
    for (size_t i = 0; i < self->parameter_count; i++)
        if (strcmp(self->parameters[i].name, name) == 0)
            return &self->parameters[i];
    return NULL;
}

const char *request_query(const request *self, const char *name)
{
    const request_parameter *found = find_parameter(self, name);
    return found ? found->value : NULL;
}

bool request_query_at(const request *self, size_t index, const char **name, const char **value)
{
    if (index >= self->parameter_count)
        return false;
    *name = self->parameters[index].name;
    *value = self->parameters[index].value;
    return true;
}

/* Takes the parameter out; it is the caller's. */
static request_parameter take_parameter(request *self, size_t place)
{
    request_parameter item = self->parameters[place];
    self->parameter_count--;
    memmove(&self->parameters[place], &self->parameters[place + 1],
            (self->parameter_count - place) * sizeof(item));
    return item;
}

/* Room for one more. It never shrinks: what was removed can be put back. */
static bool make_room(request *self)
{
    if (self->parameter_count < self->parameter_capacity)
        return true;
    size_t capacity = self->parameter_count + 1;
    request_parameter *moved = realloc(self->parameters, capacity * sizeof(*moved));
    if (!moved)
        return false;
    self->parameters = moved;
    self->parameter_capacity = capacity;
    return true;
}

static thingspace_status put_parameter(request *self, const char *name, const char *value,
                                       request_query_before *before, thingspace_error *error)
{
    request_parameter *old = find_parameter(self, name);
    if (!old && self->parameter_count == LIMIT_REQUEST_PARAMETERS)
        return error_set(error, THINGSPACE_USAGE, "more than %d query parameters; send fewer",
                         LIMIT_REQUEST_PARAMETERS);
    request_parameter made = {text_copy(name), text_copy(value)};
    if (!made.name || !made.value || (!old && !make_room(self))) {
        free_parameter(&made);
        return error_memory(error);
    }
    before->item = old ? *old : (request_parameter){NULL, NULL};
    if (!old)
        old = &self->parameters[self->parameter_count++];
    before->place = (size_t)(old - self->parameters);
    *old = made;
    return THINGSPACE_OK;
}

thingspace_status request_swap_query(request *self, const char *name, const char *value,
                                     request_query_before *before, thingspace_error *error)
{
    *before = (request_query_before){.place = HEADER_NOWHERE};
    thingspace_status status = check_open(self, error);
    if (status != THINGSPACE_OK)
        return status;
    if (!value) {
        const request_parameter *old = find_parameter(self, name);
        if (!old)
            return THINGSPACE_OK;
        before->place = (size_t)(old - self->parameters);
        before->item = take_parameter(self, before->place);
        before->removed = true;
        return THINGSPACE_OK;
    }
    if (text_is_empty(name) || strlen(name) > LIMIT_URL || strlen(value) > LIMIT_URL)
        return error_set(error, THINGSPACE_USAGE,
                         "a query parameter needs a name, and fits in %d bytes", LIMIT_URL);
    return put_parameter(self, name, value, before, error);
}

void request_restore_query(request *self, request_query_before *before)
{
    size_t place = before->place;
    if (place == HEADER_NOWHERE)
        return;
    if (!before->item.name) {
        request_parameter taken = take_parameter(self, place);
        free_parameter(&taken);
    } else if (before->removed) {
        memmove(&self->parameters[place + 1], &self->parameters[place],
                (self->parameter_count - place) * sizeof(*self->parameters));
        self->parameters[place] = before->item;
        self->parameter_count++;
    } else {
        free_parameter(&self->parameters[place]);
        self->parameters[place] = before->item;
    }
    *before = (request_query_before){.place = HEADER_NOWHERE};
}

void request_query_before_dispose(request_query_before *self)
{
    free_parameter(&self->item);
    *self = (request_query_before){.place = HEADER_NOWHERE};
}

thingspace_status request_set_query(request *self, const char *name, const char *value,
                                    thingspace_error *error)
{
    request_query_before before;
    thingspace_status status = request_swap_query(self, name, value, &before, error);
    request_query_before_dispose(&before);
    return status;
}

/* The body. */

void request_body_init(request_body *self)
{
    self->tree = NULL;
    buffer_init_secret(&self->text, LIMIT_REQUEST_BODY);
}

void request_body_dispose(request_body *self)
{
    json_free(self->tree);
    self->tree = NULL;
    buffer_dispose(&self->text);
}

#define cleanup_body __attribute__((cleanup(request_body_dispose)))

void request_swap_body(request *self, request_body *body)
{
    request_body old = self->body;
    self->body = *body;
    *body = old;
}

thingspace_status request_set_json(request *self, json *body, thingspace_error *error)
{
    cleanup_body request_body made;
    request_body_init(&made);
    made.tree = body;
    thingspace_status status = check_open(self, error);
    if (status == THINGSPACE_OK)
        request_swap_body(self, &made);
    return status;
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
    cleanup_body request_body made;
    request_body_init(&made);
    status = json_parse(&made.tree, text, size, error);
    if (status == THINGSPACE_MEMORY)
        return status;
    if (status != THINGSPACE_OK) {
        error_prefix(error, "the body is not JSON");
        if (error)
            error->kind = THINGSPACE_USAGE;
        return THINGSPACE_USAGE;
    }
    if (buffer_append(&made.text, text, size) != THINGSPACE_OK ||
        sensitive_mark(made.tree) != THINGSPACE_OK)
        return error_memory(error);
    request_swap_body(self, &made);
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
    return self->body.tree;
}

static void write_query(const request *self, buffer *out, bool shown)
{
    for (size_t i = 0; i < self->parameter_count; i++) {
        const request_parameter *parameter = &self->parameters[i];
        buffer_append_byte(out, i == 0 ? '?' : '&');
        url_encode(out, parameter->name);
        buffer_append_byte(out, '=');
        if (shown && sensitive_parameter(parameter->name))
            buffer_append_text(out, SENSITIVE_MASK);
        else
            url_encode(out, parameter->value);
    }
}

thingspace_status request_write_url(const request *self, buffer *out, const char *base)
{
    buffer_append_text(out, base);
    buffer_append_text(out, request_path(self));
    write_query(self, out, false);
    return out->status;
}

void request_show_query(const request *self, buffer *out)
{
    write_query(self, out, true);
}

thingspace_status request_write_body(const request *self, buffer *out, unsigned json_flags)
{
    const request_body *body = &self->body;
    if (body->text.size > 0)
        return buffer_append(out, body->text.data, body->text.size);
    return body->tree ? json_write(out, body->tree, json_flags) : out->status;
}
