/* SPDX-License-Identifier: MIT */
/* The client's life: many calls, both drivers, cancelling, interrupting, threads, policies. */
#include <config.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>
#include "base/clock.h"
#include "check.h"
#include "service.h"

#define ACCOUNT "0000123456-00001"

typedef struct tally {
    unsigned done;
    unsigned good;
    thingspace_status last;
    thingspace_client *client;
    thingspace_status nested;
} tally;

static void count(thingspace_result *result, void *user)
{
    tally *tally = user;
    tally->done++;
    tally->last = thingspace_result_status(result);
    tally->good += tally->last == THINGSPACE_OK;
    thingspace_result_free(result);
}

static thingspace_request list_request(void)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = ACCOUNT;
    return request;
}

static void a_thousand_calls_share_one_token_request_and_one_login(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    tally tally = {0};
    thingspace_request request = list_request();
    for (int i = 0; i < 1000; i++)
        CHECK_OK(thingspace_call_start(service.client, NULL, &request, count, &tally, NULL));
    CHECK_INT(thingspace_client_pending(service.client), 1000);
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(tally.good, 1000);
    CHECK_INT(service_number(&service, "tokenRequests"), 1);
    CHECK_INT(service_number(&service, "logins"), 1);
}

static void a_thousand_calls_that_meet_an_expired_bearer_renew_it_once(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK(service_post(&service, "/simulator/expire?what=all"));
    tally tally = {0};
    thingspace_request request = list_request();
    for (int i = 0; i < 1000; i++)
        CHECK_OK(thingspace_call_start(service.client, NULL, &request, count, &tally, NULL));
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(tally.good, 1000);
    CHECK_INT(service_number(&service, "tokenRequests"), 2);
    CHECK_INT(service_number(&service, "logins"), 2);
}

static void a_foreign_loop_only_needs_the_descriptor(void)
{
    cleanup_service service;
    CHECK_OK(service_start_alone(&service, NULL));
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.flags = THINGSPACE_FOREIGN_LOOP;
    CHECK_OK(service_client(&service, &service.client, &options));
    struct pollfd ready = {.fd = thingspace_client_fd(service.client), .events = POLLIN};
    CHECK(ready.fd >= 0);
    CHECK_STATUS(thingspace_list(service.client, NULL, ACCOUNT, NULL), THINGSPACE_USAGE);
    CHECK_STATUS(thingspace_client_run(service.client, 0, NULL), THINGSPACE_USAGE);
    CHECK(service_fault(&service, "GET /callbacks/* status=503 times=1"));
    tally tally = {0};
    thingspace_request request = list_request();
    for (int i = 0; i < 50; i++)
        CHECK_OK(thingspace_call_start(service.client, NULL, &request, count, &tally, NULL));
    CHECK_INT(tally.done, 0);
    while (thingspace_client_pending(service.client) > 0) {
        CHECK_INT(poll(&ready, 1, 10000), 1);
        CHECK_OK(thingspace_client_process(service.client, NULL));
    }
    CHECK_INT(tally.good, 50);
}

static void done_is_never_called_from_start(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    tally tally = {0};
    thingspace_request request = list_request();
    request.account = "../x";
    CHECK_OK(thingspace_call_start(service.client, NULL, &request, count, &tally, NULL));
    CHECK_INT(tally.done, 0);
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(tally.done, 1);
    CHECK_INT(tally.last, THINGSPACE_USAGE);
}

static void cancelling_ends_a_call_at_once_wherever_it_is(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    thingspace_request request = list_request();
    for (int turns = 0; turns < 12; turns++) {
        tally tally = {0};
        thingspace_pending *pending = NULL;
        CHECK_OK(thingspace_call_start(service.client, &pending, &request, count, &tally, NULL));
        for (int i = 0; i < turns && tally.done == 0; i++)
            CHECK_OK(thingspace_client_run(service.client, 0, NULL));
        if (tally.done == 0)
            thingspace_call_cancel(pending);
        CHECK_INT(tally.done, 1);
        CHECK(tally.last == THINGSPACE_CANCELLED || tally.last == THINGSPACE_OK);
    }
    CHECK_INT(thingspace_client_pending(service.client), 0);
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
}

static void freeing_a_client_tells_every_call(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "GET /callbacks/* delay=2000"));
    tally tally = {0};
    thingspace_request request = list_request();
    for (int i = 0; i < 20; i++)
        CHECK_OK(thingspace_call_start(service.client, NULL, &request, count, &tally, NULL));
    CHECK_OK(thingspace_client_run(service.client, 100, NULL));
    thingspace_client_free(service.client);
    service.client = NULL;
    CHECK_INT(tally.done, 20);
    CHECK_INT(tally.last, THINGSPACE_CANCELLED);
}

