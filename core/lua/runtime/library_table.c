/* SPDX-License-Identifier: MIT */
/*
 * The table `table`. Everything is raw and goes by the real length: a __len that lies, or an
 * __index that answers anything, would make a C loop endless. Sorting is heap sort: no order
 * function, however wrong, makes it slower or read outside the table.
 */
#include <config.h>
#include "lua/runtime/library.h"

#define STEPS_PER_MOVE     16 /* of one raw get and set, in byte steps */
#define STEPS_PER_COMPARED 4  /* of one byte of two texts */

static lua_Integer check_table(lua_State *L, int index, bool writes)
{
    luaL_checktype(L, index, LUA_TTABLE);
    if (writes)
        library_check_writable(L, index);
    return (lua_Integer)lua_rawlen(L, index);
}

static int table_concat(lua_State *L)
{
    lua_Integer length = check_table(L, 1, false);
    size_t separator_size;
    const char *separator = luaL_optlstring(L, 2, "", &separator_size);
    lua_Integer first = luaL_optinteger(L, 3, 1);
    lua_Integer last = luaL_optinteger(L, 4, length);
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    for (lua_Integer i = first; i <= last; i++) {
        lua_rawgeti(L, 1, i);
        if (!lua_isstring(L, -1))
            return luaL_error(L, "invalid value (at index %I) in table for 'concat'",
                              (LUAI_UACINT)i);
        runtime_charge(L, lua_rawlen(L, -1) / 4 + STEPS_PER_MOVE);
        luaL_addvalue(&out);
        if (i == last) /* the largest integer has no next one */
            break;
        luaL_addlstring(&out, separator, separator_size);
    }
    luaL_pushresult(&out);
    return 1;
}

/* Moves [from, to] up by one, beginning at the end. */
static void shift_up(lua_State *L, lua_Integer from, lua_Integer to)
{
    for (lua_Integer i = to; i >= from; i--) {
        lua_rawgeti(L, 1, i);
        lua_rawseti(L, 1, i + 1);
        runtime_charge(L, STEPS_PER_MOVE);
    }
}

static int table_insert(lua_State *L)
{
    lua_Integer next = check_table(L, 1, true) + 1;
    lua_Integer at = next;
    int arguments = lua_gettop(L);
    if (arguments != 2 && arguments != 3)
        return luaL_error(L, "wrong number of arguments to 'insert'");
    if (arguments == 3) {
        at = luaL_checkinteger(L, 2);
        luaL_argcheck(L, at >= 1 && at <= next, 2, "position out of bounds");
        shift_up(L, at, next - 1);
    }
    lua_rawseti(L, 1, at);
    return 0;
}

static int table_remove(lua_State *L)
{
    lua_Integer length = check_table(L, 1, true);
    lua_Integer at = luaL_optinteger(L, 2, length);
    if (lua_gettop(L) > 1)
        luaL_argcheck(L, (at >= 1 && at <= length + 1) || (length == 0 && at == 0), 2,
                      "position out of bounds");
    lua_rawgeti(L, 1, at);
    for (; at < length; at++) {
        lua_rawgeti(L, 1, at + 1);
        lua_rawseti(L, 1, at);
        runtime_charge(L, STEPS_PER_MOVE);
    }
    lua_pushnil(L);
    lua_rawseti(L, 1, at);
    return 1;
}

static int table_pack(lua_State *L)
{
    int count = lua_gettop(L);
    lua_createtable(L, count, 1);
    lua_insert(L, 1);
    for (int i = count; i >= 1; i--)
        lua_rawseti(L, 1, i);
    lua_pushinteger(L, count);
    lua_setfield(L, 1, "n");
    return 1;
}

static int table_unpack(lua_State *L)
{
    lua_Integer length = check_table(L, 1, false);
    lua_Integer first = luaL_optinteger(L, 2, 1);
    lua_Integer last = luaL_optinteger(L, 3, length);
    if (first > last)
        return 0;
    lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)first;
    if (count >= RUNTIME_MOST_VALUES || !lua_checkstack(L, (int)count + 1))
        return luaL_error(L, "too many results to unpack");
    for (lua_Unsigned i = 0; i <= count; i++)
        lua_rawgeti(L, 1, first + (lua_Integer)i);
    return (int)count + 1;
}

