/* SPDX-License-Identifier: MIT */
/* Plans, apply and import: blocking; functions of the script are told while they run. */
#include "core.h"
#include "members.h"
#include <string.h>

/* ---- functions that are told ---- */

/* References in the client's table, LUA_NOREF: nobody is told. `changes`: the list of them. */
typedef struct audience {
    box *box;
    int progress, done, unread, skipped, changes;
} audience;

typedef struct event {
    const audience *audience;
    size_t done, total, failed;
    const thingspace_change *change;
    const char *account, *service, *api, *why;
    const thingspace_error *error;
} event;

static int take_function(lua_State *L, int options, const char *what, const char *name)
{
    return options_function(L, options, what, name) ? box_ref(L, 1) : LUA_NOREF;
}

static void dismiss(lua_State *L, const audience *self)
{
    const int references[] = {self->progress, self->done, self->unread, self->skipped,
                              self->changes};
    for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++)
        box_unref(L, self->box, references[i]);
}

static audience nobody(box *box)
{
    return (audience){box, LUA_NOREF, LUA_NOREF, LUA_NOREF, LUA_NOREF, LUA_NOREF};
}

static int run_progress(lua_State *L)
{
    const event *self = lua_touserdata(L, 1);
    box_push_table(L, self->audience->box);
    lua_rawgeti(L, -1, self->audience->progress);
    lua_pushinteger(L, (lua_Integer)self->done);
    lua_pushinteger(L, (lua_Integer)self->total);
    lua_pushinteger(L, (lua_Integer)self->failed);
    lua_call(L, 3, 0);
    return 0;
}

static void progress(void *user, size_t done, size_t total, size_t failed)
{
    const audience *self = user;
    event event = {.audience = self, .done = done, .total = total, .failed = failed};
    if (self->progress == LUA_NOREF)
        interrupt_look(self->box);
    else
        box_call(self->box, run_progress, &event);
}

static void set_text(lua_State *L, const char *name, const char *text)
{
    if (!text)
        return;
    lua_pushstring(L, text);
    lua_setfield(L, -2, name);
}

static void push_change(lua_State *L, const thingspace_change *change)
{
    lua_createtable(L, 0, 7);
    set_text(L, "accountName", change->account);
    set_text(L, "serviceName", change->service);
    set_text(L, "api", change->api);
    set_text(L, "action", change->action);
    set_text(L, "result", change->result);
    lua_pushboolean(L, change->unchanged);
    lua_setfield(L, -2, "unchanged");
    if (change->error) {
        errors_push(L, change->error);
        lua_setfield(L, -2, "error");
    }
}

static int run_change(lua_State *L)
{
    const event *self = lua_touserdata(L, 1);
    box_push_table(L, self->audience->box);
    push_change(L, self->change);
    lua_rawgeti(L, 2, self->audience->changes);
    lua_pushvalue(L, 3);
    lua_rawseti(L, 4, (lua_Integer)lua_rawlen(L, 4) + 1);
    if (self->audience->done == LUA_NOREF)
        return 0;
    lua_rawgeti(L, 2, self->audience->done);
    lua_pushvalue(L, 3);
    lua_call(L, 1, 0);
    return 0;
}

static void changed(void *user, const thingspace_change *change)
{
    const audience *self = user;
    event event = {.audience = self, .change = change};
    box_call(self->box, run_change, &event);
}

static int run_unread(lua_State *L)
{
    const event *self = lua_touserdata(L, 1);
    box_push_table(L, self->audience->box);
    lua_rawgeti(L, 2, self->audience->unread);
    lua_pushstring(L, self->account);
    errors_push(L, self->error);
    lua_call(L, 2, 0);
    return 0;
}

static void unread(void *user, const char *account, const thingspace_error *error)
{
    const audience *self = user;
    event event = {.audience = self, .account = account, .error = error};
    box_call(self->box, run_unread, &event);
}

