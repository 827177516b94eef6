/* SPDX-License-Identifier: MIT */
/* The lines that describe faults: what they mean, and what is refused. */
#include <config.h>
#include <stdio.h>
#include "check.h"
#include "fault_rule.h"
#include "faults.h"

static void rule_cleanup(fault_rule **rule)
{
    fault_rule_release(*rule);
}
#define cleanup_rule __attribute__((cleanup(rule_cleanup)))

static void faults_cleanup(struct faults *faults)
{
    faults_clear(faults);
}
#define cleanup_faults __attribute__((cleanup(faults_cleanup)))

static void a_rule_has_its_numbers_and_flags(void)
{
    cleanup_rule fault_rule *rule = NULL;
    CHECK_OK(fault_rule_parse(&rule,
                              "POST /callbacks/* status=503 delay=20 cut=7 drip=3 times=2 skip=1 "
                              "after close",
                              NULL));
    CHECK_INT(rule->status, 503);
    CHECK_INT(rule->delay_ms, 20);
    CHECK_INT(rule->cut, 7);
    CHECK_INT(rule->drip, 3);
    CHECK_INT(rule->times, 2);
    CHECK_INT(rule->skip, 1);
    CHECK(rule->after);
    CHECK(rule->close);
    CHECK_INT(rule->huge, -1);
}

static void a_chance_is_a_share(void)
{
    static const struct {
        const char *rule;
        long long chance;
    } rows[] = {
        {"* * close", -1},
        {"* * chance=1", 1000000},
        {"* * chance=100%", 1000000},
        {"* * chance=5%", 50000},
        {"* * chance=0.05", 50000},
        {"* * chance=0.5%", 5000},
        {"* * chance=12.5%", 125000},
        {"* * chance=0.000001", 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_rule fault_rule *rule = NULL;
        CHECK_OK(fault_rule_parse(&rule, rows[i].rule, NULL));
        CHECK_INT(rule->chance, rows[i].chance);
    }
}

static void quoted_values_hold_blanks_and_escapes(void)
{
    cleanup_rule fault_rule *rule = NULL;
    CHECK_OK(fault_rule_parse(&rule,
                              "* * header=\"X-One: a b\" \"header=X-Two:c\" body=\"{\\\"a\\\": "
                              "1}\\r\\n\"",
                              NULL));
    CHECK_TEXT(rule->body, "{\"a\": 1}\r\n");
    CHECK_TEXT(pairs_get(&rule->headers, "x-one"), "a b");
    CHECK_TEXT(pairs_get(&rule->headers, "X-Two"), "c");
}

static void an_empty_quoted_value_is_a_value(void)
{
    cleanup_rule fault_rule *rule = NULL;
    CHECK_OK(fault_rule_parse(&rule, "* * body=\"\"", NULL));
    CHECK_TEXT(rule->body, "");
}

static void rules_that_cannot_be_meant_are_refused(void)
{
    static const char *const rules[] = {
        "",
        "POST",
        "POST callbacks status=500",
        "* * status=99",
        "* * status=600",
        "* * status",
        "* * status=5x",
        "* * drip=0",
        "* * times=0",
        "* * skip=-1",
        "* * close=1",
        "* * reset=1",
        "* * expire",
        "* * expire=both",
        "* * chance",
        "* * chance=0",
        "* * chance=0%",
        "* * chance=2",
        "* * chance=101%",
        "* * chance=.5",
        "* * chance=1.",
        "* * chance=5%%",
        "* * chance=-1%",
        "* * chance=1e-1",
        "* * chance=0,5",
        "* * chance=0.0000001",
        "* * body",
        "* * header=X",
        "* * header=:v",
        "* * header=X:",
        "* * \"header=X Y:v\"",
        "* * header=\"X:a\\r\\nY: b\"",
        "* * header=Content-Length:3",
        "* * header=transfer-encoding:chunked",
        "* * body=\"open",
        "* * body=\"open\\\"",
        "* * unknown",
        "* * =",
        "* * body=\xff",
    };
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_rule fault_rule *rule = NULL;
        thingspace_status status = fault_rule_parse(&rule, rules[i], &error);
        if (status == THINGSPACE_OK)
            printf("# accepted: %s\n", rules[i]);
        CHECK_STATUS(status, THINGSPACE_USAGE);
        CHECK(strncmp(error.message, "fault: ", 7) == 0);
        CHECK(rule == NULL);
    }
}

