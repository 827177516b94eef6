/* SPDX-License-Identifier: MIT */
/*
 * The scripts of tenants: each a policy of its own in a state of its own, without files, settings
 * and secrets but those of its row. Whatever is wrong with one is noted in its tenant and logged;
 * the others and the policy go on. One thread at a time.
 */
#include <config.h>
#include <lauxlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "lua/policy/policy_inside.h"
#include "lua/runtime/missing.h"
#include "lua/runtime/script_file.h"

/* --- What it sees --- */

/* may raise */
static int refuse_secret(lua_State *L, const tenant *tenant, const char *name)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    tenant_refuse_secret(tenant, name, &error);
    return runtime_raise(L, &error);
}

/* thingspace.secret.named(name): a handle of a secret of the row. may raise */
static int named_function(lua_State *L)
{
    const script *self = lua_touserdata(L, lua_upvalueindex(1));
    const char *name = policy_table_text(L, 1);
    if (!name)
        return luaL_error(L, "secret.named takes the name of a secret of the tenant's row");
    secret_source *source = map_get(self->tenant->secrets, name);
    if (!source)
        return refuse_secret(L, self->tenant, name);
    runtime_push_secret(L, source);
    return 1;
}

/* The table `thingspace` is on top. may raise */
static void open_tenant(lua_State *L, script *self)
{
    lua_createtable(L, 0, 1);
    lua_pushlightuserdata(L, self);
    lua_pushcclosure(L, named_function, 1);
    lua_setfield(L, -2, "named");
    missing_tell(L, "thingspace.secret");
    lua_setfield(L, -2, "secret");
    missing_tell(L, "thingspace");
}

/* --- Loading --- */

static thingspace_status read_text(const tenant *tenant, const char *folder, buffer *out,
                                   thingspace_error *error)
{
    const char *path = tenant->script;
    if (!tenant->relative)
        return policy_file_read(NULL, path, out, error);
    if (!text_equal(folder, "."))
        path += strlen(folder) + 1;
    return policy_file_read(folder, path, out, error);
}

/* Also the text of one that does not load: corrected, it is another policy. */
static void tell_text(policy *to, const buffer *text, thingspace_status status)
{
    policy_add_read(to, status == THINGSPACE_OK ? "tenant" : "unreadable tenant", text->data,
                    text->size);
}

static thingspace_status load(policy **out, policy *to, tenant *tenant, const char *folder,
                              const policy_script_options *options, thingspace_error *error)
{
    static const script_kind kind = {SCRIPT_TENANT, open_tenant};
    const script_identity identity = {&kind, tenant->script, folder, tenant};
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_SCRIPT);
    thingspace_status status = read_text(tenant, folder, &text, error);
    script_file_warn(tenant->script, "script", tenant->log);
    tell_text(to, &text, status);
    if (status == THINGSPACE_OK)
        return policy_script_open(out, &identity, &text, options, error);
    if (status == THINGSPACE_POLICY)
        error_set_place(error, tenant->script, 0);
    return status;
}

static void break_tenant(tenant *tenant, const thingspace_error *reason)
{
    error_copy(&tenant->broken, reason);
    tenant->broken.kind = THINGSPACE_POLICY;
    tenant_name_error(tenant, &tenant->broken);
    log_write(tenant->log, THINGSPACE_LOG_WARNING, "%s; its accounts fail", tenant->broken.message);
}

static thingspace_status open_one(policy *self, tenant *tenant, const char *folder,
                                  const policy_script_options *options, thingspace_error *error)
{
    thingspace_error reason = THINGSPACE_ERROR_INIT;
    policy *own = NULL;
    thingspace_status status = load(&own, self, tenant, folder, options, &reason);
    if (status == THINGSPACE_OK)
        return policy_open_tenant(self, tenant, own, error);
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    break_tenant(tenant, &reason);
    return THINGSPACE_OK;
}

thingspace_status tenant_script_load_all(policy *self, const char *folder, const log_target *log,
                                         thingspace_error *error)
{
    const policy_script_options options = {.log = log};
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < policy_tenant_count(self) && status == THINGSPACE_OK; i++)
        status = open_one(self, policy_tenant_at(self, i), folder, &options, error);
    return status;
}
