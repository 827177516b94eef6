/* SPDX-License-Identifier: MIT */
/*
 * What changes when one policy takes the place of another, account by account. All that a policy
 * says of an account becomes a flat object, "listeners.SERVICE.url" and the like; two of them are
 * compared member by member (facts.h). Of plugins policy_diff_plugins.h tells, of tenants
 * policy_diff_tenants.h. No network; of a password or token only where it comes from. On the thread
 * of both clients.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include <thingspace/policy.h>
#include "base/error.h"
#include "base/text.h"
#include "client/client.h"
#include "client/policy_ask.h"
#include "client/policy_diff_plugins.h"
#include "client/policy_diff_tenants.h"

/* One of the two. */
typedef struct side {
    const char *name;
    thingspace_client *client;
    const generation *generation;
    policy *policy;
    policy_asker asker;
    map *accounts; /* the declared ones; the values are not used */
    char *folder;  /* where its files are named from; NULL: nowhere */
} side;

typedef struct diff {
    side old, new;
    json *added, *removed, *changed, *errors;
    thingspace_status status;
} diff;

/* ---- what one policy says ---- */

/* Those of several APIs that share a name are told apart. */
static bool shares_name(const desired_listeners *listeners, size_t index)
{
    const desired_listener *items = listeners->items;
    return (index > 0 && text_equal(items[index - 1].service, items[index].service)) ||
           (index + 1 < listeners->count &&
            text_equal(items[index + 1].service, items[index].service));
}

static void put_fact(json *facts, const char *listener, const char *member, const char *value,
                     thingspace_status *status)
{
    cleanup_text char *name = text_format("listeners.%s.%s", listener, member);
    if (!name)
        *status = THINGSPACE_MEMORY;
    else
        json_put_text(facts, name, value, status);
}

static const char *password_of(const desired_listener *listener)
{
    if (listener->password_registered)
        return "what is registered";
    return listener->password ? secret_source_description(listener->password) : NULL;
}

static void put_listener(json *facts, const desired_listeners *listeners, size_t index,
                         thingspace_status *status)
{
    const desired_listener *listener = &listeners->items[index];
    const char *api =
        shares_name(listeners, index) ? listener->api ? listener->api : "connectivity" : NULL;
    cleanup_text char *name =
        text_format("%s%s%s%s", listener->service, api ? " (" : "", api ? api : "", api ? ")" : "");
    if (!name) {
        *status = THINGSPACE_MEMORY;
        return;
    }
    put_fact(facts, name, "url", listener->url, status);
    put_fact(facts, name, "username", listener->username, status);
    put_fact(facts, name, "password", password_of(listener), status);
    put_fact(facts, name, "token",
             listener->token ? secret_source_description(listener->token) : NULL, status);
    put_fact(facts, name, "api", listener->api, status);
}

/* The same name may be another place. */
static void put_endpoint(json *facts, const endpoint *endpoint, thingspace_status *status)
{
    json_put(facts, "endpoint", json_new_string(endpoint->name), status);
    json_put(facts, "endpoint.api", json_new_string(endpoint->api), status);
    json_put(facts, "endpoint.token", json_new_string(endpoint->token), status);
    json_put(facts, "endpoint.insecure", json_new_boolean(endpoint->insecure), status);
    json_put(facts, "endpoint.private", json_new_boolean(endpoint->private_allowed), status);
    if (endpoint->window > 0)
        json_put(facts, "endpoint.window", json_new_integer(endpoint->window), status);
}

static json *make_facts(const side *side, const decision *decision,
                        const desired_listeners *listeners, thingspace_status *status)
{
    json *facts = json_new_object();
    const char *script = policy_script_of(side->policy, decision);
    put_endpoint(facts, decision->endpoint, status);
    json_put(facts, "credential", json_new_string(decision->credential->name), status);
    json_put(facts, "timeout_ms", json_new_integer(client_timeout_ms(side->client, decision)),
             status);
    json_put(facts, "tags", decision->tags ? json_copy(decision->tags) : json_new_object(), status);
    json_put(facts, "checks", listener_levels_json(&decision->checks), status);
    json_put(facts, "script", json_new_string(script), status);
    if (decision->tenant)
        json_put(facts, "tenant", json_new_string(decision->tenant->name), status);
    for (size_t i = 0; i < listeners->count; i++)
        put_listener(facts, listeners, i, status);
    return facts;
}

static void note_error(diff *self, const side *side, const char *account, const tenant *tenant,
                       const char *after, const thingspace_error *error)
{
    json *object = json_new_object();
    json_put(object, "policy", json_new_string(side->name), &self->status);
    json_put(object, "accountName", json_new_string(account), &self->status);
    json_put_text(object, "tenant", tenant ? tenant->name : NULL, &self->status);
    json_put(object, "message", json_new_string(error->message), &self->status);
    json_put_text(object, "after", after, &self->status);
    policy_asker_put_error(object, side->policy, tenant, error, &self->status);
    json_add(self->errors, object, &self->status);
}

/* NULL when the account cannot be decided: that is noted. */
static json *facts_of(diff *self, side *side, const char *account)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    decision decision = {0};
    desired_listeners listeners = {0};
    json *facts = NULL;
    tenant *tenant = NULL;
    const char *after;
    (void)policy_tenant_of(side->policy, account, &tenant, NULL);
    thingspace_status status =
        policy_asker_ask(&side->asker, account, tenant, &decision, &listeners, &after, &error);
    if (status == THINGSPACE_OK)
        facts = make_facts(side, &decision, &listeners, &self->status);
    else if (status == THINGSPACE_MEMORY)
        self->status = status;
    else
        note_error(self, side, account, tenant, after, &error);
    desired_listeners_dispose(&listeners);
    decision_dispose(&decision);
    return facts;
}

