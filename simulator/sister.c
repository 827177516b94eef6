/* SPDX-License-Identifier: MIT */
/*
 * See sister.h. From vendor pages and SDKs: bases, places, names and shapes, the signing key in a
 * header of the answer. Open, and made up here: that header's name ("Shared-Key..." is all that is
 * seen of it), a POST for an account of v2 and v3 that has a listener, a PUT for one that has none.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/text.h"
#include "body.h"
#include "decode.h"
#include "sister.h"

#define KEY_HEADER "Shared-Key"
#define KEY_DIGITS 64

enum removal {
    REMOVAL_SUCCESS, /* {"success":true} */
    REMOVAL_NOTHING,
    REMOVAL_LISTENER, /* as it was listed */
};

/* How a listener is shown; NULL: that member is not. */
struct shape {
    const char *account, *service, *url;
    bool credentials;
};

struct sister {
    const char *name, *base;
    const char *account_query, *service_query; /* NULL: they are in the path */
    const char *account_member;                /* of the body of a POST; NULL: not there */
    const char *service_member;
    const char *url_member;
    const char *only; /* the one listener of an account; NULL: a name for each */
    bool credentials, headers, signs;
    struct shape reply, item;
    bool reply_is_list;
    enum removal removal;
};

static const struct sister sisters[] = {
    {.name = "location",
     .base = "/api/loc/v1",
     .service_member = "name",
     .url_member = "url",
     .signs = true,
     .reply = {.account = "account", .service = "name"},
     .item = {.service = "name", .url = "url"}},
    {.name = "hyper-precise",
     .base = "/api/hyper-precise/v1",
     .account_query = "accountNumber",
     .service_query = "service",
     .service_member = "name",
     .url_member = "url",
     .reply = {.account = "aname", .service = "name", .url = "url"},
     .item = {.account = "aname", .service = "name", .url = "url"},
     .reply_is_list = true,
     .removal = REMOVAL_NOTHING},
    {.name = "diagnostics",
     .base = "/api/diagnostics/v1",
     .account_query = "accountName",
     .service_query = "serviceName",
     .account_member = "accountName",
     .service_member = "serviceName",
     .url_member = "endpoint",
     .headers = true,
     .signs = true,
     .reply = {.account = "accountName", .service = "serviceName", .url = "endpoint"},
     .item = {.account = "accountName", .service = "serviceName", .url = "endpoint"},
     .removal = REMOVAL_LISTENER},
    {.name = "software-v1",
     .base = "/api/fota/v1",
     .service_member = "name",
     .url_member = "url",
     .credentials = true,
     .reply = {.account = "accountName", .service = "serviceName"},
     .item = {.account = "aname", .service = "name", .url = "url", .credentials = true}},
    {.name = "software-v2",
     .base = "/api/fota/v2",
     .url_member = "url",
     .only = "Fota",
     .reply = {.url = "url"},
     .item = {.url = "url"}},
    {.name = "software-v3",
     .base = "/api/fota/v3",
     .url_member = "url",
     .only = "Fota",
     .reply = {.url = "url"},
     .item = {.url = "url"}},
};

#define SISTER_COUNT (sizeof(sisters) / sizeof(sisters[0]))

const struct sister *sister_find(const char *name)
{
    for (size_t i = 0; i < SISTER_COUNT; i++)
        if (text_equal(sisters[i].name, name))
            return &sisters[i];
    return NULL;
}

const struct sister *sister_of_path(const char *path)
{
    for (size_t i = 0; i < SISTER_COUNT; i++)
        if (text_starts_with(path, sisters[i].base) && path[strlen(sisters[i].base)] == '/')
            return &sisters[i];
    return NULL;
}

size_t sister_base_size(const char *path)
{
    const struct sister *found = sister_of_path(path);
    return found ? strlen(found->base) : 0;
}

bool sister_has_query(const struct sister *sister)
{
    return sister->account_query != NULL;
}

