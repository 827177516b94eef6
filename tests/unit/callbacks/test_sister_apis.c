/* SPDX-License-Identifier: MIT */
/*
 * The callbacks of every API against the simulator, which does not share the library's table: what
 * goes out, letter by letter, and what is understood of the answers.
 */
#include <stdio.h>
#include <stdlib.h>
#include "check.h"
#include "service.h"

#define ACCOUNT "0000123456-00001"
#define URL     "https://hooks.example.com/a"
#define MOVED   "https://hooks.example.com/b"

typedef struct expectation {
    const char *api, *service;
    /* Of lastRequest: path, query and body of a register; path and query of list and removal. */
    const char *path, *query, *body;
    const char *list_path, *list_query;
    const char *removal_path, *removal_query;
    const char *update; /* the method */
    bool has_key;
} expectation;

static const expectation table[] = {
    {"connectivity", "CarrierService", "/api/m2m/v1/callbacks/" ACCOUNT, NULL,
     "{\"name\":\"CarrierService\",\"url\":\"" URL "\"}", "/api/m2m/v1/callbacks/" ACCOUNT, NULL,
     "/api/m2m/v1/callbacks/" ACCOUNT "/name/CarrierService", NULL, "POST", false},
    {"location", "DeviceLocation", "/api/loc/v1/callbacks/" ACCOUNT, NULL,
     "{\"name\":\"DeviceLocation\",\"url\":\"" URL "\"}", "/api/loc/v1/callbacks/" ACCOUNT, NULL,
     "/api/loc/v1/callbacks/" ACCOUNT "/name/DeviceLocation", NULL, "POST", true},
    {"hyper-precise", "BullseyeReporting", "/api/hyper-precise/v1/callbacks",
     "accountNumber=" ACCOUNT, "{\"name\":\"BullseyeReporting\",\"url\":\"" URL "\"}",
     "/api/hyper-precise/v1/callbacks", "accountNumber=" ACCOUNT, "/api/hyper-precise/v1/callbacks",
     "accountNumber=" ACCOUNT "&service=BullseyeReporting", "POST", false},
    {"diagnostics", "Diagnostics", "/api/diagnostics/v1/callbacks", NULL,
     "{\"accountName\":\"" ACCOUNT "\",\"serviceName\":\"Diagnostics\",\"endpoint\":\"" URL "\"}",
     "/api/diagnostics/v1/callbacks", "accountName=" ACCOUNT, "/api/diagnostics/v1/callbacks",
     "accountName=" ACCOUNT "&serviceName=Diagnostics", "POST", true},
    {"software-v1", "Fota", "/api/fota/v1/callbacks/" ACCOUNT, NULL,
     "{\"name\":\"Fota\",\"url\":\"" URL "\"}", "/api/fota/v1/callbacks/" ACCOUNT, NULL,
     "/api/fota/v1/callbacks/" ACCOUNT "/name/Fota", NULL, "POST", false},
    {"software-v2", "Fota", "/api/fota/v2/callbacks/" ACCOUNT, NULL, "{\"url\":\"" URL "\"}",
     "/api/fota/v2/callbacks/" ACCOUNT, NULL, "/api/fota/v2/callbacks/" ACCOUNT, NULL, "PUT",
     false},
    {"software-v3", "Fota", "/api/fota/v3/callbacks/" ACCOUNT, NULL, "{\"url\":\"" URL "\"}",
     "/api/fota/v3/callbacks/" ACCOUNT, NULL, "/api/fota/v3/callbacks/" ACCOUNT, NULL, "PUT",
     false},
};

#define ROWS (sizeof(table) / sizeof(table[0]))

