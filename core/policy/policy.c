/* SPDX-License-Identifier: MIT */
/*
 * What was declared: maps in order of declaration. Owns everything that is added; decisions
 * (resolve.c) borrow from it. Accounts: accounts.c, and whose they are: owners.c. One thread at a
 * time.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/url_pattern.h"
#include "policy/policy_inside.h"

/* --- Making and freeing --- */

static void free_endpoint(void *value)
{
    endpoint_free(value);
}

static void free_credential(void *value)
{
    credential_free(value);
}

static void free_tenant(void *value)
{
    tenant_free(value);
}

static bool make_maps(policy *self)
{
    return map_new(&self->tenants, free_tenant) == THINGSPACE_OK &&
           map_new(&self->owners, NULL) == THINGSPACE_OK &&
           map_new(&self->endpoints, free_endpoint) == THINGSPACE_OK &&
           map_new(&self->credentials, free_credential) == THINGSPACE_OK &&
           map_new_borrowing(&self->accounts, NULL) == THINGSPACE_OK &&
           row_store_new(&self->rows) == THINGSPACE_OK &&
           map_new(&self->owned, NULL) == THINGSPACE_OK &&
           groups_init(&self->groups) == THINGSPACE_OK;
}

thingspace_status policy_new(policy **out, const char *name, const char *script,
                             thingspace_error *error)
{
    policy *made = calloc(1, sizeof(*made));
    *out = NULL;
    if (!made)
        return error_memory(error);
    made->references = 1;
    made->name = text_copy(name);
    made->script = text_copy(script);
    if (!made->name || (script && !made->script) || !make_maps(made)) {
        policy_free(made);
        return error_memory(error);
    }
    *out = made;
    return THINGSPACE_OK;
}

static void free_backend(policy *self)
{
    if (self->backend.free)
        self->backend.free(self->backend_self);
    memset(&self->backend, 0, sizeof(self->backend));
}

static void free_kept(policy *self)
{
    while (self->kept) {
        kept *first = self->kept;
        self->kept = first->next;
        first->free_memory(first->memory);
        free(first);
    }
}

static void free_plugins(policy *self)
{
    for (size_t i = 0; i < self->plugin_count; i++)
        plugin_row_free(self->plugins[i]);
    free(self->plugins);
}

policy *policy_ref(policy *self)
{
    self->references++;
    return self;
}

void policy_free(policy *self)
{
    if (!self || --self->references > 0)
        return;
    free_backend(self);
    map_free(self->owners);
    map_free(self->tenants);
    free_plugins(self);
    map_free(self->endpoints);
    map_free(self->credentials);
    map_free(self->accounts);
    row_store_free(self->rows);
    map_free(self->owned);
    map_free(self->groups);
    free_kept(self);
    free(self->name);
    free(self->script);
    free(self);
}

void policy_cleanup(policy **self)
{
    policy_free(*self);
}

/* --- Adding --- */

/* A name that messages and tables can show. */
static thingspace_status check_name(const char *kind, const char *name, thingspace_error *error)
{
    if (text_is_empty(name))
        return error_set(error, THINGSPACE_POLICY, "%s needs a name", kind);
    if (strnlen(name, LIMIT_POLICY_NAME + 1) > LIMIT_POLICY_NAME)
        return error_set(error, THINGSPACE_POLICY, "the name of %s is longer than %d bytes", kind,
                         LIMIT_POLICY_NAME);
    if (text_has_control(name) || !text_is_utf8(name, strlen(name)))
        return error_set(error, THINGSPACE_POLICY, "the name of %s '%s' is not one line of UTF-8",
                         kind, name);
    return THINGSPACE_OK;
}

static thingspace_status refuse_repeated(const char *kind, const char *name,
                                         thingspace_error *error)
{
    if (text_equal(name, "production") || text_equal(name, "environment"))
        return error_set(error, THINGSPACE_POLICY, "%s '%s' is built in: take another name", kind,
                         name);
    return error_set(error, THINGSPACE_POLICY, "%s '%s' is declared twice: keep one", kind, name);
}

thingspace_status policy_add_named(map *into, const char *kind, const char *name, void *value,
                                   thingspace_error *error)
{
    thingspace_status status = check_name(kind, name, error);
    if (status == THINGSPACE_OK && map_get(into, name))
        status = refuse_repeated(kind, name, error);
    if (status == THINGSPACE_OK && map_set(into, name, value) != THINGSPACE_OK)
        status = error_memory(error);
    return status;
}

thingspace_status policy_add_endpoint(policy *self, endpoint *added, thingspace_error *error)
{
    thingspace_status status =
        policy_add_named(self->endpoints, "endpoint", added->name, added, error);
    if (status != THINGSPACE_OK)
        endpoint_free(added);
    return status;
}

