/* SPDX-License-Identifier: MIT */
/* Secrets in scripts: whatever is tried with a handle
 * gives "***" or an error, and never the bytes; only
 * what is sent holds the secret again. */
#include <config.h>
#include <lauxlib.h>
#include "base/secret.h"
#include "base/secret_source.h"
#include "base/text.h"
#include "script.h"

#define CANARY "c4n4ry-9f3e"

static const runtime_limits patient = {900, 0, 4 << 20, 256 << 10, 20};
static const runtime_limits small = {900, 0, 256 << 10, 64 << 10, 20};

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

/* The same for one that comes from a JSON tree. */
static int add_secret_of_tree(lua_State *L)
{
    runtime_push_host(L);
    runtime_push_json(L, lua_touserdata(L, 1));
    lua_setfield(L, -2, "key");
    return 0;
}

static thingspace_status open_with(script *script, runtime_body *add, void *what)
{
    thingspace_status status = runtime_new(&script->runtime, "fleet.lua", &script->error);
    if (status == THINGSPACE_OK)
        status = runtime_enter(script->runtime, add, what, NULL, &patient, &script->error);
    return status;
}

static thingspace_status open_with_secret(script *script, secret_source *source)
{
    return open_with(script, add_secret, source);
}

/* As of a body that holds a password. */
static thingspace_status make_node(json **out, thingspace_error *error)
{
    cleanup_secret thingspace_secret *secret = NULL;
    thingspace_status status = thingspace_secret_new(&secret, CANARY, strlen(CANARY), error);
    *out = status == THINGSPACE_OK ? json_new_secret(secret) : NULL;
    return status == THINGSPACE_OK && !*out ? THINGSPACE_MEMORY : status;
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

/* Of a source, or of a JSON tree. */
static thingspace_status open_with_either(script *script, bool of_tree)
{
    cleanup_source secret_source *source = NULL;
    cleanup_json json *node = NULL;
    thingspace_status status =
        of_tree ? make_node(&node, &script->error) : make_source(&source, &script->error);
    if (status != THINGSPACE_OK)
        return status;
    return of_tree ? open_with(script, add_secret_of_tree, node) : open_with_secret(script, source);
}

static bool is_kept(size_t i, bool of_tree)
{
    cleanup_script script script = SCRIPT_INIT;
    char text[512];
    snprintf(text, sizeof(text), "local key = thingspace.key return function() return %s end",
             tries[i].expression);
    thingspace_status status = open_with_either(&script, of_tree);
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
        if (!is_kept(i, false))
            return;
}

static void no_expression_shows_a_secret_of_a_body(void)
{
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
        if (!is_kept(i, true))
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

/* --- what is sent --- */

typedef struct body {
    json *tree;
    bool reveal;
} body;

/* The script's value becomes a tree. */
static int take_body(lua_State *L)
{
    body *body = lua_touserdata(L, 1);
    runtime_push_value(L);
    runtime_to_body(L, -1, body->reveal);
    body->tree = runtime_take_json(L, -1);
    return 0;
}

/* The body that a script makes of the handle `key`. */
static thingspace_status send(script *script, body *body, runtime_body *add, void *what,
                              const char *text)
{
    thingspace_status status = open_with(script, add, what);
    if (status == THINGSPACE_OK)
        status = script_load(script, text);
    if (status == THINGSPACE_OK)
        status = runtime_enter(script->runtime, take_body, body, "body", &patient, &script->error);
    return status;
}

static const char in_a_table[] = "return {a = 1, password = thingspace.key}";

static void a_secret_of_a_body_goes_back_as_it_came(void)
{
    for (int reveal = 0; reveal < 2; reveal++) {
        cleanup_script script script = SCRIPT_INIT;
        cleanup_json json *node = NULL;
        body body = {NULL, reveal};
        CHECK_OK(make_node(&node, &script.error));
        CHECK_OK(send(&script, &body, add_secret_of_tree, node, in_a_table));
        cleanup_json json *tree = body.tree;
        CHECK(json_secret(json_get(tree, "password")) == json_secret(node));
    }
}

static void a_source_is_resolved_when_the_body_is_taken(void)
{
    cleanup_script script script = SCRIPT_INIT;
    cleanup_source secret_source *source = NULL;
    body body = {NULL, true};
    CHECK_OK(make_source(&source, &script.error));
    CHECK_OK(send(&script, &body, add_secret, source, in_a_table));
    cleanup_json json *tree = body.tree;
    CHECK_INT(json_type_of(json_get(tree, "password")), JSON_SECRET);
    CHECK_TEXT(secret_bytes(json_secret(json_get(tree, "password"))), CANARY);
    cleanup_text char *text = NULL;
    CHECK_OK(json_write_text(&text, tree));
    CHECK_TEXT(text, "{\"a\":1,\"password\":\"***\"}");
}

static void a_dry_run_reads_no_source(void)
{
    cleanup_script script script = SCRIPT_INIT;
    cleanup_source secret_source *source = NULL;
    body body = {NULL, false};
    CHECK_OK(secret_source_file(&source, NULL, "/nowhere/at/all", &script.error));
    CHECK_OK(send(&script, &body, add_secret, source, in_a_table));
    cleanup_json json *tree = body.tree;
    CHECK_TEXT(secret_bytes(json_secret(json_get(tree, "password"))), "***");
}

static void a_source_that_fails_keeps_its_kind_and_reason(void)
{
    cleanup_script script script = SCRIPT_INIT;
    cleanup_source secret_source *source = NULL;
    body body = {NULL, true};
    CHECK_OK(secret_source_file(&source, NULL, "/nowhere/at/all", &script.error));
    CHECK_STATUS(send(&script, &body, add_secret, source, in_a_table), THINGSPACE_AUTH);
    CHECK(strstr(script.error.message, "fleet.lua: file /nowhere/at/all"));
}

static void a_secret_that_is_no_text_cannot_be_sent(void)
{
    cleanup_script script script = SCRIPT_INIT;
    cleanup_secret thingspace_secret *secret = NULL;
    cleanup_source secret_source *source = NULL;
    body body = {NULL, true};
    CHECK_OK(thingspace_secret_new(&secret, "\xff\xfe", 2, &script.error));
    CHECK_OK(secret_source_value(&source, secret, "value", &script.error));
    CHECK_STATUS(send(&script, &body, add_secret, source, in_a_table), THINGSPACE_POLICY);
    CHECK(strstr(script.error.message, "a secret that is not UTF-8 cannot be JSON"));
}

/* Longer than ten times the deadline of the entry below. */
static thingspace_status answer_late(void *user, thingspace_secret **out, thingspace_error *error)
{
    const struct timespec pause = {0, 850000000};
    (void)user;
    nanosleep(&pause, NULL);
    return thingspace_secret_new(out, CANARY, strlen(CANARY), error);
}

static void waiting_for_a_source_is_not_the_time_of_the_script(void)
{
    cleanup_script script script = SCRIPT_INIT;
    cleanup_source secret_source *source = NULL;
    const runtime_limits limits = {80, 0, 4 << 20, 256 << 10, 20};
    body body = {NULL, true};
    CHECK_OK(secret_source_function(&source, answer_late, NULL, "late", &script.error));
    CHECK_OK(open_with_secret(&script, source));
    CHECK_OK(script_load(&script,
                         "local t = {thingspace.key} for i = 2, 1100 do t[i] = ('x'):rep(20) end"
                         " return t"));
    CHECK_OK(runtime_enter(script.runtime, take_body, &body, "body", &limits, &script.error));
    cleanup_json json *tree = body.tree;
    CHECK_INT(json_count(tree), 1100);
}

static unsigned answered;

static thingspace_status answer_with_effort(void *user, thingspace_secret **out,
                                            thingspace_error *error)
{
    (void)user;
    answered++;
    for (double begin = script_cpu_ms(); script_cpu_ms() - begin < 1;)
        ;
    return thingspace_secret_new(out, CANARY, strlen(CANARY), error);
}

static void a_body_of_many_secrets_ends_at_the_deadline(void)
{
    cleanup_script script script = SCRIPT_INIT;
    cleanup_source secret_source *source = NULL;
    const runtime_limits limits = {20, 0, 4 << 20, 256 << 10, 20};
    body body = {NULL, true};
    CHECK_OK(secret_source_function(&source, answer_with_effort, NULL, "slow", &script.error));
    CHECK_OK(open_with_secret(&script, source));
    CHECK_OK(script_load(&script, "local t = {} for i = 1, 5000 do t[i] = thingspace.key end"
                                  " return t"));
    answered = 0;
    CHECK_STATUS(runtime_enter(script.runtime, take_body, &body, "body", &limits, &script.error),
                 THINGSPACE_POLICY);
    CHECK(strstr(script.error.message, "ran over its deadline"));
    CHECK(answered <= 30);
}

static const char digits[] = "{\"iccid\":\"89148000000800139708\",\"n\":[9007199254740993,"
                             "-9223372036854775808,0.1,2.5e-7],\"id\":\"0042\"}";

static void digits_of_a_body_stay_exact(void)
{
    cleanup_script script script = SCRIPT_INIT;
    cleanup_json json *given = NULL;
    body body = {NULL, true};
    CHECK_OK(json_parse(&given, digits, strlen(digits), &script.error));
    CHECK_OK(send(&script, &body, add_secret_of_tree, given, "return thingspace.key"));
    cleanup_json json *tree = body.tree;
    cleanup_text char *text = NULL;
    CHECK_OK(json_write_text(&text, tree));
    CHECK_TEXT(text, "{\"iccid\":\"89148000000800139708\",\"id\":\"0042\",\"n\":["
                     "9007199254740993,-9223372036854775808,0.1,2.5e-07]}");
}

/* Makes a handle that nobody keeps. */
static int make_handle(lua_State *L)
{
    runtime_push_secret(L, lua_touserdata(L, 1));
    return 0;
}

/* What Lua collects when it is refused memory keeps the handles: nothing may get so far. */
static void handles_of_a_hundred_thousand_calls_do_not_fill_the_memory(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_script script script = SCRIPT_INIT;
    cleanup_source secret_source *source = NULL;
    CHECK_OK(make_source(&source, &error));
    CHECK_OK(script_load(&script, "local big = {} for i = 1, 100000 do big[i] = {i} end "
                                  "return function() return #big end"));
    for (int i = 0; i < 100000; i++) {
        CHECK_OK(runtime_enter(script.runtime, make_handle, source, NULL, &small, &script.error));
        CHECK(!runtime_was_refused_memory(script.runtime));
    }
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(no_expression_shows_a_secret),
    CHECK_CASE_ONCE(no_expression_shows_a_secret_of_a_body),
    CHECK_CASE(a_secret_of_a_body_goes_back_as_it_came),
    CHECK_CASE(a_source_is_resolved_when_the_body_is_taken),
    CHECK_CASE(a_dry_run_reads_no_source),
    CHECK_CASE(a_source_that_fails_keeps_its_kind_and_reason),
    CHECK_CASE(a_secret_that_is_no_text_cannot_be_sent),
    CHECK_CASE_ONCE(waiting_for_a_source_is_not_the_time_of_the_script),
    CHECK_CASE_ONCE(a_body_of_many_secrets_ends_at_the_deadline),
    CHECK_CASE(digits_of_a_body_stay_exact),
    CHECK_CASE(a_handle_leads_to_its_source),
    CHECK_CASE(a_handle_keeps_its_source_alive),
    CHECK_CASE_ONCE(handles_of_a_hundred_thousand_calls_do_not_fill_the_memory),
};
CHECK_MAIN(cases)
