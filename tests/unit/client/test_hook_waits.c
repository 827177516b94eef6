/* SPDX-License-Identifier: MIT */
/* Hooks that make their call wait: what goes on meanwhile, and how a wait ends. */
#include <config.h>
#include <poll.h>
#include <stdio.h>
#include <thingspace/plugins.h>
#include "base/clock.h"
#include "check.h"
#include "plugged.h"

#define WAITING(ms)                                                                                \
    "request = function() say('in') return thingspace.wait(" ms ") end, " PLUGGED_AUDIT

static void a_wait_parks_the_call_and_the_next_hook_goes_on(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    char rows[4096] = "";
    CHECK_OK(service_start_alone(&service, NULL));
    plugged_row(rows, plugged_script("waits", WAITING("60")), "");
    plugged_row(rows, plugged_script("after", "request = function() say('next') end"), "");
    CHECK_OK(plugged_client(&service, &client, rows, &notes, NULL, NULL));
    int64_t began = clock_monotonic_ms();
    CHECK_OK(plugged_perform(client, NULL, NULL));
    CHECK(clock_monotonic_ms() - began >= 60);
    CHECK_TEXT(notes.text, "in;next;audit register ok;");
}

static void a_wait_beyond_the_deadline_fails_at_once_and_names_the_instance(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client, WAITING("60000"), &notes));
    int64_t began = clock_monotonic_ms();
    CHECK_STATUS(plugged_perform(client, NULL, &error), THINGSPACE_TIMEOUT);
    CHECK(clock_monotonic_ms() - began < 25000);
    CHECK_TEXT(error.instance, "only");
    CHECK(strstr(error.message, "only: request hook: a wait of ") == error.message);
    CHECK_TEXT(notes.text, "in;audit register timeout;");
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

/* The wait is the least part of it, so that a slow machine comes to the same. */
static void a_call_that_ran_out_of_time_names_the_hook_that_made_it_wait(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_request request = plugged_register(0);
    request.timeout_ms = 1000;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK(service_fault(&service, "POST */token delay=20000"));
    CHECK_OK(plugged_with(&service, &client,
                          "request = function() return thingspace.wait(20) end,\n"
                          "check = function() say('check') end",
                          &notes));
    CHECK_STATUS(thingspace_perform(client, NULL, &request, &error), THINGSPACE_TIMEOUT);
    CHECK(strstr(error.message, "; only had made it wait 20 ms") != NULL);
    CHECK_TEXT(notes.text, "check;");
}

static void a_dry_run_waits_for_nobody_and_is_not_audited(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    cleanup_result thingspace_result *result = NULL;
    cleanup_json json *preview = NULL;
    notes notes;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client,
                          "request = function(call, request) request:set_header('X-A', '1') "
                          "return thingspace.wait(20000) end, " PLUGGED_AUDIT,
                          &notes));
    const thingspace_request request = plugged_register(THINGSPACE_DRY_RUN);
    CHECK_OK(thingspace_perform(client, &result, &request, NULL));
    const char *text = thingspace_result_preview(result);
    CHECK_OK(json_parse(&preview, text, strlen(text), NULL));
    const json *hook = json_first(json_get(preview, "hooks"));
    CHECK_TEXT(json_get_string(hook, "instance"), "only");
    CHECK_TEXT(json_get_string(hook, "verdict"), "wait");
    CHECK_TEXT(json_get_string(json_first(json_get(hook, "changes")), "field"),
               "request.headers.X-A");
    CHECK_TEXT(json_get_string(json_get(preview, "headers"), "X-A"), "1");
    CHECK_TEXT(notes.text, "");
}

static void another_time_is_for_dry_runs_alone(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client,
                          "check = function() local ms = thingspace.time_ms() "
                          "say(ms > 1700000000000 and 'now' or ms) end",
                          &notes));
    thingspace_request request = plugged_register(THINGSPACE_DRY_RUN);
    request.time_ms = 5;
    CHECK_OK(thingspace_perform(client, NULL, &request, NULL));
    request.flags = 0;
    CHECK_OK(thingspace_perform(client, NULL, &request, NULL));
    request.time_ms = -5;
    request.flags = THINGSPACE_DRY_RUN;
    CHECK_OK(thingspace_perform(client, NULL, &request, NULL));
    CHECK_TEXT(notes.text, "5;now;now;");
}

#define WAITS "request = function() return thingspace.wait(20000) end"