static void free_the_client(thingspace_result *result, void *user)
{
    tally *tally = user;
    tally->done++;
    thingspace_result_free(result);
    thingspace_client_free(tally->client);
}

static void a_client_may_be_freed_inside_a_callback(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    tally first = {.client = service.client}, second = {0};
    thingspace_request request = list_request();
    CHECK_OK(thingspace_call_start(service.client, NULL, &request, free_the_client, &first, NULL));
    request.timeout_ms = 20000;
    CHECK_OK(thingspace_call_start(service.client, NULL, &request, count, &second, NULL));
    thingspace_client_run(service.client, -1, NULL);
    service.client = NULL;
    CHECK_INT(first.done, 1);
    CHECK_INT(second.done, 1);
}

static void call_blocking(thingspace_result *result, void *user)
{
    tally *tally = user;
    tally->done++;
    thingspace_result_free(result);
    tally->nested = thingspace_list(tally->client, NULL, ACCOUNT, NULL);
}

static void blocking_inside_a_callback_is_refused(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    tally tally = {.client = service.client};
    thingspace_request request = list_request();
    CHECK_OK(thingspace_call_start(service.client, NULL, &request, call_blocking, &tally, NULL));
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(tally.nested, THINGSPACE_USAGE);
}

static void start_another(thingspace_result *result, void *user)
{
    tally *tally = user;
    thingspace_request request = list_request();
    thingspace_result_free(result);
    if (++tally->done < 5)
        tally->nested =
            thingspace_call_start(tally->client, NULL, &request, start_another, tally, NULL);
}

static void a_callback_may_start_calls(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    tally tally = {.client = service.client};
    thingspace_request request = list_request();
    CHECK_OK(thingspace_call_start(service.client, NULL, &request, start_another, &tally, NULL));
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(tally.done, 5);
}

static void *list_from_another_thread(void *user)
{
    tally *tally = user;
    tally->last = thingspace_list(tally->client, NULL, ACCOUNT, NULL);
    return NULL;
}

static void *run_until_done(void *user)
{
    thingspace_client_run(user, -1, NULL);
    return NULL;
}

static void a_second_thread_is_refused_while_one_is_inside(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "GET /callbacks/* delay=4000"));
    tally mine = {0}, other = {.client = service.client};
    thingspace_request request = list_request();
    CHECK_OK(thingspace_call_start(service.client, NULL, &request, count, &mine, NULL));
    pthread_t runner, intruder;
    CHECK(pthread_create(&runner, NULL, run_until_done, service.client) == 0);
    for (int i = 0; i < 1500 && service_number(&service, "atOnce") == 0; i++)
        usleep(20000);                                    /* until its request is held up */
    CHECK(thingspace_client_pending(service.client) > 0); /* any thread may ask */
    CHECK(pthread_create(&intruder, NULL, list_from_another_thread, &other) == 0);
    pthread_join(intruder, NULL);
    pthread_join(runner, NULL);
    CHECK_INT(other.last, THINGSPACE_USAGE);
    CHECK_INT(mine.last, THINGSPACE_OK);
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
}

static void *interrupt_soon(void *user)
{
    usleep(200000);
    thingspace_client_interrupt(user);
    return NULL;
}

static void an_interrupt_ends_what_is_in_flight(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "GET /callbacks/* delay=10000"));
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, interrupt_soon, service.client) == 0);
    int64_t begin = clock_monotonic_ms();
    thingspace_status status = thingspace_list(service.client, NULL, ACCOUNT, NULL);
    int64_t took = clock_monotonic_ms() - begin;
    pthread_join(thread, NULL);
    CHECK_STATUS(status, THINGSPACE_CANCELLED);
    CHECK(took < 9000);
    CHECK_STATUS(thingspace_list(service.client, NULL, ACCOUNT, NULL), THINGSPACE_CANCELLED);
    thingspace_client_resume(service.client);
    CHECK_STATUS(thingspace_call(service.client, NULL, ACCOUNT, "GET", "/x", NULL, 0, NULL),
                 THINGSPACE_OK);
}

static void an_interrupt_ends_a_login_by_hand(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "POST /session/login delay=10000"));
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, interrupt_soon, service.client) == 0);
    int64_t begin = clock_monotonic_ms();
    thingspace_status status = thingspace_auth_login(service.client, NULL, NULL);
    int64_t took = clock_monotonic_ms() - begin;
    pthread_join(thread, NULL);
    CHECK_STATUS(status, THINGSPACE_CANCELLED);
    CHECK(took < 9000);
}

