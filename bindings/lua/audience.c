/* SPDX-License-Identifier: MIT */
/*
 * Functions of the script that are told what happens while plan, apply or import run, and what
 * the library calls for them: in callbacks, through box_call. Without a function for the progress
 * there is a look for Ctrl-C.
 */
#include "plan.h"

typedef struct event {
    const audience *audience;
    size_t done, total, failed;
    const thingspace_change *change;
    const char *account, *service, *api, *why;
    const thingspace_error *error;
} event;

int audience_take(lua_State *L, int options, const char *what, const char *name)
{
    return options_function(L, options, what, name) ? box_ref(L, 1) : LUA_NOREF;
}

void audience_dismiss(lua_State *L, const audience *self)
{
    const int references[] = {self->progress, self->done, self->unread, self->skipped,
                              self->changes};
    for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++)
        box_unref(L, self->box, references[i]);
}

audience audience_nobody(box *box)
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

void audience_progress(void *user, size_t done, size_t total, size_t failed)
{
    const audience *self = user;
    event event = {.audience = self, .done = done, .total = total, .failed = failed};
    if (self->progress == LUA_NOREF)
        interrupt_look(self->box);
    else
        box_call(self->box, run_progress, &event);
}

static void push_change(lua_State *L, const thingspace_change *change)
{
    lua_createtable(L, 0, 7);
    table_set_text(L, "accountName", change->account);
    table_set_text(L, "serviceName", change->service);
    table_set_text(L, "api", change->api);
    table_set_text(L, "action", change->action);
    table_set_text(L, "result", change->result);
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

void audience_changed(void *user, const thingspace_change *change)
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

void audience_unread(void *user, const char *account, const thingspace_error *error)
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

void audience_skipped(void *user, const char *account, const char *service, const char *api,
                      const char *why)
{
    const audience *self = user;
    event event = {
        .audience = self, .account = account, .service = service, .api = api, .why = why};
    box_call(self->box, run_skipped, &event);
}
