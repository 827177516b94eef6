/* SPDX-License-Identifier: MIT */
/* Many calls at once against the simulator: the windows, turns of accounts, waiting, the breaker.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/clock.h"
#include "check.h"
#include "service.h"

#define ACCOUNTS 1000

typedef struct tally {
    unsigned done, good;
    thingspace_status last;
    thingspace_error error;
    int64_t last_ms; /* when the last one ended */
} tally;

static void count(thingspace_result *result, void *user)
{
    tally *tally = user;
    tally->done++;
    tally->last = thingspace_result_status(result);
    tally->good += tally->last == THINGSPACE_OK;
    tally->last_ms = clock_monotonic_ms();
    if (tally->last != THINGSPACE_OK)
        tally->error = *thingspace_result_error(result);
    thingspace_result_free(result);
}

static thingspace_status list(service *service, unsigned account, thingspace_pending **out,
                              tally *tally)
{
    char name[40];
    snprintf(name, sizeof(name), "TestAccount-%u", account);
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = name;
    return thingspace_call_start(service->client, out, &request, count, tally, NULL);
}

/* A client whose endpoint has `window` (0: the policy says nothing), with tokens. */
static thingspace_status open(service *service, const thingspace_simulator_options *simulator,
                              unsigned window, long long timeout_ms)
{
    char policy[500], row[40] = "";
    thingspace_status status = service_start_alone(service, simulator);
    if (status != THINGSPACE_OK)
        return status;
    if (window)
        snprintf(row, sizeof(row), ", window = %u", window);
    snprintf(policy, sizeof(policy),
             "return { name = 'scale', endpoints = { near = { url = '%s'%s } },\n"
             "  resolve = function() return { endpoint = 'near' } end }\n",
             thingspace_simulator_url(service->simulator), row);
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.policy_text = policy;
    options.timeout_ms = timeout_ms;
    status = service_client(service, &service->client, &options);
    return status == THINGSPACE_OK ? thingspace_list(service->client, NULL, "TestAccount-1", NULL)
                                   : status;
}

static thingspace_simulator_options slow(int latency_ms)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    options.latency_ms = latency_ms;
    return options;
}

static void a_thousand_accounts_never_exceed_the_window(void)
{
    cleanup_service service;
    const thingspace_simulator_options options = slow(5);
    tally tally = {0};
    CHECK_OK(open(&service, &options, 0, 0));
    for (unsigned i = 0; i < 2 * ACCOUNTS; i++)
        CHECK_OK(list(&service, i % ACCOUNTS, NULL, &tally));
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(tally.good, 2 * ACCOUNTS);
    /* a slow machine does not always fill the window */
    long long most = service_number(&service, "mostAtOnce");
    CHECK(most <= 64 && most > 32);
    CHECK_INT(service_number(&service, "logins"), 1);
}

static void a_policy_says_how_many_calls_an_endpoint_gets_at_once(void)
{
    cleanup_service service;
    const thingspace_simulator_options options = slow(25);
    tally tally = {0};
    CHECK_OK(open(&service, &options, 3, 0));
    for (unsigned i = 0; i < 60; i++)
        CHECK_OK(list(&service, i, NULL, &tally));
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(tally.good, 60);
    CHECK_INT(service_number(&service, "mostAtOnce"), 3);
}

static void one_account_gets_eight_at_once(void)
{
    cleanup_service service;
    const thingspace_simulator_options options = slow(25);
    tally tally = {0};
    CHECK_OK(open(&service, &options, 0, 0));
    for (unsigned i = 0; i < 60; i++)
        CHECK_OK(list(&service, 7, NULL, &tally));
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(tally.good, 60);
    CHECK_INT(service_number(&service, "mostAtOnce"), 8);
}

static void an_account_with_many_calls_does_not_hold_up_one_with_a_single_call(void)
{
    cleanup_service service;
    const thingspace_simulator_options options = slow(10);
    tally busy = {0}, single = {0};
    CHECK_OK(open(&service, &options, 4, 0));
    for (unsigned i = 0; i < 500; i++)
        CHECK_OK(list(&service, 7, NULL, &busy));
    CHECK_OK(list(&service, 8, NULL, &single));
    while (single.done == 0)
        CHECK_OK(thingspace_client_run(service.client, 1, NULL));
    CHECK_INT(single.good, 1);
    CHECK(busy.done <= 12);
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(busy.good, 500);
}

static void waiting_costs_a_call_nothing_of_its_time(void)
{
    cleanup_service service;
    const thingspace_simulator_options options = slow(100);
    tally tally = {0};
    CHECK_OK(open(&service, &options, 1, 1000));
    for (unsigned i = 0; i < 15; i++)
        CHECK_OK(list(&service, i, NULL, &tally));
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(tally.good, 15);
}

static void who_waits_can_be_cancelled(void)
{
    cleanup_service service;
    const thingspace_simulator_options options = slow(20);
    tally tally = {0}, cancelled = {0};
    thingspace_pending *waiting[10];
    CHECK_OK(open(&service, &options, 1, 0));
    for (unsigned i = 0; i < 10; i++)
        CHECK_OK(list(&service, i, &waiting[i], i % 2 ? &cancelled : &tally));
    CHECK_OK(thingspace_client_run(service.client, 5, NULL));
    for (unsigned i = 1; i < 10; i += 2)
        thingspace_call_cancel(waiting[i]);
    CHECK_INT(cancelled.done, 5);
    CHECK_INT(cancelled.last, THINGSPACE_CANCELLED);
    CHECK(!strstr(cancelled.error.message, "may have taken effect"));
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(tally.good, 5);
}

