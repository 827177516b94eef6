/* SPDX-License-Identifier: MIT */
/*
 * The checks, one row for each test: what is asked, its level when nobody chose one, and what to
 * say. The service's own rules are known from its pages only, and its own examples break the one
 * about ports: hence warnings. Owns nothing; any thread.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/text.h"
#include "catalogue/listener_check.h"
#include "catalogue/weburl.h"

/* ---- levels ---- */

/* In the order of listener_levels. */
enum { CHARACTERS, PORT, PRIVATE_HOST, PLAIN_HTTP, LENGTH, CREDENTIALS };
static const char *const names[LISTENER_CHECKS] = {
    [CHARACTERS] = "characters", [PORT] = "port",     [PRIVATE_HOST] = "private-host",
    [PLAIN_HTTP] = "plain-http", [LENGTH] = "length", [CREDENTIALS] = "credentials",
};

static const char *const level_names[] = {NULL, "ignore", "warn", "refuse"};

/* LISTENER_CHECKS: there is none of that name. */
static size_t find_check(const char *name)
{
    size_t at = 0;
    while (at < LISTENER_CHECKS && !text_equal(names[at], name))
        at++;
    return at;
}

static thingspace_status refuse_check(const char *name, thingspace_error *error)
{
    const char *near = nearest_name(name, names, LISTENER_CHECKS);
    if (near)
        return error_set(error, THINGSPACE_USAGE, "there is no check '%.40s'; did you mean '%s'?",
                         name, near);
    return error_set(error, THINGSPACE_USAGE,
                     "there is no check '%.40s'; known are: characters, port, private-host, "
                     "plain-http, length, credentials",
                     name);
}

thingspace_status listener_levels_set(listener_levels *levels, const char *check, const char *level,
                                      thingspace_error *error)
{
    size_t at = find_check(check);
    if (at == LISTENER_CHECKS)
        return refuse_check(check, error);
    for (unsigned char i = LISTENER_IGNORE; i <= LISTENER_REFUSE; i++) {
        if (!text_equal(level, level_names[i]))
            continue;
        levels->of[at] = i;
        return THINGSPACE_OK;
    }
    return error_set(error, THINGSPACE_USAGE, "%s must be \"refuse\", \"warn\" or \"ignore\"",
                     check);
}

listener_level listener_levels_get(const listener_levels *levels, const char *check)
{
    return levels ? (listener_level)levels->of[find_check(check)] : LISTENER_DEFAULT;
}

json *listener_levels_json(const listener_levels *levels)
{
    json *object = json_new_object();
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < LISTENER_CHECKS; i++)
        if (levels->of[i] != LISTENER_DEFAULT)
            json_put(object, names[i], json_new_string(level_names[levels->of[i]]), &status);
    if (status == THINGSPACE_OK)
        return object;
    json_free(object);
    return NULL;
}

void listener_levels_override(listener_levels *levels, const listener_levels *nearer)
{
    for (size_t i = 0; i < LISTENER_CHECKS; i++)
        if (nearer->of[i] != LISTENER_DEFAULT)
            levels->of[i] = nearer->of[i];
}

/* Where a check's default stands: one refuses, that of credentials does both. */
static int strictness(size_t check, unsigned char level)
{
    static const int of_level[] = {0, 0, 1, 3};
    if (level != LISTENER_DEFAULT)
        return of_level[level];
    return check == CHARACTERS ? 3 : check == CREDENTIALS ? 2 : 1;
}

void listener_levels_tighten(listener_levels *levels, const listener_levels *other)
{
    for (size_t i = 0; i < LISTENER_CHECKS; i++)
        if (other->of[i] != LISTENER_DEFAULT &&
            strictness(i, other->of[i]) > strictness(i, levels->of[i]))
            levels->of[i] = other->of[i];
}

/* ---- the tests ---- */

typedef struct candidate {
    const listener_facts *facts;
    weburl url;
    const char *username, *password; /* never NULL */
    size_t username_size, password_size;
} candidate;

typedef struct check {
    size_t name;          /* into `names` */
    listener_level level; /* its default */
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
    return !text_is_utf8(text, size);
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
    return has_refused_character(listener->facts->url, strlen(listener->facts->url));
}

static bool username_has_refused_character(const candidate *listener)
{
    return has_refused_character(listener->username, listener->username_size);
}

