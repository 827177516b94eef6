/* SPDX-License-Identifier: MIT */
/* Ensure: reads first, does the least, never leaves an account without its listener. */
#include <stdio.h>
#include <strings.h>
#include "check.h"
#include "service.h"

#define ACCOUNT "TestAccount-2"
#define PATH    "/api/m2m/v1/callbacks/" ACCOUNT

static thingspace_request request_for(const char *url, unsigned flags)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = ACCOUNT;
    request.service = "CarrierService";
    request.url = url;
    request.flags = flags;
    return request;
}

static thingspace_status start_with_listener(service *service, thingspace_simulator_post post)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    options.second_post = post;
    thingspace_status status = service_start(service, &options);
    thingspace_simulator_listener listener = THINGSPACE_SIMULATOR_LISTENER_INIT;
    listener.account = ACCOUNT;
    listener.service = "CarrierService";
    listener.url = "https://old.example.com/a";
    listener.username = "u";
    listener.password = "p-old";
    if (status == THINGSPACE_OK)
        status = thingspace_simulator_add_listener(service->simulator, &listener, NULL);
    return status;
}

/* "URL USERNAME PASSWORD" of the only listener; "" when there is none. */
static const char *registered(service *service)
{
    static char text[200];
    cleanup_json json *state = service_state(service);
    const json *row = json_first(json_get(state, "listeners"));
    text[0] = '\0';
    if (row)
        snprintf(text, sizeof(text), "%s %s %s", json_get_string(row, "url"),
                 json_get_string(row, "username"), json_get_string(row, "password"));
    return text;
}

static void what_is_missing_is_added_and_what_is_there_is_left_alone(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    thingspace_request request = request_for("https://a.example.com/x", 0);
    thingspace_ensured what = 0;
    thingspace_result *result = NULL;
    CHECK_OK(thingspace_ensure(service.client, &what, &result, &request, NULL));
    CHECK_INT(what, THINGSPACE_ENSURED_ADDED);
    CHECK_TEXT(thingspace_result_url(result), "https://a.example.com/x");
    thingspace_result_free(result);
    CHECK_OK(thingspace_ensure(service.client, &what, &result, &request, NULL));
    CHECK_INT(what, THINGSPACE_ENSURED_UNCHANGED);
    CHECK_TEXT(thingspace_result_url(result), "https://a.example.com/x");
    thingspace_result_free(result);
    CHECK_OK(thingspace_ensure(service.client, &what, NULL, &request, NULL));
    CHECK_INT(what, THINGSPACE_ENSURED_UNCHANGED);
    CHECK_INT(service_count(&service, "POST " PATH), 1);
}

static void another_url_is_refused_and_shown(void)
{
    cleanup_service service;
    CHECK_OK(start_with_listener(&service, THINGSPACE_SIMULATOR_POST_REPLACES));
    thingspace_request request = request_for("https://new.example.com/a", 0);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(thingspace_ensure(service.client, NULL, NULL, &request, &error),
                 THINGSPACE_REFUSED);
    CHECK_TEXT(error.message, "TestAccount-2 CarrierService goes to https://old.example.com/a");
    CHECK_TEXT(registered(&service), "https://old.example.com/a u p-old");
}

static void replace_takes_it_over(void)
{
    cleanup_service service;
    CHECK_OK(start_with_listener(&service, THINGSPACE_SIMULATOR_POST_REPLACES));
    thingspace_request request = request_for("https://new.example.com/a", THINGSPACE_REPLACE);
    thingspace_ensured what = 0;
    CHECK_OK(thingspace_ensure(service.client, &what, NULL, &request, NULL));
    CHECK_INT(what, THINGSPACE_ENSURED_REPLACED);
    CHECK_TEXT(registered(&service), "https://new.example.com/a  ");
}

static void replace_works_where_a_second_post_is_refused(void)
{
    cleanup_service service;
    CHECK_OK(start_with_listener(&service, THINGSPACE_SIMULATOR_POST_REFUSED));
    thingspace_request request = request_for("https://new.example.com/a", THINGSPACE_REPLACE);
    CHECK_OK(thingspace_ensure(service.client, NULL, NULL, &request, NULL));
    CHECK_TEXT(registered(&service), "https://new.example.com/a  ");
}

static void the_old_listener_is_put_back_when_the_new_one_fails(void)
{
    cleanup_service service;
    CHECK_OK(start_with_listener(&service, THINGSPACE_SIMULATOR_POST_REFUSED));
    /* the first POST is refused by the service itself, the second by this fault */
    CHECK(service_fault(&service, "POST /callbacks/* skip=1 times=1 status=400 body=\"{"
                                  "\\\"errorCode\\\":\\\"X.INPUT_INVALID.Url\\\"}\""));
    thingspace_request request = request_for("https://new.example.com/a", THINGSPACE_REPLACE);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(thingspace_ensure(service.client, NULL, NULL, &request, &error),
                 THINGSPACE_SERVICE);
    CHECK(strstr(error.message, "put back") != NULL);
    CHECK_TEXT(registered(&service), "https://old.example.com/a u p-old");
}

