/* SPDX-License-Identifier: MIT */
/* Which instances a client has, in which order, and what is refused; no network. */
#include <config.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <thingspace/plugins.h>
#include "check.h"
#include "plugged.h"

static void release_text(char **text)
{
    thingspace_text_free(*text);
}

#define cleanup_api_text __attribute__((cleanup(release_text)))

static thingspace_status make_with(thingspace_client **out, const char *policy,
                                   thingspace_client_options *options, thingspace_error *error)
{
    setenv("THINGSPACE_URL", "http://127.0.0.1:9", 1);
    setenv("THINGSPACE_KEY", "k", 1);
    unsetenv("THINGSPACE_POLICY");
    options->policy_text = policy;
    options->policy_folder = check_folder();
    options->state_dir = check_folder();
    return thingspace_client_new(out, options, error);
}

static thingspace_status make(thingspace_client **out, const char *policy,
                              const char *const *plugins, thingspace_error *error)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.plugins = plugins;
    return make_with(out, policy, &options, error);
}

static const char *policy_with(const char *rows)
{
    static char text[4000];
    snprintf(text, sizeof(text),
             "return { name = 'p', accounts = { '" PLUGGED_ACCOUNT "' }, plugins = { %s } }", rows);
    return text;
}

static void write_plain(const char *name)
{
    char file[64], text[300];
    snprintf(file, sizeof(file), "%s.lua", name);
    snprintf(text, sizeof(text),
             "return { name = '%s', version = '1.0.0', api = 1, hooks = {\n"
             "  request = function() end, response = function() end } }",
             name);
    check_file(file, text);
}

static thingspace_status list_plugins(thingspace_client *client, json **out)
{
    cleanup_api_text char *text = NULL;
    thingspace_status status = thingspace_plugin_list(client, &text, NULL);
    return status == THINGSPACE_OK ? json_parse(out, text, strlen(text), NULL) : status;
}

/* "a b c": the instances of a phase in the order of their hooks; `tenant` NULL: the operator's. */
static const char *order_of(const json *list, const char *tenant, const char *phase)
{
    static char text[300];
    text[0] = '\0';
    const json *order = json_get(list, "order");
    for (const json *row = json_first(order); row; row = json_next(row)) {
        const char *of = json_get_string(row, "tenant");
        if (strcmp(json_get_string(row, "phase"), phase) != 0 ||
            strcmp(of ? of : "", tenant ? tenant : "") != 0)
            continue;
        const json *places = json_get(row, "instances");
        for (const json *place = json_first(places); place; place = json_next(place))
            snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", text[0] ? " " : "",
                     json_get_string(place, "instance"));
    }
    return text;
}

static void rows_run_by_priority_and_those_given_apart_run_last(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *list = NULL;
    char third[400];
    write_plain("one");
    write_plain("two");
    write_plain("three");
    snprintf(third, sizeof(third), "%s/three.lua", check_folder());
    const char *const plugins[] = {third, NULL};
    CHECK_OK(make(&client,
                  policy_with("{ './one.lua' }, { './two.lua' }, { './one.lua', name = 'early', "
                              "priority = 10 }"),
                  plugins, NULL));
    CHECK_OK(list_plugins(client, &list));
    CHECK_TEXT(order_of(list, NULL, "request"), "early one two three");
    CHECK_TEXT(order_of(list, NULL, "response"), "three two one early");
    CHECK_INT(json_count(json_get(list, "instances")), 4);
    const json *first = json_first(json_get(list, "instances"));
    CHECK_TEXT(json_get_string(first, "plugin"), "one");
    CHECK_TEXT(json_get_string(first, "onError"), "fail");
    CHECK_INT(json_count(json_get(first, "hooks")), 2);
}

static void a_plugin_given_apart_gets_a_name_that_is_free(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *list = NULL;
    char file[400];
    write_plain("one");
    snprintf(file, sizeof(file), "%s/one.lua", check_folder());
    const char *const plugins[] = {file, file, file, NULL};
    CHECK_OK(make(&client, policy_with("{ './one.lua' }, { './one.lua', name = 'one-3' }"), plugins,
                  NULL));
    CHECK_OK(list_plugins(client, &list));
    CHECK_TEXT(order_of(list, NULL, "request"), "one one-3 one-2 one-4 one-5");
}

