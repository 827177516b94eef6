/* SPDX-License-Identifier: MIT */
/*
 * The handle `request`. Capability, phase and journal are the view's business; here arguments are
 * checked and bodies carried over. May raise.
 */
#include <config.h>
#include "lua/plugin/plugin_inside.h"

static int push_method(lua_State *L)
{
    lua_pushstring(L, request_method(plugin_script_of(L)->view->request));
    return 1;
}

static int push_path(lua_State *L)
{
    lua_pushstring(L, request_path(plugin_script_of(L)->view->request));
    return 1;
}

static int get_header(lua_State *L)
{
    const view *view = handle_check(L, HANDLE_REQUEST, FIELD_REQUEST_HEADER);
    plugin_check_count(L, 2, "request:header(name)");
    lua_pushstring(L, view_request_header(view, plugin_check_text(L, 2, "header: name")));
    return 1;
}

static int set_header(lua_State *L)
{
    view *view = handle_self(L, HANDLE_REQUEST, FIELD_REQUEST_SET_HEADER);
    plugin_check_count(L, 3, "request:set_header(name, value)");
    const char *name = plugin_check_text(L, 2, "set_header: name");
    const char *value = plugin_check_text(L, 3, "set_header: value");
    thingspace_error *error = &plugin_script_of(L)->error;
    return plugin_check(L, view_set_request_header(view, name, value, error));
}

static int remove_header(lua_State *L)
{
    view *view = handle_self(L, HANDLE_REQUEST, FIELD_REQUEST_REMOVE_HEADER);
    plugin_check_count(L, 2, "request:remove_header(name)");
    const char *name = plugin_check_text(L, 2, "remove_header: name");
    thingspace_error *error = &plugin_script_of(L)->error;
    return plugin_check(L, view_remove_request_header(view, name, error));
}

static int get_query(lua_State *L)
{
    const view *view = handle_check(L, HANDLE_REQUEST, FIELD_REQUEST_QUERY);
    plugin_check_count(L, 2, "request:query(name)");
    lua_pushstring(L, view_request_query(view, plugin_check_text(L, 2, "query: name")));
    return 1;
}

static int set_query(lua_State *L)
{
    view *view = handle_self(L, HANDLE_REQUEST, FIELD_REQUEST_SET_QUERY);
    plugin_check_count(L, 3, "request:set_query(name, value)");
    const char *name = plugin_check_text(L, 2, "set_query: name");
    const char *value = lua_isnoneornil(L, 3) ? NULL : plugin_check_text(L, 3, "set_query: value");
    thingspace_error *error = &plugin_script_of(L)->error;
    return plugin_check(L, view_set_request_query(view, name, value, error));
}

static int get_json(lua_State *L)
{
    const view *view = handle_self(L, HANDLE_REQUEST, FIELD_REQUEST_JSON);
    const json *body;
    plugin_check_count(L, 1, "request:json()");
    plugin_check(L, view_request_json(view, &body, &plugin_script_of(L)->error));
    return plugin_push_body(L, body);
}

static int set_json(lua_State *L)
{
    view *view = handle_self(L, HANDLE_REQUEST, FIELD_REQUEST_SET_JSON);
    plugin_check_count(L, 2, "request:set_json(body)");
    json *body = plugin_take_body(L, 2, request_json(view->request), "set_json");
    return plugin_check(L, view_set_request_json(view, body, &plugin_script_of(L)->error));
}

static int get_text(lua_State *L)
{
    const view *view = handle_self(L, HANDLE_REQUEST, FIELD_REQUEST_TEXT);
    plugin_script *self = plugin_script_of(L);
    plugin_check_count(L, 1, "request:text()");
    plugin_check(L, view_request_text(view, plugin_hold_text(self), &self->error));
    return plugin_push_held(L, self);
}

const handle_field handle_request_fields[] = {
    {FIELD_REQUEST_METHOD, push_method},          {FIELD_REQUEST_PATH, push_path},
    {FIELD_REQUEST_HEADER, get_header},           {FIELD_REQUEST_SET_HEADER, set_header},
    {FIELD_REQUEST_REMOVE_HEADER, remove_header}, {FIELD_REQUEST_QUERY, get_query},
    {FIELD_REQUEST_SET_QUERY, set_query},         {FIELD_REQUEST_JSON, get_json},
    {FIELD_REQUEST_SET_JSON, set_json},           {FIELD_REQUEST_TEXT, get_text},
};
_Static_assert(sizeof(handle_request_fields) == HANDLE_FIELDS_REQUEST * sizeof(handle_field),
               "every field has its function");
