/* SPDX-License-Identifier: MIT */
/*
 * What a script gets that asks a table of the host for a name that it does not have: an error, when
 * the name is nearly one of the table's; else nil, so that scripts can ask what there is. What is
 * there costs nothing more.
 */
#ifndef LUA_MISSING_H
#define LUA_MISSING_H

#include <lua.h>

/* Of the table on top; `path` is what scripts call it, "thingspace.secret", and constant. may raise
 */
void missing_tell(lua_State *L, const char *path);

#endif
