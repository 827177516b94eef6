/* SPDX-License-Identifier: MIT */
/*
 * `limits` of a row: whole numbers, each below a maximum that is generous and still not for ever.
 * What a tenant's script asks for itself must stay within what its row gives. Runs inside the entry
 * that reads the policy.
 */
#include <config.h>
#include <lua.h>
#include "base/error.h"
#include "lua/policy/policy_inside.h"

#define MIB (1024LL * 1024)

enum { DEADLINE, INSTRUCTIONS, MEMORY, ALLOCATION, LOG_LINES, FIELD_COUNT };

static const struct {
    const char *name;
    long long most;
} fields[FIELD_COUNT] = {
    [DEADLINE] = {"deadline_ms", 60 * 1000},          /* one call's whole time-out is 30 s */
    [INSTRUCTIONS] = {"instructions", 1000000000000}, /* the deadline ends it long before */
    [MEMORY] = {"memory_bytes", 1024 * MIB},          /* four times what the operator has at load */
    [ALLOCATION] = {"allocation_bytes", 64 * MIB},    /* as the operator has it at load */
    [LOG_LINES] = {"log_lines", 10000},
};

static long long get(const plugin_limits *limits, size_t field)
{
    const long long values[FIELD_COUNT] = {
        [DEADLINE] = limits->deadline_ms,
        [INSTRUCTIONS] = (long long)limits->instructions,
        [MEMORY] = (long long)limits->memory_bytes,
        [ALLOCATION] = (long long)limits->allocation_bytes,
        [LOG_LINES] = limits->log_lines,
    };
    return values[field];
}

static void set(plugin_limits *limits, size_t field, long long value)
{
    switch (field) {
    case DEADLINE:
        limits->deadline_ms = value;
        break;
    case INSTRUCTIONS:
        limits->instructions = (uint64_t)value;
        break;
    case MEMORY:
        limits->memory_bytes = (size_t)value;
        break;
    case ALLOCATION:
        limits->allocation_bytes = (size_t)value;
        break;
    default:
        limits->log_lines = (unsigned)value;
    }
}

/* may raise */
static thingspace_status read_field(lua_State *L, int table, size_t field, plugin_limits *out,
                                    thingspace_error *error)
{
    int type = policy_table_push(L, table, fields[field].name);
    int is_integer = 0;
    long long value = lua_tointegerx(L, -1, &is_integer);
    lua_pop(L, 1);
    if (type == LUA_TNIL)
        return THINGSPACE_OK;
    if (type != LUA_TNUMBER || !is_integer || value < 1 || value > fields[field].most)
        return error_set(error, THINGSPACE_POLICY, "%s must be a whole number from 1 to %lld",
                         fields[field].name, fields[field].most);
    set(out, field, value);
    return THINGSPACE_OK;
}

/* may raise */
thingspace_status policy_read_limits(lua_State *L, int index, plugin_limits *out,
                                     thingspace_error *error)
{
    const char *known[FIELD_COUNT + 1] = {NULL};
    int table = lua_absindex(L, index);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        known[i] = fields[i].name;
    if (lua_isnil(L, table))
        return THINGSPACE_OK;
    thingspace_status status = THINGSPACE_OK;
    if (!lua_istable(L, table))
        status = error_set(error, THINGSPACE_POLICY, "write { deadline_ms = 10 }, not a %s",
                           lua_typename(L, lua_type(L, table)));
    if (status == THINGSPACE_OK)
        status = policy_table_check(L, table, known, error);
    for (size_t i = 0; i < FIELD_COUNT && status == THINGSPACE_OK; i++)
        status = read_field(L, table, i, out, error);
    if (status == THINGSPACE_POLICY)
        error_prefix(error, "limits");
    return status;
}

thingspace_status policy_check_limits(const plugin_limits *wanted, const plugin_limits *most,
                                      thingspace_error *error)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (get(wanted, i) > get(most, i))
            return error_set(error, THINGSPACE_POLICY,
                             "limits: %s cannot be raised above the %lld that the operator gives",
                             fields[i].name, get(most, i));
    return THINGSPACE_OK;
}
