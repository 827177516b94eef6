/* SPDX-License-Identifier: MIT */
/* The handle `message` of the hooks of callback messages: read-only. May raise. */
#include <config.h>
#include "lua/plugin/plugin_inside.h"

static int get_header(lua_State *L)
{
    const view *view = handle_check(L, HANDLE_MESSAGE, FIELD_MESSAGE_HEADER);
    plugin_check_count(L, 2, "message:header(name)");
    lua_pushstring(L, view_response_header(view, plugin_check_text(L, 2, "header: name")));
    return 1;
}

static int get_json(lua_State *L)
{
    view *view = handle_check(L, HANDLE_MESSAGE, FIELD_MESSAGE_JSON);
    const json *body;
    plugin_check_count(L, 1, "message:json()");
    plugin_check_body_size(L, view, FIELD_MESSAGE_JSON);
    plugin_check(L, view_response_json(view, &body, &plugin_script_of(L)->error));
    return plugin_push_body(L, body);
}

const handle_field handle_message_fields[] = {
    {FIELD_MESSAGE_HEADER, get_header},
    {FIELD_MESSAGE_JSON, get_json},
};
_Static_assert(sizeof(handle_message_fields) == HANDLE_FIELDS_MESSAGE * sizeof(handle_field),
               "every field has its function");
