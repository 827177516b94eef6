/* SPDX-License-Identifier: MIT */
/* UWS sessions: login, lock, idle expiry, logout, password reset. */
#include <config.h>
#include <stdio.h>
#include "check.h"
#include "talk.h"

#define USER     THINGSPACE_SIMULATOR_USERNAME
#define PASSWORD THINGSPACE_SIMULATOR_PASSWORD
#define LOCKED   "REQUEST_FAILED.Login.Locked"
#define REFUSED  "REQUEST_FAILED.Login.Refused"

static bool is_guid(const char *text)
{
    return strlen(text) == 36 && strspn(text, "0123456789abcdef-") == 36 && text[8] == '-' &&
           text[13] == '-' && text[18] == '-' && text[23] == '-';
}

/* Fails `count` logins; true when each was refused with `code`. */
static bool fail_logins(const struct stage *stage, int count, const char *code)
{
    for (int i = 0; i < count; i++) {
        cleanup_reply struct reply reply = stage_login(stage, USER, "wrong");
        if (reply.status != 400 || strcmp(reply_code(&reply), code) != 0)
            return false;
    }
    return true;
}

static void a_login_gives_a_guid(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reply = stage_login(&stage, USER, PASSWORD);
    CHECK_INT(reply.status, 200);
    CHECK(is_guid(reply_member(&reply, "sessionToken")));
}

static void a_login_needs_the_bearer(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    cleanup_reply struct reply reply = stage_send(&stage, "POST", "/api/m2m/v1/session/login",
                                                  "Content-Type: application/json\r\n", "{}");
    CHECK_INT(reply.status, 401);
    CHECK_TEXT(reply_member(&reply, "code"), "900902");
    CHECK_INT(stage_count(&stage, "loginRequests"), 0);
}

static void a_login_without_a_password_cannot_be_deserialised(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reply =
        stage_call(&stage, "POST", "/session/login", "{\"username\":\"demo-user\"}");
    CHECK_INT(reply.status, 400);
    CHECK_TEXT(reply_code(&reply), "DeserializationFailed");
    CHECK_INT(stage_count(&stage, "refusedLogins"), 0);
}

static void the_fifth_failure_in_a_row_locks_the_user(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK(fail_logins(&stage, 4, REFUSED));
    CHECK(fail_logins(&stage, 1, LOCKED));
    CHECK_INT(stage_count(&stage, "refusedLogins"), 5);
}

static void a_locked_user_is_refused_even_with_the_right_password(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK(fail_logins(&stage, 4, REFUSED));
    CHECK(fail_logins(&stage, 1, LOCKED));
    cleanup_reply struct reply reply = stage_login(&stage, USER, PASSWORD);
    CHECK_INT(reply.status, 400);
    CHECK_TEXT(reply_code(&reply), LOCKED);
}

static void four_failures_and_a_success_begin_the_count_again(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK(fail_logins(&stage, 4, REFUSED));
    CHECK(stage_enter(&stage));
    CHECK(fail_logins(&stage, 4, REFUSED));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply state = stage_send(&stage, "GET", "/simulator/state", "", NULL);
    CHECK(strstr(state.body, "\"mostFailedLogins\":{\"demo-user\":4}") != NULL);
}

static void the_state_names_failures_and_locked_users(void)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    cleanup_stage struct stage stage = {0};
    options.lockout_failures = 2;
    CHECK(stage_start(&stage, &options));
    CHECK(stage_enter(&stage));
    CHECK(fail_logins(&stage, 1, REFUSED));
    cleanup_reply struct reply before = stage_send(&stage, "GET", "/simulator/state", "", NULL);
    CHECK(strstr(before.body, "\"failedLogins\":{\"demo-user\":1},\"lockedUsers\":[]") != NULL);
    CHECK(fail_logins(&stage, 1, LOCKED));
    cleanup_reply struct reply after = stage_send(&stage, "GET", "/simulator/state", "", NULL);
    CHECK(strstr(after.body, "\"lockedUsers\":[\"demo-user\"]") != NULL);
}

static void one_users_lock_leaves_the_others_alone(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK_OK(thingspace_simulator_add_credential(stage.simulator, NULL, NULL, "second", "pw", NULL,
                                                 NULL));
    CHECK(stage_enter(&stage));
    CHECK(fail_logins(&stage, 4, REFUSED));
    CHECK(fail_logins(&stage, 1, LOCKED));
    cleanup_reply struct reply reply = stage_login(&stage, "second", "pw");
    CHECK_INT(reply.status, 200);
}

static void an_unknown_user_is_refused(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reply = stage_login(&stage, "nobody", PASSWORD);
    CHECK_TEXT(reply_code(&reply), REFUSED);
}

static void twenty_idle_minutes_expire_a_session(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    stage_control(&stage, "advance?seconds=1200", NULL);
    cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/1", NULL);
    CHECK_INT(reply.status, 400);
    CHECK_TEXT(reply_code(&reply), "REQUEST_FAILED.SessionToken.Expired");
}

static void a_session_in_use_does_not_expire(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    for (int i = 0; i < 3; i++) {
        stage_control(&stage, "advance?seconds=1100", NULL);
        cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/1", NULL);
        CHECK_INT(reply.status, 200);
    }
}

static void an_expired_session_stays_expired(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_INT(stage_control(&stage, "expire?what=session", NULL), 204);
    for (int i = 0; i < 2; i++) {
        cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/1", NULL);
        CHECK_TEXT(reply_code(&reply), "REQUEST_FAILED.SessionToken.Expired");
    }
}

