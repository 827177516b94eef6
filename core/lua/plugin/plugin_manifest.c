/* SPDX-License-Identifier: MIT */
/*
 * Reads what a plugin returned into its manifest: raw and once, so that a table cannot answer
 * differently the second time; then the table is let go of, its functions are kept by reference.
 * Runs inside entries only.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "lua/plugin/plugin_inside.h"
#include "lua/policy/policy_inside.h"
#include "lua/runtime/runtime_inside.h"

typedef struct reading {
    plugin_script *script;
    manifest *to;
    thingspace_status status;
    thingspace_error error;
} reading;

/* Finds one member's value on top. */
typedef thingspace_status read_function(lua_State *L, reading *reading);

/* may raise */
static thingspace_status read_name(lua_State *L, reading *reading)
{
    const char *name, *version;
    thingspace_status status = policy_table_read_text(L, 1, "name", &name, &reading->error);
    if (status == THINGSPACE_OK)
        status = policy_table_read_text(L, 1, "version", &version, &reading->error);
    if (status != THINGSPACE_OK)
        return status;
    if (!name || !version)
        return error_set(&reading->error, THINGSPACE_PLUGIN, "the plugin has no %s: write %s",
                         name ? "version" : "name",
                         name ? "version = \"1.0.0\"" : "name = \"...\"");
    return manifest_set_name(reading->to, name, version, &reading->error);
}

/* may raise */
static thingspace_status read_api(lua_State *L, reading *reading)
{
    int type = policy_table_push(L, 1, "api");
    if (type != LUA_TNIL && !lua_isinteger(L, -1))
        return error_set(&reading->error, THINGSPACE_PLUGIN, "api must be the number %d",
                         MANIFEST_API);
    if (type == LUA_TNIL)
        return error_set(&reading->error, THINGSPACE_PLUGIN,
                         "the plugin does not say for which api it is written: write api = %d",
                         MANIFEST_API);
    return manifest_check_api(lua_tointeger(L, -1), &reading->error);
}

/* may raise */
static thingspace_status read_capabilities(lua_State *L, reading *reading)
{
    size_t count;
    if (policy_table_push(L, 1, "capabilities") == LUA_TNIL)
        return THINGSPACE_OK;
    if (!lua_istable(L, -1) || !policy_table_is_list(L, -1, &count))
        return error_set(&reading->error, THINGSPACE_PLUGIN,
                         "capabilities must be a list of texts");
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 1; i <= count && status == THINGSPACE_OK; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        const char *text = policy_table_text(L, -1);
        status = text ? manifest_add_capability(reading->to, text, &reading->error)
                      : error_set(&reading->error, THINGSPACE_PLUGIN,
                                  "capabilities[%zu] must be text", i);
        lua_pop(L, 1);
    }
    return status;
}

/* --- options --- */

/* may raise */
static thingspace_status read_required(lua_State *L, int option, bool *out, reading *reading)
{
    int type = policy_table_push(L, option, "required");
    *out = lua_toboolean(L, -1);
    if (type == LUA_TNIL || type == LUA_TBOOLEAN)
        return THINGSPACE_OK;
    return error_set(&reading->error, THINGSPACE_PLUGIN, "required must be true or false");
}

/* NULL when there is none. may raise */
static json *take_default(lua_State *L, int option)
{
    if (policy_table_push(L, option, "default") == LUA_TNIL)
        return NULL;
    runtime_to_json(L, -1);
    return runtime_take_json(L, -1);
}

/* The option's table is on top. may raise */
static thingspace_status read_option(lua_State *L, const char *name, reading *reading)
{
    static const char *const known[] = {"type", "required", "default", "doc", NULL};
    const char *type, *doc;
    bool required = false;
    int option = lua_gettop(L);
    thingspace_error *error = &reading->error;
    if (!lua_istable(L, option))
        return error_set(error, THINGSPACE_PLUGIN,
                         "an option is a table: { type = \"string\", doc = \"...\" }");
    thingspace_status status = policy_table_check(L, option, known, error);
    if (status == THINGSPACE_OK)
        status = policy_table_read_text(L, option, "type", &type, error);
    if (status == THINGSPACE_OK)
        status = policy_table_read_text(L, option, "doc", &doc, error);
    if (status == THINGSPACE_OK)
        status = read_required(L, option, &required, reading);
    if (status != THINGSPACE_OK)
        return status;
    if (!type)
        return error_set(error, THINGSPACE_PLUGIN, "the option has no type");
    return manifest_add_option(reading->to, name, type, required, take_default(L, option), doc,
                               error);
}

