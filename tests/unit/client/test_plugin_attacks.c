/* SPDX-License-Identifier: MIT */
/*
 * Plugins that attack a real call: what they cost, what is sent, who decides last, how it ends. The
 * numbers are those of the list of attacks that the plugin host must survive.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <thingspace/plugins.h>
#include "base/limits.h"
#include "check.h"
#include "plugged.h"

/* --- 7 --- */

static void line_07_log_lines_of_a_real_call_are_limited(void)
{
    static const char flood[] = "function() for i = 1, 1000 do say('line') end end";
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    static notes notes;
    char hooks[300];
    snprintf(hooks, sizeof(hooks), "request = %s, response = %s, audit = %s", flood, flood, flood);
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client, hooks, &notes));
    CHECK_OK(plugged_perform(client, NULL, NULL));
    CHECK_INT(notes_count(&notes, "line"), 3 * 20);
}

/* --- 10 --- */

#define LISTENERS 9000

static thingspace_status fill_list(service *service)
{
    char name[32], url[830];
    thingspace_status status = THINGSPACE_OK;
    memset(url, 'x', sizeof(url) - 1);
    memcpy(url, "https://hooks.example.com/", 26);
    url[sizeof(url) - 1] = '\0';
    for (int i = 0; i < LISTENERS && status == THINGSPACE_OK; i++) {
        thingspace_simulator_listener listener = THINGSPACE_SIMULATOR_LISTENER_INIT;
        snprintf(name, sizeof(name), "Service%04d", i);
        listener.account = PLUGGED_ACCOUNT;
        listener.service = name;
        listener.url = url;
        status = thingspace_simulator_add_listener(service->simulator, &listener, NULL);
    }
    return status;
}

/* A plugin that is granted just these. */
static const char *script_with(const char *name, const char *capabilities, const char *hooks)
{
    char file[100], text[2000];
    snprintf(file, sizeof(file), "%s.lua", name);
    snprintf(text, sizeof(text),
             "return { name = '%s', version = '1.0.0', api = 1, capabilities = { %s },\n"
             "  hooks = { %s } }",
             name, capabilities, hooks);
    return check_file(file, text);
}

typedef struct body_case {
    const char *name, *capabilities, *limits, *code, *message; /* NULL: the call succeeds */
} body_case;

#define READS "'response.body:read'"
static const body_case body_cases[] = {
    {"looks", "", "", "thingspace.log('> ' .. response.status .. #response:header('Content-Type'))",
     NULL},
    {"asks", "", "", "response:json()", "response.body:read"},
    {"text", "", "", "response:text()", "response.body:read"},
    {"reads", READS, "deadline_ms = 20000, instructions = 100000000",
     "thingspace.log('> ' .. #response:json())", NULL},
    {"whole", READS, "", "response:text()", "more than the 1024 KiB"},
    {"small", READS, "memory_bytes = 1000000", "response:json()", "more than the"},
    {"tight", READS, "memory_bytes = 10000000, deadline_ms = 20000", "response:json()",
     "ran out of memory"},
    {"slow", READS, "", "while true do response:json() end", "deadline"},
};

static void try_body(service *service, const body_case *row)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_result thingspace_result *result = NULL;
    static notes notes;
    char rows[4096], hook[300];
    thingspace_error error = THINGSPACE_ERROR_INIT;
    snprintf(hook, sizeof(hook), "response = function(call, response) %s end", row->code);
    snprintf(rows, sizeof(rows), "{ '%s', grant = { %s }, limits = { %s } }",
             script_with(row->name, row->capabilities, hook), row->capabilities, row->limits);
    CHECK_OK(plugged_client(service, &client, rows, &notes, NULL, NULL));
    thingspace_status status = thingspace_list(client, &result, PLUGGED_ACCOUNT, &error);
    CHECK(check_report(status == (row->message ? THINGSPACE_PLUGIN : THINGSPACE_OK), __FILE__,
                       __LINE__, "%s: %s", row->name, error.message));
    if (row->message)
        CHECK(check_report(strstr(error.message, row->message), __FILE__, __LINE__, "%s: %s",
                           row->name, error.message));
    else
        CHECK_INT(thingspace_result_count(result), LISTENERS);
}

static void line_10_an_answer_of_8_mib_enters_only_when_asked_for(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    cleanup_result thingspace_result *result = NULL;
    size_t size = 0;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(fill_list(&service));
    CHECK_OK(service_client(&service, &client, NULL));
    CHECK_OK(thingspace_list(client, &result, PLUGGED_ACCOUNT, NULL));
    (void)thingspace_result_body(result, &size);
    CHECK(size > LIMIT_RESPONSE_BODY - LIMIT_RESPONSE_BODY / 16);
    for (size_t i = 0; i < sizeof(body_cases) / sizeof(*body_cases); i++)
        try_body(&service, &body_cases[i]);
}

/* --- 20 --- */

