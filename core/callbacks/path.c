/* SPDX-License-Identifier: MIT */
/* See path.h. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "callbacks/path.h"
#include "callbacks/query.h"
#include "catalogue/account.h"
#include "catalogue/api.h"
#include "http/url.h"

static thingspace_status set(request *out, buffer *path, thingspace_error *error)
{
    if (path->status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (path->status != THINGSPACE_OK)
        return error_set(error, THINGSPACE_USAGE, "the path is longer than %d bytes", LIMIT_URL);
    return request_set_path(out, buffer_text(path), error);
}

/* `service` NULL: all of the account. */
static thingspace_status set_callbacks(request *out, const api_row *api, const char *account,
                                       const char *service, thingspace_error *error)
{
    cleanup_buffer buffer path;
    buffer_init(&path, LIMIT_URL);
    buffer_append_text(&path, API_CALLBACKS_PATH);
    if (api->account_in_path) {
        buffer_append_byte(&path, '/');
        account_encode(&path, account);
    }
    if (api->service_in_path && service) {
        buffer_append_text(&path, API_CALLBACKS_NAME);
        url_encode(&path, service);
    }
    return set(out, &path, error);
}

static thingspace_status set_account_query(request *out, const api_row *api, const char *account,
                                           thingspace_error *error)
{
    return api->account_query ? request_set_query(out, api->account_query, account, error)
                              : THINGSPACE_OK;
}

thingspace_status path_set_callbacks(request *out, const api_row *api, const char *account,
                                     thingspace_error *error)
{
    thingspace_status status = set_callbacks(out, api, account, NULL, error);
    return status == THINGSPACE_OK ? set_account_query(out, api, account, error) : status;
}

thingspace_status path_set_register(request *out, const api_row *api, const char *account,
                                    thingspace_error *error)
{
    return api->account_member ? set_callbacks(out, api, account, NULL, error)
                               : path_set_callbacks(out, api, account, error);
}

thingspace_status path_set_listener(request *out, const api_row *api, const char *account,
                                    const char *service, thingspace_error *error)
{
    thingspace_status status = set_callbacks(out, api, account, service, error);
    if (status == THINGSPACE_OK)
        status = set_account_query(out, api, account, error);
    if (status == THINGSPACE_OK && api->service_query)
        status = request_set_query(out, api->service_query, service, error);
    return status;
}

/* A dot as RFC 3986 reads it, plain or encoded: how many characters it takes, 0 for none. */
static size_t dot_at(const char *text)
{
    if (text[0] == '.')
        return 1;
    return text[0] == '%' && text[1] == '2' && (text[2] == 'e' || text[2] == 'E') ? 3 : 0;
}

/* Whether the segment that begins here is "." or "..": it would leave the API base. */
static bool is_dot_segment(const char *segment)
{
    size_t first = dot_at(segment);
    if (first == 0)
        return false;
    segment += first;
    segment += dot_at(segment);
    return *segment == '\0' || *segment == '/' || *segment == '?';
}

static const char *problem_of(const char *path)
{
    if (!path || path[0] != '/')
        return "must begin with /";
    for (const char *at = path; *at && *at != '?'; at++)
        if (*at == '/' && is_dot_segment(at + 1))
            return "must not have a segment . or ..";
    for (const unsigned char *at = (const unsigned char *)path; *at; at++)
        if (*at <= ' ' || *at >= 0x7f || strchr("#\\\"<>^`|", *at))
            return "has a character that must be percent-encoded";
    return NULL;
}

static void expand(buffer *out, const char *path, const char *account)
{
    static const char mark[] = "{account}";
    const char *found;
    while ((found = strstr(path, mark)) != NULL) {
        buffer_append(out, path, (size_t)(found - path));
        account_encode(out, account);
        path = found + sizeof(mark) - 1;
    }
    buffer_append_text(out, path);
}

/* Where the query begins; NULL: there is none. The path ends there now. */
static const char *cut_query(buffer *text)
{
    char *mark = text->data ? strchr(text->data, '?') : NULL;
    if (!mark)
        return NULL;
    *mark = '\0';
    return mark + 1;
}

thingspace_status path_set_free(request *out, const char *path, const char *account,
                                thingspace_error *error)
{
    const char *problem = problem_of(path);
    if (problem)
        return error_set(error, THINGSPACE_USAGE, "path '%s' %s", path ? path : "", problem);
    cleanup_buffer buffer expanded;
    buffer_init(&expanded, LIMIT_URL);
    expand(&expanded, path, account);
    if (strpbrk(buffer_text(&expanded), "{}"))
        return error_set(error, THINGSPACE_USAGE, "path '%s': only {account} is expanded", path);
    const char *query = cut_query(&expanded);
    thingspace_status status = set(out, &expanded, error);
    return status == THINGSPACE_OK && query ? query_set(out, query, error) : status;
}