static void two_instances_of_one_name_are_refused(void)
{
    cleanup_client thingspace_client *client = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    write_plain("one");
    CHECK_STATUS(make(&client, policy_with("{ './one.lua' }, { './one.lua' }"), NULL, &error),
                 THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "plugins[1]") != NULL);
    CHECK(strstr(error.message, "plugins[2]") != NULL);
    CHECK(strstr(error.message, "'one'") != NULL);
}

static void what_does_not_load_refuses_the_client(void)
{
    static const char *const rows[] = {"{ './absent.lua' }", "{ './text.txt' }", "{ './bad.lua' }",
                                       "{ './one.lua', options = { nope = 1 } }",
                                       "{ './configure.lua' }"};
    write_plain("one");
    check_file("text.txt", "return {}");
    check_file("bad.lua", "return 7");
    check_file("configure.lua", "return { name = 'c', version = '1.0.0', api = 1, hooks = {},\n"
                                "  configure = function() error('not today') end }");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_client thingspace_client *client = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_STATUS(make(&client, policy_with(rows[i]), NULL, &error), THINGSPACE_PLUGIN);
        CHECK(client == NULL);
        CHECK(error.message[0] != '\0');
    }
}

static void options_that_configure_refuses_name_row_and_instance(void)
{
    cleanup_client thingspace_client *client = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    write_plain("one");
    check_file("configure.lua", "return { name = 'c', version = '1.0.0', api = 1, hooks = {},\n"
                                "  configure = function() return nil, 'not today' end }");
    CHECK_STATUS(make(&client, policy_with("{ './one.lua' }, { './configure.lua', name = 'late' }"),
                      NULL, &error),
                 THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "plugins[2]: late: configure: ") != NULL);
    CHECK(strstr(error.message, "configure.lua:2: not today") != NULL);
    CHECK_TEXT(error.plugin, "c");
    CHECK_TEXT(error.instance, "late");
    CHECK_TEXT(error.phase, "configure");
    CHECK_INT(error.line, 2);
}

/* ---- tenants ---- */

static const char tenants_policy[] =
    "return { name = 'p', accounts = { 'Acme-1', 'Bolt-1', 'Own-1' },\n"
    "  plugins = { { './one.lua' } },\n"
    "  tenants = {\n"
    "    acme = { script = 'acme.lua', accounts = { 'Acme-*' }, endpoints = { 'production' },\n"
    "             credentials = { 'environment' }, urls = { 'https://acme.example/*' },\n"
    "             plugins = { ['./moves.lua'] = { 'request.body:read', 'request.body:write' } } "
    "},\n"
    "    bolt = { script = 'bolt.lua', accounts = { 'Bolt-*' }, endpoints = { 'production' },\n"
    "             credentials = { 'environment' }, urls = { 'https://bolt.example/*' },\n"
    "             plugins = { ['./whole.lua'] = {}, ['./broken.lua'] = {} } } } }";

static void write_tenants(void)
{
    write_plain("one");
    write_plain("whole");
    check_file("acme.lua", "return { accounts = { 'Acme-1' }, plugins = { { './moves.lua',\n"
                           "  grant = { 'request.body:read', 'request.body:write' } } } }");
    check_file("bolt.lua", "return { accounts = { 'Bolt-1' },\n"
                           "  plugins = { { './whole.lua' }, { './broken.lua' } } }");
    check_file("broken.lua", "return 7");
    check_file("moves.lua",
               "return { name = 'moves', version = '1.0.0', api = 1,\n"
               "  capabilities = { 'request.body:read', 'request.body:write' },\n"
               "  hooks = { request = function(call, request) local body = request:json()\n"
               "    if call.service == 'CarrierService' then body.URL = 'https://evil.example/' "
               "end\n"
               "    request:set_json(body) end } }");
}

