/* SPDX-License-Identifier: MIT */
/*
 * The table `t` that a test function gets: run, equal, check, fails, fresh, secret. What a test
 * says about a result is judged here; a failed one raises, and the line is that of the test. One
 * thread at a time.
 */
#include <config.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "lua/runtime/library.h"
#include "lua/test/plugin_test_inside.h"

/* Characters of a value in a message. */
#define SHOWN 160

static plugin_test *test_of(lua_State *L)
{
    return runtime_user(L);
}

/* may raise */
static void check_status(lua_State *L, thingspace_status status)
{
    if (status == THINGSPACE_MEMORY)
        runtime_raise_memory(L);
    if (status != THINGSPACE_OK)
        luaL_error(L, "%s", test_of(L)->error.message);
}

/* The tools are functions of `t`, not methods. May raise. */
static void refuse_self(lua_State *L, const char *name)
{
    if (!lua_istable(L, 1))
        return;
    lua_pushliteral(L, "run");
    lua_rawget(L, 1);
    if (lua_iscfunction(L, -1))
        luaL_error(L, "t.%s is called with a dot: write t.%s(...)", name, name);
    lua_pop(L, 1);
}

/* --- t.run --- */

static void listen(plugin_test *self)
{
    json_free(self->lines);
    self->lines = json_new_array();
    self->log_status = self->lines ? THINGSPACE_OK : THINGSPACE_MEMORY;
}

/* Of error and audit hooks the dispatcher tells it in no other way. */
static bool ran_out_of_memory(const test_call *call)
{
    thingspace_error memory = THINGSPACE_ERROR_INIT;
    error_memory(&memory);
    return call->trace.lost ||
           (call->trace.items[0].failed && text_equal(call->trace.items[0].note, memory.message));
}

/* Runs the hook and makes the test's result of what came of it. */
static thingspace_status dispatch_hook(plugin_test *self, instance *instance, phase phase,
                                       test_call *call, thingspace_error *error)
{
    chain *chain;
    dispatch dispatch;
    const instance_list list = {&instance, 1};
    thingspace_status status = chain_new(&chain, &list, NULL);
    if (status != THINGSPACE_OK)
        return error_memory(error);
    dispatch_begin(&dispatch, chain, phase);
    dispatch_run(&dispatch, &call->view, &call->verdict, NULL, NULL, &call->error);
    chain_free(chain);
    if (ran_out_of_memory(call))
        return error_memory(error);
    self->result = test_result_json(self, call);
    return self->result ? THINGSPACE_OK : error_memory(error);
}

static thingspace_status run_hook(plugin_test *self, phase phase, const json *description,
                                  thingspace_error *error)
{
    instance *instance;
    cleanup_test_call test_call call;
    test_call_init(&call);
    listen(self);
    thingspace_status status = test_call_fill(&call, &self->time_ms, phase, description, error);
    if (status != THINGSPACE_OK)
        return status;
    status = plugin_test_instance(self, &instance, json_get(description, "options"), error);
    if (status == THINGSPACE_PLUGIN) {
        self->result = test_result_failed(self, error->message);
        return self->result ? THINGSPACE_OK : error_memory(error);
    }
    if (status != THINGSPACE_OK)
        return status;
    if (!(instance->manifest.hooks & PHASE_BIT(phase)))
        return error_set(error, THINGSPACE_USAGE, "the plugin has no %s hook",
                         phase_of(phase)->name);
    return dispatch_hook(self, instance, phase, &call, error);
}

/* may raise */
static phase check_phase(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    phase found = phase_find(name);
    if (found < PHASE_FIRST_HOOK || found == PHASE_COUNT)
        luaL_error(L, "there is no phase '%s' with hooks: request, check, response, error, audit",
                   name);
    return found;
}

/* run(phase, description): the result. */
static int tool_run(lua_State *L)
{
    plugin_test *self = test_of(L);
    refuse_self(L, "run");
    phase phase = check_phase(L);
    if (lua_gettop(L) > 2)
        return luaL_error(L, "write t.run(phase, { call = { ... }, request = { ... } })");
    if (lua_isnoneornil(L, 2)) {
        lua_settop(L, 1);
        lua_newtable(L);
    }
    const json *description = runtime_to_body(L, 2, true);
    json_free(self->result);
    self->result = NULL;
    check_status(L, run_hook(self, phase, description, &self->error));
    runtime_push_json(L, self->result);
    return 1;
}

