/* SPDX-License-Identifier: MIT */
/*
 * What hooks get: the handles of plugins in the sandbox, with the same members. There is one of a
 * kind for each client; it means the hook that runs.
 */
#include "handle.h"
#include <string.h>

typedef struct handle {
    box *box;
    handle_kind kind;
} handle;

static const char *const kind_names[HANDLE_COUNT] = {"call", "request", "response", "failure",
                                                     "event"};
static const char *const types[HANDLE_COUNT] = {"thingspace.call", "thingspace.request",
                                                "thingspace.response", "thingspace.failure",
                                                "thingspace.event"};

void handle_check(lua_State *L, thingspace_hook *hook, int result)
{
    if (result == 0)
        return;
    const char *reason = thingspace_hook_reason(hook);
    luaL_error(L, "%s", reason ? reason : "the library refused it");
}

static thingspace_hook *running(lua_State *L, const handle *self)
{
    if (!self->box->hook)
        luaL_error(L, "stale handle: the %s means the hook that runs, and none does",
                   kind_names[self->kind]);
    return self->box->hook;
}

static bool is_phase(const thingspace_hook *hook, const char *phase)
{
    return strcmp(hook->phase, phase) == 0;
}

/* Whether the handle is one of what the phase gives. */
static bool is_offered(const thingspace_hook *hook, handle_kind kind)
{
    switch (kind) {
    case HANDLE_CALL:
        return !is_phase(hook, "audit");
    case HANDLE_REQUEST:
        return is_phase(hook, "request") || is_phase(hook, "check");
    case HANDLE_RESPONSE:
        return is_phase(hook, "response");
    case HANDLE_FAILURE:
        return is_phase(hook, "error");
    default:
        return is_phase(hook, "audit");
    }
}

static thingspace_hook *check_self(lua_State *L, const handle *self)
{
    thingspace_hook *hook = running(L, self);
    if (!is_offered(hook, self->kind))
        luaL_error(L, "stale handle: the %s phase has no %s", hook->phase, kind_names[self->kind]);
    return hook;
}

thingspace_hook *handle_check_method(lua_State *L, handle_kind kind)
{
    const handle *self = luaL_testudata(L, 1, types[kind]);
    if (!self)
        luaL_error(L, "not the %s: call methods with a colon", kind_names[kind]);
    return check_self(L, self);
}

bool handle_is(lua_State *L, handle_kind kind)
{
    return luaL_testudata(L, 1, types[kind]);
}

/* ---- failure ---- */

static int failure_set_message(lua_State *L)
{
    thingspace_hook *hook = handle_check_method(L, HANDLE_FAILURE);
    const char *message = options_argument(L, 2, "set_message", "the first argument", false);
    handle_check(L, hook, thingspace_hook_set_failure_message(hook, message));
    return 0;
}

static int failure_set_code(lua_State *L)
{
    thingspace_hook *hook = handle_check_method(L, HANDLE_FAILURE);
    const char *code = options_argument(L, 2, "set_code", "the first argument", false);
    handle_check(L, hook, thingspace_hook_set_failure_code(hook, code));
    return 0;
}

/* ---- call.vars ---- */

static int vars_index(lua_State *L)
{
    handle *self = lua_touserdata(L, lua_upvalueindex(1));
    thingspace_hook *hook = check_self(L, self);
    const char *json = thingspace_hook_var_json(hook, luaL_checkstring(L, 2));
    if (!json)
        return 0;
    json_push(L, json, strlen(json), false);
    return 1;
}

static int vars_newindex(lua_State *L)
{
    handle *self = lua_touserdata(L, lua_upvalueindex(1));
    thingspace_hook *hook = check_self(L, self);
    const char *name = luaL_checkstring(L, 2), *json = NULL;
    lua_settop(L, 3);
    if (!lua_isnil(L, 3)) {
        json_encode(L, 3, 0);
        json = lua_tostring(L, -1);
    }
    handle_check(L, hook, thingspace_hook_set_var_json(hook, name, json));
    return 0;
}

static int vars_next(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    return lua_next(L, 1) ? 2 : 0;
}

static int vars_pairs(lua_State *L)
{
    handle *self = lua_touserdata(L, lua_upvalueindex(1));
    const char *json = thingspace_hook_json(check_self(L, self), THINGSPACE_FIELD_CALL_VARS);
    lua_pushcfunction(L, vars_next);
    json_push(L, json ? json : "{}", json ? strlen(json) : 2, false);
    return 2;
}

/* The handle `call` is on top; pushes the table that stands for the variables. */
static void push_vars(lua_State *L)
{
    static const luaL_Reg events[] = {{"__index", vars_index},
                                      {"__newindex", vars_newindex},
                                      {"__pairs", vars_pairs},
                                      {NULL, NULL}};
    lua_newtable(L);
    lua_createtable(L, 0, 3);
    lua_pushvalue(L, -3);
    luaL_setfuncs(L, events, 1);
    lua_setmetatable(L, -2);
}

/* ---- fields ---- */

typedef enum how { TEXT, NUMBER, STATUS, FLAG, TAGS, VARS, MEMBER, METHOD } how;