static thingspace_status register_dry(thingspace_client *client, const char *account,
                                      const char *service, const char *url, thingspace_error *error)
{
    thingspace_request request = plugged_register(THINGSPACE_DRY_RUN);
    request.account = account;
    request.service = service;
    request.url = url;
    return thingspace_perform(client, NULL, &request, error);
}

static void a_tenant_whose_plugin_does_not_load_fails_alone(void)
{
    cleanup_client thingspace_client *client = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    write_tenants();
    CHECK_OK(make(&client, tenants_policy, NULL, NULL));
    CHECK_STATUS(register_dry(client, "Bolt-1", "NiddService", "https://bolt.example/x", &error),
                 THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "bolt") != NULL);
    CHECK(strstr(error.message, "broken.lua") != NULL);
    CHECK_OK(register_dry(client, "Own-1", "NiddService", "https://own.example/x", NULL));
    CHECK_OK(register_dry(client, "Acme-1", "NiddService", "https://acme.example/x", NULL));
}

static void what_a_broken_tenant_had_loaded_goes(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *list = NULL;
    write_tenants();
    CHECK_OK(make(&client, tenants_policy, NULL, NULL));
    CHECK_OK(list_plugins(client, &list));
    CHECK_TEXT(order_of(list, "acme", "request"), "one moves");
    CHECK_TEXT(order_of(list, "bolt", "request"), "one");
    CHECK_INT(json_count(json_get(list, "instances")), 2);
}

static void what_a_tenants_hook_makes_of_a_url_must_be_granted(void)
{
    cleanup_client thingspace_client *client = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    write_tenants();
    CHECK_OK(make(&client, tenants_policy, NULL, NULL));
    CHECK_STATUS(register_dry(client, "Acme-1", "CarrierService", "https://acme.example/x", &error),
                 THINGSPACE_POLICY);
    CHECK(strstr(error.message, " (tenant acme): request hook: register CarrierService of Acme-1: "
                                "tenant acme: the URL https://") != NULL);
    CHECK_TEXT(error.phase, "request");
    CHECK_TEXT(error.account, "Acme-1");
    CHECK_STATUS(register_dry(client, "Acme-1", "NiddService", "https://other.example/x", NULL),
                 THINGSPACE_POLICY);
}

static void a_url_that_is_called_endpoint_must_be_granted_too(void)
{
    cleanup_client thingspace_client *client = NULL;
    write_tenants();
    CHECK_OK(make(&client, tenants_policy, NULL, NULL));
    thingspace_request request = plugged_register(THINGSPACE_DRY_RUN);
    request.account = "Acme-1";
    request.service = "Diagnostics";
    request.api = "diagnostics";
    request.url = "https://acme.example/x";
    CHECK_OK(thingspace_perform(client, NULL, &request, NULL));
    request.url = "https://other.example/x";
    CHECK_STATUS(thingspace_perform(client, NULL, &request, NULL), THINGSPACE_POLICY);
}

static void a_tenants_calls_run_the_operators_hooks_around_its_own(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *list = NULL;
    write_tenants();
    CHECK_OK(make(&client, tenants_policy, NULL, NULL));
    CHECK_OK(list_plugins(client, &list));
    CHECK_TEXT(order_of(list, "acme", "request"), "one moves");
    CHECK_TEXT(order_of(list, "bolt", "request"), "one");
    CHECK_TEXT(order_of(list, NULL, "request"), "one");
}

