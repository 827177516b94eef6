/* SPDX-License-Identifier: MIT */
/*
 * The runner of plugin tests: what a test can give to a hook and see of it, and that neither a bad
 * test nor a bad plugin keeps the other tests from running. Files of one folder; one thread.
 */
#include <stdio.h>
#include <sys/stat.h>
#include "base/error.h"
#include "base/text.h"
#include "check.h"
#include "lua/test/plugin_test.h"

typedef struct outcome {
    json *report;
    size_t failed;
    thingspace_error error;
} outcome;

static void outcome_dispose(outcome *outcome)
{
    json_free(outcome->report);
}
#define cleanup_outcome __attribute__((cleanup(outcome_dispose)))
#define OUTCOME_INIT                                                                               \
    {                                                                                              \
        NULL, 0, THINGSPACE_ERROR_INIT                                                             \
    }

#define MANIFEST                                                                                   \
    "name = 'p', version = '1.0.0', api = 1, capabilities = { 'request.headers:write',"            \
    "'request.query:write', 'request.body:read', 'request.body:write', 'request:reply',"           \
    "'response.headers:write', 'response.body:read', 'response.body:write', 'error:write' },"

/* Writes plugin and test, and runs the test. */
static thingspace_status run(outcome *outcome, const char *plugin, const char *test)
{
    char text[4096];
    snprintf(text, sizeof(text), "return { " MANIFEST " %s }", plugin);
    check_file("p.lua", text);
    return plugin_test_run(&outcome->report, &outcome->failed, check_file("p_test.lua", test),
                           &outcome->error);
}

static const json *test_at(const outcome *outcome, size_t index)
{
    const json *at = json_first(json_get(outcome->report, "tests"));
    for (; at && index > 0; index--)
        at = json_next(at);
    return at;
}

static bool is_ok(const json *test)
{
    return json_type_of(json_get(test, "ok")) == JSON_TRUE;
}

/* All tests are ok; else says what the first one says that is not. */
static bool all_good(const outcome *outcome)
{
    size_t count = json_count(json_get(outcome->report, "tests"));
    for (size_t i = 0; i < count; i++) {
        const char *message = json_get_string(test_at(outcome, i), "message");
        if (!is_ok(test_at(outcome, i)))
            return check_report(false, __FILE__, __LINE__, "%s", message);
    }
    return check_report(count > 0 && outcome->failed == 0, __FILE__, __LINE__, "%zu tests", count);
}

#define CHECK_GOOD(plugin, test)                                                                   \
    do {                                                                                           \
        cleanup_outcome outcome outcome = OUTCOME_INIT;                                            \
        CHECK_OK(run(&outcome, plugin, test));                                                     \
        if (!all_good(&outcome))                                                                   \
            return;                                                                                \
    } while (0)

static void a_request_hook_is_given_a_request_and_its_changes_are_seen(void)
{
    CHECK_GOOD(
        "hooks = { request = function(call, request)"
        "  local body = request:json()"
        "  body.url = 'https://b.example/'"
        "  request:set_json(body)"
        "  request:set_header('X-Account', call.account .. request:header('X-In'))"
        "  request:set_query('page', nil) request:set_query('size', '9')"
        "  call.vars.seen = (call.vars.seen or 0) + 1"
        "  thingspace.log('hello', call.service, call.tags.region, call.dry_run)"
        " end }",
        "return { ['all of it'] = function(t)\n"
        " local result = t.run('request', {"
        "  call = { account = 'a-1', service = 'S', tags = { region = 'n' },"
        "    vars = { seen = 4 }, dry_run = true },"
        "  request = { method = 'PUT', path = '/x', headers = { ['X-In'] = '!' },"
        "    query = { page = '2' }, json = { url = 'https://a.example/', n = 1 } } })"
        " t.equal(result.verdict, 'none')"
        " t.equal(result.request.method, 'PUT')"
        " t.equal(result.request.headers['X-Account'], 'a-1!')"
        " t.equal(result.request.query, { size = '9' })"
        " t.equal(result.request.json, { n = 1, url = 'https://b.example/' })"
        " t.equal(result.vars, { seen = 5 })"
        " t.equal(result.log, { 'hello S n true' })"
        " t.equal(result.changes[2], { field = 'request.headers.X-Account', after = 'a-1!' })"
        " t.equal(result.changes[3], { field = 'request.query.page', before = '2' })"
        "end }");
}

