/* SPDX-License-Identifier: MIT */
/* Token buckets: exact at every rate, and bounded in number. */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include "check.h"
#include "base/limits.h"
#include "plugin/buckets.h"

#define SECOND 1000000000LL
#define START  (400LL * 24 * 3600 * SECOND) /* a machine that runs for more than a year */

static void cleanup(buckets **self)
{
    buckets_free(*self);
}

#define OWNED_BUCKETS(name, most)                                                                  \
    __attribute__((cleanup(cleanup))) buckets *name = NULL;                                        \
    CHECK_OK(buckets_new(&name, most))

static thingspace_status take(buckets *self, const char *key, double rate, double burst,
                              int64_t now, int64_t *wait_ms)
{
    return buckets_take(self, key, strlen(key), rate, burst, now, true, wait_ms, NULL);
}

static void a_burst_goes_at_once_and_the_rest_in_turn(void)
{
    OWNED_BUCKETS(kept, 8);
    const int expected[] = {0, 0, 0, 100, 200, 300};
    int64_t wait_ms;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        CHECK_OK(take(kept, "a", 10, 3, START, &wait_ms));
        CHECK_INT(wait_ms, expected[i]);
    }
    CHECK_OK(take(kept, "b", 10, 3, START, &wait_ms));
    CHECK_INT(wait_ms, 0);
}

static void tokens_grow_again_up_to_the_burst(void)
{
    OWNED_BUCKETS(kept, 8);
    int64_t wait_ms;
    for (int i = 0; i < 3; i++)
        CHECK_OK(take(kept, "a", 10, 2, START, &wait_ms));
    CHECK_INT(wait_ms, 100);
    CHECK_OK(take(kept, "a", 10, 2, START + SECOND / 5, &wait_ms));
    CHECK_INT(wait_ms, 0);
    for (int i = 0; i < 3; i++)
        CHECK_OK(take(kept, "a", 10, 2, START + 1000 * SECOND, &wait_ms));
    CHECK_INT(wait_ms, 100);
}

static void telling_reserves_nothing(void)
{
    OWNED_BUCKETS(kept, 1);
    int64_t wait_ms;
    for (int i = 0; i < 5; i++)
        CHECK_OK(buckets_take(kept, "b", 1, 1, 1, START, false, &wait_ms, NULL));
    CHECK_INT(wait_ms, 0);
    CHECK_OK(take(kept, "a", 1, 1, START, &wait_ms));
    for (int i = 0; i < 5; i++)
        CHECK_OK(buckets_take(kept, "a", 1, 1, 1, START, false, &wait_ms, NULL));
    CHECK_INT(wait_ms, 1000);
}

/* Whoever waits as long as was said finds the token there, not a rounding error. */
static void a_wait_that_is_over_is_no_wait(void)
{
    const double rates[] = {0.0001, 0.3, 1, 3, 7, 99.9, 1000};
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        OWNED_BUCKETS(kept, 8);
        int64_t now = START, wait_ms;
        for (int j = 0; j < 50; j++) {
            CHECK_OK(buckets_take(kept, "a", 1, rates[i], 1, now, false, &wait_ms, NULL));
            now += wait_ms * 1000000;
            CHECK_OK(take(kept, "a", rates[i], 1, now, &wait_ms));
            CHECK_INT(wait_ms, 0);
        }
    }
}

static void a_wait_is_told_in_whole_milliseconds_rounded_up(void)
{
    OWNED_BUCKETS(kept, 8);
    const int expected[] = {0, 334, 667, 1000};
    int64_t wait_ms;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        CHECK_OK(take(kept, "a", 3, 1, START, &wait_ms));
        CHECK_INT(wait_ms, expected[i]);
    }
}

static void slow_and_fast_rates_are_exact(void)
{
    OWNED_BUCKETS(kept, 8);
    int64_t wait_ms;
    CHECK_OK(take(kept, "slow", 0.0001, 1, START, &wait_ms));
    CHECK_OK(take(kept, "slow", 0.0001, 1, START, &wait_ms));
    CHECK_INT(wait_ms, 10000000);
    CHECK_OK(take(kept, "slow", 0.0001, 1, START + 5000 * SECOND, &wait_ms));
    CHECK_INT(wait_ms, 15000000);
    for (int i = 0; i < 10001; i++)
        CHECK_OK(take(kept, "fast", 1e6, 1, START, &wait_ms));
    CHECK_INT(wait_ms, 10);
    CHECK_OK(take(kept, "fast", 1e6, 1, START + 10001 * 1000, &wait_ms));
    CHECK_INT(wait_ms, 0);
}

