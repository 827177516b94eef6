/* SPDX-License-Identifier: MIT */
/*
 * What the policy decides for every account, and all that is wrong, as JSON. No network,
 * no secret; on the client's thread.
 */
#include <config.h>
#include <stdlib.h>
#include <thingspace/policy.h>
#include "base/error.h"
#include "base/text.h"
#include "client/client.h"
#include "client/policy_ask.h"
#include "plugin/search.h"
#include "policy/row_names.h"

/* The accounts of a tenant. */
typedef struct tally {
    long long accounts, failed;
} tally;

typedef struct check {
    policy *policy;
    json *decisions, *warnings, *errors;
    const char *account, *service; /* what is looked at; NULL: none */
    tenant *tenant;                /* the same */
    policy_asker asker;
    map *decided;            /* name of a tenant -> tally * */
    map *misspelt;           /* names of members of rows, each told once */
    const char *plugin_path; /* borrowed; NULL: the built-in one */
    long long listeners;
    bool failed; /* the account */
    size_t failures, broken;
    thingspace_status status;
} check;

static json *note(check *check, json *list, const char *message)
{
    json *object = json_new_object();
    json_put_text(object, "accountName", check->account, &check->status);
    if (check->tenant)
        json_put(object, "tenant", json_new_string(check->tenant->name), &check->status);
    json_put_text(object, "serviceName", check->service, &check->status);
    json_put(object, "message", json_new_string(message), &check->status);
    json_add(list, object, &check->status);
    return check->status == THINGSPACE_OK ? object : NULL;
}

static void warn(void *user, const char *service, const char *text)
{
    check *self = user;
    self->service = service;
    note(self, self->warnings, text);
}

/* `after` may be NULL. */
static void fail(check *check, const thingspace_error *error, const char *after)
{
    check->failed = true;
    json *object = note(check, check->errors, error->message);
    if (object)
        json_put_text(object, "after", after, &check->status);
    if (object)
        policy_asker_put_error(object, check->policy, check->tenant, error, &check->status);
}

static void check_listener(check *check, const desired_listener *listener,
                           const listener_levels *levels)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    check->service = listener->service;
    if (desired_listener_check(listener, levels, warn, check, &error) != THINGSPACE_OK)
        fail(check, &error, NULL);
    check->service = NULL;
    check->listeners++;
}

static void note_decision(check *check, const decision *decision, size_t listeners)
{
    thingspace_status *status = &check->status;
    json *object = json_new_object();
    json_put(object, "accountName", json_new_string(check->account), status);
    json_put(object, "endpoint", json_new_string(decision->endpoint->name), status);
    json_put(object, "credential", json_new_string(decision->credential->name), status);
    json_put(object, "script", json_new_string(policy_script_of(check->policy, decision)), status);
    if (decision->tenant)
        json_put(object, "tenant", json_new_string(decision->tenant->name), status);
    json_put(object, "listeners", json_new_integer((long long)listeners), status);
    json_add(check->decisions, object, status);
}

static void check_account(check *check)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    decision decision = {0};
    desired_listeners listeners = {0};
    const char *after;
    thingspace_status status = policy_asker_ask(&check->asker, check->account, check->tenant,
                                                &decision, &listeners, &after, &error);
    for (size_t i = 0; status == THINGSPACE_OK && i < listeners.count; i++)
        check_listener(check, &listeners.items[i], &decision.checks);
    if (status == THINGSPACE_OK)
        note_decision(check, &decision, listeners.count);
    else if (status == THINGSPACE_MEMORY)
        check->status = status;
    else
        fail(check, &error, after);
    desired_listeners_dispose(&listeners);
    decision_dispose(&decision);
}

static json *endpoint_names(const policy *policy, thingspace_status *status)
{
    json *array = json_new_array();
    for (size_t i = 0; i < policy_endpoint_count(policy); i++)
        json_add(array, json_new_string(policy_endpoint_at(policy, i)->name), status);
    return array;
}

static json *credential_names(const policy *policy, thingspace_status *status)
{
    json *array = json_new_array();
    for (size_t i = 0; i < policy_credential_count(policy); i++)
        json_add(array, json_new_string(policy_credential_at(policy, i)->name), status);
    return array;
}