static void the_method_is_that_of_the_operation(void)
{
    CHECK_GOOD("hooks = { check = function(call, request) thingspace.log(request.method) end }",
               "return { methods = function(t)\n"
               " for operation, method in pairs{ list = 'GET', deregister = 'DELETE',"
               "   register = 'POST', call = 'POST' } do"
               "  t.equal(t.run('check', { call = { operation = operation } }).log, { method })"
               " end"
               " t.equal(t.run('check').log, { 'POST' })"
               " t.equal(t.run('check', { call = { operation = 'list' },"
               "   request = { method = 'PUT' } }).log, { 'PUT' })"
               "end }");
}

static void messages_have_operations_of_their_own(void)
{
    CHECK_GOOD("hooks = { deliver = function(call) thingspace.log(call.operation) end }",
               "return { it = function(t) t.equal(t.run('deliver').log, { 'deliver' }) end }");
}

/* Of each run; it begins with what configure sees. */
static void the_time_is_what_the_test_says(void)
{
    CHECK_GOOD("configure = function() thingspace.log('from', thingspace.time_ms()) end,"
               "hooks = { check = function() thingspace.log(thingspace.time_ms()) end }",
               "return { it = function(t)\n"
               " t.equal(t.run('check', { time_ms = 5 }).log, { 'from 5', '5' })"
               " t.equal(t.run('check', { time_ms = 0 }).log, { '0' })"
               " t.check(math.tointeger(t.run('check').log[1]) > 1700000000000)"
               " t.check(thingspace.time_ms() > 1700000000000)"
               "end }");
}

static void buckets_fill_with_the_time_of_the_test(void)
{
    CHECK_GOOD("hooks = { check = function() thingspace.log(thingspace.take('a', 1, 1)) end }",
               "return { it = function(t)\n"
               " local function at(ms) return t.run('check', { time_ms = ms }).log[1] end"
               " t.equal({ at(0), at(0), at(1500) }, { '0', '1000', '500' })"
               " t.equal({ at(3600000), at(3600000) }, { '0', '1000' })"
               " t.equal({ at(math.maxinteger), at(math.maxinteger) }, { '0', '1000' })"
               "end }");
}

static void every_verdict_is_told(void)
{
    CHECK_GOOD(
        "options = { do_it = { type = 'string', required = true } },"
        "hooks = { request = function(call)"
        "  local what = call.tags.what"
        "  if what == 'stop' then return thingspace.stop() end"
        "  if what == 'deny' then return thingspace.deny('no', 'not today') end"
        "  if what == 'wait' then return thingspace.wait(20) end"
        "  if what == 'reply' then return thingspace.reply { status = 201, json = { a = 1 } } end"
        "  error('broken') end }",
        "local function run(t, what)"
        "  return t.run('request', { options = { do_it = '' }, call = { tags = { what = what } } })"
        " end\n"
        "return {"
        " stop = function(t) t.equal(run(t, 'stop').verdict, 'stop') end,"
        " deny = function(t) local r = run(t, 'deny')"
        "  t.equal({ r.verdict, r.code, r.text }, { 'deny', 'no', 'not today' }) end,"
        " wait = function(t) t.equal(run(t, 'wait').wait_ms, 20) end,"
        " reply = function(t) local r = run(t, 'reply')"
        "  t.equal(r.reply.status, 201) t.equal(r.reply.json, { a = 1 }) end,"
        " failed = function(t) t.fails(run(t, ''), '^.*p.lua:1: broken$') end,"
        " refused = function(t) t.fails(t.run('request'), 'do_it') end,"
        "}");
}

