/* SPDX-License-Identifier: MIT */
/*
 * Declared accounts: what is checked of each when it is added, and its row, or a mark in place of
 * one when it was declared by name alone. Whose they are, and their order: owners.c. One thread at
 * a time.
 */
#include <config.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/account.h"
#include "policy/declared.h"
#include "policy/policy_inside.h"
#include "policy/row_sets.h"
#include "policy/row.h"

/* --- Adding --- */

/* What the row names by default must have been declared, or granted to the tenant. */
static thingspace_status check_row(const policy *self, const row *row, thingspace_error *error)
{
    row_choices members;
    thingspace_status status = row_read(&members, row, error);
    if (status == THINGSPACE_OK)
        status = row_check_sets(row, error);
    if (status == THINGSPACE_OK && self->tenant)
        return tenant_check_names(self->tenant, members.endpoint, members.credential, error);
    if (status != THINGSPACE_OK)
        return status;
    bool known = (!members.endpoint ||
                  declared_find(self->endpoints, "endpoint", members.endpoint, error)) &&
                 (!members.credential ||
                  declared_find(self->credentials, "credential", members.credential, error));
    return known ? THINGSPACE_OK : THINGSPACE_POLICY;
}

static thingspace_status check_account(const policy *self, const char *account, const row *row,
                                       thingspace_error *error)
{
    thingspace_status status = account_check(account, error);
    if (status != THINGSPACE_OK)
        return status == THINGSPACE_MEMORY
                   ? status
                   : error_set(error, THINGSPACE_POLICY, "%s", error ? error->message : "");
    if (map_get(self->accounts, account))
        return error_set(error, THINGSPACE_POLICY, "account %s is declared twice: keep one",
                         account);
    size_t most = self->tenant ? LIMIT_TENANT_ACCOUNTS : LIMIT_ACCOUNTS;
    if (map_count(self->accounts) >= most)
        return error_set(error, THINGSPACE_POLICY, "more than %zu accounts: %s", most,
                         self->tenant ? "the operator can list them" : "split the policy");
    if (self->tenant && !tenant_owns(self->tenant, account))
        return tenant_refuse_account(self->tenant, account, error);
    status = check_row(self, row, error);
    if (status == THINGSPACE_POLICY)
        error_prefix(error, "account %s", account);
    return status;
}

/* In place of a row; only its address counts. */
static char by_name_alone;

/* The name as the row has it, or a copy. */
static const char *keep_name(policy *self, const char *account, const row *row)
{
    const char *text = row_get_text(row, "account");
    return text_equal(text, account) ? text : row_store_text(self->rows, account);
}

/* `row` may be NULL. */
static thingspace_status add_account(policy *self, const char *account, const row *row,
                                     thingspace_error *error)
{
    thingspace_status status = check_account(self, account, row, error);
    if (status == THINGSPACE_OK)
        status = policy_weigh(self, row_weight(row), error);
    if (status != THINGSPACE_OK)
        return status;
    void *value = row ? (void *)(size_t)row : &by_name_alone;
    const char *name = keep_name(self, account, row);
    if (!name || map_set(self->accounts, name, value) != THINGSPACE_OK)
        return error_memory(error);
    return owners_add(self, account, error);
}

thingspace_status policy_add_account(policy *self, const char *account, json *tree,
                                     thingspace_error *error)
{
    const row *row = NULL;
    if (tree && row_store_add_tree(self->rows, &row, tree) != THINGSPACE_OK)
        return error_memory(error);
    return add_account(self, account, row, error);
}

thingspace_status policy_add_account_texts(policy *self, const char *account, const row_text *texts,
                                           size_t count, thingspace_error *error)
{
    const row *row;
    if (row_store_add_texts(self->rows, &row, texts, count) != THINGSPACE_OK)
        return error_memory(error);
    return add_account(self, account, row, error);
}

/* --- Looking up --- */

const row *policy_row(const policy *self, const char *account)
{
    void *value = map_get(self->accounts, account);
    return value == &by_name_alone ? NULL : value;
}
