/* SPDX-License-Identifier: MIT */
/* Plans: client:plan, which blocks, and the objects that it makes. */
#include "members.h"
#include "plan.h"
#include <string.h>

static thingspace_plan **push_plan(lua_State *L)
{
    thingspace_plan **self = lua_newuserdatauv(L, sizeof(thingspace_plan *), 0);
    *self = NULL;
    luaL_setmetatable(L, PLAN_TYPE);
    return self;
}

thingspace_plan *plan_at(lua_State *L, int index)
{
    thingspace_plan **self = luaL_testudata(L, index, PLAN_TYPE);
    if (!self || !*self)
        errors_usage(L, "not a plan: client:plan() and client:load_plan(file) make them");
    return *self;
}

/* client:plan{ accounts =, tags =, services =, cells =, progress = } */
static int method_plan(lua_State *L)
{
    thingspace_plan_options options = THINGSPACE_PLAN_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check_blocking(L, 1, "plan");
    audience audience = audience_nobody(self);
    options_check(L, 2, "plan", OF_PLAN);
    lua_settop(L, 2);
    options.accounts = options_list(L, 2, "plan", "accounts");
    options.tags = options_list(L, 2, "plan", "tags");
    options.services = options_list(L, 2, "plan", "services");
    options.flags = options_flag(L, 2, "plan", "cells") ? THINGSPACE_PLAN_CELLS : 0;
    audience.progress = audience_take(L, 2, "plan", "progress");
    options.progress = audience_progress;
    options.progress_user = &audience;
    thingspace_plan **plan = push_plan(L);
    lua_State *before = box_enter(self, L);
    thingspace_status status = thingspace_plan_make(self->client, plan, &options, &error);
    audience_dismiss(L, &audience);
    box_leave(self, L, before);
    errors_check(L, status, &error);
    return 1;
}

static int method_load_plan(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check(L, 1);
    const char *file = options_argument(L, 2, "load_plan", "the file", false);
    thingspace_plan **plan = push_plan(L);
    errors_check(L, thingspace_plan_load(self->client, plan, file, &error), &error);
    return 1;
}

static int plan_counts(lua_State *L)
{
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    thingspace_plan_count(plan_at(L, 1), &counts);
    lua_createtable(L, 0, 10);
    table_set_count(L, "accounts", counts.accounts);
    table_set_count(L, "unread", counts.unread);
    table_set_count(L, "add", counts.add);
    table_set_count(L, "change", counts.change);
    table_set_count(L, "takeover", counts.takeover);
    table_set_count(L, "remove", counts.remove);
    table_set_count(L, "blocked", counts.blocked);
    table_set_count(L, "unchanged", counts.unchanged);
    table_set_count(L, "foreign", counts.foreign);
    table_set_count(L, "failed", counts.failed);
    return 1;
}

static int plan_id(lua_State *L)
{
    lua_pushstring(L, thingspace_plan_id(plan_at(L, 1)));
    return 1;
}

static int push_plan_json(lua_State *L, bool text)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_plan *plan = plan_at(L, 1);
    holder *held = holder_push(L);
    errors_check(L, thingspace_plan_json(plan, &held->text, &error), &error);
    if (text)
        lua_pushstring(L, held->text);
    else
        json_push(L, held->text, strlen(held->text), true);
    holder_empty(held);
    return 1;
}

static int plan_json(lua_State *L)
{
    return push_plan_json(L, true);
}

static int plan_table(lua_State *L)
{
    return push_plan_json(L, false);
}

static int plan_save(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_plan *plan = plan_at(L, 1);
    const char *file = options_argument(L, 2, "save", "the file", false);
    errors_check(L, thingspace_plan_save(plan, file, &error), &error);
    return 0;
}

static int plan_text(lua_State *L)
{
    lua_pushfstring(L, "thingspace.plan (%s)", thingspace_plan_id(plan_at(L, 1)));
    return 1;
}

static int plan_collect(lua_State *L)
{
    thingspace_plan **self = luaL_checkudata(L, 1, PLAN_TYPE);
    thingspace_plan_free(*self);
    *self = NULL;
    return 0;
}

/* plan:check(options) */
static int plan_check(lua_State *L)
{
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_plan *plan = plan_at(L, 1);
    options_check(L, 2, "check", OF_CHECK);
    apply_read(L, 2, "check", &options);
    errors_check(L, thingspace_plan_check(plan, &options, &error), &error);
    return 0;
}

const luaL_Reg plan_methods[] = {
    {"plan", method_plan}, {"load_plan", method_load_plan}, {NULL, NULL}};

void plan_open(lua_State *L)
{
    static const luaL_Reg methods[] = {
        {"id", plan_id},       {"counts", plan_counts}, {"json", plan_json}, {"table", plan_table},
        {"check", plan_check}, {"save", plan_save},     {NULL, NULL}};
    luaL_newmetatable(L, PLAN_TYPE);
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, plan_collect);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, plan_text);
    lua_setfield(L, -2, "__tostring");
    lua_pop(L, 1);
}
