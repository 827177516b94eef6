/* SPDX-License-Identifier: MIT */
/* Reload: a new generation for new calls, the old one for those in flight, and never a broken one.
 */
#include <config.h>
#include <stdio.h>
#include <thingspace/plugins.h>
#include "check.h"
#include "plugged.h"

/* The policy's file and its plugin, written again before each reload. */
static const char *write_policy(const char *endpoint, const char *more)
{
    char text[1500];
    snprintf(text, sizeof(text),
             "return { name = 'reloaded', accounts = { '" PLUGGED_ACCOUNT "' },\n"
             "  endpoints = { lab = { url = '%s' } },\n"
             "  resolve = function() return { endpoint = 'lab' } end,\n"
             "  plugins = { { './marks.lua' } } %s }",
             endpoint, more);
    return check_file("reloaded.lua", text);
}

/* Each call is marked when it begins; what another generation's hook finds is told. */
static void write_plugin(const char *mark, unsigned wait_ms)
{
    char text[1000];
    snprintf(text, sizeof(text),
             "local mark = '%s'\n"
             "return { name = 'marks', version = '1.0.0', api = 1, hooks = {\n"
             "  request = function(call) call.vars.mark = mark return thingspace.wait(%u) end,\n"
             "  response = function(call) thingspace.log('> ' .. (call.vars.mark == mark and mark "
             "or 'mixed')) end } }",
             mark, wait_ms);
    check_file("marks.lua", text);
}

static thingspace_status make_client(service *service, thingspace_client **out, const char *file,
                                     notes *notes)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.policy_file = file;
    plugged_listen(&options, notes);
    return service_client(service, out, &options);
}

static const char *url_of(const service *service)
{
    return thingspace_simulator_url(service->simulator);
}

static thingspace_status start_many(thingspace_client *client, outcome *outcome, unsigned count)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    thingspace_status status = THINGSPACE_OK;
    request.account = PLUGGED_ACCOUNT;
    for (unsigned i = 0; i < count && status == THINGSPACE_OK; i++)
        status = thingspace_call_start(client, NULL, &request, plugged_done, outcome, NULL);
    return status;
}

static void a_thousand_calls_in_flight_each_see_one_generation(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    static notes notes;
    outcome outcome = {0};
    CHECK_OK(service_start_alone(&service, NULL));
    write_plugin("A", 100);
    CHECK_OK(make_client(&service, &client, write_policy(url_of(&service), ""), &notes));
    CHECK_OK(start_many(client, &outcome, 1000));
    CHECK_OK(thingspace_client_run(client, 20, NULL));
    write_plugin("B", 1);
    CHECK_OK(thingspace_client_reload(client, NULL));
    CHECK_OK(start_many(client, &outcome, 1000));
    CHECK_OK(thingspace_client_run(client, -1, NULL));
    CHECK_INT(outcome.good, 2000);
    CHECK_INT(notes_count(&notes, "A"), 1000);
    CHECK_INT(notes_count(&notes, "B"), 1000);
}

static void endpoint_and_credential_outlive_the_reload(void)
{
    cleanup_service first;
    cleanup_service second;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    outcome outcome = {0};
    CHECK_OK(service_start_alone(&second, NULL));
    CHECK_OK(service_start_alone(&first, NULL));
    write_plugin("A", 50);
    CHECK_OK(make_client(&first, &client, write_policy(url_of(&first), ""), &notes));
    CHECK_OK(start_many(client, &outcome, 1));
    CHECK_OK(thingspace_client_run(client, 10, NULL));
    write_policy(url_of(&second), "");
    CHECK_OK(thingspace_client_reload(client, NULL));
    CHECK_OK(start_many(client, &outcome, 1));
    CHECK_OK(thingspace_client_run(client, -1, NULL));
    CHECK_INT(outcome.good, 2);
    CHECK_INT(service_count(&first, "GET " PLUGGED_PATH), 1);
    CHECK_INT(service_count(&second, "GET " PLUGGED_PATH), 1);
}

