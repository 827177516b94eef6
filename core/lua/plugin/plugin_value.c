/* SPDX-License-Identifier: MIT */
/*
 * Arguments of the functions that plugins call, and bodies on their way in and out. What C holds
 * meanwhile belongs to the object, so that raising loses nothing. One thread at a time.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "lua/plugin/plugin_inside.h"

/* What a longer text costs to look through is counted. */
#define LONG_TEXT 256

/* may raise */
int plugin_check(lua_State *L, thingspace_status status)
{
    if (status == THINGSPACE_MEMORY)
        return runtime_raise_memory(L);
    if (status != THINGSPACE_OK)
        return runtime_raise(L, &plugin_script_of(L)->error);
    return 0;
}

/* may raise */
static void refuse(lua_State *L, int index, const char *what, const char *wanted)
{
    int type = lua_type(L, index);
    const char *found = runtime_is_secret(L, index) ? "secret" : luaL_typename(L, index);
    if (type == LUA_TNONE)
        luaL_error(L, "%s is missing", what);
    luaL_error(L, "%s must be %s, not %s%s", what, wanted, type == LUA_TNIL ? "" : "a ", found);
}

/* may raise */
const char *plugin_check_key(lua_State *L, int index, size_t *size, const char *what)
{
    if (lua_type(L, index) != LUA_TSTRING)
        refuse(L, index, what, "text");
    return lua_tolstring(L, index, size);
}

/* may raise */
double plugin_check_number(lua_State *L, int index, const char *what)
{
    if (lua_type(L, index) != LUA_TNUMBER)
        refuse(L, index, what, "a number");
    return lua_tonumber(L, index);
}

/* may raise */
const char *plugin_check_text(lua_State *L, int index, const char *what)
{
    size_t size;
    int type = lua_type(L, index);
    if (type == LUA_TNUMBER)
        luaL_error(L, "%s must be text, not a number: write tostring(...) around it", what);
    if (type != LUA_TSTRING)
        refuse(L, index, what, "text");
    const char *text = lua_tolstring(L, index, &size);
    if (size > LONG_TEXT)
        runtime_charge(L, size);
    if (memchr(text, '\0', size))
        luaL_error(L, "%s has a zero byte", what);
    return text;
}

/* may raise */
void plugin_check_count(lua_State *L, int most, const char *usage)
{
    if (lua_gettop(L) > most)
        luaL_error(L, "too many arguments: write %s", usage);
}

/* may raise */
view *plugin_check_view(lua_State *L, const char *what)
{
    view *view = plugin_script_of(L)->view;
    if (!view)
        luaL_error(L, "thingspace.%s is for hooks: no hook runs", what);
    return view;
}

/* may raise */
void plugin_check_body_size(lua_State *L, const view *view, field_id field)
{
    plugin_script *self = plugin_script_of(L);
    bool text = field == FIELD_RESPONSE_TEXT;
    size_t most = text ? self->running.allocation : self->running.memory;
    plugin_check(L, view_check(view, field, &self->error));
    if (view->response->body.size > most)
        luaL_error(L,
                   "the body has %d KiB, more than the %d KiB that this instance may hold%s: raise "
                   "%s in the limits of its row",
                   (int)(view->response->body.size / 1024), (int)(most / 1024),
                   text ? " in one text" : "", text ? "allocation_bytes" : "memory_bytes");
    runtime_charge(L, view->response->body.size); /* again each time that it cannot be read */
}

/* may raise */
int plugin_push_body(lua_State *L, const json *body)
{
    if (body)
        runtime_push_json(L, body);
    else
        lua_pushnil(L);
    return 1;
}

/* --- numbers as they were --- */

/* Of looking for members and comparing numbers: an object of the API has below twenty. Some 5 ms.
 */
#define MOST_STEPS       100000
#define STEPS_PER_NUMBER 10

typedef struct keeper {
    size_t steps; /* left */
    thingspace_status status;
} keeper;

static void keep_number(keeper *self, json *made, const json *found);

static void spend(keeper *self, size_t steps)
{
    self->steps = self->steps > steps ? self->steps - steps : 0;
}

static void keep_in_members(keeper *self, json *made, const json *found)
{
    bool object = json_type_of(made) == JSON_OBJECT;
    const json *other = json_first(found);
    for (const json *child = json_first(made); child && self->steps > 0; child = json_next(child)) {
        if (object) {
            spend(self, json_count(found));
            other = json_get(found, json_name(child));
        }
        keep_number(self, (json *)child, other);
        if (!object && other)
            other = json_next(other);
    }
}

/* Of numbers that Lua has as such: of integers exactly, else as doubles. */
static bool is_same_number(const json *made, const json *found)
{
    long long a, b;
    if (json_integer(made, &a) && json_integer(found, &b))
        return a == b;
    return json_double(made) == json_double(found);
}

/* Whether the script left it alone: what is too long for Lua was a text there. */
static bool is_untouched(keeper *self, const json *made, const json *found)
{
    if (json_type_of(found) != JSON_NUMBER)
        return false;
    spend(self, STEPS_PER_NUMBER);
    const char *text = json_number(found);
    if (runtime_is_long_number(found))
        return json_string(made) && strcmp(json_string(made), text) == 0;
    return json_number(made) && strcmp(json_number(made), text) != 0 && is_same_number(made, found);
}

static void keep_number(keeper *self, json *made, const json *found)
{
    json_type type = json_type_of(made);
    if (!made || !found || self->status != THINGSPACE_OK)
        return;
    if ((type == JSON_OBJECT || type == JSON_ARRAY) && type == json_type_of(found))
        keep_in_members(self, made, found);
    else if (is_untouched(self, made, found))
        self->status = json_become_number(made, found);
}

static thingspace_status keep_numbers(json *made, const json *found)
{
    keeper keeper = {MOST_STEPS, THINGSPACE_OK};
    keep_number(&keeper, made, found);
    return keeper.status;
}

/* may raise */
json *plugin_take_body(lua_State *L, int index, const json *found, const char *what)
{
    if (lua_isnoneornil(L, index))
        luaL_error(L, "%s needs a value: thingspace.json.null is the null of JSON", what);
    /* What a dry run shows asks nobody for a secret; that of a plan is compared. */
    const view *view = plugin_script_of(L)->view;
    runtime_to_body(L, index, !view->dry_run || !view->trace);
    json *made = runtime_take_json(L, -1);
    if (keep_numbers(made, found) == THINGSPACE_OK)
        return made;
    json_free(made);
    runtime_raise_memory(L);
    return NULL;
}

/* --- what C holds --- */

buffer *plugin_hold_text(plugin_script *self)
{
    plugin_release(self);
    buffer_init(&self->held_text, self->running.allocation);
    self->holds = true;
    return &self->held_text;
}

/* may raise */
int plugin_push_held(lua_State *L, plugin_script *self)
{
    runtime_charge(L, self->held_text.size * 4); /* 4 ns a byte to write, about */
    lua_pushlstring(L, buffer_text(&self->held_text), self->held_text.size);
    plugin_release(self);
    return 1;
}

void plugin_hold_json(plugin_script *self, json *json)
{
    plugin_release(self);
    self->held_json = json;
    self->holds = true;
}

void plugin_release(plugin_script *self)
{
    if (!self->holds)
        return;
    buffer_dispose(&self->held_text);
    json_free(self->held_json);
    self->held_json = NULL;
    self->holds = false;
}
