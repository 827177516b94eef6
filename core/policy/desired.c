/* SPDX-License-Identifier: MIT */
/*
 * The listeners declared for one account, kept sorted by service so that plans and
 * tests see one order whatever the script's tables do. Owns its texts and one
 * reference of each password source; one thread at a time.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/api_table.h"
#include "catalogue/listener_check.h"
#include "policy/desired.h"

static void dispose_listener(desired_listener *listener)
{
    free(listener->service);
    free(listener->url);
    free(listener->username);
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
    out->password = from->password ? secret_source_ref(from->password) : NULL;
    out->password_registered = from->password_registered;
    out->api = from->api;
    return out->service && out->url && (out->username || !from->username);
}

/* Where the service is or belongs. */
static size_t find_place(const desired_listeners *listeners, const char *service, bool *found)
{
    size_t at = 0;
    int order = -1;
    while (at < listeners->count && (order = strcmp(listeners->items[at].service, service)) < 0)
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
    size_t at = find_place(listeners, from->service, &found);
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

thingspace_status desired_listener_check(const desired_listener *listener,
                                         desired_warn_function *warn, void *user,
                                         thingspace_error *error)
{
    warning_way way = {warn, user, listener->service};
    bool has_password = listener->password || listener->password_registered;
    const api_row *api;
    thingspace_status status = api_row_find(&api, listener->api, error);
    if (status == THINGSPACE_OK)
        status = api_row_check_service(api, listener->service, error);
    if (status == THINGSPACE_OK)
        status = api_row_check_credentials(api, listener->username, has_password, error);
    if (status == THINGSPACE_OK)
        status = listener_check(listener->url, listener->username, NULL, warn ? pass_warning : NULL,
                                &way, error);
    return status;
}
