/* SPDX-License-Identifier: MIT */
/* Hooks in the way of a call: each phase in its place, and what each may answer. */
#include <config.h>
#include <stdio.h>
#include <thingspace/plugins.h>
#include "check.h"
#include "plugged.h"

/* ---- what hooks do ---- */

static void a_call_runs_its_hooks_in_the_order_of_its_phases(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client,
                          "request = function(call, request) say('request', call.attempt) end,\n"
                          "check = function(call, request) say('check', request.path) end,\n"
                          "response = function(call, response) say('response', response.status, "
                          "call.attempt) end,\n"
                          "error = function() say('error') end, " PLUGGED_AUDIT,
                          &notes));
    CHECK_OK(plugged_perform(client, NULL, NULL));
    CHECK_TEXT(notes.text, "request 0;check /callbacks/TestAccount-2;response 200 1;audit "
                           "register ok;");
}

static void what_a_request_hook_sets_is_sent(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client,
                          "request = function(call, request)\n"
                          "  request:set_header('X-Team', 'blue')\n"
                          "  local body = request:json()\n"
                          "  if not body then return end\n"
                          "  body.url = body.url .. '/' .. call.service request:set_json(body) "
                          "end",
                          NULL));
    CHECK_OK(plugged_perform(client, NULL, NULL));
    CHECK_TEXT(plugged_sent_header(&service, "X-Team"), "blue");
    cleanup_result thingspace_result *list = NULL;
    CHECK_OK(thingspace_list(client, &list, PLUGGED_ACCOUNT, NULL));
    CHECK_TEXT(thingspace_result_listener(list, 0)->url, PLUGGED_URL "/CarrierService");
}

static void a_response_hook_changes_what_is_decoded(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    cleanup_result thingspace_result *result = NULL;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client,
                          "response = function(call, response) response:set_json({ { accountName = "
                          "'a', serviceName = 'S', url = 'https://x.example/', password = 'p' } }) "
                          "end",
                          NULL));
    CHECK_OK(thingspace_list(client, &result, PLUGGED_ACCOUNT, NULL));
    CHECK_INT(thingspace_result_count(result), 1);
    CHECK_TEXT(thingspace_result_listener(result, 0)->service, "S");
    CHECK(thingspace_result_listener(result, 0)->has_password);
}

static void an_error_hook_words_the_failure(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client,
                          "error = function(call, failure) failure:set_message('ask Jo: ' .. "
                          "failure.kind) failure:set_code('X1') end,\n"
                          "audit = function(event) say(event.message, event.code, event.status) "
                          "for _, c in ipairs(event.changes) do say(c.phase, c.field, c.after) end "
                          "end",
                          &notes));
    CHECK(service_fault(&service, "POST /callbacks/* status=400 body=\"{}\""));
    CHECK_STATUS(plugged_perform(client, NULL, &error), THINGSPACE_SERVICE);
    CHECK_TEXT(error.message, "ask Jo: service");
    CHECK_TEXT(error.code, "X1");
    CHECK_TEXT(notes.text, "ask Jo: service X1 400;error failure.message ask Jo: service;"
                           "error failure.code X1;");
}

/* ---- verdicts ---- */

static void a_denied_call_is_not_sent_and_told_once(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(
        &service, &client,
        "check = function() return thingspace.deny('C7', 'not now') end,\n"
        "error = function(call, failure) say('error', failure.code) end, " PLUGGED_AUDIT,
        &notes));
    CHECK_STATUS(plugged_perform(client, NULL, &error), THINGSPACE_DENIED);
    CHECK_TEXT(error.code, "C7");
    CHECK_TEXT(error.instance, "only");
    CHECK_TEXT(error.phase, "check");
    CHECK_TEXT(error.account, PLUGGED_ACCOUNT);
    CHECK_TEXT(notes.text, "error C7;audit register denied;");
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

static void a_hook_answers_in_place_of_the_service(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    cleanup_result thingspace_result *result = NULL;
    notes notes;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(
        &service, &client,
        "request = function() return thingspace.reply{ status = 200, json = { accountName = 'A', "
        "serviceName = 'S' } } end,\n"
        "check = function() say('check') end,\n"
        "response = function(call, response) say('response', response.status) end,\n"
        "audit = function(event) say('audit', event.kind, event.replied_by) end",
        &notes));
    CHECK_OK(plugged_perform(client, &result, NULL));
    CHECK_TEXT(thingspace_result_service(result), "S");
    CHECK_INT(thingspace_result_http_status(result), 200);
    CHECK_INT(thingspace_result_attempts(result), 0);
    CHECK_TEXT(notes.text, "check;response 200;audit ok only;");
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

