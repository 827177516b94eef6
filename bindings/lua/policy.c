/* SPDX-License-Identifier: MIT */
/*
 * Policies that are functions of the script. What `resolve` answers is kept in the client's table
 * as "decision", because the library copies the texts after it has returned.
 */
#include "core.h"
#include "members.h"
#include <stdio.h>
#include <string.h>

typedef struct question {
    box *box;
    const char *account;
    int function;
    thingspace_decision *decision;
    thingspace_desired_list *list;
    const char *part;
    thingspace_secret **secret;
    thingspace_status status;
    thingspace_error *error;
} question;

static void set_error(question *self, const char *text)
{
    self->status = THINGSPACE_POLICY;
    if (!self->error)
        return;
    self->error->kind = THINGSPACE_POLICY;
    snprintf(self->error->message, sizeof(self->error->message), "%s", text);
    errors_flatten(self->error->message);
}

/* ---- asking ---- */

/* The row as a table, or nil. */
static void push_row(lua_State *L, const question *self)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    holder *held = holder_push(L);
    if (self->box->client)
        errors_check(L,
                     thingspace_client_row(self->box->client, &held->text, self->account, &error),
                     &error);
    if (held->text)
        json_push(L, held->text, strlen(held->text), true);
    else
        lua_pushnil(L);
    lua_remove(L, -2);
    holder_empty(held);
}

/* Calls the function; its answers are at 3 and 4, the client's table at 2. False: it said nil and
 * why. */
static bool ask(lua_State *L, question *self)
{
    box_push_table(L, self->box);
    lua_rawgeti(L, 2, self->function);
    lua_pushstring(L, self->account);
    push_row(L, self);
    lua_call(L, 2, 2);
    if (!lua_isnil(L, 3) || lua_isnil(L, 4))
        return true;
    set_error(self, errors_text(L, 4));
    return false;
}

/* The error that was raised is below the question. */
static int tell_error(lua_State *L)
{
    set_error(lua_touserdata(L, 2), errors_text(L, 1));
    return 0;
}

static thingspace_status run(question *self, lua_CFunction function)
{
    box *box = self->box;
    self->status = THINGSPACE_OK;
    if (box->finalizing || !box->L)
        return THINGSPACE_CANCELLED;
    if (box_try(box, function, self))
        return self->status;
    lua_State *L = box->L;
    set_error(self, "a function of the policy raised an error");
    lua_pushcfunction(L, tell_error);
    lua_rotate(L, -2, 1);
    lua_pushlightuserdata(L, self);
    if (lua_pcall(L, 2, 0, 0) != LUA_OK)
        lua_pop(L, 1);
    return self->status;
}

/* ---- resolve ---- */

static int run_resolve(lua_State *L)
{
    question *self = lua_touserdata(L, 1);
    if (!ask(L, self) || lua_isnil(L, 3))
        return 0;
    if (!lua_istable(L, 3))
        return luaL_error(L, "resolve must return a table or nil, not a %s", luaL_typename(L, 3));
    members_check(L, 3, "resolve", OF_DECISION);
    options_keep(L, 3);
    lua_pushvalue(L, 3);
    lua_setfield(L, 2, "decision");
    self->decision->endpoint = options_text(L, 3, "resolve", "endpoint");
    self->decision->credential = options_text(L, 3, "resolve", "credential");
    self->decision->timeout_ms = options_integer(L, 3, "resolve", "timeout_ms");
    self->decision->undeclared = options_flag(L, 3, "resolve", "undeclared");
    if (lua_getfield(L, 3, "tags") != LUA_TNIL) {
        json_encode(L, -1, 0);
        self->decision->tags = lua_tostring(L, -1);
        lua_setfield(L, 2, "tags");
    }
    return 0;
}

static thingspace_status resolve(void *user, const char *account, thingspace_decision *decision,
                                 thingspace_error *error)
{
    box *box = user;
    question self = {.box = box,
                     .account = account,
                     .function = box->resolve,
                     .decision = decision,
                     .error = error};
    return run(&self, run_resolve);
}

/* ---- listeners ---- */