static void line_20_what_is_sent_has_the_librarys_own_fields(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(
        &service, &client,
        "request = function(call, request) for _, name in ipairs{ 'Host', 'Content-Length',\n"
        "'Transfer-Encoding', 'Authorization', 'VZ-M2M-Token' } do\n"
        "pcall(request.set_header, request, name, 'forged') pcall(request.remove_header, request,\n"
        "name) end end",
        NULL));
    CHECK_OK(plugged_perform(client, NULL, NULL));
    CHECK(strncmp(plugged_sent_header(&service, "Host"), "127.0.0.1:", 10) == 0);
    CHECK(strncmp(plugged_sent_header(&service, "Authorization"), "Bearer ", 7) == 0);
    CHECK(strlen(plugged_sent_header(&service, "VZ-M2M-Token")) > 8);
    CHECK(atoi(plugged_sent_header(&service, "Content-Length")) > 20);
    CHECK_TEXT(plugged_sent_header(&service, "Transfer-Encoding"), "");
}

/* --- 21 --- */

static void line_21_resolve_can_only_name_what_was_declared(void)
{
    static const char *const answers[][2] = {
        {"endpoint = 'nowhere'", "endpoint 'nowhere'"},
        {"credential = 'nobody'", "credential 'nobody'"},
        {"endpoint = 'https://evil.example'", "endpoint is a URL where a name belongs"},
        {"credential = thingspace.secret.env('HOME')", "p"},
        {"endpoint = { url = 'https://evil.example' }", "endpoint must be text, not a table"},
    };
    cleanup_service service;
    CHECK_OK(service_start_alone(&service, NULL));
    for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
        cleanup_client thingspace_client *client = NULL;
        thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        char text[300];
        snprintf(text, sizeof(text),
                 "return { name = 'p', accounts = { '" PLUGGED_ACCOUNT "' },\n"
                 "  resolve = function() return { %s } end }",
                 answers[i][0]);
        options.policy_text = text;
        CHECK_OK(service_client(&service, &client, &options));
        CHECK_STATUS(thingspace_list(client, NULL, PLUGGED_ACCOUNT, &error), THINGSPACE_POLICY);
        if (!check_report(strstr(error.message, answers[i][1]), __FILE__, __LINE__, "%s: %s",
                          answers[i][0], error.message))
            return;
        CHECK_INT(service_number(&service, "requestCount"), 0);
    }
}

/* --- 22 --- */

static const char guarded_policy[] =
    "return { name = 'p', accounts = { 'Acme-1' },\n"
    "  plugins = { { './guards.lua', priority = 10000, grant = { 'request.body:read' } } },\n"
    "  tenants = { acme = { script = 'acme.lua', accounts = { 'Acme-*' },\n"
    "    endpoints = { 'environment' }, credentials = { 'environment' },\n"
    "    urls = { 'https://*.acme.example/*' },\n"
    "    plugins = { ['./moves.lua'] = { 'request.body:write' } } } } }";

static void write_guarded(void)
{
    check_file("guards.lua", "return { name = 'guards', version = '1.0.0', api = 1,\n"
                             "  capabilities = { 'request.body:read' },\n"
                             "  hooks = { check = function(call, request)\n"
                             "    if not request:text():find('good.acme', 1, true) then\n"
                             "      return thingspace.deny('elsewhere') end end } }");
    check_file("acme.lua", "return { accounts = { 'Acme-1' }, plugins = { { './moves.lua',\n"
                           "  priority = 0, grant = { 'request.body:write' } } } }");
    check_file("moves.lua", "local function move(call, request) pcall(request.set_json, request,\n"
                            "  { name = call.service, url = 'https://bad.acme.example/x' }) end\n"
                            "return { name = 'moves', version = '1.0.0', api = 1,\n"
                            "  capabilities = { 'request.body:write' },\n"
                            "  hooks = { request = move, check = move } }");
}

/* The guard sees what the tenant made of the request, and nothing may change it afterwards. */
static void line_22_a_tenants_rewrite_comes_before_the_operators_guard(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    write_guarded();
    options.policy_text = guarded_policy;
    options.policy_folder = check_folder();
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(service_client(&service, &client, &options));
    CHECK_STATUS(thingspace_register(client, NULL, "Acme-1", "CarrierService",
                                     "https://good.acme.example/x", NULL, NULL, &error),
                 THINGSPACE_DENIED);
    CHECK_TEXT(error.code, "elsewhere");
    CHECK_INT(service_count(&service, "POST /api/m2m/v1/callbacks/Acme-1"), 0);
}

static void line_22b_endpoints_that_are_no_safe_place_refuse_the_policy(void)
{
    static const char *const urls[] = {
        "'ftp://a.example'",
        "'file:///etc/passwd'",
        "'gopher://a.example'",
        "'https://user:pw@a.example'",
        "'https://a.example\\0.b'",
        "'https://a.example/' .. ('x'):rep(65536)",
        "'https://a.example:0'",
        "'https://a.example:65536'",
        "'http://a.example'",
        "'https://10.0.0.1'",
        "'//a.example'",
        "''",
        "'https://a.example\\r\\nX:y'",
    };
    for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
        cleanup_client thingspace_client *client = NULL;
        thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        char text[300];
        snprintf(text, sizeof(text),
                 "return { name = 'p', accounts = { 'A' }, endpoints = { lab = { url = %s } } }",
                 urls[i]);
        options.policy_text = text;
        thingspace_status status = thingspace_client_new(&client, &options, &error);
        if (!check_report(status == THINGSPACE_POLICY && strstr(error.message, "lab") &&
                              !strstr(error.message, "pw"),
                          __FILE__, __LINE__, "%s: %s", urls[i], error.message))
            return;
    }
}

