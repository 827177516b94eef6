/* SPDX-License-Identifier: MIT */
/*
 * Named scalars in Lua: thingspace.state of the instance, which outlives calls and rebuilt states,
 * and call.vars, which the hooks of one owner share during a call. Undoing is the dispatcher's.
 */
#include <config.h>
#include <math.h>
#include "lua/plugin/plugin_inside.h"

/* may raise */
static void push_scalar(lua_State *L, const scalar *value)
{
    switch (value->type) {
    case SCALAR_NIL:
        lua_pushnil(L);
        break;
    case SCALAR_BOOLEAN:
        lua_pushboolean(L, value->boolean);
        break;
    case SCALAR_INTEGER:
        lua_pushinteger(L, value->integer);
        break;
    case SCALAR_NUMBER:
        lua_pushnumber(L, value->number);
        break;
    case SCALAR_TEXT:
        lua_pushlstring(L, value->text, value->size);
        break;
    }
}

static scalar number_of(lua_State *L, int index)
{
    if (lua_isinteger(L, index))
        return (scalar){.type = SCALAR_INTEGER, .integer = lua_tointeger(L, index)};
    return (scalar){.type = SCALAR_NUMBER, .number = lua_tonumber(L, index)};
}

/* Borrows a text from the stack. may raise */
static scalar check_scalar(lua_State *L, int index, const char *what)
{
    scalar value = {.type = SCALAR_NIL};
    switch (lua_type(L, index)) {
    case LUA_TNONE:
    case LUA_TNIL:
        break;
    case LUA_TBOOLEAN:
        value.type = SCALAR_BOOLEAN;
        value.boolean = lua_toboolean(L, index);
        break;
    case LUA_TNUMBER:
        value = number_of(L, index);
        break;
    case LUA_TSTRING:
        value.type = SCALAR_TEXT;
        value.text = lua_tolstring(L, index, &value.size);
        break;
    default:
        luaL_error(L, "%s holds texts, numbers, booleans and nil, not a %s", what,
                   runtime_is_secret(L, index) ? "secret" : luaL_typename(L, index));
    }
    return value;
}

/* --- thingspace.state --- */

/* may raise */
static scalars *check_state(lua_State *L, const char *usage, int most)
{
    plugin_script *self = plugin_script_of(L);
    if (!lua_touserdata(L, 1) || lua_touserdata(L, 1) != self->state)
        luaL_error(L, "call it with a colon: thingspace.%s", usage);
    plugin_check_count(L, most, usage);
    plugin_check_view(L, "state");
    scalars *state = instance_state(self->instance);
    if (!state)
        runtime_raise_memory(L);
    return state;
}

static int state_get(lua_State *L)
{
    size_t size;
    scalar value;
    const scalars *state = check_state(L, "state:get(key)", 2);
    const char *key = plugin_check_key(L, 2, &size, "the key of thingspace.state");
    scalars_get(state, key, size, &value);
    push_scalar(L, &value);
    return 1;
}

static int state_set(lua_State *L)
{
    size_t size;
    scalars *state = check_state(L, "state:set(key, value)", 3);
    const char *key = plugin_check_key(L, 2, &size, "the key of thingspace.state");
    scalar value = check_scalar(L, 3, "thingspace.state");
    return plugin_check(L, scalars_set(state, key, size, &value, &plugin_script_of(L)->error));
}

/* Answers the sum; without an amount, 1 is added. */
static int state_add(lua_State *L)
{
    size_t size;
    scalar sum, amount = {.type = SCALAR_INTEGER, .integer = 1};
    scalars *state = check_state(L, "state:add(key, amount)", 3);
    const char *key = plugin_check_key(L, 2, &size, "the key of thingspace.state");
    if (!lua_isnoneornil(L, 3)) {
        plugin_check_number(L, 3, "state:add: the amount");
        amount = number_of(L, 3);
    }
    plugin_check(L, scalars_add(state, key, size, &amount, &sum, &plugin_script_of(L)->error));
    push_scalar(L, &sum);
    return 1;
}

/* may raise */
void plugin_state_open(lua_State *L, plugin_script *self)
{
    static const luaL_Reg functions[] = {
        {"add", state_add}, {"get", state_get}, {"set", state_set}, {NULL, NULL}};
    luaL_newlib(L, functions);
    self->state = handle_new(L, "state", NULL);
    lua_setfield(L, -2, "state");
}

/* --- call.vars --- */

/* may raise */
static scalars *check_vars(lua_State *L)
{
    scalars *vars = view_vars(handle_check_view(L, FIELD_CALL_VARS));
    if (!vars)
        runtime_raise_memory(L);
    return vars;
}

static int read_var(lua_State *L)
{
    size_t size;
    scalar value;
    const scalars *vars = check_vars(L);
    const char *key = plugin_check_key(L, 2, &size, "the key of call.vars");
    scalars_get(vars, key, size, &value);
    push_scalar(L, &value);
    return 1;
}

static int write_var(lua_State *L)
{
    size_t size;
    scalars *vars = check_vars(L);
    const char *key = plugin_check_key(L, 2, &size, "the key of call.vars");
    scalar value = check_scalar(L, 3, "call.vars");
    return plugin_check(L, scalars_set(vars, key, size, &value, &plugin_script_of(L)->error));
}

/* may raise */
void plugin_vars_open(lua_State *L, plugin_script *self)
{
    lua_pushcfunction(L, read_var);
    handle_new(L, "vars", write_var);
    self->vars_reference = luaL_ref(L, LUA_REGISTRYINDEX);
}