typedef struct field {
    const char *name;
    handle_kind kind;
    how how;
    int id;
    lua_CFunction method;
} field;

static const field fields[] = {
    {"account", HANDLE_CALL, TEXT, THINGSPACE_FIELD_CALL_ACCOUNT, NULL},
    {"operation", HANDLE_CALL, TEXT, THINGSPACE_FIELD_CALL_OPERATION, NULL},
    {"service", HANDLE_CALL, TEXT, THINGSPACE_FIELD_CALL_SERVICE, NULL},
    {"url", HANDLE_CALL, TEXT, THINGSPACE_FIELD_CALL_URL, NULL},
    {"endpoint", HANDLE_CALL, TEXT, THINGSPACE_FIELD_CALL_ENDPOINT, NULL},
    {"id", HANDLE_CALL, TEXT, THINGSPACE_FIELD_CALL_ID, NULL},
    {"attempt", HANDLE_CALL, NUMBER, THINGSPACE_FIELD_CALL_ATTEMPT, NULL},
    {"tags", HANDLE_CALL, TAGS, THINGSPACE_FIELD_CALL_TAGS, NULL},
    {"vars", HANDLE_CALL, VARS, 0, NULL},
    {"dry_run", HANDLE_CALL, FLAG, THINGSPACE_FIELD_CALL_DRY_RUN, NULL},
    {"reason", HANDLE_CALL, TEXT, THINGSPACE_FIELD_CALL_REASON, NULL},
    {"plan", HANDLE_CALL, TEXT, THINGSPACE_FIELD_CALL_PLAN, NULL},
    {"method", HANDLE_REQUEST, TEXT, THINGSPACE_FIELD_REQUEST_METHOD, NULL},
    {"path", HANDLE_REQUEST, TEXT, THINGSPACE_FIELD_REQUEST_PATH, NULL},
    {"header", HANDLE_REQUEST, METHOD, 0, message_header},
    {"set_header", HANDLE_REQUEST, METHOD, 0, message_set_header},
    {"remove_header", HANDLE_REQUEST, METHOD, 0, message_remove_header},
    {"query", HANDLE_REQUEST, METHOD, 0, message_query},
    {"set_query", HANDLE_REQUEST, METHOD, 0, message_set_query},
    {"json", HANDLE_REQUEST, METHOD, 0, message_json},
    {"set_json", HANDLE_REQUEST, METHOD, 0, message_set_json},
    {"text", HANDLE_REQUEST, METHOD, 0, message_text},
    {"status", HANDLE_RESPONSE, NUMBER, THINGSPACE_FIELD_RESPONSE_STATUS, NULL},
    {"header", HANDLE_RESPONSE, METHOD, 0, message_header},
    {"set_header", HANDLE_RESPONSE, METHOD, 0, message_set_header},
    {"remove_header", HANDLE_RESPONSE, METHOD, 0, message_remove_header},
    {"json", HANDLE_RESPONSE, METHOD, 0, message_json},
    {"set_json", HANDLE_RESPONSE, METHOD, 0, message_set_json},
    {"text", HANDLE_RESPONSE, METHOD, 0, message_text},
    {"kind", HANDLE_FAILURE, TEXT, THINGSPACE_FIELD_FAILURE_KIND, NULL},
    {"message", HANDLE_FAILURE, TEXT, THINGSPACE_FIELD_FAILURE_MESSAGE, NULL},
    {"status", HANDLE_FAILURE, STATUS, THINGSPACE_FIELD_FAILURE_STATUS, NULL},
    {"code", HANDLE_FAILURE, TEXT, THINGSPACE_FIELD_FAILURE_CODE, NULL},
    {"set_message", HANDLE_FAILURE, METHOD, 0, failure_set_message},
    {"set_code", HANDLE_FAILURE, METHOD, 0, failure_set_code},
    {"id", HANDLE_EVENT, TEXT, THINGSPACE_FIELD_EVENT_ID, NULL},
    {"time_ms", HANDLE_EVENT, NUMBER, THINGSPACE_FIELD_EVENT_TIME_MS, NULL},
    {"duration_ms", HANDLE_EVENT, NUMBER, THINGSPACE_FIELD_EVENT_DURATION_MS, NULL},
    {"account", HANDLE_EVENT, TEXT, THINGSPACE_FIELD_EVENT_ACCOUNT, NULL},
    {"operation", HANDLE_EVENT, TEXT, THINGSPACE_FIELD_EVENT_OPERATION, NULL},
    {"service", HANDLE_EVENT, TEXT, THINGSPACE_FIELD_EVENT_SERVICE, NULL},
    {"url", HANDLE_EVENT, TEXT, THINGSPACE_FIELD_EVENT_URL, NULL},
    {"method", HANDLE_EVENT, TEXT, THINGSPACE_FIELD_EVENT_METHOD, NULL},
    {"path", HANDLE_EVENT, TEXT, THINGSPACE_FIELD_EVENT_PATH, NULL},
    {"tenant", HANDLE_EVENT, TEXT, THINGSPACE_FIELD_EVENT_TENANT, NULL},
    {"kind", HANDLE_EVENT, TEXT, THINGSPACE_FIELD_EVENT_KIND, NULL},
    {"message", HANDLE_EVENT, TEXT, THINGSPACE_FIELD_EVENT_MESSAGE, NULL},
    {"status", HANDLE_EVENT, STATUS, THINGSPACE_FIELD_EVENT_STATUS, NULL},
    {"code", HANDLE_EVENT, TEXT, THINGSPACE_FIELD_EVENT_CODE, NULL},
    {"reason", HANDLE_EVENT, TEXT, THINGSPACE_FIELD_EVENT_REASON, NULL},
    {"plan", HANDLE_EVENT, TEXT, THINGSPACE_FIELD_EVENT_PLAN, NULL},
    {"replied_by", HANDLE_EVENT, TEXT, THINGSPACE_FIELD_EVENT_REPLIED_BY, NULL},
    {"attempts", HANDLE_EVENT, MEMBER, 0, NULL},
    {"changes", HANDLE_EVENT, MEMBER, 0, NULL},
};

