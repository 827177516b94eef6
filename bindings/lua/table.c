/* SPDX-License-Identifier: MIT */
/* See core.h: members of the tables that the module makes. */
#include "core.h"

void table_set_text(lua_State *L, const char *name, const char *text)
{
    lua_pushstring(L, text);
    lua_setfield(L, -2, name);
}

void table_set_count(lua_State *L, const char *name, size_t count)
{
    lua_pushinteger(L, (lua_Integer)count);
    lua_setfield(L, -2, name);
}
