/* SPDX-License-Identifier: MIT */
/*
 * Tokens that end while plans and applies use them: other tries, how many, and what is told when
 * none of them succeeds.
 */
#include <config.h>
#include <stdio.h>
#include "base/limits.h"
#include "callbacks/fleet.h"

#define ENDED "tokens ended while they were used"

static hearing told;

static thingspace_status plan_of(service *service, thingspace_plan **out,
                                 thingspace_plan_counts *counts)
{
    thingspace_status status = thingspace_plan_make(service->client, out, NULL, NULL);
    *counts = (thingspace_plan_counts)THINGSPACE_PLAN_COUNTS_INIT;
    if (status == THINGSPACE_OK)
        thingspace_plan_count(*out, counts);
    return status;
}

/* Ends the token of each thirtieth request, eight times: those that were in flight come again, and
 * meet the next one. */
static bool begin_storm(service *service, const char *what)
{
    for (int i = 1; i <= 8; i++) {
        char rule[80];
        snprintf(rule, sizeof(rule), "* /callbacks/* expire=%s skip=%d times=1", what, 30 * i);
        if (!service_fault(service, rule))
            return false;
    }
    return service_fault(service, "* /callbacks/* delay=20");
}

static void a_storm_that_ends_tokens_leaves_nothing_unread_and_undone(void)
{
    static const char *const tokens[] = {"bearer", "session"};
    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        cleanup_service service;
        cleanup_plan thingspace_plan *plan = NULL;
        thingspace_plan_counts counts;
        CHECK_OK(fleet_start_many(&service, 200));
        CHECK(begin_storm(&service, tokens[i]));
        CHECK_OK(plan_of(&service, &plan, &counts));
        if (plan->failure_count > 0)
            printf("# %s: %s\n", tokens[i], plan->failures[0].message);
        CHECK_INT(counts.unread, 0);
        CHECK_INT(counts.add, 200);
        CHECK(begin_storm(&service, tokens[i]));
        CHECK_OK(fleet_apply(service.client, plan, 0, &told, NULL));
    }
}

/* Each try has one request and one with a renewed token. */
static void an_account_whose_tokens_always_end_is_given_up(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_plan_counts counts;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(thingspace_list(service.client, NULL, "B", NULL));
    CHECK(service_fault(&service, "GET /callbacks/A expire=bearer"));
    CHECK_OK(plan_of(&service, &plan, &counts));
    CHECK_INT(counts.unread, 1);
    CHECK_INT(plan->failures[0].kind, THINGSPACE_AUTH);
    printf("# %s\n", plan->failures[0].message);
    CHECK(strstr(plan->failures[0].message, ENDED) != NULL);
    CHECK_INT(service_count(&service, "GET /api/m2m/v1/callbacks/A"), 2 * LIMIT_PLAN_TRIES);
    CHECK_INT(service_number(&service, "logins"), 1);
}

static void a_change_whose_tokens_always_end_is_given_up(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK(service_fault(&service, "POST /callbacks/A expire=session"));
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_status status = fleet_apply(service.client, plan, 0, &told, &error);
    printf("# %s\n# %s\n", told.text, told.last);
    CHECK_INT(status, THINGSPACE_PARTIAL);
    CHECK(strstr(told.text, "A CarrierService add failed auth;") != NULL);
    CHECK(strstr(told.text, "B CarrierService add done;") != NULL);
    CHECK(strstr(told.last, ENDED) != NULL);
    CHECK_INT(service_count(&service, "POST /api/m2m/v1/callbacks/A"), 2 * LIMIT_APPLY_TRIES);
    CHECK(service_number(&service, "logins") <= 1 + 2 * LIMIT_APPLY_TRIES);
}

/* The key may be wrong, or what is in front of the service: they are for some seconds. */
static void tokens_that_were_never_accepted_are_not_tried_for_long(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_plan_counts counts;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK(service_fault(&service, "* /callbacks/* expire=bearer"));
    CHECK_OK(plan_of(&service, &plan, &counts));
    CHECK_INT(counts.unread, 2);
    CHECK(strstr(plan->failures[0].message, ENDED) == NULL);
    CHECK(service_count(&service, "GET /api/m2m/v1/callbacks/A") < 2 * LIMIT_PLAN_TRIES);
}

static void a_refused_login_is_not_tried_again(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_plan_counts counts;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(thingspace_list(service.client, NULL, "B", NULL));
    CHECK(service_fault(&service, "POST /session/login status=401"));
    CHECK(service_post(&service, "/simulator/expire?what=session"));
    CHECK_OK(plan_of(&service, &plan, &counts));
    CHECK_INT(counts.unread, 2);
    CHECK_INT(service_count(&service, "POST /api/m2m/v1/session/login"), 2);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_storm_that_ends_tokens_leaves_nothing_unread_and_undone),
    CHECK_CASE_ONCE(an_account_whose_tokens_always_end_is_given_up),
    CHECK_CASE_ONCE(a_change_whose_tokens_always_end_is_given_up),
    CHECK_CASE_ONCE(tokens_that_were_never_accepted_are_not_tried_for_long),
    CHECK_CASE_ONCE(a_refused_login_is_not_tried_again),
};

CHECK_MAIN(cases)
