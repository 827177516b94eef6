/* SPDX-License-Identifier: MIT */
/*
 * string.find, match, gmatch and gsub on our own matcher. Plain searches are memmem, which is
 * linear. All functions raise; a match that takes long is interrupted by the deadline through
 * `report`.
 */
#include <config.h>
#include <string.h>
#include "lua/runtime/library.h"
#include "lua/runtime/pattern.h"

#define STEPS_PER_CAPTURE 64 /* a position becomes a text */

static void report(void *user, size_t steps)
{
    runtime_charge(user, steps);
}

static void init(lua_State *L, pattern *pattern, bool anchor)
{
    size_t subject_size, text_size;
    const char *subject = luaL_checklstring(L, 1, &subject_size);
    const char *text = luaL_checklstring(L, 2, &text_size);
    pattern_init(pattern, subject, subject_size, text, text_size, anchor);
    pattern->report = report;
    pattern->user = L;
}

/* The position that argument `index` names, from 0; past the end: false. */
static bool get_start(lua_State *L, int index, size_t size, size_t *out)
{
    lua_Integer at = luaL_optinteger(L, index, 1);
    if (at < 0)
        at = at < -(lua_Integer)size ? 1 : (lua_Integer)size + at + 1;
    else if (at == 0)
        at = 1;
    *out = (size_t)at - 1;
    return *out <= size;
}

static void push_capture(lua_State *L, pattern *pattern, unsigned index)
{
    pattern_capture capture;
    if (!pattern_get(pattern, index, &capture))
        luaL_error(L, "%s", pattern->error);
    if (capture.size == PATTERN_POSITION)
        lua_pushinteger(L, capture.start - pattern->subject + 1);
    else
        lua_pushlstring(L, capture.start, (size_t)capture.size);
}

/* Pushes all captures; `whole`: the match itself when there are none. */
static int push_captures(lua_State *L, pattern *pattern, bool whole)
{
    unsigned count = pattern->count == 0 && whole ? 1 : pattern->count;
    luaL_checkstack(L, (int)count, "too many captures");
    for (unsigned i = 0; i < count; i++)
        push_capture(L, pattern, i);
    return (int)count;
}

static bool search(lua_State *L, pattern *pattern)
{
    pattern_result result = pattern_next(pattern);
    runtime_charge(L, pattern->unreported);
    pattern->unreported = 0;
    if (result == PATTERN_FAILED)
        luaL_error(L, "%s", pattern->error);
    return result == PATTERN_FOUND;
}

static int find_plain(lua_State *L, const pattern *pattern, size_t start)
{
    size_t needle_size;
    const char *needle = lua_tolstring(L, 2, &needle_size);
    const char *from = pattern->subject + start;
    size_t size = (size_t)(pattern->subject_end - from);
    if (size > RUNTIME_PATTERN_STEPS)
        return luaL_error(L, "pattern too expensive");
    runtime_charge(L, size / 4 + needle_size); /* memmem is faster than a step a byte */
    const char *found = needle_size == 0 ? from : memmem(from, size, needle, needle_size);
    if (!found) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, found - pattern->subject + 1);
    lua_pushinteger(L, found - pattern->subject + (lua_Integer)needle_size);
    return 2;
}

static bool wants_plain(lua_State *L)
{
    size_t size;
    const char *text = lua_tolstring(L, 2, &size);
    return lua_toboolean(L, 4) || pattern_is_plain(text, size);
}

int library_pattern_find(lua_State *L)
{
    pattern pattern;
    size_t start;
    init(L, &pattern, true);
    if (!get_start(L, 3, (size_t)(pattern.subject_end - pattern.subject), &start)) {
        lua_pushnil(L);
        return 1;
    }
    if (wants_plain(L))
        return find_plain(L, &pattern, start);
    pattern.next += start;
    if (!search(L, &pattern)) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, pattern.start - pattern.subject + 1);
    lua_pushinteger(L, pattern.end - pattern.subject);
    return push_captures(L, &pattern, false) + 2;
}

