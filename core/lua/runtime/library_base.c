/* SPDX-License-Identifier: MIT */
/*
 * The global functions. What stock Lua has and this has not could leave the limits (coroutines,
 * xpcall, finalizers, collectgarbage), reach outside (io, os, require) or make code of text (load).
 * pcall lets a kill and a failed machine pass through; tostring tells no address.
 */
#include <config.h>
#include <math.h>
#include <string.h>
#include "lua/runtime/library.h"
#include "lua/runtime/runtime_inside.h"

const char *library_push_text(lua_State *L, int index, size_t *size)
{
    index = lua_absindex(L, index);
    if (luaL_callmeta(L, index, "__tostring")) {
        if (lua_type(L, -1) != LUA_TSTRING)
            luaL_error(L, "'__tostring' must return a string");
    } else {
        runtime_push_text(L, index);
    }
    return lua_tolstring(L, -1, size);
}

const char *runtime_push_text(lua_State *L, int index)
{
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
        lua_pushvalue(L, index);
        break;
    case LUA_TNUMBER:
        lua_pushvalue(L, index);
        if (isnan(lua_tonumber(L, -1))) { /* without the sign, which tells nothing */
            lua_pushnumber(L, NAN);
            lua_replace(L, -2);
        }
        lua_tostring(L, -1); /* makes the copy a text */
        break;
    case LUA_TBOOLEAN:
        lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false");
        break;
    case LUA_TUSERDATA:
        lua_pushstring(L, runtime_is_secret(L, index) ? "***" : "userdata");
        break;
    default:
        lua_pushstring(L, luaL_typename(L, index));
        break;
    }
    return lua_tostring(L, -1);
}

static int base_assert(lua_State *L)
{
    luaL_checkany(L, 1);
    if (lua_toboolean(L, 1))
        return lua_gettop(L);
    if (lua_gettop(L) == 1)
        return luaL_error(L, "assertion failed!");
    lua_settop(L, 2);
    return lua_error(L);
}

static int base_error(lua_State *L)
{
    int level = (int)luaL_optinteger(L, 2, 1);
    lua_settop(L, 1);
    if (lua_type(L, 1) == LUA_TSTRING && level > 0) {
        luaL_where(L, level);
        lua_pushvalue(L, 1);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int next_index(lua_State *L)
{
    lua_Integer i = luaL_checkinteger(L, 2);
    luaL_argcheck(L, i < LUA_MAXINTEGER, 2, "value out of range");
    lua_pushinteger(L, i + 1);
    return lua_geti(L, 1, i + 1) == LUA_TNIL ? 1 : 2;
}

static int base_ipairs(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushcfunction(L, next_index);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

static int base_next(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    if (lua_next(L, 1))
        return 2;
    lua_pushnil(L);
    return 1;
}

static int base_pairs(lua_State *L)
{
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") == LUA_TNIL) {
        luaL_checktype(L, 1, LUA_TTABLE);
        lua_pushcfunction(L, base_next);
        lua_pushvalue(L, 1);
        lua_pushnil(L);
        return 3;
    }
    lua_pushvalue(L, 1);
    lua_call(L, 1, 3);
    return 3;
}

static int base_pcall(lua_State *L)
{
    runtime *runtime = runtime_of(L);
    luaL_checkany(L, 1);
    lua_pushboolean(L, true);
    lua_insert(L, 1);
    int status = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 0);
    if (status == LUA_OK)
        return lua_gettop(L);
    guard_raise_again(&runtime->guard, L);
    if (runtime->memory.failed)
        return runtime_raise_memory(L);
    runtime->failure.noted = false; /* the script has dealt with it */
    runtime->failure.kind = THINGSPACE_OK;
    lua_pushboolean(L, false);
    lua_insert(L, -2);
    return 2;
}

static int base_rawequal(lua_State *L)
{
    luaL_checkany(L, 1);
    luaL_checkany(L, 2);
    lua_pushboolean(L, lua_rawequal(L, 1, 2));
    return 1;
}

static int base_rawget(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkany(L, 2);
    lua_settop(L, 2);
    lua_rawget(L, 1);
    return 1;
}

static int base_rawlen(lua_State *L)
{
    int type = lua_type(L, 1);
    luaL_argexpected(L, type == LUA_TTABLE || type == LUA_TSTRING, 1, "table or string");
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 1));
    return 1;
}

static int base_rawset(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    library_check_writable(L, 1);
    luaL_checkany(L, 2);
    luaL_checkany(L, 3);
    lua_settop(L, 3);
    lua_rawset(L, 1);
    return 1;
}

