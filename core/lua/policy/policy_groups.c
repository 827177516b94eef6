/* SPDX-License-Identifier: MIT */
/* `groups` and `checks` of a policy: small tables of texts, kept as C data. Runs inside the entry
 * that reads the policy. */
#include <config.h>
#include <lua.h>
#include "base/error.h"
#include "lua/policy/policy_inside.h"
#include "policy/groups.h"
#include "policy/row_sets.h"

typedef struct adding {
    policy *to;
    const char *group;
} adding;

static thingspace_status add_service(void *to, const char *service, thingspace_error *error)
{
    const adding *self = to;
    return groups_add(self->to, self->group, service, error);
}

/* The list of services is on top. may raise */
static thingspace_status read_group(lua_State *L, const char *name, script *self, policy *to,
                                    thingspace_error *error)
{
    (void)self;
    adding adding = {to, name};
    size_t count;
    if (!lua_istable(L, -1) || !policy_table_is_list(L, -1, &count) || count == 0)
        return error_set(error, THINGSPACE_POLICY,
                         "a group is a list of services: { \"DeviceUsage\", ... }");
    return policy_table_each_text(L, -1, "services", add_service, &adding, error);
}

/* may raise */
thingspace_status policy_read_groups(lua_State *L, int index, script *self, policy *to,
                                     thingspace_error *error)
{
    return policy_table_each(L, index, "groups", read_group, self, to, error);
}

/* may raise */
thingspace_status policy_checks_read(lua_State *L, int index, listener_levels *out,
                                     thingspace_error *error)
{
    if (lua_type(L, index) != LUA_TTABLE)
        return error_set(error, THINGSPACE_POLICY, "checks must be a table, not a %s",
                         lua_typename(L, lua_type(L, index)));
    thingspace_status status = row_sets_checks(out, runtime_to_json(L, index), error);
    lua_pop(L, 1);
    return status;
}

/* may raise */
thingspace_status policy_read_checks(lua_State *L, int index, script *self, policy *to,
                                     thingspace_error *error)
{
    (void)self;
    listener_levels levels = {{0}};
    thingspace_status status = policy_checks_read(L, index, &levels, error);
    policy_set_checks(to, &levels);
    return status;
}
