/* SPDX-License-Identifier: MIT */
/*
 * Hostile answers and inputs through whole calls, against the simulator: each gives one clear
 * error of the right kind, sends nothing that it should not, and the next call works.
 */
#include <config.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "check.h"
#include "service.h"

#define ACCOUNT "0000123456-00001"
#define PATH    "/api/m2m/v1/callbacks/" ACCOUNT
#define URL     "https://hooks.example.com/a"
#define TOKENS  "POST /oauth2/token"
#define LOGINS  "POST /session/login"
#define LISTS   "GET /callbacks/*"

/* Lets the next request that matches get `body` with status 200. */
static bool answer_with(service *service, const char *request, const char *body)
{
    char rule[2000];
    size_t used = (size_t)snprintf(rule, sizeof(rule), "%s status=200 times=1 body=\"", request);
    for (; *body && used < sizeof(rule) - 4; body++) {
        if (*body == '"' || *body == '\\')
            rule[used++] = '\\';
        rule[used++] = *body;
    }
    memcpy(rule + used, "\"", 2);
    return service_fault(service, rule);
}

static thingspace_status list(service *service, thingspace_error *error)
{
    return thingspace_list(service->client, NULL, ACCOUNT, error);
}

static bool is_one_line(const thingspace_error *error)
{
    if (error->message[0] == '\0')
        return false;
    for (const unsigned char *at = (const unsigned char *)error->message; *at; at++)
        if (*at < 0x20 || *at == 0x7f)
            return false;
    return true;
}

/* ---- tokens ---- */

typedef struct answer_case {
    const char *body;
    thingspace_status status;
} answer_case;

#define TOKEN(value) "{\"access_token\":" value ",\"expires_in\":3600}"

static void odd_token_answers_send_no_login_and_are_forgotten(void)
{
    static const answer_case answers[] = {
        {TOKEN("\"a\\r\\nX-Evil: 1\""), THINGSPACE_PROTOCOL},
        {TOKEN("\"a\\nb\""), THINGSPACE_PROTOCOL},
        {TOKEN("\"a b\""), THINGSPACE_PROTOCOL},
        {TOKEN("\"a\\u0000b\""), THINGSPACE_PROTOCOL},
        {TOKEN("\"a\\u007fb\""), THINGSPACE_PROTOCOL},
        {TOKEN("\"a\\u0085b\""), THINGSPACE_PROTOCOL},
        {TOKEN("\"\""), THINGSPACE_PROTOCOL},
        {TOKEN("17"), THINGSPACE_PROTOCOL},
        {TOKEN("null"), THINGSPACE_PROTOCOL},
        {TOKEN("[\"t\"]"), THINGSPACE_PROTOCOL},
        {"{\"expires_in\":3600}", THINGSPACE_PROTOCOL},
        {"\"token\"", THINGSPACE_PROTOCOL},
        {"\xef\xbb\xbf" TOKEN("\"t\""), THINGSPACE_PROTOCOL},
        {TOKEN("\"t\"") "x", THINGSPACE_PROTOCOL},
        {"<html>maintenance</html>", THINGSPACE_PROTOCOL},
        {"", THINGSPACE_PROTOCOL},
    };
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK(answer_with(&service, TOKENS, answers[i].body));
        CHECK_STATUS(list(&service, &error), answers[i].status);
        CHECK(is_one_line(&error));
        CHECK(strstr(error.message, "token request of credential \"environment\"") != NULL);
        CHECK(strstr(error.message, "X-Evil") == NULL);
    }
    CHECK(service_fault(&service, TOKENS " garbage times=1"));
    CHECK_STATUS(list(&service, NULL), THINGSPACE_PROTOCOL);
    CHECK_INT(service_number(&service, "loginRequests"), 0);
    CHECK_INT(service_count(&service, "GET " PATH), 0);
    CHECK_OK(list(&service, NULL));
}