static bool password_has_refused_character(const candidate *listener)
{
    return has_refused_character(listener->password, listener->password_size);
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

static bool password_is_that_of_uws(const candidate *listener)
{
    const listener_facts *facts = listener->facts;
    return facts->uws_password && secret_size(facts->uws_password) > 0 &&
           (secret_equal(facts->password, facts->uws_password) ||
            secret_equal_text(facts->uws_password, listener->username));
}

static bool username_is_that_of_uws(const candidate *listener)
{
    const listener_facts *facts = listener->facts;
    return facts->uws_username && secret_size(facts->uws_username) > 0 &&
           secret_equal_text(facts->uws_username, listener->username);
}

static const check checks[] = {
    {CHARACTERS, LISTENER_REFUSE, url_has_refused_character,
     "the URL has one of the characters ' < \\, which ThingSpace refuses; percent-encode it"},
    {CHARACTERS, LISTENER_REFUSE, username_has_refused_character,
     "the listener's username has one of the characters ' < \\, which ThingSpace refuses; choose "
     "another"},
    {CHARACTERS, LISTENER_REFUSE, password_has_refused_character,
     "the listener's password has one of the characters ' < \\, which ThingSpace refuses; choose "
     "another"},
    {PORT, LISTENER_WARN, port_is_unusual,
     "the URL's port is not one that ThingSpace is documented to reach (80, 443, 9001-9006, "
     "28200-28220, 50551-50559)"},
    {PRIVATE_HOST, LISTENER_WARN, host_is_private,
     "the URL's host is private or local; ThingSpace reaches public hosts only"},
    {PLAIN_HTTP, LISTENER_WARN, is_plain_http,
     "the URL is plain http; messages, with the listener's password, travel readable"},
    {LENGTH, LISTENER_WARN, username_is_long,
     "the listener's username is longer than the documented 40 characters"},
    {LENGTH, LISTENER_WARN, password_is_long,
     "the listener's password is longer than the documented 40 characters"},
    {CREDENTIALS, LISTENER_REFUSE, password_is_that_of_uws,
     "the listener has the UWS password of the account's credential, which would go to whoever "
     "receives the messages; choose another"},
    {CREDENTIALS, LISTENER_WARN, username_is_that_of_uws,
     "the listener's username is the UWS username of the account's credential; choose another"},
};

#define CHECK_COUNT (sizeof(checks) / sizeof(checks[0]))

/* ---- running them ---- */

static thingspace_status read_candidate(candidate *out, const listener_facts *facts,
                                        thingspace_error *error)
{
    *out = (candidate){.facts = facts,
                       .username = facts->username ? facts->username : "",
                       .password = facts->password ? secret_bytes(facts->password) : "",
                       .password_size = facts->password ? secret_size(facts->password) : 0};
    out->username_size = strlen(out->username);
    bool bad_username = cannot_be_sent(out->username, out->username_size);
    thingspace_status status = weburl_read(&out->url, facts->url, error);
    if (status == THINGSPACE_OK &&
        (bad_username || cannot_be_sent(out->password, out->password_size)))
        status = error_set(error, THINGSPACE_USAGE,
                           "the listener's %s has a control character, or is not UTF-8; it cannot "
                           "be sent: choose another",
                           bad_username ? "username" : "password");
    return status;
}

thingspace_status listener_check_sendable(const listener_facts *facts, thingspace_error *error)
{
    candidate listener;
    return read_candidate(&listener, facts, error);
}

static listener_level level_of(const check *check, const candidate *listener)
{
    const listener_levels *levels = listener->facts->levels;
    listener_level chosen = levels ? (listener_level)levels->of[check->name] : LISTENER_DEFAULT;
    return chosen == LISTENER_DEFAULT ? check->level : chosen;
}

static bool complains(const check *check, const candidate *listener, listener_level level)
{
    return level_of(check, listener) == level && check->applies(listener);
}

static thingspace_status refuse(const check *check, thingspace_error *error)
{
    const char *name = names[check->name];
    bool plain = !strchr(name, '-');
    return error_set(error, THINGSPACE_USAGE,
                     "%s; or allow it in the policy with checks = { %s%s%s = \"warn\" }",
                     check->text, plain ? "" : "[\"", name, plain ? "" : "\"]");
}

static void warn_about(const candidate *listener, listener_warn_function *warn, void *user)
{
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        char line[256];
        if (!complains(&checks[i], listener, LISTENER_WARN))
            continue;
        snprintf(line, sizeof(line), "%s: %s", names[checks[i].name], checks[i].text);
        warn(user, line);
    }
}

thingspace_status listener_check(const listener_facts *facts, listener_warn_function *warn,
                                 void *user, thingspace_error *error)
{
    candidate listener;
    thingspace_status status = read_candidate(&listener, facts, error);
    if (status != THINGSPACE_OK)
        return status;
    for (size_t i = 0; i < CHECK_COUNT; i++)
        if (complains(&checks[i], &listener, LISTENER_REFUSE))
            return refuse(&checks[i], error);
    if (warn)
        warn_about(&listener, warn, user);
    return THINGSPACE_OK;
}
