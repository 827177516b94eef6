/* SPDX-License-Identifier: MIT */
/*
 * Reading what a script returned: raw and once, so that a table cannot answer
 * differently the second time. Runs inside entries only.
 */
#include <config.h>
#include <lua.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "lua/policy/policy_inside.h"

/* may raise */
int policy_table_push(lua_State *L, int index, const char *name)
{
    int table = lua_absindex(L, index);
    lua_pushstring(L, name);
    return lua_rawget(L, table);
}

const char *policy_table_text(lua_State *L, int index)
{
    size_t size;
    if (lua_type(L, index) != LUA_TSTRING)
        return NULL;
    const char *text = lua_tolstring(L, index, &size);
    return strlen(text) == size && text_is_utf8(text, size) ? text : NULL;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static thingspace_status refuse_key(lua_State *L, int index, thingspace_error *error)
{
    if (lua_type(L, index) == LUA_TNUMBER)
        return error_set(error, THINGSPACE_POLICY,
                         "a member without a name: write name = value (found number %lld)",
                         (long long)lua_tointegerx(L, index, NULL));
    return error_set(error, THINGSPACE_POLICY, "a member whose name is not a text of UTF-8");
}

/* may raise */
thingspace_status policy_table_names(lua_State *L, int index, const char ***out, size_t *count,
                                     thingspace_error *error)
{
    int table = lua_absindex(L, index);
    size_t size = 0, at = 0;
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1))
        size++;
    const char **names = lua_newuserdatauv(L, (size + 1) * sizeof(*names), 0);
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
        names[at] = policy_table_text(L, -2);
        if (!names[at++]) {
            thingspace_status status = refuse_key(L, -2, error);
            lua_pop(L, 3);
            return status;
        }
    }
    qsort(names, size, sizeof(*names), compare_names);
    *out = names;
    *count = size;
    return THINGSPACE_OK;
}

static bool is_known(const char *name, const char *const *known, size_t *known_count)
{
    bool found = false;
    for (*known_count = 0; known[*known_count]; ++*known_count)
        found = found || strcmp(name, known[*known_count]) == 0;
    return found;
}

static thingspace_status refuse_name(const char *name, const char *const *known, size_t known_count,
                                     thingspace_error *error)
{
    const char *near = nearest_name(name, known, known_count);
    if (near)
        return error_set(error, THINGSPACE_POLICY, "unknown member '%.64s'; did you mean '%s'?",
                         name, near);
    char list[256] = "";
    for (size_t i = 0; i < known_count && strlen(list) + strlen(known[i]) + 3 < sizeof(list); i++) {
        strcat(list, i ? ", " : "");
        strcat(list, known[i]);
    }
    return error_set(error, THINGSPACE_POLICY, "unknown member '%.64s'; known are: %s", name, list);
}

/* Whether there are no others, without a list of them; false: perhaps. Does not raise. */
static bool has_only(lua_State *L, int table, const char *const *known)
{
    size_t count, left = 0;
    while (known[left])
        left++;
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pop(L, 1);
        if (left-- == 0 || lua_type(L, -1) != LUA_TSTRING ||
            !is_known(lua_tostring(L, -1), known, &count)) {
            lua_pop(L, 1);
            return false;
        }
    }
    return true;
}

/* may raise */
thingspace_status policy_table_check(lua_State *L, int index, const char *const *known,
                                     thingspace_error *error)
{
    const char **names;
    size_t count, known_count;
    if (has_only(L, lua_absindex(L, index), known))
        return THINGSPACE_OK;
    thingspace_status status = policy_table_names(L, index, &names, &count, error);
    if (status != THINGSPACE_OK)
        return status;
    for (size_t i = 0; i < count && status == THINGSPACE_OK; i++)
        if (!is_known(names[i], known, &known_count))
            status = refuse_name(names[i], known, known_count, error);
    lua_pop(L, 1);
    return status;
}

/* may raise */
thingspace_status policy_table_each(lua_State *L, int index, const char *what,
                                    policy_member_function *read, script *self, policy *to,
                                    thingspace_error *error)
{
    const char **names;
    size_t count;
    int table = lua_absindex(L, index);
    thingspace_status status = policy_table_names(L, table, &names, &count, error);
    if (status == THINGSPACE_POLICY)
        error_prefix(error, "%s", what);
    for (size_t i = 0; status == THINGSPACE_OK && i < count; i++) {
        int top = lua_gettop(L);
        policy_table_push(L, table, names[i]);
        status = read(L, names[i], self, to, error);
        lua_settop(L, top);
        if (status == THINGSPACE_POLICY)
            error_prefix(error, "%s.%s", what, names[i]);
    }
    return status;
}

/* may raise */
thingspace_status policy_table_each_text(lua_State *L, int index, const char *what,
                                         policy_text_function *take, void *to,
                                         thingspace_error *error)
{
    size_t count = 0;
    int table = lua_absindex(L, index);
    thingspace_status status = THINGSPACE_OK;
    if (lua_isnil(L, table))
        return status;
    if (!lua_istable(L, table) || !policy_table_is_list(L, table, &count))
        return error_set(error, THINGSPACE_POLICY, "%s must be a list of texts, without holes",
                         what);
    for (size_t i = 1; i <= count && status == THINGSPACE_OK; i++) {
        lua_rawgeti(L, table, (lua_Integer)i);
        const char *text = policy_table_text(L, -1);
        status = text ? take(to, text, error)
                      : error_set(error, THINGSPACE_POLICY, "a text belongs here, not a %s",
                                  lua_typename(L, lua_type(L, -1)));
        lua_pop(L, 1);
        if (status == THINGSPACE_POLICY)
            error_prefix(error, "%s[%zu]", what, i);
    }
    return status;
}

/* may raise */
thingspace_status policy_table_read_text(lua_State *L, int index, const char *name,
                                         const char **out, thingspace_error *error)
{
    int type = policy_table_push(L, index, name);
    *out = policy_table_text(L, -1);
    if (*out || type == LUA_TNIL)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_POLICY, "%s must be text, not %s%s", name,
                     type == LUA_TSTRING ? "bytes" : "a ",
                     type == LUA_TSTRING ? " that are not UTF-8" : lua_typename(L, type));
}

bool policy_table_is_list(lua_State *L, int index, size_t *count)
{
    int table = lua_absindex(L, index);
    size_t length = (size_t)lua_rawlen(L, table), members = 0;
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
        long long key = lua_isinteger(L, -2) ? lua_tointeger(L, -2) : 0;
        if (key < 1 || (size_t)key > length) {
            lua_pop(L, 2);
            return false;
        }
        members++;
    }
    *count = length;
    return members == length;
}