/* A life that cannot be true is not believed: the token is used until it is refused. */
static void odd_lives_of_a_token_do_no_harm(void)
{
    static const char *const lives[] = {
        "-1",   "0",   "1e400", "9223372036854775807", "\"3600\"", "99999999999999999999999999",
        "null", "1.5", "[]"};
    for (size_t i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
        cleanup_service service;
        char rule[300];
        CHECK_OK(service_start(&service, NULL));
        /* The token is unknown to the service: refused, it is replaced once. */
        snprintf(rule, sizeof(rule), "{\"access_token\":\"stranger\",\"expires_in\":%s}", lives[i]);
        CHECK(answer_with(&service, TOKENS, rule));
        CHECK_OK(list(&service, NULL));
        CHECK_OK(list(&service, NULL));
        CHECK_INT(service_number(&service, "tokenRequests"), 1);
        CHECK_INT(service_count(&service, "POST /api/ts/v1/oauth2/token"), 2);
    }
}

static void odd_login_answers_send_no_call_and_are_counted(void)
{
    static const char *const answers[] = {
        "{\"sessionToken\":\"a\\r\\nX-Evil: 1\"}",
        "{\"sessionToken\":\"\"}",
        "{\"sessionToken\":5}",
        "{\"sessionToken\":{\"a\":\"b\"}}",
        "{\"SessionToken\":\"wrong name\"}",
        "{\"sessionToken\":\"one\",\"sessionToken\":\"two\"}",
        "{}",
        "[]",
        "<html>please log in</html>",
        "",
        "{\"sessionToken\":\"\xc3\xa4\"}",
    };
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        cleanup_service service;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_OK(service_start(&service, NULL));
        CHECK(answer_with(&service, LOGINS, answers[i]));
        CHECK_STATUS(list(&service, &error), THINGSPACE_PROTOCOL);
        CHECK(is_one_line(&error));
        CHECK(strstr(error.message, "login of credential \"environment\"") != NULL);
        CHECK(strstr(error.message, "X-Evil") == NULL);
        CHECK_INT(service_count(&service, "GET " PATH), 0);
        char *text = NULL;
        CHECK_OK(thingspace_auth_status(service.client, &text, NULL, NULL));
        bool counted = strstr(text, "\"failed\":1") != NULL;
        thingspace_text_free(text);
        CHECK(counted);
        CHECK_OK(list(&service, NULL));
        CHECK_INT(service_count(&service, "POST /api/m2m/v1/session/login"), 2);
    }
}

static void redirects_of_token_and_login_are_not_followed(void)
{
    static const char *const requests[] = {TOKENS, LOGINS};
    static const int codes[] = {301, 302, 307, 308};
    for (size_t i = 0; i < 2 * sizeof(codes) / sizeof(codes[0]); i++) {
        cleanup_service service, other;
        char rule[300];
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_OK(service_start_alone(&other, NULL));
        CHECK_OK(service_start(&service, NULL));
        snprintf(rule, sizeof(rule), "%s status=%d header=Location:%s/x", requests[i % 2],
                 codes[i / 2], thingspace_simulator_url(other.simulator));
        CHECK(service_fault(&service, rule));
        CHECK_STATUS(list(&service, &error), THINGSPACE_PROTOCOL);
        CHECK(strstr(error.message, "unexpected redirect") != NULL);
        CHECK_INT(service_number(&other, "requestCount"), 0);
    }
}

/* ---- line breaks from every other source ---- */