static void answers_failures_and_events_can_be_given_too(void)
{
    CHECK_GOOD("hooks = {"
               " response = function(call, response)"
               "  response:set_header('X-Seen', response:header('X-A') .. response.status)"
               "  local body = response:json() body.b = 2 response:set_json(body) end,"
               " error = function(call, failure)"
               "  failure:set_message(failure.kind .. failure.status .. failure.message)"
               "  failure:set_code(failure.code .. '!') end,"
               " audit = function(event) thingspace.log(event.kind, event.status, event.account,"
               "  event.attempts[1].what, event.reason, event.plan, event.duration_ms)"
               " end }",
               "return { response = function(t)"
               "  local r = t.run('response', { response = { status = 404, json = { a = 1 },"
               "   headers = { ['X-A'] = 'x' } } }).response"
               "  t.equal(r.headers['X-Seen'], 'x404') t.equal(r.json, { a = 1, b = 2 }) end,"
               " failure = function(t)"
               "  local f = t.run('error', { failure = { kind = 'auth', message = 'm',"
               "   status = 401, code = 'c' } }).failure"
               "  t.equal(f, { kind = 'auth', message = 'auth401m', status = 401, code = 'c!' })"
               " end,"
               " audit = function(t)"
               "  local r = t.run('audit', { call = { account = 'a-1', reason = 'why',"
               "   plan = 'p' },"
               "   event = { kind = 'ok', status = 200, duration_ms = 7,"
               "   attempts = { { status = 200, ms = 3 } } } })"
               "  t.equal(r.log, { 'ok 200 a-1 send why p 7' }) end }");
}

static void state_lasts_for_one_test_and_equal_options(void)
{
    CHECK_GOOD("options = { a = { type = 'integer', default = 1 } },"
               "hooks = { check = function() thingspace.log(thingspace.state:add('n')) end }",
               "local function count(t, options)"
               "  return t.run('check', { options = options }).log[1] end\n"
               "local function test(t)"
               "  t.equal(count(t), '1') t.equal(count(t), '2') t.equal(count(t, { a = 2 }), '1')"
               "  t.fresh() t.equal(count(t), '1') end\n"
               "return { one = test, two = test }");
}

static void tables_are_compared_by_what_is_in_them(void)
{
    CHECK_GOOD("hooks = { check = function() end }",
               "return { tables = function(t)"
               "  t.equal(t.run('check').log, {}) t.equal({ 1, { a = 2.0 } }, { 1.0, { a = 2 } })"
               "  t.equal(t.run('check', { request = { json = { a = {} } } }).request.json.a, {})"
               "  t.check(not pcall(t.equal, '[]', '{}'))"
               "  t.check(not pcall(t.equal, { '\"[]' }, { '\"{}' }))"
               "  t.check(not pcall(t.equal, { 1 }, { '1' })) end }");
}

static void secrets_stay_secrets(void)
{
    CHECK_GOOD("options = { key = { type = 'secret', required = true } },"
               "hooks = { request = function(call, request)"
               "  local body = request:json()"
               "  body.password = thingspace.secret.named('key') request:set_json(body)"
               "  thingspace.log(request:text()) end }",
               "return { secrets = function(t)"
               "  local r = t.run('request', { options = { key = t.secret('canary') },"
               "   request = { json = { password = 'other' } } })"
               "  t.equal(type(r.request.json.password), 'userdata')"
               "  t.equal(r.request.json, { password = '***' })"
               "  t.equal(r.log, { '{\"password\":\"***\"}' }) end }");
}

