/* SPDX-License-Identifier: MIT */
/*
 * The plugin instances of a client and the order in which their hooks run, as JSON
 * (thingspace_plugin_list). No network; on the client's thread.
 */
#include <config.h>
#include <stdio.h>
#include <thingspace/plugins.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "client/client.h"

static json *integer_json(unsigned long long value)
{
    return json_new_integer((long long)value);
}

static json *instance_json(const instance *instance, size_t place, thingspace_status *status)
{
    const manifest *manifest = &instance->manifest;
    int64_t rests = instance->rests_until_ms - clock_monotonic_ms();
    json *row = json_new_object();
    json_put(row, "plugin", json_new_string(manifest->name), status);
    json_put(row, "instance", json_new_string(instance->name), status);
    json_put(row, "version", json_new_string(manifest->version), status);
    json_put_text(row, "file", instance->file, status);
    json_put_text(row, "tenant", instance->tenant, status);
    json_put(row, "row", integer_json(place + 1), status);
    json_put(row, "priority", integer_json(instance->priority), status);
    json_put(row, "onError", json_new_string(on_error_name(instance->on_error)), status);
    json_put(row, "required", json_new_boolean(instance->required), status);
    json_put(row, "capabilities", capability_json(instance->granted), status);
    json_put(row, "hooks", phase_set_json(manifest->hooks), status);
    json_put(row, "runs", integer_json(instance->runs), status);
    json_put(row, "failures", integer_json(instance->failures), status);
    json_put(row, "skipped", integer_json(instance->skipped), status);
    if (rests > 0)
        json_put(row, "restsMs", json_new_integer(rests), status);
    return row;
}

/* What this process added has no row; its place is behind all rows of the operator. */
static json *instances_json(const generation *generation, thingspace_status *status)
{
    json *array = json_new_array();
    size_t first = 0; /* of the same owner */
    for (size_t i = 0; i < generation_instance_count(generation); i++) {
        const instance *instance = generation_instance(generation, i);
        if (!text_equal(instance->tenant, generation_instance(generation, first)->tenant))
            first = i;
        json_add(array, instance_json(instance, i - first, status), status);
    }
    return array;
}

/* ---- the order ---- */

/* What put the instance where it is, for somebody who expected it elsewhere. */
static json *why_json(const instance *instance, phase phase, bool tenants)
{
    char text[200], row[40];
    const phase_traits *traits = phase_of(phase);
    if (text_starts_with(instance->place, "--plugin "))
        snprintf(row, sizeof(row), "from --plugin");
    else if (!instance->file)
        snprintf(row, sizeof(row), "added by the program");
    else
        snprintf(row, sizeof(row), "row %zu", instance->row + 1);
    snprintf(text, sizeof(text), "priority %u%s, %s%s%s", instance->priority,
             instance->priority == PLUGIN_PRIORITY_DEFAULT ? " (the default)" : "", row,
             traits->reverse ? ", last one first" : "",
             !tenants               ? ""
             : traits->tenant_first ? ", the operator's after the tenant's"
                                    : ", the operator's before the tenant's");
    return json_new_string(text);
}

static json *place_json(const instance *instance, phase phase, bool tenants,
                        thingspace_status *status)
{
    json *object = json_new_object();
    json_put(object, "instance", json_new_string(instance->name), status);
    json_put_text(object, "tenant", instance->tenant, status);
    json_put(object, "priority", integer_json(instance->priority), status);
    json_put(object, "why", why_json(instance, phase, tenants), status);
    return object;
}

static json *phase_json(const chain *chain, phase phase, const tenant *tenant,
                        thingspace_status *status)
{
    const chain_phase *hooks = &chain->phases[phase];
    json *object = json_new_object(), *array = json_new_array();
    for (size_t i = 0; i < hooks->count; i++)
        json_add(array, place_json(hooks->items[i], phase, tenant != NULL, status), status);
    if (tenant)
        json_put(object, "tenant", json_new_string(tenant->name), status);
    json_put(object, "phase", json_new_string(phase_of(phase)->name), status);
    json_put(object, "instances", array, status);
    return object;
}

/* Of one owner's calls: a tenant's, or (NULL) the operator's. */
static void add_order(json *array, const generation *generation, const tenant *tenant,
                      thingspace_status *status)
{
    const chain *chain = generation_chain(generation, tenant);
    for (int phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++)
        if (chain_has(chain, phase))
            json_add(array, phase_json(chain, phase, tenant, status), status);
}

static json *order_json(const generation *generation, thingspace_status *status)
{
    const policy *policy = generation_policy(generation);
    json *array = json_new_array();
    add_order(array, generation, NULL, status);
    for (size_t i = 0; i < policy_tenant_count(policy); i++)
        add_order(array, generation, policy_tenant_at(policy, i), status);
    return array;
}

/* Of tenants whose script or plugins do not load: their rows are in none of the lists. */
static json *errors_json(const policy *policy, thingspace_status *status)
{
    json *array = json_new_array();
    for (size_t i = 0; i < policy_tenant_count(policy); i++) {
        const tenant *tenant = policy_tenant_at(policy, i);
        thingspace_error error = tenant->broken;
        if (error.kind == THINGSPACE_OK)
            continue;
        tenant_name_error(tenant, &error);
        json *object = json_new_object();
        json_put(object, "tenant", json_new_string(tenant->name), status);
        json_put(object, "message", json_new_string(error.message), status);
        json_put(object, "script", json_new_string(tenant->script), status);
        if (error.line > 0)
            json_put(object, "line", json_new_integer(error.line), status);
        json_add(array, object, status);
    }
    return array;
}

static thingspace_status write_list(const generation *generation, char **out,
                                    thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    cleanup_json json *document = json_new_object();
    json_put(document, "instances", instances_json(generation, &status), &status);
    json_put(document, "order", order_json(generation, &status), &status);
    json_put(document, "errors", errors_json(generation_policy(generation), &status), &status);
    if (status == THINGSPACE_OK)
        status = json_write_text(out, document);
    return status == THINGSPACE_OK ? status : error_memory(error);
}

thingspace_status thingspace_plugin_list(thingspace_client *client, char **out,
                                         thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = write_list(client->generation, out, error);
    client_leave(client);
    return status;
}
