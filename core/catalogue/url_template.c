/* SPDX-License-Identifier: MIT */
/* One walk over the text, placeholder by placeholder; see url_template.h. Owns nothing. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "catalogue/url_template.h"
#include "catalogue/weburl.h"

#define KNOWN "known are {account}, {service} and {token}"

bool url_template_is(const char *url)
{
    return url && strpbrk(url, "{}");
}

/* The braces that begin here stand for one. */
static bool is_double(const char *text)
{
    return (*text == '{' || *text == '}') && text[1] == *text;
}

bool url_template_wants_token(const char *url)
{
    for (const char *at = url; at && (at = strpbrk(at, "{}")); at += is_double(at) ? 2 : 1)
        if (text_starts_with(at, "{token}"))
            return true;
    return false;
}

/* The size of the placeholder that begins here, braces and all, and its value; 0: its name is not
 * known. */
static size_t placeholder_size(const char *text, const url_values *values, const char **value)
{
    const struct {
        const char *text, *value;
    } known[] = {
        {"{account}", values->account}, {"{service}", values->service}, {"{token}", values->token}};
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        if (!text_starts_with(text, known[i].text))
            continue;
        *value = known[i].value;
        return strlen(known[i].text);
    }
    return 0;
}

static thingspace_status refuse_brace(const char *at, thingspace_error *error)
{
    size_t size = strcspn(at + 1, "{}");
    if (*at == '{' && at[1 + size] == '}' && size <= 32 && text_plain_length(at + 1, size) == size)
        return error_set(error, THINGSPACE_USAGE,
                         "the URL has an unknown placeholder {%.*s}; " KNOWN, (int)size, at + 1);
    return error_set(error, THINGSPACE_USAGE,
                     "the URL has a brace that belongs to no placeholder; " KNOWN
                     ", and a brace itself is written {{ or }}");
}

/* Where path or query begin; the end when there are none. */
static const char *find_path(const char *url)
{
    const char *scheme = strstr(url, "://");
    const char *host = scheme ? scheme + 3 : url;
    return host + strcspn(host, "/?");
}

thingspace_status url_template_check(const char *url, thingspace_error *error)
{
    static const url_values none = {0};
    const char *value, *path = find_path(url); /* the value is not needed */
    for (const char *at = url; (at = strpbrk(at, "{}"));) {
        size_t size = is_double(at) ? 2 : placeholder_size(at, &none, &value);
        if (size == 0)
            return refuse_brace(at, error);
        if (at < path)
            return error_set(error, THINGSPACE_USAGE,
                             "the URL has a placeholder before its path; write it behind the host");
        at += size;
    }
    return THINGSPACE_OK;
}

/* What begins with a brace, or with nothing; its size. */
static size_t expand_one(buffer *out, const char *at, const url_values *values)
{
    const char *value = NULL;
    bool twice = is_double(at);
    size_t size = twice ? 2 : placeholder_size(at, values, &value);
    if (value)
        weburl_encode(out, value);
    else
        buffer_append(out, at, twice && values->last ? 1 : size);
    return size ? size : *at != '\0';
}

thingspace_status url_template_expand(buffer *out, const char *url, const url_values *values)
{
    while (*url) {
        size_t size = strcspn(url, "{}");
        buffer_append(out, url, size);
        url += size;
        url += expand_one(out, url, values);
    }
    return out->status;
}