static thingspace_status perform_with(service *service, thingspace_result **out,
                                      const expectation *row, thingspace_operation operation,
                                      const char *url)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = operation;
    request.account = ACCOUNT;
    request.service = operation == THINGSPACE_LIST ? NULL : row->service;
    request.url = url;
    request.api = row->api;
    request.timeout_ms = 20000;
    thingspace_status status = thingspace_perform(service->client, out, &request, &error);
    if (status != THINGSPACE_OK)
        printf("# %s: %s\n", row->api, error.message);
    return status;
}

static thingspace_status perform(service *service, thingspace_result **out, const expectation *row,
                                 thingspace_operation operation)
{
    return perform_with(service, out, row, operation, URL);
}

static bool was_sent(service *service, const char *method, const char *path, const char *query)
{
    cleanup_json json *state = service_state(service);
    const json *request = json_get(state, "lastRequest");
    const char *asked = json_get_string(request, "query");
    bool good = strcmp(json_get_string(request, "method"), method) == 0 &&
                strcmp(json_get_string(request, "path"), path) == 0 &&
                strcmp(asked ? asked : "", query ? query : "") == 0;
    if (!good)
        printf("# sent: %s %s ?%s\n", json_get_string(request, "method"),
               json_get_string(request, "path"), asked ? asked : "");
    return good;
}

static void a_register_goes_where_the_api_is(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    for (size_t i = 0; i < ROWS; i++) {
        const expectation *row = &table[i];
        cleanup_result thingspace_result *made = NULL;
        CHECK_OK(perform(&service, &made, row, THINGSPACE_REGISTER));
        CHECK(was_sent(&service, "POST", row->path, row->query));
        cleanup_json json *state = service_state(&service);
        CHECK_TEXT(json_get_string(json_get(state, "lastRequest"), "body"), row->body);
        CHECK_TEXT(thingspace_result_account(made), ACCOUNT);
        CHECK_TEXT(thingspace_result_service(made), row->service);
        CHECK_TEXT(thingspace_result_url(made), URL);
        CHECK((thingspace_result_signing_key(made) != NULL) == row->has_key);
    }
}

static void what_is_registered_is_listed_there_and_removed(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    for (size_t i = 0; i < ROWS; i++) {
        const expectation *row = &table[i];
        cleanup_result thingspace_result *listed = NULL, *removed = NULL, *empty = NULL;
        CHECK_OK(perform(&service, NULL, row, THINGSPACE_REGISTER));
        CHECK_OK(perform(&service, &listed, row, THINGSPACE_LIST));
        CHECK(was_sent(&service, "GET", row->list_path, row->list_query));
        CHECK_INT(thingspace_result_count(listed), 1);
        const thingspace_listener *listener = thingspace_result_listener(listed, 0);
        CHECK_TEXT(listener->account, ACCOUNT);
        CHECK_TEXT(listener->service, row->service);
        CHECK_TEXT(listener->url, URL);
        CHECK_OK(perform(&service, &removed, row, THINGSPACE_DEREGISTER));
        CHECK(was_sent(&service, "DELETE", row->removal_path, row->removal_query));
        CHECK_TEXT(thingspace_result_service(removed), row->service);
        CHECK_OK(perform(&service, &empty, row, THINGSPACE_LIST));
        CHECK_INT(thingspace_result_count(empty), 0);
    }
}

static void the_listeners_of_one_api_are_none_of_another(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(perform(&service, NULL, &table[0], THINGSPACE_REGISTER));
    for (size_t i = 1; i < ROWS; i++) {
        cleanup_result thingspace_result *listed = NULL;
        CHECK_OK(perform(&service, &listed, &table[i], THINGSPACE_LIST));
        CHECK_INT(thingspace_result_count(listed), 0);
    }
}

