/* SPDX-License-Identifier: MIT */
/* What a call does when attempts fail: renewal, retry, read-back. Against the simulator. */
#include "base/clock.h"
#include <stdio.h>
#include <strings.h>
#include "check.h"
#include "service.h"

#define ACCOUNT "0000123456-00001"
#define PATH    "/api/m2m/v1/callbacks/" ACCOUNT
#define URL     "https://hooks.example.com/a"

static thingspace_status put_one(service *service, thingspace_result **out, thingspace_error *error)
{
    return thingspace_register(service->client, out, ACCOUNT, "DeviceUsage", URL, NULL, NULL,
                               error);
}

static void a_register_whose_answer_was_lost_is_read_back(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "POST /callbacks/* after close times=1"));
    cleanup_result thingspace_result *made = NULL;
    CHECK_OK(put_one(&service, &made, NULL));
    CHECK_INT(service_count(&service, "POST " PATH), 1);
    CHECK_INT(service_count(&service, "GET " PATH), 1);
    CHECK_TEXT(thingspace_result_service(made), "DeviceUsage");
    CHECK_INT(thingspace_result_attempts(made), 2);
}

static void a_register_that_timed_out_after_it_was_applied_is_done(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK(service_fault(&service, "POST /callbacks/* after delay=3000 times=1"));
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_REGISTER;
    request.account = ACCOUNT;
    request.service = "DeviceUsage";
    request.url = URL;
    request.timeout_ms = 1500;
    CHECK_OK(thingspace_perform(service.client, NULL, &request, NULL));
    CHECK_INT(service_count(&service, "POST " PATH), 1);
}

static void a_register_that_was_not_applied_is_sent_again(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "POST /callbacks/* close times=1"));
    CHECK_OK(put_one(&service, NULL, NULL));
    CHECK_INT(service_count(&service, "POST " PATH), 2);
    CHECK_INT(service_count(&service, "GET " PATH), 1);
}

static void a_502_after_the_change_took_effect_is_done(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "POST /callbacks/* after status=502 times=1"));
    CHECK_OK(put_one(&service, NULL, NULL));
    CHECK_INT(service_count(&service, "POST " PATH), 1);
}

static void a_second_delete_of_what_is_gone_is_done(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(put_one(&service, NULL, NULL));
    /* Applied, answer lost; and the read-back fails, so that the DELETE is sent again. */
    CHECK(service_fault(&service, "DELETE /callbacks/* after close times=1"));
    CHECK_OK(thingspace_deregister(service.client, NULL, ACCOUNT, "DeviceUsage", NULL));
    CHECK_INT(service_count(&service, "DELETE " PATH "/name/DeviceUsage"), 1);
}

static void a_delete_refused_on_its_second_attempt_is_read_back(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(put_one(&service, NULL, NULL));
    CHECK(service_fault(&service, "DELETE /callbacks/* status=500 times=1"));
    CHECK(service_fault(&service,
                        "DELETE /callbacks/* after status=400 times=1 "
                        "body=\"{\\\"errorCode\\\":\\\"X.REQUEST_FAILED.NotRegistered\\\"}\""));
    CHECK_OK(thingspace_deregister(service.client, NULL, ACCOUNT, "DeviceUsage", NULL));
    CHECK_INT(service_count(&service, "DELETE " PATH "/name/DeviceUsage"), 2);
}

static void a_delete_of_what_never_was_is_the_services_error(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_STATUS(thingspace_deregister(service.client, NULL, ACCOUNT, "DeviceUsage", NULL),
                 THINGSPACE_SERVICE);
}

static void when_reading_back_fails_too_the_error_says_that_it_is_not_known(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "POST /callbacks/* close"));
    CHECK(service_fault(&service, "GET /callbacks/* status=500"));
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(put_one(&service, NULL, &error), THINGSPACE_NETWORK);
    CHECK(strstr(error.message, "not known") != NULL);
}