static void waits_of_a_dry_run_end_at_the_deadline_as_they_would(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    cleanup_result thingspace_result *result = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char rows[4096] = "";
    notes notes;
    CHECK_OK(service_start_alone(&service, NULL));
    plugged_row(rows, plugged_script("first", WAITS), "");
    plugged_row(rows, plugged_script("second", WAITS ", " PLUGGED_AUDIT), "");
    CHECK_OK(plugged_client(&service, &client, rows, &notes, NULL, NULL));
    thingspace_request request = plugged_register(THINGSPACE_DRY_RUN);
    CHECK_STATUS(thingspace_perform(client, &result, &request, &error), THINGSPACE_TIMEOUT);
    CHECK_TEXT(error.instance, "second");
    CHECK(strstr(error.message, "second: request hook: a wait of 20000 ms goes beyond") != NULL);
    char *text = NULL;
    request.flags = 0;
    CHECK_OK(thingspace_plugin_explain(client, &text, &request, NULL));
    CHECK(strstr(text, "\"error\":{\"kind\":\"timeout\"") != NULL);
    CHECK(strstr(text, "\"notRun\":[{\"plugin\":\"second\",\"instance\":\"second\","
                       "\"phase\":\"audit\"}]") != NULL);
    thingspace_text_free(text);
    CHECK_TEXT(notes.text, "");
}

static void a_wait_ends_in_a_foreign_loop_too(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    char rows[4096] = "";
    outcome outcome = {0};
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.flags = THINGSPACE_FOREIGN_LOOP;
    CHECK_OK(service_start_alone(&service, NULL));
    plugged_row(rows, plugged_script("foreign", WAITING("30")), "");
    CHECK_OK(plugged_client(&service, &client, rows, &notes, &options, NULL));
    const thingspace_request request = plugged_register(0);
    CHECK_OK(thingspace_call_start(client, NULL, &request, plugged_done, &outcome, NULL));
    CHECK_INT(notes.size, 0); /* no hook runs before the loop does */
    struct pollfd watched = {.fd = thingspace_client_fd(client), .events = POLLIN};
    while (!outcome.done && poll(&watched, 1, 5000) > 0)
        CHECK_OK(thingspace_client_process(client, NULL));
    CHECK_INT(outcome.good, 1);
    CHECK_TEXT(notes.text, "in;audit register ok;");
}

static void a_call_that_waits_in_a_hook_is_cancelled(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    outcome outcome = {0};
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client, WAITING("20000"), &notes));
    const thingspace_request request = plugged_register(0);
    thingspace_pending *pending = NULL;
    CHECK_OK(thingspace_call_start(client, &pending, &request, plugged_done, &outcome, NULL));
    CHECK_OK(thingspace_client_run(client, 20, NULL));
    CHECK_INT(outcome.done, 0);
    thingspace_call_cancel(pending);
    CHECK_INT(outcome.done, 1);
    CHECK_INT(outcome.status, THINGSPACE_CANCELLED);
    CHECK_TEXT(notes.text, "in;audit register cancelled;");
}

static void a_cancelled_wait_in_the_response_says_what_was_done(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    outcome outcome = {0};
    notes notes;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client,
                          "response = function() say('here') return thingspace.wait(20000) end",
                          &notes));
    const thingspace_request request = plugged_register(0);
    thingspace_pending *pending = NULL;
    CHECK_OK(thingspace_call_start(client, &pending, &request, plugged_done, &outcome, NULL));
    while (!notes.size)
        CHECK_OK(thingspace_client_run(client, 5, NULL));
    thingspace_call_cancel(pending);
    CHECK_TEXT(outcome.error.message, "register: interrupted; the service had accepted the call");
}

static void a_client_freed_while_calls_wait_in_hooks_tells_them_all(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    outcome outcome = {0};
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client, WAITING("20000"), &notes));
    const thingspace_request request = plugged_register(0);
    for (int i = 0; i < 200; i++)
        CHECK_OK(thingspace_call_start(client, NULL, &request, plugged_done, &outcome, NULL));
    CHECK_OK(thingspace_client_run(client, 30, NULL));
    CHECK_INT(thingspace_client_pending(client), 200);
    thingspace_client_free(client);
    client = NULL;
    CHECK_INT(outcome.done, 200);
    CHECK_INT(notes_count(&notes, "audit register cancelled"), 200);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_wait_parks_the_call_and_the_next_hook_goes_on),
    CHECK_CASE_ONCE(a_wait_beyond_the_deadline_fails_at_once_and_names_the_instance),
    CHECK_CASE_ONCE(a_call_that_ran_out_of_time_names_the_hook_that_made_it_wait),
    CHECK_CASE_ONCE(a_dry_run_waits_for_nobody_and_is_not_audited),
    CHECK_CASE_ONCE(another_time_is_for_dry_runs_alone),
    CHECK_CASE_ONCE(waits_of_a_dry_run_end_at_the_deadline_as_they_would),
    CHECK_CASE_ONCE(a_wait_ends_in_a_foreign_loop_too),
    CHECK_CASE_ONCE(a_call_that_waits_in_a_hook_is_cancelled),
    CHECK_CASE_ONCE(a_cancelled_wait_in_the_response_says_what_was_done),
    CHECK_CASE_ONCE(a_client_freed_while_calls_wait_in_hooks_tells_them_all),
};
CHECK_MAIN(cases)