/* ---- comparing ---- */

static facts_folders folders_of(const diff *self)
{
    return (facts_folders){self->old.folder, self->new.folder};
}

static void note_change(diff *self, const char *account, const json *old, const json *new)
{
    cleanup_json json *fields = json_new_array();
    const facts_folders folders = folders_of(self);
    facts_compare_places(fields, old, new, &folders, &self->status);
    if (json_count(fields) == 0)
        return;
    json *object = json_new_object();
    json_put(object, "accountName", json_new_string(account), &self->status);
    json_put(object, "fields", fields, &self->status);
    fields = NULL;
    json_add(self->changed, object, &self->status);
}

static void compare_account(diff *self, const char *account)
{
    cleanup_json json *old = facts_of(self, &self->old, account);
    cleanup_json json *new = facts_of(self, &self->new, account);
    if (!old || !new)
        return;
    /* the operator's own file has another name on each side, which changes nothing */
    if (!json_get(old, "tenant") && !json_get(new, "tenant")) {
        json_remove(old, "script");
        json_remove(new, "script");
    }
    note_change(self, account, old, new);
}

static void compare_accounts(diff *self)
{
    for (size_t i = 0; i < map_count(self->old.accounts) && self->status == THINGSPACE_OK; i++) {
        const char *account = map_key(self->old.accounts, i);
        if (map_get(self->new.accounts, account))
            compare_account(self, account);
        else
            json_add(self->removed, json_new_string(account), &self->status);
    }
    for (size_t i = 0; i < map_count(self->new.accounts) && self->status == THINGSPACE_OK; i++) {
        const char *account = map_key(self->new.accounts, i);
        if (!map_get(self->old.accounts, account))
            json_add(self->added, json_new_string(account), &self->status);
    }
}

/* ---- the answer ---- */

/* As policy and tenants name their files: that of the policy's own, or what the program says. */
static thingspace_status find_folder(side *side)
{
    const load_source *source = &side->client->source;
    const char *script = policy_script(side->policy);
    const char *slash = script ? strrchr(script, '/') : NULL;
    if (source->policy_text && !source->policy_folder)
        return THINGSPACE_OK;
    if (source->policy_text)
        side->folder = text_copy(source->policy_folder);
    else if (slash)
        side->folder = text_copy_range(script, slash == script ? 1 : (size_t)(slash - script));
    else
        side->folder = text_copy(".");
    return side->folder ? THINGSPACE_OK : THINGSPACE_MEMORY;
}

static thingspace_status prepare(side *side)
{
    thingspace_status status = find_folder(side);
    if (status == THINGSPACE_OK)
        status = policy_asker_init(&side->asker, side->generation);
    if (status == THINGSPACE_OK)
        status = map_new(&side->accounts, NULL);
    for (size_t i = 0; i < policy_account_count(side->policy) && status == THINGSPACE_OK; i++)
        status = map_set(side->accounts, policy_account(side->policy, i), side);
    return status;
}

/* The document takes the four lists. */
static thingspace_status write_document(diff *self, char **out)
{
    cleanup_json json *document = json_new_object();
    const facts_folders folders = folders_of(self);
    json_put(document, "added", self->added, &self->status);
    json_put(document, "removed", self->removed, &self->status);
    json_put(document, "changed", self->changed, &self->status);
    json_put(document, "errors", self->errors, &self->status);
    json_put(
        document, "plugins",
        policy_diff_plugins(self->old.generation, self->new.generation, &folders, &self->status),
        &self->status);
    json_put(document, "tenants",
             policy_diff_tenants(self->old.policy, self->new.policy, &folders, &self->status),
             &self->status);
    json *owns = policy_diff_owns(self->old.policy, self->new.policy, &self->status);
    if (owns)
        json_put(document, "owns", owns, &self->status);
    return self->status == THINGSPACE_OK ? json_write_text(out, document) : self->status;
}

static thingspace_status compare_sides(diff *self, char **out, thingspace_error *error)
{
    self->added = json_new_array();
    self->removed = json_new_array();
    self->changed = json_new_array();
    self->errors = json_new_array();
    self->status = prepare(&self->old);
    if (self->status == THINGSPACE_OK)
        self->status = prepare(&self->new);
    if (self->status == THINGSPACE_OK)
        compare_accounts(self);
    size_t failures = json_count(self->errors);
    if (write_document(self, out) != THINGSPACE_OK)
        return error_memory(error);
    if (failures > 0)
        return error_set(error, THINGSPACE_POLICY, "a policy fails for %zu of the accounts",
                         failures);
    return THINGSPACE_OK;
}

static side side_of(const char *name, thingspace_client *client, const generation *generation)
{
    return (side){.name = name,
                  .client = client,
                  .generation = generation,
                  .policy = generation_policy(generation)};
}

static void side_dispose(side *side)
{
    policy_asker_dispose(&side->asker);
    map_free(side->accounts);
    free(side->folder);
}

static thingspace_status run(thingspace_client *old, thingspace_client *client, char **out,
                             thingspace_error *error)
{
    cleanup_generation generation *before = generation_ref(old->generation);
    cleanup_generation generation *after = generation_ref(client->generation);
    diff diff = {.old = side_of("old", old, before), .new = side_of("new", client, after)};
    thingspace_status status = compare_sides(&diff, out, error);
    side_dispose(&diff.old);
    side_dispose(&diff.new);
    return status;
}

thingspace_status thingspace_policy_diff(thingspace_client *old, thingspace_client *client,
                                         char **out, thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = client_enter(old, error);
    if (status != THINGSPACE_OK)
        return status;
    status = client_enter(client, error);
    if (status == THINGSPACE_OK) {
        status = run(old, client, out, error);
        client_leave(client);
    }
    client_leave(old);
    return status;
}
