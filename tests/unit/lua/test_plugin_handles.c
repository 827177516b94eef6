/* SPDX-License-Identifier: MIT */
/* What hooks see and change through their handles, and what a handle refuses. */
#include "plugin_fixture.h"

static void the_call_tells_what_is_asked_for(void)
{
    static const rig_case rows[] = {
        {"call.account", "a-1"},      {"call.operation", "register"},  {"call.service", "3"},
        {"call.url", "nil"},          {"call.id", "0123456789abcdef"}, {"call.reason", "because"},
        {"call.plan", "nil"},         {"call.endpoint", "nil"},        {"call.attempt", "0"},
        {"type(call.tags)", "table"}, {"call.dry_run", "false"},       {"call", "call"},
        {"type(call)", "userdata"},   {"getmetatable(call)", "nil"},   {"call == call", "true"},
    };
    CHECK_SIGHTS(rows, "request", PHASE_REQUEST);
}

static void the_request_is_read(void)
{
    static const rig_case rows[] = {
        {"request.method", "POST"},
        {"request.path", "/callbacks/a-1"},
        {"request:header('content-TYPE')", "application/json"},
        {"request:header('X-None')", "nil"},
        {"request:query('page')", "2"},
        {"request:query('none')", "nil"},
        {"request:json().name", "CarrierService"},
        {"#request:json().list", "0"},
        {"request:text()", "{\"name\":\"CarrierService\",\"list\":[]}"},
        {"request", "request"},
    };
    CHECK_SIGHTS(rows, "request", PHASE_REQUEST);
    CHECK_SIGHTS(rows, "check", PHASE_CHECK);
}

static void the_answer_is_read(void)
{
    static const rig_case rows[] = {
        {"request.status", "201"},
        {"request:header('x-kind')", "test"},
        {"request:header('Set-Cookie')", "***"},
        {"request:json().n", "1"},
        {"request:text()", "{\"url\":\"https://a.example/\",\"n\":1}"},
        {"request", "response"},
    };
    CHECK_SIGHTS(rows, "response", PHASE_RESPONSE);
}

static void the_failure_is_read(void)
{
    static const rig_case rows[] = {
        {"request.kind", "service"}, {"request.message", "the service said no"},
        {"request.status", "nil"},   {"request.code", "nil"},
        {"request", "failure"},
    };
    CHECK_SIGHTS(rows, "error", PHASE_ERROR);
}

static void the_event_is_read(void)
{
    static const rig_case rows[] = {
        {"call.account", "a-1"},
        {"call.id", "0123456789abcdef"},
        {"call.time_ms", "1700000000000"},
        {"call.duration_ms", "34"},
        {"call.operation", "register"},
        {"call.service", "6"},
        {"call.url", "nil"},
        {"call.method", "POST"},
        {"call.path", "/callbacks/a-1"},
        {"call.tenant", "nil"},
        {"call.kind", "ok"},
        {"call.message", "nil"},
        {"call.status", "201"},
        {"call.code", "nil"},
        {"call.reason", "because"},
        {"call.plan", "nil"},
        {"call.replied_by", "nil"},
        {"#call.attempts", "1"},
        {"call.attempts[1].what", "send"},
        {"#call.changes", "0"},
        {"call, request", "event nil"},
    };
    CHECK_SIGHTS(rows, "audit", PHASE_AUDIT);
}

static void the_message_is_read(void)
{
    static const rig_case rows[] = {{"request:header('X-Kind')", "test"},
                                    {"request:json().n", "1"},
                                    {"request", "message"},
                                    {"call.account", "a-1"}};
    CHECK_SIGHTS(rows, "accept", PHASE_ACCEPT);
    CHECK_SIGHTS(rows, "deliver", PHASE_DELIVER);
}

static void setters_change_the_request(void)
{
    static const char code[] =
        "request:set_header('X-Team', 'blue') request:remove_header('Accept')\n"
        "request:set_query('page', '3') request:set_query('more', 'a b')\n"
        "local body = request:json() body.extra = { 1, 2 } request:set_json(body)\n"
        "thingspace.log(request:header('x-team'), request:query('page'), request:text())";
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_request(&rig, code));
    CHECK_TEXT(rig.logged, "p.lua: blue 3 "
                           "{\"extra\":[1,2],\"list\":[],\"name\":\"CarrierService\"}\n");
    CHECK_TEXT(rig_header(&rig, "X-Team"), "blue");
    CHECK(rig_header(&rig, "Accept") == NULL);
    CHECK_TEXT(request_query(rig.request, "more"), "a b");
}

static void a_number_too_long_for_lua_is_sent_as_it_was(void)
{
    static const char found[] = "{\"a\":[12345678901234567890,\"12345678901234567890\"],\"n\":5,"
                                "\"x\":1.2345678901234567890123}";
    json *body = NULL;
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(json_parse(&body, found, strlen(found), NULL));
    CHECK_OK(request_set_json(rig.request, body, NULL));
    CHECK_OK(rig_request(&rig, "local body = request:json() body.n = '5' body.b = body.x\n"
                               "request:set_json(body) thingspace.log(request:text())"));
    CHECK_TEXT(rig.logged, "p.lua: {\"a\":[12345678901234567890,\"12345678901234567890\"],"
                           "\"b\":\"1.2345678901234567890123\",\"n\":\"5\","
                           "\"x\":1.2345678901234567890123}\n");
}

static void a_query_parameter_is_removed_by_nil(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_request(&rig, "request:set_query('page', nil)"));
    CHECK(request_query(rig.request, "page") == NULL);
}

