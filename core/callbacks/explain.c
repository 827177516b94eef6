/* SPDX-License-Identifier: MIT */
/*
 * What hooks would do to a call, as JSON (thingspace_plugin_explain): a dry run, told from its
 * result. It is here because it takes a request by its operation. On the client's thread.
 */
#include <config.h>
#include <string.h>
#include <thingspace/plugins.h>
#include "base/error.h"
#include "callbacks/start.h"
#include "client/client.h"
#include "client/result.h"

static const char *const operation_names[] = {
    [THINGSPACE_REGISTER] = "register",
    [THINGSPACE_LIST] = "list",
    [THINGSPACE_DEREGISTER] = "deregister",
    [THINGSPACE_CALL] = "call",
};

static void put_text(json *object, const char *name, const char *text, thingspace_status *status)
{
    if (text && text[0])
        json_put(object, name, json_new_string(text), status);
}

static json *error_json(const thingspace_error *error, thingspace_status *status)
{
    json *object = json_new_object();
    put_text(object, "kind", thingspace_status_name(error->kind), status);
    put_text(object, "message", error->message, status);
    if (error->http_status)
        json_put(object, "status", json_new_integer(error->http_status), status);
    put_text(object, "code", error->code, status);
    put_text(object, "account", error->account, status);
    put_text(object, "plugin", error->plugin, status);
    put_text(object, "instance", error->instance, status);
    put_text(object, "tenant", error->tenant, status);
    put_text(object, "phase", error->phase, status);
    put_text(object, "file", error->file, status);
    if (error->line)
        json_put(object, "line", json_new_integer(error->line), status);
    return object;
}

/* Method, URL, headers and body, as far as the call came. */
static void put_preview(json *object, const thingspace_result *result, thingspace_status *status)
{
    static const char *const names[] = {"method", "url", "headers", "body"};
    cleanup_json json *preview = NULL;
    if (!result->preview)
        return;
    if (json_parse_own(&preview, result->preview, strlen(result->preview), NULL) != THINGSPACE_OK)
        *status = THINGSPACE_MEMORY;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        json_put(object, names[i], json_copy(json_get(preview, names[i])), status);
}

static tenant *find_tenant(const generation *generation, const char *account)
{
    tenant *tenant = NULL;
    (void)policy_tenant_of(generation_policy(generation), account, &tenant, NULL);
    return tenant;
}

/* Hooks that only an answer or the end of the call would make run. */
static json *not_run_json(const generation *generation, const tenant *tenant,
                          thingspace_status *status)
{
    static const phase phases[] = {PHASE_RESPONSE, PHASE_ERROR, PHASE_AUDIT};
    const chain *chain = generation_chain(generation, tenant);
    json *array = json_new_array();
    for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
        const chain_phase *hooks = chain_has(chain, phases[i]) ? &chain->phases[phases[i]] : NULL;
        for (size_t k = 0; hooks && k < hooks->count; k++) {
            const instance *instance = hooks->items[k];
            json *object = json_new_object();
            put_text(object, "plugin", instance->manifest.name, status);
            put_text(object, "instance", instance->name, status);
            put_text(object, "tenant", instance->tenant, status);
            put_text(object, "phase", phase_of(phases[i])->name, status);
            json_add(array, object, status);
        }
    }
    return array;
}

static thingspace_status write_answer(const generation *generation, char **out,
                                      const thingspace_result *result,
                                      thingspace_operation operation, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    const tenant *tenant = find_tenant(generation, result->account);
    cleanup_json json *document = json_new_object();
    json_put(document, "accountName", json_new_string(result->account), &status);
    json_put(document, "operation", json_new_string(operation_names[operation]), &status);
    put_text(document, "api", api_row_name(result->api), &status);
    put_text(document, "tenant", tenant ? tenant->name : NULL, &status);
    put_preview(document, result, &status);
    json_put(document, "hooks", result->trace ? json_copy(result->trace) : json_new_array(),
             &status);
    json_put(document, "notRun", not_run_json(generation, tenant, &status), &status);
    if (result->status != THINGSPACE_OK)
        json_put(document, "error", error_json(&result->error, &status), &status);
    if (status == THINGSPACE_OK)
        status = json_write_text(out, document);
    return status == THINGSPACE_OK ? status : error_memory(error);
}

/* What hooks do to a call is an answer, a failure among it; that no hook was asked is none. */
static bool is_answer(thingspace_status status, const thingspace_result *result)
{
    if (status == THINGSPACE_OK)
        return true;
    bool of_hooks = status != THINGSPACE_MEMORY && status != THINGSPACE_CANCELLED;
    return of_hooks && result && result->trace && json_count(result->trace) > 0;
}

static thingspace_status explain(thingspace_client *client, char **out,
                                 const thingspace_request *request, thingspace_error *error)
{
    cleanup_generation generation *kept = generation_ref(client->generation);
    thingspace_result *result = NULL;
    thingspace_status status = start_perform(client, &result, request, THINGSPACE_DRY_RUN, error);
    if (is_answer(status, result)) {
        error_clear(error);
        status = write_answer(kept, out, result, request->operation, error);
    }
    thingspace_result_free(result);
    return status;
}

thingspace_status thingspace_plugin_explain(thingspace_client *client, char **out,
                                            const thingspace_request *request,
                                            thingspace_error *error)
{
    *out = NULL;
    if (!request)
        return error_set(error, THINGSPACE_USAGE, "no request was given");
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = explain(client, out, request, error);
    client_leave(client);
    return status;
}
