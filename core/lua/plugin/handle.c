/* SPDX-License-Identifier: MIT */
/*
 * See handle.h. Methods lie in a table that is the metatable's __index, so that calling one costs
 * no function of ours; what is not there is looked up among the fields. The identity of the block
 * is the proof that a value is the handle: scripts cannot make one, and other states have others.
 */
#include <config.h>
#include <string.h>
#include "base/nearest.h"
#include "lua/plugin/plugin_inside.h"

typedef struct handle_type {
    const handle_field *fields;
    size_t count;
} handle_type;

static const handle_type types[HANDLE_COUNT] = {
    [HANDLE_CALL] = {handle_call_fields, HANDLE_FIELDS_CALL},
    [HANDLE_REQUEST] = {handle_request_fields, HANDLE_FIELDS_REQUEST},
    [HANDLE_RESPONSE] = {handle_response_fields, HANDLE_FIELDS_RESPONSE},
    [HANDLE_FAILURE] = {handle_failure_fields, HANDLE_FIELDS_FAILURE},
    [HANDLE_EVENT] = {handle_event_fields, HANDLE_FIELDS_EVENT},
    [HANDLE_MESSAGE] = {handle_message_fields, HANDLE_FIELDS_MESSAGE},
};
_Static_assert((int)HANDLE_FIELDS_CALL + HANDLE_FIELDS_REQUEST + HANDLE_FIELDS_RESPONSE +
                       HANDLE_FIELDS_FAILURE + HANDLE_FIELDS_EVENT + HANDLE_FIELDS_MESSAGE ==
                   (int)FIELD_COUNT,
               "every field has a kind that is made here");

/* --- What scripts run into --- */

static int refuse_member(lua_State *L, handle_kind kind)
{
    nearest nearest;
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : NULL;
    const view *view = plugin_script_of(L)->view;
    const field *other = view && name ? field_find_beside(kind, view->phase, name) : NULL;
    if (other)
        return luaL_error(L, "the %s has no '%s'; the %s has it: a hook of phase '%s' gets %s",
                          handle_name(kind), name, handle_name(other->handle),
                          phase_of(view->phase)->name, handle_arguments(view->phase));
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < types[kind].count; i++)
        nearest_offer(&nearest, field_of(types[kind].fields[i].id)->name);
    if (nearest.found)
        return luaL_error(L, "the %s has no '%s'; did you mean '%s'?", handle_name(kind), name,
                          nearest.found);
    return luaL_error(L, "the %s has no '%s'", handle_name(kind), runtime_push_text(L, 2));
}

static view *check_running(lua_State *L, const plugin_script *self, field_id id)
{
    if (!self->view)
        luaL_error(L, "stale handle: the %s means the hook that runs, and none does",
                   handle_name(field_of(id)->handle));
    return self->view;
}

static view *check_allowed(lua_State *L, plugin_script *self, field_id id)
{
    view *view = check_running(L, self, id);
    thingspace_status status = view_check(view, id, &self->error);
    if (status != THINGSPACE_OK)
        plugin_check(L, status);
    return view;
}

static void check_block(lua_State *L, const plugin_script *self, handle_kind kind, field_id id)
{
    const void *block = lua_touserdata(L, 1);
    if (!block || block != self->handles[kind])
        luaL_error(L, "not the %s: call it with a colon, %s:%s(...)", handle_name(kind),
                   handle_name(kind), field_of(id)->name);
}

view *handle_check_view(lua_State *L, field_id id)
{
    return check_allowed(L, plugin_script_of(L), id);
}

view *handle_self(lua_State *L, handle_kind kind, field_id id)
{
    const plugin_script *self = plugin_script_of(L);
    check_block(L, self, kind, id);
    return check_running(L, self, id);
}

view *handle_check(lua_State *L, handle_kind kind, field_id id)
{
    plugin_script *self = plugin_script_of(L);
    check_block(L, self, kind, id);
    return check_allowed(L, self, id);
}

/* __index, for what is no method. Upvalues: name -> row of the fields, the kind. */
static int read_field(lua_State *L)
{
    lua_pushvalue(L, 2);
    lua_rawget(L, lua_upvalueindex(1));
    const handle_field *field = lua_touserdata(L, -1);
    if (!field)
        return refuse_member(L, (handle_kind)lua_tointeger(L, lua_upvalueindex(2)));
    check_allowed(L, plugin_script_of(L), field->id);
    return field->function(L);
}

static int refuse_assignment(lua_State *L)
{
    bool call = lua_touserdata(L, 1) == plugin_script_of(L)->handles[HANDLE_CALL];
    const char *reason = call ? "only call.vars.NAME can" : "what may change has a method";
    const char *member = runtime_push_text(L, 2);
    luaL_getmetafield(L, 1, "__name");
    return luaL_error(L, "'%s' of the %s cannot be assigned: %s", member, lua_tostring(L, -1),
                      reason);
}

static int write_name(lua_State *L)
{
    luaL_getmetafield(L, 1, "__name");
    return 1;
}

/* --- Making them --- */

void *handle_new(lua_State *L, const char *name, lua_CFunction newindex)
{
    void *block = lua_newuserdatauv(L, 1, 0);
    lua_createtable(L, 0, 5);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, newindex ? newindex : refuse_assignment);
    lua_setfield(L, -2, "__newindex");
    lua_pushcfunction(L, write_name);
    lua_setfield(L, -2, "__tostring");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__name");
    lua_setmetatable(L, -2);
    lua_remove(L, -2);
    return block;
}

/* Pushes the function that reads the fields of the kind. */
static void push_reader(lua_State *L, handle_kind kind)
{
    const handle_type *type = &types[kind];
    lua_newtable(L);
    for (size_t i = 0; i < type->count; i++) {
        const field *field = field_of(type->fields[i].id);
        if (field->method)
            continue;
        lua_pushlightuserdata(L, (void *)&type->fields[i]);
        lua_setfield(L, -2, field->name);
    }
    lua_pushinteger(L, kind);
    lua_pushcclosure(L, read_field, 2);
}

/* Puts the methods of the kind into the table on top and tells their number. */
static size_t add_methods(lua_State *L, handle_kind kind)
{
    const handle_type *type = &types[kind];
    size_t count = 0;
    for (size_t i = 0; i < type->count; i++) {
        const field *field = field_of(type->fields[i].id);
        if (!field->method)
            continue;
        lua_pushcfunction(L, type->fields[i].function);
        lua_setfield(L, -2, field->name);
        count++;
    }
    return count;
}

/* Pushes what becomes the __index of the kind's handle. */
static void push_index(lua_State *L, handle_kind kind)
{
    push_reader(L, kind);
    lua_newtable(L);
    if (add_methods(L, kind) == 0) {
        lua_pop(L, 1);
        return;
    }
    lua_createtable(L, 0, 1);
    lua_rotate(L, -3, -1);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

static int need(lua_State *L, plugin_script *self, handle_kind kind)
{
    if (kind == HANDLE_COUNT)
        return LUA_NOREF;
    if (!self->handles[kind]) {
        push_index(L, kind);
        self->handles[kind] = handle_new(L, handle_name(kind), NULL);
        self->references[kind] = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    return self->references[kind];
}

void handle_open(lua_State *L, plugin_script *self)
{
    for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++) {
        plugin_hook *hook = &self->hooks[phase];
        if (hook->function == LUA_NOREF)
            continue;
        hook->first = need(L, self, handle_argument(phase, 0));
        hook->second = need(L, self, handle_argument(phase, 1));
    }
}