static void a_path_matches_with_and_without_the_base(void)
{
    static const struct {
        const char *rule, *method, *path;
        bool matches;
    } rows[] = {
        {"POST /callbacks/* close", "POST", "/api/m2m/v1/callbacks/1", true},
        {"POST /callbacks/* close", "GET", "/api/m2m/v1/callbacks/1", false},
        {"* /session/login close", "POST", "/api/m2m/v1/session/login", true},
        {"* /session/login close", "POST", "/api/m2m/v1/session/logout", false},
        {"* /oauth2/token close", "POST", "/api/ts/v1/oauth2/token", true},
        {"P* /api/m2m/* close", "PUT", "/api/m2m/v1/x", true},
        {"* /callbacks/* close", "GET", "/api/m2m/v2/callbacks/1", false},
        {"* * close", "GET", "/", true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_rule fault_rule *rule = NULL;
        CHECK_OK(fault_rule_parse(&rule, rows[i].rule, NULL));
        CHECK_INT(fault_rule_matches(rule, rows[i].method, rows[i].path), rows[i].matches);
    }
}

static void what_only_shapes_the_answer_leaves_the_operation(void)
{
    static const struct {
        const char *rule;
        bool replaces;
    } rows[] = {
        {"* * status=500", true},   {"* * status=500 after", false},
        {"* * close", true},        {"* * close after", false},
        {"* * cut=3", false},       {"* * drip=1", false},
        {"* * delay=5", false},     {"* * header=A:b", false},
        {"* * garbage", true},      {"* * huge=1", true},
        {"* * redirect", true},     {"* * raw=x", true},
        {"* * body=x", true},       {"* * reset", true},
        {"* * reset after", false}, {"* * expire=bearer", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_rule fault_rule *rule = NULL;
        CHECK_OK(fault_rule_parse(&rule, rows[i].rule, NULL));
        CHECK_INT(fault_rule_replaces(rule), rows[i].replaces);
    }
}

/* The status of the rule that applies, 0 when none does. */
static long long take(struct faults *faults)
{
    fault_rule *rule = faults_take(faults, "GET", "/x");
    long long status = rule ? rule->status : 0;
    fault_rule_release(rule);
    return status;
}

static void a_rule_skips_then_applies_then_is_used_up(void)
{
    cleanup_faults struct faults faults = {0};
    CHECK_OK(faults_add(&faults, "* * status=500 skip=1 times=2", NULL));
    CHECK_OK(faults_add(&faults, "* * status=501 skip=2", NULL));
    static const long long expected[] = {0, 500, 500, 0, 501, 501};
    for (size_t i = 0; i < 6; i++)
        CHECK_INT(take(&faults), expected[i]);
}

/* Which of 1,000 requests a rule hits, as one number, and how many. 0: out of memory. */
static unsigned long long hits(unsigned seed, const char *rule, size_t *count)
{
    cleanup_faults struct faults faults = {0};
    unsigned long long sum = 0;
    faults_seed(&faults, seed);
    *count = 0;
    if (faults_add(&faults, rule, NULL) != THINGSPACE_OK)
        return 0;
    for (unsigned i = 0; i < 1000; i++)
        if (take(&faults)) {
            sum = sum * 31 + i;
            ++*count;
        }
    return sum;
}

static void a_chance_hits_its_share_and_again_the_same(void)
{
    size_t count;
    unsigned long long first = hits(7, "* * status=500 chance=10%", &count);
    CHECK(count > 60 && count < 140);
    CHECK(hits(7, "* * status=500 chance=10%", &count) == first);
    CHECK(hits(8, "* * status=500 chance=10%", &count) != first);
    hits(7, "* * status=500 chance=100%", &count);
    CHECK_INT(count, 1000);
    hits(7, "* * status=500 chance=10% skip=990", &count);
    CHECK(count <= 10);
    hits(7, "* * status=500 chance=10% times=5", &count);
    CHECK_INT(count, 5);
}

static void what_a_chance_lets_pass_meets_the_next_rule(void)
{
    cleanup_faults struct faults faults = {0};
    CHECK_OK(faults_add(&faults, "* * status=500 chance=0.000001", NULL));
    CHECK_OK(faults_add(&faults, "* * status=501", NULL));
    CHECK_INT(take(&faults), 501);
}

static void lines_are_rules_and_empty_ones_nothing(void)
{
    cleanup_faults struct faults faults = {0};
    CHECK_OK(faults_add_lines(&faults, "* /a close\r\n\n  \n* /b close", NULL));
    CHECK_INT(faults.count, 2);
}

static void a_rule_in_use_outlives_its_removal(void)
{
    cleanup_faults struct faults faults = {0};
    CHECK_OK(faults_add(&faults, "* * status=500", NULL));
    cleanup_rule fault_rule *rule = faults_take(&faults, "GET", "/x");
    faults_clear(&faults);
    CHECK_INT(rule->status, 500);
}

static const check_case cases[] = {
    CHECK_CASE(a_rule_has_its_numbers_and_flags),
    CHECK_CASE(a_chance_is_a_share),
    CHECK_CASE_ONCE(a_chance_hits_its_share_and_again_the_same),
    CHECK_CASE(what_a_chance_lets_pass_meets_the_next_rule),
    CHECK_CASE(quoted_values_hold_blanks_and_escapes),
    CHECK_CASE(an_empty_quoted_value_is_a_value),
    CHECK_CASE(rules_that_cannot_be_meant_are_refused),
    CHECK_CASE(a_path_matches_with_and_without_the_base),
    CHECK_CASE(what_only_shapes_the_answer_leaves_the_operation),
    CHECK_CASE(a_rule_skips_then_applies_then_is_used_up),
    CHECK_CASE(lines_are_rules_and_empty_ones_nothing),
    CHECK_CASE(a_rule_in_use_outlives_its_removal),
};
CHECK_MAIN(cases)
