/* SPDX-License-Identifier: MIT */
/* The gateway's refusals by path and method, and the forms of errors. */
#include <config.h>
#include "check.h"
#include "talk.h"

static void an_unknown_version_or_path_is_fault_900906(void)
{
    static const char *const paths[] = {
        "/api/m2m/v9/callbacks/1",          "/api/other",
        "/api/ts/v1/oauth2/other",          "/api/m2m/v1/callbacks",
        "/api/m2m/v1/callbacks/1/other",    "/api/m2m/v1/callbacks/1/name/",
        "/api/m2m/v1/callbacks/1/name/a/b", "/api/m2m/v1/callbacks/%zz",
    };
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        cleanup_reply struct reply reply = stage_send(&stage, "GET", paths[i], "", NULL);
        CHECK_INT(reply.status, 400);
        CHECK_TEXT(reply_member(&reply, "code"), "900906");
        CHECK(strncmp(reply_member(&reply, "message"), "No matching resource found", 26) == 0);
    }
}

static void a_path_outside_the_api_is_an_xml_fault_404(void)
{
    static const char *const paths[] = {"/", "/elsewhere", "/apis/m2m/v1/callbacks/1"};
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    for (size_t i = 0; i < 3; i++) {
        cleanup_reply struct reply reply = stage_send(&stage, "GET", paths[i], "", NULL);
        CHECK_INT(reply.status, 404);
        CHECK(strstr(reply_header(&reply, "Content-Type"), "xml") != NULL);
        CHECK(strstr(reply.body, "<am:fault xmlns:am=\"http://wso2.org/apimanager\">"
                                 "<am:code>404</am:code>") != NULL);
    }
}

static void a_wrong_method_on_a_known_path_is_405(void)
{
    static const struct {
        const char *method, *path;
    } rows[] = {
        {"GET", "/api/ts/v1/oauth2/token"},
        {"PUT", "/api/m2m/v1/callbacks/1"},
        {"GET", "/api/m2m/v1/callbacks/1/name/QoS"},
    };
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    for (size_t i = 0; i < 3; i++) {
        cleanup_reply struct reply reply =
            stage_send(&stage, rows[i].method, rows[i].path, "", NULL);
        CHECK_INT(reply.status, 405);
        CHECK_TEXT(reply_member(&reply, "code"), "900906");
    }
}

static void an_error_code_begins_with_a_service_and_has_a_message(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    stage.session[0] = '\0';
    cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/1", NULL);
    CHECK_TEXT(reply_member(&reply, "errorCode"),
               "UnifiedWebService.REQUEST_FAILED.SessionToken.Format");
    CHECK(reply_member(&reply, "errorMessage")[0] != '\0');
    CHECK_TEXT(reply_header(&reply, "Content-Type"), "application/json");
}

static void the_bearer_is_judged_before_the_session(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/1", NULL);
    CHECK_TEXT(reply_member(&reply, "code"), "900901");
}

static void the_session_is_judged_before_the_body(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    stage.session[0] = '\0';
    cleanup_reply struct reply reply = stage_call(&stage, "POST", "/callbacks/1", "{nonsense");
    CHECK_TEXT(reply_code(&reply), "REQUEST_FAILED.SessionToken.Format");
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(an_unknown_version_or_path_is_fault_900906),
    CHECK_CASE_ONCE(a_path_outside_the_api_is_an_xml_fault_404),
    CHECK_CASE_ONCE(a_wrong_method_on_a_known_path_is_405),
    CHECK_CASE_ONCE(an_error_code_begins_with_a_service_and_has_a_message),
    CHECK_CASE_ONCE(the_bearer_is_judged_before_the_session),
    CHECK_CASE_ONCE(the_session_is_judged_before_the_body),
};
CHECK_MAIN(cases)
