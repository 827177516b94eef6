/* SPDX-License-Identifier: MIT */
/* The callback operations: register, list, deregister, and their rules. */
#include <config.h>
#include <stdio.h>
#include "check.h"
#include "talk.h"

#define A       "/callbacks/0000123456-00001"
#define CARRIER "{\"name\":\"CarrierService\",\"url\":\"https://h.example.com/a\"}"
#define WITH_PASSWORD                                                                              \
    "{\"name\":\"CarrierService\",\"url\":\"https://h.example.com/"                                \
    "a\",\"username\":\"acct\",\"password\":\"s3\"}"

static int post(const struct stage *stage, const char *path, const char *body)
{
    cleanup_reply struct reply reply = stage_call(stage, "POST", path, body);
    return reply.status;
}

static void a_register_takes_name_and_answers_service_name(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reply = stage_call(&stage, "POST", A, CARRIER);
    CHECK_INT(reply.status, 200);
    CHECK_TEXT(reply.body,
               "{\"accountName\":\"0000123456-00001\",\"serviceName\":\"CarrierService\"}");
}

static void an_empty_list_is_an_empty_body(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reply = stage_call(&stage, "GET", A, NULL);
    CHECK_INT(reply.status, 200);
    CHECK_INT(reply.body_size, 0);
}

static void a_list_shows_the_password_in_clear(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_INT(post(&stage, A, WITH_PASSWORD), 200);
    cleanup_reply struct reply reply = stage_call(&stage, "GET", A, NULL);
    CHECK_TEXT(reply.body, "[{\"accountName\":\"0000123456-00001\",\"serviceName\":"
                           "\"CarrierService\",\"url\":\"https://h.example.com/a\",\"username\":"
                           "\"acct\",\"password\":\"s3\"}]");
}

static void absent_credentials_are_listed_as_empty_text(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_INT(post(&stage, A, CARRIER), 200);
    cleanup_reply struct reply reply = stage_call(&stage, "GET", A, NULL);
    CHECK(strstr(reply.body, "\"username\":\"\",\"password\":\"\"") != NULL);
}

static void absent_credentials_are_left_out_when_switched_so(void)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    cleanup_stage struct stage stage = {0};
    options.empty_credentials = THINGSPACE_SIMULATOR_LIST_OMITS;
    CHECK(stage_start(&stage, &options));
    CHECK(stage_enter(&stage));
    CHECK_INT(post(&stage, A, CARRIER), 200);
    cleanup_reply struct reply reply = stage_call(&stage, "GET", A, NULL);
    CHECK(strstr(reply.body, "username") == NULL);
    CHECK(strstr(reply.body, "password") == NULL);
}

static void empty_credentials_are_accepted(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_INT(post(&stage, A,
                   "{\"name\":\"QoS\",\"url\":\"http://h/\",\"username\":\"\",\"password\":\"\"}"),
              200);
}

static void a_deregister_confirms_with_both_names(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_INT(post(&stage, A, CARRIER), 200);
    cleanup_reply struct reply reply = stage_call(&stage, "DELETE", A "/name/CarrierService", NULL);
    CHECK_INT(reply.status, 200);
    CHECK_TEXT(reply.body,
               "{\"accountName\":\"0000123456-00001\",\"serviceName\":\"CarrierService\"}");
    cleanup_reply struct reply list = stage_call(&stage, "GET", A, NULL);
    CHECK_INT(list.body_size, 0);
}

static void a_deregister_removes_that_service_alone(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_INT(post(&stage, A, "{\"name\":\"First\",\"url\":\"http://h/\"}"), 200);
    CHECK_INT(post(&stage, A, "{\"name\":\"Second\",\"url\":\"http://h/\"}"), 200);
    CHECK_INT(post(&stage, A, "{\"name\":\"Third\",\"url\":\"http://h/\"}"), 200);
    cleanup_reply struct reply gone = stage_call(&stage, "DELETE", A "/name/Second", NULL);
    cleanup_reply struct reply list = stage_call(&stage, "GET", A, NULL);
    CHECK(strstr(list.body, "First") != NULL);
    CHECK(strstr(list.body, "Second") == NULL);
    CHECK(strstr(list.body, "Third") != NULL);
}

