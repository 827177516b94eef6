/* SPDX-License-Identifier: MIT */
/*
 * The checks, one row each: what is asked, whether a yes refuses or warns, and
 * what to say. The service's own rules are known from its pages only, and its own
 * examples break the one about ports: hence warnings. Owns nothing; any thread.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/listener_check.h"
#include "catalogue/weburl.h"

typedef struct candidate {
    const char *text; /* the URL */
    weburl url;
    const char *username, *password; /* never NULL */
    size_t username_size, password_size;
} candidate;

typedef struct check {
    const char *name;
    bool refuses;
    bool (*applies)(const candidate *listener);
    const char *text;
} check;

/* What the service answers with INPUT_INVALID.Request.InvalidCharacter. */
static bool has_refused_character(const char *text, size_t size)
{
    return memchr(text, '\'', size) || memchr(text, '<', size) || memchr(text, '\\', size);
}

static bool cannot_be_sent(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return true;
    return has_refused_character(text, size) || !text_is_utf8(text, size);
}

static size_t count_characters(const char *text, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

static bool url_has_refused_character(const candidate *listener)
{
    return has_refused_character(listener->text, strlen(listener->text));
}

static bool username_cannot_be_sent(const candidate *listener)
{
    return cannot_be_sent(listener->username, listener->username_size);
}

static bool password_cannot_be_sent(const candidate *listener)
{
    return cannot_be_sent(listener->password, listener->password_size);
}

static bool port_is_unusual(const candidate *listener)
{
    static const struct {
        unsigned first, last;
    } ranges[] = {{80, 80}, {443, 443}, {9001, 9006}, {28200, 28220}, {50551, 50559}};
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (listener->url.port >= ranges[i].first && listener->url.port <= ranges[i].last)
            return false;
    return true;
}

static bool host_is_private(const candidate *listener)
{
    host_kind kind = listener->url.kind;
    return kind == HOST_LOCAL_NAME || kind == HOST_LOOPBACK || kind == HOST_PRIVATE;
}

static bool is_plain_http(const candidate *listener)
{
    return !listener->url.https;
}

static bool username_is_long(const candidate *listener)
{
    return count_characters(listener->username, listener->username_size) >
           LIMIT_LISTENER_CREDENTIAL;
}

static bool password_is_long(const candidate *listener)
{
    return count_characters(listener->password, listener->password_size) >
           LIMIT_LISTENER_CREDENTIAL;
}

static const check checks[] = {
    {"characters", true, url_has_refused_character,
     "the URL has one of the characters ' and <, which ThingSpace refuses; percent-encode it"},
    {"characters", true, username_cannot_be_sent,
     "the listener's username has one of the characters ' < \\, a control character, or is not "
     "UTF-8; ThingSpace refuses it: choose another"},
    {"characters", true, password_cannot_be_sent,
     "the listener's password has one of the characters ' < \\, a control character, or is not "
     "UTF-8; ThingSpace refuses it: choose another"},
    {"port", false, port_is_unusual,
     "the URL's port is not one that ThingSpace is documented to reach (80, 443, 9001-9006, "
     "28200-28220, 50551-50559)"},
    {"private-host", false, host_is_private,
     "the URL's host is private or local; ThingSpace reaches public hosts only"},
    {"plain-http", false, is_plain_http,
     "the URL is plain http; messages, with the listener's password, travel readable"},
    {"length", false, username_is_long,
     "the listener's username is longer than the documented 40 characters"},
    {"length", false, password_is_long,
     "the listener's password is longer than the documented 40 characters"},
};

#define CHECK_COUNT (sizeof(checks) / sizeof(checks[0]))

static void warn_about(const candidate *listener, listener_warn_function *warn, void *user)
{
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        if (checks[i].refuses || !checks[i].applies(listener))
            continue;
        char line[256];
        snprintf(line, sizeof(line), "%s: %s", checks[i].name, checks[i].text);
        warn(user, line);
    }
}

thingspace_status listener_check(const char *url, const char *username,
                                 const thingspace_secret *password, listener_warn_function *warn,
                                 void *user, thingspace_error *error)
{
    candidate listener = {.text = url,
                          .username = username ? username : "",
                          .password = password ? secret_bytes(password) : "",
                          .password_size = password ? secret_size(password) : 0};
    listener.username_size = strlen(listener.username);
    thingspace_status status = weburl_split(&listener.url, url, error);
    if (status)
        return status;
    for (size_t i = 0; i < CHECK_COUNT; i++)
        if (checks[i].refuses && checks[i].applies(&listener))
            return error_set(error, THINGSPACE_USAGE, "%s", checks[i].text);
    if (warn)
        warn_about(&listener, warn, user);
    return THINGSPACE_OK;
}
