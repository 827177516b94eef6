/* SPDX-License-Identifier: MIT */
/*
 * See policy_diff_plugins.h. An instance is known by its name and its owner; what its row says
 * becomes a flat object, "priority", "options.NAME" and the like.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "catalogue/sensitive.h"
#include "client/policy_diff_plugins.h"

#define MASK "***"

/* ---- what a row says ---- */

static policy *owner_of(const generation *generation, const instance *instance)
{
    policy *policy = generation_policy(generation);
    for (size_t i = 0; instance->tenant && i < policy_tenant_count(policy); i++)
        if (text_equal(policy_tenant_at(policy, i)->name, instance->tenant))
            return policy_tenant_at(policy, i)->own;
    return policy;
}

/* NULL for what --plugin or the program added. */
static const plugin_row *row_of(const generation *generation, const instance *instance)
{
    const policy *policy = owner_of(generation, instance);
    if (instance->row >= policy_plugin_count(policy))
        return NULL;
    const plugin_row *row = policy_plugin_at(policy, instance->row);
    return text_equal(row->place, instance->place) ? row : NULL;
}

static void put_option(json *facts, const char *option, json *value, thingspace_status *status)
{
    cleanup_text char *name = text_format("options.%s", option);
    if (name)
        json_put(facts, name, value, status);
    else
        json_free(value);
    if (!name)
        *status = THINGSPACE_MEMORY;
}

static void put_options(json *facts, const plugin_row *row, thingspace_status *status)
{
    for (const json *option = json_first(row->options); option; option = json_next(option))
        put_option(facts, json_name(option), json_copy(option), status);
    for (size_t i = 0; i < map_count(row->secrets); i++)
        put_option(facts, map_key(row->secrets, i),
                   json_new_string(secret_source_description(map_value(row->secrets, i))), status);
}

static void put_limit(json *facts, const char *name, unsigned long long limit,
                      thingspace_status *status)
{
    if (limit > 0)
        json_put(facts, name, json_new_integer((long long)limit), status);
}

void policy_diff_put_limits(json *facts, const plugin_limits *limits, thingspace_status *status)
{
    put_limit(facts, "limits.deadline_ms", (unsigned long long)limits->deadline_ms, status);
    put_limit(facts, "limits.instructions", limits->instructions, status);
    put_limit(facts, "limits.memory_bytes", limits->memory_bytes, status);
    put_limit(facts, "limits.allocation_bytes", limits->allocation_bytes, status);
    put_limit(facts, "limits.log_lines", limits->log_lines, status);
}

static json *make_facts(const generation *generation, const instance *instance,
                        thingspace_status *status)
{
    json *facts = json_new_object();
    const plugin_row *row = row_of(generation, instance);
    const char *plugin = row ? row->plugin : instance->manifest.name;
    json_put(facts, "plugin", json_new_string(plugin), status);
    json_put(facts, "version", json_new_string(instance->manifest.version), status);
    json_put(facts, "priority", json_new_integer(instance->priority), status);
    json_put(facts, "on_error", json_new_string(on_error_name(instance->on_error)), status);
    json_put(facts, "required", json_new_boolean(instance->required), status);
    json_put(facts, "grant", capability_json(instance->granted), status);
    if (row)
        put_options(facts, row, status);
    if (row)
        policy_diff_put_limits(facts, &row->limits, status);
    return facts;
}

/* ---- instances ---- */

static const instance *find(const generation *generation, const instance *like)
{
    for (size_t i = 0; i < generation_instance_count(generation); i++) {
        const instance *instance = generation_instance(generation, i);
        if (text_equal(instance->name, like->name) && text_equal(instance->tenant, like->tenant))
            return instance;
    }
    return NULL;
}

static json *name_json(const instance *instance, thingspace_status *status)
{
    json *object = json_new_object();
    json_put(object, "instance", json_new_string(instance->name), status);
    json_put_text(object, "tenant", instance->tenant, status);
    json_put(object, "plugin", json_new_string(instance->manifest.name), status);
    return object;
}

/* Those of `from` that `other` does not have. */
static json *missing_json(const generation *from, const generation *other,
                          thingspace_status *status)
{
    json *list = json_new_array();
    for (size_t i = 0; i < generation_instance_count(from); i++)
        if (!find(other, generation_instance(from, i)))
            json_add(list, name_json(generation_instance(from, i), status), status);
    return list;
}

