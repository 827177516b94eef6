/* SPDX-License-Identifier: MIT */
/* The sandbox: the credential alone selects it, on the same paths. */
#include <config.h>
#include <stdio.h>
#include "check.h"
#include "talk.h"

static bool enter_sandbox(struct stage *stage)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    options.test_token = THINGSPACE_SIMULATOR_TEST_TOKEN;
    if (!stage_start(stage, &options))
        return false;
    snprintf(stage->bearer, sizeof(stage->bearer), "%s", THINGSPACE_SIMULATOR_TEST_TOKEN);
    snprintf(stage->session, sizeof(stage->session), "anything");
    return true;
}

static void the_test_token_does_not_expire(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(enter_sandbox(&stage));
    stage_control(&stage, "advance?seconds=80000", NULL);
    stage_control(&stage, "expire?what=all", NULL);
    cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/TestAccount-1", NULL);
    CHECK_INT(reply.status, 200);
}

static void any_session_value_is_accepted_but_none_is_not(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(enter_sandbox(&stage));
    cleanup_reply struct reply good = stage_call(&stage, "GET", "/callbacks/TestAccount-1", NULL);
    CHECK_INT(good.status, 200);
    stage.session[0] = '\0';
    cleanup_reply struct reply bad = stage_call(&stage, "GET", "/callbacks/TestAccount-1", NULL);
    CHECK_TEXT(reply_code(&bad), "REQUEST_FAILED.SessionToken.Format");
}

static void any_login_is_accepted_and_nobody_is_locked(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(enter_sandbox(&stage));
    for (int i = 0; i < 6; i++) {
        cleanup_reply struct reply reply =
            stage_login(&stage, THINGSPACE_SIMULATOR_USERNAME, "wrong");
        CHECK_INT(reply.status, 200);
    }
    CHECK_INT(stage_count(&stage, "refusedLogins"), 0);
}

static void listeners_are_registered_for_the_second_test_account(void)
{
    static const char body[] = "{\"name\":\"QoS\",\"url\":\"http://h/\"}";
    cleanup_stage struct stage stage = {0};
    CHECK(enter_sandbox(&stage));
    cleanup_reply struct reply first = stage_call(&stage, "POST", "/callbacks/TestAccount-1", body);
    CHECK_TEXT(reply_code(&first), "REQUEST_FAILED.AccountName");
    cleanup_reply struct reply second =
        stage_call(&stage, "POST", "/callbacks/TestAccount-2", body);
    CHECK_INT(second.status, 200);
    cleanup_reply struct reply list = stage_call(&stage, "GET", "/callbacks/TestAccount-2", NULL);
    CHECK(strstr(list.body, "QoS") != NULL);
}

static void the_sandbox_reaches_no_other_account(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(enter_sandbox(&stage));
    cleanup_reply struct reply reply =
        stage_call(&stage, "GET", "/callbacks/0000123456-00001", NULL);
    CHECK_TEXT(reply_code(&reply), "REQUEST_FAILED.AccountName");
}

static void a_session_of_the_sandbox_is_worth_nothing_outside(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(enter_sandbox(&stage));
    cleanup_reply struct reply login = stage_login(&stage, "x", "y");
    cleanup_reply struct reply token = stage_token(&stage, GRANT);
    snprintf(stage.bearer, sizeof(stage.bearer), "%s", reply_member(&token, "access_token"));
    snprintf(stage.session, sizeof(stage.session), "%s", reply_member(&login, "sessionToken"));
    cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/TestAccount-1", NULL);
    CHECK_TEXT(reply_code(&reply), "INPUT_INVALID.SessionToken.Invalid");
}

static void without_the_option_there_is_no_test_token(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    snprintf(stage.bearer, sizeof(stage.bearer), "%s", THINGSPACE_SIMULATOR_TEST_TOKEN);
    cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/TestAccount-1", NULL);
    CHECK_TEXT(reply_member(&reply, "code"), "900901");
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(the_test_token_does_not_expire),
    CHECK_CASE_ONCE(any_session_value_is_accepted_but_none_is_not),
    CHECK_CASE_ONCE(any_login_is_accepted_and_nobody_is_locked),
    CHECK_CASE_ONCE(listeners_are_registered_for_the_second_test_account),
    CHECK_CASE_ONCE(the_sandbox_reaches_no_other_account),
    CHECK_CASE_ONCE(a_session_of_the_sandbox_is_worth_nothing_outside),
    CHECK_CASE_ONCE(without_the_option_there_is_no_test_token),
};
CHECK_MAIN(cases)