static void an_answer_outside_2xx_is_judged_like_the_services(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client,
                          "request = function() return thingspace.reply{ status = 404, json = { "
                          "errorCode = 'X.Y', errorMessage = 'gone' } } end,\n" PLUGGED_AUDIT,
                          &notes));
    CHECK_STATUS(plugged_perform(client, NULL, &error), THINGSPACE_SERVICE);
    CHECK_INT(error.http_status, 404);
    CHECK_TEXT(error.code, "X.Y");
    CHECK(strstr(error.message, "; plugin instance '") != NULL);
    CHECK(strstr(error.message, "' answered, not the service") != NULL);
    CHECK_TEXT(notes.text, "audit register service;");
}

static void an_answer_of_401_does_not_blame_the_services_login(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client,
                          "request = function() return thingspace.reply{ status = 401 } end",
                          &notes));
    CHECK_STATUS(plugged_perform(client, NULL, &error), THINGSPACE_AUTH);
    CHECK(strstr(error.message, "' answered, not the service") != NULL);
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

/* ---- what is read back and compared ---- */

#define REWRITE                                                                                    \
    "request = function(call, request) if call.operation == 'register' then\n"                     \
    "  local body = request:json() body.url = body.url .. '/x' request:set_json(body) end end"

static void a_lost_answer_is_compared_with_what_the_hooks_made(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client, REWRITE ", " PLUGGED_ATTEMPTS, &notes));
    CHECK(service_fault(&service, "POST /callbacks/* after close times=1"));
    CHECK_OK(plugged_perform(client, NULL, NULL));
    CHECK(strstr(notes.text, "send - network ms;read-back 200 ok ms;") != NULL);
    CHECK_INT(service_count(&service, "POST " PLUGGED_PATH), 1);
}

static void ensure_compares_with_what_the_hooks_make(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client, REWRITE, NULL));
    const thingspace_request request = plugged_register(0);
    thingspace_ensured what = 0;
    CHECK_OK(thingspace_ensure(client, &what, NULL, &request, NULL));
    CHECK_INT(what, THINGSPACE_ENSURED_ADDED);
    CHECK_OK(thingspace_ensure(client, &what, NULL, &request, NULL));
    CHECK_INT(what, THINGSPACE_ENSURED_UNCHANGED);
    CHECK_INT(service_count(&service, "POST " PLUGGED_PATH), 1);
}

static void ensure_is_denied_before_anything_is_read_and_told_once(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client,
                          "check = function(call) if call.operation == 'register' then return "
                          "thingspace.deny('D', 'no') end end, " PLUGGED_AUDIT,
                          &notes));
    const thingspace_request request = plugged_register(0);
    CHECK_STATUS(thingspace_ensure(client, NULL, NULL, &request, &error), THINGSPACE_DENIED);
    CHECK_TEXT(error.code, "D");
    CHECK_TEXT(notes.text, "audit register denied;");
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

#define OLD_URL "https://old.example.com/a"

/* A service that refuses a second POST, with a listener; and a client with `hooks`. */
static thingspace_status start_refusing(service *service, thingspace_client **client,
                                        const char *hooks)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    thingspace_simulator_listener listener = THINGSPACE_SIMULATOR_LISTENER_INIT;
    options.second_post = THINGSPACE_SIMULATOR_POST_REFUSED;
    listener.account = PLUGGED_ACCOUNT;
    listener.service = "CarrierService";
    listener.url = OLD_URL;
    thingspace_status status = service_start_alone(service, &options);
    if (status == THINGSPACE_OK)
        status = thingspace_simulator_add_listener(service->simulator, &listener, NULL);
    return status == THINGSPACE_OK ? plugged_with(service, client, hooks, NULL) : status;
}

/* What is registered at last; "" for nothing. */
static const char *registered_url(service *service)
{
    static char url[200];
    cleanup_json json *state = service_state(service);
    const json *row = json_first(json_get(state, "listeners"));
    snprintf(url, sizeof(url), "%s", row ? json_get_string(row, "url") : "");
    return url;
}

