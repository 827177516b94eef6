/* SPDX-License-Identifier: MIT */
/* Register, list, deregister and free calls against
 * the simulator: what goes out and what comes back. */
#include <stdio.h>
#include <strings.h>
#include "check.h"
#include "service.h"

#define ACCOUNT "0000123456-00001"
#define PATH    "/api/m2m/v1/callbacks/" ACCOUNT

static const char *last_header(const json *request, const char *name)
{
    for (const json *pair = json_first(json_get(request, "headers")); pair; pair = json_next(pair))
        if (strcasecmp(json_string(json_first(pair)), name) == 0)
            return json_string(json_next(json_first(pair)));
    return NULL;
}

static void the_seeds_example_goes_out_as_documented(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(thingspace_register(
        service.client, NULL, "122333444-00002", "CarrierService",
        "http://10.120.102.183:50559/CallbackListener/CarrierServiceMessages.asmx", NULL, NULL,
        NULL));
    cleanup_json json *state = service_state(&service);
    const json *request = json_get(state, "lastRequest");
    CHECK_TEXT(json_get_string(request, "method"), "POST");
    CHECK_TEXT(json_get_string(request, "path"), "/api/m2m/v1/callbacks/122333444-00002");
    CHECK_TEXT(json_get_string(request, "body"),
               "{\"name\":\"CarrierService\",\"url\":\"http://10.120.102.183:50559/"
               "CallbackListener/CarrierServiceMessages.asmx\"}");
    CHECK_TEXT(last_header(request, "Content-Type"), "application/json");
    CHECK(strncmp(last_header(request, "Authorization"), "Bearer ", 7) == 0);
    CHECK(last_header(request, "VZ-M2M-Token") != NULL);
}

static void a_listener_is_registered_listed_and_removed(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    cleanup_result thingspace_result *made = NULL, *listed = NULL, *removed = NULL, *empty = NULL;
    CHECK_OK(thingspace_register(service.client, &made, ACCOUNT, "DeviceUsage",
                                 "https://hooks.example.com/a", "acme", NULL, NULL));
    CHECK_TEXT(thingspace_result_account(made), ACCOUNT);
    CHECK_TEXT(thingspace_result_service(made), "DeviceUsage");
    CHECK_OK(thingspace_list(service.client, &listed, ACCOUNT, NULL));
    CHECK_INT(thingspace_result_count(listed), 1);
    const thingspace_listener *listener = thingspace_result_listener(listed, 0);
    CHECK_TEXT(listener->account, ACCOUNT);
    CHECK_TEXT(listener->service, "DeviceUsage");
    CHECK_TEXT(listener->url, "https://hooks.example.com/a");
    CHECK_TEXT(listener->username, "acme");
    CHECK_INT(listener->has_password, 0);
    CHECK_OK(thingspace_deregister(service.client, &removed, ACCOUNT, "DeviceUsage", NULL));
    CHECK_OK(thingspace_list(service.client, &empty, ACCOUNT, NULL));
    CHECK_INT(thingspace_result_count(empty), 0);
    CHECK_TEXT(thingspace_result_body(empty, NULL), "");
}

static void an_empty_username_is_an_empty_element_and_none_is_none(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    thingspace_secret *password = NULL;
    CHECK_OK(thingspace_secret_new(&password, "", 0, NULL));
    thingspace_status status =
        thingspace_register(service.client, NULL, ACCOUNT, "DeviceUsage",
                            "https://hooks.example.com/a", "", password, NULL);
    thingspace_secret_free(password);
    CHECK_OK(status);
    cleanup_json json *state = service_state(&service);
    CHECK_TEXT(json_get_string(json_get(state, "lastRequest"), "body"),
               "{\"name\":\"DeviceUsage\",\"url\":\"https://hooks.example.com/a\","
               "\"username\":\"\",\"password\":\"\"}");
}

static void a_password_arrives_and_is_never_shown(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    thingspace_secret *password = NULL;
    CHECK_OK(thingspace_secret_new(&password, "canary-1", 8, NULL));
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_REGISTER;
    request.account = ACCOUNT;
    request.service = "DeviceUsage";
    request.url = "https://hooks.example.com/a";
    request.password = password;
    thingspace_status status = thingspace_perform(service.client, NULL, &request, NULL);
    request.flags = THINGSPACE_DRY_RUN;
    cleanup_result thingspace_result *dry = NULL, *listed = NULL;
    thingspace_status dry_status = thingspace_perform(service.client, &dry, &request, NULL);
    thingspace_secret_free(password);
    CHECK_OK(status);
    CHECK_OK(dry_status);
    cleanup_json json *state = service_state(&service);
    CHECK(strstr(json_get_string(json_get(state, "lastRequest"), "body"), "canary-1") != NULL);
    CHECK(strstr(thingspace_result_preview(dry), "\"password\":\"***\"") != NULL);
    CHECK(strstr(thingspace_result_preview(dry), "canary-1") == NULL);
    CHECK_OK(thingspace_list(service.client, &listed, ACCOUNT, NULL));
    CHECK_INT(thingspace_result_listener(listed, 0)->has_password, 1);
}

