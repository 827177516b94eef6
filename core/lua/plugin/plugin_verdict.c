/* SPDX-License-Identifier: MIT */
/*
 * What hooks may answer. Making a verdict copies all of it to C at once and gives a mark, the same
 * one for every verdict of the state: returning the mark is what makes it count. A verdict that was
 * made and not returned is a failure, for it would otherwise let through what it should stop.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "lua/plugin/plugin_inside.h"
#include "lua/policy/policy_inside.h"

/* --- Making one --- */

/* Whether the running hook may answer so. may raise */
static plugin_script *begin(lua_State *L, verdict_kind kind)
{
    const view *view = plugin_check_view(L, verdict_name(kind));
    const phase_traits *traits = phase_of(view->phase);
    if (!(traits->verdicts & VERDICT_BIT(kind)))
        luaL_error(L, "thingspace.%s is no answer in the %s phase", verdict_name(kind),
                   traits->name);
    return plugin_script_of(L);
}

/* Pushes the mark. may raise */
static int make(lua_State *L, plugin_script *self)
{
    if (self->made++ > 0)
        return luaL_error(L, "a second verdict: a hook makes one and returns it");
    lua_rawgeti(L, LUA_REGISTRYINDEX, self->answer_reference);
    return 1;
}

static int host_stop(lua_State *L)
{
    plugin_script *self = begin(L, VERDICT_STOP);
    plugin_check_count(L, 0, "thingspace.stop()");
    if (self->made == 0)
        self->verdict->kind = VERDICT_STOP;
    return make(L, self);
}

static int host_wait(lua_State *L)
{
    plugin_script *self = begin(L, VERDICT_WAIT);
    plugin_check_count(L, 1, "thingspace.wait(ms)");
    plugin_check_number(L, 1, "wait: the number of milliseconds");
    if (self->made == 0)
        plugin_check(L, verdict_set_wait(self->verdict, lua_tonumber(L, 1), &self->error));
    return make(L, self);
}

static int host_deny(lua_State *L)
{
    plugin_script *self = begin(L, VERDICT_DENY);
    plugin_check_count(L, 2, "thingspace.deny(code, text)");
    const char *code = plugin_check_text(L, 1, "deny: code");
    const char *text = lua_isnoneornil(L, 2) ? NULL : plugin_check_text(L, 2, "deny: text");
    if (self->made == 0)
        verdict_set_deny(self->verdict, code, text);
    return make(L, self);
}

/* --- reply{status=, json=, headers=} --- */

/* may raise */
static void check_reply_right(lua_State *L, plugin_script *self)
{
    capability_set granted = self->instance->granted;
    if (!(granted & CAPABILITY_REQUEST_REPLY))
        plugin_check(L, capability_refuse(CAPABILITY_REQUEST_REPLY, granted, &self->error));
}

/* Members are read raw. may raise */
static int check_status(lua_State *L)
{
    if (policy_table_push(L, 1, "status") == LUA_TNIL)
        return 0;
    if (!lua_isinteger(L, -1) || lua_tointeger(L, -1) < 200 || lua_tointeger(L, -1) > 599)
        luaL_error(L, "reply: status must be an integer from 200 to 599");
    return (int)lua_tointeger(L, -1);
}

/* may raise */
static json *take_json(lua_State *L)
{
    if (policy_table_push(L, 1, "json") == LUA_TNIL)
        return NULL;
    return plugin_take_body(L, -1, NULL, "reply: json");
}

/* Pushes the table of header fields and memory with their names. may raise */
static size_t check_headers(lua_State *L, plugin_script *self, const char ***names)
{
    size_t count;
    if (policy_table_push(L, 1, "headers") == LUA_TNIL)
        return 0;
    if (!lua_istable(L, -1))
        luaL_error(L, "reply: headers must be a table of names and values");
    int table = lua_gettop(L);
    plugin_check(L, policy_table_names(L, table, names, &count, &self->error));
    for (size_t i = 0; i < count; i++) {
        policy_table_push(L, table, (*names)[i]);
        plugin_check_text(L, -1, "reply: a header's value");
        lua_pop(L, 1);
    }
    return count;
}

