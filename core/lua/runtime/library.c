/* SPDX-License-Identifier: MIT */
/*
 * Puts the library of a state together. Scripts see an environment that is always empty: reading
 * goes to the table of globals behind it, writing does too during the load and raises afterwards.
 */
#include <config.h>
#include <lualib.h>
#include <sodium.h>
#include <string.h>
#include "lua/runtime/library.h"
#include "lua/runtime/runtime_inside.h"

/* Its address marks the metatable of tables that scripts cannot write to, not even raw. */
static const char protected_mark;

void library_check_writable(lua_State *L, int index)
{
    if (!lua_getmetatable(L, index))
        return;
    if (lua_rawgetp(L, -1, &protected_mark) != LUA_TNIL)
        luaL_error(L, "this table cannot be changed");
    lua_pop(L, 2);
}

/* __newindex of the environment. */
static int set_global(lua_State *L)
{
    if (runtime_of(L)->loaded)
        return luaL_error(L, "assignment to global '%s' after the load; use a local",
                          runtime_push_text(L, 2));
    lua_rawgetp(L, LUA_REGISTRYINDEX, &runtime_key_globals);
    lua_insert(L, 2);
    lua_rawset(L, 2);
    return 0;
}

/* Stack: globals. Leaves it, and makes the environment that shows it. */
static void make_environment(lua_State *L)
{
    lua_newtable(L);
    lua_createtable(L, 0, 4);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, set_global);
    lua_setfield(L, -2, "__newindex");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pushboolean(L, true);
    lua_rawsetp(L, -2, &protected_mark);
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "_G");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &runtime_key_environment);
}

/* Stack: globals with `string`. Makes ("x"):upper() work. */
static void make_string_methods(lua_State *L)
{
    lua_pushliteral(L, "");
    lua_createtable(L, 0, 2);
    lua_getfield(L, -3, "string");
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

void library_charge_texts(lua_State *L)
{
    size_t steps = 0;
    for (int i = lua_gettop(L); i >= 1; i--)
        if (lua_type(L, i) == LUA_TSTRING)
            steps += lua_rawlen(L, i);
    runtime_charge(L, steps);
}

/* A stock function whose work is proportional to its
 * arguments: upvalue 1, charged before it runs. */
static int call_charged(lua_State *L)
{
    if (lua_type(L, 1) == LUA_TSTRING && lua_rawlen(L, 1) > RUNTIME_PATTERN_STEPS)
        return luaL_error(L, "string too long");
    library_charge_texts(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

static void push_stock(lua_State *L, lua_CFunction open)
{
    lua_pushcfunction(L, open);
    lua_call(L, 0, 1);
}

/* Charges these functions of the table on top; the names end with NULL. */
static void charge_functions(lua_State *L, const char *const *names)
{
    for (; *names; names++) {
        lua_getfield(L, -1, *names);
        lua_pushcclosure(L, call_charged, 1);
        lua_setfield(L, -2, *names);
    }
}

/*
 * Stock math: every function takes constant time, but for those of any number of arguments. By
 * name, for some builds have older functions too; without random, whose state calls would share.
 */
static void push_math(lua_State *L)
{
    static const char *const names[] = {
        "abs",  "acos", "asin", "atan", "ceil",       "cos",        "deg", "exp",  "floor",
        "fmod", "huge", "log",  "max",  "maxinteger", "mininteger", "min", "modf", "pi",
        "rad",  "sin",  "sqrt", "tan",  "tointeger",  "type",       "ult",
    };
    static const char *const charged[] = {"max", "min", NULL};
    lua_newtable(L);
    push_stock(L, luaopen_math);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        lua_getfield(L, -1, names[i]);
        lua_setfield(L, -3, names[i]);
    }
    lua_pop(L, 1);
    charge_functions(L, charged);
}

static void push_utf8(lua_State *L)
{
    static const char *const charged[] = {"char", "codepoint", "len", "offset", NULL};
    push_stock(L, luaopen_utf8);
    charge_functions(L, charged);
}

static void add_tables(lua_State *L)
{
    library_string_push(L);
    lua_setfield(L, -2, "string");
    library_table_push(L);
    lua_setfield(L, -2, "table");
    push_math(L);
    lua_setfield(L, -2, "math");
    push_utf8(L);
    lua_setfield(L, -2, "utf8");
    library_host_push(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &runtime_key_host);
    lua_setfield(L, -2, "thingspace");
    lua_pushliteral(L, LUA_VERSION);
    lua_setfield(L, -2, "_VERSION");
}

/*
 * Names that Lua itself looks for in metatables, and what one step of it, which nothing ends, could
 * take then: the collector a second for a chain of weak keys, a call half a minute for a table that
 * is its own __call. setmetatable refuses them, but a metatable may get one later. So each becomes
 * a name that no script can guess: the text that Lua keeps is overwritten in its place, and who
 * writes the name from now on gets another text. (Lua fixes these texts when a state is made;
 * states share nothing, so it is never undone.)
 */
static const char *const hidden[] = {"__mode", "__call"};

static void hide_fields(lua_State *L)
{
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
        char *kept = (char *)(uintptr_t)lua_pushstring(L, hidden[i]);
        randombytes_buf(kept, strlen(hidden[i]));
        lua_pop(L, 1);
    }
}

int library_open(lua_State *L)
{
    hide_fields(L);
    library_secret_open(L);
    library_json_open(L);
    library_base_push(L);
    add_tables(L);
    make_string_methods(L);
    make_environment(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &runtime_key_globals);
    return 0;
}
