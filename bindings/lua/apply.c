/* SPDX-License-Identifier: MIT */
/* client:apply, which blocks. What was done is told and answered, as a part of the error when not
 * all of it worked. */
#include "members.h"
#include "plan.h"
#include <string.h>

void apply_read(lua_State *L, int index, const char *what, thingspace_apply_options *out)
{
    out->flags = (options_flag(L, index, what, "prune") ? THINGSPACE_PRUNE : 0) |
                 (options_flag(L, index, what, "take_over") ? THINGSPACE_TAKE_OVER : 0) |
                 (options_flag(L, index, what, "force") ? THINGSPACE_FORCE : 0);
    out->expect_id = options_text(L, index, what, "expect_id");
}

/* Adds what could not be read, or decided, to the list of errors on top. */
static void add_unread(lua_State *L, const thingspace_plan *plan)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    int list = lua_gettop(L);
    holder *held = holder_push(L);
    errors_check(L, thingspace_plan_json(plan, &held->text, &error), &error);
    json_push(L, held->text, strlen(held->text), true);
    holder_empty(held);
    lua_getfield(L, -1, "errors");
    for (lua_Unsigned i = 1, count = lua_rawlen(L, -1); i <= count; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        lua_getfield(L, -1, "accountName");
        lua_setfield(L, -2, "account");
        luaL_setmetatable(L, ERROR_TYPE);
        lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
    }
    lua_settop(L, list);
}

/* Pushes the list of all that went wrong; that of changes is at the index. */
static void push_errors(lua_State *L, const thingspace_plan *plan, int changes)
{
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    lua_newtable(L);
    for (lua_Unsigned i = 1, count = lua_rawlen(L, changes); i <= count; i++) {
        lua_rawgeti(L, changes, (lua_Integer)i);
        if (lua_getfield(L, -1, "error") != LUA_TNIL)
            lua_rawseti(L, -3, (lua_Integer)lua_rawlen(L, -3) + 1);
        else
            lua_pop(L, 1);
        lua_pop(L, 1);
    }
    thingspace_plan_count(plan, &counts);
    if (counts.unread + counts.failed > 0)
        add_unread(L, plan);
    json_mark_list(L);
}

/* client:apply(plan, { prune =, take_over =, force =, expect_id =, done =, progress = }) */
static int method_apply(lua_State *L)
{
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    thingspace_apply_counts counts = THINGSPACE_APPLY_COUNTS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check_blocking(L, 1, "apply");
    thingspace_plan *plan = plan_at(L, 2);
    audience audience = audience_nobody(self);
    options_check(L, 3, "apply", OF_APPLY);
    apply_read(L, 3, "apply", &options);
    lua_settop(L, 3);
    audience.done = audience_take(L, 3, "apply", "done");
    audience.progress = audience_take(L, 3, "apply", "progress");
    lua_newtable(L);
    json_mark_list(L);
    lua_pushvalue(L, 4);
    audience.changes = box_ref(L, 1);
    options.done = audience_changed;
    options.progress = audience_progress;
    options.done_user = options.progress_user = &audience;
    lua_State *before = box_enter(self, L);
    thingspace_status status = thingspace_apply(self->client, plan, &counts, &options, &error);
    audience_dismiss(L, &audience);
    box_leave(self, L, before);
    if (status != THINGSPACE_OK)
        errors_push(L, &error);
    lua_createtable(L, 0, 5);
    table_set_count(L, "done", counts.done);
    table_set_count(L, "failed", counts.failed);
    table_set_count(L, "skipped", counts.skipped);
    table_set_count(L, "unchanged", counts.unchanged);
    lua_pushvalue(L, 4);
    lua_setfield(L, -2, "changes");
    push_errors(L, plan, 4);
    lua_setfield(L, -2, "errors");
    if (status == THINGSPACE_OK)
        return 1;
    lua_setfield(L, -2, "result");
    return lua_error(L);
}

const luaL_Reg apply_methods[] = {{"apply", method_apply}, {NULL, NULL}};