static void settings_are_the_operators_alone(void)
{
    static const char policy[] =
        "return { name = 'p', accounts = { 'Acme-1', 'Own-1' }, plugins = { { './told.lua' } },\n"
        "  tenants = { acme = { script = 'acme.lua', accounts = { 'Acme-*' },\n"
        "    endpoints = { 'production' }, credentials = { 'environment' },\n"
        "    plugins = { ['./told.lua'] = {} } } } }";
    static const char *const settings[] = {"who=operator", NULL};
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.settings = settings;
    cleanup_client thingspace_client *client = NULL;
    notes notes = {.size = 0};
    plugged_listen(&options, &notes);
    check_file("acme.lua", "return { plugins = { { './told.lua', name = 'acmes' } } }");
    check_file("told.lua",
               "return { name = 'told', version = '1.0.0', api = 1, hooks = {\n"
               "  request = function() thingspace.log('> ' .. tostring(thingspace.settings.who))"
               "\n  end } }");
    CHECK_OK(make_with(&client, policy, &options, NULL));
    CHECK_OK(register_dry(client, "Own-1", "NiddService", "https://own.example/x", NULL));
    CHECK_INT(notes_count(&notes, "operator"), 1);
    CHECK_INT(notes_count(&notes, "nil"), 0);
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.flags = THINGSPACE_DRY_RUN;
    request.account = "Acme-1";
    CHECK_OK(thingspace_perform(client, NULL, &request, NULL));
    CHECK_INT(notes_count(&notes, "operator"), 2);
    CHECK_INT(notes_count(&notes, "nil"), 1);
}

/* ---- what is granted in vain ---- */

static void note_line(void *user, thingspace_log_level level, const char *line)
{
    char *lines = user;
    if (level == THINGSPACE_LOG_WARNING)
        snprintf(lines + strlen(lines), 1000 - strlen(lines), "%s\n", line);
}

static thingspace_status make_logged(thingspace_client **out, char lines[1000], const char *policy)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    lines[0] = '\0';
    options.policy_text = policy;
    options.policy_name = "p.lua";
    options.policy_folder = check_folder();
    options.state_dir = check_folder();
    options.log = note_line;
    options.log_user = lines;
    options.log_level = THINGSPACE_LOG_WARNING;
    return thingspace_client_new(out, &options, NULL);
}

static void a_grant_that_the_plugin_does_not_declare_is_warned_of(void)
{
    cleanup_client thingspace_client *client = NULL, *quiet = NULL;
    char lines[1000];
    write_tenants();
    CHECK_OK(make_logged(&client, lines,
                         "return { name = 'p', accounts = {}, plugins = { { './moves.lua', grant = "
                         "{ 'request.body:read', 'request:reply', 'request.body:write', "
                         "'request.headers:write' } } } }"));
    CHECK_TEXT(lines, "p.lua: plugins[1]: moves: the row grants 'request.headers:write', which the "
                      "plugin does not declare: remove it\n"
                      "p.lua: plugins[1]: moves: the row grants 'request:reply', which the plugin "
                      "does not declare: remove it\n");
    check_file("acme.lua", "return { plugins = { { './one.lua' } } }");
    CHECK_OK(make_logged(&quiet, lines,
                         "return { name = 'p', accounts = {}, tenants = { acme = { script = "
                         "'acme.lua', accounts = { 'A-*' }, plugins = { ['./one.lua'] = { "
                         "'request.body:read' } } } } }"));
    CHECK_TEXT(lines, "");
}

/* ---- explain ---- */

static thingspace_status explain(thingspace_client *client, json **out, const char *account,
                                 thingspace_error *error)
{
    cleanup_api_text char *text = NULL;
    thingspace_request request = plugged_register(0);
    request.account = account;
    thingspace_status status = thingspace_plugin_explain(client, &text, &request, error);
    return status == THINGSPACE_OK ? json_parse(out, text, strlen(text), NULL) : status;
}

