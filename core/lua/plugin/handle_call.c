/* SPDX-License-Identifier: MIT */
/* The handle `call`: what is asked for, and the variables that hooks share. May raise. */
#include <config.h>
#include "base/text.h"
#include "lua/plugin/plugin_inside.h"

static int push_account(lua_State *L)
{
    lua_pushstring(L, plugin_script_of(L)->view->account);
    return 1;
}

static int push_operation(lua_State *L)
{
    lua_pushstring(L, plugin_script_of(L)->view->operation);
    return 1;
}

static int push_service(lua_State *L)
{
    lua_pushstring(L, plugin_script_of(L)->view->service);
    return 1;
}

static int push_url(lua_State *L)
{
    lua_pushstring(L, plugin_script_of(L)->view->url);
    return 1;
}

static int push_endpoint(lua_State *L)
{
    lua_pushstring(L, plugin_script_of(L)->view->endpoint);
    return 1;
}

static int push_reason(lua_State *L)
{
    lua_pushstring(L, plugin_script_of(L)->view->reason);
    return 1;
}

static int push_plan(lua_State *L)
{
    const char *plan = plugin_script_of(L)->view->plan;
    lua_pushstring(L, text_is_empty(plan) ? NULL : plan);
    return 1;
}

static int push_id(lua_State *L)
{
    lua_pushstring(L, view_id(plugin_script_of(L)->view));
    return 1;
}

static int push_attempt(lua_State *L)
{
    lua_pushinteger(L, plugin_script_of(L)->view->attempt);
    return 1;
}

static int push_tags(lua_State *L)
{
    const json *tags = plugin_script_of(L)->view->tags;
    if (tags)
        runtime_push_json(L, tags);
    else
        lua_newtable(L);
    return 1;
}

static int push_vars(lua_State *L)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, plugin_script_of(L)->vars_reference);
    return 1;
}

static int push_dry_run(lua_State *L)
{
    lua_pushboolean(L, plugin_script_of(L)->view->dry_run);
    return 1;
}

const handle_field handle_call_fields[] = {
    {FIELD_CALL_ACCOUNT, push_account},   {FIELD_CALL_OPERATION, push_operation},
    {FIELD_CALL_SERVICE, push_service},   {FIELD_CALL_URL, push_url},
    {FIELD_CALL_ENDPOINT, push_endpoint}, {FIELD_CALL_REASON, push_reason},
    {FIELD_CALL_PLAN, push_plan},         {FIELD_CALL_ID, push_id},
    {FIELD_CALL_ATTEMPT, push_attempt},   {FIELD_CALL_TAGS, push_tags},
    {FIELD_CALL_VARS, push_vars},         {FIELD_CALL_DRY_RUN, push_dry_run},
};
_Static_assert(sizeof(handle_call_fields) == HANDLE_FIELDS_CALL * sizeof(handle_field),
               "every field has its function");