static void a_line_break_in_a_variable_sends_nothing(void)
{
    static const char *const names[] = {"THINGSPACE_KEY", "THINGSPACE_SECRET",
                                        "THINGSPACE_USERNAME", "THINGSPACE_PASSWORD"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        cleanup_service service;
        cleanup_client thingspace_client *client = NULL;
        thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_OK(service_start_alone(&service, NULL));
        CHECK(setenv(names[i], "canary\r\nX-Evil: 1", 1) == 0);
        options.state_dir = service.state_dir;
        thingspace_status status = thingspace_client_new(&client, &options, &error);
        if (status == THINGSPACE_OK)
            status = thingspace_list(client, NULL, ACCOUNT, &error);
        CHECK_STATUS(status, THINGSPACE_AUTH);
        CHECK(is_one_line(&error) && strstr(error.message, "canary") == NULL);
        CHECK_INT(service_number(&service, "loginRequests"), 0);
        CHECK_INT(service_count(&service, "GET " PATH), 0);
    }
}

static void a_line_break_in_a_secret_file_sends_nothing(void)
{
    static const char *const texts[] = {"canary\r\nX-Evil: 1\n", "canary\nsecond", "\ncanary",
                                        "canary\rb"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        cleanup_service service;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        char name[40];
        snprintf(name, sizeof(name), "broken-%zu", i);
        CHECK_OK(service_start_alone(&service, NULL));
        unsetenv("THINGSPACE_SECRET");
        setenv("THINGSPACE_SECRET_FILE", check_file(name, texts[i]), 1);
        thingspace_status status = service_client(&service, &service.client, NULL);
        if (status == THINGSPACE_OK)
            status = list(&service, &error);
        unsetenv("THINGSPACE_SECRET_FILE");
        CHECK_STATUS(status, THINGSPACE_AUTH);
        CHECK(is_one_line(&error) && strstr(error.message, "canary") == NULL);
        CHECK_INT(service_number(&service, "requestCount"), 0);
    }
}

static void a_line_break_in_a_policy_url_is_refused(void)
{
    static const char *const ends[] = {"\\r\\nX-Evil: 1", "/\\nb", "/\\0b", "/\\rb"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        cleanup_service service;
        cleanup_client thingspace_client *client = NULL;
        thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        char text[500];
        CHECK_OK(service_start_alone(&service, NULL));
        snprintf(text, sizeof(text),
                 "return { name = 'n', accounts = { '" ACCOUNT
                 "' }, endpoints = { lab = { url = '%s%s' } } }",
                 thingspace_simulator_url(service.simulator), ends[i]);
        options.policy_text = text;
        CHECK_STATUS(thingspace_client_new(&client, &options, &error), THINGSPACE_POLICY);
        CHECK(is_one_line(&error));
        CHECK_INT(service_number(&service, "requestCount"), 0);
    }
}

static void a_line_break_in_what_is_registered_never_splits_the_request(void)
{
    cleanup_service service;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(service_start(&service, NULL));
    CHECK_STATUS(thingspace_register(service.client, NULL, ACCOUNT, "DeviceUsage",
                                     URL "\r\nX-Evil: 1", NULL, NULL, &error),
                 THINGSPACE_USAGE);
    CHECK(is_one_line(&error));
    CHECK_STATUS(thingspace_register(service.client, NULL, ACCOUNT, "Device\r\nUsage", URL, NULL,
                                     NULL, &error),
                 THINGSPACE_USAGE);
    CHECK(is_one_line(&error));
    CHECK_STATUS(thingspace_register(service.client, NULL, ACCOUNT, "DeviceUsage", URL, "a\r\nb",
                                     NULL, &error),
                 THINGSPACE_USAGE);
    CHECK(is_one_line(&error));
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

/* ---- answers of calls ---- */

static void odd_lists_are_an_error_with_a_place_and_lose_nothing(void)
{
    static const char *const lists[] = {
        "[{\"serviceName\":\"a\",\"serviceName\":\"b\"}]",
        "[0123]",
        "[\"\\u0000\"]",
        "[\"\\ud800\"]",
        "\xef\xbb\xbf[]",
        "[] trailing",
        "[NaN]",
        "[/* a comment */]",
        "[1,]",
    };
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK(answer_with(&service, LISTS, lists[i]));
        CHECK_STATUS(list(&service, &error), THINGSPACE_PROTOCOL);
        CHECK(is_one_line(&error));
        CHECK(strstr(error.message, " at offset ") != NULL);
        CHECK_INT(error.http_status, 200);
        CHECK_OK(list(&service, NULL));
    }
}