static int run_skipped(lua_State *L)
{
    const event *self = lua_touserdata(L, 1);
    box_push_table(L, self->audience->box);
    lua_rawgeti(L, 2, self->audience->skipped);
    lua_pushstring(L, self->account);
    lua_pushstring(L, self->service);
    lua_pushstring(L, self->api);
    lua_pushstring(L, self->why);
    lua_call(L, 4, 0);
    return 0;
}

static void skipped(void *user, const char *account, const char *service, const char *api,
                    const char *why)
{
    const audience *self = user;
    event event = {
        .audience = self, .account = account, .service = service, .api = api, .why = why};
    box_call(self->box, run_skipped, &event);
}

/* ---- plans ---- */

static thingspace_plan **push_plan(lua_State *L)
{
    thingspace_plan **self = lua_newuserdatauv(L, sizeof(thingspace_plan *), 0);
    *self = NULL;
    luaL_setmetatable(L, PLAN_TYPE);
    return self;
}

static thingspace_plan *check_plan(lua_State *L, int index)
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
    audience audience = nobody(self);
    options_check(L, 2, "plan", OF_PLAN);
    lua_settop(L, 2);
    options.accounts = options_list(L, 2, "plan", "accounts");
    options.tags = options_list(L, 2, "plan", "tags");
    options.services = options_list(L, 2, "plan", "services");
    options.flags = options_flag(L, 2, "plan", "cells") ? THINGSPACE_PLAN_CELLS : 0;
    audience.progress = take_function(L, 2, "plan", "progress");
    options.progress = progress;
    options.progress_user = &audience;
    thingspace_plan **plan = push_plan(L);
    lua_State *before = box_enter(self, L);
    thingspace_status status = thingspace_plan_make(self->client, plan, &options, &error);
    dismiss(L, &audience);
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

static void set_count(lua_State *L, const char *name, size_t count)
{
    lua_pushinteger(L, (lua_Integer)count);
    lua_setfield(L, -2, name);
}

static int plan_counts(lua_State *L)
{
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    thingspace_plan_count(check_plan(L, 1), &counts);
    lua_createtable(L, 0, 10);
    set_count(L, "accounts", counts.accounts);
    set_count(L, "unread", counts.unread);
    set_count(L, "add", counts.add);
    set_count(L, "change", counts.change);
    set_count(L, "takeover", counts.takeover);
    set_count(L, "remove", counts.remove);
    set_count(L, "blocked", counts.blocked);
    set_count(L, "unchanged", counts.unchanged);
    set_count(L, "foreign", counts.foreign);
    set_count(L, "failed", counts.failed);
    return 1;
}

static int plan_id(lua_State *L)
{
    lua_pushstring(L, thingspace_plan_id(check_plan(L, 1)));
    return 1;
}

static int push_plan_json(lua_State *L, bool text)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_plan *plan = check_plan(L, 1);
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
    thingspace_plan *plan = check_plan(L, 1);
    const char *file = options_argument(L, 2, "save", "the file", false);
    errors_check(L, thingspace_plan_save(plan, file, &error), &error);
    return 0;
}

static int plan_text(lua_State *L)
{
    lua_pushfstring(L, "thingspace.plan (%s)", thingspace_plan_id(check_plan(L, 1)));
    return 1;
}

static int plan_collect(lua_State *L)
{
    thingspace_plan **self = luaL_checkudata(L, 1, PLAN_TYPE);
    thingspace_plan_free(*self);
    *self = NULL;
    return 0;
}

/* ---- apply ---- */

static void read_apply(lua_State *L, int index, const char *what, thingspace_apply_options *out)
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

/* plan:check(options) */
static int plan_check(lua_State *L)
{
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_plan *plan = check_plan(L, 1);
    options_check(L, 2, "check", OF_CHECK);
    read_apply(L, 2, "check", &options);
    errors_check(L, thingspace_plan_check(plan, &options, &error), &error);
    return 0;
}

