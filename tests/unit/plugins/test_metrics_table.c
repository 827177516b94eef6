/* SPDX-License-Identifier: MIT */
/* The text of metrics: form, escaping, and no more series than there may be. */
#include "check.h"
#include <stdio.h>
#include <stdlib.h>
#include "plugins/metrics/table.h"

#define cleanup_own_text __attribute__((cleanup(text_free)))

static void counters_are_written_as_prometheus_reads_them(void)
{
    cleanup_own_text text out = TEXT_INIT;
    static counters calls;
    calls = (counters){.name = "calls_total", .help = "Calls.", .label_a = "a", .label_b = "b"};
    counters_add(&calls, "register", "ok", 2);
    counters_add(&calls, "list", "service", 1);
    counters_add(&calls, "register", "ok", 1);
    counters_add(&calls, "q\"\\\n", NULL, 1);
    counters_write(&calls, &out);
    if (out.failed && check_allocation_failed())
        return;
    CHECK_TEXT(out.data, "# HELP calls_total Calls.\n# TYPE calls_total counter\n"
                         "calls_total{a=\"register\",b=\"ok\"} 3\n"
                         "calls_total{a=\"list\",b=\"service\"} 1\n"
                         "calls_total{a=\"q\\\"\\\\\",b=\"\"} 1\n");
}

/* A scrape of which one label is wrong, or one series there twice, is refused as a whole. */
static void labels_are_whole_characters_without_controls(void)
{
    static const char digits[] = "0123456789012345678901234567890123456789012345";
    static const char *const given[] = {
        "a\001b",
        "ab",
        "a\377b\303",
        "\355\240\200\300\257\364\220\200\200\340\200\200\360\200\200\200",
        "\303\251\342\202\254\360\237\231\202",
        "0123456789012345678901234567890123456789012345\303\251z",
    };
    static counters codes;
    codes = (counters){.name = "codes", .help = "x", .label_a = "code"};
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
        counters_add(&codes, given[i], NULL, 1);
    CHECK_INT(codes.count, 4);
    CHECK_TEXT(codes.items[0].a, "ab");
    CHECK_INT(codes.items[0].value, 3);
    CHECK_TEXT(codes.items[1].a, "");
    CHECK_TEXT(codes.items[2].a, given[4]);
    CHECK_TEXT(codes.items[3].a, digits);
}

static void too_many_series_are_counted_as_other(void)
{
    static counters codes;
    codes = (counters){.name = "codes", .help = "x", .label_a = "code"};
    for (int i = 0; i < 1000; i++) {
        char code[16];
        snprintf(code, sizeof(code), "C%d", i);
        counters_add(&codes, code, NULL, 1);
    }
    CHECK_INT(codes.count, METRICS_SERIES);
    CHECK_TEXT(codes.items[METRICS_SERIES - 1].a, "other");
    CHECK_INT(codes.items[METRICS_SERIES - 1].value, 1000 - (METRICS_SERIES - 1));
}

static void durations_fall_into_all_buckets_that_hold_them(void)
{
    cleanup_own_text text out = TEXT_INIT;
    histogram seconds = {.count = 0};
    histogram_add(&seconds, 40);
    histogram_add(&seconds, 1000);
    histogram_add(&seconds, 90000);
    histogram_write(&seconds, "s", "x", &out);
    if (out.failed && check_allocation_failed())
        return;
    CHECK(strstr(out.data, "s_bucket{le=\"0.05\"} 1\n") != NULL);
    CHECK(strstr(out.data, "s_bucket{le=\"0.5\"} 1\n") != NULL);
    CHECK(strstr(out.data, "s_bucket{le=\"1\"} 2\n") != NULL);
    CHECK(strstr(out.data, "s_bucket{le=\"60\"} 2\n") != NULL);
    CHECK(strstr(out.data, "s_bucket{le=\"+Inf\"} 3\n") != NULL);
    CHECK(strstr(out.data, "s_sum 91.040\ns_count 3\n") != NULL);
}

static const check_case cases[] = {
    CHECK_CASE(counters_are_written_as_prometheus_reads_them),
    CHECK_CASE(labels_are_whole_characters_without_controls),
    CHECK_CASE(too_many_series_are_counted_as_other),
    CHECK_CASE(durations_fall_into_all_buckets_that_hold_them),
};
CHECK_MAIN(cases)
