/* SPDX-License-Identifier: MIT */
/*
 * Groups of callback services that a policy declares, so that a listener can be declared once for
 * all of them, as "@usage". "@all" is built in: what the catalogue knows of an API. One thread at a
 * time.
 */
#ifndef GROUPS_H
#define GROUPS_H

#include "catalogue/api_table.h"
#include "policy/policy.h"

/* Whether the name stands for a group. */
static inline bool groups_is_name(const char *name)
{
    return *name == '@';
}

/* Adds a service to the group `name`, which is made; without '@'. Expected: POLICY, MEMORY. */
thingspace_status groups_add(policy *policy, const char *name, const char *service,
                             thingspace_error *error);
/* `name` begins with '@'. Expected: POLICY (there is no such group; the nearest). */
thingspace_status groups_check(const policy *policy, const char *name, thingspace_error *error);
/* The service at `index` of a group that is there; NULL: there are no more. Borrowed. */
const char *groups_service(const policy *policy, const char *name, const api_row *api,
                           size_t index);
bool groups_has(const policy *policy, const char *name, const api_row *api, const char *service);

/* The same for whoever does not know whose account it is: in the policy or in that of a tenant. */
thingspace_status groups_check_anywhere(const policy *policy, const char *name,
                                        thingspace_error *error);
bool groups_has_anywhere(const policy *policy, const char *name, const char *service);

#endif