static void the_error_says_when_nothing_could_be_put_back(void)
{
    cleanup_service service;
    CHECK_OK(start_with_listener(&service, THINGSPACE_SIMULATOR_POST_REFUSED));
    CHECK(service_fault(&service, "POST /callbacks/* skip=1 status=400 body=\"{"
                                  "\\\"errorCode\\\":\\\"X.INPUT_INVALID.Url\\\"}\""));
    thingspace_request request = request_for("https://new.example.com/a", THINGSPACE_REPLACE);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(thingspace_ensure(service.client, NULL, NULL, &request, &error),
                 THINGSPACE_SERVICE);
    CHECK(strstr(error.message, "NO listener") != NULL);
    CHECK(strstr(error.message, "https://old.example.com/a") != NULL);
}

static void another_password_for_the_same_url_is_an_update(void)
{
    cleanup_service service;
    CHECK_OK(start_with_listener(&service, THINGSPACE_SIMULATOR_POST_REPLACES));
    thingspace_secret *password = NULL;
    CHECK_OK(thingspace_secret_new(&password, "p-new", 5, NULL));
    thingspace_request request = request_for("https://old.example.com/a", 0);
    request.username = "u";
    request.password = password;
    thingspace_ensured what = 0, again = 0;
    thingspace_status status = thingspace_ensure(service.client, &what, NULL, &request, NULL);
    thingspace_status repeated = thingspace_ensure(service.client, &again, NULL, &request, NULL);
    thingspace_secret_free(password);
    CHECK_OK(status);
    CHECK_OK(repeated);
    CHECK_INT(what, THINGSPACE_ENSURED_UPDATED);
    CHECK_INT(again, THINGSPACE_ENSURED_UNCHANGED);
    CHECK_TEXT(registered(&service), "https://old.example.com/a u p-new");
}

static void what_cannot_be_sent_is_refused_before_anything_is_read(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    static const char *const bad[] = {"ftp://a.example.com/x", "https://u:p@a.example.com/", "x",
                                      "https://a.example.com/'", "https://a.example.com/a b"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        thingspace_request request = request_for(bad[i], 0);
        CHECK_STATUS(thingspace_ensure(service.client, NULL, NULL, &request, NULL),
                     THINGSPACE_USAGE);
    }
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

static void a_client_of_a_foreign_loop_cannot_ensure(void)
{
    cleanup_service service;
    CHECK_OK(service_start_alone(&service, NULL));
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.flags = THINGSPACE_FOREIGN_LOOP;
    CHECK_OK(service_client(&service, &service.client, &options));
    thingspace_request request = request_for("https://a.example.com/x", 0);
    cleanup_result thingspace_result *result = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(thingspace_ensure(service.client, NULL, &result, &request, &error),
                 THINGSPACE_USAGE);
    CHECK(strstr(error.message, "foreign event loop") != NULL);
    CHECK(result == NULL && thingspace_client_pending(service.client) == 0);
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

static void a_request_of_an_older_version_is_understood(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    thingspace_request request = request_for("https://a.example.com/x", 0);
    request.size = offsetof(thingspace_request, method);
    request.timeout_ms = -1; /* beyond that size: not looked at */
    CHECK_OK(thingspace_ensure(service.client, NULL, NULL, &request, NULL));
    CHECK_TEXT(registered(&service), "https://a.example.com/x  ");
    CHECK_STATUS(thingspace_ensure(service.client, NULL, NULL, NULL, NULL), THINGSPACE_USAGE);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(what_is_missing_is_added_and_what_is_there_is_left_alone),
    CHECK_CASE_ONCE(another_url_is_refused_and_shown),
    CHECK_CASE_ONCE(replace_takes_it_over),
    CHECK_CASE_ONCE(replace_works_where_a_second_post_is_refused),
    CHECK_CASE_ONCE(the_old_listener_is_put_back_when_the_new_one_fails),
    CHECK_CASE_ONCE(the_error_says_when_nothing_could_be_put_back),
    CHECK_CASE_ONCE(another_password_for_the_same_url_is_an_update),
    CHECK_CASE_ONCE(what_cannot_be_sent_is_refused_before_anything_is_read),
    CHECK_CASE_ONCE(a_client_of_a_foreign_loop_cannot_ensure),
    CHECK_CASE_ONCE(a_request_of_an_older_version_is_understood),
};

CHECK_MAIN(cases)