static void a_test_that_fails_is_named_with_file_and_line(void)
{
    static const struct {
        const char *code, *message;
    } rows[] = {
        {"t.equal({ a = 1 }, { a = 2 }, 'sizes')", ":2: sizes: expected {\"a\":2}, got {\"a\":1}"},
        {"t.equal(t.run('request', { options = { x = 1 } }).verdict, 'none')",
         "expected \"none\", got \"failed\"; the hook failed: "},
        {"t.check(not t.run('request', { options = { x = 1 } }).error)", "; the hook failed: "},
        {"t:run('request')", "t.run is called with a dot: write t.run(...)"},
        {"t:equal(1, 1)", "t.equal is called with a dot"},
        {"t:check(true)", "t.check is called with a dot"},
        {"t.equal(nil, 'nil')", "expected \"nil\", got nil"},
        {"t.check(false, 'it holds')", ":2: it holds: the condition is not true"},
        {"t.fails(t.run('request'), 'x')", "expected a failure, got the verdict none"},
        {"t.fails({ verdict = 'failed', error = 'abc' }, 'x')",
         "expected a failure like 'x', got: abc"},
        {"error('plain')", ":2: plain"},
        {"t.run('check')", "the plugin has no check hook"},
        {"t.run('resolve')", "there is no phase 'resolve'"},
        {"t.run('request', { calls = {} })", "has no 'calls'; did you mean 'call'?"},
        {"t.run('request', { call = { acount = '' } })", "did you mean 'account'?"},
        {"t.run('request', { call = { account = 1 } })", "account must be text"},
        {"t.run('request', { request = { headers = { ['a b'] = '' } } })", "header"},
        {"t.run('request', { request = { json = { [1.5] = 1 } } })", "cannot be JSON"},
        {"t.run('request', { call = { vars = { a = {} } } })", "call.vars must be"},
        {"t.run('request', { call = { operation = 'delete' } })",
         "there is no operation 'delete'; there are: register, list, deregister, call"},
        {"t.run('request', { call = { operation = 'lst' } })", "did you mean 'list'?"},
        {"t.run('accept', { call = { operation = 'list' } })", "there are: accept"},
        {"t.run('request', { time_ms = 'noon' })", "time_ms must be an integer"},
        {"t.run('request', { time_ms = -1 })", "time_ms is milliseconds since 1970"},
        {"while true do end", "limit"},
        {"io.open('x')", ":2: "},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[512];
        cleanup_outcome outcome outcome = OUTCOME_INIT;
        long long line = 0;
        snprintf(text, sizeof(text), "return { it = function(t)\n%s end,\nnext = function() end }",
                 rows[i].code);
        CHECK_OK(run(&outcome, "hooks = { request = function() end }", text));
        CHECK_INT(outcome.failed, 1);
        const char *message = json_get_string(test_at(&outcome, 0), "message");
        if (!check_report(strstr(message, rows[i].message), __FILE__, __LINE__, "%s", message))
            return;
        CHECK(json_integer(json_get(test_at(&outcome, 0), "line"), &line));
        CHECK_INT(line, 2);
        CHECK(is_ok(test_at(&outcome, 1)));
    }
}

static void a_plugin_that_loops_fails_its_run_and_nothing_else(void)
{
    CHECK_GOOD("hooks = { request = function(call) while call.service do end end }",
               "return { both = function(t)"
               "  t.fails(t.run('request', { call = { service = 'S' } }), 'deadline')"
               "  t.equal(t.run('request').verdict, 'none') end }");
}

static void a_hook_that_audits_fails_visibly(void)
{
    CHECK_GOOD("hooks = { audit = function(event) error('full') end,"
               " error = function(call, failure) error('worse') end }",
               "return { both = function(t) t.fails(t.run('audit'), 'full')"
               " t.fails(t.run('error'), 'worse') end }");
}