static void what_ensure_puts_back_is_what_was_there(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    CHECK_OK(start_refusing(&service, &client, REWRITE));
    CHECK(service_fault(&service, "POST /callbacks/* skip=1 times=1 status=400 body=\"{"
                                  "\\\"errorCode\\\":\\\"X.INPUT_INVALID.Url\\\"}\""));
    const thingspace_request request = plugged_register(THINGSPACE_REPLACE);
    CHECK_STATUS(thingspace_ensure(client, NULL, NULL, &request, NULL), THINGSPACE_SERVICE);
    CHECK_TEXT(registered_url(&service), OLD_URL);
}

/* The service has done what a hook fails afterwards: the old listener is put back when it was
 * removed, and the new one stays when it was registered. */
static void a_step_that_a_hook_fails_afterwards_is_put_back_or_stays(void)
{
    static const struct {
        const char *hooks;
        thingspace_status status;
        const char *told, *untold, *registered;
    } rows[] = {
        {"response = function(call) if call.operation == 'deregister' then "
         "return thingspace.deny('D', 'no') end end",
         THINGSPACE_DENIED, "the old listener was put back", "?", OLD_URL},
        {"response = function(call) if call.operation == 'register' then "
         "error('boom') end end",
         THINGSPACE_PLUGIN, "the service had accepted the call", "listener", PLUGGED_URL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_service service;
        cleanup_client thingspace_client *client = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_OK(start_refusing(&service, &client, rows[i].hooks));
        const thingspace_request request = plugged_register(THINGSPACE_REPLACE);
        CHECK_STATUS(thingspace_ensure(client, NULL, NULL, &request, &error), rows[i].status);
        CHECK(strstr(error.message, rows[i].told) && !strstr(error.message, rows[i].untold));
        CHECK_TEXT(registered_url(&service), rows[i].registered);
    }
}

/* ---- the client is closed while a hook runs ---- */

typedef struct intruder {
    thingspace_client *client;
    thingspace_status list, reload;
    char message[512];
} intruder;

static void intrude(void *user, thingspace_log_level level, const char *line)
{
    (void)level;
    intruder *intruder = user;
    if (!strstr(line, "> in"))
        return;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    intruder->list = thingspace_list(intruder->client, NULL, PLUGGED_ACCOUNT, &error);
    snprintf(intruder->message, sizeof(intruder->message), "%s", error.message);
    intruder->reload = thingspace_client_reload(intruder->client, NULL);
}

static void a_hook_cannot_call_its_own_client(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    char rows[4096] = "";
    intruder intruder = {.list = THINGSPACE_OK};
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.log = intrude;
    options.log_user = &intruder;
    options.log_level = THINGSPACE_LOG_INFO;
    CHECK_OK(service_start_alone(&service, NULL));
    plugged_row(rows, plugged_script("calls", "request = function() say('in') end"), "");
    CHECK_OK(plugged_client(&service, &client, rows, NULL, &options, NULL));
    intruder.client = client;
    CHECK_OK(plugged_perform(client, NULL, NULL));
    CHECK_INT(intruder.list, THINGSPACE_USAGE);
    CHECK_INT(intruder.reload, THINGSPACE_USAGE);
    CHECK_TEXT(intruder.message, "a hook cannot call its own client");
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_call_runs_its_hooks_in_the_order_of_its_phases),
    CHECK_CASE_ONCE(what_a_request_hook_sets_is_sent),
    CHECK_CASE_ONCE(a_response_hook_changes_what_is_decoded),
    CHECK_CASE_ONCE(an_error_hook_words_the_failure),
    CHECK_CASE_ONCE(a_denied_call_is_not_sent_and_told_once),
    CHECK_CASE_ONCE(a_hook_answers_in_place_of_the_service),
    CHECK_CASE_ONCE(an_answer_outside_2xx_is_judged_like_the_services),
    CHECK_CASE_ONCE(an_answer_of_401_does_not_blame_the_services_login),
    CHECK_CASE_ONCE(a_lost_answer_is_compared_with_what_the_hooks_made),
    CHECK_CASE_ONCE(ensure_compares_with_what_the_hooks_make),
    CHECK_CASE_ONCE(ensure_is_denied_before_anything_is_read_and_told_once),
    CHECK_CASE_ONCE(what_ensure_puts_back_is_what_was_there),
    CHECK_CASE_ONCE(a_step_that_a_hook_fails_afterwards_is_put_back_or_stays),
    CHECK_CASE_ONCE(a_hook_cannot_call_its_own_client),
};
CHECK_MAIN(cases)
