/* SPDX-License-Identifier: MIT */
/* What the files of handles share: handle.c, and message.c for requests and responses. Functions
 * may raise; threads: the client's. */
#ifndef BINDING_HANDLE_H
#define BINDING_HANDLE_H

#include "core.h"

/* ---- handle.c: of methods, whose handle is the first argument ---- */

/* The hook that runs; raises when the handle is of another kind, or stale. */
thingspace_hook *handle_check_method(lua_State *L, handle_kind kind);
bool handle_is(lua_State *L, handle_kind kind);

/* ---- message.c: methods ---- */

int message_header(lua_State *L);
int message_set_header(lua_State *L);
int message_remove_header(lua_State *L);
int message_query(lua_State *L);
int message_set_query(lua_State *L);
int message_json(lua_State *L);
int message_set_json(lua_State *L);
int message_text(lua_State *L);

#endif
