/* SPDX-License-Identifier: MIT */
/*
 * See policy_diff_tenants.h. What a row says becomes a flat object, "urls", "secrets.NAME" and the
 * like. The order of a list means nothing: lists are compared sorted.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "client/policy_diff_plugins.h"
#include "client/policy_diff_tenants.h"

/* ---- what a row says ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts `items`. */
static json *texts_json(const char **items, size_t count, thingspace_status *status)
{
    json *list = json_new_array();
    qsort(items, count, sizeof(*items), by_text);
    for (size_t i = 0; i < count; i++)
        json_add(list, json_new_string(items[i]), status);
    return list;
}

static json *list_json(const tenant_list *list, thingspace_status *status)
{
    const char **items = malloc((list->count + 1) * sizeof(*items));
    if (!items) {
        *status = THINGSPACE_MEMORY;
        return NULL;
    }
    for (size_t i = 0; i < list->count; i++)
        items[i] = list->items[i];
    json *made = texts_json(items, list->count, status);
    free(items);
    return made;
}

static void put_named(json *facts, const char *group, const char *member, json *value,
                      thingspace_status *status)
{
    cleanup_text char *name = text_format("%s.%s", group, member);
    if (name)
        json_put(facts, name, value, status);
    else
        json_free(value);
    if (!name)
        *status = THINGSPACE_MEMORY;
}

static json *make_facts(const tenant *tenant, thingspace_status *status)
{
    json *facts = json_new_object();
    json_put(facts, "script", json_new_string(tenant->script), status);
    json_put(facts, "accounts", list_json(&tenant->accounts, status), status);
    json_put(facts, "endpoints", list_json(&tenant->endpoints, status), status);
    json_put(facts, "credentials", list_json(&tenant->credentials, status), status);
    json_put(facts, "urls", list_json(&tenant->urls, status), status);
    for (size_t i = 0; i < map_count(tenant->secrets); i++)
        put_named(facts, "secrets", map_key(tenant->secrets, i),
                  json_new_string(secret_source_description(map_value(tenant->secrets, i))),
                  status);
    for (size_t i = 0; i < map_count(tenant->plugins); i++) {
        const capability_set *rights = map_value(tenant->plugins, i);
        put_named(facts, "plugins", map_key(tenant->plugins, i), capability_json(*rights), status);
    }
    policy_diff_put_limits(facts, &tenant->limits, status);
    return facts;
}

/* ---- comparing ---- */

static const tenant *find(const policy *policy, const char *name)
{
    for (size_t i = 0; i < policy_tenant_count(policy); i++)
        if (text_equal(policy_tenant_at(policy, i)->name, name))
            return policy_tenant_at(policy, i);
    return NULL;
}

/* Those of `from` that `other` does not have. */
static json *missing_json(const policy *from, const policy *other, thingspace_status *status)
{
    json *list = json_new_array();
    for (size_t i = 0; i < policy_tenant_count(from); i++)
        if (!find(other, policy_tenant_at(from, i)->name))
            json_add(list, json_new_string(policy_tenant_at(from, i)->name), status);
    return list;
}

static void compare_tenant(json *list, const facts_folders *folders, const tenant *before,
                           const tenant *after, thingspace_status *status)
{
    cleanup_json json *from = make_facts(before, status), *to = make_facts(after, status);
    cleanup_json json *fields = json_new_array();
    facts_compare_places(fields, from, to, folders, status);
    if (json_count(fields) == 0)
        return;
    json *object = json_new_object();
    json_put(object, "name", json_new_string(after->name), status);
    json_put(object, "fields", fields, status);
    fields = NULL;
    json_add(list, object, status);
}

static json *changed_json(const policy *old, const policy *new, const facts_folders *folders,
                          thingspace_status *status)
{
    json *list = json_new_array();
    for (size_t i = 0; i < policy_tenant_count(new); i++) {
        const tenant *after = policy_tenant_at(new, i), *before = find(old, after->name);
        if (before)
            compare_tenant(list, folders, before, after, status);
    }
    return list;
}

json *policy_diff_tenants(const policy *old, const policy *new, const facts_folders *folders,
                          thingspace_status *status)
{
    json *object = json_new_object();
    json_put(object, "added", missing_json(new, old, status), status);
    json_put(object, "removed", missing_json(old, new, status), status);
    json_put(object, "changed", changed_json(old, new, folders, status), status);
    return object;
}

/* ---- owns ---- */

static json *owned_json(const policy *policy, thingspace_status *status)
{
    size_t count = policy_owned_count(policy);
    const char **items = malloc((count + 1) * sizeof(*items));
    if (!items) {
        *status = THINGSPACE_MEMORY;
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        items[i] = policy_owned(policy, i);
    json *made = texts_json(items, count, status);
    free(items);
    return made;
}

json *policy_diff_owns(const policy *old, const policy *new, thingspace_status *status)
{
    cleanup_json json *fields = json_new_array();
    cleanup_json json *from = json_new_object(), *to = json_new_object();
    json_put(from, "owns", owned_json(old, status), status);
    json_put(to, "owns", owned_json(new, status), status);
    facts_compare(fields, from, to, status);
    if (json_count(fields) == 0)
        return NULL;
    json *object = json_new_object();
    json_put(object, "from", json_copy(json_get(from, "owns")), status);
    json_put(object, "to", json_copy(json_get(to, "owns")), status);
    return object;
}