/* client:apply(plan, { prune =, take_over =, force =, expect_id =, done =, progress = }) */
static int method_apply(lua_State *L)
{
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    thingspace_apply_counts counts = THINGSPACE_APPLY_COUNTS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check_blocking(L, 1, "apply");
    thingspace_plan *plan = check_plan(L, 2);
    audience audience = nobody(self);
    options_check(L, 3, "apply", OF_APPLY);
    read_apply(L, 3, "apply", &options);
    lua_settop(L, 3);
    audience.done = take_function(L, 3, "apply", "done");
    audience.progress = take_function(L, 3, "apply", "progress");
    lua_newtable(L);
    json_mark_list(L);
    lua_pushvalue(L, 4);
    audience.changes = box_ref(L, 1);
    options.done = changed;
    options.progress = progress;
    options.done_user = options.progress_user = &audience;
    lua_State *before = box_enter(self, L);
    thingspace_status status = thingspace_apply(self->client, plan, &counts, &options, &error);
    dismiss(L, &audience);
    box_leave(self, L, before);
    if (status != THINGSPACE_OK)
        errors_push(L, &error);
    lua_createtable(L, 0, 5);
    set_count(L, "done", counts.done);
    set_count(L, "failed", counts.failed);
    set_count(L, "skipped", counts.skipped);
    set_count(L, "unchanged", counts.unchanged);
    lua_pushvalue(L, 4);
    lua_setfield(L, -2, "changes");
    push_errors(L, plan, 4);
    lua_setfield(L, -2, "errors");
    if (status == THINGSPACE_OK)
        return 1;
    lua_setfield(L, -2, "result");
    return lua_error(L);
}

/* ---- import ---- */

static void read_import(lua_State *L, thingspace_import_options *out, audience *audience)
{
    options_check(L, 2, "import", OF_IMPORT);
    lua_settop(L, 2);
    out->accounts = options_list(L, 2, "import", "accounts");
    out->apis = options_list(L, 2, "import", "apis");
    out->name = options_text(L, 2, "import", "name");
    out->data_file = options_text(L, 2, "import", "data_file");
    audience->unread = take_function(L, 2, "import", "unread");
    audience->skipped = take_function(L, 2, "import", "skipped");
    audience->progress = take_function(L, 2, "import", "progress");
    out->unread = audience->unread == LUA_NOREF ? NULL : unread;
    out->skipped = audience->skipped == LUA_NOREF ? NULL : skipped;
    out->progress = progress;
    out->unread_user = out->skipped_user = out->progress_user = audience;
}

static void push_import(lua_State *L, const holder *held, const thingspace_import_counts *counts)
{
    lua_createtable(L, 0, 7);
    set_text(L, "script", held->text);
    set_text(L, "data", held->more);
    set_count(L, "accounts", counts->accounts);
    set_count(L, "listeners", counts->listeners);
    set_count(L, "credentials", counts->credentials);
    set_count(L, "unread", counts->unread);
    set_count(L, "skipped", counts->skipped);
}

/* client:import{ accounts =, name =, data_file =, apis =, unread =, skipped =, progress = } */
static int method_import(lua_State *L)
{
    thingspace_import_options options = THINGSPACE_IMPORT_OPTIONS_INIT;
    thingspace_import_counts counts = THINGSPACE_IMPORT_COUNTS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check_blocking(L, 1, "import");
    audience audience = nobody(self);
    read_import(L, &options, &audience);
    options.counts = &counts;
    holder *held = holder_push(L);
    lua_State *before = box_enter(self, L);
    thingspace_status status =
        thingspace_import(self->client, &held->text, &held->more, &options, &error);
    dismiss(L, &audience);
    box_leave(self, L, before);
    if (status != THINGSPACE_OK)
        errors_push(L, &error);
    push_import(L, held, &counts);
    holder_empty(held);
    if (status == THINGSPACE_OK)
        return 1;
    lua_setfield(L, -2, "result");
    return lua_error(L);
}

const luaL_Reg plan_methods[] = {{"plan", method_plan},
                                 {"load_plan", method_load_plan},
                                 {"apply", method_apply},
                                 {"import", method_import},
                                 {NULL, NULL}};

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