/* The answer is lost after the operation took effect: reading back tells, nothing is sent twice. */
static void a_lost_answer_is_read_back(void)
{
    for (size_t i = 0; i < ROWS; i++) {
        const expectation *row = &table[i];
        cleanup_service service;
        char count[200];
        CHECK_OK(service_start(&service, NULL));
        CHECK(service_fault(&service, "POST /callbacks* after close times=1"));
        CHECK(service_fault(&service, "DELETE /callbacks* after close times=1"));
        cleanup_result thingspace_result *made = NULL, *removed = NULL;
        CHECK_OK(perform(&service, &made, row, THINGSPACE_REGISTER));
        CHECK_TEXT(thingspace_result_service(made), row->service);
        snprintf(count, sizeof(count), "POST %s", row->path);
        CHECK_INT(service_count(&service, count), 1);
        CHECK(was_sent(&service, "GET", row->list_path, row->list_query));
        CHECK_OK(perform(&service, &removed, row, THINGSPACE_DEREGISTER));
        snprintf(count, sizeof(count), "DELETE %s", row->removal_path);
        CHECK_INT(service_count(&service, count), 1);
        CHECK(was_sent(&service, "GET", row->list_path, row->list_query));
    }
}

/* Nothing happened: reading back tells that too, and it is sent again. */
static void a_lost_request_is_sent_again(void)
{
    for (size_t i = 0; i < ROWS; i++) {
        const expectation *row = &table[i];
        cleanup_service service;
        char count[200];
        CHECK_OK(service_start(&service, NULL));
        CHECK(service_fault(&service, "POST /callbacks* close times=1"));
        CHECK_OK(perform(&service, NULL, row, THINGSPACE_REGISTER));
        snprintf(count, sizeof(count), "POST %s", row->path);
        CHECK_INT(service_count(&service, count), 2);
    }
}

static void fill_ensure(thingspace_request *out, const expectation *row, const char *url)
{
    out->operation = THINGSPACE_REGISTER;
    out->flags = THINGSPACE_REPLACE;
    out->account = ACCOUNT;
    out->service = row->service;
    out->url = url;
    out->api = row->api;
}

static void what_is_just_so_is_left_and_what_is_not_is_changed_by_the_apis_method(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    for (size_t i = 0; i < ROWS; i++) {
        const expectation *row = &table[i];
        thingspace_request request = THINGSPACE_REQUEST_INIT;
        thingspace_ensured done;
        char count[200];
        snprintf(count, sizeof(count), "%s %s", row->update, row->path);
        fill_ensure(&request, row, URL);
        CHECK_OK(thingspace_ensure(service.client, &done, NULL, &request, NULL));
        CHECK_INT(done, THINGSPACE_ENSURED_ADDED);
        CHECK_OK(thingspace_ensure(service.client, &done, NULL, &request, NULL));
        CHECK_INT(done, THINGSPACE_ENSURED_UNCHANGED);
        long long before = service_count(&service, count);
        fill_ensure(&request, row, MOVED);
        CHECK_OK(thingspace_ensure(service.client, &done, NULL, &request, NULL));
        CHECK_INT(done, THINGSPACE_ENSURED_REPLACED);
        CHECK(was_sent(&service, row->update, row->path, row->query));
        CHECK_INT(service_count(&service, count), before + 1);
    }
}

/* ---- with a plugin in their way ---- */

#define MOVES                                                                                      \
    "local b = request:json() local name = b.endpoint and 'endpoint' or 'url' "                    \
    "b[name] = b[name]:gsub('/a$', '/b') request:set_json(b)"

/* `code` is what its hook does with the request of a register. */
static thingspace_status hook_service(service *service, thingspace_client **out, const char *code)
{
    char script[1000], policy[1000];
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    snprintf(script, sizeof(script),
             "return { name = 'hook', version = '1.0.0', api = 1, "
             "capabilities = { 'request.body:read', 'request.body:write' }, hooks = { request = "
             "function(call, request) "
             "if call.operation == 'register' then %s end end } }",
             code);
    snprintf(policy, sizeof(policy),
             "return { name = 'x', accounts = { '" ACCOUNT
             "' }, plugins = { { '%s', grant = { 'request.body:read', 'request.body:write' } } } }",
             check_file("hook.lua", script));
    options.policy_text = policy;
    return service_client(service, out, &options);
}

