/* SPDX-License-Identifier: MIT */
/* What audit hooks are told of a call that is over. */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "check.h"
#include "client/client.h"
#include "plugged.h"

static void the_audit_lists_every_exchange(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client, PLUGGED_ATTEMPTS, &notes));
    CHECK(service_fault(&service, "POST /callbacks/* status=503 header=Retry-After:0 times=1"));
    CHECK_OK(plugged_perform(client, NULL, NULL));
    CHECK_TEXT(notes.text, "token 200 ok ms;login 200 ok ms;send 503 service ms;send 200 ok ms;");
    notes.size = 0;
    CHECK_OK(plugged_perform(client, NULL, NULL));
    CHECK_TEXT(notes.text, "send 200 ok ms;");
    notes.size = 0;
    CHECK(service_post(&service, "/simulator/expire?what=session"));
    CHECK_OK(plugged_perform(client, NULL, NULL));
    CHECK(strncmp(notes.text, "send 4", 6) == 0);
    CHECK(strstr(notes.text, "login 200 ok ms;send 200 ok ms;") != NULL);
}

static void a_refused_login_is_among_them(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK(service_fault(&service, "POST /session/login status=401 body=\"{}\""));
    CHECK_OK(plugged_with(&service, &client, PLUGGED_ATTEMPTS, &notes));
    CHECK_STATUS(plugged_perform(client, NULL, NULL), THINGSPACE_AUTH);
    CHECK_TEXT(notes.text, "token 200 ok ms;login 401 auth ms;");
}

static void a_call_cancelled_on_its_way_shows_what_was_under_way(void)
{
    static const char *const faults[] = {"POST /callbacks/* delay=20000",
                                         "POST */token delay=20000"};
    static const char *const expected[] = {"send - cancelled ms;", "token - cancelled ms;"};
    for (size_t i = 0; i < 2; i++) {
        cleanup_service service;
        cleanup_client thingspace_client *client = NULL;
        notes notes;
        outcome outcome = {0};
        CHECK_OK(service_start_alone(&service, NULL));
        CHECK(service_fault(&service, faults[i]));
        CHECK_OK(plugged_with(&service, &client, PLUGGED_ATTEMPTS, &notes));
        const thingspace_request request = plugged_register(0);
        thingspace_pending *pending = NULL;
        CHECK_OK(thingspace_call_start(client, &pending, &request, plugged_done, &outcome, NULL));
        CHECK_OK(thingspace_client_run(client, 300, NULL));
        thingspace_call_cancel(pending);
        CHECK(strstr(notes.text, expected[i]) != NULL);
    }
}

static void the_audit_knows_reason_time_and_changes(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    char rows[4096] = "";
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.reason = "ticket 12";
    CHECK_OK(service_start_alone(&service, NULL));
    plugged_row(rows,
                plugged_script("tag", "request = function(call, request) "
                                      "request:set_header('X-Team', 'blue') end"),
                "");
    plugged_row(rows,
                plugged_script("book", "audit = function(event)\n"
                                       "  local c = event.changes[1]\n"
                                       "  say(event.reason, event.method, event.path, #event.id)\n"
                                       "  say(c.instance, c.phase, c.field, c.after)\n"
                                       "  say(event.time_ms > 1600000000000 and 'time')\n"
                                       "  say(event.duration_ms >= 0 and 'duration') end"),
                "");
    CHECK_OK(plugged_client(&service, &client, rows, &notes, &options, NULL));
    CHECK_OK(plugged_perform(client, NULL, NULL));
    CHECK_TEXT(notes.text, "ticket 12 POST /callbacks/TestAccount-2 16;"
                           "tag request request.headers.X-Team blue;time;duration;");
}

static void a_call_that_the_policy_cannot_decide_is_told_too(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(
        &service, &client,
        "error = function(call, failure)\n"
        "  say('error', failure.kind, call.account, tostring(next(call.tags)),\n"
        "      tostring(call.endpoint)) end,\n"
        "audit = function(event)\n"
        "  say(event.kind, event.account, event.service, tostring(event.method),\n"
        "      tostring(event.path), #event.attempts, tostring(event.message ~= nil)) end",
        &notes));
    thingspace_request request = plugged_register(0);
    request.account = "0000123456-00009";
    CHECK_STATUS(thingspace_perform(client, NULL, &request, NULL), THINGSPACE_POLICY);
    CHECK_TEXT(notes.text, "error policy 0000123456-00009 nil nil;"
                           "policy 0000123456-00009 CarrierService nil nil 0 true;");
}

static void the_audit_tells_what_was_asked_for_when_the_service_names_another(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK(service_fault(&service,
                        "POST /callbacks/* status=200 "
                        "body=\"{\\\"accountName\\\":\\\"x\\\",\\\"serviceName\\\":\\\"y\\\"}\""));
    CHECK_OK(plugged_with(&service, &client,
                          "audit = function(event) say(event.account, event.service) end", &notes));
    thingspace_result *result = NULL;
    thingspace_status status = plugged_perform(client, &result, NULL);
    bool named = strcmp(thingspace_result_account(result), "x") == 0;
    thingspace_result_free(result);
    CHECK_OK(status);
    CHECK(named);
    CHECK_TEXT(notes.text, PLUGGED_ACCOUNT " CarrierService;");
}

static void hooks_know_the_plan_that_is_applied(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client,
                          "check = function(call) say('check', tostring(call.plan)) end,\n"
                          "audit = function(event) say('audit', tostring(event.plan)) end",
                          &notes));
    CHECK_OK(plugged_perform(client, NULL, NULL));
    strcpy(client->plan_id, "0123456789abcdef0123456789abcdef");
    CHECK_OK(plugged_perform(client, NULL, NULL));
    CHECK_TEXT(notes.text, "check nil;audit nil;check 0123456789abcdef0123456789abcdef;"
                           "audit 0123456789abcdef0123456789abcdef;");
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(the_audit_lists_every_exchange),
    CHECK_CASE_ONCE(a_refused_login_is_among_them),
    CHECK_CASE_ONCE(a_call_cancelled_on_its_way_shows_what_was_under_way),
    CHECK_CASE_ONCE(the_audit_knows_reason_time_and_changes),
    CHECK_CASE_ONCE(the_audit_tells_what_was_asked_for_when_the_service_names_another),
    CHECK_CASE_ONCE(hooks_know_the_plan_that_is_applied),
    CHECK_CASE_ONCE(a_call_that_the_policy_cannot_decide_is_told_too),
};
CHECK_MAIN(cases)