/* The listener at the top of the stack. */
static void read_desired(lua_State *L, thingspace_desired *out)
{
    int table = lua_gettop(L);
    if (!lua_istable(L, table))
        luaL_error(L, "listeners: %s must be a table, not a %s", out->service,
                   luaL_typename(L, table));
    members_check(L, table, lua_pushfstring(L, "listeners: %s", out->service), OF_DESIRED);
    out->url = options_text(L, table, "listeners", "url");
    out->username = options_text(L, table, "listeners", "username");
    out->api = options_text(L, table, "listeners", "api");
    lua_getfield(L, table, "password");
    out->password = secret_test(L, -1);
    out->password_registered = luaL_testudata(L, -1, KEPT_TYPE) != NULL;
    if (!lua_isnil(L, -1) && !out->password && !out->password_registered)
        luaL_error(L, "listeners: the password of %s must be a secret", out->service);
    lua_getfield(L, table, "token");
    out->token = secret_test(L, -1);
    if (!lua_isnil(L, -1) && !out->token)
        luaL_error(L, "listeners: the token of %s must be a secret", out->service);
    lua_settop(L, table);
}

static int run_listeners(lua_State *L)
{
    question *self = lua_touserdata(L, 1);
    if (!ask(L, self) || lua_isnil(L, 3))
        return 0;
    if (!lua_istable(L, 3))
        return luaL_error(L, "listeners must return a table or nil, not a %s", luaL_typename(L, 3));
    lua_pushnil(L);
    while (self->status == THINGSPACE_OK && lua_next(L, 3)) {
        thingspace_desired desired = THINGSPACE_DESIRED_INIT;
        if (lua_type(L, -2) != LUA_TSTRING)
            return luaL_error(L, "listeners: the names of services must be strings");
        desired.service = lua_tostring(L, -2);
        read_desired(L, &desired);
        self->status = thingspace_desired_add(self->list, &desired, self->error);
        lua_pop(L, 1);
    }
    return 0;
}

static thingspace_status listeners(void *user, const char *account, thingspace_desired_list *list,
                                   thingspace_error *error)
{
    box *box = user;
    question self = {
        .box = box, .account = account, .function = box->listeners, .list = list, .error = error};
    return run(&self, run_listeners);
}

/* ---- ask ---- */

static int run_ask(lua_State *L)
{
    question *self = lua_touserdata(L, 1);
    box_push_table(L, self->box);
    lua_rawgeti(L, 2, self->function);
    lua_pushstring(L, self->part);
    lua_call(L, 1, 2);
    thingspace_secret *secret = secret_test(L, 3);
    if (secret)
        *self->secret = thingspace_secret_ref(secret);
    else if (lua_isnil(L, 3) && !lua_isnil(L, 4))
        set_error(self, errors_text(L, 4));
    else
        return luaL_error(L, "ask must return a secret");
    return 0;
}

static thingspace_status ask_part(void *user, const char *part, thingspace_secret **out,
                                  thingspace_error *error)
{
    box *box = user;
    question self = {.box = box, .function = box->ask, .part = part, .secret = out, .error = error};
    thingspace_status status = run(&self, run_ask);
    if (status != THINGSPACE_POLICY)
        return status;
    if (error)
        error->kind = THINGSPACE_AUTH;
    return THINGSPACE_AUTH;
}

static int take_function(lua_State *L, int options, int self, const char *name)
{
    return options_function(L, options, "client", name) ? box_ref(L, self) : LUA_NOREF;
}

void policy_read(lua_State *L, int options, int self, thingspace_client_options *out)
{
    box *box = lua_touserdata(L, self);
    box->resolve = take_function(L, options, self, "resolve");
    box->listeners = take_function(L, options, self, "listeners");
    box->ask = take_function(L, options, self, "ask");
    out->resolve = box->resolve == LUA_NOREF ? NULL : resolve;
    out->listeners = box->listeners == LUA_NOREF ? NULL : listeners;
    out->ask = box->ask == LUA_NOREF ? NULL : ask_part;
    out->resolve_user = out->listeners_user = out->ask_user = box;
}