bool sister_has_method(const struct sister *sister, const struct request *request,
                       const char *service)
{
    bool removes = sister->only ? !service : service != NULL;
    if (request_is(request, "DELETE"))
        return removes;
    if (service && !sister_has_query(sister))
        return false;
    return request_is(request, "GET") || request_is(request, "POST") ||
           (sister->only && request_is(request, "PUT"));
}

thingspace_status sister_read_query(const struct sister *sister, const struct request *request,
                                    char **account, char **service)
{
    thingspace_status status = decode_field(account, request->query, sister->account_query);
    if (!status)
        status = decode_field(service, request->query, sister->service_query);
    if (!status && !*account && !(*account = text_copy("")))
        status = THINGSPACE_MEMORY;
    return status;
}

/* ---- what is shown ---- */

static thingspace_status show_more(json *object, const struct listener *listener)
{
    thingspace_status status = THINGSPACE_OK;
    for (const json *member = json_first(listener->more); member; member = json_next(member))
        json_put(object, json_name(member), json_copy(member), &status);
    return status;
}

static json *show(const struct shape *shape, const struct registry *registry,
                  const struct listener *listener)
{
    json *object = json_new_object();
    thingspace_status status = THINGSPACE_OK;
    if (shape->account)
        json_put(object, shape->account, json_new_string(registry->account), &status);
    if (shape->service)
        json_put(object, shape->service, json_new_string(listener->service), &status);
    if (shape->url)
        json_put(object, shape->url, json_new_string(listener->url), &status);
    if (shape->credentials) {
        json_put(object, "username", json_new_string(listener->username), &status);
        json_put(object, "password", json_new_string(listener->password), &status);
    }
    if (!status)
        status = show_more(object, listener);
    if (!status)
        return object;
    json_free(object);
    return NULL;
}

static thingspace_status answer_shown(struct answer *answer, json *shown, bool in_list)
{
    cleanup_json json *document = shown;
    if (in_list) {
        json *list = json_new_array();
        thingspace_status status = THINGSPACE_OK;
        json_add(list, shown, &status);
        document = list;
        if (status)
            return status;
    }
    return document ? answer_json(answer, 200, document) : THINGSPACE_MEMORY;
}

static thingspace_status list(const struct sister *sister, const struct registry *registry,
                              struct answer *answer)
{
    if (!registry || registry->count == 0)
        return answer_empty(answer, 200);
    if (sister->only)
        return answer_shown(answer, show(&sister->item, registry, registry->items), false);
    cleanup_json json *array = json_new_array();
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < registry->count; i++)
        json_add(array, show(&sister->item, registry, &registry->items[i]), &status);
    return status ? status : answer_json(answer, 200, array);
}

/* ---- register ---- */

static json *made_at(void)
{
    char text[40];
    time_t now = (time_t)(clock_wall_ms() / 1000);
    struct tm parts;
    gmtime_r(&now, &parts);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return json_new_string(text);
}

static thingspace_status keep_more(const struct sister *sister, struct listener *listener,
                                   const json *body)
{
    if (!sister->headers)
        return THINGSPACE_OK;
    const json *headers = json_get(body, "httpHeaders");
    thingspace_status status = THINGSPACE_OK;
    listener->more = json_new_object();
    if (headers)
        json_put(listener->more, "httpHeaders", json_copy(headers), &status);
    json_put(listener->more, "createdOn", made_at(), &status);
    return status;
}

static thingspace_status add_key(struct answer *answer)
{
    char key[KEY_DIGITS + 1];
    decode_random_hex(key, KEY_DIGITS);
    return pairs_add(&answer->headers, KEY_HEADER, key);
}

static thingspace_status confirm(const struct callbacks *callbacks, const struct sister *sister,
                                 const thingspace_simulator_listener *made, const json *body,
                                 struct answer *answer)
{
    struct registry *registry;
    thingspace_status status = callbacks_find(callbacks, sister->name, made->account, &registry);
    if (status)
        return status;
    struct listener *listener = registry_find(registry, made->service);
    status = keep_more(sister, listener, body);
    if (!status)
        status =
            answer_shown(answer, show(&sister->reply, registry, listener), sister->reply_is_list);
    return !status && sister->signs ? add_key(answer) : status;
}

