/* SPDX-License-Identifier: MIT */
/* The retry rules: which answers, how long, Retry-After, the budget. */
#include "check.h"
#include "http/retry.h"

/* Sun, 06 Nov 1994 08:49:37 GMT */
#define NOV_1994_MS (784111777LL * 1000)

static void transient_answers_are_the_six_known(void)
{
    static const int transient[] = {408, 429, 500, 502, 503, 504};
    size_t next = 0;
    for (int status = 100; status < 600; status++) {
        bool expected = next < 6 && status == transient[next];
        CHECK(retry_status_is_transient(status) == expected);
        next += expected;
    }
}

static void only_server_errors_leave_the_outcome_open(void)
{
    CHECK(!retry_status_is_unknown(408));
    CHECK(!retry_status_is_unknown(429));
    CHECK(!retry_status_is_unknown(499));
    CHECK(retry_status_is_unknown(500));
    CHECK(retry_status_is_unknown(504));
    CHECK(!retry_status_is_unknown(200));
}

typedef struct expectation {
    const char *value;
    long long ms;
} expectation;

static const expectation table[] = {
    {"7", 7000},
    {" 7\t", 7000},
    {"0", 0},
    {"300", RETRY_AFTER_CAP_MS},
    {"301", RETRY_AFTER_CAP_MS},
    {"1000000000", RETRY_AFTER_CAP_MS},
    {"99999999999999999999999999999999999999", RETRY_AFTER_CAP_MS},
    {"0000000000000000000000000000000000007", 7000},
    {"1e9", RETRY_AFTER_CAP_MS},
    {"2E1 ", 20000},
    {"7e0", 7000},
    {"0e9", 0},
    {"1e99999999999999999999999999999999999999", RETRY_AFTER_CAP_MS},
    {"99999999999999999999999999999999999999e1", RETRY_AFTER_CAP_MS},
    {"1e", -1},
    {"e9", -1},
    {"1e-9", -1},
    {"1e+9", -1},
    {"1e9e9", -1},
    {"1x9", -1},
    {"Sun, 06 Nov 1994 08:49:47 GMT", 10000},
    {"Sun, 06 Nov 1994 08:49:36 GMT", 0},
    {"Sun, 06 Nov 1994 08:49:37 GMT", 0},
    {"Mon, 07 Nov 1994 08:49:37 GMT", RETRY_AFTER_CAP_MS},
    {"Fri, 31 Dec 9999 23:59:60 GMT", RETRY_AFTER_CAP_MS},
    {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
    {NULL, -1},
    {"", -1},
    {" ", -1},
    {"-1", -1},
    {"+1", -1},
    {"1.5", -1},
    {"7 s", -1},
    {"soon", -1},
    {"Sun, 06 Nov 1994 08:49:47 UTC", -1},
    {"sun, 06 Nov 1994 08:49:47 GMT", -1},
    {"Sun, 6 Nov 1994 08:49:47 GMT", -1},
    {"Sun, 06 Nov 1994 08:49:47 GMT+1", -1},
    {"Sun, 06 Nix 1994 08:49:47 GMT", -1},
    {"Sun, 32 Nov 1994 08:49:47 GMT", -1},
    {"Sun, 00 Nov 1994 08:49:47 GMT", -1},
    {"Sun, 06 Nov 1994 24:49:47 GMT", -1},
    {"Sun, 06 Nov 1994 08:60:47 GMT", -1},
    {"Sun, 06 Nov 1994 08:49:61 GMT", -1},
    {"Sun, -6 Nov 1994 08:49:47 GMT", -1},
    {"Sunday, 06-Nov-94 08:49:47 GMT", -1},
    {"Sun Nov  6 08:49:47 1994", -1},
};

static void retry_after_is_honoured_clamped_or_ignored(void)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        long long ms = retry_after_ms(table[i].value, NOV_1994_MS);
        CHECK(check_report(ms == table[i].ms, __FILE__, __LINE__, "%s gives %lld", table[i].value,
                           ms));
    }
}

static void waits_double_up_to_the_cap_and_never_are_nothing(void)
{
    CHECK_INT(retry_backoff_ms(2, 0), 1);
    CHECK_INT(retry_backoff_ms(2, UINT32_MAX), RETRY_BASE_MS + 1);
    CHECK_INT(retry_backoff_ms(3, UINT32_MAX), RETRY_BASE_MS * 2 + 1);
    CHECK_INT(retry_backoff_ms(4, UINT32_MAX), RETRY_BASE_MS * 4 + 1);
    CHECK_INT(retry_backoff_ms(4, UINT32_MAX / 2), RETRY_BASE_MS * 2 + 1);
    CHECK_INT(retry_backoff_ms(40, UINT32_MAX), RETRY_CAP_MS + 1);
    CHECK_INT(retry_backoff_ms(4000000000U, 0), 1);
}

static void the_budget_is_ten_retries_and_grows_by_a_tenth(void)
{
    retry_budget budget;
    retry_budget_init(&budget);
    retry_budget_deposit(&budget);
    for (int i = 0; i < 10; i++)
        CHECK(retry_budget_withdraw(&budget));
    CHECK(!retry_budget_withdraw(&budget));
    for (int i = 0; i < 9; i++)
        retry_budget_deposit(&budget);
    CHECK(!retry_budget_withdraw(&budget));
    retry_budget_deposit(&budget);
    CHECK(retry_budget_withdraw(&budget));
    CHECK(!retry_budget_withdraw(&budget));
}

static const check_case cases[] = {
    CHECK_CASE(transient_answers_are_the_six_known),
    CHECK_CASE(only_server_errors_leave_the_outcome_open),
    CHECK_CASE(retry_after_is_honoured_clamped_or_ignored),
    CHECK_CASE(waits_double_up_to_the_cap_and_never_are_nothing),
    CHECK_CASE(the_budget_is_ten_retries_and_grows_by_a_tenth),
};
CHECK_MAIN(cases)