static void a_second_post_replaces(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_INT(post(&stage, A, WITH_PASSWORD), 200);
    CHECK_INT(post(&stage, A, "{\"name\":\"CarrierService\",\"url\":\"https://other/\"}"), 200);
    cleanup_reply struct reply list = stage_call(&stage, "GET", A, NULL);
    CHECK(strstr(list.body, "https://other/") != NULL);
    CHECK(strstr(list.body, "h.example.com") == NULL);
    CHECK(strstr(list.body, "s3") == NULL);
}

static void a_second_post_is_refused_when_switched_so(void)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    cleanup_stage struct stage stage = {0};
    options.second_post = THINGSPACE_SIMULATOR_POST_REFUSED;
    CHECK(stage_start(&stage, &options));
    CHECK(stage_enter(&stage));
    CHECK_INT(post(&stage, A, CARRIER), 200);
    cleanup_reply struct reply reply = stage_call(&stage, "POST", A, CARRIER);
    CHECK_INT(reply.status, 400);
    CHECK_TEXT(reply_code(&reply), "REQUEST_FAILED.Callback.AlreadyRegistered");
}

static void deleting_what_is_absent_is_refused(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reply = stage_call(&stage, "DELETE", A "/name/QoS", NULL);
    CHECK_INT(reply.status, 400);
    CHECK_TEXT(reply_code(&reply), "REQUEST_FAILED.Callback.NotRegistered");
}

static void deleting_what_is_absent_is_confirmed_when_switched_so(void)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    cleanup_stage struct stage stage = {0};
    options.absent_delete = THINGSPACE_SIMULATOR_DELETE_CONFIRMED;
    CHECK(stage_start(&stage, &options));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reply = stage_call(&stage, "DELETE", A "/name/QoS", NULL);
    CHECK_INT(reply.status, 200);
    CHECK_TEXT(reply_member(&reply, "serviceName"), "QoS");
}

static void a_soap_registration_is_unseen_and_blocks_a_register(void)
{
    thingspace_simulator_listener listener = THINGSPACE_SIMULATOR_LISTENER_INIT;
    cleanup_stage struct stage stage = {0};
    listener.account = "0000123456-00001";
    listener.service = "CarrierService";
    listener.soap = 1;
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_OK(thingspace_simulator_add_listener(stage.simulator, &listener, NULL));
    cleanup_reply struct reply list = stage_call(&stage, "GET", A, NULL);
    CHECK_INT(list.body_size, 0);
    cleanup_reply struct reply reply = stage_call(&stage, "POST", A, CARRIER);
    CHECK_INT(reply.status, 400);
    CHECK_TEXT(reply_code(&reply), "REQUEST_FAILED.Callback.RegisteredBySoap");
}

static void an_account_of_somebody_else_is_refused(void)
{
    static const char *const accounts[] = {"0000123456-*", NULL};
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    cleanup_stage struct stage stage = {0};
    options.accounts = accounts;
    CHECK(stage_start(&stage, &options));
    CHECK(stage_enter(&stage));
    CHECK_INT(post(&stage, A, CARRIER), 200);
    cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/0000123457-1", NULL);
    CHECK_INT(reply.status, 400);
    CHECK_TEXT(reply_code(&reply), "REQUEST_FAILED.AccountName");
}

static void a_missing_account_is_not_defined(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reply = stage_call(&stage, "GET", "/callbacks/", NULL);
    CHECK_INT(reply.status, 400);
    CHECK_TEXT(reply_code(&reply), "INPUT_INVALID.Account.NotDefined");
}

