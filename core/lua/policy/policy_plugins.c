/* SPDX-License-Identifier: MIT */
/*
 * `plugins` of a policy or of a tenant's script: a list of rows { "NAME", options = { ... }, ... }.
 * A row hangs on the script object until the policy takes it. Secrets among the options leave the
 * table here: what becomes JSON holds none. Runs inside the entry that reads the policy.
 */
#include <config.h>
#include <lauxlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "lua/policy/policy_inside.h"
#include "lua/policy/row_limits.h"
#include "lua/runtime/runtime_inside.h"

static const char *const row_members[] = {"name",    "priority", "on_error", "required",
                                          "options", "grant",    "limits",   NULL};

/* --- Options --- */

static void free_source(void *value)
{
    secret_source_free(value);
}

static thingspace_status take_secret(const script *self, const char *name, secret_source *source,
                                     thingspace_error *error)
{
    plugin_row *row = self->held_row;
    if (source == self->registered)
        return error_set(error, THINGSPACE_POLICY, "secret.registered is for listeners alone");
    if (!row->secrets && map_new(&row->secrets, free_source) != THINGSPACE_OK)
        return error_memory(error);
    if (map_set(row->secrets, name, secret_source_ref(source)) == THINGSPACE_OK)
        return THINGSPACE_OK;
    secret_source_free(source); /* the reference that the map did not take */
    return error_memory(error);
}

/* Looks for a handle inside the table on top, whose depth and size were seen to be bounded. Leaves
 * the stack as it was. may raise */
static bool holds_secret(lua_State *L)
{
    bool found = false;
    luaL_checkstack(L, 4, NULL);
    for (lua_pushnil(L); !found && lua_next(L, -2);) {
        found = runtime_is_secret(L, -1) || (lua_istable(L, -1) && holds_secret(L));
        lua_pop(L, found ? 2 : 1);
    }
    return found;
}

static int to_json(lua_State *L)
{
    runtime_to_json(L, 1);
    return 0;
}

/* Whether the value on top can be JSON, and if not, why: here its name is known. may raise */
static thingspace_status check_json(lua_State *L, thingspace_error *error)
{
    lua_pushcfunction(L, to_json);
    lua_pushvalue(L, -2);
    int status = lua_pcall(L, 1, 0, 0);
    if (status == LUA_OK)
        return THINGSPACE_OK;
    if (status != LUA_ERRRUN || lua_type(L, -1) != LUA_TSTRING || runtime_of(L)->memory.refused)
        lua_error(L);
    error_set(error, THINGSPACE_POLICY, "%s", lua_tostring(L, -1));
    lua_pop(L, 1);
    return THINGSPACE_POLICY;
}

/* The option is on top; plain ones go to the table at `plain`. may raise */
static thingspace_status read_option(lua_State *L, const char *name, const script *self, int plain,
                                     thingspace_error *error)
{
    secret_source *source = runtime_to_secret(L, -1);
    if (source)
        return take_secret(self, name, source, error);
    if (lua_isfunction(L, -1))
        return error_set(error, THINGSPACE_POLICY,
                         "a function cannot be an option: give text, numbers, tables or a secret");
    thingspace_status status = check_json(L, error);
    if (status != THINGSPACE_OK)
        return status;
    lua_pushstring(L, name);
    lua_pushvalue(L, -2);
    lua_rawset(L, plain);
    if (!lua_istable(L, -1) || !holds_secret(L))
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_POLICY,
                     "a secret inside of a table: give it as an option of its own");
}

/* may raise */
static thingspace_status split_options(lua_State *L, int table, const script *self, int plain,
                                       thingspace_error *error)
{
    const char **names;
    size_t count;
    thingspace_status status = policy_table_names(L, table, &names, &count, error);
    for (size_t i = 0; i < count && status == THINGSPACE_OK; i++) {
        int top = lua_gettop(L);
        policy_table_push(L, table, names[i]);
        status = read_option(L, names[i], self, plain, error);
        lua_settop(L, top);
        if (status == THINGSPACE_POLICY)
            error_prefix(error, "%s", names[i]);
    }
    return status;
}

