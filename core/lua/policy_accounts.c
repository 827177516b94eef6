/* SPDX-License-Identifier: MIT */
/*
 * `accounts` of a policy: a list of names, or of rows with a member `account`. A
 * row is kept as JSON, as the script gave it. Runs inside the entry that reads
 * the policy.
 */
#include <config.h>
#include <lua.h>
#include <string.h>
#include "base/error.h"
#include "catalogue/account.h"
#include "lua/policy_inside.h"

static thingspace_status refuse_type(int type, thingspace_error *error)
{
    if (type == LUA_TNUMBER)
        return error_set(error, THINGSPACE_POLICY,
                         "account names are text: quote them, or their leading zeros are lost");
    return error_set(error, THINGSPACE_POLICY,
                     "an account is a name in quotes, or a row { account = \"...\", ... }");
}

/* Where the account was declared before; 0: nowhere. */
static size_t find_before(const policy *in, const char *account)
{
    for (size_t i = 0; i < policy_account_count(in); i++)
        if (strcmp(policy_account(in, i), account) == 0)
            return i + 1;
    return 0;
}

static thingspace_status add_account(policy *to, const char *account, json *row, script *self,
                                     size_t place, thingspace_error *error)
{
    const char *hint = account_hint(account);
    thingspace_status status = policy_add_account(to, account, row, error);
    size_t before = status == THINGSPACE_POLICY ? find_before(to, account) : 0;
    if (before)
        error_set(error, THINGSPACE_POLICY, "account %s is declared twice, first in accounts[%zu]",
                  account, before);
    if (status != THINGSPACE_OK)
        error_set_account(error, account);
    else if (hint && !self->tenant) /* tenants cannot fill the operator's log */
        log_write(self->log, THINGSPACE_LOG_WARNING, "%s: accounts[%zu]: %s", self->name, place,
                  hint);
    return status;
}

/* The row is the table at `index`. may raise */
static thingspace_status add_row(lua_State *L, int index, policy *to, script *self, size_t place,
                                 thingspace_error *error)
{
    int type = policy_table_push(L, index, "account");
    const char *account = policy_table_text(L, -1);
    if (type == LUA_TNIL)
        return error_set(error, THINGSPACE_POLICY, "the row has no member (or column) account");
    if (!account)
        return refuse_type(type, error);
    if (json_type_of(runtime_to_json(L, index)) != JSON_OBJECT)
        return error_set(error, THINGSPACE_POLICY, "a row is a table of named members");
    return add_account(to, account, runtime_take_json(L, -1), self, place, error);
}

/* The value on top is the account at `place`. may raise */
static thingspace_status read_account(lua_State *L, policy *to, script *self, size_t place,
                                      thingspace_error *error)
{
    const char *account = policy_table_text(L, -1);
    if (account)
        return add_account(to, account, NULL, self, place, error);
    if (lua_istable(L, -1))
        return add_row(L, lua_gettop(L), to, self, place, error);
    return refuse_type(lua_type(L, -1), error);
}

/* may raise */
thingspace_status policy_read_accounts(lua_State *L, int index, script *self, policy *to,
                                       thingspace_error *error)
{
    size_t count;
    int table = lua_absindex(L, index);
    thingspace_status status = THINGSPACE_OK;
    if (!policy_table_is_list(L, table, &count))
        return error_set(error, THINGSPACE_POLICY,
                         "accounts must be a list of names or rows: { \"0000123456-00001\", ... }");
    for (size_t i = 1; i <= count && status == THINGSPACE_OK; i++) {
        int top = lua_gettop(L);
        lua_rawgeti(L, table, (lua_Integer)i);
        status = read_account(L, to, self, i, error);
        lua_settop(L, top);
        if (status == THINGSPACE_POLICY)
            error_prefix(error, "accounts[%zu]", i);
    }
    return status;
}