static void quotes_angles_and_backslashes_are_invalid_characters(void)
{
    static const char *const bodies[] = {
        "{\"name\":\"QoS\",\"url\":\"http://h/'\"}",
        "{\"name\":\"Qo<S\",\"url\":\"http://h/\"}",
        "{\"name\":\"QoS\",\"url\":\"http://h/\",\"username\":\"u\",\"password\":\"a\\\\b\"}",
    };
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    for (size_t i = 0; i < 3; i++) {
        cleanup_reply struct reply reply = stage_call(&stage, "POST", A, bodies[i]);
        CHECK_INT(reply.status, 400);
        CHECK_TEXT(reply_code(&reply), "INPUT_INVALID.Request.InvalidCharacter");
    }
    cleanup_reply struct reply account = stage_call(&stage, "GET", "/callbacks/a%27b", NULL);
    CHECK_TEXT(reply_code(&account), "INPUT_INVALID.Request.InvalidCharacter");
    cleanup_reply struct reply service = stage_call(&stage, "DELETE", A "/name/%3C", NULL);
    CHECK_TEXT(reply_code(&service), "INPUT_INVALID.Request.InvalidCharacter");
}

static void a_listener_password_has_forty_characters_at_most(void)
{
    char body[200];
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    for (int size = 40; size <= 41; size++) {
        snprintf(
            body, sizeof(body),
            "{\"name\":\"QoS\",\"url\":\"http://h/\",\"username\":\"u\",\"password\":\"%0*d\"}",
            size, 0);
        CHECK_INT(post(&stage, A, body), size == 40 ? 200 : 400);
    }
}

static void a_listener_must_not_carry_the_uws_credentials(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_INT(post(&stage, A,
                   "{\"name\":\"QoS\",\"url\":\"http://h/\",\"username\":\"u\",\"password\":"
                   "\"" THINGSPACE_SIMULATOR_PASSWORD "\"}"),
              400);
}

static void a_register_without_name_or_url_cannot_be_deserialised(void)
{
    static const char *const bodies[] = {"{\"url\":\"http://h/\"}", "{\"name\":\"QoS\"}", "[]",
                                         "{\"name\":\"QoS\",\"url\":7}", "{nonsense"};
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    for (size_t i = 0; i < 5; i++) {
        cleanup_reply struct reply reply = stage_call(&stage, "POST", A, bodies[i]);
        CHECK_INT(reply.status, 400);
        CHECK_TEXT(reply_code(&reply), "DeserializationFailed");
    }
}

static void an_empty_register_is_an_undefined_request(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reply = stage_call(&stage, "POST", A, "");
    CHECK_INT(reply.status, 400);
    CHECK_TEXT(reply_code(&reply), "INPUT_INVALID.RequestUndefined");
}

/* The wire of an official client: a type with a body, none without. */
static void get_and_delete_work_without_a_content_type_and_post_does_not(void)
{
    char headers[300];
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    snprintf(headers, sizeof(headers),
             "Accept: application/json\r\nAuthorization: Bearer %s\r\nVZ-M2M-Token: %s\r\n",
             stage.bearer, stage.session);
    CHECK_INT(post(&stage, A, CARRIER), 200);
    cleanup_reply struct reply list = stage_send(&stage, "GET", "/api/m2m/v1" A, headers, NULL);
    CHECK_INT(list.status, 200);
    CHECK(list.body_size > 0);
    cleanup_reply struct reply gone =
        stage_send(&stage, "DELETE", "/api/m2m/v1" A "/name/CarrierService", headers, NULL);
    CHECK_INT(gone.status, 200);
    cleanup_reply struct reply refused =
        stage_send(&stage, "POST", "/api/m2m/v1" A, headers, CARRIER);
    CHECK_INT(refused.status, 400);
    CHECK_TEXT(reply_code(&refused), "DeserializationFailed");
}

