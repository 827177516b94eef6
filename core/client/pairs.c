/* SPDX-License-Identifier: MIT */
/* See pairs.h. Few pairs are expected: a list, searched from its start. */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/text.h"
#include "client/pairs.h"

static bool has(const pairs *pairs, const endpoint *endpoint, const credential *credential)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (pairs->items[i].credential == credential &&
            (!endpoint || pairs->items[i].endpoint == endpoint))
            return true;
    return false;
}

static thingspace_status add(pairs *pairs, const endpoint *endpoint, credential *credential)
{
    if (has(pairs, endpoint, credential))
        return THINGSPACE_OK;
    if (pairs->count == pairs->capacity) {
        size_t capacity = pairs->capacity ? pairs->capacity * 2 : 8;
        pair *items = realloc(pairs->items, capacity * sizeof(*items));
        if (!items)
            return THINGSPACE_MEMORY;
        pairs->items = items;
        pairs->capacity = capacity;
    }
    pairs->items[pairs->count++] = (pair){endpoint, credential};
    return THINGSPACE_OK;
}

static bool is_wanted(const credential *credential, const char *name)
{
    return !name || text_equal(credential->name, name);
}

static thingspace_status add_of_accounts(pairs *out, const generation *by, const char *name)
{
    thingspace_status status = THINGSPACE_OK;
    const policy *policy = generation_policy(by);
    size_t count = policy_account_count(policy);
    for (size_t i = 0; i < count && status == THINGSPACE_OK; i++) {
        decision decision = {0};
        const char *account = policy_account(policy, i);
        if (client_resolve(by, &decision, account, NULL) == THINGSPACE_OK &&
            is_wanted(decision.credential, name))
            status = add(out, decision.endpoint, decision.credential);
        decision_dispose(&decision);
    }
    return status;
}

/* Named ones, and every declared one but `environment`,
 * which counts only when nothing else is there. */
static thingspace_status add_unused(pairs *out, const policy *policy, const char *name)
{
    const endpoint *endpoint = policy_default_endpoint(policy);
    credential *fallback = policy_credential(policy, "environment");
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < policy_credential_count(policy); i++) {
        credential *credential = policy_credential_at(policy, i);
        bool counts = name ? text_equal(credential->name, name) : credential != fallback;
        if (status == THINGSPACE_OK && counts && !has(out, NULL, credential))
            status = add(out, endpoint, credential);
    }
    if (status == THINGSPACE_OK && !name && out->count == 0 && fallback)
        status = add(out, endpoint, fallback);
    return status;
}

thingspace_status pairs_find(pairs *out, const generation *by, const char *name,
                             thingspace_error *error)
{
    thingspace_status status = add_of_accounts(out, by, name);
    if (status == THINGSPACE_OK)
        status = add_unused(out, generation_policy(by), name);
    if (status != THINGSPACE_OK)
        return error_memory(error);
    if (out->count == 0)
        return error_set(error, THINGSPACE_USAGE,
                         "no credential is called '%s'; `thingspace auth status` lists them",
                         name ? name : "");
    return THINGSPACE_OK;
}

void pairs_dispose(pairs *self)
{
    free(self->items);
    *self = (pairs){0};
}