static void a_broken_reload_leaves_the_old_one_at_work(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(service_start_alone(&service, NULL));
    write_plugin("A", 0);
    CHECK_OK(make_client(&service, &client, write_policy(url_of(&service), ""), &notes));
    check_file("marks.lua", "return { name = 'marks',");
    CHECK_STATUS(thingspace_client_reload(client, &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "marks.lua") != NULL);
    CHECK_OK(thingspace_list(client, NULL, PLUGGED_ACCOUNT, NULL));
    write_plugin("B", 0);
    write_policy(url_of(&service), ", acounts = {}");
    CHECK_STATUS(thingspace_client_reload(client, &error), THINGSPACE_POLICY);
    CHECK(strstr(error.message, "acounts") != NULL);
    CHECK_OK(thingspace_list(client, NULL, PLUGGED_ACCOUNT, NULL));
    CHECK_TEXT(notes.text, "A;A;");
    write_policy(url_of(&service), "");
    CHECK_OK(thingspace_client_reload(client, NULL));
    CHECK_OK(thingspace_list(client, NULL, PLUGGED_ACCOUNT, NULL));
    CHECK_TEXT(notes.text, "A;A;B;");
}

/* What thingspace-plugin(7) says of a reload. */
static void state_buckets_and_quarantine_begin_anew(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    char rows[4096] = "";
    CHECK_OK(service_start_alone(&service, NULL));
    plugged_row(rows,
                plugged_script("keeps", "request = function() say(thingspace.state:add('n'), "
                                        "thingspace.take('b', 0.001, 1) > 0 and 'late' or 'now') "
                                        "end"),
                "");
    plugged_row(rows, plugged_script("rests", "request = function() say('runs') error('no') end"),
                "on_error = 'quarantine'");
    CHECK_OK(plugged_client(&service, &client, rows, &notes, NULL, NULL));
    for (int i = 0; i < 4; i++) {
        if (i % 2 == 0 && i > 0)
            CHECK_OK(thingspace_client_reload(client, NULL));
        CHECK_OK(thingspace_list(client, NULL, PLUGGED_ACCOUNT, NULL));
    }
    CHECK_TEXT(notes.text, "1 now;runs;2 late;1 now;runs;2 late;");
}

typedef struct reloading {
    thingspace_client *client;
    thingspace_status status;
    unsigned done;
} reloading;

static void reload_inside(thingspace_result *result, void *user)
{
    reloading *self = user;
    thingspace_result_free(result);
    self->done++;
    if (self->status == THINGSPACE_OK)
        self->status = thingspace_client_reload(self->client, NULL);
}

static void a_done_function_may_reload(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    CHECK_OK(service_start_alone(&service, NULL));
    write_plugin("A", 1);
    CHECK_OK(make_client(&service, &client, write_policy(url_of(&service), ""), &notes));
    reloading reloading = {client, THINGSPACE_OK, 0};
    request.account = PLUGGED_ACCOUNT;
    for (int i = 0; i < 20; i++)
        CHECK_OK(thingspace_call_start(client, NULL, &request, reload_inside, &reloading, NULL));
    CHECK_OK(thingspace_client_run(client, -1, NULL));
    CHECK_OK(reloading.status);
    CHECK_INT(reloading.done, 20);
    CHECK_INT(notes_count(&notes, "A"), 20);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(state_buckets_and_quarantine_begin_anew),
    CHECK_CASE_ONCE(a_thousand_calls_in_flight_each_see_one_generation),
    CHECK_CASE_ONCE(endpoint_and_credential_outlive_the_reload),
    CHECK_CASE_ONCE(a_broken_reload_leaves_the_old_one_at_work),
    CHECK_CASE_ONCE(a_done_function_may_reload),
};
CHECK_MAIN(cases)
