/* SPDX-License-Identifier: MIT */
/*
 * Phase resolve of a Lua policy: `resolve(account, row)` answers nil (the row
 * decides) or a table of four members. Whether what it names was declared is
 * checked by the policy. The answer is C data before the entry ends.
 */
#include <config.h>
#include <lauxlib.h>
#include <stdio.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "lua/policy/policy_inside.h"
#include "policy/row.h"

#define STACK_SLOTS 64

typedef struct resolve_entry {
    policy_entry entry; /* first: what all entries share */
    decision_names *names;
} resolve_entry;

static const char *const answer_members[] = {"endpoint", "credential", "timeout_ms",
                                             "tags",     "checks",     NULL};

/* may raise */
static thingspace_status read_name(lua_State *L, int table, const char *name, char **out,
                                   thingspace_error *error)
{
    const char *text;
    thingspace_status status = policy_table_read_text(L, table, name, &text, error);
    if (status == THINGSPACE_OK && text && !*text)
        status = error_set(error, THINGSPACE_POLICY, "%s is empty: leave it out", name);
    if (status == THINGSPACE_OK && text) {
        *out = text_copy(text);
        if (!*out)
            status = error_memory(error);
    }
    lua_pop(L, 1);
    return status;
}

/* may raise */
static thingspace_status read_timeout(lua_State *L, int table, int64_t *out,
                                      thingspace_error *error)
{
    int type = policy_table_push(L, table, "timeout_ms"), whole = 0;
    lua_Integer value = type == LUA_TNUMBER ? lua_tointegerx(L, -1, &whole) : 0;
    lua_pop(L, 1);
    *out = value;
    if (type == LUA_TNIL || (whole && row_timeout_is_usable(value)))
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_POLICY,
                     "timeout_ms must be a whole number, " ROW_TIMEOUT_RULE);
}

/* may raise */
static thingspace_status read_tags(lua_State *L, int table, json **out, thingspace_error *error)
{
    int type = policy_table_push(L, table, "tags");
    if (type == LUA_TNIL) {
        lua_pop(L, 1);
        return THINGSPACE_OK;
    }
    const json *tree = type == LUA_TTABLE ? runtime_to_json(L, -1) : NULL;
    bool object = json_type_of(tree) == JSON_OBJECT;
    bool empty = json_type_of(tree) == JSON_ARRAY && json_count(tree) == 0;
    if (!object && !empty)
        return error_set(error, THINGSPACE_POLICY, "tags must be a table of named values");
    if (row_tree_weight(tree) > LIMIT_TAG_BYTES)
        return error_set(error, THINGSPACE_POLICY, "the tags hold more than %d KiB",
                         LIMIT_TAG_BYTES / 1024);
    *out = object ? runtime_take_json(L, -1) : json_new_object();
    lua_pop(L, 2);
    return *out ? THINGSPACE_OK : error_memory(error);
}

/* may raise */
static thingspace_status read_checks(lua_State *L, int table, listener_levels *out,
                                     thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    int type = policy_table_push(L, table, "checks");
    if (type != LUA_TNIL)
        status = policy_checks_read(L, -1, out, error);
    lua_pop(L, 1);
    return status;
}

/* may raise */
static thingspace_status read_answer(lua_State *L, int table, decision_names *out,
                                     thingspace_error *error)
{
    thingspace_status status = policy_table_check(L, table, answer_members, error);
    if (status == THINGSPACE_OK)
        status = read_name(L, table, "endpoint", &out->endpoint, error);
    if (status == THINGSPACE_OK)
        status = read_name(L, table, "credential", &out->credential, error);
    if (status == THINGSPACE_OK)
        status = read_timeout(L, table, &out->timeout_ms, error);
    if (status == THINGSPACE_OK)
        status = read_tags(L, table, &out->tags, error);
    if (status == THINGSPACE_OK)
        status = read_checks(L, table, &out->checks, error);
    return status;
}

/* may raise */
static int call_resolve(lua_State *L)
{
    resolve_entry *self = lua_touserdata(L, 1);
    policy_entry *entry = &self->entry;
    luaL_checkstack(L, STACK_SLOTS, NULL);
    bool answered = policy_script_call(L, entry, "resolve");
    self->names->line = entry->line;
    if (answered)
        entry->status = read_answer(L, lua_gettop(L), self->names, entry->error);
    else
        self->names->undeclared = entry->script->open;
    return 0;
}

thingspace_status policy_resolve_run(void *self, decision_names *out, const char *account,
                                     const row *row, thingspace_error *error)
{
    resolve_entry entry = {{.account = account, .row = row}, out};
    return policy_script_enter(self, call_resolve, &entry.entry, "resolve", error);
}
