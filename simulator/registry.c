/* SPDX-License-Identifier: MIT */
/* See registry.h. */
#include <config.h>
#include <stdlib.h>
#include "base/text.h"
#include "answer.h"
#include "limits.h"
#include "registry.h"

struct registry *registry_new(const char *api, const char *account)
{
    struct registry *made = calloc(1, sizeof(*made));
    if (!made)
        return NULL;
    made->api = text_copy(api);
    made->account = text_copy(account);
    if (made->account && (made->api || !api))
        return made;
    registry_free(made);
    return NULL;
}

static void dispose_listener(struct listener *listener)
{
    free(listener->service);
    free(listener->url);
    free(listener->username);
    free(listener->password);
    json_free(listener->more);
}

void registry_free(void *value)
{
    struct registry *registry = value;
    if (!registry)
        return;
    for (size_t i = 0; i < registry->count; i++)
        dispose_listener(&registry->items[i]);
    free(registry->items);
    free(registry->api);
    free(registry->account);
    free(registry);
}

struct listener *registry_find(const struct registry *registry, const char *service)
{
    for (size_t i = 0; registry && i < registry->count; i++)
        if (text_equal(registry->items[i].service, service))
            return &registry->items[i];
    return NULL;
}

static bool copy_listener(struct listener *out, const thingspace_simulator_listener *from)
{
    out->service = text_copy(from->service);
    out->url = text_copy(from->url ? from->url : "");
    out->username = text_copy(from->username ? from->username : "");
    out->password = text_copy(from->password ? from->password : "");
    out->soap = from->soap != 0;
    out->more = NULL;
    if (out->service && out->url && out->username && out->password)
        return true;
    dispose_listener(out);
    return false;
}

static thingspace_status make_room(struct registry *registry)
{
    if (registry->count >= LIMIT_SIM_LISTENERS)
        return THINGSPACE_USAGE;
    struct listener *items = realloc(registry->items, (registry->count + 1) * sizeof(*items));
    if (!items)
        return THINGSPACE_MEMORY;
    registry->items = items;
    return THINGSPACE_OK;
}

thingspace_status registry_put(struct registry *registry, const thingspace_simulator_listener *from)
{
    struct listener copy;
    struct listener *older = registry_find(registry, from->service);
    thingspace_status status = older ? THINGSPACE_OK : make_room(registry);
    if (status)
        return status;
    if (!copy_listener(&copy, from))
        return THINGSPACE_MEMORY;
    if (older)
        dispose_listener(older);
    else
        older = &registry->items[registry->count++];
    *older = copy;
    return THINGSPACE_OK;
}

void registry_remove(struct registry *registry, struct listener *removed)
{
    struct listener *last = registry->items + registry->count - 1;
    dispose_listener(removed);
    for (; removed < last; removed++)
        removed[0] = removed[1];
    registry->count--;
}

static thingspace_status write_credential(json *object, const char *name, const char *value,
                                          bool omit_empty)
{
    if (omit_empty && text_is_empty(value))
        return THINGSPACE_OK;
    return answer_set(object, name, value);
}

/* In the state alone. */
static thingspace_status write_marks(json *object, const struct registry *registry,
                                     const struct listener *listener)
{
    thingspace_status status = THINGSPACE_OK;
    if (listener->soap)
        status = json_set(object, "soap", json_new_boolean(true));
    if (!status && registry->api)
        status = answer_set(object, "api", registry->api);
    return status;
}

static thingspace_status write_listener(json *object, const struct registry *registry,
                                        const struct listener *listener, bool omit_empty)
{
    thingspace_status status = answer_set(object, "accountName", registry->account);
    if (!status)
        status = answer_set(object, "serviceName", listener->service);
    if (!status)
        status = answer_set(object, "url", listener->url);
    if (!status)
        status = write_credential(object, "username", listener->username, omit_empty);
    if (!status)
        status = write_credential(object, "password", listener->password, omit_empty);
    return status ? status : write_marks(object, registry, listener);
}

thingspace_status registry_write(const struct registry *registry, json *array, bool all,
                                 bool omit_empty)
{
    for (size_t i = 0; i < registry->count; i++) {
        if (registry->items[i].soap && !all)
            continue;
        json *object = json_new_object();
        thingspace_status status =
            object ? write_listener(object, registry, &registry->items[i], omit_empty)
                   : THINGSPACE_MEMORY;
        if (status) {
            json_free(object);
            return status;
        }
        status = json_append(array, object);
        if (status)
            return status;
    }
    return THINGSPACE_OK;
}
