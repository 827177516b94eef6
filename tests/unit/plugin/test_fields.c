/* SPDX-License-Identifier: MIT */
/* The table of what hooks see: rules that every row keeps. */
#include <config.h>
#include <stdio.h>
#include "check.h"
#include "base/text.h"
#include "callbacks/operations.h"
#include "plugin/fields.h"

static void methods_are_told_from_fields_by_their_type(void)
{
    CHECK(!field_of(FIELD_CALL_ACCOUNT)->method);
    CHECK(field_of(FIELD_REQUEST_SET_HEADER)->method);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const field *at = field_of((field_id)i);
        CHECK_INT(at->method, text_starts_with(at->type, "fun("));
    }
}

static void no_name_stands_twice_in_a_handle(void)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        for (size_t j = 0; j < i; j++) {
            const field *a = field_of((field_id)i), *b = field_of((field_id)j);
            CHECK(a->handle != b->handle || !text_equal(a->name, b->name));
        }
}

static void every_field_can_be_used_somewhere(void)
{
    unsigned hooks = 0;
    for (phase at = PHASE_FIRST_HOOK; at < PHASE_COUNT; at++)
        hooks |= PHASE_BIT(at);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const field *at = field_of((field_id)i);
        CHECK(at->phases != 0 && (at->phases & ~hooks) == 0);
        CHECK(at->doc[0] != '\0');
    }
}

static void what_changes_something_needs_a_capability(void)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const field *at = field_of((field_id)i);
        CHECK(!at->writable || at->capability || i == FIELD_CALL_VARS);
        CHECK((at->capability & (at->capability - 1)) == 0);
    }
}

static void nothing_but_vars_can_be_changed_while_checking_or_auditing(void)
{
    unsigned frozen = PHASE_BIT(PHASE_CHECK) | PHASE_BIT(PHASE_AUDIT);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const field *at = field_of((field_id)i);
        CHECK(!at->writable || !(at->phases & frozen) || i == FIELD_CALL_VARS);
    }
}

/* Whether hooks of the phase can see the operation by that name. */
static bool is_seen(phase phase, const char *name)
{
    for (size_t i = 0; operation_in(phase, i); i++)
        if (text_equal(operation_in(phase, i), name))
            return true;
    return false;
}

static void operations_have_the_names_that_hooks_see(void)
{
    const operation *operations[] = {&operation_register, &operation_list, &operation_deregister,
                                     &operation_call};
    for (size_t i = 0; i < 4; i++) {
        CHECK(is_seen(PHASE_REQUEST, operations[i]->name));
        CHECK(is_seen(PHASE_AUDIT, operations[i]->name));
        CHECK(!is_seen(PHASE_DELIVER, operations[i]->name));
    }
    CHECK(is_seen(PHASE_REQUEST, operation_get.name));
    CHECK(operation_in(PHASE_REQUEST, 4) == NULL);
    CHECK_TEXT(operation_in(PHASE_DELIVER, 0), "deliver");
    CHECK(operation_in(PHASE_DELIVER, 1) == NULL);
}

static void what_a_hook_gets_is_told_as_a_script_writes_it(void)
{
    char text[64];
    for (phase at = PHASE_FIRST_HOOK; at < PHASE_COUNT; at++) {
        handle_kind second = handle_argument(at, 1);
        snprintf(text, sizeof(text), "(%s%s%s)", handle_name(handle_argument(at, 0)),
                 second == HANDLE_COUNT ? "" : ", ",
                 second == HANDLE_COUNT ? "" : handle_name(second));
        CHECK_TEXT(handle_arguments(at), text);
    }
}

static void a_field_is_found_by_its_name(void)
{
    CHECK(field_find(HANDLE_REQUEST, "method") == field_of(FIELD_REQUEST_METHOD));
    CHECK(field_find(HANDLE_CALL, "method") == NULL);
    CHECK(field_find_beside(HANDLE_CALL, PHASE_CHECK, "method") == field_of(FIELD_REQUEST_METHOD));
    CHECK(field_find_beside(HANDLE_CALL, PHASE_RESPONSE, "method") == NULL);
    CHECK(field_find_beside(HANDLE_EVENT, PHASE_AUDIT, "method") == NULL);
}

static void each_handle_has_a_name(void)
{
    CHECK_TEXT(handle_name(HANDLE_CALL), "call");
    CHECK_TEXT(handle_name(HANDLE_FAILURE), "failure");
    CHECK_TEXT(handle_name(HANDLE_MESSAGE), "message");
}

static void what_a_hook_gets_can_be_used_in_its_phase(void)
{
    for (phase at = PHASE_FIRST_HOOK; at < PHASE_COUNT; at++) {
        unsigned usable = 0, gotten = 0;
        for (size_t i = 0; i < FIELD_COUNT; i++)
            if (field_of((field_id)i)->phases & PHASE_BIT(at))
                usable |= 1u << field_of((field_id)i)->handle;
        for (unsigned i = 0; i < 2; i++)
            if (handle_argument(at, i) != HANDLE_COUNT)
                gotten |= 1u << handle_argument(at, i);
        CHECK_INT(gotten, usable);
    }
    CHECK_INT(handle_argument(PHASE_AUDIT, 0), HANDLE_EVENT);
    CHECK_INT(handle_argument(PHASE_AUDIT, 1), HANDLE_COUNT);
    CHECK_INT(handle_argument(PHASE_ERROR, 1), HANDLE_FAILURE);
}

static const check_case cases[] = {
    CHECK_CASE(methods_are_told_from_fields_by_their_type),
    CHECK_CASE(no_name_stands_twice_in_a_handle),
    CHECK_CASE(every_field_can_be_used_somewhere),
    CHECK_CASE(what_changes_something_needs_a_capability),
    CHECK_CASE(nothing_but_vars_can_be_changed_while_checking_or_auditing),
    CHECK_CASE(each_handle_has_a_name),
    CHECK_CASE(operations_have_the_names_that_hooks_see),
    CHECK_CASE(what_a_hook_gets_is_told_as_a_script_writes_it),
    CHECK_CASE(a_field_is_found_by_its_name),
    CHECK_CASE(what_a_hook_gets_can_be_used_in_its_phase),
};
CHECK_MAIN(cases)