static void a_list_ten_thousand_and_one_deep_is_refused(void)
{
    enum { DEPTH = 10001 };
    static char rule[2 * DEPTH + 100];
    cleanup_service service;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(service_start(&service, NULL));
    size_t used = (size_t)snprintf(rule, sizeof(rule), LISTS " status=200 body=");
    memset(rule + used, '[', DEPTH);
    memset(rule + used + DEPTH, ']', DEPTH);
    CHECK(service_fault(&service, rule));
    CHECK_STATUS(list(&service, &error), THINGSPACE_PROTOCOL);
    CHECK(strstr(error.message, "more than 64 levels at offset 64") != NULL);
}

/* Numbers too large for a double, and text members that look like numbers: as they came. */
static void numbers_of_an_answer_keep_their_text(void)
{
    static const char body[] =
        "[{\"accountName\":\"" ACCOUNT "\",\"serviceName\":\"DeviceUsage\",\"url\":\"" URL
        "\",\"n\":12345678901234567890,\"e\":1e400}]";
    cleanup_service service;
    cleanup_result thingspace_result *listed = NULL;
    CHECK_OK(service_start(&service, NULL));
    CHECK(answer_with(&service, LISTS, body));
    CHECK_OK(thingspace_list(service.client, &listed, ACCOUNT, NULL));
    CHECK_TEXT(thingspace_result_listener(listed, 0)->account, ACCOUNT);
    CHECK_TEXT(thingspace_result_body(listed, NULL), body);
}

static void nothing_where_a_list_is_expected_is_an_empty_list(void)
{
    static const char *const empty[] = {"", " ", "\r\n", "[]"};
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
        cleanup_result thingspace_result *listed = NULL;
        CHECK(answer_with(&service, LISTS, empty[i]));
        CHECK_OK(thingspace_list(service.client, &listed, ACCOUNT, NULL));
        CHECK_INT(thingspace_result_count(listed), 0);
    }
}

static void what_is_no_object_where_one_is_expected_keeps_its_status(void)
{
    static const char *const odd[] = {"<html>ok</html>", "", "[]", "\"done\"", "5"};
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK(answer_with(&service, "POST /callbacks/*", odd[i]));
        CHECK_STATUS(thingspace_register(service.client, NULL, ACCOUNT, "DeviceUsage", URL, NULL,
                                         NULL, &error),
                     THINGSPACE_PROTOCOL);
        CHECK_INT(error.http_status, 200);
        CHECK(is_one_line(&error));
    }
}

/* ---- Retry-After through a whole call ---- */

/* How long a list took whose first attempt got this Retry-After; -1 when it failed. */
static int64_t wait_after(service *service, const char *value)
{
    char rule[200];
    snprintf(rule, sizeof(rule), LISTS " status=503 times=1 \"header=Retry-After:%s\"", value);
    if (!service_fault(service, rule))
        return -1;
    int64_t begin = clock_monotonic_ms();
    return list(service, NULL) == THINGSPACE_OK ? clock_monotonic_ms() - begin : -1;
}

static void retry_after_is_honoured_or_ignored_by_a_call(void)
{
    static const char *const ignored[] = {"-1", "soon", "7 seconds", "0x7"};
    cleanup_service service;
    char date[64];
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(list(&service, NULL));
    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
        int64_t took = wait_after(&service, ignored[i]);
        CHECK(took >= 0 && took < 6500);
    }
    CHECK(wait_after(&service, "2") >= 2000);
    time_t then = time(NULL) + 4; /* however long it takes until the service is asked */
    struct tm parts;
    setlocale(LC_TIME, "C"); /* for the names below */
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&then, &parts));
    CHECK(wait_after(&service, date) >= 0);
    CHECK(clock_wall_ms() >= (int64_t)then * 1000 - 50);
}