static void a_content_type_may_name_a_charset(void)
{
    char headers[300];
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    snprintf(headers, sizeof(headers),
             "content-type: Application/JSON; charset=utf-8\r\nAuthorization: Bearer "
             "%s\r\nVZ-M2M-Token: %s\r\n",
             stage.bearer, stage.session);
    cleanup_reply struct reply reply =
        stage_send(&stage, "POST", "/api/m2m/v1" A, headers, CARRIER);
    CHECK_INT(reply.status, 200);
}

static void any_service_name_can_be_registered(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_INT(post(&stage, A, "{\"name\":\"A New Service\",\"url\":\"http://h/\"}"), 200);
    cleanup_reply struct reply gone =
        stage_call(&stage, "DELETE", A "/name/A%20New%20Service", NULL);
    CHECK_INT(gone.status, 200);
    CHECK_TEXT(reply_member(&gone, "serviceName"), "A New Service");
}

static void an_encoded_slash_belongs_to_the_account(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reply = stage_call(&stage, "POST", "/callbacks/a%2Fb+c", CARRIER);
    CHECK_INT(reply.status, 200);
    CHECK_TEXT(reply_member(&reply, "accountName"), "a/b+c");
}

static void accounts_do_not_share_listeners(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_INT(post(&stage, A, CARRIER), 200);
    cleanup_reply struct reply list = stage_call(&stage, "GET", "/callbacks/123456-00001", NULL);
    CHECK_INT(list.body_size, 0);
}

static void other_operations_are_confirmed_with_a_request_id(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reply =
        stage_call(&stage, "POST", "/devices/actions/activate", "{}");
    CHECK_INT(reply.status, 200);
    CHECK_INT(strlen(reply_member(&reply, "requestId")), 36);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_register_takes_name_and_answers_service_name),
    CHECK_CASE_ONCE(an_empty_list_is_an_empty_body),
    CHECK_CASE_ONCE(a_list_shows_the_password_in_clear),
    CHECK_CASE_ONCE(absent_credentials_are_listed_as_empty_text),
    CHECK_CASE_ONCE(absent_credentials_are_left_out_when_switched_so),
    CHECK_CASE_ONCE(empty_credentials_are_accepted),
    CHECK_CASE_ONCE(a_deregister_confirms_with_both_names),
    CHECK_CASE_ONCE(a_deregister_removes_that_service_alone),
    CHECK_CASE_ONCE(a_second_post_replaces),
    CHECK_CASE_ONCE(a_second_post_is_refused_when_switched_so),
    CHECK_CASE_ONCE(deleting_what_is_absent_is_refused),
    CHECK_CASE_ONCE(deleting_what_is_absent_is_confirmed_when_switched_so),
    CHECK_CASE_ONCE(a_soap_registration_is_unseen_and_blocks_a_register),
    CHECK_CASE_ONCE(an_account_of_somebody_else_is_refused),
    CHECK_CASE_ONCE(a_missing_account_is_not_defined),
    CHECK_CASE_ONCE(quotes_angles_and_backslashes_are_invalid_characters),
    CHECK_CASE_ONCE(a_listener_password_has_forty_characters_at_most),
    CHECK_CASE_ONCE(a_listener_must_not_carry_the_uws_credentials),
    CHECK_CASE_ONCE(a_register_without_name_or_url_cannot_be_deserialised),
    CHECK_CASE_ONCE(an_empty_register_is_an_undefined_request),
    CHECK_CASE_ONCE(get_and_delete_work_without_a_content_type_and_post_does_not),
    CHECK_CASE_ONCE(a_content_type_may_name_a_charset),
    CHECK_CASE_ONCE(any_service_name_can_be_registered),
    CHECK_CASE_ONCE(an_encoded_slash_belongs_to_the_account),
    CHECK_CASE_ONCE(accounts_do_not_share_listeners),
    CHECK_CASE_ONCE(other_operations_are_confirmed_with_a_request_id),
};
CHECK_MAIN(cases)