/* may raise */
static thingspace_status read_options(lua_State *L, int row, const script *self,
                                      thingspace_error *error)
{
    int type = policy_table_push(L, row, "options");
    int table = lua_gettop(L);
    if (type == LUA_TNIL)
        return THINGSPACE_OK;
    if (type != LUA_TTABLE)
        return error_set(error, THINGSPACE_POLICY, "options must be a table, not a %s",
                         lua_typename(L, type));
    lua_newtable(L);
    int plain = lua_gettop(L);
    thingspace_status status = split_options(L, table, self, plain, error);
    if (status == THINGSPACE_POLICY)
        error_prefix(error, "options");
    if (status != THINGSPACE_OK)
        return status;
    bool object = json_type_of(runtime_to_json(L, plain)) == JSON_OBJECT;
    self->held_row->options = object ? runtime_take_json(L, -1) : json_new_object();
    return self->held_row->options ? THINGSPACE_OK : error_memory(error);
}

/* --- The other members --- */

/* may raise */
static thingspace_status read_name(lua_State *L, int row, plugin_row *out, thingspace_error *error)
{
    const char *name;
    thingspace_status status = policy_table_read_text(L, row, "name", &name, error);
    if (status == THINGSPACE_OK && name)
        status = policy_check_name(name, error);
    if (status != THINGSPACE_OK || !name)
        return status;
    out->name = text_copy(name);
    return out->name ? THINGSPACE_OK : error_memory(error);
}

/* may raise */
static thingspace_status read_priority(lua_State *L, int row, plugin_row *out,
                                       thingspace_error *error)
{
    int type = policy_table_push(L, row, "priority");
    int is_integer = 0;
    long long value = lua_tointegerx(L, -1, &is_integer);
    if (type == LUA_TNIL)
        return THINGSPACE_OK;
    if (type != LUA_TNUMBER || !is_integer || value < 0 || value > PLUGIN_PRIORITY_MOST)
        return error_set(error, THINGSPACE_POLICY, "priority must be a whole number from 0 to %d",
                         PLUGIN_PRIORITY_MOST);
    out->priority = (unsigned)value;
    return THINGSPACE_OK;
}

/* may raise */
static thingspace_status read_on_error(lua_State *L, int row, plugin_row *out,
                                       thingspace_error *error)
{
    const char *name;
    thingspace_status status = policy_table_read_text(L, row, "on_error", &name, error);
    if (status != THINGSPACE_OK || !name)
        return status;
    out->on_error = on_error_find(name);
    if (out->on_error == ON_ERROR_COUNT)
        return error_set(error, THINGSPACE_POLICY,
                         "on_error must be \"fail\", \"skip\" or \"quarantine\", not '%.64s'",
                         name);
    return THINGSPACE_OK;
}

/* may raise */
static thingspace_status read_required(lua_State *L, int row, plugin_row *out,
                                       thingspace_error *error)
{
    int type = policy_table_push(L, row, "required");
    out->required = lua_toboolean(L, -1);
    if (type == LUA_TNIL || type == LUA_TBOOLEAN)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_POLICY, "required must be true or false");
}

thingspace_status policy_add_capability(void *set, const char *text, thingspace_error *error)
{
    thingspace_status status = capability_add(set, text, error);
    if (status == THINGSPACE_PLUGIN) {
        status = THINGSPACE_POLICY;
        if (error)
            error->kind = status;
    }
    return status;
}

/* A tenant's row that grants nothing grants all that it was given. may raise */
static thingspace_status read_grant(lua_State *L, int row, const tenant *tenant, plugin_row *out,
                                    thingspace_error *error)
{
    const capability_set *given = tenant ? map_get(tenant->plugins, out->plugin) : NULL;
    int type = policy_table_push(L, row, "grant");
    out->grant_written = type != LUA_TNIL;
    if (!out->grant_written && given)
        out->grant = *given;
    return policy_table_each_text(L, -1, "grant", policy_add_capability, &out->grant, error);
}

/* What the tenant's row leaves open has the built-in limits. */
static plugin_limits limits_of_tenant(const tenant *tenant)
{
    runtime_limits limits = row_limits_running(&tenant->limits);
    return (plugin_limits){limits.deadline_ms, limits.instructions, limits.memory,
                           limits.allocation, limits.log_lines};
}

