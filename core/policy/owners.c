/* SPDX-License-Identifier: MIT */
/*
 * Whose account it is. For declared accounts that is worked out once, while the policy is built:
 * `owners` maps each to its tenant, or to one of two marks. Others are compared with the patterns
 * when they are asked for. One thread at a time.
 */
#include <config.h>
#include "base/error.h"
#include "base/limits.h"
#include "policy/declared.h"
#include "policy/policy_inside.h"

/* Marks in place of a tenant; only their addresses count. */
static tenant operators, disputed;

/* The first two tenants whose patterns match. */
static void find_owners(const policy *self, const char *account, tenant **first, tenant **second)
{
    *first = *second = NULL;
    for (size_t i = 0; i < map_count(self->tenants) && !*second; i++) {
        tenant *candidate = map_value(self->tenants, i);
        if (tenant_owns(candidate, account))
            *(*first ? second : first) = candidate;
    }
}

static tenant *mark_of(const policy *self, const char *account)
{
    tenant *first, *second;
    find_owners(self, account, &first, &second);
    if (second)
        return &disputed;
    return first ? first : &operators;
}

static thingspace_status note_owner(policy *self, const char *account, tenant *owner,
                                    thingspace_error *error)
{
    if (map_set(self->owners, account, owner) != THINGSPACE_OK)
        return error_memory(error);
    return THINGSPACE_OK;
}

thingspace_status owners_add(policy *self, const char *account, thingspace_error *error)
{
    if (map_count(self->tenants) == 0 || map_get(self->owners, account))
        return THINGSPACE_OK;
    return note_owner(self, account, mark_of(self, account), error);
}

/* With the first tenant all accounts get an owner, with each other one some another. */
static thingspace_status note_tenant(policy *self, tenant *added, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    size_t unowned = map_count(self->tenants) == 1 ? map_count(self->accounts) : 0;
    for (size_t i = 0; i < unowned && status == THINGSPACE_OK; i++)
        status = owners_add(self, map_key(self->accounts, i), error);
    for (size_t i = 0; i < map_count(self->owners) && status == THINGSPACE_OK; i++) {
        const char *account = map_key(self->owners, i);
        tenant *owner = map_value(self->owners, i);
        if (owner != added && tenant_owns(added, account))
            status = note_owner(self, account, owner == &operators ? added : &disputed, error);
    }
    return status;
}

/* Those of its script that nobody declared yet. */
static thingspace_status note_own(policy *self, const policy *own, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < map_count(own->accounts) && status == THINGSPACE_OK; i++)
        status = owners_add(self, map_key(own->accounts, i), error);
    return status;
}

/* Only what is declared can be granted. */
static thingspace_status check_list(const map *declared, const char *kind, const tenant_list *list,
                                    thingspace_error *error)
{
    for (size_t i = 0; i < list->count; i++)
        if (!declared_find(declared, kind, list->items[i], error))
            return THINGSPACE_POLICY;
    return THINGSPACE_OK;
}

thingspace_status policy_add_tenant(policy *self, tenant *added, thingspace_error *error)
{
    thingspace_status status = check_list(self->endpoints, "endpoint", &added->endpoints, error);
    if (status == THINGSPACE_OK)
        status = check_list(self->credentials, "credential", &added->credentials, error);
    if (status == THINGSPACE_OK && map_count(self->tenants) >= LIMIT_TENANTS)
        status = error_set(error, THINGSPACE_POLICY, "more than %d tenants: split the policy",
                           LIMIT_TENANTS);
    if (status == THINGSPACE_OK)
        status = policy_add_named(self->tenants, "tenant", added->name, added, error);
    if (status != THINGSPACE_OK) {
        tenant_free(added);
        return status;
    }
    status = note_tenant(self, added, error);
    if (status == THINGSPACE_OK && added->own)
        status = note_own(self, added->own, error);
    return status;
}

/* So many that the accounts of the others would have no room. */
static bool is_too_many(const policy *self, const policy *own)
{
    size_t total = policy_account_count(self);
    return total + map_count(own->accounts) > LIMIT_ACCOUNTS;
}

thingspace_status policy_open_tenant(policy *self, tenant *opened, policy *own,
                                     thingspace_error *error)
{
    opened->own = own;
    if (!is_too_many(self, own))
        return note_own(self, own, error);
    error_set(&opened->broken, THINGSPACE_POLICY,
              "the policy has more than %d accounts with those of this script", LIMIT_ACCOUNTS);
    tenant_name_error(opened, &opened->broken);
    policy_free(own);
    opened->own = NULL;
    return THINGSPACE_OK;
}

size_t policy_tenant_count(const policy *self)
{
    return map_count(self->tenants);
}

tenant *policy_tenant_at(const policy *self, size_t index)
{
    return map_value(self->tenants, index);
}

static const map *all_accounts(const policy *self)
{
    return map_count(self->tenants) > 0 ? self->owners : self->accounts;
}

size_t policy_account_count(const policy *self)
{
    return map_count(all_accounts(self));
}

const char *policy_account(const policy *self, size_t index)
{
    return map_key(all_accounts(self), index);
}

thingspace_status policy_tenant_of(const policy *self, const char *account, tenant **out,
                                   thingspace_error *error)
{
    tenant *second = NULL;
    tenant *owner = map_get(self->owners, account);
    *out = NULL;
    if (!owner || owner == &disputed)
        find_owners(self, account, &owner, &second);
    if (second)
        return error_set(error, THINGSPACE_POLICY,
                         "account %s matches the accounts of tenant %s and of tenant %s: make "
                         "their patterns exclude each other",
                         account, owner->name, second->name);
    *out = owner == &operators ? NULL : owner;
    return THINGSPACE_OK;
}
