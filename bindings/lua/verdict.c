/* SPDX-License-Identifier: MIT */
/*
 * What hooks may answer: values made by thingspace.deny, reply, stop and wait. They are counted,
 * for one that was made and not returned would let through what it should stop. The table of a
 * verdict is its user value.
 */
#include "core.h"
#include "members.h"

static const char count_key;

lua_Integer verdict_made(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &count_key);
    lua_Integer made = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return made;
}

void verdict_forget(lua_State *L, lua_Integer made)
{
    lua_pushinteger(L, made);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &count_key);
}

/* Pushes a verdict of the kind; its table is below it. */
static int make(lua_State *L, int kind)
{
    verdict_forget(L, verdict_made(L) + 1);
    int *self = lua_newuserdatauv(L, sizeof(int), 1);
    *self = kind;
    luaL_setmetatable(L, VERDICT_TYPE);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, -3, 1);
    lua_insert(L, -2);
    return 1;
}

static int make_stop(lua_State *L)
{
    return make(L, THINGSPACE_HOOK_STOP);
}

static int make_wait(lua_State *L)
{
    if (lua_type(L, 1) != LUA_TNUMBER)
        return errors_usage(L, "wait: the milliseconds must be a number, not %s",
                            options_type(L, 1));
    make(L, THINGSPACE_HOOK_WAIT);
    lua_pushvalue(L, 1);
    lua_setfield(L, -3, "ms");
    return 1;
}

static int make_deny(lua_State *L)
{
    options_argument(L, 1, "deny", "the code", false);
    options_argument(L, 2, "deny", "the text", true);
    lua_settop(L, 2);
    make(L, THINGSPACE_HOOK_DENY);
    lua_pushvalue(L, 1);
    lua_setfield(L, -3, "code");
    lua_pushvalue(L, 2);
    lua_setfield(L, -3, "text");
    return 1;
}

static int make_reply(lua_State *L)
{
    if (!lua_istable(L, 1))
        return errors_usage(L, "reply: a table is needed: { status =, json =, headers = }");
    members_check(L, 1, "reply", OF_REPLY);
    long long status = options_integer(L, 1, "reply", "status");
    lua_settop(L, 1);
    make(L, THINGSPACE_HOOK_REPLY);
    lua_pushinteger(L, status ? status : 200);
    lua_setfield(L, -3, "status");
    if (lua_getfield(L, 1, "json") != LUA_TNIL)
        json_encode(L, -1, 0);
    lua_setfield(L, 2, "json");
    lua_settop(L, 3);
    if (lua_getfield(L, 1, "headers") != LUA_TNIL && !lua_istable(L, -1))
        return errors_usage(L, "reply: headers must be a table of names and values");
    lua_setfield(L, 2, "headers");
    return 1;
}

/* ---- taking ---- */

static void add_headers(lua_State *L, thingspace_hook *hook, int table)
{
    if (lua_getfield(L, table, "headers") != LUA_TTABLE)
        return;
    int headers = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, headers)) {
        if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
            errors_usage(L, "reply: names and values of headers must be strings");
        handle_check(L, hook,
                     thingspace_hook_reply_header(hook, lua_tostring(L, -2), lua_tostring(L, -1)));
        lua_pop(L, 1);
    }
}

static int take_reply(lua_State *L, thingspace_hook *hook, int table)
{
    lua_getfield(L, table, "status");
    lua_getfield(L, table, "json");
    int result = thingspace_hook_reply(hook, (int)lua_tointeger(L, -2), lua_tostring(L, -1));
    if (result != THINGSPACE_HOOK_FAIL)
        add_headers(L, hook, table);
    return result;
}

int verdict_take(lua_State *L, thingspace_hook *hook, int index)
{
    if (lua_isnil(L, index))
        return THINGSPACE_HOOK_CONTINUE;
    const int *kind = luaL_testudata(L, index, VERDICT_TYPE);
    if (!kind)
        return luaL_error(L, "returned a %s; return nil or a verdict", luaL_typename(L, index));
    lua_getiuservalue(L, index, 1);
    int table = lua_gettop(L);
    switch (*kind) {
    case THINGSPACE_HOOK_STOP:
        return thingspace_hook_stop(hook);
    case THINGSPACE_HOOK_WAIT:
        lua_getfield(L, table, "ms");
        return thingspace_hook_wait(hook, (long long)lua_tonumber(L, -1));
    case THINGSPACE_HOOK_DENY:
        lua_getfield(L, table, "code");
        lua_getfield(L, table, "text");
        return thingspace_hook_deny(hook, lua_tostring(L, -2), lua_tostring(L, -1));
    default:
        return take_reply(L, hook, table);
    }
}

const luaL_Reg verdict_functions[] = {{"deny", make_deny},
                                      {"reply", make_reply},
                                      {"stop", make_stop},
                                      {"wait", make_wait},
                                      {NULL, NULL}};

void verdict_open(lua_State *L)
{
    luaL_newmetatable(L, VERDICT_TYPE);
    lua_pop(L, 1);
}