static void a_plugin_may_look_at_all_apis_and_change_the_url(void)
{
    static const char *const codes[] = {"", MOVES};
    for (size_t i = 0; i < ROWS * 2; i++) {
        const expectation *row = &table[i / 2];
        cleanup_service service;
        cleanup_client thingspace_client *client = NULL;
        cleanup_result thingspace_result *listed = NULL;
        thingspace_request request = THINGSPACE_REQUEST_INIT;
        CHECK_OK(service_start_alone(&service, NULL));
        CHECK_OK(hook_service(&service, &client, codes[i % 2]));
        fill_ensure(&request, row, URL);
        CHECK_OK(thingspace_ensure(client, NULL, NULL, &request, NULL));
        request.operation = THINGSPACE_LIST; /* with the service that is looked for */
        CHECK_OK(thingspace_perform(client, &listed, &request, NULL));
        CHECK_INT(thingspace_result_count(listed), 1);
        CHECK_TEXT(thingspace_result_listener(listed, 0)->url, i % 2 ? MOVED : URL);
        request.operation = THINGSPACE_DEREGISTER;
        CHECK_OK(thingspace_perform(client, NULL, &request, NULL));
        CHECK(was_sent(&service, "DELETE", row->removal_path, row->removal_query));
    }
}

static void where_a_second_post_is_refused_the_old_one_makes_way(void)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    options.second_post = THINGSPACE_SIMULATOR_POST_REFUSED;
    cleanup_service service;
    CHECK_OK(service_start(&service, &options));
    for (size_t i = 0; i < ROWS; i++) {
        thingspace_request request = THINGSPACE_REQUEST_INIT;
        cleanup_result thingspace_result *listed = NULL;
        CHECK_OK(perform(&service, NULL, &table[i], THINGSPACE_REGISTER));
        fill_ensure(&request, &table[i], MOVED);
        CHECK_OK(thingspace_ensure(service.client, NULL, NULL, &request, NULL));
        CHECK_OK(perform(&service, &listed, &table[i], THINGSPACE_LIST));
        CHECK_INT(thingspace_result_count(listed), 1);
        CHECK_TEXT(thingspace_result_listener(listed, 0)->url, MOVED);
    }
}

static void an_answer_without_success_is_a_failure(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(
        service_fault(&service, "DELETE /callbacks* status=200 body=\"{\\\"success\\\":false}\""));
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(table[i].api, "hyper-precise") != 0)
            CHECK_STATUS(perform(&service, NULL, &table[i], THINGSPACE_DEREGISTER),
                         THINGSPACE_SERVICE);
}

static void other_shapes_that_pages_show_are_understood(void)
{
    static const struct {
        size_t row;
        const char *rule;
    } answers[] = {
        {1, "GET * status=200 body=\"[{\\\"accountName\\\":\\\"" ACCOUNT
            "\\\",\\\"serviceName\\\":\\\"DeviceLocation\\\",\\\"url\\\":\\\"" URL "\\\"}]\""},
        {3, "GET * status=200 body=\"{\\\"accountName\\\":\\\"" ACCOUNT
            "\\\",\\\"serviceName\\\":\\\"Diagnostics\\\",\\\"endpoint\\\":\\\"" URL "\\\"}\""},
        {5, "GET * status=200 body=\"[{\\\"url\\\":\\\"" URL "\\\"}]\""},
    };
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        const expectation *row = &table[answers[i].row];
        cleanup_service service;
        cleanup_result thingspace_result *listed = NULL;
        CHECK_OK(service_start(&service, NULL));
        CHECK(service_fault(&service, answers[i].rule));
        CHECK_OK(perform(&service, &listed, row, THINGSPACE_LIST));
        CHECK_INT(thingspace_result_count(listed), 1);
        CHECK_TEXT(thingspace_result_listener(listed, 0)->service, row->service);
        CHECK_TEXT(thingspace_result_listener(listed, 0)->url, URL);
    }
}

