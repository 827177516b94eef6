/* SPDX-License-Identifier: MIT */
/* What answers JSON, as tables: policies, plugins, credentials; and the constant lists. */
#include "core.h"
#include "members.h"
#include <string.h>

/* Pushes the held text as a table. With a status that is not OK it is the error's `result`. */
static int answer(lua_State *L, holder *held, thingspace_status status,
                  const thingspace_error *error)
{
    if (status != THINGSPACE_OK)
        errors_push(L, error);
    if (held->text)
        json_push(L, held->text, strlen(held->text), true);
    else
        lua_pushnil(L);
    holder_empty(held);
    if (status == THINGSPACE_OK)
        return 1;
    lua_setfield(L, -2, "result");
    return lua_error(L);
}

/* ---- credentials ---- */

static int method_login(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check_blocking(L, 1, "auth_login");
    const char *credential = options_argument(L, 2, "auth_login", "the credential", true);
    lua_State *before = box_enter(self, L);
    thingspace_status status = thingspace_auth_login(self->client, credential, &error);
    box_leave(self, L, before);
    errors_check(L, status, &error);
    return 0;
}

static int method_logout(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check_blocking(L, 1, "auth_logout");
    const char *credential = options_argument(L, 2, "auth_logout", "the credential", true);
    unsigned flags = 0;
    if (options_check(L, 3, "auth_logout", OF_LOGOUT))
        flags = options_flag(L, 3, "auth_logout", "revoke") ? THINGSPACE_REVOKE : 0;
    lua_State *before = box_enter(self, L);
    thingspace_status status = thingspace_auth_logout(self->client, credential, flags, &error);
    box_leave(self, L, before);
    errors_check(L, status, &error);
    return 0;
}

static int method_auth_status(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check(L, 1);
    const char *credential = options_argument(L, 2, "auth_status", "the credential", true);
    holder *held = holder_push(L);
    lua_State *before = box_enter(self, L);
    thingspace_status status =
        thingspace_auth_status(self->client, &held->text, credential, &error);
    box_leave(self, L, before);
    return answer(L, held, status, &error);
}

static int method_unlatch(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    unsigned cleared = 0;
    box *self = box_check(L, 1);
    const char *credential = options_argument(L, 2, "auth_unlatch", "the credential", true);
    lua_State *before = box_enter(self, L);
    thingspace_status status = thingspace_auth_unlatch(self->client, credential, &cleared, &error);
    box_leave(self, L, before);
    errors_check(L, status, &error);
    lua_pushinteger(L, cleared);
    return 1;
}

/* ---- policies and plugins ---- */

static int method_row(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check(L, 1);
    const char *account = options_argument(L, 2, "row", "the account", false);
    holder *held = holder_push(L);
    return answer(L, held, thingspace_client_row(self->client, &held->text, account, &error),
                  &error);
}

static int method_eval(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check(L, 1);
    const char *account = options_argument(L, 2, "policy_eval", "the account", false);
    holder *held = holder_push(L);
    lua_State *before = box_enter(self, L);
    thingspace_status status = thingspace_policy_eval(self->client, &held->text, account, &error);
    box_leave(self, L, before);
    return answer(L, held, status, &error);
}

static int method_check(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check(L, 1);
    holder *held = holder_push(L);
    lua_State *before = box_enter(self, L);
    thingspace_status status = thingspace_policy_check(self->client, &held->text, &error);
    box_leave(self, L, before);
    return answer(L, held, status, &error);
}

/* client:policy_diff(old) */
static int method_diff(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check(L, 1), *old = box_check(L, 2);
    holder *held = holder_push(L);
    lua_State *before = box_enter(self, L), *old_before = box_enter(old, L);
    thingspace_status status =
        thingspace_policy_diff(old->client, self->client, &held->text, &error);
    bool raised = box_end(old, L, old_before);
    box_leave(self, L, before);
    if (raised)
        return lua_error(L);
    return answer(L, held, status, &error);
}

