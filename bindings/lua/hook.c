/* SPDX-License-Identifier: MIT */
/*
 * Hooks of the script: each is a plugin instance of one hook, beside those of the policy. The
 * function lies in the client's table; the record is the library's until it destroys it.
 */
#include "core.h"
#include "members.h"
#include <stdlib.h>
#include <string.h>

typedef struct record {
    box *box;
    int function;
} record;

/* ---- running ---- */

/* The innermost one of this thread, for thingspace.log, which is told no client. */
static _Thread_local thingspace_hook *running;

typedef struct run {
    record *record;
    thingspace_hook *hook;
    int result;
    lua_Integer made; /* verdicts before it ran */
} run;

static void check_returned(lua_State *L, lua_Integer before, int first)
{
    lua_Integer made = verdict_made(L) - before;
    verdict_forget(L, before);
    if (made > 1)
        luaL_error(L, "made more than one verdict: make one and return it");
    if (made > 0 && !luaL_testudata(L, first, VERDICT_TYPE))
        luaL_error(L, "a verdict was made and not returned: write `return thingspace.deny(...)`");
}

static handle_kind second_handle(const char *phase)
{
    return strcmp(phase, "response") == 0 ? HANDLE_RESPONSE
           : strcmp(phase, "error") == 0  ? HANDLE_FAILURE
                                          : HANDLE_REQUEST;
}

/* Calls the function with its handles; two results. */
static int run_function(lua_State *L)
{
    run *self = lua_touserdata(L, 1);
    box *box = self->record->box;
    self->made = verdict_made(L);
    box_push_table(L, box);
    lua_rawgeti(L, 2, self->record->function);
    if (strcmp(self->hook->phase, "audit") == 0) {
        handle_push(L, box, 2, HANDLE_EVENT);
        lua_pushnil(L);
    } else {
        handle_push(L, box, 2, HANDLE_CALL);
        handle_push(L, box, 2, second_handle(self->hook->phase));
    }
    lua_call(L, 2, 2);
    check_returned(L, self->made, 3);
    if (lua_isnil(L, 3) && !lua_isnil(L, 4))
        self->result = thingspace_hook_fail(self->hook, errors_text(L, 4));
    else
        self->result = verdict_take(L, self->hook, 3);
    return 0;
}

/* The error is below the run. */
static int fail(lua_State *L)
{
    run *self = lua_touserdata(L, 2);
    verdict_forget(L, self->made);
    self->result = thingspace_hook_fail(self->hook, errors_text(L, 1));
    return 0;
}

static int dispatch(void *self, thingspace_hook *hook)
{
    thingspace_hook *outer = running;
    run run = {self, hook, THINGSPACE_HOOK_FAIL, 0};
    box *box = run.record->box;
    if (!box->L || box->finalizing)
        return thingspace_hook_fail(hook, "the client is being collected");
    box->hook = running = hook;
    if (!box_try(box, run_function, &run)) {
        lua_State *L = box->L;
        run.result = THINGSPACE_HOOK_FAIL;
        lua_pushcfunction(L, fail);
        lua_rotate(L, -2, 1);
        lua_pushlightuserdata(L, &run);
        if (lua_pcall(L, 2, 0, 0) != LUA_OK) {
            lua_pop(L, 1);
            run.result = thingspace_hook_fail(hook, "the hook raised an error without a text");
        }
    }
    box->hook = NULL;
    running = outer;
    return run.result;
}

/* thingspace.log(...) */
static int write_log(lua_State *L)
{
    luaL_Buffer out;
    if (!running)
        return errors_usage(L, "log: there is a log in hooks alone");
    int count = lua_gettop(L);
    luaL_buffinit(L, &out);
    for (int i = 1; i <= count; i++) {
        if (i > 1)
            luaL_addchar(&out, ' ');
        luaL_tolstring(L, i, NULL);
        luaL_addvalue(&out);
    }
    luaL_pushresult(&out);
    thingspace_hook_log(running, lua_tostring(L, -1));
    return 0;
}

/* ---- adding ---- */

static int forget(lua_State *L)
{
    const record *self = lua_touserdata(L, 1);
    box_unref(L, self->box, self->function);
    return 0;
}

