/* SPDX-License-Identifier: MIT */
/*
 * The script's table becomes C data: every member is read once, and a name that is
 * not known is refused instead of ignored. Nothing here keeps a Lua value. Runs
 * inside one entry, after the load.
 */
#include <config.h>
#include <lauxlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "lua/policy/policy_inside.h"

/* Tables in tables: what one reader leaves on the stack is below twenty values. */
#define STACK_SLOTS 64

static const char *const endpoint_members[] = {"url",     "api",    "token", "insecure",
                                               "private", "window", NULL};

/* may raise */
static thingspace_status read_flag(lua_State *L, int index, const char *name, bool *out,
                                   thingspace_error *error)
{
    int type = policy_table_push(L, index, name);
    *out = lua_toboolean(L, -1);
    lua_pop(L, 1);
    if (type == LUA_TNIL || type == LUA_TBOOLEAN)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_POLICY, "%s must be true or false", name);
}

/* may raise */
static thingspace_status read_window(lua_State *L, int index, unsigned *out,
                                     thingspace_error *error)
{
    int is_whole;
    int type = policy_table_push(L, index, "window");
    lua_Integer number = lua_tointegerx(L, -1, &is_whole);
    bool good = type == LUA_TNUMBER && is_whole && number >= 1 && number <= LIMIT_WINDOW;
    lua_pop(L, 1);
    if (type != LUA_TNIL && !good)
        return error_set(error, THINGSPACE_POLICY,
                         "window must be a whole number from 1 to %d: how many calls at once",
                         LIMIT_WINDOW);
    *out = good ? (unsigned)number : 0;
    return THINGSPACE_OK;
}

/* The texts stay on the stack. may raise */
static thingspace_status read_endpoint_options(lua_State *L, int index, endpoint_options *out,
                                               thingspace_error *error)
{
    int table = lua_absindex(L, index);
    thingspace_status status = policy_table_check(L, table, endpoint_members, error);
    if (status == THINGSPACE_OK)
        status = policy_table_read_text(L, table, "url", &out->url, error);
    if (status == THINGSPACE_OK)
        status = policy_table_read_text(L, table, "api", &out->api, error);
    if (status == THINGSPACE_OK)
        status = policy_table_read_text(L, table, "token", &out->token, error);
    if (status == THINGSPACE_OK)
        status = read_flag(L, table, "insecure", &out->insecure, error);
    if (status == THINGSPACE_OK)
        status = read_flag(L, table, "private", &out->private_allowed, error);
    if (status == THINGSPACE_OK)
        status = read_window(L, table, &out->window, error);
    if (status == THINGSPACE_OK && (!out->api != !out->token || !out->url == !out->api))
        status = error_set(error, THINGSPACE_POLICY, "give url, or both api and token");
    return status;
}

/* The endpoint is the table on top. may raise */
static thingspace_status read_endpoint(lua_State *L, const char *name, script *self, policy *to,
                                       thingspace_error *error)
{
    (void)self;
    endpoint_options options = {0};
    endpoint *made;
    if (!lua_istable(L, -1))
        return error_set(error, THINGSPACE_POLICY,
                         "an endpoint is a table: { url = \"https://...\" }");
    thingspace_status status = read_endpoint_options(L, -1, &options, error);
    if (status == THINGSPACE_OK)
        status = endpoint_new(&made, name, &options, error);
    if (status == THINGSPACE_USAGE)
        status = error_set(error, THINGSPACE_POLICY, "%s", error->message);
    if (status == THINGSPACE_OK)
        status = policy_add_endpoint(to, made, error);
    return status;
}

/* may raise */
static thingspace_status read_endpoints(lua_State *L, int index, script *self, policy *to,
                                        thingspace_error *error)
{
    return policy_table_each(L, index, "endpoints", read_endpoint, self, to, error);
}

/* may raise */
static thingspace_status read_owned(lua_State *L, int index, script *self, policy *to,
                                    thingspace_error *error)
{
    (void)self;
    size_t count;
    int table = lua_absindex(L, index);
    thingspace_status status = THINGSPACE_OK;
    if (!policy_table_is_list(L, table, &count))
        return error_set(error, THINGSPACE_POLICY,
                         "owns must be a list of URL patterns, without holes");
    for (size_t i = 1; i <= count && status == THINGSPACE_OK; i++) {
        lua_rawgeti(L, table, (lua_Integer)i);
        status = policy_add_owned(to, policy_table_text(L, -1), error);
        lua_pop(L, 1);
        if (status == THINGSPACE_POLICY)
            error_prefix(error, "owns[%zu]", i);
    }
    return status;
}

/* may raise */
static thingspace_status check_function(lua_State *L, int index, const char *name, bool *given,
                                        thingspace_error *error)
{
    int type = policy_table_push(L, index, name);
    lua_pop(L, 1);
    *given = type == LUA_TFUNCTION;
    if (type == LUA_TNIL || *given)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_POLICY, "%s must be a function, not a %s", name,
                     lua_typename(L, type));
}

/* --- The members of the table --- */

#define EVERYBODY (SCRIPT_OPERATOR | SCRIPT_TENANT)

/* In the order in which they are read; without a reader: looked at before. */
static const struct {
    const char *name;
    unsigned owners; /* whose scripts may have it */
    policy_table_function *read;
} members[] = {
    {"name", EVERYBODY, NULL},
    {"endpoints", SCRIPT_OPERATOR, read_endpoints},
    {"credentials", SCRIPT_OPERATOR, policy_read_credentials},
    {"accounts", EVERYBODY, policy_read_accounts},
    {"resolve", EVERYBODY, NULL},
    {"listeners", EVERYBODY, NULL},
    {"owns", SCRIPT_OPERATOR, read_owned},
    {"groups", EVERYBODY, policy_read_groups},
    {"checks", EVERYBODY, policy_read_checks},
    {"tenants", SCRIPT_OPERATOR, policy_read_tenants},
    {"plugins", EVERYBODY, policy_read_plugins},
};