static void tokens_that_expired_before_reading_back_are_renewed(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "POST /callbacks/* after close times=1"));
    CHECK(service_fault(&service, "GET /callbacks/* times=1 status=401 body=\"\""));
    CHECK_OK(put_one(&service, NULL, NULL));
    CHECK_INT(service_number(&service, "logins"), 2);
    CHECK_INT(service_count(&service, "POST " PATH), 1);
    CHECK_INT(service_count(&service, "GET " PATH), 2);
}

static void when_no_tokens_can_be_had_to_read_back_the_first_error_stands(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "POST /callbacks/* after close times=1"));
    CHECK(service_fault(&service, "GET /callbacks/* status=401 body=\"\""));
    CHECK(service_fault(&service, "POST /session/login skip=1 status=400"));
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(put_one(&service, NULL, &error), THINGSPACE_NETWORK);
    CHECK(strstr(error.message, "it is not known whether this took effect") != NULL);
    CHECK_INT(service_count(&service, "GET " PATH), 1);
}

static void busy_answers_are_tried_three_times(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "GET /callbacks/* status=429"));
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(thingspace_list(service.client, NULL, ACCOUNT, &error), THINGSPACE_SERVICE);
    CHECK_INT(error.http_status, 429);
    CHECK_INT(error.retriable, 1);
    CHECK_INT(service_count(&service, "GET " PATH), 3);
}

static void retry_after_is_waited_for(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK(service_fault(&service, "GET /callbacks/* status=503 header=Retry-After:1 times=1"));
    int64_t begin = clock_monotonic_ms();
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK(clock_monotonic_ms() - begin >= 1000);
}

static void a_retry_after_beyond_the_deadline_ends_the_call_at_once(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK(service_fault(&service, "GET /callbacks/* status=503 header=Retry-After:100000"));
    int64_t begin = clock_monotonic_ms();
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(thingspace_list(service.client, NULL, ACCOUNT, &error), THINGSPACE_SERVICE);
    CHECK(clock_monotonic_ms() - begin < 20000);
    CHECK(error.retry_after_ms > 30000);
}

static void a_put_is_never_sent_twice(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "PUT /x after status=500"));
    CHECK(service_fault(&service, "PUT /y close"));
    CHECK_STATUS(thingspace_call(service.client, NULL, ACCOUNT, "PUT", "/x", "{}", 2, NULL),
                 THINGSPACE_SERVICE);
    CHECK_STATUS(thingspace_call(service.client, NULL, ACCOUNT, "PUT", "/y", "{}", 2, NULL),
                 THINGSPACE_NETWORK);
    CHECK_INT(service_count(&service, "PUT /api/m2m/v1/x"), 1);
    CHECK_INT(service_count(&service, "PUT /api/m2m/v1/y"), 1);
}

static void redirects_are_an_error(void)
{
    static const int codes[] = {301, 302, 307, 308};
    cleanup_service service, other;
    CHECK_OK(service_start(&other, NULL));
    CHECK_OK(service_start(&service, NULL));
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        char rule[200];
        snprintf(rule, sizeof(rule), "GET /callbacks/* times=1 status=%d header=Location:%s/x",
                 codes[i], thingspace_simulator_url(other.simulator));
        CHECK(service_fault(&service, rule));
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_STATUS(thingspace_list(service.client, NULL, ACCOUNT, &error), THINGSPACE_PROTOCOL);
        CHECK(strstr(error.message, "unexpected redirect") != NULL);
    }
    CHECK_INT(service_number(&other, "requestCount"), 0);
}

static void an_expired_bearer_is_renewed_once_and_the_call_sent_again(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK(service_post(&service, "/simulator/expire?what=bearer"));
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK_INT(service_number(&service, "tokenRequests"), 2);
    CHECK_INT(service_number(&service, "logins"), 1);
}

static void an_expired_session_is_renewed_once_and_the_call_sent_again(void)
{
    for (int status = 400; status <= 401; status++) {
        thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
        options.dead_session_status = status;
        cleanup_service service;
        CHECK_OK(service_start(&service, &options));
        CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
        CHECK(service_post(&service, "/simulator/expire?what=session"));
        CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
        CHECK_INT(service_number(&service, "tokenRequests"), 1);
        CHECK_INT(service_number(&service, "logins"), 2);
    }
}

