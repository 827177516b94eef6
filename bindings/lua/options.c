/* SPDX-License-Identifier: MIT */
/* See core.h: every message says which function, which member, and what it must be. */
#include "core.h"
#include <string.h>

#define MEMBERS_TYPE "thingspace.members"

/* The table of members: what it lacks is read from the script's, its first element, and kept. */
static int read_member(lua_State *L)
{
    lua_rawgeti(L, 1, 1);
    lua_pushvalue(L, 2);
    lua_gettable(L, -2);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_rawset(L, 1);
    return 1;
}

void options_keep(lua_State *L, int index)
{
    luaL_checkstack(L, 4, NULL);
    bool is = lua_getmetatable(L, index);
    if (is) {
        luaL_getmetatable(L, MEMBERS_TYPE);
        is = lua_rawequal(L, -1, -2);
        lua_pop(L, 2);
    }
    if (is)
        return;
    lua_newtable(L);
    lua_pushvalue(L, index);
    lua_rawseti(L, -2, 1);
    luaL_setmetatable(L, MEMBERS_TYPE);
    lua_replace(L, index);
}

void options_open(lua_State *L)
{
    luaL_newmetatable(L, MEMBERS_TYPE);
    lua_pushcfunction(L, read_member);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}

bool options_check(lua_State *L, int index, const char *what, unsigned class)
{
    if (lua_isnoneornil(L, index))
        return false;
    if (!lua_istable(L, index))
        errors_usage(L, "%s: options must be a table, not %s", what, options_type(L, index));
    members_check(L, index, what, class);
    return true;
}

/* Pushes the member and tells its type. */
static int push_member(lua_State *L, int index, const char *name)
{
    if (!lua_istable(L, index)) {
        lua_pushnil(L);
        return LUA_TNIL;
    }
    options_keep(L, index);
    return lua_getfield(L, index, name);
}

const char *options_type(lua_State *L, int index)
{
    if (lua_isnoneornil(L, index))
        return lua_isnone(L, index) ? "nothing" : "nil";
    if (lua_type(L, index) == LUA_TNUMBER)
        return lua_pushfstring(L, "the number %s", luaL_tolstring(L, index, NULL));
    return lua_pushfstring(L, "a %s", luaL_typename(L, index));
}

static void refuse(lua_State *L, const char *what, const char *name, const char *must)
{
    errors_usage(L, "%s: %s must be %s, not %s", what, name, must, options_type(L, -1));
}

static const char *check_text(lua_State *L, const char *what, const char *name)
{
    size_t size;
    if (lua_type(L, -1) != LUA_TSTRING)
        refuse(L, what, name, "a string");
    const char *text = lua_tolstring(L, -1, &size);
    if (strlen(text) != size)
        errors_usage(L, "%s: %s has a NUL in it", what, name);
    return text;
}

const char *options_text(lua_State *L, int index, const char *what, const char *name)
{
    const char *text = NULL;
    if (push_member(L, index, name) != LUA_TNIL)
        text = check_text(L, what, name);
    lua_pop(L, 1);
    return text;
}

const char *options_argument(lua_State *L, int index, const char *what, const char *name, bool may)
{
    if (may && lua_isnoneornil(L, index))
        return NULL;
    lua_settop(L, lua_gettop(L) < index ? index : lua_gettop(L));
    lua_pushvalue(L, index);
    const char *text = check_text(L, what, name);
    lua_pop(L, 1);
    return text;
}

long long options_integer(lua_State *L, int index, const char *what, const char *name)
{
    long long number = 0;
    if (push_member(L, index, name) != LUA_TNIL) {
        int exact = 0;
        if (lua_type(L, -1) == LUA_TNUMBER)
            number = lua_tointegerx(L, -1, &exact);
        if (!exact || number < 0)
            refuse(L, what, name, "a whole number from 0 on");
    }
    lua_pop(L, 1);
    return number;
}

bool options_flag(lua_State *L, int index, const char *what, const char *name)
{
    if (push_member(L, index, name) != LUA_TNIL && !lua_isboolean(L, -1))
        refuse(L, what, name, "true or false");
    bool flag = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return flag;
}

bool options_function(lua_State *L, int index, const char *what, const char *name)
{
    if (push_member(L, index, name) == LUA_TNIL) {
        lua_pop(L, 1);
        return false;
    }
    if (!lua_isfunction(L, -1))
        refuse(L, what, name, "a function");
    return true;
}

const char *const *options_list(lua_State *L, int index, const char *what, const char *name)
{
    if (push_member(L, index, name) == LUA_TNIL)
        return NULL;
    if (!lua_istable(L, -1))
        refuse(L, what, name, "a list of strings");
    int list = lua_gettop(L);
    lua_Unsigned count = lua_rawlen(L, list);
    if (count > 1000000)
        errors_usage(L, "%s: %s is too long", what, name);
    const char **texts = lua_newuserdatauv(L, (size_t)(count + 1) * sizeof(*texts), 1);
    lua_createtable(L, (int)count, 0);
    for (lua_Unsigned i = 0; i < count; i++) {
        lua_rawgeti(L, list, (lua_Integer)i + 1);
        texts[i] = check_text(L, what, name);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    texts[count] = NULL;
    lua_setiuservalue(L, -2, 1);
    lua_remove(L, list);
    return texts;
}