/* Of the present account's tenant; NULL: the operator's, or out of memory. */
static tally *find_tally(check *check)
{
    tally *found = check->tenant ? map_get(check->decided, check->tenant->name) : NULL;
    if (!check->tenant || found)
        return found;
    found = calloc(1, sizeof(*found));
    if (found && map_set(check->decided, check->tenant->name, found) == THINGSPACE_OK)
        return found;
    free(found);
    check->status = THINGSPACE_MEMORY;
    return NULL;
}

/* The present account, which was decided. */
static void count_account(check *check)
{
    tally *tally = find_tally(check);
    check->failures += check->failed;
    if (!tally)
        return;
    tally->accounts++;
    tally->failed += check->failed;
}

/* A column is misspelt for all rows. */
static void warn_of_member(void *user, const char *name, const char *meant)
{
    check *self = user;
    if (map_get(self->misspelt, name))
        return;
    cleanup_text char *text = text_format("the member (or column) '%.64s' of its row decides "
                                          "nothing; did you mean '%s'?",
                                          name, meant);
    if (!text || map_set(self->misspelt, name, self) != THINGSPACE_OK)
        self->status = THINGSPACE_MEMORY;
    else
        note(self, self->warnings, text);
}

static void check_row(check *check)
{
    row_names_check(policy_row(check->policy, check->account), warn_of_member, check);
    if (check->tenant && check->tenant->own)
        row_names_check(policy_row(check->tenant->own, check->account), warn_of_member, check);
}

static void check_all(check *check)
{
    size_t count = policy_account_count(check->policy);
    for (size_t i = 0; i < count && check->status == THINGSPACE_OK; i++) {
        tenant *tenant = NULL;
        check->account = policy_account(check->policy, i);
        (void)policy_tenant_of(check->policy, check->account, &tenant, NULL);
        check->tenant = tenant;
        check->failed = false;
        check_row(check);
        check_account(check);
        count_account(check);
    }
    check->account = NULL;
}

/* ---- tenants ---- */

static json *tenants_json(const check *check, thingspace_status *status)
{
    json *array = json_new_array();
    for (size_t i = 0; i < policy_tenant_count(check->policy); i++) {
        const tenant *tenant = policy_tenant_at(check->policy, i);
        const tally *tally = map_get(check->decided, tenant->name);
        json *object = json_new_object();
        json_put(object, "tenant", json_new_string(tenant->name), status);
        json_put(object, "script", json_new_string(tenant->script), status);
        json_put(object, "accounts", json_new_integer(tally ? tally->accounts : 0), status);
        if (tally && tally->failed > 0)
            json_put(object, "failed", json_new_integer(tally->failed), status);
        json_add(array, object, status);
    }
    return array;
}

static bool matches_any(const check *check, size_t pattern)
{
    for (size_t i = 0; i < policy_account_count(check->policy); i++)
        if (tenant_pattern_matches(check->tenant, pattern, policy_account(check->policy, i)))
            return true;
    return false;
}

static void warn_text(check *check, char *text)
{
    cleanup_text char *held = text;
    if (held)
        note(check, check->warnings, held);
    else
        check->status = THINGSPACE_MEMORY;
}

/* The first pattern for nothing: looking at all of them may take long. */
static void check_patterns(check *check)
{
    const tenant *tenant = check->tenant;
    size_t i = 0;
    if (policy_account_count(check->policy) == 0)
        return;
    while (i < tenant->accounts.count && matches_any(check, i))
        i++;
    if (i < tenant->accounts.count)
        warn_text(check, text_format("accounts: '%.64s' matches no declared account; it is a glob, "
                                     "in which * stands for any text and all else for itself",
                                     tenant->accounts.items[i]));
}

