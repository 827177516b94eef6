/* SPDX-License-Identifier: MIT */
/* Bearer tokens: how they are had, kept, revoked, and what a bad one is answered with. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include "check.h"
#include "talk.h"

#define TOKEN  "/api/ts/v1/oauth2/token"
#define REVOKE "/api/ts/v1/oauth2/revoke"

static void a_token_is_32_hex_digits_of_type_bearer(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    cleanup_reply struct reply reply = stage_token(&stage, GRANT);
    CHECK_INT(reply.status, 200);
    const char *token = reply_member(&reply, "access_token");
    CHECK_INT(strlen(token), 32);
    CHECK_INT(strspn(token, "0123456789abcdef"), 32);
    CHECK_TEXT(reply_member(&reply, "token_type"), "Bearer");
    CHECK_TEXT(reply_member(&reply, "expires_in"), "3600");
    CHECK_TEXT(reply_member(&reply, "scope"), "default");
    CHECK_TEXT(reply_header(&reply, "Content-Type"), "application/json");
}

static void a_scope_that_is_asked_for_is_echoed(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    cleanup_reply struct reply reply = stage_token(&stage, GRANT "&scope=READ+WRITE");
    CHECK_TEXT(reply_member(&reply, "scope"), "READ WRITE");
}

static void asking_again_within_the_hour_gives_the_same_token_with_less_life(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    cleanup_reply struct reply first = stage_token(&stage, GRANT);
    CHECK_INT(stage_control(&stage, "advance?seconds=1000", NULL), 204);
    cleanup_reply struct reply second = stage_token(&stage, GRANT);
    CHECK_TEXT(reply_member(&second, "access_token"), reply_member(&first, "access_token"));
    int left = atoi(reply_member(&second, "expires_in"));
    CHECK(left <= 2600 && left > 2590);
}

static void an_hour_after_the_first_issue_the_token_is_another_and_the_old_one_dead(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    stage_control(&stage, "advance?seconds=2000", NULL);
    cleanup_reply struct reply repeat = stage_token(&stage, GRANT);
    CHECK_TEXT(reply_member(&repeat, "access_token"), stage.bearer);
    stage_control(&stage, "advance?seconds=1600", NULL);
    cleanup_reply struct reply refused = stage_call(&stage, "GET", "/callbacks/1", NULL);
    CHECK_INT(refused.status, 401);
    CHECK_TEXT(reply_member(&refused, "code"), "900901");
    cleanup_reply struct reply fresh = stage_token(&stage, GRANT);
    CHECK(strcmp(reply_member(&fresh, "access_token"), stage.bearer) != 0);
    CHECK_TEXT(reply_member(&fresh, "expires_in"), "3600");
}

static void each_key_has_a_token_of_its_own(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK_OK(
        thingspace_simulator_add_credential(stage.simulator, "k2", "s2", NULL, NULL, NULL, NULL));
    cleanup_reply struct reply first = stage_token(&stage, GRANT);
    cleanup_reply struct reply second =
        stage_send(&stage, "POST", TOKEN, "Authorization: Basic azI6czI=\r\n" FORM, GRANT);
    CHECK_INT(second.status, 200);
    CHECK(strcmp(reply_member(&first, "access_token"), reply_member(&second, "access_token")) != 0);
}

static void a_wrong_grant_type_is_an_oauth_invalid_request(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    static const char *const forms[] = {"grant_type=password", "", "grant_type=%zz", "scope=a"};
    for (size_t i = 0; i < 4; i++) {
        cleanup_reply struct reply reply = stage_token(&stage, forms[i]);
        CHECK_INT(reply.status, 400);
        CHECK_TEXT(reply_member(&reply, "error"), "invalid_request");
        CHECK(reply_member(&reply, "error_description")[0] != '\0');
    }
}

static void a_body_that_is_not_marked_as_a_form_is_not_read_as_one(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    cleanup_reply struct reply reply =
        stage_send(&stage, "POST", TOKEN, BASIC "Content-Type: application/json\r\n", GRANT);
    CHECK_TEXT(reply_member(&reply, "error"), "invalid_request");
}

static void missing_basic_credentials_are_fault_900902(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    cleanup_reply struct reply reply = stage_send(&stage, "POST", TOKEN, FORM, GRANT);
    CHECK_INT(reply.status, 401);
    CHECK_TEXT(reply_member(&reply, "code"), "900902");
    CHECK_TEXT(reply_member(&reply, "message"), "Missing Credentials");
}

static void wrong_basic_credentials_are_an_oauth_invalid_client(void)
{
    static const char *const headers[] = {WRONG_BASIC FORM, "Authorization: Basic !!!!\r\n" FORM,
                                          "Authorization: Basic YWJj\r\n" FORM,
                                          "Authorization: Basic bm9ib2R5OmRlbW8tc2VjcmV0\r\n" FORM};
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    for (size_t i = 0; i < 4; i++) {
        cleanup_reply struct reply reply = stage_send(&stage, "POST", TOKEN, headers[i], GRANT);
        CHECK_INT(reply.status, 401);
        CHECK_TEXT(reply_member(&reply, "error"), "invalid_client");
    }
}

static void a_revoke_answers_with_an_empty_body_and_the_token_in_a_header(void)
{
    char form[200];
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    snprintf(form, sizeof(form), GRANT "&token=%s", stage.bearer);
    cleanup_reply struct reply reply = stage_send(&stage, "POST", REVOKE, BASIC FORM, form);
    CHECK_INT(reply.status, 200);
    CHECK_INT(reply.body_size, 0);
    CHECK_TEXT(reply_header(&reply, "RevokedAccessToken"), stage.bearer);
    CHECK_INT(stage_count(&stage, "revokes"), 1);
}

static void a_revoked_token_is_refused_and_the_next_request_mints_another(void)
{
    char form[200];
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    snprintf(form, sizeof(form), GRANT "&token=%s", stage.bearer);
    cleanup_reply struct reply revoked = stage_send(&stage, "POST", REVOKE, BASIC FORM, form);
    cleanup_reply struct reply refused = stage_call(&stage, "GET", "/callbacks/1", NULL);
    CHECK_TEXT(reply_member(&refused, "code"), "900901");
    cleanup_reply struct reply fresh = stage_token(&stage, GRANT);
    CHECK_INT(fresh.status, 200);
    CHECK(strcmp(reply_member(&fresh, "access_token"), stage.bearer) != 0);
}

static void revoking_another_token_changes_nothing(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reply =
        stage_send(&stage, "POST", REVOKE, BASIC FORM, GRANT "&token=other");
    CHECK_INT(reply.status, 200);
    cleanup_reply struct reply list = stage_call(&stage, "GET", "/callbacks/1", NULL);
    CHECK_INT(list.status, 200);
    CHECK_INT(stage_count(&stage, "revokes"), 0);
}

static void a_wrong_bearer_is_fault_900901(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    snprintf(stage.bearer, sizeof(stage.bearer), "0123456789abcdef0123456789abcdef");
    cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/1", NULL);
    CHECK_INT(reply.status, 401);
    CHECK_TEXT(reply_member(&reply, "code"), "900901");
    CHECK_TEXT(reply_member(&reply, "message"), "Invalid Credentials");
    CHECK(reply_member(&reply, "description")[0] != '\0');
}

static void a_missing_bearer_is_fault_900902(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    cleanup_reply struct reply reply =
        stage_send(&stage, "GET", "/api/m2m/v1/callbacks/1", "VZ-M2M-Token: x\r\n", NULL);
    CHECK_INT(reply.status, 401);
    CHECK_TEXT(reply_member(&reply, "code"), "900902");
}

static void wrong_authentication_is_an_xml_fault_403(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    cleanup_reply struct reply reply =
        stage_send(&stage, "GET", "/api/m2m/v1/callbacks/1", BASIC, NULL);
    CHECK_INT(reply.status, 403);
    CHECK(strstr(reply.body, "<am:fault xmlns:am=\"http://wso2.org/apimanager\">") != NULL);
}

static void expired_bearers_can_be_had_at_once(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_INT(stage_control(&stage, "expire?what=bearer", NULL), 204);
    cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/1", NULL);
    CHECK_TEXT(reply_member(&reply, "code"), "900901");
}

static void the_life_of_a_bearer_is_an_option(void)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    cleanup_stage struct stage stage = {0};
    options.bearer_seconds = 90;
    CHECK(stage_start(&stage, &options));
    cleanup_reply struct reply reply = stage_token(&stage, GRANT);
    CHECK_TEXT(reply_member(&reply, "expires_in"), "90");
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_token_is_32_hex_digits_of_type_bearer),
    CHECK_CASE_ONCE(a_scope_that_is_asked_for_is_echoed),
    CHECK_CASE_ONCE(asking_again_within_the_hour_gives_the_same_token_with_less_life),
    CHECK_CASE_ONCE(an_hour_after_the_first_issue_the_token_is_another_and_the_old_one_dead),
    CHECK_CASE_ONCE(each_key_has_a_token_of_its_own),
    CHECK_CASE_ONCE(a_wrong_grant_type_is_an_oauth_invalid_request),
    CHECK_CASE_ONCE(a_body_that_is_not_marked_as_a_form_is_not_read_as_one),
    CHECK_CASE_ONCE(missing_basic_credentials_are_fault_900902),
    CHECK_CASE_ONCE(wrong_basic_credentials_are_an_oauth_invalid_client),
    CHECK_CASE_ONCE(a_revoke_answers_with_an_empty_body_and_the_token_in_a_header),
    CHECK_CASE_ONCE(a_revoked_token_is_refused_and_the_next_request_mints_another),
    CHECK_CASE_ONCE(revoking_another_token_changes_nothing),
    CHECK_CASE_ONCE(a_wrong_bearer_is_fault_900901),
    CHECK_CASE_ONCE(a_missing_bearer_is_fault_900902),
    CHECK_CASE_ONCE(wrong_authentication_is_an_xml_fault_403),
    CHECK_CASE_ONCE(expired_bearers_can_be_had_at_once),
    CHECK_CASE_ONCE(the_life_of_a_bearer_is_an_option),
};
CHECK_MAIN(cases)