static void explain_shows_what_hooks_do_and_takes_a_denial_for_an_answer(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *answer = NULL;
    check_file("says.lua",
               "return { name = 'says', version = '1.0.0', api = 1,\n"
               "  capabilities = { 'request.headers:write' }, hooks = {\n"
               "  request = function(call, request) request:set_header('X-A', '1') end,\n"
               "  check = function(call) if call.account == 'No-1' then return "
               "thingspace.deny('D', 'no') end end } }");
    CHECK_OK(make(&client,
                  "return { name = 'p', accounts = { 'Yes-1', 'No-1' }, plugins = { { "
                  "'./says.lua', grant = { 'request.headers:write' } } } }",
                  NULL, NULL));
    CHECK_OK(explain(client, &answer, "Yes-1", NULL));
    CHECK_TEXT(json_get_string(answer, "accountName"), "Yes-1");
    CHECK_TEXT(json_get_string(answer, "operation"), "register");
    CHECK_TEXT(json_get_string(json_get(answer, "headers"), "X-A"), "1");
    CHECK_INT(json_count(json_get(answer, "hooks")), 2);
    CHECK(json_get(answer, "error") == NULL);
    json_free(answer);
    answer = NULL;
    CHECK_OK(explain(client, &answer, "No-1", NULL));
    CHECK_TEXT(json_get_string(json_get(answer, "error"), "kind"), "denied");
    CHECK_TEXT(json_get_string(json_get(answer, "error"), "code"), "D");
    CHECK_INT(json_count(json_get(answer, "hooks")), 2);
    CHECK(json_get(answer, "url") == NULL);
    json_free(answer);
    answer = NULL;
    CHECK_STATUS(explain(client, &answer, "Nobody-1", NULL), THINGSPACE_POLICY);
}

/* ---- options ---- */

static void options_of_an_older_size_work(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *list = NULL;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.size = offsetof(thingspace_client_options, plugins);
    options.plugins = (const char *const *)&options; /* beyond what the caller knows: not read */
    options.plugin_path = (const char *)1;
    options.reason = (const char *)1;
    options.policy_text = "return { name = 'p', accounts = { 'A-1' } }";
    CHECK_OK(thingspace_client_new(&client, &options, NULL));
    CHECK_OK(list_plugins(client, &list));
    CHECK_INT(json_count(json_get(list, "instances")), 0);
    CHECK_INT(json_count(json_get(list, "order")), 0);
}

static void a_name_is_looked_up_on_the_given_path_and_by_a_reload_too(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *list = NULL;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    char path[500];
    const char *plugins[] = {"one", "one,{\"size\":7}", NULL};
    write_plain("one");
    snprintf(path, sizeof(path), "/nonexistent:%s", check_folder());
    options.policy_text = "return { name = 'p', accounts = { 'A-1' } }";
    options.plugin_path = path;
    options.plugins = plugins;
    CHECK_STATUS(thingspace_client_new(&client, &options, NULL), THINGSPACE_PLUGIN);
    plugins[1] = NULL;
    CHECK_OK(thingspace_client_new(&client, &options, NULL));
    plugins[0] = NULL;
    path[0] = '\0';
    CHECK_OK(thingspace_client_reload(client, NULL));
    CHECK_OK(list_plugins(client, &list));
    CHECK_TEXT(order_of(list, NULL, "request"), "one");
}

/*
 * Each client loads several scripts, thousands of allocations. For what fails of them there is one
 * case of each kind: a client that is refused, one with a broken tenant, one that is loaded anew.
 */
static const check_case cases[] = {
    CHECK_CASE_ONCE(rows_run_by_priority_and_those_given_apart_run_last),
    CHECK_CASE_ONCE(a_plugin_given_apart_gets_a_name_that_is_free),
    CHECK_CASE(two_instances_of_one_name_are_refused),
    CHECK_CASE_ONCE(what_does_not_load_refuses_the_client),
    CHECK_CASE(options_that_configure_refuses_name_row_and_instance),
    CHECK_CASE(a_tenant_whose_plugin_does_not_load_fails_alone),
    CHECK_CASE_ONCE(what_a_broken_tenant_had_loaded_goes),
    CHECK_CASE_ONCE(what_a_tenants_hook_makes_of_a_url_must_be_granted),
    CHECK_CASE_ONCE(a_url_that_is_called_endpoint_must_be_granted_too),
    CHECK_CASE_ONCE(a_tenants_calls_run_the_operators_hooks_around_its_own),
    CHECK_CASE_ONCE(settings_are_the_operators_alone),
    CHECK_CASE_ONCE(a_grant_that_the_plugin_does_not_declare_is_warned_of),
    CHECK_CASE(explain_shows_what_hooks_do_and_takes_a_denial_for_an_answer),
    CHECK_CASE(options_of_an_older_size_work),
    CHECK_CASE(a_name_is_looked_up_on_the_given_path_and_by_a_reload_too),
};
CHECK_MAIN(cases)