/* Forgets the plugin's instances and what they kept. */
static int tool_fresh(lua_State *L)
{
    plugin_test_fresh(test_of(L));
    return 0;
}

/* secret(text): a handle, as options and bodies have them. */
static int tool_secret(lua_State *L)
{
    size_t size;
    plugin_test *self = test_of(L);
    const char *text = luaL_checklstring(L, 1, &size);
    secret_cleanup(&self->secret);
    check_status(L, thingspace_secret_new(&self->secret, text, size, &self->error));
    runtime_push_secret_value(L, self->secret);
    return 1;
}

/* --- what tests say --- */

/* An empty list and an empty record are the same table. */
static void write_empty_tables_alike(char *text)
{
    bool quoted = false;
    for (char *at = text; *at; at++) {
        if (quoted && *at == '\\' && at[1])
            at++;
        else if (*at == '"')
            quoted = !quoted;
        else if (!quoted && at[0] == '[' && at[1] == ']')
            memcpy(at, "{}", 2);
    }
}

/* Pushes the value as a text that differs when the value does. May raise. */
static void push_written(lua_State *L, int index)
{
    plugin_test *self = test_of(L);
    if (lua_isnoneornil(L, index)) {
        lua_pushliteral(L, "nil");
        return;
    }
    const json *tree = runtime_to_json(L, index);
    free(self->written);
    self->written = NULL;
    check_status(L, json_write_text(&self->written, tree));
    write_empty_tables_alike(self->written);
    lua_pushstring(L, self->written);
    lua_remove(L, -2);
}

/* Pushes ": " and the optional argument, or "". May raise. */
static const char *push_what(lua_State *L, int index)
{
    if (lua_isnoneornil(L, index))
        return lua_pushliteral(L, "");
    const char *what = luaL_checkstring(L, index);
    return lua_pushfstring(L, "%s: ", what);
}

/* Pushes why the hook that ran last failed, which explains most surprises, or "". May raise. */
static const char *push_failure(lua_State *L)
{
    const char *error = json_get_string(test_of(L)->result, "error");
    return error ? lua_pushfstring(L, "; the hook failed: %s", error) : lua_pushliteral(L, "");
}

/* equal(actual, expected [, what]): compares what is in tables. */
static int tool_equal(lua_State *L)
{
    char actual[SHOWN], expected[SHOWN];
    refuse_self(L, "equal");
    lua_settop(L, 3);
    const char *what = push_what(L, 3);
    push_written(L, 1);
    push_written(L, 2);
    if (lua_rawequal(L, -1, -2))
        return 0;
    text_escape(actual, sizeof(actual), lua_tostring(L, -2), lua_rawlen(L, -2));
    text_escape(expected, sizeof(expected), lua_tostring(L, -1), lua_rawlen(L, -1));
    return luaL_error(L, "%sexpected %s, got %s%s", what, expected, actual, push_failure(L));
}

static int tool_check(lua_State *L)
{
    refuse_self(L, "check");
    lua_settop(L, 2);
    const char *what = push_what(L, 2);
    if (lua_toboolean(L, 1))
        return 0;
    return luaL_error(L, "%sthe condition is not true%s", what, push_failure(L));
}

/* Pushes a text of the result, or nil. May raise. */
static const char *push_member(lua_State *L, const char *name)
{
    lua_getfield(L, 1, name);
    return lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
}

/* fails(result, pattern): the hook failed, with an error that matches. */
static int tool_fails(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkstring(L, 2);
    lua_settop(L, 2);
    const char *verdict = push_member(L, "verdict");
    if (!text_equal(verdict, "failed"))
        return luaL_error(L, "expected a failure, got the verdict %s", verdict);
    lua_pushcfunction(L, library_pattern_match);
    const char *error = push_member(L, "error");
    lua_pushvalue(L, 2);
    lua_call(L, 2, 1);
    if (!lua_isnil(L, -1))
        return 0;
    return luaL_error(L, "expected a failure like '%s', got: %s", lua_tostring(L, 2), error);
}

void plugin_test_push_tools(lua_State *L)
{
    static const luaL_Reg tools[] = {
        {"check", tool_check}, {"equal", tool_equal}, {"fails", tool_fails},
        {"fresh", tool_fresh}, {"run", tool_run},     {"secret", tool_secret},
        {NULL, NULL},
    };
    luaL_newlib(L, tools);
}
