/* SPDX-License-Identifier: MIT */
/*
 * What a script gets that asks a table of the host for a name that it does not have: an error, when
 * the name is nearly one of the table's or one of those that others have; else nil, so that scripts
 * can ask what there is. What is there costs nothing more.
 */
#ifndef LUA_MISSING_H
#define LUA_MISSING_H

#include <lua.h>

typedef struct missing {
    const char *path;          /* of the table, "thingspace.secret" */
    const char *const *others; /* names that `advice` is for, ends with NULL; NULL: all */
    const char *advice;        /* what to do instead; NULL: none */
} missing;

/* Of the table on top. `what` is constant. may raise */
void missing_tell(lua_State *L, const missing *what);

#endif
