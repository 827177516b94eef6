/* SPDX-License-Identifier: MIT */
/*
 * The listeners declared for one account, kept sorted by service and API so that plans and
 * tests see one order whatever the script's tables do. Owns its texts and one
 * reference of each secret's source; one thread at a time.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/api_table.h"
#include "catalogue/url_template.h"
#include "policy/desired.h"

#define LEAST_KEY   16 /* bytes */
#define TOKEN_BYTES 24
#define TOKEN_TEXT  (TOKEN_BYTES / 3 * 4 + 1)

static void dispose_listener(desired_listener *listener)
{
    free(listener->service);
    free(listener->url);
    free(listener->username);
    secret_source_free(listener->token);
    secret_source_free(listener->password);
    memset(listener, 0, sizeof(*listener));
}

void desired_listeners_dispose(desired_listeners *listeners)
{
    if (!listeners)
        return;
    for (size_t i = 0; i < listeners->count; i++)
        dispose_listener(&listeners->items[i]);
    free(listeners->items);
    listeners->items = NULL;
    listeners->count = 0;
}

static bool copy_listener(desired_listener *out, const desired_listener *from)
{
    out->service = text_copy(from->service);
    out->url = text_copy(from->url);
    out->username = text_copy(from->username);
    out->token = from->token ? secret_source_ref(from->token) : NULL;
    out->password = from->password ? secret_source_ref(from->password) : NULL;
    out->password_registered = from->password_registered;
    out->group = from->group;
    out->api = from->api;
    return out->service && out->url && (out->username || !from->username);
}

static int compare(const desired_listener *a, const desired_listener *b)
{
    int order = strcmp(a->service, b->service);
    return order ? order : strcmp(a->api ? a->api : "", b->api ? b->api : "");
}

/* Where it is or belongs. */
static size_t find_place(const desired_listeners *listeners, const desired_listener *wanted,
                         bool *found)
{
    size_t at = 0;
    int order = -1;
    while (at < listeners->count && (order = compare(&listeners->items[at], wanted)) < 0)
        at++;
    *found = at < listeners->count && order == 0;
    return at;
}

static bool grow(desired_listeners *listeners)
{
    size_t size = (listeners->count + 1) * sizeof(*listeners->items);
    desired_listener *items = realloc(listeners->items, size);
    if (items)
        listeners->items = items;
    return items != NULL;
}

thingspace_status desired_listeners_add(desired_listeners *listeners, const desired_listener *from,
                                        thingspace_error *error)
{
    bool found;
    size_t at = find_place(listeners, from, &found);
    if (found)
        return error_set(error, THINGSPACE_POLICY, "%s is declared twice: keep one", from->service);
    if (listeners->count >= LIMIT_DESIRED_LISTENERS)
        return error_set(error, THINGSPACE_POLICY,
                         "more than %d listeners for one account: declare fewer",
                         LIMIT_DESIRED_LISTENERS);
    desired_listener copy = {0};
    if (!copy_listener(&copy, from) || !grow(listeners)) {
        dispose_listener(&copy);
        return error_memory(error);
    }
    memmove(&listeners->items[at + 1], &listeners->items[at],
            (listeners->count - at) * sizeof(*listeners->items));
    listeners->items[at] = copy;
    listeners->count++;
    return THINGSPACE_OK;
}

/* --- Templates --- */

static thingspace_status expand_url(char **url, const url_values *values, thingspace_error *error)
{
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_URL);
    thingspace_status status = url_template_expand(&text, *url, values);
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (status != THINGSPACE_OK)
        return error_set(error, THINGSPACE_USAGE,
                         "the URL is longer than %d bytes when it is expanded; shorten it",
                         LIMIT_URL);
    free(*url);
    *url = buffer_take(&text);
    return THINGSPACE_OK;
}

thingspace_status desired_listeners_expand(desired_listeners *listeners, const char *account,
                                           thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < listeners->count && status == THINGSPACE_OK; i++) {
        desired_listener *listener = &listeners->items[i];
        const url_values values = {.account = account, .service = listener->service};
        if (!url_template_is(listener->url))
            continue;
        status = expand_url(&listener->url, &values, error);
        if (status == THINGSPACE_USAGE)
            status =
                error_set(error, THINGSPACE_POLICY, "%s: %s", listener->service, error->message);
    }
    return status;
}

static thingspace_status check_token(const desired_listener *listener, thingspace_error *error)
{
    if (listener->token || !url_template_wants_token(listener->url))
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_USAGE,
                     "the URL has {token} and no secret for it: add token = "
                     "thingspace.secret.file(\"url.key\")");
}

