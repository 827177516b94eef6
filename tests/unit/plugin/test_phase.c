/* SPDX-License-Identifier: MIT */
/* Phases: what each allows, in which order its hooks run, and how it fails. */
#include <config.h>
#include "check.h"
#include "plugin/phase.h"

static void each_phase_is_found_by_its_name(void)
{
    for (phase at = PHASE_CONFIGURE; at < PHASE_COUNT; at++)
        CHECK_INT(phase_find(phase_of(at)->name), at);
    CHECK_TEXT(phase_of(PHASE_REQUEST)->name, "request");
    CHECK_TEXT(phase_of(PHASE_DELIVER)->name, "deliver");
}

static void other_names_are_no_phase(void)
{
    CHECK_INT(phase_find("Request"), PHASE_COUNT);
    CHECK_INT(phase_find(""), PHASE_COUNT);
    CHECK_INT(phase_find(NULL), PHASE_COUNT);
}

static void a_check_hook_may_only_deny(void)
{
    CHECK_INT(phase_of(PHASE_CHECK)->verdicts, VERDICT_BIT(VERDICT_DENY));
    CHECK_INT(phase_of(PHASE_AUDIT)->verdicts, 0);
    CHECK_INT(phase_of(PHASE_ERROR)->verdicts, VERDICT_BIT(VERDICT_STOP));
}

static void only_request_hooks_may_reply(void)
{
    for (phase at = PHASE_CONFIGURE; at < PHASE_COUNT; at++) {
        bool may = phase_of(at)->verdicts & VERDICT_BIT(VERDICT_REPLY);
        CHECK_INT(may, at == PHASE_REQUEST);
    }
}

static void what_comes_back_runs_in_reverse_with_the_operator_last(void)
{
    CHECK(phase_of(PHASE_RESPONSE)->reverse && phase_of(PHASE_RESPONSE)->tenant_first);
    CHECK(phase_of(PHASE_ERROR)->reverse && phase_of(PHASE_ERROR)->tenant_first);
    CHECK(!phase_of(PHASE_REQUEST)->reverse && !phase_of(PHASE_REQUEST)->tenant_first);
    CHECK(!phase_of(PHASE_CHECK)->reverse && phase_of(PHASE_CHECK)->tenant_first);
}

static void what_comes_in_meets_the_operator_first(void)
{
    for (phase at = PHASE_ACCEPT; at < PHASE_COUNT; at++)
        CHECK(!phase_of(at)->reverse && !phase_of(at)->tenant_first);
}

static void only_error_and_audit_let_the_call_go_on(void)
{
    for (phase at = PHASE_CONFIGURE; at < PHASE_COUNT; at++)
        CHECK_INT(phase_of(at)->fails_closed, at != PHASE_ERROR && at != PHASE_AUDIT);
}

static void each_verdict_has_a_name(void)
{
    CHECK_TEXT(verdict_name(VERDICT_NONE), "none");
    CHECK_TEXT(verdict_name(VERDICT_STOP), "stop");
    CHECK_TEXT(verdict_name(VERDICT_REPLY), "reply");
    CHECK_TEXT(verdict_name(VERDICT_DENY), "deny");
    CHECK_TEXT(verdict_name(VERDICT_WAIT), "wait");
}

static void a_set_is_an_array_of_names_in_the_order_of_a_call(void)
{
    cleanup_json json *some = phase_set_json(PHASE_BIT(PHASE_AUDIT) | PHASE_BIT(PHASE_REQUEST));
    cleanup_json json *none = phase_set_json(0);
    CHECK_MADE(some);
    CHECK_MADE(none);
    CHECK_TEXT(json_string(json_first(some)), "request");
    CHECK_TEXT(json_string(json_next(json_first(some))), "audit");
    CHECK(!json_next(json_next(json_first(some))));
    CHECK(json_type_of(none) == JSON_ARRAY && !json_first(none));
}

static const check_case cases[] = {
    CHECK_CASE(each_phase_is_found_by_its_name),
    CHECK_CASE(other_names_are_no_phase),
    CHECK_CASE(a_check_hook_may_only_deny),
    CHECK_CASE(only_request_hooks_may_reply),
    CHECK_CASE(what_comes_back_runs_in_reverse_with_the_operator_last),
    CHECK_CASE(what_comes_in_meets_the_operator_first),
    CHECK_CASE(only_error_and_audit_let_the_call_go_on),
    CHECK_CASE(each_verdict_has_a_name),
    CHECK_CASE(a_set_is_an_array_of_names_in_the_order_of_a_call),
};
CHECK_MAIN(cases)