static void read_listener(thingspace_simulator_listener *out, const struct sister *sister,
                          const json *body, const char *account)
{
    *out = (thingspace_simulator_listener)THINGSPACE_SIMULATOR_LISTENER_INIT;
    out->api = sister->name;
    out->account = account;
    if (sister->account_member)
        out->account = json_get_string(body, sister->account_member);
    out->service = sister->only ? sister->only : json_get_string(body, sister->service_member);
    out->url = json_get_string(body, sister->url_member);
    out->username = sister->credentials ? json_get_string(body, "username") : NULL;
    out->password = sister->credentials ? json_get_string(body, "password") : NULL;
    out->account = out->account ? out->account : "";
}

static thingspace_status post(struct callbacks *callbacks, const struct sister *sister,
                              const struct request *request, const char *account,
                              const struct user *user, struct answer *answer)
{
    cleanup_json json *body = NULL;
    thingspace_simulator_listener listener;
    bool good;
    thingspace_status status = body_read(request, &body, answer);
    if (status || !body)
        return status;
    read_listener(&listener, sister, body, account);
    status = callbacks_check_account(request, listener.account, user, &good, answer);
    if (!good)
        return status;
    if (text_is_empty(listener.service) || text_is_empty(listener.url))
        return body_refuse(answer, "the service's name and its URL are required");
    status = callbacks_register(callbacks, &listener, user, &good, answer);
    return good ? confirm(callbacks, sister, &listener, body, answer) : status;
}

/* What is there makes way, whatever a second POST does. */
static thingspace_status put(struct callbacks *callbacks, const struct sister *sister,
                             const struct request *request, const char *account,
                             const struct registry *registry, const struct user *user,
                             struct answer *answer)
{
    if (!registry || registry->count == 0)
        return callbacks_refuse_absent(answer);
    bool refuses = callbacks->refuse_second_post;
    callbacks->refuse_second_post = false;
    thingspace_status status = post(callbacks, sister, request, account, user, answer);
    callbacks->refuse_second_post = refuses;
    return status;
}

/* ---- remove ---- */

static thingspace_status answer_success(struct answer *answer)
{
    cleanup_json json *object = json_new_object();
    thingspace_status status = THINGSPACE_OK;
    json_put(object, "success", json_new_boolean(true), &status);
    return status ? status : answer_json(answer, 200, object);
}

static thingspace_status remove_listener(const struct callbacks *callbacks,
                                         const struct sister *sister, struct registry *registry,
                                         const char *service, struct answer *answer)
{
    struct listener *found = registry_find(registry, service);
    json *shown = NULL;
    if (!found && !callbacks->confirm_absent_delete)
        return callbacks_refuse_absent(answer);
    if (found && sister->removal == REMOVAL_LISTENER &&
        !(shown = show(&sister->item, registry, found)))
        return THINGSPACE_MEMORY;
    if (found)
        registry_remove(registry, found);
    if (shown)
        return answer_shown(answer, shown, false);
    return sister->removal == REMOVAL_NOTHING ? answer_empty(answer, 200) : answer_success(answer);
}

thingspace_status sister_operate(struct callbacks *callbacks, const struct sister *sister,
                                 const struct request *request, const char *account,
                                 const char *service, const struct user *user,
                                 struct answer *answer)
{
    if (request_is(request, "POST"))
        return post(callbacks, sister, request, account, user, answer);
    struct registry *registry;
    bool good;
    thingspace_status status = callbacks_check_account(request, account, user, &good, answer);
    if (!good)
        return status;
    status = callbacks_find(callbacks, sister->name, account, &registry);
    if (status)
        return status;
    if (request_is(request, "PUT"))
        return put(callbacks, sister, request, account, registry, user, answer);
    if (request_is(request, "DELETE"))
        return remove_listener(callbacks, sister, registry, sister->only ? sister->only : service,
                               answer);
    return list(sister, registry, answer);
}