static void an_absent_session_header_is_a_format_error(void)
{
    cleanup_stage struct stage stage = {0};
    char headers[200];
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    snprintf(headers, sizeof(headers), "Authorization: Bearer %s\r\n", stage.bearer);
    cleanup_reply struct reply reply =
        stage_send(&stage, "GET", "/api/m2m/v1/callbacks/1", headers, NULL);
    CHECK_INT(reply.status, 400);
    CHECK_TEXT(reply_code(&reply), "REQUEST_FAILED.SessionToken.Format");
}

static void a_session_that_is_no_guid_or_unknown_is_invalid(void)
{
    static const char *const tokens[] = {"abc", "00000000-0000-4000-a000-000000000000"};
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    for (size_t i = 0; i < 2; i++) {
        snprintf(stage.session, sizeof(stage.session), "%s", tokens[i]);
        cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/1", NULL);
        CHECK_INT(reply.status, 400);
        CHECK_TEXT(reply_code(&reply), "INPUT_INVALID.SessionToken.Invalid");
    }
}

static void the_status_of_session_errors_is_a_switch(void)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    cleanup_stage struct stage stage = {0};
    options.dead_session_status = 401;
    CHECK(stage_start(&stage, &options));
    CHECK(stage_enter(&stage));
    stage_control(&stage, "expire?what=session", NULL);
    cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/1", NULL);
    CHECK_INT(reply.status, 401);
    CHECK_TEXT(reply_code(&reply), "REQUEST_FAILED.SessionToken.Expired");
}

static void a_logout_echoes_the_token_and_ends_it(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply logout = stage_call(&stage, "POST", "/session/logout", NULL);
    CHECK_INT(logout.status, 200);
    CHECK_TEXT(reply_member(&logout, "sessionToken"), stage.session);
    cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/1", NULL);
    CHECK_TEXT(reply_code(&reply), "INPUT_INVALID.SessionToken.Invalid");
}

static void listeners_stay_after_a_logout(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply post = stage_call(
        &stage, "POST", "/callbacks/1", "{\"name\":\"QoS\",\"url\":\"https://h.example.com/\"}");
    CHECK_INT(post.status, 200);
    cleanup_reply struct reply logout = stage_call(&stage, "POST", "/session/logout", NULL);
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply list = stage_call(&stage, "GET", "/callbacks/1", NULL);
    CHECK(strstr(list.body, "QoS") != NULL);
}

static void a_second_login_keeps_the_first_session(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply second = stage_login(&stage, USER, PASSWORD);
    CHECK(strcmp(reply_member(&second, "sessionToken"), stage.session) != 0);
    cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/1", NULL);
    CHECK_INT(reply.status, 200);
}

static void a_second_login_ends_the_first_session_when_switched_so(void)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    cleanup_stage struct stage stage = {0};
    options.second_login = THINGSPACE_SIMULATOR_LOGIN_ENDS_OLDER;
    CHECK(stage_start(&stage, &options));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply second = stage_login(&stage, USER, PASSWORD);
    cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/1", NULL);
    CHECK_TEXT(reply_code(&reply), "INPUT_INVALID.SessionToken.Invalid");
}

static void a_reset_answers_with_a_password_that_holds_at_once(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reset = stage_call(&stage, "PUT", "/session/password/actions/reset",
                                                  "{\"oldPassword\":\"" PASSWORD "\"}");
    CHECK_INT(reset.status, 200);
    const char *password = reply_member(&reset, "newPassword");
    CHECK(password[0] != '\0');
    cleanup_reply struct reply old = stage_login(&stage, USER, PASSWORD);
    CHECK_INT(old.status, 400);
    cleanup_reply struct reply fresh = stage_login(&stage, USER, password);
    CHECK_INT(fresh.status, 200);
}

static void a_reset_with_a_wrong_old_password_is_refused(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reset =
        stage_call(&stage, "PUT", "/session/password/actions/reset", "{\"oldPassword\":\"other\"}");
    CHECK_INT(reset.status, 400);
    cleanup_reply struct reply login = stage_login(&stage, USER, PASSWORD);
    CHECK_INT(login.status, 200);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_login_gives_a_guid),
    CHECK_CASE_ONCE(a_login_needs_the_bearer),
    CHECK_CASE_ONCE(a_login_without_a_password_cannot_be_deserialised),
    CHECK_CASE_ONCE(the_fifth_failure_in_a_row_locks_the_user),
    CHECK_CASE_ONCE(a_locked_user_is_refused_even_with_the_right_password),
    CHECK_CASE_ONCE(four_failures_and_a_success_begin_the_count_again),
    CHECK_CASE_ONCE(the_state_names_failures_and_locked_users),
    CHECK_CASE_ONCE(one_users_lock_leaves_the_others_alone),
    CHECK_CASE_ONCE(an_unknown_user_is_refused),
    CHECK_CASE_ONCE(twenty_idle_minutes_expire_a_session),
    CHECK_CASE_ONCE(a_session_in_use_does_not_expire),
    CHECK_CASE_ONCE(an_expired_session_stays_expired),
    CHECK_CASE_ONCE(an_absent_session_header_is_a_format_error),
    CHECK_CASE_ONCE(a_session_that_is_no_guid_or_unknown_is_invalid),
    CHECK_CASE_ONCE(the_status_of_session_errors_is_a_switch),
    CHECK_CASE_ONCE(a_logout_echoes_the_token_and_ends_it),
    CHECK_CASE_ONCE(listeners_stay_after_a_logout),
    CHECK_CASE_ONCE(a_second_login_keeps_the_first_session),
    CHECK_CASE_ONCE(a_second_login_ends_the_first_session_when_switched_so),
    CHECK_CASE_ONCE(a_reset_answers_with_a_password_that_holds_at_once),
    CHECK_CASE_ONCE(a_reset_with_a_wrong_old_password_is_refused),
};
CHECK_MAIN(cases)