/* --- 31 --- */

static void line_31_a_configure_that_fails_refuses_the_load_under_each_policy(void)
{
    static const char *const policies[] = {"fail", "skip", "quarantine"};
    cleanup_service service;
    CHECK_OK(service_start_alone(&service, NULL));
    const char *file = check_file("configures.lua",
                                  "return { name = 'configures', version = '1.0.0', api = 1,\n"
                                  "  hooks = {}, configure = function()\n    error('boom') end }");
    for (size_t i = 0; i < 3; i++) {
        cleanup_client thingspace_client *client = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        char rows[600];
        snprintf(rows, sizeof(rows), "{ '%s', on_error = '%s' }", file, policies[i]);
        CHECK_STATUS(plugged_client(&service, &client, rows, NULL, NULL, &error),
                     THINGSPACE_PLUGIN);
        CHECK(client == NULL);
        CHECK(strstr(error.message, "configures.lua:3: boom") != NULL);
        CHECK_INT(error.line, 3);
    }
}

static void line_31_a_resolve_that_fails_fails_its_call_once(void)
{
    static const char *const bodies[] = {"error('boom')", "while true do end", "return 7"};
    cleanup_service service;
    CHECK_OK(service_start_alone(&service, NULL));
    for (size_t i = 0; i < 3; i++) {
        cleanup_client thingspace_client *client = NULL;
        thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
        outcome outcome = {0};
        char text[300];
        snprintf(text, sizeof(text),
                 "return { name = 'p', accounts = { '" PLUGGED_ACCOUNT "' },\n"
                 "  resolve = function() %s end }",
                 bodies[i]);
        options.policy_text = text;
        CHECK_OK(service_client(&service, &client, &options));
        const thingspace_request request = plugged_register(0);
        CHECK_OK(thingspace_call_start(client, NULL, &request, plugged_done, &outcome, NULL));
        CHECK_OK(thingspace_client_run(client, -1, NULL));
        CHECK_INT(outcome.done, 1);
        CHECK_STATUS(outcome.status, THINGSPACE_POLICY);
        CHECK_INT(service_number(&service, "requestCount"), 0);
    }
}

/* --- 33 --- */

static void line_33_a_broken_reload_leaves_a_thousand_calls_in_flight_alone(void)
{
    static const char good[] = "return { name = 'parks', version = '1.0.0', api = 1, hooks = {\n"
                               "  request = function() return thingspace.wait(100) end,\n"
                               "  response = function() thingspace.log('> A') end } }";
    static const char *const broken[] = {"return { name = 'parks',", "error('no')",
                                         "while true do end", "return { name = 'parks' }", ""};
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    static notes notes;
    char rows[600];
    outcome outcome = {0};
    CHECK_OK(service_start_alone(&service, NULL));
    snprintf(rows, sizeof(rows), "{ '%s' }", check_file("parks.lua", good));
    CHECK_OK(plugged_client(&service, &client, rows, &notes, NULL, NULL));
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = PLUGGED_ACCOUNT;
    for (int i = 0; i < 1000; i++)
        CHECK_OK(thingspace_call_start(client, NULL, &request, plugged_done, &outcome, NULL));
    CHECK_OK(thingspace_client_run(client, 20, NULL));
    for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        check_file("parks.lua", broken[i]);
        CHECK_STATUS(thingspace_client_reload(client, &error), THINGSPACE_PLUGIN);
        CHECK(strstr(error.message, "parks.lua") != NULL);
    }
    CHECK_OK(thingspace_client_run(client, -1, NULL));
    CHECK_INT(outcome.done, 1000);
    CHECK_INT(outcome.good, 1000);
    CHECK_OK(thingspace_list(client, NULL, PLUGGED_ACCOUNT, NULL));
    CHECK_INT(notes_count(&notes, "A"), 1001);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(line_07_log_lines_of_a_real_call_are_limited),
    CHECK_CASE_ONCE(line_10_an_answer_of_8_mib_enters_only_when_asked_for),
    CHECK_CASE_ONCE(line_20_what_is_sent_has_the_librarys_own_fields),
    CHECK_CASE_ONCE(line_21_resolve_can_only_name_what_was_declared),
    CHECK_CASE_ONCE(line_22b_endpoints_that_are_no_safe_place_refuse_the_policy),
    CHECK_CASE_ONCE(line_22_a_tenants_rewrite_comes_before_the_operators_guard),
    CHECK_CASE_ONCE(line_31_a_configure_that_fails_refuses_the_load_under_each_policy),
    CHECK_CASE_ONCE(line_31_a_resolve_that_fails_fails_its_call_once),
    CHECK_CASE_ONCE(line_33_a_broken_reload_leaves_a_thousand_calls_in_flight_alone),
};
CHECK_MAIN(cases)