static void setters_change_the_answer(void)
{
    static const char text[] =
        RIG_PLUGIN "response = function(call, response) response:set_header('X-A', 'b')\n"
                   "response:remove_header('X-Kind') response:set_json({ n = 2 }) end" RIG_END;
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_RESPONSE));
    CHECK_TEXT(response_header(&rig.response, "x-a"), "b");
    CHECK(response_header(&rig.response, "X-Kind") == NULL);
    CHECK_TEXT(buffer_text(&rig.response.body), "{\"n\":2}");
}

static void setters_change_the_failure(void)
{
    static const char text[] = RIG_PLUGIN
        "error = function(call, failure) failure:set_message('ask Ann')\n"
        "failure:set_code('ASK') thingspace.log(failure.message, failure.code) end" RIG_END;
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_ERROR));
    CHECK_TEXT(rig.failure.message, "ask Ann");
    CHECK_TEXT(rig.logged, "p.lua: ask Ann ASK\n");
}

static void variables_are_shared_and_scalar(void)
{
    static const char text[] =
        RIG_PLUGIN "request = function(call) call.vars.a = 1 call.vars.b = 'x' call.vars.c = true\n"
                   "call.vars.d = 1.5 call.vars.a = nil end,\n"
                   "check = function(call) local v = call.vars\n"
                   "thingspace.log(v.a, v.b, v.c, v.d, v.none, v) end" RIG_END;
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_OK(rig_run(&rig, PHASE_CHECK));
    CHECK_TEXT(rig.logged, "p.lua: nil x true 1.5 nil vars\n");
}

static void what_handles_refuse(void)
{
    static const rig_case rows[] = {
        {"return nil, tostring(request.methd)",
         "the request has no 'methd'; did you mean 'method'?"},
        {"local x = call.zzzzzzzzzz", "the call has no 'zzzzzzzzzz'"},
        {"local x = call.method", "the call has no 'method'; the request has it: a hook of phase "
                                  "'request' gets (call, request)"},
        {"local x = call[1]", "the call has no '1'"},
        {"local x = call[{}]", "the call has no 'table'"},
        {"request.method = 'GET'",
         "'method' of the request cannot be assigned: what may change has a method"},
        {"call.account = 'b'", "'account' of the call cannot be assigned: only call.vars.NAME can"},
        {"call.vars = {}", "call.vars.NAME"},
        {"call.vars.x = {}", "call.vars holds texts, numbers, booleans and nil, not a table"},
        {"call.vars[1] = 2", "the key of call.vars must be text, not a number"},
        {"request.header('X')", "not the request: call it with a colon, request:header(...)"},
        {"request.set_header({}, 'X', 'y')", "not the request: call it with a colon"},
        {"request.set_header(call, 'X', 'y')", "not the request: call it with a colon"},
        {"request.set_header(call.vars, 'X', 'y')", "not the request: call it with a colon"},
        {"request:set_header('X')", "set_header: value is missing"},
        {"request:set_header('X', 1)",
         "set_header: value must be text, not a number: write tostring(...) around it"},
        {"request:set_header('X', 'a', 'b')",
         "too many arguments: write request:set_header(name, value)"},
        {"request:set_header('X', 'a\\0b')", "set_header: value has a zero byte"},
        {"request:set_json()", "set_json needs a value: thingspace.json.null"},
        {"request:set_json(print)", "set_json needs a value"},
        {"request:set_json(function() end)", "a function cannot be JSON"},
        {"return #request", "attempt to get length of a request value"},
        {"return request .. 'x'", "attempt to concatenate a request value"},
        {"request()", "attempt to call a request value"},
    };
    CHECK_FAILURES(rows);
}

static void a_capability_that_is_missing_is_named(void)
{
    static const char text[] = "return { name = 'test', version = '1.0.0', api = 1, hooks = { "
                               "request = function(call, r)\n"
                               "r:set_header('X', 'y') end } }";
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
    CHECK_TEXT(rig.error.message,
               "test: request hook: p.lua:2: the plugin lacks capability request.headers:write: "
               "declare it in the manifest and grant it in the row");
    CHECK_TEXT(rig.error.plugin, "test");
    CHECK_TEXT(rig.error.phase, "request");
    CHECK_TEXT(rig.error.file, "p.lua");
    CHECK_INT(rig.error.line, 2);
}

static void a_check_hook_changes_nothing(void)
{
    static const char text[] =
        RIG_PLUGIN "check = function(call, r) r:set_header('X', 'y') end" RIG_END;
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_STATUS(rig_run(&rig, PHASE_CHECK), THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "stale handle") != NULL);
    CHECK(rig_header(&rig, "X") == NULL);
}

static const check_case cases[] = {
    CHECK_CASE(the_call_tells_what_is_asked_for),
    CHECK_CASE(the_request_is_read),
    CHECK_CASE(the_answer_is_read),
    CHECK_CASE(the_failure_is_read),
    CHECK_CASE(the_event_is_read),
    CHECK_CASE(the_message_is_read),
    CHECK_CASE(setters_change_the_request),
    CHECK_CASE(a_number_too_long_for_lua_is_sent_as_it_was),
    CHECK_CASE(a_query_parameter_is_removed_by_nil),
    CHECK_CASE(setters_change_the_answer),
    CHECK_CASE(setters_change_the_failure),
    CHECK_CASE(variables_are_shared_and_scalar),
    CHECK_CASE(what_handles_refuse),
    CHECK_CASE(a_capability_that_is_missing_is_named),
    CHECK_CASE(a_check_hook_changes_nothing),
};

CHECK_MAIN(cases)
