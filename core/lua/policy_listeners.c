/* SPDX-License-Identifier: MIT */
/*
 * Desired listeners of a Lua policy: `listeners(account, row)` answers nil or a
 * table of service names. Passwords are handles; their bytes never come here. The
 * answer is C data before the entry ends.
 */
#include <config.h>
#include <lauxlib.h>
#include "base/error.h"
#include "catalogue/api_table.h"
#include "lua/policy_inside.h"

#define STACK_SLOTS 64

typedef struct listeners_entry {
    policy_entry entry; /* first: what all entries share */
    desired_listeners *listeners;
} listeners_entry;

static const char *const listener_members[] = {"url", "username", "password", "token", "api", NULL};

/* The handle's source is borrowed from the table. may raise */
static thingspace_status read_password(lua_State *L, int table, const script *self,
                                       desired_listener *out, thingspace_error *error)
{
    int type = policy_table_push(L, table, "password");
    out->password = runtime_to_secret(L, -1);
    lua_pop(L, 1);
    if (out->password && out->password == self->registered) {
        out->password = NULL;
        out->password_registered = true;
    }
    if (type == LUA_TNIL || out->password || out->password_registered)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_POLICY,
                     "passwords are secret handles: thingspace.secret.file(\"...\") or another");
}

/* The key of {token}; its source is borrowed from the table. may raise */
static thingspace_status read_token(lua_State *L, int table, const script *self,
                                    desired_listener *out, thingspace_error *error)
{
    int type = policy_table_push(L, table, "token");
    out->token = runtime_to_secret(L, -1);
    lua_pop(L, 1);
    if (type == LUA_TNIL || (out->token && out->token != self->registered))
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_POLICY,
                     "token is a secret handle: thingspace.secret.file(\"url.key\") or another");
}

/* may raise */
static thingspace_status read_api(lua_State *L, int table, desired_listener *out,
                                  thingspace_error *error)
{
    const char *name = NULL;
    const api_row *row;
    thingspace_status status = policy_table_read_text(L, table, "api", &name, error);
    if (status == THINGSPACE_OK)
        status = api_row_find(&row, name, error);
    if (status == THINGSPACE_OK && !api_row_is_default(row))
        out->api = row->info.name;
    return status;
}

/* Texts stay on the stack. may raise */
static thingspace_status read_listener(lua_State *L, int table, const script *self,
                                       desired_listener *out, thingspace_error *error)
{
    const char *url = NULL, *username = NULL;
    thingspace_status status = policy_table_check(L, table, listener_members, error);
    if (status == THINGSPACE_OK)
        status = policy_table_read_text(L, table, "url", &url, error);
    if (status == THINGSPACE_OK && !url)
        status = error_set(error, THINGSPACE_POLICY, "the listener has no url");
    if (status == THINGSPACE_OK)
        status = policy_table_read_text(L, table, "username", &username, error);
    if (status == THINGSPACE_OK)
        status = read_password(L, table, self, out, error);
    if (status == THINGSPACE_OK)
        status = read_token(L, table, self, out, error);
    if (status == THINGSPACE_OK)
        status = read_api(L, table, out, error);
    out->url = (char *)(size_t)url; /* copied before anything changes */
    out->username = (char *)(size_t)username;
    return status;
}

/* The listener is the table on top. may raise */
static thingspace_status add_listener(lua_State *L, const char *service, const script *self,
                                      desired_listeners *to, thingspace_error *error)
{
    desired_listener listener = {.service = (char *)(size_t)service};
    if (!lua_istable(L, -1))
        return error_set(error, THINGSPACE_POLICY,
                         "a listener is a table: { url = \"https://...\" }");
    thingspace_status status = read_listener(L, lua_gettop(L), self, &listener, error);
    if (status == THINGSPACE_OK)
        status = desired_listener_check(&listener, NULL, NULL, error);
    if (status == THINGSPACE_USAGE)
        error->kind = status = THINGSPACE_POLICY;
    if (status == THINGSPACE_OK)
        status = desired_listeners_add(to, &listener, error);
    return status;
}

/* may raise */
static thingspace_status read_answer(lua_State *L, int table, const script *self,
                                     desired_listeners *to, thingspace_error *error)
{
    const char **services;
    size_t count;
    thingspace_status status = policy_table_names(L, table, &services, &count, error);
    for (size_t i = 0; status == THINGSPACE_OK && i < count; i++) {
        int top = lua_gettop(L);
        policy_table_push(L, table, services[i]);
        status = add_listener(L, services[i], self, to, error);
        lua_settop(L, top);
        if (status == THINGSPACE_POLICY)
            error_prefix(error, "%s", services[i]);
    }
    return status;
}

/* may raise */
static int call_listeners(lua_State *L)
{
    listeners_entry *self = lua_touserdata(L, 1);
    policy_entry *entry = &self->entry;
    luaL_checkstack(L, STACK_SLOTS, NULL);
    if (policy_script_call(L, entry, "listeners"))
        entry->status = read_answer(L, lua_gettop(L), entry->script, self->listeners, entry->error);
    return 0;
}

thingspace_status policy_listeners_run(void *self, desired_listeners *out, const char *account,
                                       const row *row, thingspace_error *error)
{
    listeners_entry entry = {{.account = account, .row = row}, out};
    return policy_script_enter(self, call_listeners, &entry.entry, "listeners", error);
}
