/* SPDX-License-Identifier: MIT */
/*
 * `tenants` of a policy: what the operator's rows give to the scripts of others. A row hangs on the
 * script object until the policy takes it. The scripts themselves are loaded later
 * (tenant_script.c): what they do wrong is no fault of the policy. Runs inside the entry that reads
 * the policy.
 */
#include <config.h>
#include <lauxlib.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/url_pattern.h"
#include "lua/policy/policy_inside.h"

static const char *const row_members[] = {"script",  "accounts", "endpoints", "credentials", "urls",
                                          "secrets", "plugins",  "limits",    NULL};

/* --- The script --- */

/* A file below the policy's folder, or an absolute path as it is. */
static thingspace_status find_script(const script *self, char **out, bool *relative,
                                     const char *path, thingspace_error *error)
{
    *relative = *path != '/';
    if (*relative && !self->folder)
        return error_set(error, THINGSPACE_POLICY,
                         "script: this policy has no folder: name the file from / on");
    if (*relative && policy_file_leaves_folder(path))
        return error_set(error, THINGSPACE_POLICY,
                         "script: a file is named relative to the policy's folder, without '..'");
    if (*relative && !text_equal(self->folder, "."))
        *out = text_format("%s/%s", self->folder, path);
    else
        *out = text_copy(path);
    return *out ? THINGSPACE_OK : error_memory(error);
}

/* may raise */
static thingspace_status make_tenant(lua_State *L, int row, const char *name, script *self,
                                     thingspace_error *error)
{
    const char *path;
    bool relative;
    cleanup_text char *file = NULL;
    thingspace_status status = policy_check_name(name, error);
    if (status == THINGSPACE_OK)
        status = policy_table_read_text(L, row, "script", &path, error);
    if (status == THINGSPACE_OK && text_is_empty(path))
        status = error_set(error, THINGSPACE_POLICY,
                           "the tenant has no script: give script = \"tenants/%.64s.lua\"", name);
    if (status == THINGSPACE_OK)
        status = find_script(self, &file, &relative, path, error);
    if (status != THINGSPACE_OK)
        return status;
    tenant_free(self->held_tenant);
    self->held_tenant = NULL;
    if (tenant_new(&self->held_tenant, name, file) != THINGSPACE_OK)
        return error_memory(error);
    self->held_tenant->relative = relative;
    self->held_tenant->log = self->log;
    return THINGSPACE_OK;
}

/* --- The lists --- */

static thingspace_status add_text(void *list, const char *text, thingspace_error *error)
{
    return tenant_list_add(list, text, error);
}

static thingspace_status add_url(void *list, const char *pattern, thingspace_error *error)
{
    thingspace_status status = url_pattern_check(pattern, error);
    if (status == THINGSPACE_USAGE)
        return error->kind = THINGSPACE_POLICY;
    return status == THINGSPACE_OK ? tenant_list_add(list, pattern, error) : status;
}

/* may raise */
static thingspace_status read_list(lua_State *L, int row, const char *name,
                                   policy_text_function *add, tenant_list *out,
                                   thingspace_error *error)
{
    policy_table_push(L, row, name);
    return policy_table_each_text(L, -1, name, add, out, error);
}

/* may raise */
static thingspace_status read_lists(lua_State *L, int row, tenant *out, thingspace_error *error)
{
    thingspace_status status = read_list(L, row, "accounts", add_text, &out->accounts, error);
    if (status == THINGSPACE_OK && out->accounts.count == 0)
        status = error_set(error, THINGSPACE_POLICY,
                           "the tenant has no accounts: give accounts = { \"0000123456-*\" }");
    if (status == THINGSPACE_OK)
        status = read_list(L, row, "endpoints", add_text, &out->endpoints, error);
    if (status == THINGSPACE_OK)
        status = read_list(L, row, "credentials", add_text, &out->credentials, error);
    if (status == THINGSPACE_OK)
        status = read_list(L, row, "urls", add_url, &out->urls, error);
    return status;
}

/* --- Secrets and plugins: tables by name --- */

static void free_source(void *value)
{
    secret_source_free(value);
}

/* The handle is on top. */
static thingspace_status read_secret(lua_State *L, const char *name, script *self, policy *to,
                                     thingspace_error *error)
{
    secret_source *source = runtime_to_secret(L, -1);
    (void)to;
    if (!source)
        return error_set(error, THINGSPACE_POLICY,
                         "secrets are handles: thingspace.secret.file(\"...\") or another");
    if (source == self->registered)
        return error_set(error, THINGSPACE_POLICY, "secret.registered is for listeners alone");
    if (map_set(self->held_tenant->secrets, name, secret_source_ref(source)) == THINGSPACE_OK)
        return THINGSPACE_OK;
    secret_source_free(source); /* the reference that the map did not take */
    return error_memory(error);
}

/* The list of capabilities is on top. may raise */
static thingspace_status read_plugin(lua_State *L, const char *name, script *self, policy *to,
                                     thingspace_error *error)
{
    (void)to;
    capability_set *rights = calloc(1, sizeof(*rights));
    if (!rights)
        return error_memory(error);
    if (map_set(self->held_tenant->plugins, name, rights) != THINGSPACE_OK) {
        free(rights);
        return error_memory(error);
    }
    return policy_table_each_text(L, -1, "grant", policy_add_capability, rights, error);
}

/* row[name], a table, into a new map; nothing when it is not given. may raise */
static thingspace_status read_map(lua_State *L, int row, const char *name, map **out,
                                  void (*free_value)(void *value), policy_member_function *read,
                                  script *self, thingspace_error *error)
{
    int type = policy_table_push(L, row, name);
    if (type == LUA_TNIL)
        return THINGSPACE_OK;
    if (type != LUA_TTABLE)
        return error_set(error, THINGSPACE_POLICY, "%s must be a table, not a %s", name,
                         lua_typename(L, type));
    if (map_new(out, free_value) != THINGSPACE_OK)
        return error_memory(error);
    return policy_table_each(L, -1, name, read, self, NULL, error);
}

/* --- Rows --- */

/* The row is the table on top. may raise */
static thingspace_status read_tenant(lua_State *L, const char *name, script *self, policy *to,
                                     thingspace_error *error)
{
    int row = lua_gettop(L);
    luaL_checkstack(L, LUA_MINSTACK * 2, NULL);
    if (!lua_istable(L, row))
        return error_set(error, THINGSPACE_POLICY,
                         "a tenant is a table: { script = \"...\", accounts = { ... } }");
    thingspace_status status = policy_table_check(L, row, row_members, error);
    if (status == THINGSPACE_OK)
        status = make_tenant(L, row, name, self, error);
    if (status != THINGSPACE_OK)
        return status;
    tenant *made = self->held_tenant;
    status = read_lists(L, row, made, error);
    if (status == THINGSPACE_OK)
        status = read_map(L, row, "secrets", &made->secrets, free_source, read_secret, self, error);
    if (status == THINGSPACE_OK)
        status = read_map(L, row, "plugins", &made->plugins, free, read_plugin, self, error);
    policy_table_push(L, row, "limits");
    if (status == THINGSPACE_OK)
        status = policy_read_limits(L, -1, &made->limits, error);
    if (status != THINGSPACE_OK)
        return status;
    self->held_tenant = NULL;
    return policy_add_tenant(to, made, error);
}

/* may raise */
thingspace_status policy_read_tenants(lua_State *L, int index, script *self, policy *to,
                                      thingspace_error *error)
{
    return policy_table_each(L, index, "tenants", read_tenant, self, to, error);
}
