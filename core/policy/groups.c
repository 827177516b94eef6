/* SPDX-License-Identifier: MIT */
/* See groups.h. A group is a map whose keys are its services; the policy owns them all. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/service.h"
#include "policy/declared.h"
#include "policy/groups.h"
#include "policy/policy_inside.h"

static bool is_all(const char *name)
{
    return text_equal(name, "@all");
}

static void free_group(void *value)
{
    map_free(value);
}

thingspace_status groups_init(map **groups)
{
    return map_new(groups, free_group);
}

static thingspace_status find_or_make(policy *self, map **out, const char *name,
                                      thingspace_error *error)
{
    *out = map_get(self->groups, name);
    if (*out)
        return THINGSPACE_OK;
    if (text_equal(name, "all"))
        return error_set(error, THINGSPACE_POLICY, "group 'all' is built in: take another name");
    if (map_count(self->groups) >= LIMIT_GROUPS)
        return error_set(error, THINGSPACE_POLICY, "more than %d groups: declare fewer",
                         LIMIT_GROUPS);
    map *made;
    if (map_new(&made, NULL) != THINGSPACE_OK)
        return error_memory(error);
    thingspace_status status = policy_add_named(self->groups, "group", name, made, error);
    if (status != THINGSPACE_OK)
        map_free(made);
    else
        *out = made;
    return status;
}

thingspace_status groups_add(policy *self, const char *name, const char *service,
                             thingspace_error *error)
{
    map *list;
    thingspace_error why = THINGSPACE_ERROR_INIT;
    if (service_check(service, &why) != THINGSPACE_OK)
        return error_set(error, THINGSPACE_POLICY, "%s", why.message);
    thingspace_status status = find_or_make(self, &list, name, error);
    if (status != THINGSPACE_OK)
        return status;
    if (map_get(list, service))
        return error_set(error, THINGSPACE_POLICY, "%s is there twice: keep one", service);
    if (map_count(list) >= LIMIT_DESIRED_LISTENERS)
        return error_set(error, THINGSPACE_POLICY, "more than %d services: declare fewer",
                         LIMIT_DESIRED_LISTENERS);
    return map_set(list, service, list) == THINGSPACE_OK ? THINGSPACE_OK : error_memory(error);
}

thingspace_status groups_check(const policy *self, const char *name, thingspace_error *error)
{
    if (is_all(name) || map_get(self->groups, name + 1))
        return THINGSPACE_OK;
    if (map_count(self->groups) == 0)
        return error_set(error, THINGSPACE_POLICY,
                         "group '%.40s' is not declared: add it to groups = { ... }, or use @all",
                         name + 1);
    (void)declared_find(self->groups, "group", name + 1, error);
    return THINGSPACE_POLICY;
}

static const char *known_service(const api_row *api, size_t index)
{
    const char *const *services = api->info.services;
    if (api_row_is_default(api))
        return index < thingspace_service_count() ? thingspace_service_at(index)->name : NULL;
    for (size_t i = 0; i < index && services[i]; i++)
        if (!services[i + 1])
            return NULL;
    return services[index];
}

const char *groups_service(const policy *self, const char *name, const api_row *api, size_t index)
{
    if (is_all(name))
        return known_service(api, index);
    const map *list = map_get(self->groups, name + 1);
    return list && index < map_count(list) ? map_key(list, index) : NULL;
}

bool groups_has(const policy *self, const char *name, const api_row *api, const char *service)
{
    const char *one;
    for (size_t i = 0; (one = groups_service(self, name, api, i)); i++)
        if (text_equal(one, service))
            return true;
    return false;
}

/* ---- anywhere ---- */

static const policy *own_policy(const policy *self, size_t index)
{
    return policy_tenant_at(self, index)->own;
}

thingspace_status groups_check_anywhere(const policy *self, const char *name,
                                        thingspace_error *error)
{
    for (size_t i = 0; i < policy_tenant_count(self); i++)
        if (own_policy(self, i) && map_get(own_policy(self, i)->groups, name + 1))
            return THINGSPACE_OK;
    return groups_check(self, name, error);
}

bool groups_has_anywhere(const policy *self, const char *name, const char *service)
{
    const api_row *api;
    if (api_row_find(&api, NULL, NULL) != THINGSPACE_OK)
        return false;
    bool found = groups_has(self, name, api, service);
    for (size_t i = 0; !found && i < policy_tenant_count(self); i++)
        found = own_policy(self, i) && groups_has(own_policy(self, i), name, api, service);
    return found;
}