/* What cannot be waited for is told instead, clamped. */
static void a_retry_after_beyond_the_deadline_is_told(void)
{
    static const struct {
        const char *value;
        long long ms;
    } rows[] = {{"7", 7000}, {"1000000000", 300000}, {"1e9", 300000}};
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(list(&service, NULL));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char rule[200];
        thingspace_error error = THINGSPACE_ERROR_INIT;
        thingspace_request request = THINGSPACE_REQUEST_INIT;
        request.account = ACCOUNT;
        request.timeout_ms = 5000;
        snprintf(rule, sizeof(rule), LISTS " status=503 times=1 header=Retry-After:%s",
                 rows[i].value);
        CHECK(service_fault(&service, rule));
        int64_t begin = clock_monotonic_ms();
        CHECK_STATUS(thingspace_perform(service.client, NULL, &request, &error),
                     THINGSPACE_SERVICE);
        CHECK(clock_monotonic_ms() - begin < 5000);
        CHECK_INT(error.retry_after_ms, rows[i].ms);
    }
}

/* ---- the clock ---- */

/* A bearer that the service no longer takes costs one resend, whatever our clock says. */
static void after_a_clock_jump_a_stale_bearer_costs_one_resend(void)
{
    static const int64_t jumps[] = {2 * 3600 * 1000LL, -2 * 3600 * 1000LL};
    for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
        cleanup_service service;
        cleanup_result thingspace_result *listed = NULL;
        CHECK_OK(service_start(&service, NULL));
        CHECK_OK(list(&service, NULL));
        clock_shift_wall(jumps[i]);
        bool expired = service_post(&service, "/simulator/expire?what=bearer");
        thingspace_status status = thingspace_list(service.client, &listed, ACCOUNT, NULL);
        thingspace_status again = list(&service, NULL);
        clock_shift_wall(-jumps[i]);
        CHECK(expired);
        CHECK_OK(status);
        CHECK_OK(again);
        CHECK_INT(thingspace_result_attempts(listed), 2);
        CHECK_INT(service_number(&service, "tokenRequests"), 2);
        CHECK_INT(service_number(&service, "logins"), 1);
    }
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(odd_token_answers_send_no_login_and_are_forgotten),
    CHECK_CASE_ONCE(odd_lives_of_a_token_do_no_harm),
    CHECK_CASE_ONCE(odd_login_answers_send_no_call_and_are_counted),
    CHECK_CASE_ONCE(redirects_of_token_and_login_are_not_followed),
    CHECK_CASE_ONCE(a_line_break_in_a_variable_sends_nothing),
    CHECK_CASE_ONCE(a_line_break_in_a_secret_file_sends_nothing),
    CHECK_CASE_ONCE(a_line_break_in_a_policy_url_is_refused),
    CHECK_CASE_ONCE(a_line_break_in_what_is_registered_never_splits_the_request),
    CHECK_CASE_ONCE(odd_lists_are_an_error_with_a_place_and_lose_nothing),
    CHECK_CASE_ONCE(a_list_ten_thousand_and_one_deep_is_refused),
    CHECK_CASE_ONCE(numbers_of_an_answer_keep_their_text),
    CHECK_CASE_ONCE(nothing_where_a_list_is_expected_is_an_empty_list),
    CHECK_CASE_ONCE(what_is_no_object_where_one_is_expected_keeps_its_status),
    CHECK_CASE_ONCE(retry_after_is_honoured_or_ignored_by_a_call),
    CHECK_CASE_ONCE(a_retry_after_beyond_the_deadline_is_told),
    CHECK_CASE_ONCE(after_a_clock_jump_a_stale_bearer_costs_one_resend),
};

CHECK_MAIN(cases)