static int method_plugins(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check(L, 1);
    holder *held = holder_push(L);
    return answer(L, held, thingspace_plugin_list(self->client, &held->text, &error), &error);
}

static int plugin_check(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const char *file = options_argument(L, 1, "plugin_check", "the file", false);
    holder *held = holder_push(L);
    return answer(L, held, thingspace_plugin_check(&held->text, file, &error), &error);
}

static int plugin_test(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const char *file = options_argument(L, 1, "plugin_test", "the file", false);
    holder *held = holder_push(L);
    return answer(L, held, thingspace_plugin_test(&held->text, file, &error), &error);
}

/* ---- lists ---- */

static void push_service(lua_State *L, const thingspace_service_info *service)
{
    lua_createtable(L, 0, 6);
    table_set_text(L, "serviceName", service->name);
    table_set_text(L, "delivers", service->delivers);
    table_set_text(L, "where", service->where);
    table_set_text(L, "note", service->note);
    table_set_text(L, "after_register", thingspace_service_after_register(service->name));
    lua_pushboolean(L, service->seed);
    lua_setfield(L, -2, "seed");
}

/* services() or services(name): nil when it is not known */
static int services(lua_State *L)
{
    if (!lua_isnoneornil(L, 1)) {
        const thingspace_service_info *service =
            thingspace_service_find(options_argument(L, 1, "services", "the name", false));
        if (!service)
            return 0;
        push_service(L, service);
        return 1;
    }
    lua_newtable(L);
    for (size_t i = 0; i < thingspace_service_count(); i++) {
        push_service(L, thingspace_service_at(i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int apis(lua_State *L)
{
    lua_newtable(L);
    for (size_t i = 0; i < thingspace_api_count(); i++) {
        const thingspace_api_info *api = thingspace_api_at(i);
        lua_createtable(L, 0, 3);
        table_set_text(L, "name", api->name);
        table_set_text(L, "path", api->path);
        lua_newtable(L);
        for (size_t j = 0; j < 3 && api->services[j]; j++) {
            lua_pushstring(L, api->services[j]);
            lua_rawseti(L, -2, (lua_Integer)j + 1);
        }
        lua_setfield(L, -2, "services");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int sources(lua_State *L)
{
    lua_newtable(L);
    for (size_t i = 0; i < thingspace_source_count(); i++) {
        const thingspace_source_info *source = thingspace_source_at(i);
        lua_createtable(L, 0, 3);
        table_set_text(L, "api", source->api);
        table_set_text(L, "address", source->address);
        table_set_text(L, "note", source->note);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* kind -> exit status of the command */
static int exit_status(lua_State *L)
{
    const char *kind = options_argument(L, 1, "exit_status", "the kind", false);
    for (int status = THINGSPACE_OK; status <= THINGSPACE_CANCELLED; status++)
        if (strcmp(thingspace_status_name((thingspace_status)status), kind) == 0) {
            lua_pushinteger(L, thingspace_status_exit((thingspace_status)status));
            return 1;
        }
    return errors_usage(L, "exit_status: no kind %s", kind);
}

const luaL_Reg tools_methods[] = {{"auth_login", method_login},
                                  {"auth_logout", method_logout},
                                  {"auth_status", method_auth_status},
                                  {"auth_unlatch", method_unlatch},
                                  {"row", method_row},
                                  {"policy_eval", method_eval},
                                  {"policy_check", method_check},
                                  {"policy_diff", method_diff},
                                  {"plugins", method_plugins},
                                  {NULL, NULL}};
const luaL_Reg tools_functions[] = {{"plugin_check", plugin_check},
                                    {"plugin_test", plugin_test},
                                    {"services", services},
                                    {"apis", apis},
                                    {"sources", sources},
                                    {"exit_status", exit_status},
                                    {NULL, NULL}};
