/* SPDX-License-Identifier: MIT */
/*
 * A pattern is compared part by part with a URL that weburl_split has read, so that whatever could
 * be read in two ways matches nothing. text_matches does the rest, in linear time. Owns nothing;
 * any thread.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/url_pattern.h"
#include "catalogue/weburl.h"

typedef struct parts {
    bool https;
    char host[256]; /* lower case, with stars */
    unsigned port;  /* 0: any */
    const char *path;
} parts;

/* --- Reading a pattern --- */

static thingspace_status refuse(thingspace_error *error, const char *reason)
{
    return error_set(error, THINGSPACE_USAGE,
                     "not a pattern of URLs: %s; write one like https://*.example.com/*", reason);
}

static thingspace_status check_characters(const char *text, thingspace_error *error)
{
    if (text_is_empty(text))
        return refuse(error, "it is empty");
    if (strnlen(text, LIMIT_URL + 1) > LIMIT_URL)
        return refuse(error, "it is too long");
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c <= 0x20 || *c >= 0x7f || *c == '\\' || *c == '#')
            return refuse(error, "it has a character that no URL may have");
    return THINGSPACE_OK;
}

static thingspace_status read_scheme(parts *out, const char **at, thingspace_error *error)
{
    out->https = text_starts_with_ignoring_case(*at, "https://");
    if (!out->https && !text_starts_with_ignoring_case(*at, "http://"))
        return refuse(error, "it begins with neither https:// nor http://");
    *at += out->https ? 8 : 7;
    out->port = out->https ? 443 : 80;
    return THINGSPACE_OK;
}

/* ":8443", ":*" or nothing. */
static thingspace_status read_port(parts *out, const char *text, size_t size,
                                   thingspace_error *error)
{
    unsigned port = 0;
    bool any = size == 2 && memcmp(text, ":*", 2) == 0;
    bool good = any || (size >= 2 && size <= 6 && *text == ':');
    if (size == 0)
        return THINGSPACE_OK;
    for (size_t i = 1; good && !any && i < size; i++) {
        good = text[i] >= '0' && text[i] <= '9';
        port = port * 10 + (unsigned)(text[i] - '0');
    }
    if (!good || port > 65535 || (port == 0 && !any))
        return refuse(error, "its port is neither * nor a number from 1 to 65535");
    out->port = port;
    return THINGSPACE_OK;
}

static thingspace_status read_host(parts *out, const char *text, size_t size,
                                   thingspace_error *error)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.:[]*";
    if (size == 0)
        return refuse(error, "it has no host");
    if (size >= sizeof(out->host))
        return refuse(error, "its host is too long");
    for (size_t i = 0; i < size; i++)
        out->host[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + 32) : text[i];
    out->host[size] = '\0';
    if (strspn(out->host, allowed) < size)
        return refuse(error, "its host has a character that no host has");
    return THINGSPACE_OK;
}

static size_t host_size(const char *text, size_t size)
{
    bool bracketed = text[0] == '[';
    const char *end = memchr(text, bracketed ? ']' : ':', size);
    return end ? (size_t)(end - text) + bracketed : size;
}

static thingspace_status read_pattern(parts *out, const char *text, thingspace_error *error)
{
    thingspace_status status = check_characters(text, error);
    if (status == THINGSPACE_OK)
        status = read_scheme(out, &text, error);
    if (status != THINGSPACE_OK)
        return status;
    size_t size = strcspn(text, "/?");
    size_t host = host_size(text, size);
    out->path = text + size;
    status = read_host(out, text, host, error);
    if (status == THINGSPACE_OK)
        status = read_port(out, text + host, size - host, error);
    if (status == THINGSPACE_OK && *out->path != '/')
        status = refuse(error, "it has no path");
    return status;
}

thingspace_status url_pattern_check(const char *pattern, thingspace_error *error)
{
    parts parts;
    return read_pattern(&parts, pattern, error);
}

/* --- Comparing --- */

/* Whether a server could take the path for another one. */
static bool path_is_ambiguous(const char *path)
{
    size_t end = strcspn(path, "?");
    for (size_t i = 0; i < end; i++)
        if (text_starts_with(path + i, "..") || path[i] == '\\' ||
            text_starts_with_ignoring_case(path + i, "%2e") ||
            text_starts_with_ignoring_case(path + i, "%5c"))
            return true;
    return false;
}

/* "" and "?query" mean the root: the first slash of the pattern stands for what is not written. */
static bool path_matches(const char *path, const char *pattern)
{
    pattern += *path != '/';
    return text_matches(path, pattern);
}

bool url_pattern_matches(const char *pattern, const char *url)
{
    parts parts;
    weburl read;
    if (read_pattern(&parts, pattern, NULL) != THINGSPACE_OK ||
        weburl_split(&read, url, NULL) != THINGSPACE_OK)
        return false;
    return parts.https == read.https && (parts.port == 0 || parts.port == read.port) &&
           text_matches(read.host, parts.host) && !path_is_ambiguous(read.path) &&
           path_matches(read.path, parts.path);
}
