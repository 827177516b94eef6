/* SPDX-License-Identifier: MIT */
/*
 * `accounts` of a policy: a list of names, or of rows with a member `account`. A
 * row of texts, as of a CSV file, is packed; others are kept as JSON, as the script
 * gave them. Runs inside the entry that reads the policy.
 */
#include <config.h>
#include <lua.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "catalogue/account.h"
#include "lua/policy/policy_inside.h"

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

/* An account as it was read. */
typedef struct found {
    const char *account;
    size_t place;
    json *tree;            /* taken; NULL: there is none */
    const row_text *texts; /* NULL: there are none */
    size_t count;          /* of them */
} found;

static thingspace_status declare(policy *to, const found *found, thingspace_error *error)
{
    if (found->texts)
        return policy_add_account_texts(to, found->account, found->texts, found->count, error);
    return policy_add_account(to, found->account, found->tree, error);
}

static thingspace_status add_account(policy *to, const found *found, script *self,
                                     thingspace_error *error)
{
    const char *hint = account_hint(found->account);
    thingspace_status status = declare(to, found, error);
    size_t before = status == THINGSPACE_POLICY ? find_before(to, found->account) : 0;
    if (before)
        error_set(error, THINGSPACE_POLICY, "account %s is declared twice, first in accounts[%zu]",
                  found->account, before);
    if (status != THINGSPACE_OK)
        error_set_account(error, found->account);
    else if (hint && !self->tenant) /* tenants cannot fill the operator's log */
        log_write(self->log, THINGSPACE_LOG_WARNING, "%s: accounts[%zu]: %s", self->name,
                  found->place, hint);
    return status;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(((const row_text *)a)->name, ((const row_text *)b)->name);
}

/*
 * The members of the table when all are texts, sorted by name, borrowed while it is as it is.
 * False: one is not, or not UTF-8, or they are long: the way through JSON tells what is wrong.
 * may raise
 */
static bool read_texts(lua_State *L, int index, row_text *out, size_t *count)
{
    size_t bytes = 0;
    *count = 0;
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        row_text member = {policy_table_text(L, -2), policy_table_text(L, -1)};
        if (member.name && member.text)
            bytes += strlen(member.name) + strlen(member.text);
        if (!member.name || !member.text || *count == LIMIT_CSV_COLUMNS ||
            bytes > LIMIT_PACKED_ROW) {
            lua_pop(L, 2);
            return false;
        }
        out[(*count)++] = member;
    }
    runtime_charge(L, bytes);
    qsort(out, *count, sizeof(*out), compare_texts);
    return true;
}

/* The row is the table at `index`. may raise */
static thingspace_status add_row(lua_State *L, int index, policy *to, script *self, size_t place,
                                 thingspace_error *error)
{
    row_text texts[LIMIT_CSV_COLUMNS];
    found found = {.place = place};
    int type = policy_table_push(L, index, "account");
    found.account = policy_table_text(L, -1);
    if (type == LUA_TNIL)
        return error_set(error, THINGSPACE_POLICY, "the row has no member (or column) account");
    if (!found.account)
        return refuse_type(type, error);
    if (read_texts(L, index, texts, &found.count)) {
        found.texts = texts;
        return add_account(to, &found, self, error);
    }
    if (json_type_of(runtime_to_json(L, index)) != JSON_OBJECT)
        return error_set(error, THINGSPACE_POLICY, "a row is a table of named members");
    found.tree = runtime_take_json(L, -1);
    return add_account(to, &found, self, error);
}

/* The value on top is the account at `place`. may raise */
static thingspace_status read_account(lua_State *L, policy *to, script *self, size_t place,
                                      thingspace_error *error)
{
    const char *account = policy_table_text(L, -1);
    if (account)
        return add_account(to, &(found){.account = account, .place = place}, self, error);
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
