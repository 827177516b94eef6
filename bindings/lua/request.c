/* SPDX-License-Identifier: MIT */
/*
 * The operations. Arguments by place, or one table with the service's own names, so that what
 * client:list answered can be given to client:register. Results are plain tables, but for
 * client:call, whose reply keeps the result.
 */
#include "core.h"
#include "members.h"
#include <string.h>

/* ---- arguments ---- */

static thingspace_secret *read_password(lua_State *L, int table, const char *what)
{
    lua_getfield(L, table, "password");
    thingspace_secret *secret = secret_test(L, -1);
    if (luaL_testudata(L, -1, KEPT_TYPE))
        errors_usage(L,
                     "%s: thingspace.registered is for the listeners of a policy: here the "
                     "password itself is needed",
                     what);
    if (!secret && !lua_isnil(L, -1))
        errors_usage(L, "%s: password must be a secret: thingspace.secret(...) or secret_file",
                     what);
    lua_pop(L, 1);
    return secret;
}

/* What is in the table is added to what is there. */
static void read_options(lua_State *L, thingspace_request *out, int table, const char *what)
{
    const char *text;
    thingspace_secret *secret;
    long long number;
    out->username = (text = options_text(L, table, what, "username")) ? text : out->username;
    out->password = (secret = read_password(L, table, what)) ? secret : out->password;
    out->timeout_ms =
        (number = options_integer(L, table, what, "timeout_ms")) ? number : out->timeout_ms;
    out->api = (text = options_text(L, table, what, "api")) ? text : out->api;
    if (options_flag(L, table, what, "dry_run"))
        out->flags |= THINGSPACE_DRY_RUN;
    if (options_flag(L, table, what, "replace"))
        out->flags |= THINGSPACE_REPLACE;
}

static const char *need_text(lua_State *L, int table, const char *what, const char *name)
{
    const char *text = options_text(L, table, what, name);
    if (!text)
        errors_usage(L, "%s: %s is missing", what, name);
    return text;
}

/* { accountName =, serviceName =, url =, ... } */
static void read_named(lua_State *L, thingspace_request *out, int table, const char *what)
{
    bool listener =
        out->operation == THINGSPACE_REGISTER || out->operation == THINGSPACE_DEREGISTER;
    out->account = need_text(L, table, what, "accountName");
    if (listener)
        out->service = need_text(L, table, what, "serviceName");
    if (out->operation == THINGSPACE_REGISTER)
        out->url = need_text(L, table, what, "url");
    if (out->operation == THINGSPACE_CALL) {
        out->method = need_text(L, table, what, "method");
        out->path = need_text(L, table, what, "path");
    }
    read_options(L, out, table, what);
}

/* The service tells that a listener has a password, not which: as it came from the list it would
 * be registered without one. */
static void check_password(lua_State *L, const thingspace_request *request, int table,
                           const char *what)
{
    if (request->operation == THINGSPACE_REGISTER && !request->password &&
        options_flag(L, table, what, "hasPassword"))
        errors_usage(L,
                     "%s: %s has a password, which a list does not tell: give password, or "
                     "hasPassword = false for a listener without one",
                     what, request->service);
}

/* The body is what it is, or the JSON of a table, which takes the argument's place. */
static void read_data(lua_State *L, thingspace_request *out, int index, const char *what)
{
    if (lua_isnoneornil(L, index))
        return;
    if (lua_istable(L, index)) {
        json_encode(L, index, 0);
        lua_replace(L, index);
    }
    if (lua_type(L, index) != LUA_TSTRING)
        errors_usage(L, "%s: data must be a table or a JSON text, not %s", what,
                     options_type(L, index));
    out->data = lua_tolstring(L, index, &out->data_size);
}

/* Options in the place of the data would be sent, and what they say would not be done. */
static void check_data(lua_State *L, int index)
{
    static const char *const options[] = {"dry_run", "timeout_ms"};
    for (size_t i = 0; lua_istable(L, index) && lua_isnoneornil(L, index + 1) && i < 2; i++) {
        lua_pushstring(L, options[i]);
        if (lua_rawget(L, index) != LUA_TNIL)
            errors_usage(L,
                         "call: data has a member %s: options come behind it, call(accountName, "
                         "method, path, nil, options); for such a body give options, too: {}",
                         options[i]);
        lua_pop(L, 1);
    }
}

static int read_places(lua_State *L, thingspace_request *out, int at, const char *what)
{
    out->account = options_argument(L, at++, what, "accountName", false);
    if (out->operation == THINGSPACE_REGISTER || out->operation == THINGSPACE_DEREGISTER)
        out->service = options_argument(L, at++, what, "serviceName", false);
    if (out->operation == THINGSPACE_REGISTER)
        out->url = options_argument(L, at++, what, "url", false);
    if (out->operation == THINGSPACE_CALL) {
        out->method = options_argument(L, at++, what, "method", false);
        out->path = options_argument(L, at++, what, "path", false);
        check_data(L, at);
        read_data(L, out, at++, what);
    }
    return at;
}