/* may raise */
static void add_headers(lua_State *L, plugin_script *self, int table, const char *const *names,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        policy_table_push(L, table, names[i]);
        plugin_check(
            L, verdict_add_header(self->verdict, names[i], lua_tostring(L, -1), &self->error));
        lua_pop(L, 1);
    }
}

static int host_reply(lua_State *L)
{
    static const char *const known[] = {"status", "json", "headers", NULL};
    const char **names = NULL;
    plugin_script *self = begin(L, VERDICT_REPLY);
    check_reply_right(L, self);
    plugin_check_count(L, 1, "thingspace.reply{ status =, json =, headers = }");
    luaL_checktype(L, 1, LUA_TTABLE);
    plugin_check(L, policy_table_check(L, 1, known, &self->error));
    int status = check_status(L);
    size_t count = check_headers(L, self, &names);
    int table = count ? lua_gettop(L) - 1 : 0;
    json *body = take_json(L);
    if (self->made > 0)
        json_free(body);
    else
        plugin_check(L, verdict_set_reply(self->verdict, status, body, &self->error));
    if (self->made == 0)
        add_headers(L, self, table, names, count);
    return make(L, self);
}

/* may raise */
void plugin_verdict_open(lua_State *L, plugin_script *self)
{
    static const luaL_Reg functions[] = {{"deny", host_deny},
                                         {"reply", host_reply},
                                         {"stop", host_stop},
                                         {"wait", host_wait},
                                         {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
    lua_newtable(L);
    self->answer = handle_new(L, "verdict", NULL);
    self->answer_reference = luaL_ref(L, LUA_REGISTRYINDEX);
}

/* --- Judging what came back --- */

/* The failure's line is that of the function. may raise */
static void fail(lua_State *L, plugin_script *self, int function, const char *what,
                 const char *reason)
{
    lua_Debug place = {0};
    lua_rawgeti(L, LUA_REGISTRYINDEX, function);
    lua_getinfo(L, ">S", &place);
    self->outcome = error_set(&self->error, THINGSPACE_PLUGIN, "%s:%d: %s%s%s", self->name,
                              place.linedefined, what, *what ? " " : "", reason);
    error_set_place(&self->error, self->name, place.linedefined);
}

/* may raise */
void plugin_verdict_judge(lua_State *L, plugin_script *self, int function, const char *what)
{
    int first = lua_gettop(L) - 1, second = first + 1;
    const void *block = lua_touserdata(L, first);
    bool verdict = block && block == self->answer;
    bool single = lua_isnil(L, second);
    char reason[256];
    if (self->made > 1)
        fail(L, self, function, what, "made more than one verdict: make one and return it");
    else if (self->made == 1 && verdict && !single)
        fail(L, self, function, what, "returned more than its verdict: return the verdict alone");
    else if (self->made == 1 && !verdict) {
        const char *name = verdict_name(self->verdict->kind);
        snprintf(reason, sizeof(reason),
                 "%s was called and its verdict not returned: write `return thingspace.%s(...)`",
                 name, name);
        fail(L, self, function, "", reason);
    } else if (verdict && self->made == 0)
        fail(L, self, function, what, "returned the verdict of an earlier run: make a new one");
    else if (lua_isnil(L, first) && !single)
        fail(L, self, function, "", runtime_push_text(L, second));
    else if (!lua_isnil(L, first) && !verdict) {
        snprintf(reason, sizeof(reason), "returned a %s; return %s", luaL_typename(L, first),
                 function == self->configure ? "nothing, or nil and a text" : "nil or a verdict");
        fail(L, self, function, what, reason);
    }
}