/* may raise */
static thingspace_status read_options(lua_State *L, reading *reading)
{
    const char **names;
    size_t count;
    if (policy_table_push(L, 1, "options") == LUA_TNIL)
        return THINGSPACE_OK;
    int table = lua_gettop(L);
    if (!lua_istable(L, table))
        return error_set(&reading->error, THINGSPACE_PLUGIN,
                         "options must be a table of names and options");
    thingspace_status status = policy_table_names(L, table, &names, &count, &reading->error);
    int top = lua_gettop(L);
    for (size_t i = 0; status == THINGSPACE_OK && i < count; i++) {
        policy_table_push(L, table, names[i]);
        status = read_option(L, names[i], reading);
        lua_settop(L, top);
        if (status != THINGSPACE_OK && status != THINGSPACE_MEMORY)
            error_prefix(&reading->error, "options.%s", names[i]);
    }
    return status;
}

/* --- functions --- */

/* may raise */
static thingspace_status read_configure(lua_State *L, reading *reading)
{
    int type = policy_table_push(L, 1, "configure");
    if (type == LUA_TFUNCTION)
        reading->script->configure = luaL_ref(L, LUA_REGISTRYINDEX);
    if (type == LUA_TFUNCTION || type == LUA_TNIL)
        return THINGSPACE_OK;
    return error_set(&reading->error, THINGSPACE_PLUGIN, "configure must be a function, not a %s",
                     lua_typename(L, type));
}

/* The function is on top. may raise */
static thingspace_status read_hook(lua_State *L, const char *name, reading *reading)
{
    thingspace_status status = manifest_add_hook(reading->to, name, &reading->error);
    if (status != THINGSPACE_OK)
        return status;
    if (!lua_isfunction(L, -1))
        return error_set(&reading->error, THINGSPACE_PLUGIN,
                         "hooks.%s must be a function, not a %s", name, luaL_typename(L, -1));
    reading->script->hooks[phase_find(name)].function = luaL_ref(L, LUA_REGISTRYINDEX);
    return THINGSPACE_OK;
}

/* may raise */
static thingspace_status read_hooks(lua_State *L, reading *reading)
{
    const char **names;
    size_t count;
    policy_table_push(L, 1, "hooks");
    int table = lua_gettop(L);
    if (!lua_istable(L, table))
        return error_set(&reading->error, THINGSPACE_PLUGIN,
                         "the plugin has no hooks: write hooks = { request = function(call, "
                         "request) ... end }");
    thingspace_status status = policy_table_names(L, table, &names, &count, &reading->error);
    int top = lua_gettop(L);
    for (size_t i = 0; status == THINGSPACE_OK && i < count; i++) {
        policy_table_push(L, table, names[i]);
        status = read_hook(L, names[i], reading);
        lua_settop(L, top);
    }
    return status;
}

/* The script's value is at 1. may raise */
static thingspace_status read_all(lua_State *L, reading *reading)
{
    static const char *const known[] = {"name",    "version",   "api",   "capabilities",
                                        "options", "configure", "hooks", NULL};
    static read_function *const parts[] = {read_name,    read_api,       read_capabilities,
                                           read_options, read_configure, read_hooks};
    if (!lua_istable(L, 1))
        return error_set(&reading->error, THINGSPACE_PLUGIN,
                         "a plugin returns a table: return { name = \"...\", version = \"1.0.0\", "
                         "api = %d, hooks = { ... } }",
                         MANIFEST_API);
    thingspace_status status = policy_table_check(L, 1, known, &reading->error);
    for (size_t i = 0; status == THINGSPACE_OK && i < sizeof(parts) / sizeof(*parts); i++) {
        status = parts[i](L, reading);
        lua_settop(L, 1);
    }
    return status;
}

/* may raise */
static int read_body(lua_State *L)
{
    reading *reading = lua_touserdata(L, 1);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    lua_settop(L, 0);
    runtime_push_value(L);
    reading->status = read_all(L, reading);
    lua_settop(L, 0);
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &runtime_key_value);
    return 0;
}

static thingspace_status name_file(const plugin_script *self, thingspace_error *found,
                                   thingspace_error *error)
{
    char message[sizeof(found->message)];
    memcpy(message, found->message, sizeof(message));
    error_set(error, THINGSPACE_PLUGIN, "%s: %s", self->name, message);
    error_set_place(error, self->name, 0);
    return THINGSPACE_PLUGIN;
}

thingspace_status plugin_manifest_read(plugin_script *self, manifest *out, thingspace_error *error)
{
    reading reading = {self, out, THINGSPACE_OK, THINGSPACE_ERROR_INIT};
    thingspace_status status = runtime_enter(self->runtime, read_body, &reading, "the manifest",
                                             &self->configuring, error);
    if (status != THINGSPACE_OK || reading.status == THINGSPACE_OK)
        return status;
    if (reading.status == THINGSPACE_MEMORY)
        return error_memory(error);
    return name_file(self, &reading.error, error);
}
