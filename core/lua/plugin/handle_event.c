/* SPDX-License-Identifier: MIT */
/* The handle `event` of audit hooks: a call that is over, read-only and redacted. May raise. */
#include <config.h>
#include "base/text.h"
#include "lua/plugin/plugin_inside.h"

static const event *event_of(lua_State *L)
{
    return plugin_script_of(L)->view->event;
}

static int push_id(lua_State *L)
{
    lua_pushstring(L, view_id(event_of(L)->view));
    return 1;
}

static int push_time(lua_State *L)
{
    lua_pushinteger(L, event_of(L)->time_ms);
    return 1;
}

static int push_duration(lua_State *L)
{
    lua_pushinteger(L, event_of(L)->duration_ms);
    return 1;
}

static int push_account(lua_State *L)
{
    lua_pushstring(L, event_of(L)->view->account);
    return 1;
}

static int push_operation(lua_State *L)
{
    lua_pushstring(L, event_of(L)->view->operation);
    return 1;
}

static int push_service(lua_State *L)
{
    lua_pushstring(L, event_of(L)->view->service);
    return 1;
}

static int push_url(lua_State *L)
{
    lua_pushstring(L, event_of(L)->view->url);
    return 1;
}

static int push_method(lua_State *L)
{
    const request *request = event_of(L)->view->request;
    lua_pushstring(L, request ? request_method(request) : NULL);
    return 1;
}

static int push_path(lua_State *L)
{
    const request *request = event_of(L)->view->request;
    lua_pushstring(L, request ? request_path(request) : NULL);
    return 1;
}

static int push_tenant(lua_State *L)
{
    lua_pushstring(L, event_of(L)->view->tenant);
    return 1;
}

static int push_kind(lua_State *L)
{
    lua_pushstring(L, thingspace_status_name(event_of(L)->status));
    return 1;
}

static int push_message(lua_State *L)
{
    const thingspace_error *error = event_of(L)->error;
    lua_pushstring(L, error ? error->message : NULL);
    return 1;
}

static int push_status(lua_State *L)
{
    if (event_of(L)->http_status)
        lua_pushinteger(L, event_of(L)->http_status);
    else
        lua_pushnil(L);
    return 1;
}

static int push_code(lua_State *L)
{
    const thingspace_error *error = event_of(L)->error;
    lua_pushstring(L, error && *error->code ? error->code : NULL);
    return 1;
}

static int push_reason(lua_State *L)
{
    lua_pushstring(L, event_of(L)->view->reason);
    return 1;
}

static int push_plan(lua_State *L)
{
    const char *plan = event_of(L)->view->plan;
    lua_pushstring(L, text_is_empty(plan) ? NULL : plan);
    return 1;
}

static int push_replied_by(lua_State *L)
{
    lua_pushstring(L, event_of(L)->replied_by);
    return 1;
}

static int push_list(lua_State *L, json *list)
{
    if (!list)
        return runtime_raise_memory(L);
    plugin_hold_json(plugin_script_of(L), list);
    runtime_push_json(L, list);
    return 1;
}

static int push_attempts(lua_State *L)
{
    return push_list(L, event_attempts_json(event_of(L)));
}

static int push_changes(lua_State *L)
{
    return push_list(L, event_changes_json(event_of(L)));
}

const handle_field handle_event_fields[] = {
    {FIELD_EVENT_ID, push_id},
    {FIELD_EVENT_TIME_MS, push_time},
    {FIELD_EVENT_DURATION_MS, push_duration},
    {FIELD_EVENT_ACCOUNT, push_account},
    {FIELD_EVENT_OPERATION, push_operation},
    {FIELD_EVENT_SERVICE, push_service},
    {FIELD_EVENT_URL, push_url},
    {FIELD_EVENT_METHOD, push_method},
    {FIELD_EVENT_PATH, push_path},
    {FIELD_EVENT_TENANT, push_tenant},
    {FIELD_EVENT_KIND, push_kind},
    {FIELD_EVENT_MESSAGE, push_message},
    {FIELD_EVENT_STATUS, push_status},
    {FIELD_EVENT_CODE, push_code},
    {FIELD_EVENT_REASON, push_reason},
    {FIELD_EVENT_PLAN, push_plan},
    {FIELD_EVENT_REPLIED_BY, push_replied_by},
    {FIELD_EVENT_ATTEMPTS, push_attempts},
    {FIELD_EVENT_CHANGES, push_changes},
};
_Static_assert(sizeof(handle_event_fields) == HANDLE_FIELDS_EVENT * sizeof(handle_field),
               "every field has its function");
