/* SPDX-License-Identifier: MIT */
/*
 * Methods of the handles of requests and responses: header fields, query and body. Secrets of a
 * body are the text "***", which set_json takes for the secret that is in that place.
 */
#include "handle.h"
#include <string.h>

/* Whether the first argument is the request; else it is the response, or this raises. */
static bool check_message(lua_State *L, thingspace_hook **hook)
{
    bool request = handle_is(L, HANDLE_REQUEST);
    if (!request && !handle_is(L, HANDLE_RESPONSE))
        luaL_error(L, "not a request or response: call methods with a colon");
    *hook = handle_check_method(L, request ? HANDLE_REQUEST : HANDLE_RESPONSE);
    return request;
}

static const char *check_name(lua_State *L, const char *what)
{
    return options_argument(L, 2, what, "the first argument", false);
}

/* ---- header fields and query ---- */

int message_header(lua_State *L)
{
    thingspace_hook *hook;
    bool request = check_message(L, &hook);
    const char *name = check_name(L, "header");
    lua_pushstring(L, request ? thingspace_hook_request_header(hook, name)
                              : thingspace_hook_response_header(hook, name));
    return 1;
}

static void put_header(lua_State *L, const char *what, bool removed)
{
    thingspace_hook *hook;
    bool request = check_message(L, &hook);
    const char *name = check_name(L, what);
    const char *value = removed ? NULL : options_argument(L, 3, what, "the value", false);
    handle_check(L, hook,
                 request ? thingspace_hook_set_request_header(hook, name, value)
                         : thingspace_hook_set_response_header(hook, name, value));
}

int message_set_header(lua_State *L)
{
    put_header(L, "set_header", false);
    return 0;
}

int message_remove_header(lua_State *L)
{
    put_header(L, "remove_header", true);
    return 0;
}

int message_query(lua_State *L)
{
    thingspace_hook *hook = handle_check_method(L, HANDLE_REQUEST);
    lua_pushstring(L, thingspace_hook_request_query(hook, check_name(L, "query")));
    return 1;
}

int message_set_query(lua_State *L)
{
    thingspace_hook *hook = handle_check_method(L, HANDLE_REQUEST);
    const char *name = check_name(L, "set_query");
    const char *value = options_argument(L, 3, "set_query", "the value", true);
    handle_check(L, hook, thingspace_hook_set_request_query(hook, name, value));
    return 0;
}

/* ---- body ---- */

/* NULL: there is none. Raises when it is no JSON. */
static const char *read_body(lua_State *L)
{
    thingspace_hook *hook;
    const char *text = check_message(L, &hook) ? thingspace_hook_request_member(hook, "")
                                               : thingspace_hook_response_member(hook, "");
    const char *reason = text ? NULL : thingspace_hook_reason(hook);
    if (reason)
        luaL_error(L, "%s", reason);
    return text;
}

int message_json(lua_State *L)
{
    const char *text = read_body(L);
    if (text)
        json_push(L, text, strlen(text), false);
    else
        lua_pushnil(L);
    return 1;
}

int message_text(lua_State *L)
{
    const char *text = read_body(L);
    lua_pushstring(L, text ? text : "");
    return 1;
}

/* Each in its place; pairs of JSON Pointer and secret are at index 3. */
static void put_secrets(lua_State *L, thingspace_hook *hook)
{
    for (lua_Integer i = 1; i < (lua_Integer)lua_rawlen(L, 3); i += 2) {
        lua_rawgeti(L, 3, i);
        lua_rawgeti(L, 3, i + 1);
        handle_check(
            L, hook,
            thingspace_hook_set_request_secret(hook, lua_tostring(L, -2), secret_test(L, -1)));
        lua_pop(L, 2);
    }
}

int message_set_json(lua_State *L)
{
    thingspace_hook *hook;
    bool request = check_message(L, &hook);
    lua_settop(L, 2);
    lua_newtable(L);
    json_encode(L, 2, request ? 3 : 0);
    const char *text = lua_tostring(L, 4);
    handle_check(L, hook,
                 request ? thingspace_hook_set_request_member(hook, "", text)
                         : thingspace_hook_set_response_member(hook, "", text));
    if (request)
        put_secrets(L, hook);
    return 0;
}
