/* SPDX-License-Identifier: MIT */
/*
 * The library that scripts see. Every function of it is bounded: by the size of what it is given,
 * by a budget of steps, or by a number in limits.h. All of these raise and run inside an entry
 * only. The globals are those of library_open; tests compare them with the documented list.
 */
#ifndef LUA_LIBRARY_H
#define LUA_LIBRARY_H

#include <lauxlib.h>
#include "lua/runtime/runtime.h"

/* A runtime_body: makes environment, metatables and all parts. */
runtime_body library_open;

/* Each pushes one table. */
void library_base_push(lua_State *L); /* the globals that are functions */
void library_string_push(lua_State *L);
void library_table_push(lua_State *L);
void library_host_push(lua_State *L);
void library_json_push(lua_State *L); /* encode, decode, null */

/* Makes the metatable of secret handles. */
void library_secret_open(lua_State *L);
/* Makes the metatables of what holds C memory while a function may raise. */
void library_json_open(lua_State *L);

/* Raises unless the value at `index` is a table that
 * scripts may write to (the environment is not). */
void library_check_writable(lua_State *L, int index);
/* Counts the texts among the arguments: a function that wants numbers of them reads each to its
 * end. All at once, for a call can have thousands. Raises. */
void library_charge_texts(lua_State *L);
/* Pushes the value as tostring does: honours __tostring, prints no address. */
const char *library_push_text(lua_State *L, int index, size_t *size);

/* table.sort: the table at 1, an order function or nil at 2. */
int library_table_sort(lua_State *L);
/* thingspace.random. */
int library_random(lua_State *L);
/* string.format and the pattern functions, for library_string.c. */
int library_string_format(lua_State *L);
int library_pattern_find(lua_State *L);
int library_pattern_match(lua_State *L);
int library_pattern_gmatch(lua_State *L);
int library_pattern_gsub(lua_State *L);

/* Writes the "n suppressed" line of thingspace.log,
 * when an entry ends. Does not touch the state. */
void library_host_end_log(runtime *runtime);
/* What thingspace.time_ms() answers; borrowed. A negative one, and NULL: the clock's. */
void library_host_set_time(runtime *runtime, const int64_t *time_ms);

#endif