/* They were compared with their passwords; those that are written in an option stay there. */
static json *masked(const json *value, const char *name, thingspace_status *status)
{
    bool option = text_starts_with(name, "options.");
    if (option && json_string(value) && sensitive_member(name + strlen("options.")))
        return json_new_string(MASK);
    json *copy = json_copy(value);
    if (option && copy && sensitive_mark(copy) != THINGSPACE_OK)
        *status = THINGSPACE_MEMORY;
    return copy;
}

static void mask(json *fields, thingspace_status *status)
{
    for (const json *at = json_first(fields); at; at = json_next(at)) {
        json *field = (json *)at;
        const char *name = json_get_string(field, "name");
        json *from = masked(json_get(field, "from"), name, status);
        json *to = masked(json_get(field, "to"), name, status);
        json_put(field, "from", from, status);
        json_put(field, "to", to, status);
    }
}

static json *changed_json(const generation *old, const generation *new,
                          const facts_folders *folders, thingspace_status *status)
{
    json *list = json_new_array();
    for (size_t i = 0; i < generation_instance_count(new); i++) {
        const instance *after = generation_instance(new, i), *before = find(old, after);
        if (!before)
            continue;
        cleanup_json json *from = make_facts(old, before, status);
        cleanup_json json *to = make_facts(new, after, status);
        json *fields = json_new_array();
        facts_compare_places(fields, from, to, folders, status);
        if (json_count(fields) == 0) {
            json_free(fields);
            continue;
        }
        mask(fields, status);
        json *object = name_json(after, status);
        json_put(object, "fields", fields, status);
        json_add(list, object, status);
    }
    return list;
}

/* ---- their order ---- */

static int by_turn(const void *a, const void *b)
{
    const instance *one = *(const instance *const *)a, *other = *(const instance *const *)b;
    if (one->priority != other->priority)
        return one->priority < other->priority ? -1 : 1;
    return (one->row > other->row) - (one->row < other->row);
}

/* The names of the tenant's (NULL: the operator's) instances that `other` has too, as their turns
 * are in a request. */
static json *turns_json(const generation *from, const generation *other, const char *tenant,
                        thingspace_status *status)
{
    size_t count = 0, most = generation_instance_count(from);
    const instance **items = malloc((most + 1) * sizeof(const instance *));
    json *list = json_new_array();
    for (size_t i = 0; items && i < most; i++) {
        const instance *instance = generation_instance(from, i);
        if (text_equal(instance->tenant, tenant) && find(other, instance))
            items[count++] = instance;
    }
    if (items)
        qsort(items, count, sizeof(*items), by_turn);
    else
        *status = THINGSPACE_MEMORY;
    for (size_t i = 0; i < count; i++)
        json_add(list, json_new_string(items[i]->name), status);
    free(items);
    return list;
}

static void compare_order(json *list, const generation *old, const generation *new,
                          const char *tenant, thingspace_status *status)
{
    cleanup_json json *fields = json_new_array(), *from = json_new_object(),
                      *to = json_new_object();
    json_put(from, "order", turns_json(old, new, tenant, status), status);
    json_put(to, "order", turns_json(new, old, tenant, status), status);
    facts_compare(fields, from, to, status);
    if (json_count(fields) == 0)
        return;
    json *object = json_new_object();
    json_put_text(object, "tenant", tenant, status);
    json_put(object, "from", json_copy(json_get(from, "order")), status);
    json_put(object, "to", json_copy(json_get(to, "order")), status);
    json_add(list, object, status);
}

static json *order_json(const generation *old, const generation *new, thingspace_status *status)
{
    json *list = json_new_array();
    const policy *policy = generation_policy(new);
    compare_order(list, old, new, NULL, status);
    for (size_t i = 0; i < policy_tenant_count(policy); i++)
        compare_order(list, old, new, policy_tenant_at(policy, i)->name, status);
    return list;
}

json *policy_diff_plugins(const generation *old, const generation *new,
                          const facts_folders *folders, thingspace_status *status)
{
    json *object = json_new_object();
    json_put(object, "added", missing_json(new, old, status), status);
    json_put(object, "removed", missing_json(old, new, status), status);
    json_put(object, "changed", changed_json(old, new, folders, status), status);
    json_put(object, "order", order_json(old, new, status), status);
    return object;
}