#define MEMBER_COUNT (sizeof(members) / sizeof(*members))

/* Members that only others may have are refused by name. may raise */
static thingspace_status refuse_others(lua_State *L, int table, const script *self,
                                       thingspace_error *error)
{
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        bool given = policy_table_push(L, table, members[i].name) != LUA_TNIL;
        lua_pop(L, 1);
        if (given && !(members[i].owners & self->kind->owner))
            return error_set(error, THINGSPACE_POLICY,
                             "a tenant cannot declare %s: ask the operator", members[i].name);
    }
    return THINGSPACE_OK;
}

/* may raise */
static thingspace_status check_members(lua_State *L, int table, const script *self,
                                       thingspace_error *error)
{
    const char *known[MEMBER_COUNT + 1] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        if (members[i].owners & self->kind->owner)
            known[count++] = members[i].name;
    thingspace_status status = refuse_others(L, table, self, error);
    return status == THINGSPACE_OK ? policy_table_check(L, table, known, error) : status;
}

/* What must hold before anything is made; tells whether there is a `resolve`. may raise */
static thingspace_status check_table(lua_State *L, int table, const script *self, bool *resolve,
                                     thingspace_error *error)
{
    bool listeners;
    if (!lua_istable(L, table))
        return error_set(error, THINGSPACE_POLICY,
                         "the script must return a table: return { name = \"...\", ... }");
    thingspace_status status = check_members(L, table, self, error);
    if (status == THINGSPACE_OK)
        status = check_function(L, table, "resolve", resolve, error);
    if (status == THINGSPACE_OK)
        status = check_function(L, table, "listeners", &listeners, error);
    return status;
}

thingspace_status policy_check_name(const char *name, thingspace_error *error)
{
    if (text_is_empty(name) || text_has_control(name) || strlen(name) > LIMIT_POLICY_NAME)
        return error_set(error, THINGSPACE_POLICY, "name must be one line of at most %d bytes",
                         LIMIT_POLICY_NAME);
    return THINGSPACE_OK;
}

/* A tenant's script has the tenant's name unless it says another. may raise */
static thingspace_status read_name(lua_State *L, int table, const script *self, policy **out,
                                   thingspace_error *error)
{
    const char *name;
    thingspace_status status = policy_table_read_text(L, table, "name", &name, error);
    if (status == THINGSPACE_OK && !name && self->tenant)
        name = self->tenant->name;
    if (status == THINGSPACE_OK && text_is_empty(name))
        status = error_set(error, THINGSPACE_POLICY, "the policy needs a name: name = \"fleet\"");
    if (status == THINGSPACE_OK)
        status = policy_check_name(name, error);
    if (status == THINGSPACE_OK)
        status = policy_new(out, name, self->name, error);
    if (status == THINGSPACE_OK)
        policy_set_tenant(*out, self->tenant);
    lua_pop(L, 1);
    return status;
}

/* Reads table[name] with `read` when it is given. may raise */
static thingspace_status read_member(lua_State *L, int table, const char *name,
                                     policy_table_function *read, script *self, policy *to,
                                     thingspace_error *error)
{
    int top = lua_gettop(L);
    int type = policy_table_push(L, table, name);
    thingspace_status status = THINGSPACE_OK;
    if (type == LUA_TTABLE)
        status = read(L, -1, self, to, error);
    else if (type != LUA_TNIL)
        status = error_set(error, THINGSPACE_POLICY, "%s must be a table, not a %s", name,
                           lua_typename(L, type));
    lua_settop(L, top);
    return status;
}

/* Without a list of accounts, `resolve` must know them; a tenant's script may leave that to the
 * operator's list. may raise */
static thingspace_status settle_accounts(lua_State *L, int table, script *self, bool resolve,
                                         policy *to, thingspace_error *error)
{
    bool given = policy_table_push(L, table, "accounts") != LUA_TNIL;
    lua_pop(L, 1);
    self->open = !given && resolve;
    policy_set_open(to, self->open);
    policy_set_inherits(to, !given);
    if (given || resolve || self->tenant)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_POLICY,
                     "the policy declares no accounts: give accounts = { ... } or resolve");
}

/* may raise */
static thingspace_status read_rest(lua_State *L, int table, script *self, policy *to,
                                   thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < MEMBER_COUNT && status == THINGSPACE_OK; i++)
        if (members[i].read)
            status = read_member(L, table, members[i].name, members[i].read, self, to, error);
    return status;
}

/* may raise */
thingspace_status policy_read(lua_State *L, script *self, policy **out,
                              const environment_options *environment, thingspace_error *error)
{
    bool resolve = false;
    luaL_checkstack(L, STACK_SLOTS, NULL);
    runtime_push_value(L);
    int table = lua_gettop(L);
    thingspace_status status = check_table(L, table, self, &resolve, error);
    if (status == THINGSPACE_OK)
        status = read_name(L, table, self, out, error);
    self->policy = *out;
    if (status == THINGSPACE_OK && !self->tenant)
        status = environment_add(*out, environment, error);
    if (status == THINGSPACE_OK)
        status = settle_accounts(L, table, self, resolve || self->resolves, *out, error);
    if (status == THINGSPACE_OK)
        status = read_rest(L, table, self, *out, error);
    return status;
}
