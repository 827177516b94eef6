/* SPDX-License-Identifier: MIT */
/*
 * Desired listeners of a Lua policy: `listeners(account, row)` answers nil or a
 * table of names of services and of groups; listeners of several APIs that share a name are a
 * list. Passwords are handles; their bytes never come here. The answer is C data before the entry
 * ends.
 */
#include <config.h>
#include <lauxlib.h>
#include "base/error.h"
#include "base/text.h"
#include "catalogue/api_table.h"
#include "lua/policy/policy_inside.h"
#include "policy/groups.h"

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
    if (status == THINGSPACE_OK)
        out->api = api_row_name(row);
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

/* What cannot be sent is the script's fault. */
static thingspace_status as_policy(thingspace_error *error)
{
    error->kind = THINGSPACE_POLICY;
    return THINGSPACE_POLICY;
}

static thingspace_status check_and_add(const desired_listener *listener, desired_listeners *to,
                                       thingspace_error *error)
{
    thingspace_status status = desired_listener_check_sendable(listener, error);
    if (status == THINGSPACE_USAGE)
        return as_policy(error);
    return status == THINGSPACE_OK ? desired_listeners_add(to, listener, error) : status;
}

/* What the answer's table has, sorted by name. */
typedef struct answer {
    int table;
    const script *script;
    const char **names;
    size_t count;
    desired_listeners *to;
} answer;

/* ---- groups ---- */

/* The group that had the service before; NULL: none. */
static const char *find_other(const answer *self, const desired_listener *wanted)
{
    for (size_t i = 0; i < self->to->count; i++) {
        const desired_listener *listener = &self->to->items[i];
        if (listener->group > 0 && text_equal(listener->service, wanted->service) &&
            text_equal(listener->api, wanted->api))
            return self->names[listener->group - 1];
    }
    return NULL;
}

/* may raise */
static bool is_named(lua_State *L, const answer *self, const char *service)
{
    bool named = policy_table_push(L, self->table, service) != LUA_TNIL;
    lua_pop(L, 1);
    return named;
}

/* One service of the group names[index]; what is named by itself goes its own way. may raise */
static thingspace_status add_of_group(lua_State *L, const answer *self, size_t index,
                                      desired_listener *listener, thingspace_error *error)
{
    const char *service = listener->service;
    if (is_named(L, self, service))
        return THINGSPACE_OK;
    const char *other = find_other(self, listener);
    if (other)
        return error_set(error, THINGSPACE_POLICY,
                         "%s is in %s, too: name it by itself, or keep it in one", service, other);
    listener->group = index + 1;
    thingspace_status status = check_and_add(listener, self->to, error);
    if (status == THINGSPACE_POLICY)
        error_prefix(error, "%s", service);
    return status;
}

/* may raise */
static thingspace_status add_group(lua_State *L, const answer *self, size_t index,
                                   desired_listener *listener, thingspace_error *error)
{
    const char *service, *name = self->names[index];
    const policy *policy = self->script->policy;
    const api_row *api;
    thingspace_status status = groups_check(policy, name, error);
    if (status == THINGSPACE_OK)
        status = api_row_find(&api, listener->api, error);
    for (size_t i = 0; status == THINGSPACE_OK && (service = groups_service(policy, name, api, i));
         i++) {
        listener->service = (char *)(size_t)service;
        status = add_of_group(L, self, index, listener, error);
    }
    return status;
}

/* ---- the answer ---- */

/* The listener names[index] is on top. may raise */
static thingspace_status add_listener(lua_State *L, const answer *self, size_t index,
                                      thingspace_error *error)
{
    const char *name = self->names[index];
    desired_listener listener = {.service = (char *)(size_t)name};
    if (!lua_istable(L, -1))
        return error_set(error, THINGSPACE_POLICY,
                         "a listener is a table: { url = \"https://...\" }");
    thingspace_status status = read_listener(L, lua_gettop(L), self->script, &listener, error);
    if (status != THINGSPACE_OK)
        return status == THINGSPACE_USAGE ? as_policy(error) : status;
    if (groups_is_name(name))
        return add_group(L, self, index, &listener, error);
    return check_and_add(&listener, self->to, error);
}

/* The value of names[index], on top, is one, or a list of those of several APIs. may raise */
static thingspace_status add_listeners(lua_State *L, const answer *self, size_t index,
                                       thingspace_error *error)
{
    size_t count = 0;
    int list = lua_gettop(L);
    const char *name = self->names[index];
    thingspace_status status = THINGSPACE_OK;
    if (!lua_istable(L, list) || !policy_table_is_list(L, list, &count) || count == 0) {
        status = add_listener(L, self, index, error);
        if (status == THINGSPACE_POLICY)
            error_prefix(error, "%s", name);
        return status;
    }
    for (size_t i = 1; i <= count && status == THINGSPACE_OK; i++) {
        lua_rawgeti(L, list, (lua_Integer)i);
        status = add_listener(L, self, index, error);
        lua_settop(L, list);
        if (status == THINGSPACE_POLICY)
            error_prefix(error, "%s[%zu]", name, i);
    }
    return status;
}

/* may raise */
static thingspace_status read_answer(lua_State *L, int table, const script *script,
                                     desired_listeners *to, thingspace_error *error)
{
    answer self = {.table = table, .script = script, .to = to};
    thingspace_status status = policy_table_names(L, table, &self.names, &self.count, error);
    for (size_t i = 0; status == THINGSPACE_OK && i < self.count; i++) {
        int top = lua_gettop(L);
        policy_table_push(L, table, self.names[i]);
        status = add_listeners(L, &self, i, error);
        lua_settop(L, top);
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
