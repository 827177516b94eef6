/* SPDX-License-Identifier: MIT */
/* The known name that was probably meant. */
#include "check.h"
#include "base/limits.h"
#include "base/nearest.h"

static void the_name_with_the_fewest_errors_is_found(void)
{
    static const char *const known[] = {"accounts", "url", "endpoints", "QoS", "Endpoint", "team"};
    static const struct {
        const char *wanted, *found;
    } rows[] = {
        {"acounts", "accounts"},
        {"endpoinds", "endpoints"},
        {"ENDPOINTS", "endpoints"},
        {"endpoint", "Endpoint"},
        {"qos", "QoS"},
        {"taem", "team"},
        {"etma", NULL},
        {"acocnuts", "accounts"},
        {"owns", NULL},
        {"xyz", NULL},
        {"", NULL},
        {NULL, NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_TEXT(nearest_name(rows[i].wanted, known, 6), rows[i].found);
}

static void of_equally_near_ones_the_first_stays(void)
{
    nearest nearest;
    nearest_begin(&nearest, "lisx");
    nearest_offer(&nearest, "list");
    nearest_offer(&nearest, "lisp");
    CHECK_TEXT(nearest.found, "list");
    CHECK_INT(nearest.edits, 1);
}

static void what_is_longer_than_any_name_is_not_looked_at(void)
{
    char wanted[LIMIT_SUGGESTED + 2], known[LIMIT_SUGGESTED + 2];
    memset(wanted, 'a', sizeof(wanted));
    memset(known, 'a', sizeof(known));
    wanted[LIMIT_SUGGESTED - 1] = known[LIMIT_SUGGESTED] = '\0';
    const char *list[] = {known};
    CHECK(nearest_name(wanted, list, 1) == known);
    CHECK(nearest_name(known, list, 1) == known);
    known[LIMIT_SUGGESTED] = 'a';
    known[LIMIT_SUGGESTED + 1] = '\0';
    CHECK(nearest_name(wanted, list, 1) == NULL);
    CHECK(nearest_name(known, list, 1) == NULL);
}

static const check_case cases[] = {
    CHECK_CASE(the_name_with_the_fewest_errors_is_found),
    CHECK_CASE(of_equally_near_ones_the_first_stays),
    CHECK_CASE(what_is_longer_than_any_name_is_not_looked_at),
};

CHECK_MAIN(cases)
