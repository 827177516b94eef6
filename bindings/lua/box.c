/* SPDX-License-Identifier: MIT */
/*
 * See core.h. The way back from a box to its userdata is a table with weak values in the registry.
 * The table that hangs on the client has references in its list, and by name: "error", what a
 * callback raised.
 */
#include "core.h"

static const char boxes_key;

box *box_push(lua_State *L)
{
    box *self = lua_newuserdatauv(L, sizeof(*self), 1);
    *self = (box){.resolve = LUA_NOREF, .listeners = LUA_NOREF, .log = LUA_NOREF, .ask = LUA_NOREF};
    lua_newtable(L);
    lua_setiuservalue(L, -2, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &boxes_key);
    lua_pushvalue(L, -2);
    lua_rawsetp(L, -2, self);
    lua_pop(L, 1);
    luaL_setmetatable(L, CLIENT_TYPE);
    return self;
}

/* Lua has forgotten the way back to one that a finalizer of the script brings to life again. */
static void register_again(lua_State *L, int index, const box *self)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &boxes_key);
    if (lua_rawgetp(L, -1, self) == LUA_TNIL) {
        lua_pushvalue(L, index);
        lua_rawsetp(L, -3, self);
    }
    lua_pop(L, 2);
}

box *box_check_any(lua_State *L, int index)
{
    box *self = luaL_testudata(L, index, CLIENT_TYPE);
    if (!self)
        self = luaL_testudata(L, index, RETURNING_TYPE);
    if (!self)
        errors_usage(L, "not a client: call methods with a colon, client:list(...)");
    register_again(L, lua_absindex(L, index), self);
    return self;
}

box *box_check(lua_State *L, int index)
{
    box *self = box_check_any(L, index);
    if (!self->client)
        errors_usage(L, "the client is closed");
    return self;
}

box *box_check_outside(lua_State *L, int index, const char *what)
{
    box *self = box_check(L, index);
    if (self->hook)
        errors_usage(L, "%s: a hook must not use its own client", what);
    if (self->task && L != self->running)
        errors_usage(L, "%s: in a task only its own coroutine calls, not one that it made", what);
    if (self->task)
        errors_usage(L, "%s: blocks, which a task must not: call it outside of tasks", what);
    if (self->L)
        errors_usage(L, "%s: a callback must not use its own client", what);
    return self;
}

box *box_check_blocking(lua_State *L, int index, const char *what)
{
    box *self = box_check_outside(L, index, what);
    if (thingspace_client_fd(self->client) >= 0)
        errors_usage(L, "%s: blocks, which a client with loop = \"foreign\" must not", what);
    return self;
}

lua_State *box_enter(box *self, lua_State *L)
{
    lua_State *before = self->L;
    self->L = L;
    if (!before)
        interrupt_begin(self);
    return before;
}

bool box_end(box *self, lua_State *L, lua_State *before)
{
    self->L = before;
    if (before)
        return false;
    interrupt_end(self);
    box_push_table(L, self);
    if (lua_getfield(L, -1, "error") == LUA_TNIL) {
        lua_pop(L, 2);
        return false;
    }
    lua_pushnil(L);
    lua_setfield(L, -3, "error");
    return true;
}

void box_leave(box *self, lua_State *L, lua_State *before)
{
    if (box_end(self, L, before))
        lua_error(L);
}

void box_push_client(lua_State *L, const box *self)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &boxes_key);
    lua_rawgetp(L, -1, self);
    lua_remove(L, -2);
}

void box_push_table(lua_State *L, const box *self)
{
    box_push_client(L, self);
    lua_getiuservalue(L, -1, 1);
    lua_remove(L, -2);
}

/* The box, and the error: the first one stays. */
static int note_error(lua_State *L)
{
    box_push_table(L, lua_touserdata(L, 1));
    if (lua_getfield(L, -1, "error") == LUA_TNIL) {
        lua_pushvalue(L, 2);
        if (lua_isnil(L, -1))
            lua_pushliteral(L, "nil");
        lua_setfield(L, -3, "error");
    }
    return 0;
}

bool box_try(box *self, lua_CFunction function, void *argument)
{
    lua_State *L = self->L;
    interrupt_look(self);
    if (!lua_checkstack(L, LUA_MINSTACK)) {
        lua_pushnil(L); /* within the reserve that every function of C has */
        return false;
    }
    lua_pushcfunction(L, function);
    lua_pushlightuserdata(L, argument);
    return lua_pcall(L, 1, 0, 0) == LUA_OK;
}

bool box_call(box *self, lua_CFunction function, void *argument)
{
    lua_State *L = self->L;
    if (box_try(self, function, argument))
        return true;
    lua_pushcfunction(L, note_error);
    lua_pushlightuserdata(L, self);
    lua_rotate(L, -3, -1);
    if (lua_pcall(L, 2, 0, 0) != LUA_OK)
        lua_pop(L, 1);
    return false;
}

int box_ref(lua_State *L, int index)
{
    lua_getiuservalue(L, index, 1);
    lua_insert(L, -2);
    int reference = luaL_ref(L, -2);
    lua_pop(L, 1);
    return reference;
}

void box_unref(lua_State *L, const box *self, int reference)
{
    box_push_table(L, self);
    luaL_unref(L, -1, reference);
    lua_pop(L, 1);
}

void box_open(lua_State *L)
{
    bool is = lua_rawgetp(L, LUA_REGISTRYINDEX, &boxes_key) != LUA_TNIL;
    lua_pop(L, 1);
    if (is)
        return;
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &boxes_key);
}