static unsigned place_class(thingspace_operation operation)
{
    return operation == THINGSPACE_LIST   ? OF_PLACE
           : operation == THINGSPACE_CALL ? OF_REQUEST
                                          : OF_LISTENER;
}

/* Reads what follows the client at index 1: the operation's arguments, at `first` and on, then
 * options of the class (members.h). */
static void read_request(lua_State *L, thingspace_request *out, int first, const char *what,
                         unsigned class)
{
    bool named = lua_istable(L, first);
    int places = named ? first + 1 : read_places(L, out, first, what);
    if (named)
        members_check(L, first, what, class | place_class(out->operation));
    bool more = options_check(L, places, what, class);
    if (named)
        read_named(L, out, first, what);
    if (more)
        read_options(L, out, places, what);
    if (named)
        check_password(L, out, first, what);
    if (named && out->operation == THINGSPACE_CALL) {
        lua_getfield(L, first, "data");
        read_data(L, out, lua_gettop(L), what);
    }
}

/* ---- results ---- */

static void push_listeners(lua_State *L, const thingspace_result *result)
{
    size_t count = thingspace_result_count(result);
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        const thingspace_listener *listener = thingspace_result_listener(result, i);
        lua_createtable(L, 0, 5);
        table_set_text(L, "accountName", listener->account);
        table_set_text(L, "serviceName", listener->service);
        table_set_text(L, "url", listener->url);
        table_set_text(L, "username", listener->username);
        lua_pushboolean(L, listener->has_password);
        lua_setfield(L, -2, "hasPassword");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    json_mark_list(L);
}

static void set_preview(lua_State *L, const thingspace_result *result)
{
    const char *preview = thingspace_result_preview(result);
    if (!preview)
        return;
    json_push(L, preview, strlen(preview), true);
    lua_setfield(L, -2, "preview");
}

static void push_outcome(lua_State *L, const thingspace_result *result)
{
    lua_createtable(L, 0, 6);
    table_set_text(L, "accountName", thingspace_result_account(result));
    table_set_text(L, "serviceName", thingspace_result_service(result));
    table_set_text(L, "url", thingspace_result_url(result));
    if (thingspace_result_http_status(result)) {
        lua_pushinteger(L, thingspace_result_http_status(result));
        lua_setfield(L, -2, "status");
    }
    lua_pushinteger(L, thingspace_result_attempts(result));
    lua_setfield(L, -2, "attempts");
    if (thingspace_result_signing_key(result)) {
        secret_push(L, thingspace_result_signing_key(result));
        lua_setfield(L, -2, "signingKey");
    }
    set_preview(L, result);
}

int request_push(lua_State *L, thingspace_operation operation, holder *held)
{
    if (operation == THINGSPACE_CALL) {
        thingspace_result **reply = lua_newuserdatauv(L, sizeof(thingspace_result *), 0);
        *reply = NULL;
        luaL_setmetatable(L, REPLY_TYPE);
        *reply = held->result;
        held->result = NULL;
        return 1;
    }
    if (operation == THINGSPACE_LIST && !thingspace_result_preview(held->result))
        push_listeners(L, held->result);
    else
        push_outcome(L, held->result);
    holder_empty(held);
    return 1;
}

/* ---- the reply of client:call ---- */

static thingspace_result *check_reply(lua_State *L)
{
    thingspace_result **reply = luaL_testudata(L, 1, REPLY_TYPE);
    if (!reply)
        errors_usage(L, "not a reply: call methods with a colon, reply:json()");
    return *reply;
}

static int reply_json(lua_State *L)
{
    size_t size;
    const char *body = thingspace_result_body(check_reply(L), &size);
    if (size == 0)
        return 0;
    json_push(L, body, size, false);
    return 1;
}

static int reply_header(lua_State *L)
{
    const thingspace_result *result = check_reply(L);
    lua_pushstring(
        L, thingspace_result_header(result, options_argument(L, 2, "header", "the name", false)));
    return 1;
}