int library_pattern_match(lua_State *L)
{
    pattern pattern;
    size_t start;
    init(L, &pattern, true);
    if (get_start(L, 3, (size_t)(pattern.subject_end - pattern.subject), &start)) {
        pattern.next += start;
        if (search(L, &pattern))
            return push_captures(L, &pattern, true);
    }
    lua_pushnil(L);
    return 1;
}

/* Upvalues: the pattern's state, and the two texts that it points into. */
static int match_next(lua_State *L)
{
    pattern *pattern = lua_touserdata(L, lua_upvalueindex(1));
    pattern->user = L;
    pattern->budget = RUNTIME_PATTERN_STEPS;
    return search(L, pattern) ? push_captures(L, pattern, true) : 0;
}

int library_pattern_gmatch(lua_State *L)
{
    pattern first;
    size_t start;
    init(L, &first, false);
    lua_settop(L, 3);
    bool inside = get_start(L, 3, (size_t)(first.subject_end - first.subject), &start);
    first.next = inside ? first.next + start : first.subject_end + 1;
    pattern *pattern = lua_newuserdatauv(L, sizeof(*pattern), 0);
    *pattern = first;
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, match_next, 3);
    return 1;
}

/* Adds the replacement text with its %0 to %9 filled in. */
static void add_text(lua_State *L, luaL_Buffer *out, pattern *pattern)
{
    size_t size;
    const char *text = lua_tolstring(L, 3, &size);
    runtime_charge(L, size);
    for (const char *at = text, *end = text + size; at < end; at++) {
        if (*at != '%') {
            luaL_addchar(out, *at);
            continue;
        }
        at++;
        if (at < end && *at == '%') {
            luaL_addchar(out, '%');
        } else if (at < end && *at == '0') {
            luaL_addlstring(out, pattern->start, (size_t)(pattern->end - pattern->start));
        } else if (at < end && *at >= '1' && *at <= '9') {
            push_capture(L, pattern, (unsigned)(*at - '1'));
            luaL_addvalue(out);
            runtime_charge(L, STEPS_PER_CAPTURE);
        } else {
            luaL_error(L, "invalid use of '%%' in replacement string");
        }
    }
}

/* Replaces the key on top by its value. A chain of 2,000 tables behind __index takes 20 us, without
 * an instruction that would be counted. */
static void get_from_table(lua_State *L)
{
    if (lua_getmetatable(L, 3)) {
        lua_pop(L, 1);
        runtime_charge(L, RUNTIME_STEPS_PER_LOOK);
    }
    lua_gettable(L, 3);
}

/* Pushes what the table or function says; nil and false keep the match. */
static void add_value(lua_State *L, luaL_Buffer *out, pattern *pattern, int type)
{
    if (type == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        int count = push_captures(L, pattern, true);
        lua_call(L, count, 1);
    } else {
        push_capture(L, pattern, 0);
        get_from_table(L);
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        lua_pushlstring(L, pattern->start, (size_t)(pattern->end - pattern->start));
    } else if (!lua_isstring(L, -1)) {
        luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    }
    luaL_addvalue(out);
}

static int check_replacement(lua_State *L)
{
    int type = lua_type(L, 3);
    luaL_argexpected(L,
                     type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION ||
                         type == LUA_TTABLE,
                     3, "string/function/table");
    return type;
}

int library_pattern_gsub(lua_State *L)
{
    pattern pattern;
    init(L, &pattern, true);
    int type = check_replacement(L);
    lua_Integer most =
        luaL_optinteger(L, 4, (lua_Integer)(pattern.subject_end - pattern.subject) + 1);
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    const char *copied = pattern.subject;
    lua_Integer count = 0;
    while (count < most && search(L, &pattern)) {
        count++;
        luaL_addlstring(&out, copied, (size_t)(pattern.start - copied));
        if (type == LUA_TNUMBER || type == LUA_TSTRING)
            add_text(L, &out, &pattern);
        else
            add_value(L, &out, &pattern, type);
        copied = pattern.end;
        if (pattern.anchored)
            break;
    }
    luaL_addlstring(&out, copied, (size_t)(pattern.subject_end - copied));
    luaL_pushresult(&out);
    lua_pushinteger(L, count);
    return 2;
}