/* may raise */
static thingspace_status read_limits(lua_State *L, int row, const tenant *tenant, plugin_row *out,
                                     thingspace_error *error)
{
    policy_table_push(L, row, "limits");
    if (!tenant)
        return policy_read_limits(L, -1, &out->limits, error);
    plugin_limits most = limits_of_tenant(tenant);
    out->limits = tenant->limits;
    thingspace_status status = policy_read_limits(L, -1, &out->limits, error);
    return status == THINGSPACE_OK ? policy_check_limits(&out->limits, &most, error) : status;
}

/* --- Rows --- */

/* Pushes the named members of the row on top as a table of their own. may raise */
static void push_named(lua_State *L)
{
    int row = lua_gettop(L);
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, row);) {
        if (lua_isinteger(L, -2) && lua_tointeger(L, -2) == 1) {
            lua_pop(L, 1);
            continue;
        }
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, row + 1);
    }
}

static thingspace_status make_row(script *self, const char *plugin, size_t place,
                                  thingspace_error *error)
{
    cleanup_text char *where = text_format("%s: plugins[%zu]", self->name, place);
    plugin_row_free(self->held_row);
    self->held_row = NULL;
    if (!where || plugin_row_new(&self->held_row, plugin, where) != THINGSPACE_OK)
        return error_memory(error);
    plugin_row *row = self->held_row;
    row->folder = text_copy(self->folder);
    row->tenant = text_copy(self->tenant ? self->tenant->name : NULL);
    if ((self->folder && !row->folder) || (self->tenant && !row->tenant))
        return error_memory(error);
    return THINGSPACE_OK;
}

/* The members of the held row, from the table at `row`. may raise */
static thingspace_status read_members(lua_State *L, int row, const script *self,
                                      thingspace_error *error)
{
    plugin_row *out = self->held_row;
    thingspace_status status = policy_table_check(L, row, row_members, error);
    if (status == THINGSPACE_OK)
        status = read_name(L, row, out, error);
    if (status == THINGSPACE_OK)
        status = read_priority(L, row, out, error);
    if (status == THINGSPACE_OK)
        status = read_on_error(L, row, out, error);
    if (status == THINGSPACE_OK)
        status = read_required(L, row, out, error);
    if (status == THINGSPACE_OK)
        status = read_grant(L, row, self->tenant, out, error);
    if (status == THINGSPACE_OK)
        status = read_limits(L, row, self->tenant, out, error);
    if (status == THINGSPACE_OK)
        status = read_options(L, row, self, error);
    return status;
}

/* The value on top is the row at `place`. may raise */
static thingspace_status read_row(lua_State *L, script *self, policy *to, size_t place,
                                  thingspace_error *error)
{
    if (!lua_istable(L, -1))
        return error_set(error, THINGSPACE_POLICY,
                         "a row is a table: { \"NAME\", options = { ... } }");
    lua_rawgeti(L, -1, 1);
    const char *plugin = policy_table_text(L, -1);
    if (text_is_empty(plugin) || text_has_control(plugin) || strlen(plugin) > LIMIT_URL)
        return error_set(error, THINGSPACE_POLICY,
                         "a row begins with the plugin's name or file: { \"NAME\", ... }");
    thingspace_status status = make_row(self, plugin, place, error);
    if (status != THINGSPACE_OK)
        return status;
    lua_pushvalue(L, -2);
    push_named(L);
    status = read_members(L, lua_gettop(L), self, error);
    if (status != THINGSPACE_OK)
        return status;
    plugin_row *row = self->held_row;
    self->held_row = NULL;
    return policy_add_plugin(to, row, error);
}

/* may raise */
thingspace_status policy_read_plugins(lua_State *L, int index, script *self, policy *to,
                                      thingspace_error *error)
{
    size_t count;
    int table = lua_absindex(L, index);
    thingspace_status status = THINGSPACE_OK;
    luaL_checkstack(L, LUA_MINSTACK * 2, NULL);
    if (!policy_table_is_list(L, table, &count))
        return error_set(
            error, THINGSPACE_POLICY,
            "plugins must be a list of rows: { { \"NAME\", options = { ... } }, ... }");
    for (size_t i = 1; i <= count && status == THINGSPACE_OK; i++) {
        int top = lua_gettop(L);
        lua_rawgeti(L, table, (lua_Integer)i);
        status = read_row(L, self, to, i, error);
        lua_settop(L, top);
        if (status == THINGSPACE_POLICY)
            error_prefix(error, "plugins[%zu]", i);
    }
    return status;
}