static int base_select(lua_State *L)
{
    int count = lua_gettop(L);
    if (lua_type(L, 1) == LUA_TSTRING && strcmp(lua_tostring(L, 1), "#") == 0) {
        lua_pushinteger(L, count - 1);
        return 1;
    }
    lua_Integer from = luaL_checkinteger(L, 1);
    if (from < 0)
        from = count + from;
    luaL_argcheck(L, from >= 1, 1, "index out of range");
    return from >= count ? 0 : count - (int)from;
}

/* Finalizers and to-be-closed values run outside the limits; weak tables make collections slow. */
static void refuse_field(lua_State *L, const char *name)
{
    lua_pushstring(L, name);
    if (lua_rawget(L, 2) != LUA_TNIL)
        luaL_error(L, "a metatable with '%s' is not allowed here", name);
    lua_pop(L, 1);
}

static int base_setmetatable(lua_State *L)
{
    int type = lua_type(L, 2);
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
    lua_settop(L, 2);
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        return luaL_error(L, "cannot change a protected metatable");
    if (type == LUA_TTABLE) {
        refuse_field(L, "__gc");
        refuse_field(L, "__close");
        refuse_field(L, "__mode");
        refuse_field(L, "__call");
    }
    lua_setmetatable(L, 1);
    lua_settop(L, 1);
    return 1;
}

/* Of tables alone: the one of strings would be a way to what all strings share. */
static int base_getmetatable(lua_State *L)
{
    luaL_checkany(L, 1);
    if (lua_type(L, 1) != LUA_TTABLE || !lua_getmetatable(L, 1))
        lua_pushnil(L);
    else
        luaL_getmetafield(L, 1, "__metatable"); /* nothing pushed: the metatable itself */
    return 1;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 36;
}

/* The text in a base, blanks around it and a sign allowed; wraps around as stock Lua does. */
static bool read_in_base(const char *text, size_t size, int base, lua_Integer *out)
{
    static const char blanks[] = " \f\n\r\t\v";
    const char *at = text + strspn(text, blanks);
    bool negative = *at == '-';
    at += negative;
    lua_Unsigned value = 0;
    const char *first = at;
    for (; digit_of(*at) < base; at++)
        value = value * (lua_Unsigned)base + (lua_Unsigned)digit_of(*at);
    bool digits = at > first;
    at += strspn(at, blanks);
    *out = (lua_Integer)(negative ? 0 - value : value);
    return digits && at == text + size;
}

static bool number_in_base(lua_State *L)
{
    size_t size;
    lua_Integer base = luaL_checkinteger(L, 2);
    luaL_checktype(L, 1, LUA_TSTRING);
    const char *text = lua_tolstring(L, 1, &size);
    luaL_argcheck(L, base >= 2 && base <= 36, 2, "base out of range");
    lua_Integer value;
    if (size > RUNTIME_NUMBER_TEXT || !read_in_base(text, size, (int)base, &value))
        return false;
    lua_pushinteger(L, value);
    return true;
}

static bool number_of(lua_State *L)
{
    size_t size;
    luaL_checkany(L, 1);
    if (lua_type(L, 1) == LUA_TNUMBER) {
        lua_settop(L, 1);
        return true;
    }
    const char *text = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &size) : NULL;
    return text && size <= RUNTIME_NUMBER_TEXT && lua_stringtonumber(L, text) == size + 1;
}

static int base_tonumber(lua_State *L)
{
    bool good = lua_isnoneornil(L, 2) ? number_of(L) : number_in_base(L);
    if (!good)
        lua_pushnil(L);
    return 1;
}

static int base_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    library_push_text(L, 1, NULL);
    return 1;
}

static int base_type(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushstring(L, luaL_typename(L, 1));
    return 1;
}

void library_base_push(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"assert", base_assert},
        {"error", base_error},
        {"getmetatable", base_getmetatable},
        {"ipairs", base_ipairs},
        {"next", base_next},
        {"pairs", base_pairs},
        {"pcall", base_pcall},
        {"rawequal", base_rawequal},
        {"rawget", base_rawget},
        {"rawlen", base_rawlen},
        {"rawset", base_rawset},
        {"select", base_select},
        {"setmetatable", base_setmetatable},
        {"tonumber", base_tonumber},
        {"tostring", base_tostring},
        {"type", base_type},
        {NULL, NULL},
    };
    luaL_newlib(L, functions);
}