static void push_json(lua_State *L, const char *text, const char *otherwise)
{
    text = text ? text : otherwise;
    json_push(L, text, strlen(text), true);
}

static void push_field(lua_State *L, thingspace_hook *hook, const field *field)
{
    char pointer[32];
    long long number = 0;
    if (field->how == NUMBER || field->how == STATUS || field->how == FLAG)
        number = thingspace_hook_number(hook, (thingspace_hook_number_field)field->id);
    if (field->how == TEXT)
        lua_pushstring(L, thingspace_hook_text(hook, (thingspace_hook_text_field)field->id));
    else if (field->how == NUMBER || (field->how == STATUS && number))
        lua_pushinteger(L, number);
    else if (field->how == FLAG)
        lua_pushboolean(L, number != 0);
    else if (field->how == TAGS)
        push_json(L, thingspace_hook_json(hook, THINGSPACE_FIELD_CALL_TAGS), "{}");
    else if (field->how == MEMBER) {
        lua_pushfstring(L, "/%s", field->name);
        strncpy(pointer, lua_tostring(L, -1), sizeof(pointer) - 1);
        pointer[sizeof(pointer) - 1] = '\0';
        lua_pop(L, 1);
        push_json(L, thingspace_hook_event_member(hook, pointer), "[]");
    } else
        lua_pushnil(L);
}

/* Upvalue: name -> field, as a light userdata. */
static int handle_index(lua_State *L)
{
    handle *self = lua_touserdata(L, 1);
    lua_pushvalue(L, 2);
    lua_rawget(L, lua_upvalueindex(1));
    const field *field = lua_touserdata(L, -1);
    if (!field)
        return luaL_error(L, "the %s has no '%s'", kind_names[self->kind],
                          luaL_tolstring(L, 2, NULL));
    if (field->how == METHOD) {
        lua_pushcfunction(L, field->method);
        return 1;
    }
    thingspace_hook *hook = check_self(L, self);
    if (field->how == VARS)
        lua_getiuservalue(L, 1, 2);
    else
        push_field(L, hook, field);
    return 1;
}

static int handle_newindex(lua_State *L)
{
    const handle *self = lua_touserdata(L, 1);
    return luaL_error(L, "'%s' of the %s cannot be assigned: %s", luaL_tolstring(L, 2, NULL),
                      kind_names[self->kind],
                      self->kind == HANDLE_CALL ? "only call.vars.NAME can"
                                                : "what may change has a method");
}

static int handle_text(lua_State *L)
{
    const handle *self = lua_touserdata(L, 1);
    lua_pushstring(L, kind_names[self->kind]);
    return 1;
}

/* User values: the client, which the handle must not outlive; the variables. */
void handle_push(lua_State *L, box *box, int table, handle_kind kind)
{
    if (lua_getfield(L, table, kind_names[kind]) != LUA_TNIL)
        return;
    lua_pop(L, 1);
    handle *self = lua_newuserdatauv(L, sizeof(*self), 2);
    *self = (handle){box, kind};
    luaL_setmetatable(L, types[kind]);
    box_push_client(L, box);
    lua_setiuservalue(L, -2, 1);
    if (kind == HANDLE_CALL) {
        push_vars(L);
        lua_setiuservalue(L, -2, 2);
    }
    lua_pushvalue(L, -1);
    lua_setfield(L, table, kind_names[kind]);
}

void handle_open(lua_State *L)
{
    static const luaL_Reg events[] = {
        {"__newindex", handle_newindex}, {"__tostring", handle_text}, {NULL, NULL}};
    for (handle_kind kind = 0; kind < HANDLE_COUNT; kind++) {
        luaL_newmetatable(L, types[kind]);
        luaL_setfuncs(L, events, 0);
        lua_newtable(L);
        for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
            if (fields[i].kind == kind) {
                lua_pushlightuserdata(L, (void *)&fields[i]);
                lua_setfield(L, -2, fields[i].name);
            }
        lua_pushcclosure(L, handle_index, 1);
        lua_setfield(L, -2, "__index");
        lua_pushboolean(L, false);
        lua_setfield(L, -2, "__metatable");
        lua_pop(L, 1);
    }
}