thingspace_status policy_add_credential(policy *self, credential *added, thingspace_error *error)
{
    thingspace_status status =
        policy_add_named(self->credentials, "credential", added->name, added, error);
    if (status != THINGSPACE_OK)
        credential_free(added);
    return status;
}

thingspace_status policy_weigh(policy *self, size_t bytes, thingspace_error *error)
{
    if (!self->tenant)
        return THINGSPACE_OK;
    self->weight += bytes;
    if (self->weight <= LIMIT_TENANT_ROW_BYTES)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_POLICY, "the rows of this script hold more than %d MiB",
                     LIMIT_TENANT_ROW_BYTES / (1024 * 1024));
}

thingspace_status policy_add_plugin(policy *self, plugin_row *added, thingspace_error *error)
{
    cleanup_plugin_row plugin_row *row = added;
    if (self->plugin_count >= LIMIT_PLUGIN_ROWS)
        return error_set(error, THINGSPACE_POLICY, "more than %d rows of plugins: remove some",
                         LIMIT_PLUGIN_ROWS);
    thingspace_status status =
        self->tenant ? tenant_check_plugin(self->tenant, row, error) : THINGSPACE_OK;
    if (status == THINGSPACE_OK)
        status = policy_weigh(self, row_tree_weight(row->options), error);
    if (status != THINGSPACE_OK)
        return status;
    plugin_row **grown = realloc(self->plugins, (self->plugin_count + 1) * sizeof(*grown));
    if (!grown)
        return error_memory(error);
    self->plugins = grown;
    self->plugins[self->plugin_count++] = row;
    row = NULL;
    return THINGSPACE_OK;
}

thingspace_status policy_add_owned(policy *self, const char *pattern, thingspace_error *error)
{
    thingspace_error reason = THINGSPACE_ERROR_INIT;
    if (url_pattern_check(pattern, &reason) != THINGSPACE_OK)
        return error_set(error, THINGSPACE_POLICY, "%s", reason.message);
    if (map_set(self->owned, pattern, self) != THINGSPACE_OK)
        return error_memory(error);
    return THINGSPACE_OK;
}

thingspace_status policy_keep(policy *self, void *memory, void (*free_memory)(void *memory),
                              thingspace_error *error)
{
    kept *made = malloc(sizeof(*made));
    if (!made) {
        free_memory(memory);
        return error_memory(error);
    }
    *made = (kept){memory, free_memory, self->kept};
    self->kept = made;
    return THINGSPACE_OK;
}

void policy_set_backend(policy *self, const policy_backend *backend, void *backend_self)
{
    free_backend(self);
    self->backend = *backend;
    self->backend_self = backend_self;
}

void policy_set_functions(policy *self, const policy_backend *functions, void *own)
{
    self->functions = *functions;
    self->functions_self = own;
}

void policy_set_default_endpoint(policy *self, const endpoint *by_default)
{
    self->default_endpoint = by_default;
}

void policy_set_open(policy *self, bool open)
{
    self->open = open;
}

void policy_set_inherits(policy *self, bool inherits)
{
    self->inherits = inherits;
}

void policy_set_checks(policy *self, const listener_levels *checks)
{
    self->checks = *checks;
}

void policy_set_tenant(policy *self, const tenant *tenant)
{
    self->tenant = tenant;
}

void policy_add_read(policy *self, const char *what, const void *bytes, size_t size)
{
    digest_add(&self->digest, what, bytes, size);
}

/* --- Looking up --- */

const digest *policy_digest(const policy *self)
{
    return &self->digest;
}

const char *policy_name(const policy *self)
{
    return self->name;
}

const char *policy_script(const policy *self)
{
    return self->script;
}

const endpoint *policy_endpoint(const policy *self, const char *name)
{
    return map_get(self->endpoints, name);
}

credential *policy_credential(const policy *self, const char *name)
{
    return map_get(self->credentials, name);
}

size_t policy_endpoint_count(const policy *self)
{
    return map_count(self->endpoints);
}

const endpoint *policy_endpoint_at(const policy *self, size_t index)
{
    return map_value(self->endpoints, index);
}

size_t policy_credential_count(const policy *self)
{
    return map_count(self->credentials);
}

credential *policy_credential_at(const policy *self, size_t index)
{
    return map_value(self->credentials, index);
}

size_t policy_owned_count(const policy *self)
{
    return map_count(self->owned);
}

const char *policy_owned(const policy *self, size_t index)
{
    return map_key(self->owned, index);
}

size_t policy_plugin_count(const policy *self)
{
    return self->plugin_count;
}

plugin_row *policy_plugin_at(const policy *self, size_t index)
{
    return self->plugins[index];
}

const endpoint *policy_default_endpoint(const policy *self)
{
    return self->default_endpoint;
}
