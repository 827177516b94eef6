/* SPDX-License-Identifier: MIT */
/*
 * Splitting a URL, left to right, one function for each part. A URL may carry a
 * token in its query, so errors say what is wrong and never quote it.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/weburl.h"

static thingspace_status refuse_backslash(const char *text, thingspace_error *error)
{
    if (!strchr(text, '\\'))
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_USAGE, "the URL has a backslash; use slashes");
}

static thingspace_status check_characters(const char *text, thingspace_error *error)
{
    if (strnlen(text, LIMIT_URL + 1) > LIMIT_URL)
        return error_set(error, THINGSPACE_USAGE, "the URL is longer than %d bytes; shorten it",
                         LIMIT_URL);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c > '\\' && *c < 0x7f) /* mostly */
            continue;
        if (*c <= 0x20 || *c == 0x7f)
            return error_set(error, THINGSPACE_USAGE,
                             "the URL has a blank or control character; percent-encode it");
        if (*c > 0x7f)
            return error_set(error, THINGSPACE_USAGE,
                             "the URL has a character outside ASCII; percent-encode it, and write "
                             "the host in its xn-- form");
        if (*c == '#')
            return error_set(error, THINGSPACE_USAGE,
                             "the URL has a fragment, which is never sent; remove the '#'");
    }
    return THINGSPACE_OK;
}

static thingspace_status read_scheme(weburl *out, const char **at, thingspace_error *error)
{
    out->https = text_starts_with_ignoring_case(*at, "https://");
    if (!out->https && !text_starts_with_ignoring_case(*at, "http://"))
        return error_set(error, THINGSPACE_USAGE, "the URL must begin with https:// (or http://)");
    *at += out->https ? 8 : 7;
    out->port = out->https ? 443 : 80;
    return THINGSPACE_OK;
}

static thingspace_status read_port(weburl *out, const char *digits, size_t size,
                                   thingspace_error *error)
{
    unsigned port = 0;
    bool good = size > 0 && size <= 5;
    for (size_t i = 0; good && i < size; i++) {
        good = digits[i] >= '0' && digits[i] <= '9';
        port = port * 10 + (unsigned)(digits[i] - '0');
    }
    if (!good || port == 0 || port > 65535)
        return error_set(error, THINGSPACE_USAGE,
                         "the URL's port is not a number from 1 to 65535; correct or remove it");
    out->port = port;
    return THINGSPACE_OK;
}

/* The size of the host in an authority of `size` bytes: up to ']' or the first colon. */
static size_t host_size(const char *authority, size_t size)
{
    if (size > 0 && authority[0] == '[') {
        const char *end = memchr(authority, ']', size);
        return end ? (size_t)(end - authority) + 1 : size;
    }
    const char *colon = memchr(authority, ':', size);
    return colon ? (size_t)(colon - authority) : size;
}

static thingspace_status read_host(weburl *out, const char *host, size_t size,
                                   thingspace_error *error)
{
    if (size == 0)
        return error_set(error, THINGSPACE_USAGE, "the URL has no host; add one after ://");
    if (size >= sizeof(out->host))
        return error_set(error, THINGSPACE_USAGE, "the URL's host is too long");
    for (size_t i = 0; i < size; i++)
        out->host[i] = host[i] >= 'A' && host[i] <= 'Z' ? (char)(host[i] + 32) : host[i];
    out->host[size] = '\0';
    out->kind = host_classify(out->host);
    if (out->kind == HOST_INVALID)
        return error_set(error, THINGSPACE_USAGE,
                         "the URL's host is neither a host name nor an address in its usual form "
                         "(192.0.2.1 or [2001:db8::1]); correct it");
    return THINGSPACE_OK;
}

static thingspace_status read_authority(weburl *out, const char *text, size_t size,
                                        thingspace_error *error)
{
    if (memchr(text, '@', size))
        return error_set(error, THINGSPACE_USAGE,
                         "the URL has a user name or password before its host; remove them");
    size_t host = host_size(text, size);
    thingspace_status status = read_host(out, text, host, error);
    if (status || host == size)
        return status;
    if (text[host] != ':')
        return error_set(error, THINGSPACE_USAGE, "the URL has text after its host; remove it");
    return read_port(out, text + host + 1, size - host - 1, error);
}

thingspace_status weburl_read(weburl *out, const char *text, thingspace_error *error)
{
    memset(out, 0, sizeof(*out));
    out->path = "";
    if (text_is_empty(text))
        return error_set(error, THINGSPACE_USAGE, "the URL is empty; give one");
    thingspace_status status = check_characters(text, error);
    if (!status)
        status = read_scheme(out, &text, error);
    if (status)
        return status;
    size_t size = strcspn(text, "/?");
    out->path = text + size;
    return read_authority(out, text, size, error);
}

thingspace_status weburl_split(weburl *out, const char *text, thingspace_error *error)
{
    thingspace_status status = weburl_read(out, text, error);
    return status == THINGSPACE_OK ? refuse_backslash(text, error) : status;
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

thingspace_status weburl_encode(buffer *out, const char *text)
{
    while (*text) {
        const char *end = text;
        while (is_unreserved(*end))
            end++;
        buffer_append(out, text, (size_t)(end - text));
        if (*end)
            buffer_append_format(out, "%%%02X", (unsigned)(unsigned char)*end++);
        text = end;
    }
    return out->status;
}