static void a_file_that_is_no_test_is_refused(void)
{
    static const struct {
        const char *test, *message;
    } rows[] = {
        {"return 1", "a test returns a table of functions"},
        {"return {}", "there is no test in it"},
        {"return { a = 1 }", "'a' is no function"},
        {"return { function() end }", "a table of names and functions"},
        {"return {", "p_test.lua:1:"},
        {"while true do end", "limit"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_outcome outcome outcome = OUTCOME_INIT;
        CHECK_STATUS(run(&outcome, "hooks = {}", rows[i].test), THINGSPACE_PLUGIN);
        if (!check_report(strstr(outcome.error.message, rows[i].message), __FILE__, __LINE__, "%s",
                          outcome.error.message))
            return;
        CHECK(!outcome.report);
    }
}

static void a_test_needs_its_plugin_beside_it(void)
{
    cleanup_outcome outcome outcome = OUTCOME_INIT;
    CHECK_STATUS(plugin_test_run(&outcome.report, &outcome.failed, check_file("q_test.lua", ""),
                                 &outcome.error),
                 THINGSPACE_PLUGIN);
    CHECK(strstr(outcome.error.message, "q.lua"));
    CHECK_STATUS(
        plugin_test_run(&outcome.report, &outcome.failed, check_file("r.lua", ""), &outcome.error),
        THINGSPACE_PLUGIN);
    CHECK(strstr(outcome.error.message, "r_test.lua"));
    CHECK_STATUS(
        plugin_test_run(&outcome.report, &outcome.failed, check_file("r.txt", ""), &outcome.error),
        THINGSPACE_PLUGIN);
    CHECK(strstr(outcome.error.message, "NAME_test.lua"));
}

static void warnings_of_the_load_are_no_lines_of_the_plugin(void)
{
    cleanup_outcome outcome outcome = OUTCOME_INIT;
    check_file("w_test.lua", "return { it = function(t) t.equal(t.run('check').log, {}) end }");
    const char *file =
        check_file("w.lua", "return { " MANIFEST " hooks = { check = function() end } }");
    CHECK(chmod(file, 0666) == 0);
    CHECK_OK(plugin_test_run(&outcome.report, &outcome.failed, file, &outcome.error));
    CHECK(all_good(&outcome));
}

static void the_plugin_is_enough_to_find_its_test(void)
{
    cleanup_outcome outcome outcome = OUTCOME_INIT;
    check_file("s_test.lua", "return { it = function(t) t.equal(t.run('check').verdict, 'none') "
                             "end }");
    CHECK_OK(plugin_test_run(
        &outcome.report, &outcome.failed,
        check_file("s.lua", "return { " MANIFEST " hooks = { check = function() end } }"),
        &outcome.error));
    CHECK(all_good(&outcome));
    CHECK(strstr(json_get_string(outcome.report, "file"), "s_test.lua"));
}

static const check_case cases[] = {
    CHECK_CASE(a_request_hook_is_given_a_request_and_its_changes_are_seen),
    CHECK_CASE_ONCE(the_method_is_that_of_the_operation),
    CHECK_CASE_ONCE(messages_have_operations_of_their_own),
    CHECK_CASE_ONCE(the_time_is_what_the_test_says),
    CHECK_CASE_ONCE(buckets_fill_with_the_time_of_the_test),
    CHECK_CASE_ONCE(every_verdict_is_told),
    CHECK_CASE_ONCE(answers_failures_and_events_can_be_given_too),
    CHECK_CASE_ONCE(state_lasts_for_one_test_and_equal_options),
    CHECK_CASE_ONCE(tables_are_compared_by_what_is_in_them),
    CHECK_CASE(secrets_stay_secrets),
    CHECK_CASE_ONCE(a_test_that_fails_is_named_with_file_and_line),
    CHECK_CASE_ONCE(a_plugin_that_loops_fails_its_run_and_nothing_else),
    CHECK_CASE(a_hook_that_audits_fails_visibly),
    CHECK_CASE_ONCE(a_file_that_is_no_test_is_refused),
    CHECK_CASE(a_test_needs_its_plugin_beside_it),
    CHECK_CASE_ONCE(warnings_of_the_load_are_no_lines_of_the_plugin),
    CHECK_CASE_ONCE(the_plugin_is_enough_to_find_its_test),
};
CHECK_MAIN(cases)