/* A name that nothing has, or that its script does not use: mostly a typing error. */
static void check_grant(check *check, const char *plugin)
{
    cleanup_text char *file = NULL;
    cleanup_plugin_row plugin_row *row = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_status status = plugin_row_new(&row, plugin, "plugins");
    if (status == THINGSPACE_OK && !search_is_file(plugin))
        status = search_plugin(&file, row, check->plugin_path, &error);
    if (status == THINGSPACE_MEMORY)
        check->status = status;
    else if (status != THINGSPACE_OK)
        note(check, check->warnings, error.message);
    else
        warn_text(check, text_format("plugins: '%.64s' is granted, and its script has no row for "
                                     "it",
                                     plugin));
}

static void check_rights(check *check)
{
    for (size_t i = 0; i < policy_tenant_count(check->policy); i++) {
        tenant *tenant = check->tenant = policy_tenant_at(check->policy, i);
        if (tenant->broken.kind != THINGSPACE_OK)
            continue;
        check_patterns(check);
        for (size_t k = 0; k < map_count(tenant->plugins); k++)
            if (!tenant_uses(tenant, map_key(tenant->plugins, k)))
                check_grant(check, map_key(tenant->plugins, k));
    }
    check->tenant = NULL;
}

/* Each once, whether it has accounts or not. */
static void check_tenants(check *check)
{
    for (size_t i = 0; i < policy_tenant_count(check->policy); i++) {
        check->tenant = policy_tenant_at(check->policy, i);
        thingspace_error error = check->tenant->broken;
        if (error.kind == THINGSPACE_OK)
            continue;
        tenant_name_error(check->tenant, &error);
        fail(check, &error, NULL);
        check->broken++;
    }
}

static thingspace_status judge(const check *check, thingspace_error *error)
{
    if (check->failures > 0)
        return error_set(error, THINGSPACE_POLICY, "the policy fails for %zu of its accounts",
                         check->failures);
    if (check->broken > 0)
        return error_set(error, THINGSPACE_POLICY, "the policy fails for %zu of its tenants",
                         check->broken);
    return THINGSPACE_OK;
}

/* The document takes the three lists; "tenants" is there when there are any. */
static thingspace_status write_report(check *check, char **out)
{
    const policy *policy = check->policy;
    thingspace_status *status = &check->status;
    cleanup_json json *document = json_new_object();
    json_put(document, "name", json_new_string(policy_name(policy)), status);
    json_put(document, "script", json_new_string(policy_script(policy)), status);
    json_put(document, "endpoints", endpoint_names(policy, status), status);
    json_put(document, "credentials", credential_names(policy, status), status);
    json_put(document, "accounts", json_new_integer((long long)policy_account_count(policy)),
             status);
    if (check->failures > 0)
        json_put(document, "failed", json_new_integer((long long)check->failures), status);
    json_put(document, "listeners", json_new_integer(check->listeners), status);
    if (policy_tenant_count(policy) > 0)
        json_put(document, "tenants", tenants_json(check, status), status);
    json_put(document, "decisions", check->decisions, status);
    json_put(document, "warnings", check->warnings, status);
    json_put(document, "errors", check->errors, status);
    return *status == THINGSPACE_OK ? json_write_text(out, document) : *status;
}

static thingspace_status check_policy(thingspace_client *client, char **out,
                                      thingspace_error *error)
{
    cleanup_generation generation *kept = generation_ref(client->generation);
    check check = {
        .policy = generation_policy(kept),
        .plugin_path = client->source.plugin_path,
        .decisions = json_new_array(),
        .warnings = json_new_array(),
        .errors = json_new_array(),
    };
    check.status = policy_asker_init(&check.asker, kept);
    if (check.status == THINGSPACE_OK)
        check.status = map_new(&check.decided, free);
    if (check.status == THINGSPACE_OK)
        check.status = map_new(&check.misspelt, NULL);
    check_tenants(&check);
    check_all(&check);
    check_rights(&check);
    thingspace_status status = write_report(&check, out);
    policy_asker_dispose(&check.asker);
    map_free(check.decided);
    map_free(check.misspelt);
    return status == THINGSPACE_OK ? judge(&check, error) : error_memory(error);
}

thingspace_status thingspace_policy_check(thingspace_client *client, char **out,
                                          thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = check_policy(client, out, error);
    client_leave(client);
    return status;
}