static int reply_index(lua_State *L)
{
    const thingspace_result *result = check_reply(L);
    const char *name = luaL_checkstring(L, 2);
    size_t size;
    if (strcmp(name, "status") == 0)
        lua_pushinteger(L, thingspace_result_http_status(result));
    else if (strcmp(name, "attempts") == 0)
        lua_pushinteger(L, thingspace_result_attempts(result));
    else if (strcmp(name, "accountName") == 0)
        lua_pushstring(L, thingspace_result_account(result));
    else if (strcmp(name, "preview") == 0) {
        const char *preview = thingspace_result_preview(result);
        if (preview)
            json_push(L, preview, strlen(preview), true);
        else
            lua_pushnil(L);
    } else if (strcmp(name, "body") == 0) {
        const char *body = thingspace_result_body(result, &size);
        lua_pushlstring(L, body, size);
    } else
        lua_getfield(L, lua_upvalueindex(1), name);
    return 1;
}

static int reply_collect(lua_State *L)
{
    thingspace_result **reply = luaL_checkudata(L, 1, REPLY_TYPE);
    thingspace_result_free(*reply);
    *reply = NULL;
    return 0;
}

/* ---- methods ---- */

static const char *const names[] = {[THINGSPACE_REGISTER] = "register",
                                    [THINGSPACE_LIST] = "list",
                                    [THINGSPACE_DEREGISTER] = "deregister",
                                    [THINGSPACE_CALL] = "call"};

static int perform(lua_State *L, thingspace_operation operation)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check(L, 1);
    request.operation = operation;
    read_request(L, &request, 2, names[operation],
                 operation == THINGSPACE_REGISTER ? OF_REGISTER : OF_CALL);
    if (L == self->running)
        return task_perform(L, self, &request);
    box_check_blocking(L, 1, names[operation]);
    holder *held = holder_push(L);
    lua_State *before = box_enter(self, L);
    thingspace_status status = interrupt_perform(self, &held->result, &request, &error);
    box_leave(self, L, before);
    errors_check(L, status, &error);
    return request_push(L, operation, held);
}

static int method_register(lua_State *L)
{
    return perform(L, THINGSPACE_REGISTER);
}

static int method_list(lua_State *L)
{
    return perform(L, THINGSPACE_LIST);
}

static int method_deregister(lua_State *L)
{
    return perform(L, THINGSPACE_DEREGISTER);
}

static int method_call(lua_State *L)
{
    return perform(L, THINGSPACE_CALL);
}

static int method_ensure(lua_State *L)
{
    static const char *const found[] = {[THINGSPACE_ENSURED_ADDED] = "added",
                                        [THINGSPACE_ENSURED_UNCHANGED] = "unchanged",
                                        [THINGSPACE_ENSURED_UPDATED] = "updated",
                                        [THINGSPACE_ENSURED_REPLACED] = "replaced"};
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_ensured how = THINGSPACE_ENSURED_UNCHANGED;
    box *self = box_check_blocking(L, 1, "ensure");
    request.operation = THINGSPACE_REGISTER;
    read_request(L, &request, 2, "ensure", OF_ENSURE);
    holder *held = holder_push(L);
    lua_State *before = box_enter(self, L);
    thingspace_status status =
        thingspace_ensure(self->client, &how, &held->result, &request, &error);
    box_leave(self, L, before);
    errors_check(L, status, &error);
    lua_pushstring(L, found[how]);
    request_push(L, THINGSPACE_REGISTER, held);
    return 2;
}

static int method_explain(lua_State *L)
{
    static const char *const operations[] = {"register", "list", "deregister", "call", NULL};
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check(L, 1);
    const char *operation = options_argument(L, 2, "explain", "the operation", false);
    int which = 0;
    while (operations[which] && strcmp(operations[which], operation) != 0)
        which++;
    if (!operations[which])
        return errors_usage(L, "explain: the operation must be register, list, deregister or call");
    request.operation = (thingspace_operation)(THINGSPACE_REGISTER + which);
    read_request(L, &request, 3, "explain",
                 request.operation == THINGSPACE_REGISTER ? OF_REGISTER : OF_CALL);
    holder *held = holder_push(L);
    lua_State *before = box_enter(self, L);
    thingspace_status status =
        thingspace_plugin_explain(self->client, &held->text, &request, &error);
    box_leave(self, L, before);
    errors_check(L, status, &error);
    json_push(L, held->text, strlen(held->text), true);
    holder_empty(held);
    return 1;
}

const luaL_Reg request_methods[] = {{"register", method_register},
                                    {"list", method_list},
                                    {"deregister", method_deregister},
                                    {"call", method_call},
                                    {"ensure", method_ensure},
                                    {"explain", method_explain},
                                    {NULL, NULL}};

void request_open(lua_State *L)
{
    static const luaL_Reg methods[] = {
        {"json", reply_json}, {"header", reply_header}, {NULL, NULL}};
    luaL_newmetatable(L, REPLY_TYPE);
    luaL_newlib(L, methods);
    lua_pushcclosure(L, reply_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, reply_collect);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
}