/* A million tokens a second, taken for a second, one each microsecond: nothing drifts. */
static void a_saturated_bucket_does_not_drift(void)
{
    OWNED_BUCKETS(kept, 8);
    int64_t wait_ms;
    for (int i = 0; i < 100000; i++) {
        CHECK_OK(take(kept, "a", 1e6, 1, START + i * 1000LL, &wait_ms));
        CHECK_INT(wait_ms, 0);
    }
}

/* A seventh of a second is no whole number of nanoseconds. */
static void less_than_a_nanosecond_is_no_wait(void)
{
    OWNED_BUCKETS(kept, 8);
    int64_t wait_ms;
    for (int i = 0; i < 1000; i++) {
        CHECK_OK(take(kept, "a", 7, 1, START + i * SECOND / 7, &wait_ms));
        CHECK_INT(wait_ms, 0);
    }
}

static void nothing_overflows(void)
{
    OWNED_BUCKETS(kept, 8);
    int64_t wait_ms;
    CHECK_OK(take(kept, "a", 1e-300, 1e-300, INT64_MIN, &wait_ms));
    CHECK_INT(wait_ms, LIMIT_PLUGIN_BUCKET_MS);
    CHECK_OK(take(kept, "a", 1e300, 1, INT64_MAX, &wait_ms));
    CHECK_INT(wait_ms, 0);
    CHECK_OK(take(kept, "a", 1, 1e300, INT64_MIN, &wait_ms));
    CHECK_INT(wait_ms, 0);
}

static void a_clock_that_goes_back_grows_no_tokens(void)
{
    OWNED_BUCKETS(kept, 8);
    int64_t wait_ms;
    CHECK_OK(take(kept, "a", 1, 1, START, &wait_ms));
    CHECK_OK(take(kept, "a", 1, 1, START - 100 * SECOND, &wait_ms));
    CHECK_INT(wait_ms, 1000);
}

static void a_rate_or_burst_that_is_none_is_refused(void)
{
    const double bad[] = {0, -1, NAN, INFINITY, -INFINITY};
    OWNED_BUCKETS(kept, 8);
    int64_t wait_ms;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK_STATUS(take(kept, "a", bad[i], 1, START, &wait_ms), THINGSPACE_PLUGIN);
        CHECK_STATUS(take(kept, "a", 1, bad[i], START, &wait_ms), THINGSPACE_PLUGIN);
    }
    char key[LIMIT_PLUGIN_KEY + 1] = {0};
    CHECK_STATUS(buckets_take(kept, key, sizeof(key), 1, 1, START, true, &wait_ms, NULL),
                 THINGSPACE_PLUGIN);
}

static void buckets_that_are_full_make_room(void)
{
    OWNED_BUCKETS(kept, 4);
    int64_t wait_ms;
    char key[] = "k0";
    for (; key[1] < '4'; key[1]++)
        CHECK_OK(take(kept, key, 1, 1, START, &wait_ms));
    CHECK_STATUS(take(kept, "new", 1, 1, START, &wait_ms), THINGSPACE_PLUGIN);
    CHECK_OK(take(kept, "k0", 1, 1, START + SECOND / 2, &wait_ms));
    CHECK_OK(take(kept, "new", 1, 1, START + SECOND, &wait_ms));
    CHECK_INT(wait_ms, 0);
    CHECK_OK(take(kept, "k0", 1, 1, START + SECOND, &wait_ms));
    CHECK_INT(wait_ms, 1000);
}

/* A bucket is full again as its latest rate says. */
static void the_latest_rate_decides_when_a_bucket_makes_room(void)
{
    OWNED_BUCKETS(kept, 1);
    int64_t wait_ms;
    CHECK_OK(take(kept, "a", 0.001, 1, START, &wait_ms));
    CHECK_OK(take(kept, "a", 1000, 1, START, &wait_ms));
    CHECK_OK(take(kept, "b", 0.001, 1, START + SECOND, &wait_ms));
    CHECK_INT(wait_ms, 0);
}

static const check_case cases[] = {
    CHECK_CASE(a_burst_goes_at_once_and_the_rest_in_turn),
    CHECK_CASE(tokens_grow_again_up_to_the_burst),
    CHECK_CASE(telling_reserves_nothing),
    CHECK_CASE(a_wait_that_is_over_is_no_wait),
    CHECK_CASE(a_wait_is_told_in_whole_milliseconds_rounded_up),
    CHECK_CASE(slow_and_fast_rates_are_exact),
    CHECK_CASE(a_saturated_bucket_does_not_drift),
    CHECK_CASE(less_than_a_nanosecond_is_no_wait),
    CHECK_CASE(nothing_overflows),
    CHECK_CASE(a_clock_that_goes_back_grows_no_tokens),
    CHECK_CASE(a_rate_or_burst_that_is_none_is_refused),
    CHECK_CASE(buckets_that_are_full_make_room),
    CHECK_CASE(the_latest_rate_decides_when_a_bucket_makes_room),
};
CHECK_MAIN(cases)
