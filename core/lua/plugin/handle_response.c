/* SPDX-License-Identifier: MIT */
/* The handle `response`: as handle_request.c, for the answer. May raise. */
#include <config.h>
#include "lua/plugin/plugin_inside.h"

static int push_status(lua_State *L)
{
    lua_pushinteger(L, plugin_script_of(L)->view->response->status);
    return 1;
}

static int get_header(lua_State *L)
{
    const view *view = handle_check(L, HANDLE_RESPONSE, FIELD_RESPONSE_HEADER);
    plugin_check_count(L, 2, "response:header(name)");
    lua_pushstring(L, view_response_header(view, plugin_check_text(L, 2, "header: name")));
    return 1;
}

static int set_header(lua_State *L)
{
    view *view = handle_self(L, HANDLE_RESPONSE, FIELD_RESPONSE_SET_HEADER);
    plugin_check_count(L, 3, "response:set_header(name, value)");
    const char *name = plugin_check_text(L, 2, "set_header: name");
    const char *value = plugin_check_text(L, 3, "set_header: value");
    thingspace_error *error = &plugin_script_of(L)->error;
    return plugin_check(L, view_set_response_header(view, name, value, error));
}

static int remove_header(lua_State *L)
{
    view *view = handle_self(L, HANDLE_RESPONSE, FIELD_RESPONSE_REMOVE_HEADER);
    plugin_check_count(L, 2, "response:remove_header(name)");
    const char *name = plugin_check_text(L, 2, "remove_header: name");
    thingspace_error *error = &plugin_script_of(L)->error;
    return plugin_check(L, view_remove_response_header(view, name, error));
}

static int get_json(lua_State *L)
{
    view *view = handle_self(L, HANDLE_RESPONSE, FIELD_RESPONSE_JSON);
    const json *body;
    plugin_check_count(L, 1, "response:json()");
    plugin_check_body_size(L, view, FIELD_RESPONSE_JSON);
    plugin_check(L, view_response_json(view, &body, &plugin_script_of(L)->error));
    return plugin_push_body(L, body);
}

static int set_json(lua_State *L)
{
    view *view = handle_self(L, HANDLE_RESPONSE, FIELD_RESPONSE_SET_JSON);
    plugin_check_count(L, 2, "response:set_json(body)");
    json *body = plugin_take_body(L, 2, view->response_json, "set_json");
    return plugin_check(L, view_set_response_json(view, body, &plugin_script_of(L)->error));
}

static int get_text(lua_State *L)
{
    view *view = handle_self(L, HANDLE_RESPONSE, FIELD_RESPONSE_TEXT);
    plugin_script *self = plugin_script_of(L);
    plugin_check_count(L, 1, "response:text()");
    plugin_check_body_size(L, view, FIELD_RESPONSE_TEXT);
    plugin_check(L, view_response_text(view, plugin_hold_text(self), &self->error));
    return plugin_push_held(L, self);
}

const handle_field handle_response_fields[] = {
    {FIELD_RESPONSE_STATUS, push_status},    {FIELD_RESPONSE_HEADER, get_header},
    {FIELD_RESPONSE_SET_HEADER, set_header}, {FIELD_RESPONSE_REMOVE_HEADER, remove_header},
    {FIELD_RESPONSE_JSON, get_json},         {FIELD_RESPONSE_SET_JSON, set_json},
    {FIELD_RESPONSE_TEXT, get_text},
};
_Static_assert(sizeof(handle_response_fields) == HANDLE_FIELDS_RESPONSE * sizeof(handle_field),
               "every field has its function");
