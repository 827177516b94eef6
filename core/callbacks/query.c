/* SPDX-License-Identifier: MIT */
/*
 * See query.h. `+` is refused because readers differ about it: some take it for a
 * blank. A name twice is refused because a request holds each name once.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "callbacks/query.h"

static int digit_of(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)((found - digits) % 16) : -1;
}

/* False: an escape that is none, or of a zero byte; or `+`. */
static bool decode(buffer *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        int byte = (unsigned char)text[i];
        if (byte == '+')
            return false;
        if (byte == '%') {
            int high = i + 2 < size ? digit_of(text[i + 1]) : -1;
            int low = high < 0 ? -1 : digit_of(text[i + 2]);
            byte = low < 0 ? 0 : high * 16 + low;
            i += 2;
        }
        if (byte == 0)
            return false;
        buffer_append_byte(out, (char)byte);
    }
    return true;
}

static thingspace_status refuse(const char *text, size_t size, thingspace_error *error)
{
    return error_set(error, THINGSPACE_USAGE,
                     "query parameter '%.*s' is not NAME=VALUE, percent-encoded (a plus sign as "
                     "%%2B, a blank as %%20)",
                     (int)(size < 80 ? size : 80), text);
}

static thingspace_status set_one(request *out, const char *text, size_t size,
                                 thingspace_error *error)
{
    const char *equals = memchr(text, '=', size);
    size_t name_size = equals ? (size_t)(equals - text) : 0;
    cleanup_buffer buffer name, value;
    buffer_init(&name, LIMIT_URL);
    buffer_init(&value, LIMIT_URL);
    if (name_size == 0 || !decode(&name, text, name_size) ||
        !decode(&value, equals + 1, size - name_size - 1))
        return refuse(text, size, error);
    if (name.status != THINGSPACE_OK || value.status != THINGSPACE_OK)
        return error_memory(error);
    return request_set_query(out, buffer_text(&name), buffer_text(&value), error);
}

/* Whether `text` has a parameter of the name that the first `size` bytes of `part` begin with. */
static bool has_name(const char *text, const char *part, size_t size)
{
    size_t name = (size_t)strcspn(part, "=");
    if (name >= size)
        return false;
    for (const char *at = text; at; at = strchr(at, '&')) {
        at += *at == '&';
        if (strncmp(at, part, name + 1) == 0)
            return true;
    }
    return false;
}

thingspace_status query_set(request *out, const char *text, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    while (*text && status == THINGSPACE_OK) {
        size_t size = strcspn(text, "&");
        const char *rest = text[size] == '&' ? text + size + 1 : text + size;
        if (has_name(rest, text, size))
            return error_set(error, THINGSPACE_USAGE,
                             "query parameter '%.*s' is there twice; give it once",
                             (int)(strcspn(text, "=") < 80 ? strcspn(text, "=") : 80), text);
        status = set_one(out, text, size, error);
        text = rest;
    }
    return status;
}