static void both_tokens_expired_are_both_renewed(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK(service_post(&service, "/simulator/expire?what=all"));
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK_INT(service_number(&service, "tokenRequests"), 2);
    CHECK_INT(service_number(&service, "logins"), 2);
}

static void a_fresh_session_that_is_refused_is_replaced_once(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "GET /callbacks/* status=401 body=\"\""));
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(thingspace_list(service.client, NULL, ACCOUNT, &error), THINGSPACE_AUTH);
    CHECK_INT(service_number(&service, "logins"), 2);
    CHECK_INT(service_count(&service, "GET " PATH), 2);
}

static void an_account_of_another_user_costs_no_login(void)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    static const char *const accounts[] = {"TestAccount-*", NULL};
    options.accounts = accounts;
    cleanup_service service;
    CHECK_OK(service_start(&service, &options));
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(thingspace_list(service.client, NULL, ACCOUNT, &error), THINGSPACE_SERVICE);
    CHECK(strstr(error.code, "REQUEST_FAILED.AccountName") != NULL);
    CHECK_INT(service_number(&service, "logins"), 1);
}

static void an_unreachable_service_is_a_network_error(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    thingspace_simulator_stop(service.simulator);
    service.simulator = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = ACCOUNT;
    request.timeout_ms = 3000;
    CHECK_STATUS(thingspace_perform(service.client, NULL, &request, &error), THINGSPACE_NETWORK);
    CHECK(error.message[0] != '\0');
}

static void the_deadline_holds(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "GET /callbacks/* delay=20000"));
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = ACCOUNT;
    request.timeout_ms = 700;
    int64_t begin = clock_monotonic_ms();
    CHECK_STATUS(thingspace_perform(service.client, NULL, &request, NULL), THINGSPACE_TIMEOUT);
    CHECK(clock_monotonic_ms() - begin < 15000);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_register_whose_answer_was_lost_is_read_back),
    CHECK_CASE_ONCE(a_register_that_timed_out_after_it_was_applied_is_done),
    CHECK_CASE_ONCE(a_register_that_was_not_applied_is_sent_again),
    CHECK_CASE_ONCE(a_502_after_the_change_took_effect_is_done),
    CHECK_CASE_ONCE(a_second_delete_of_what_is_gone_is_done),
    CHECK_CASE_ONCE(a_delete_refused_on_its_second_attempt_is_read_back),
    CHECK_CASE_ONCE(a_delete_of_what_never_was_is_the_services_error),
    CHECK_CASE_ONCE(when_reading_back_fails_too_the_error_says_that_it_is_not_known),
    CHECK_CASE_ONCE(tokens_that_expired_before_reading_back_are_renewed),
    CHECK_CASE_ONCE(when_no_tokens_can_be_had_to_read_back_the_first_error_stands),
    CHECK_CASE_ONCE(busy_answers_are_tried_three_times),
    CHECK_CASE_ONCE(retry_after_is_waited_for),
    CHECK_CASE_ONCE(a_retry_after_beyond_the_deadline_ends_the_call_at_once),
    CHECK_CASE_ONCE(a_put_is_never_sent_twice),
    CHECK_CASE_ONCE(redirects_are_an_error),
    CHECK_CASE_ONCE(an_expired_bearer_is_renewed_once_and_the_call_sent_again),
    CHECK_CASE_ONCE(an_expired_session_is_renewed_once_and_the_call_sent_again),
    CHECK_CASE_ONCE(both_tokens_expired_are_both_renewed),
    CHECK_CASE_ONCE(a_fresh_session_that_is_refused_is_replaced_once),
    CHECK_CASE_ONCE(an_account_of_another_user_costs_no_login),
    CHECK_CASE_ONCE(an_unreachable_service_is_a_network_error),
    CHECK_CASE_ONCE(the_deadline_holds),
};

CHECK_MAIN(cases)