static void a_dry_run_sends_nothing_not_even_a_login(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_DEREGISTER;
    request.account = ACCOUNT;
    request.service = "DeviceUsage";
    request.flags = THINGSPACE_DRY_RUN;
    cleanup_result thingspace_result *dry = NULL;
    CHECK_OK(thingspace_perform(service.client, &dry, &request, NULL));
    CHECK(strstr(thingspace_result_preview(dry), "\"method\":\"DELETE\"") != NULL);
    CHECK(strstr(thingspace_result_preview(dry), PATH "/name/DeviceUsage\"") != NULL);
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

static void accounts_that_would_leave_their_segment_are_refused(void)
{
    static const char *const bad[] = {"../../session/login",
                                      ".",
                                      "..",
                                      "a\rb",
                                      "a\nb",
                                      "a?b",
                                      "a#b",
                                      "%2e",
                                      "a/b",
                                      "",
                                      "a\\b",
                                      "a b"};
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_STATUS(thingspace_list(service.client, NULL, bad[i], &error), THINGSPACE_USAGE);
        CHECK(error.message[0] != '\0');
    }
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

static void an_account_keeps_every_byte(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    cleanup_result thingspace_result *listed = NULL;
    CHECK_OK(thingspace_register(service.client, NULL, ACCOUNT, "DeviceUsage",
                                 "https://hooks.example.com/a", NULL, NULL, NULL));
    CHECK_OK(thingspace_list(service.client, &listed, ACCOUNT, NULL));
    CHECK_TEXT(thingspace_result_listener(listed, 0)->account, ACCOUNT);
    CHECK_INT(service_count(&service, "POST " PATH), 1);
}

static void any_other_call_goes_the_same_way(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    cleanup_result thingspace_result *result = NULL;
    const char *data = "{ \"accountName\" : \"x\", \"n\": 12345678901234567890 }";
    CHECK_OK(thingspace_call(service.client, &result, ACCOUNT, "POST",
                             "/devices/{account}/actions/list", data, strlen(data), NULL));
    CHECK(strstr(thingspace_result_body(result, NULL), "requestId") != NULL);
    cleanup_json json *state = service_state(&service);
    const json *request = json_get(state, "lastRequest");
    CHECK_TEXT(json_get_string(request, "path"), "/api/m2m/v1/devices/" ACCOUNT "/actions/list");
    CHECK_TEXT(json_get_string(request, "body"), data);
}

static void a_query_goes_out_as_it_was_meant(void)
{
    static const struct {
        const char *path, *sent;
    } rows[] = {
        {"/x?a=1", "a=1"},
        {"/x?", NULL},
        {"/x?accountName={account}&b=", "accountName=" ACCOUNT "&b="},
        {"/x?a%5B%5D=b%20c%2B%C3%A4", "a%5B%5D=b%20c%2B%C3%A4"},
        {"/x?a=b=c/d:e", "a=b%3Dc%2Fd%3Ae"},
    };
    static const char *const bad[] = {"/x?a",    "/x?=1",    "/x?a=%2",     "/x?a=%zz", "/x?a=%00",
                                      "/x?a+b",  "/x?a=b c", "/x?a=1&a=2",  "/x?a=1+2", "/x?&a=1",
                                      "/x?a=\n", "/x?{b}=1", "/x?a=1&b=&a="};
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_OK(
            thingspace_call(service.client, NULL, ACCOUNT, "GET", rows[i].path, NULL, 0, NULL));
        cleanup_json json *state = service_state(&service);
        CHECK_TEXT(json_get_string(json_get(state, "lastRequest"), "query"), rows[i].sent);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_STATUS(thingspace_call(service.client, NULL, ACCOUNT, "GET", bad[i], NULL, 0, NULL),
                     THINGSPACE_USAGE);
}

static void paths_that_leave_the_api_are_refused(void)
{
    static const char *const bad[] = {"",       "devices", "/..",  "/../../ts/v1", "/a/%2e%2E/b",
                                      "/a/./b", "/a b",    "/a#b", "/{service}",   "/a\nb"};
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_STATUS(thingspace_call(service.client, NULL, ACCOUNT, "GET", bad[i], NULL, 0, NULL),
                     THINGSPACE_USAGE);
    CHECK_STATUS(thingspace_call(service.client, NULL, ACCOUNT, "get", "/a", NULL, 0, NULL),
                 THINGSPACE_USAGE);
    CHECK_STATUS(thingspace_call(service.client, NULL, ACCOUNT, "POST", "/a", "{", 1, NULL),
                 THINGSPACE_USAGE);
}

typedef struct answer_case {
    const char *rule;
    thingspace_status status;
    int http_status;
    const char *code;
} answer_case;

static void every_error_format_is_understood(void)
{
    static const answer_case answers[] = {
        {"GET /callbacks/* status=400 times=1 "
         "body=\"{\\\"errorCode\\\":\\\"UnifiedWebService.REQUEST_FAILED.AccountNotFound\\\","
         "\\\"errorMessage\\\":\\\"no such account\\\"}\"",
         THINGSPACE_SERVICE, 400, "UnifiedWebService.REQUEST_FAILED.AccountNotFound"},
        {"GET /callbacks/* status=400 times=1 "
         "body=\"{\\\"fault\\\":{\\\"code\\\":\\\"900906\\\",\\\"message\\\":\\\"No "
         "matching\\\"}}\"",
         THINGSPACE_SERVICE, 400, "900906"},
        {"GET /callbacks/* status=400 times=1 "
         "body=\"{\\\"error\\\":\\\"invalid_request\\\",\\\"error_description\\\":\\\"x\\\"}\"",
         THINGSPACE_SERVICE, 400, "invalid_request"},
        {"GET /callbacks/* status=404 times=1 body=\"<am:fault "
         "xmlns:am=\\\"http://wso2.org/apimanager\\\"><am:code>404</am:code><am:message>m"
         "</am:message></am:fault>\"",
         THINGSPACE_SERVICE, 404, "404"},
        {"GET /callbacks/* status=404 times=1 body=\"\"", THINGSPACE_SERVICE, 404, ""},
        {"GET /callbacks/* status=404 times=1 body=\"<html>no</html>\"", THINGSPACE_SERVICE, 404,
         ""},
        {"GET /callbacks/* status=200 times=1 body=\"<html>yes</html>\"", THINGSPACE_PROTOCOL, 200,
         ""},
        {"GET /callbacks/* status=200 times=1 body=\"{}\"", THINGSPACE_PROTOCOL, 200, ""},
        {"GET /callbacks/* garbage times=1", THINGSPACE_PROTOCOL, 200, ""},
    };
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK(service_fault(&service, answers[i].rule));
        CHECK_STATUS(thingspace_list(service.client, NULL, ACCOUNT, &error), answers[i].status);
        CHECK_INT(error.http_status, answers[i].http_status);
        CHECK_TEXT(error.code, answers[i].code);
        CHECK_TEXT(error.account, ACCOUNT);
    }
}

