/* SPDX-License-Identifier: MIT */
/* Secrets in scripts: whatever is tried with a handle
 * gives "***" or an error, and never the bytes. */
#include <config.h>
#include <lauxlib.h>
#include "base/secret.h"
#include "base/secret_source.h"
#include "script.h"

#define CANARY "c4n4ry-9f3e"

static const runtime_limits patient = {900, 0, 4 << 20, 256 << 10, 20};

static void free_source(secret_source **source)
{
    secret_source_free(*source);
}
#define cleanup_source __attribute__((cleanup(free_source)))

static thingspace_status make_source(secret_source **out, thingspace_error *error)
{
    cleanup_secret thingspace_secret *secret = NULL;
    thingspace_status status = thingspace_secret_new(&secret, CANARY, strlen(CANARY), error);
    if (status == THINGSPACE_OK)
        status = secret_source_value(out, secret, "value", error);
    return status;
}

/* Puts the handle where scripts find it. */
static int add_secret(lua_State *L)
{
    runtime_push_host(L);
    runtime_push_secret(L, lua_touserdata(L, 1));
    lua_setfield(L, -2, "key");
    return 0;
}

static thingspace_status open_with_secret(script *script, secret_source *source)
{
    thingspace_status status = runtime_new(&script->runtime, "fleet.lua", &script->error);
    if (status == THINGSPACE_OK)
        status = runtime_enter(script->runtime, add_secret, source, NULL, &patient, &script->error);
    return status;
}

/* NULL: an error that does not show the secret is what is expected. */
static const struct {
    const char *expression, *text;
} tries[] = {
    {"tostring(key)", "***"},
    {"('%s'):format(key)", "***"},
    {"('%10s'):format(key)", "       ***"},
    {"thingspace.json.encode({key})", "[\"***\"]"},
    {"thingspace.json.encode(key)", "\"***\""},
    {"tostring(key == 'c4n4ry-9f3e')", "false"},
    {"tostring(key == key)", "true"},
    {"tostring(rawequal(key, {}))", "false"},
    {"type(key)", "userdata"},
    {"tostring(getmetatable(key))", "nil"},
    {"tostring(({[key] = 1})[key])", "1"},
    {"(function() local ok, e = pcall(error, key) return tostring(e) end)()", "***"},
    {"(function() thingspace.log(key) return 'logged' end)()", "logged"},
    {"tostring(tonumber(key))", "nil"},
    {"key .. ''", NULL},
    {"'' .. key", NULL},
    {"#key", NULL},
    {"key < 'x'", NULL},
    {"key <= key", NULL},
    {"key.bytes", NULL},
    {"key[1]", NULL},
    {"key:sub(1)", NULL},
    {"key()", NULL},
    {"key + 1", NULL},
    {"-key", NULL},
    {"string.sub(key, 1)", NULL},
    {"string.len(key)", NULL},
    {"string.byte(key)", NULL},
    {"('x'):rep(3, key)", NULL},
    {"('x'):gsub('x', key)", NULL},
    {"('x'):gsub('x', function() return key end)", NULL},
    {"('%d'):format(key)", NULL},
    {"table.concat({key})", NULL},
    {"table.sort({key, key})", NULL},
    {"rawlen(key)", NULL},
    {"rawget(key, 1)", NULL},
    {"pairs(key)", NULL},
    {"next(key)", NULL},
    {"setmetatable(key, {})", NULL},
    {"error(key)", NULL},
    {"assert(false, key)", NULL},
    {"thingspace.base64(key)", NULL},
    {"thingspace.sha256(key)", NULL},
    {"thingspace.hmac(key, 'x')", NULL},
    {"utf8.len(key)", NULL},
    {"math.floor(key)", NULL},
};

static bool is_kept(size_t i)
{
    cleanup_script script script = SCRIPT_INIT;
    cleanup_source secret_source *source = NULL;
    char text[512];
    snprintf(text, sizeof(text), "local key = thingspace.key return function() return %s end",
             tries[i].expression);
    thingspace_status status = make_source(&source, &script.error);
    if (status == THINGSPACE_OK)
        status = open_with_secret(&script, source);
    if (status == THINGSPACE_OK)
        status = script_load(&script, text);
    if (status == THINGSPACE_OK)
        status = script_call(&script, &patient);
    const char *said = status == THINGSPACE_OK ? script.answer : script.error.message;
    bool good = tries[i].text ? strcmp(said, tries[i].text) == 0 : status == THINGSPACE_POLICY;
    return check_report(good && !strstr(said, CANARY), __FILE__, __LINE__, "%s: %s",
                        tries[i].expression, said);
}

static void no_expression_shows_a_secret(void)
{
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
        if (!is_kept(i))
            return;
}

typedef struct found {
    secret_source *source;
    secret_source *other;
} found;

static int read_value(lua_State *L)
{
    found *found = lua_touserdata(L, 1);
    runtime_push_value(L);
    found->source = runtime_to_secret(L, -1);
    lua_pushliteral(L, "text");
    found->other = runtime_to_secret(L, -1);
    lua_newuserdatauv(L, 64, 0);
    if (runtime_to_secret(L, -1))
        found->other = found->source;
    return 0;
}

static void a_handle_leads_to_its_source(void)
{
    cleanup_script script script = SCRIPT_INIT;
    cleanup_source secret_source *source = NULL;
    found found = {NULL, NULL};
    CHECK_OK(make_source(&source, &script.error));
    CHECK_OK(open_with_secret(&script, source));
    CHECK_OK(script_load(&script, "return thingspace.key"));
    CHECK_OK(runtime_enter(script.runtime, read_value, &found, NULL, &patient, &script.error));
    CHECK(found.source == source);
    CHECK(found.other == NULL);
}

static void a_handle_keeps_its_source_alive(void)
{
    cleanup_script script script = SCRIPT_INIT;
    cleanup_secret thingspace_secret *secret = NULL;
    secret_source *source = NULL;
    found found = {NULL, NULL};
    CHECK_OK(make_source(&source, &script.error));
    thingspace_status status = open_with_secret(&script, source);
    secret_source_free(source);
    CHECK_OK(status);
    CHECK_OK(script_load(&script, "local key = thingspace.key thingspace.key = nil return key"));
    CHECK_OK(runtime_enter(script.runtime, read_value, &found, NULL, &patient, &script.error));
    CHECK_OK(secret_source_resolve(found.source, &secret, NULL, &script.error));
    CHECK_TEXT(secret_bytes(secret), CANARY);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(no_expression_shows_a_secret),
    CHECK_CASE(a_handle_leads_to_its_source),
    CHECK_CASE(a_handle_keeps_its_source_alive),
};
CHECK_MAIN(cases)