static void move_values(lua_State *L, lua_Integer from, lua_Integer count, lua_Integer to,
                        int target)
{
    bool upwards = !lua_rawequal(L, 1, target) || to <= from || to - from >= count;
    for (lua_Integer n = 0; n < count; n++) {
        lua_Integer i = upwards ? n : count - 1 - n;
        lua_rawgeti(L, 1, from + i);
        lua_rawseti(L, target, to + i);
        runtime_charge(L, STEPS_PER_MOVE);
    }
}

static int table_move(lua_State *L)
{
    lua_Integer length = check_table(L, 1, false);
    lua_Integer from = luaL_checkinteger(L, 2);
    lua_Integer last = luaL_checkinteger(L, 3);
    lua_Integer to = luaL_checkinteger(L, 4);
    int target = lua_isnoneornil(L, 5) ? 1 : 5;
    check_table(L, target, true);
    if (last >= from) {
        lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)from;
        luaL_argcheck(L, count < (lua_Unsigned)length + RUNTIME_MOST_VALUES, 3,
                      "too many elements to move");
        luaL_argcheck(L, to <= LUA_MAXINTEGER - (lua_Integer)count, 4, "destination wrap around");
        move_values(L, from, (lua_Integer)count + 1, to, target);
    }
    lua_pushvalue(L, target);
    return 1;
}

/* What comparing texts costs: both are read to where they differ, and zero bytes take the longest.
 */
static void charge_texts(lua_State *L, int a, int b)
{
    if (lua_type(L, a) != LUA_TSTRING || lua_type(L, b) != LUA_TSTRING)
        return;
    size_t first = lua_rawlen(L, a), second = lua_rawlen(L, b);
    runtime_charge(L, (first < second ? first : second) * STEPS_PER_COMPARED);
}

/* Whether the value at `a` comes before the one at `b`, both on the stack. A function of C has no
 * instructions that would be counted: the clock is looked at before each call of one. */
static bool is_less(lua_State *L, int a, int b)
{
    if (lua_isnil(L, 2)) {
        charge_texts(L, a, b);
        return lua_compare(L, a, b, LUA_OPLT);
    }
    if (lua_iscfunction(L, 2))
        runtime_charge(L, RUNTIME_STEPS_PER_LOOK);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, a < 0 ? a - 1 : a);
    lua_pushvalue(L, b < 0 ? b - 2 : b);
    lua_call(L, 2, 1);
    bool less = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return less;
}

/* Puts the value on top of the stack (popped) where it belongs in the heap below `root`. */
static void sift(lua_State *L, lua_Integer root, lua_Integer length)
{
    while (root * 2 <= length) {
        lua_Integer child = root * 2;
        lua_rawgeti(L, 1, child);
        if (child < length) {
            lua_rawgeti(L, 1, child + 1);
            bool second = is_less(L, -2, -1);
            child += second;
            lua_remove(L, second ? -2 : -1);
        }
        runtime_charge(L, STEPS_PER_MOVE);
        if (!is_less(L, -2, -1)) {
            lua_pop(L, 1);
            break;
        }
        lua_rawseti(L, 1, root);
        root = child;
    }
    lua_rawseti(L, 1, root);
}

int library_table_sort(lua_State *L)
{
    lua_Integer length = check_table(L, 1, true);
    if (!lua_isnoneornil(L, 2))
        luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    for (lua_Integer root = length / 2; root >= 1; root--) {
        lua_rawgeti(L, 1, root);
        sift(L, root, length);
    }
    for (lua_Integer last = length; last > 1; last--) {
        lua_rawgeti(L, 1, last);
        lua_rawgeti(L, 1, 1);
        lua_rawseti(L, 1, last);
        sift(L, 1, last - 1);
    }
    return 0;
}

void library_table_push(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"concat", table_concat}, {"insert", table_insert},
        {"move", table_move},     {"pack", table_pack},
        {"remove", table_remove}, {"sort", library_table_sort},
        {"unpack", table_unpack}, {NULL, NULL},
    };
    luaL_newlib(L, functions);
}