static void an_empty_answer_to_register_is_unreadable(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "POST /callbacks/* status=200 body=\"\""));
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(thingspace_register(service.client, NULL, ACCOUNT, "DeviceUsage",
                                     "https://hooks.example.com/a", NULL, NULL, &error),
                 THINGSPACE_PROTOCOL);
    CHECK_INT(error.http_status, 200);
}

static void control_characters_of_the_service_are_escaped(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service,
                        "GET /callbacks/* status=400 body=\"{\\\"errorCode\\\":\\\"X.Y\\\","
                        "\\\"errorMessage\\\":\\\"a\\\\u001b[31mb\\\\nc\\\"}\""));
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(thingspace_list(service.client, NULL, ACCOUNT, &error), THINGSPACE_SERVICE);
    CHECK(strchr(error.message, '\x1b') == NULL && strchr(error.message, '\n') == NULL);
    CHECK(strstr(error.message, "[31mb") != NULL);
}

static void a_signing_key_in_the_reply_is_kept(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service,
                        "POST /callbacks/* header=X-Shared-Key:s3cr3t after status=200 "
                        "body=\"{\\\"accountName\\\":\\\"a\\\",\\\"serviceName\\\":\\\"b\\\"}\""));
    cleanup_result thingspace_result *made = NULL, *listed = NULL;
    CHECK_OK(thingspace_register(service.client, &made, ACCOUNT, "DeviceUsage",
                                 "https://hooks.example.com/a", NULL, NULL, NULL));
    CHECK(thingspace_result_signing_key(made) != NULL);
    CHECK_OK(thingspace_list(service.client, &listed, ACCOUNT, NULL));
    CHECK(thingspace_result_signing_key(listed) == NULL);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(the_seeds_example_goes_out_as_documented),
    CHECK_CASE_ONCE(a_listener_is_registered_listed_and_removed),
    CHECK_CASE_ONCE(an_empty_username_is_an_empty_element_and_none_is_none),
    CHECK_CASE_ONCE(a_password_arrives_and_is_never_shown),
    CHECK_CASE_ONCE(a_dry_run_sends_nothing_not_even_a_login),
    CHECK_CASE_ONCE(accounts_that_would_leave_their_segment_are_refused),
    CHECK_CASE_ONCE(an_account_keeps_every_byte),
    CHECK_CASE_ONCE(any_other_call_goes_the_same_way),
    CHECK_CASE_ONCE(a_query_goes_out_as_it_was_meant),
    CHECK_CASE_ONCE(paths_that_leave_the_api_are_refused),
    CHECK_CASE_ONCE(every_error_format_is_understood),
    CHECK_CASE_ONCE(an_empty_answer_to_register_is_unreadable),
    CHECK_CASE_ONCE(control_characters_of_the_service_are_escaped),
    CHECK_CASE_ONCE(a_signing_key_in_the_reply_is_kept),
};

CHECK_MAIN(cases)