static void who_is_inside_can_be_cancelled_and_lets_another_in(void)
{
    cleanup_service service;
    const thingspace_simulator_options options = slow(20);
    tally tally = {0};
    thingspace_pending *first;
    CHECK_OK(open(&service, &options, 1, 0));
    CHECK_OK(list(&service, 1, &first, &tally));
    CHECK_OK(list(&service, 2, NULL, &tally));
    CHECK_OK(thingspace_client_run(service.client, 5, NULL));
    thingspace_call_cancel(first);
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(tally.done, 2);
    CHECK_INT(tally.good, 1);
}

static void a_client_can_be_freed_while_calls_wait(void)
{
    cleanup_service service;
    const thingspace_simulator_options options = slow(500);
    tally tally = {0};
    CHECK_OK(open(&service, &options, 2, 0));
    for (unsigned i = 0; i < 30; i++)
        CHECK_OK(list(&service, i % 5, NULL, &tally));
    CHECK_OK(thingspace_client_run(service.client, 20, NULL));
    thingspace_client_free(service.client);
    service.client = NULL;
    CHECK_INT(tally.done, 30);
    CHECK_INT(tally.last, THINGSPACE_CANCELLED);
}

static void an_interruption_ends_those_that_wait(void)
{
    cleanup_service service;
    const thingspace_simulator_options options = slow(500);
    tally tally = {0};
    CHECK_OK(open(&service, &options, 2, 0));
    for (unsigned i = 0; i < 30; i++)
        CHECK_OK(list(&service, i % 5, NULL, &tally));
    CHECK_OK(thingspace_client_run(service.client, 20, NULL));
    thingspace_client_interrupt(service.client);
    CHECK_STATUS(thingspace_client_run(service.client, -1, NULL), THINGSPACE_CANCELLED);
    CHECK_INT(tally.done, 30);
    thingspace_client_resume(service.client);
    CHECK_OK(thingspace_list(service.client, NULL, "TestAccount-1", NULL));
}

static void an_endpoint_that_is_not_reached_is_left_alone_for_a_second(void)
{
    cleanup_service service;
    tally tally = {0};
    CHECK_OK(open(&service, NULL, 16, 0));
    long long before = service_number(&service, "requestCount");
    CHECK(service_fault(&service, "GET /callbacks/* close"));
    for (unsigned i = 0; i < ACCOUNTS; i++)
        CHECK_OK(list(&service, i, NULL, &tally));
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    int64_t end = clock_monotonic_ms();
    CHECK_INT(tally.done, ACCOUNTS);
    CHECK_INT(tally.good, 0);
    CHECK_INT(tally.last, THINGSPACE_NETWORK);
    CHECK_INT(tally.error.retriable, 1);
    CHECK(service_number(&service, "requestCount") - before <= 16 + 10);
    tally.done = 0;
    CHECK_OK(list(&service, 1, NULL, &tally));
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    if (clock_monotonic_ms() - end < 500) {
        CHECK_INT(tally.last, THINGSPACE_NETWORK);
        CHECK(strstr(tally.error.message, "was not reached"));
        CHECK(tally.error.retry_after_ms > 0 && tally.error.retry_after_ms <= 1000);
    }
    CHECK(service_post(&service, "/simulator/reset"));
    usleep(1100 * 1000);
    for (unsigned i = 0; i < 50; i++)
        CHECK_OK(list(&service, i, NULL, &tally));
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(tally.good, 50);
}

static void answers_that_are_failures_open_no_breaker(void)
{
    cleanup_service service;
    tally tally = {0};
    CHECK_OK(open(&service, NULL, 0, 0));
    CHECK(service_fault(&service, "GET /callbacks/* status=400 times=100"));
    for (unsigned i = 0; i < 150; i++)
        CHECK_OK(list(&service, i, NULL, &tally));
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(tally.good, 50);
}

static void a_window_that_is_no_number_of_calls_is_refused(void)
{
    static const char *const rows[] = {"0", "1025", "1.5", "'8'", "-1", "true"};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char policy[300];
        cleanup_client thingspace_client *client = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
        snprintf(policy, sizeof(policy),
                 "return { name = 'scale', accounts = { 'a' }, endpoints = { near = { url = "
                 "'https://a.example', "
                 "window = %s } } }",
                 rows[i]);
        options.policy_text = policy;
        CHECK_STATUS(thingspace_client_new(&client, &options, &error), THINGSPACE_POLICY);
        CHECK(strstr(error.message, "window must be a whole number from 1 to 1024"));
    }
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_thousand_accounts_never_exceed_the_window),
    CHECK_CASE_ONCE(a_policy_says_how_many_calls_an_endpoint_gets_at_once),
    CHECK_CASE_ONCE(one_account_gets_eight_at_once),
    CHECK_CASE_ONCE(an_account_with_many_calls_does_not_hold_up_one_with_a_single_call),
    CHECK_CASE_ONCE(waiting_costs_a_call_nothing_of_its_time),
    CHECK_CASE_ONCE(who_waits_can_be_cancelled),
    CHECK_CASE_ONCE(who_is_inside_can_be_cancelled_and_lets_another_in),
    CHECK_CASE_ONCE(a_client_can_be_freed_while_calls_wait),
    CHECK_CASE_ONCE(an_interruption_ends_those_that_wait),
    CHECK_CASE_ONCE(an_endpoint_that_is_not_reached_is_left_alone_for_a_second),
    CHECK_CASE_ONCE(answers_that_are_failures_open_no_breaker),
    CHECK_CASE_ONCE(a_window_that_is_no_number_of_calls_is_refused),
};

CHECK_MAIN(cases)
