/* SPDX-License-Identifier: MIT */
/* Making, closing and asking a client. What options are called is in thingspace.lua, which calls
 * `new` with a table of its own making. */
#include "core.h"
#include <string.h>

/* ---- log ---- */

typedef struct line {
    box *box;
    thingspace_log_level level;
    const char *text;
} line;

static const char *const level_names[] = {"error", "warning", "info", "debug", NULL};

static int tell_line(lua_State *L)
{
    const line *self = lua_touserdata(L, 1);
    box_push_table(L, self->box);
    lua_rawgeti(L, 2, self->box->log);
    lua_pushstring(L, level_names[self->level]);
    lua_pushstring(L, self->text);
    lua_call(L, 2, 0);
    return 0;
}

static void log_line(void *user, thingspace_log_level level, const char *text)
{
    box *box = user;
    line self = {box, level, text};
    if (!box->finalizing && box->L)
        box_call(box, tell_line, &self);
}

static void read_log(lua_State *L, int options, int self, thingspace_client_options *out)
{
    box *box = lua_touserdata(L, self);
    if (options_function(L, options, "client", "log")) {
        box->log = box_ref(L, self);
        out->log = log_line;
        out->log_user = box;
    }
    const char *level = options_text(L, options, "client", "log_level");
    for (int i = 0; level && level_names[i]; i++)
        if (strcmp(level_names[i], level) == 0) {
            out->log_level = (thingspace_log_level)i;
            return;
        }
    if (level)
        errors_usage(L, "client: log_level must be error, warning, info or debug");
}

/* ---- making ---- */

/* Pushes memory for the named secrets. */
static void read_secrets(lua_State *L, int options, thingspace_client_options *out)
{
    if (lua_getfield(L, options, "secrets") == LUA_TNIL)
        return;
    if (!lua_istable(L, -1))
        errors_usage(L, "client: secrets must be a table of names and secrets");
    int table = lua_gettop(L);
    size_t count = 0;
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1))
        count++;
    lua_createtable(L, 0, (int)count); /* keeps what the script's table may lose meanwhile */
    thingspace_named_secret *secrets = lua_newuserdatauv(L, (count + 1) * sizeof(*secrets), 0);
    size_t i = 0;
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || !secret_test(L, -1))
            errors_usage(L, "client: secrets must be a table of names and secrets");
        if (i == count)
            errors_usage(L, "client: secrets changed while they were read");
        secrets[i++] = (thingspace_named_secret){lua_tostring(L, -2), secret_test(L, -1)};
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, table + 1);
    }
    secrets[i] = (thingspace_named_secret){NULL, NULL};
    out->secrets = secrets;
}

static void read_texts(lua_State *L, thingspace_client_options *out)
{
    const struct {
        const char *name;
        const char **place;
    } texts[] = {{"policy_file", &out->policy_file},
                 {"policy_text", &out->policy_text},
                 {"policy_name", &out->policy_name},
                 {"policy_folder", &out->policy_folder},
                 {"state_dir", &out->state_dir},
                 {"ca_file", &out->ca_file},
                 {"proxy", &out->proxy},
                 {"plugin_path", &out->plugin_path},
                 {"reason", &out->reason}};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        *texts[i].place = options_text(L, 1, "client", texts[i].name);
}

static int new (lua_State *L)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    box *self = box_push(L);
    read_texts(L, &options);
    options.timeout_ms = options_integer(L, 1, "client", "timeout_ms");
    options.settings = options_list(L, 1, "client", "settings");
    options.plugins = options_list(L, 1, "client", "plugins");
    if (options_flag(L, 1, "client", "foreign_loop"))
        options.flags |= THINGSPACE_FOREIGN_LOOP;
    if (options_flag(L, 1, "client", "no_token_cache"))
        options.flags |= THINGSPACE_NO_TOKEN_CACHE;
    read_secrets(L, 1, &options);
    read_log(L, 1, 2, &options);
    policy_read(L, 1, 2, &options);
    lua_State *before = box_enter(self, L);
    thingspace_status status = thingspace_client_new(&self->client, &options, &error);
    box_leave(self, L, before);
    errors_check(L, status, &error);
    if (options_flag(L, 1, "client", "returns"))
        luaL_getmetatable(L, RETURNING_TYPE);
    else
        luaL_getmetatable(L, CLIENT_TYPE);
    lua_setmetatable(L, 2);
    lua_settop(L, 2);
    return 1;
}

/* ---- closing ---- */

/* Calls in flight are told; a second time does nothing. */
static int method_close(lua_State *L)
{
    box *self = box_check_any(L, 1);
    thingspace_client *client = self->client;
    self->client = NULL;
    if (!client)
        return 0;
    lua_State *before = box_enter(self, L);
    thingspace_client_free(client);
    box_leave(self, L, before);
    return 0;
}

static int collect(lua_State *L)
{
    box *self = box_check_any(L, 1);
    self->finalizing = true;
    thingspace_client_free(self->client);
    self->client = NULL;
    return 0;
}

static int to_text(lua_State *L)
{
    const box *self = box_check_any(L, 1);
    lua_pushfstring(L, "thingspace.client (%s)", self->client ? "open" : "closed");
    return 1;
}

/* ---- asking ---- */

static int method_fd(lua_State *L)
{
    int descriptor = thingspace_client_fd(box_check(L, 1)->client);
    if (descriptor < 0)
        return errors_usage(L, "fd: only a client with loop = \"foreign\" has one");
    lua_pushinteger(L, descriptor);
    return 1;
}

static int method_pending(lua_State *L)
{
    const box *self = box_check_any(L, 1);
    lua_pushinteger(L, self->client ? (lua_Integer)thingspace_client_pending(self->client) : 0);
    return 1;
}

static int method_closed(lua_State *L)
{
    lua_pushboolean(L, !box_check_any(L, 1)->client);
    return 1;
}

static int method_interrupt(lua_State *L)
{
    thingspace_client_interrupt(box_check(L, 1)->client);
    return 0;
}

static int method_resume(lua_State *L)
{
    thingspace_client_resume(box_check(L, 1)->client);
    return 0;
}

static int method_accounts(lua_State *L)
{
    const box *self = box_check(L, 1);
    size_t count = thingspace_client_account_count(self->client);
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_pushstring(L, thingspace_client_account(self->client, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    json_mark_list(L);
    return 1;
}

static int method_reload(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check(L, 1);
    lua_State *before = box_enter(self, L);
    thingspace_status status = thingspace_client_reload(self->client, &error);
    box_leave(self, L, before);
    errors_check(L, status, &error);
    return 0;
}

const luaL_Reg client_functions[] = {{"new", new}, {NULL, NULL}};
const luaL_Reg client_methods[] = {
    {"close", method_close},       {"closed", method_closed},       {"fd", method_fd},
    {"pending", method_pending},   {"interrupt", method_interrupt}, {"resume", method_resume},
    {"accounts", method_accounts}, {"reload", method_reload},       {NULL, NULL}};

void client_open(lua_State *L)
{
    static const luaL_Reg events[] = {
        {"__gc", collect}, {"__close", method_close}, {"__tostring", to_text}, {NULL, NULL}};
    static const char *const types[] = {CLIENT_TYPE, RETURNING_TYPE};
    for (int i = 0; i < 2; i++) {
        luaL_newmetatable(L, types[i]);
        luaL_setfuncs(L, events, 0);
        lua_pushliteral(L, CLIENT_TYPE);
        lua_setfield(L, -2, "__name");
        lua_pop(L, 1);
    }
}