static const char policy_text[] =
    "return { name = 'test', accounts = { 'TestAccount-2', { account = '0000123456-00001', "
    "credential = 'environment' } },\n"
    "  listeners = function(account) return { CarrierService = { url = 'https://h.example.com/' .. "
    "account, username = account } } end }";

static void a_policy_in_text_decides(void)
{
    cleanup_service service;
    CHECK_OK(service_start_alone(&service, NULL));
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.policy_text = policy_text;
    CHECK_OK(service_client(&service, &service.client, &options));
    CHECK_INT(thingspace_client_account_count(service.client), 2);
    CHECK_TEXT(thingspace_client_account(service.client, 1), "0000123456-00001");
    CHECK_OK(thingspace_list(service.client, NULL, "TestAccount-2", NULL));
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(thingspace_list(service.client, NULL, "nobody", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.account, "nobody");
    char *text = NULL;
    CHECK_OK(thingspace_policy_eval(service.client, &text, "TestAccount-2", NULL));
    cleanup_json json *eval = NULL;
    thingspace_status status = json_parse(&eval, text, strlen(text), NULL);
    thingspace_text_free(text);
    CHECK_OK(status);
    CHECK_TEXT(json_get_string(eval, "endpoint"), "environment");
    CHECK_TEXT(json_get_string(json_first(json_get(eval, "listeners")), "url"),
               "https://h.example.com/TestAccount-2");
}

static thingspace_status decide(void *user, const char *account, thingspace_decision *decision,
                                thingspace_error *error)
{
    (void)error;
    ++*(int *)user;
    if (strcmp(account, "bad") == 0)
        decision->endpoint = "nowhere";
    if (strcmp(account, "worse") == 0)
        return THINGSPACE_SERVICE;
    return THINGSPACE_OK;
}

static void a_policy_in_c_decides(void)
{
    cleanup_service service;
    CHECK_OK(service_start_alone(&service, NULL));
    int asked = 0;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.resolve = decide;
    options.resolve_user = &asked;
    CHECK_OK(service_client(&service, &service.client, &options));
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK_STATUS(thingspace_list(service.client, NULL, "bad", NULL), THINGSPACE_POLICY);
    CHECK_STATUS(thingspace_list(service.client, NULL, "worse", NULL), THINGSPACE_POLICY);
    CHECK_INT(asked, 3);
}

static void looking_at_a_policy_touches_neither_network_nor_state(void)
{
    cleanup_service service;
    CHECK_OK(service_start_alone(&service, NULL));
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.policy_text = policy_text;
    CHECK_OK(service_client(&service, &service.client, &options));
    char *text = NULL;
    thingspace_status status = thingspace_policy_check(service.client, &text, NULL);
    thingspace_text_free(text);
    CHECK_OK(status);
    CHECK(access(service.state_dir, F_OK) != 0);
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

static void an_unusable_state_directory_means_no_login(void)
{
    cleanup_service service;
    CHECK_OK(service_start_alone(&service, NULL));
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.state_dir = "/proc/nowhere/state";
    CHECK_OK(service_client(&service, &service.client, &options));
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(thingspace_list(service.client, NULL, ACCOUNT, &error), THINGSPACE_LOCAL);
    CHECK_INT(service_number(&service, "loginRequests"), 0);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_thousand_calls_share_one_token_request_and_one_login),
    CHECK_CASE_ONCE(a_thousand_calls_that_meet_an_expired_bearer_renew_it_once),
    CHECK_CASE_ONCE(a_foreign_loop_only_needs_the_descriptor),
    CHECK_CASE_ONCE(done_is_never_called_from_start),
    CHECK_CASE_ONCE(cancelling_ends_a_call_at_once_wherever_it_is),
    CHECK_CASE_ONCE(freeing_a_client_tells_every_call),
    CHECK_CASE_ONCE(a_client_may_be_freed_inside_a_callback),
    CHECK_CASE_ONCE(blocking_inside_a_callback_is_refused),
    CHECK_CASE_ONCE(a_callback_may_start_calls),
    CHECK_CASE_ONCE(a_second_thread_is_refused_while_one_is_inside),
    CHECK_CASE_ONCE(an_interrupt_ends_what_is_in_flight),
    CHECK_CASE_ONCE(an_interrupt_ends_a_login_by_hand),
    CHECK_CASE_ONCE(a_policy_in_text_decides),
    CHECK_CASE_ONCE(a_policy_in_c_decides),
    CHECK_CASE_ONCE(looking_at_a_policy_touches_neither_network_nor_state),
    CHECK_CASE_ONCE(an_unusable_state_directory_means_no_login),
};

CHECK_MAIN(cases)