static void destroy(void *user)
{
    record *self = user;
    if (!self->box->finalizing && self->box->L)
        box_call(self->box, forget, self);
    free(self);
}

static bool set_phase(thingspace_plugin *plugin, const char *phase)
{
    const struct {
        const char *name;
        thingspace_hook_function **place;
    } phases[] = {{"request", &plugin->request},
                  {"check", &plugin->check},
                  {"response", &plugin->response},
                  {"error", &plugin->error},
                  {"audit", &plugin->audit}};
    for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++)
        if (strcmp(phases[i].name, phase) == 0) {
            *phases[i].place = dispatch;
            return true;
        }
    return false;
}

static void read_options(lua_State *L, thingspace_plugin_options *out)
{
    if (!options_check(L, 4, "hook", OF_HOOK))
        return;
    if (lua_getfield(L, 4, "priority") != LUA_TNIL) {
        long long priority = options_integer(L, 4, "hook", "priority");
        if (priority > 10000)
            errors_usage(L, "hook: priority must be from 0 to 10000");
        out->priority = (unsigned)priority;
    }
    out->on_error = options_text(L, 4, "hook", "on_error");
    out->required = options_flag(L, 4, "hook", "required");
    out->name = options_text(L, 4, "hook", "name");
}

/* A name that no other hook of this client has. */
static const char *make_name(lua_State *L)
{
    box_push_table(L, lua_touserdata(L, 1));
    lua_getfield(L, -1, "hooks");
    lua_Integer count = lua_tointeger(L, -1) + 1;
    lua_pushinteger(L, count);
    lua_setfield(L, -3, "hooks");
    return lua_pushfstring(L, "lua-%d", (int)count);
}

/* client:hook(phase, function, { priority =, on_error =, required =, name = }) -> name */
static int method_hook(lua_State *L)
{
    thingspace_plugin plugin = {.size = sizeof(plugin),
                                .major = THINGSPACE_PLUGIN_MAJOR,
                                .minor = THINGSPACE_PLUGIN_MINOR,
                                .option_size = sizeof(thingspace_plugin_option),
                                .version = "1",
                                .destroy = destroy};
    thingspace_plugin_options options = THINGSPACE_PLUGIN_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *box = box_check(L, 1);
    const char *phase = options_argument(L, 2, "hook", "the phase", false);
    if (!set_phase(&plugin, phase))
        return errors_usage(L, "hook: there is no phase %s: request, check, response, error, audit",
                            phase);
    if (!lua_isfunction(L, 3))
        return errors_usage(L, "hook: a function is needed, not %s", options_type(L, 3));
    read_options(L, &options);
    if (!options.name)
        options.name = make_name(L);
    plugin.name = options.name;
    lua_pushstring(L, options.name);
    lua_pushvalue(L, 3);
    int reference = box_ref(L, 1);
    record *self = malloc(sizeof(*self));
    if (!self)
        return luaL_error(L, "not enough memory");
    *self = (record){box, reference};
    options.self = self;
    lua_State *before = box_enter(box, L);
    thingspace_status status = thingspace_client_add_plugin(box->client, &plugin, &options, &error);
    box_leave(box, L, before);
    if (status != THINGSPACE_OK) {
        free(self);
        box_unref(L, box, reference);
        return errors_raise(L, &error);
    }
    return 1;
}

/* client:unhook(name) */
static int method_unhook(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check(L, 1);
    const char *name = options_argument(L, 2, "unhook", "the name", false);
    lua_State *before = box_enter(self, L);
    thingspace_status status = thingspace_client_remove_plugin(self->client, name, &error);
    box_leave(self, L, before);
    if (status == THINGSPACE_USAGE && !self->L)
        return errors_usage(
            L, "unhook: there is no hook %s; client:plugins() tells which there are", name);
    errors_check(L, status, &error);
    return 0;
}

const luaL_Reg hook_functions[] = {{"log", write_log}, {NULL, NULL}};
const luaL_Reg hook_methods[] = {{"hook", method_hook}, {"unhook", method_unhook}, {NULL, NULL}};
