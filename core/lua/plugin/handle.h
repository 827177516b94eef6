/* SPDX-License-Identifier: MIT */
/*
 * Handles: what hooks of Lua plugins get as arguments. There is one userdata per kind and state,
 * made at load; it means the hook that runs and holds nothing. What it can do is the table of
 * plugin/fields.h: each handle_*.c has one function of C for every row of its kind. All functions
 * raise and run inside entries only.
 */
#ifndef LUA_HANDLE_H
#define LUA_HANDLE_H

#include <lua.h>
#include "plugin/view.h"

typedef struct plugin_script plugin_script;

/* A field's function pushes its value; a method's is the method. */
typedef struct handle_field {
    field_id id;
    lua_CFunction function;
} handle_field;

/* How many rows each kind has: the array of each has as many, or does not compile. */
#define HANDLE_COUNT_OF(kind)                     HANDLE_FIELDS_##kind = 0 FIELD_MAP(HANDLE_COUNT_IF_##kind)
#define HANDLE_IS(wanted, handle)                 +(HANDLE_##wanted == HANDLE_##handle)
#define HANDLE_COUNT_IF_CALL(id, handle, ...)     HANDLE_IS(CALL, handle)
#define HANDLE_COUNT_IF_REQUEST(id, handle, ...)  HANDLE_IS(REQUEST, handle)
#define HANDLE_COUNT_IF_RESPONSE(id, handle, ...) HANDLE_IS(RESPONSE, handle)
#define HANDLE_COUNT_IF_FAILURE(id, handle, ...)  HANDLE_IS(FAILURE, handle)
#define HANDLE_COUNT_IF_EVENT(id, handle, ...)    HANDLE_IS(EVENT, handle)
#define HANDLE_COUNT_IF_MESSAGE(id, handle, ...)  HANDLE_IS(MESSAGE, handle)
enum {
    HANDLE_COUNT_OF(CALL),
    HANDLE_COUNT_OF(REQUEST),
    HANDLE_COUNT_OF(RESPONSE),
    HANDLE_COUNT_OF(FAILURE),
    HANDLE_COUNT_OF(EVENT),
    HANDLE_COUNT_OF(MESSAGE),
};

extern const handle_field handle_call_fields[];
extern const handle_field handle_request_fields[];
extern const handle_field handle_response_fields[];
extern const handle_field handle_failure_fields[];
extern const handle_field handle_event_fields[];
extern const handle_field handle_message_fields[];

/* Makes the handles that the hooks of the object need, and notes them in its hooks. */
void handle_open(lua_State *L, plugin_script *self);
/*
 * Pushes a new userdata with a metatable of its own and returns its block: whoever has the same
 * block has that userdata. The value on top (popped) is its __index; `newindex` may be NULL:
 * assignments are refused.
 */
void *handle_new(lua_State *L, const char *name, lua_CFunction newindex);

/* The view, when the running hook may use the field. */
view *handle_check_view(lua_State *L, field_id id);
/*
 * For methods: the view, when the first argument is the handle of this kind, whose field it is, and
 * a hook runs. Whether that hook may use the field is left to the view's function.
 */
view *handle_self(lua_State *L, handle_kind kind, field_id id);
/* Both, for methods whose function of the view does not look. */
view *handle_check(lua_State *L, handle_kind kind, field_id id);

#endif