static void a_removal_may_answer_with_names(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "DELETE * status=200 body=\"{\\\"accountName\\\":\\\"" ACCOUNT
                                  "\\\",\\\"serviceName\\\":\\\"DeviceLocation\\\"}\""));
    CHECK_OK(perform(&service, NULL, &table[1], THINGSPACE_DEREGISTER));
}

static void accounts_are_data_in_a_query(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_LIST;
    request.account = "a&service=b";
    request.api = "hyper-precise";
    cleanup_result thingspace_result *result = NULL;
    thingspace_status status = thingspace_perform(service.client, &result, &request, NULL);
    if (status == THINGSPACE_OK)
        CHECK(was_sent(&service, "GET", "/api/hyper-precise/v1/callbacks",
                       "accountNumber=a%26service%3Db"));
    else
        CHECK_STATUS(status, THINGSPACE_USAGE);
}

static void what_cannot_be_sent_is_refused_before_anything_is(void)
{
    static const struct {
        const char *api, *service, *username;
    } bad[] = {
        {"locaton", "Location", NULL},
        {"location", "Location", "acme"},
        {"software-v2", "CarrierService", NULL},
        {"software-v3", "Fota", "acme"},
    };
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        thingspace_request request = THINGSPACE_REQUEST_INIT;
        request.operation = THINGSPACE_REGISTER;
        request.account = ACCOUNT;
        request.service = bad[i].service;
        request.url = URL;
        request.username = bad[i].username;
        request.api = bad[i].api;
        CHECK_STATUS(thingspace_perform(service.client, NULL, &request, NULL), THINGSPACE_USAGE);
    }
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

static void an_endpoint_with_an_api_elsewhere_has_no_other(void)
{
    char policy[900];
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    CHECK_OK(service_start_alone(&service, NULL));
    const char *url = thingspace_simulator_url(service.simulator);
    snprintf(policy, sizeof(policy),
             "return { name = 'x', endpoints = { p = { api = '%s/gate', token = "
             "'%s/api/ts/v1/oauth2/token' } },\n"
             "  resolve = function() return { endpoint = 'p', credential = 'environment' } end }",
             url, url);
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.policy_file = check_file("elsewhere.lua", policy);
    CHECK_OK(service_client(&service, &client, &options));
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = ACCOUNT;
    request.api = "location";
    CHECK_STATUS(thingspace_perform(client, NULL, &request, &error), THINGSPACE_USAGE);
    CHECK(strstr(error.message, "/api/m2m/v1") != NULL);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_register_goes_where_the_api_is),
    CHECK_CASE_ONCE(what_is_registered_is_listed_there_and_removed),
    CHECK_CASE_ONCE(the_listeners_of_one_api_are_none_of_another),
    CHECK_CASE_ONCE(a_lost_answer_is_read_back),
    CHECK_CASE_ONCE(a_lost_request_is_sent_again),
    CHECK_CASE_ONCE(what_is_just_so_is_left_and_what_is_not_is_changed_by_the_apis_method),
    CHECK_CASE_ONCE(a_plugin_may_look_at_all_apis_and_change_the_url),
    CHECK_CASE_ONCE(where_a_second_post_is_refused_the_old_one_makes_way),
    CHECK_CASE_ONCE(an_answer_without_success_is_a_failure),
    CHECK_CASE_ONCE(other_shapes_that_pages_show_are_understood),
    CHECK_CASE_ONCE(a_removal_may_answer_with_names),
    CHECK_CASE_ONCE(accounts_are_data_in_a_query),
    CHECK_CASE_ONCE(what_cannot_be_sent_is_refused_before_anything_is),
    CHECK_CASE_ONCE(an_endpoint_with_an_api_elsewhere_has_no_other),
};
CHECK_MAIN(cases)
