/* SPDX-License-Identifier: MIT */
/*
 * What plugins have in the table `thingspace` besides what every script has: verdicts, state, take,
 * and the secrets that the row names. Files, variables and commands are the policy's alone.
 */
#include <config.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "catalogue/url_pattern.h"
#include "lua/plugin/plugin_inside.h"
#include "lua/runtime/missing.h"

/* The optional longest wait, or -1. */
static int64_t check_longest(lua_State *L)
{
    if (lua_isnoneornil(L, 4))
        return -1;
    double longest = plugin_check_number(L, 4, "take: the longest wait");
    if (!(longest >= 0 && longest <= LIMIT_PLUGIN_WAIT_MS))
        luaL_error(L, "take: the longest wait is 0 to %d milliseconds", LIMIT_PLUGIN_WAIT_MS);
    return (int64_t)longest;
}

/* Tokens grow with the clock that the script sees: in a test by what its runs say. */
static int64_t now_ns(const plugin_script *self)
{
    if (!self->time_ms)
        return clock_monotonic_ns();
    int64_t now_ms = *self->time_ms >= 0 ? *self->time_ms : clock_wall_ms();
    return now_ms > INT64_MAX / 1000000 ? INT64_MAX : now_ms * 1000000;
}

/*
 * take(key, rate, burst [, longest]): milliseconds until the token that is reserved may be used.
 * None is reserved in a dry run, and when the wait is longer than `longest`.
 */
static int host_take(lua_State *L)
{
    size_t size;
    int64_t wait_ms = 0;
    plugin_script *self = plugin_script_of(L);
    int64_t now = now_ns(self);
    const view *view = plugin_check_view(L, "take");
    plugin_check_count(L, 4, "thingspace.take(key, rate, burst, longest)");
    const char *key = plugin_check_key(L, 1, &size, "take: the key");
    double rate = plugin_check_number(L, 2, "take: the rate");
    double burst = plugin_check_number(L, 3, "take: the burst");
    int64_t longest = check_longest(L);
    bool reserve = !view->dry_run;
    buckets *buckets = instance_buckets(self->instance);
    if (!buckets)
        return runtime_raise_memory(L);
    if (reserve && longest >= 0) {
        plugin_check(
            L, buckets_take(buckets, key, size, rate, burst, now, false, &wait_ms, &self->error));
        reserve = wait_ms <= longest;
    }
    plugin_check(
        L, buckets_take(buckets, key, size, rate, burst, now, reserve, &wait_ms, &self->error));
    lua_pushinteger(L, wait_ms);
    return 1;
}

static int secret_named(lua_State *L)
{
    const plugin_script *self = plugin_script_of(L);
    const char *name = plugin_check_text(L, 1, "secret.named: name");
    plugin_check_count(L, 1, "thingspace.secret.named(name)");
    secret_source *source = self->secrets ? map_get(self->secrets, name) : NULL;
    if (!source)
        return luaL_error(L, "the row gives no secret '%s'", name);
    runtime_push_secret(L, source);
    return 1;
}

/* url_matches(pattern, url): compared part by part, as rows of tenants are. */
static int host_url_matches(lua_State *L)
{
    plugin_script *self = plugin_script_of(L);
    const char *pattern = plugin_check_text(L, 1, "url_matches: pattern");
    const char *url = plugin_check_text(L, 2, "url_matches: url");
    plugin_check_count(L, 2, "thingspace.url_matches(pattern, url)");
    runtime_charge(L, lua_rawlen(L, 1) + lua_rawlen(L, 2));
    plugin_check(L, url_pattern_check(pattern, &self->error));
    lua_pushboolean(L, url_pattern_matches(pattern, url));
    return 1;
}

int plugin_host_open(lua_State *L)
{
    plugin_script *self = lua_touserdata(L, 1);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    runtime_push_host(L);
    lua_pushcfunction(L, host_take);
    lua_setfield(L, -2, "take");
    lua_pushcfunction(L, host_url_matches);
    lua_setfield(L, -2, "url_matches");
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, secret_named);
    lua_setfield(L, -2, "named");
    missing_tell(L, "thingspace.secret");
    lua_setfield(L, -2, "secret");
    plugin_state_open(L, self);
    plugin_verdict_open(L, self);
    missing_tell(L, "thingspace");
    return 0;
}
