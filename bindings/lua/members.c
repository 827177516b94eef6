/* SPDX-License-Identifier: MIT */
/* See members.h and core.h: what nobody would read is refused, with the name that was meant. */
#include "members.h"
#include "core.h"
#include <string.h>

#define LONGEST_NAME 40 /* of a member that is suggested */
#define MOST_EDITS   3

typedef struct member {
    unsigned classes;
    const char *name; /* with a question mark when it may be missing */
} member;

static const member members[] = {
#define X(classes, name, type, doc) {classes, name},
    MEMBERS(X)
#undef X
};

#define MEMBER_COUNT (sizeof(members) / sizeof(members[0]))

static size_t size_of(const char *name)
{
    return strcspn(name, "?");
}

static bool is_of(const member *member, unsigned classes, const char *name)
{
    size_t size = size_of(member->name);
    return (member->classes & classes) && strncmp(member->name, name, size) == 0 && !name[size];
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance by the classic table, a row at a time; `size` is at most LONGEST_NAME. */
static size_t edits_between(const char *a, const char *b, size_t size)
{
    size_t row[LONGEST_NAME + 1];
    for (size_t j = 0; j <= size; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= size; j++) {
            size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = smaller(replaced, smaller(row[j], row[j - 1]) + 1);
        }
    }
    return row[size];
}

/* How far the name is from the member's; one that is cut short is near. */
static size_t distance(const char *name, const char *member)
{
    size_t size = size_of(member), given = strlen(name);
    if (given >= 3 && given < size && strncmp(member, name, given) == 0)
        return 1;
    size_t edits = given > LONGEST_NAME ? MOST_EDITS + 1 : edits_between(name, member, size);
    return edits * 2 < size ? edits : MOST_EDITS + 1;
}

const char *members_near(lua_State *L, unsigned classes, const char *name)
{
    size_t nearest = MOST_EDITS + 1;
    const char *found = NULL;
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        size_t edits = members[i].classes & classes ? distance(name, members[i].name) : nearest;
        if (edits < nearest) {
            nearest = edits;
            found = members[i].name;
        }
    }
    if (!found)
        return lua_pushliteral(L, "");
    return lua_pushfstring(L, "; did you mean %s?", lua_pushlstring(L, found, size_of(found)));
}

static bool is_known(unsigned classes, const char *name)
{
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        if (is_of(&members[i], classes, name))
            return true;
    return false;
}

/* Pushes what may have been meant: another name, or another function that has this one. */
static const char *tell_meant(lua_State *L, unsigned classes, const char *name)
{
    static const struct {
        unsigned class;
        const char *function;
    } others[] = {{OF_REGISTER, "register"}, {OF_ENSURE, "ensure"}};
    for (size_t i = 0; i < 2 && classes & (OF_REGISTER | OF_ENSURE | OF_CALL); i++)
        if (is_known(others[i].class, name))
            return lua_pushfstring(L, "; %s has it", others[i].function);
    return members_near(L, classes, name);
}

void members_check(lua_State *L, int index, const char *what, unsigned classes)
{
    const char *kind = classes & (OF_DECISION | OF_DESIRED | OF_LISTENER) ? "member" : "option";
    luaL_checkstack(L, 6, NULL);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            errors_usage(L, "%s: there is no %s %s: they have names", what, kind,
                         luaL_tolstring(L, -1, NULL));
        const char *name = lua_tostring(L, -1);
        if (!is_known(classes, name))
            errors_usage(L, "%s: there is no %s %s%s", what, kind, name,
                         tell_meant(L, classes, name));
    }
}