/*
 * The line "API ACCOUNT SERVICE" is signed: others can compute it again, and no part has a blank.
 * Of the 32 bytes 24 are used, which base64 makes 32 characters.
 */
static thingspace_status make_token(char out[TOKEN_TEXT], const desired_listener *listener,
                                    const char *account, const thingspace_secret *key,
                                    thingspace_error *error)
{
    uint8_t digest[SECRET_DIGEST_SIZE];
    const api_row *api;
    thingspace_status status = api_row_find(&api, listener->api, error);
    if (status != THINGSPACE_OK)
        return status;
    cleanup_text char *line = text_format("%s %s %s", api->info.name, account, listener->service);
    if (!line)
        return error_memory(error);
    secret_sign(digest, key, line, strlen(line));
    secret_encode(out, TOKEN_TEXT, digest, TOKEN_BYTES);
    return THINGSPACE_OK;
}

static thingspace_status read_key(thingspace_secret **out, const desired_listener *listener,
                                  const log_target *log, thingspace_error *error)
{
    thingspace_status status = secret_source_resolve(listener->token, out, log, error);
    if (status != THINGSPACE_OK || secret_size(*out) >= LEAST_KEY)
        return status;
    return error_set(error, THINGSPACE_AUTH,
                     "the secret of {token} (%s) has fewer than %d bytes: make one with "
                     "`openssl rand -hex 32`",
                     secret_source_description(listener->token), LEAST_KEY);
}

static thingspace_status resolve_token(char **url, const desired_listener *listener,
                                       const char *account, const log_target *log,
                                       thingspace_error *error)
{
    cleanup_secret thingspace_secret *key = NULL;
    char token[TOKEN_TEXT];
    const url_values values = {.token = token, .last = true};
    thingspace_status status = check_token(listener, error);
    if (status == THINGSPACE_OK)
        status = read_key(&key, listener, log, error);
    if (status == THINGSPACE_OK)
        status = make_token(token, listener, account, key, error);
    return status == THINGSPACE_OK ? expand_url(url, &values, error) : status;
}

thingspace_status desired_listener_url(char **out, const desired_listener *listener,
                                       const char *account, const log_target *log,
                                       thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    cleanup_text char *url = text_copy(listener->url);
    *out = NULL;
    if (!url)
        return error_memory(error);
    if (url_template_wants_token(url))
        status = resolve_token(&url, listener, account, log, error);
    else if (url_template_is(url))
        status = expand_url(&url, &(url_values){.last = true}, error);
    if (status == THINGSPACE_OK) {
        *out = url;
        url = NULL;
    }
    return status;
}

/* --- Checking --- */

typedef struct warning_way {
    desired_warn_function *warn;
    void *user;
    const char *service;
} warning_way;

static void pass_warning(void *user, const char *text)
{
    const warning_way *way = user;
    way->warn(way->user, way->service, text);
}

thingspace_status desired_listener_check_sendable(const desired_listener *listener,
                                                  thingspace_error *error)
{
    const listener_facts facts = {.url = listener->url, .username = listener->username};
    bool has_password = listener->password || listener->password_registered;
    const api_row *api;
    thingspace_status status = api_row_find(&api, listener->api, error);
    if (status == THINGSPACE_OK)
        status = api_row_check_service(api, listener->service, error);
    if (status == THINGSPACE_OK)
        status = api_row_check_credentials(api, listener->username, has_password, error);
    if (status == THINGSPACE_OK && url_template_is(listener->url))
        status = url_template_check(listener->url, error);
    if (status == THINGSPACE_OK)
        status = check_token(listener, error);
    return status == THINGSPACE_OK ? listener_check_sendable(&facts, error) : status;
}

static void warn_of_service(const desired_listener *listener, warning_way *way)
{
    char doubt[API_SERVICE_DOUBT];
    const api_row *api;
    if (way->warn && api_row_find(&api, listener->api, NULL) == THINGSPACE_OK &&
        api_row_doubt_service(doubt, api, listener->service))
        pass_warning(way, doubt);
}

thingspace_status desired_listener_check(const desired_listener *listener,
                                         const listener_levels *levels, desired_warn_function *warn,
                                         void *user, thingspace_error *error)
{
    const listener_facts facts = {
        .url = listener->url, .username = listener->username, .levels = levels};
    warning_way way = {warn, user, listener->service};
    thingspace_status status = desired_listener_check_sendable(listener, error);
    if (status != THINGSPACE_OK)
        return status;
    warn_of_service(listener, &way);
    return listener_check(&facts, warn ? pass_warning : NULL, &way, error);
}
