/* SPDX-License-Identifier: MIT */
/* The handle `failure` of error hooks: why the call failed. May raise. */
#include <config.h>
#include "lua/plugin/plugin_inside.h"

static int push_kind(lua_State *L)
{
    lua_pushstring(L, thingspace_status_name(plugin_script_of(L)->view->failure->kind));
    return 1;
}

static int push_message(lua_State *L)
{
    lua_pushstring(L, plugin_script_of(L)->view->failure->message);
    return 1;
}

static int push_status(lua_State *L)
{
    int status = plugin_script_of(L)->view->failure->http_status;
    if (status)
        lua_pushinteger(L, status);
    else
        lua_pushnil(L);
    return 1;
}

static int push_code(lua_State *L)
{
    const char *code = plugin_script_of(L)->view->failure->code;
    lua_pushstring(L, *code ? code : NULL);
    return 1;
}

static int set_message(lua_State *L)
{
    view *view = handle_self(L, HANDLE_FAILURE, FIELD_FAILURE_SET_MESSAGE);
    plugin_check_count(L, 2, "failure:set_message(message)");
    const char *message = plugin_check_text(L, 2, "set_message: message");
    thingspace_error *error = &plugin_script_of(L)->error;
    return plugin_check(L, view_set_failure_message(view, message, error));
}

static int set_code(lua_State *L)
{
    view *view = handle_self(L, HANDLE_FAILURE, FIELD_FAILURE_SET_CODE);
    plugin_check_count(L, 2, "failure:set_code(code)");
    const char *code = plugin_check_text(L, 2, "set_code: code");
    thingspace_error *error = &plugin_script_of(L)->error;
    return plugin_check(L, view_set_failure_code(view, code, error));
}

const handle_field handle_failure_fields[] = {
    {FIELD_FAILURE_KIND, push_kind},          {FIELD_FAILURE_MESSAGE, push_message},
    {FIELD_FAILURE_STATUS, push_status},      {FIELD_FAILURE_CODE, push_code},
    {FIELD_FAILURE_SET_MESSAGE, set_message}, {FIELD_FAILURE_SET_CODE, set_code},
};
_Static_assert(sizeof(handle_failure_fields) == HANDLE_FIELDS_FAILURE * sizeof(handle_field),
               "every field has its function");
