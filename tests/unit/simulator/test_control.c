/* SPDX-License-Identifier: MIT */
/* What the stand-in tells of itself and how it is steered: /simulator/ and the C functions. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/json.h"
#include "base/text.h"
#include "check.h"
#include "talk.h"

#define LIST "/callbacks/0000123456-00001"
#define BODY "{\"name\":\"QoS\",\"url\":\"https://h.example.com/\"}"

static json *read_state(const struct stage *stage)
{
    json *tree = NULL;
    cleanup_text char *text = NULL;
    if (thingspace_simulator_state(stage->simulator, &text, NULL) == THINGSPACE_OK)
        json_parse(&tree, text, strlen(text), NULL);
    return tree;
}

static void the_state_counts_tokens_logins_and_requests(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply reply = stage_login(&stage, "demo-user", "wrong");
    CHECK_INT(stage_count(&stage, "tokenRequests"), 1);
    CHECK_INT(stage_count(&stage, "loginRequests"), 2);
    CHECK_INT(stage_count(&stage, "logins"), 1);
    CHECK_INT(stage_count(&stage, "refusedLogins"), 1);
    CHECK_INT(stage_count(&stage, "requestCount"), 3);
}

static void the_state_counts_each_path(void)
{
    long long count;
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    for (int i = 0; i < 3; i++) {
        cleanup_reply struct reply reply = stage_call(&stage, "GET", LIST "?x=1", NULL);
    }
    cleanup_json json *state = read_state(&stage);
    const json *paths = json_get(state, "paths");
    CHECK(json_integer(json_get(paths, "GET /api/m2m/v1" LIST), &count));
    CHECK_INT(count, 3);
}

static void the_last_request_is_kept_whole_and_in_order(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    cleanup_reply struct reply reply = stage_send(
        &stage, "POST", "/api/x?a=b", "X-Second: 2\r\nX-First: 1\r\nX-Second: 3\r\n", "b\xc3\xa4");
    cleanup_json json *state = read_state(&stage);
    const json *last = json_get(state, "lastRequest");
    CHECK_TEXT(json_get_string(last, "method"), "POST");
    CHECK_TEXT(json_get_string(last, "path"), "/api/x");
    CHECK_TEXT(json_get_string(last, "query"), "a=b");
    CHECK_TEXT(json_get_string(last, "body"), "b\xc3\xa4");
    cleanup_buffer buffer headers;
    buffer_init(&headers, 10000);
    CHECK_OK(json_write(&headers, json_get(last, "headers"), JSON_PLAIN));
    CHECK_TEXT(buffer_text(&headers),
               "[[\"Host\",\"localhost\"],[\"Connection\",\"close\"],[\"X-Second\",\"2\"],"
               "[\"X-First\",\"1\"],[\"X-Second\",\"3\"],[\"Content-Length\",\"3\"]]");
}

static void a_body_that_is_not_text_is_kept_in_hex(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    cleanup_reply struct reply reply = stage_send(&stage, "POST", "/api/x", "", "\xff\x01");
    cleanup_json json *state = read_state(&stage);
    CHECK_TEXT(json_get_string(json_get(state, "lastRequest"), "bodyHex"), "ff01");
}

static void the_last_hundred_requests_are_kept(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    for (int i = 0; i < 103; i++) {
        cleanup_reply struct reply reply =
            stage_send(&stage, "GET", i < 3 ? "/early" : "/late", "", NULL);
    }
    cleanup_json json *state = read_state(&stage);
    const json *requests = json_get(state, "requests");
    CHECK_INT(json_count(requests), 100);
    CHECK_TEXT(json_get_string(json_first(requests), "path"), "/late");
    CHECK_INT(stage_count(&stage, "requestCount"), 103);
}

static void looking_at_the_state_counts_as_nothing(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK_INT(stage_count(&stage, "requestCount"), 0);
    CHECK_INT(stage_count(&stage, "requestCount"), 0);
}

static void faults_can_be_added_and_removed_over_http(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK_INT(stage_control(&stage, "faults", "* /one status=418\n* /two status=420"), 204);
    cleanup_reply struct reply two = stage_send(&stage, "GET", "/two", "", NULL);
    CHECK_INT(two.status, 420);
    cleanup_reply struct reply gone = stage_send(&stage, "DELETE", "/simulator/faults", "", NULL);
    CHECK_INT(gone.status, 204);
    cleanup_reply struct reply one = stage_send(&stage, "GET", "/one", "", NULL);
    CHECK_INT(one.status, 404);
}

static void a_bad_rule_is_answered_with_the_reason(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    cleanup_reply struct reply reply =
        stage_send(&stage, "POST", "/simulator/faults", "", "* /x nonsense");
    CHECK_INT(reply.status, 400);
    CHECK(strstr(reply.body, "unknown word \"nonsense\"") != NULL);
}

static void listeners_can_be_put_in_over_http(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_INT(stage_control(&stage, "listeners",
                            "[{\"accountName\":\"0000123456-00001\",\"serviceName\":\"QoS\","
                            "\"url\":\"http://h/\"}]"),
              204);
    cleanup_reply struct reply list = stage_call(&stage, "GET", LIST, NULL);
    CHECK(strstr(list.body, "\"serviceName\":\"QoS\"") != NULL);
    CHECK_INT(stage_control(&stage, "listeners", "[{}]"), 400);
    CHECK_INT(stage_control(&stage, "listeners", "{}"), 400);
    CHECK_INT(stage_control(&stage, "listeners", "no"), 400);
}

static void a_state_can_be_loaded_into_another(void)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    cleanup_stage struct stage first = {0};
    CHECK(stage_start(&first, NULL));
    CHECK(stage_enter(&first));
    cleanup_reply struct reply post = stage_call(&first, "POST", LIST, BODY);
    cleanup_text char *state = NULL;
    CHECK_OK(thingspace_simulator_state(first.simulator, &state, NULL));
    cleanup_stage struct stage second = {0};
    options.state = state;
    CHECK(stage_start(&second, &options));
    CHECK(stage_enter(&second));
    cleanup_reply struct reply list = stage_call(&second, "GET", LIST, NULL);
    CHECK(strstr(list.body, "\"url\":\"https://h.example.com/\"") != NULL);
}

static void a_reset_forgets_all_but_the_credentials(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply post = stage_call(&stage, "POST", LIST, BODY);
    for (int i = 0; i < 5; i++) {
        cleanup_reply struct reply wrong = stage_login(&stage, "demo-user", "wrong");
    }
    CHECK_INT(stage_control(&stage, "reset", NULL), 204);
    CHECK_INT(stage_count(&stage, "requestCount"), 0);
    cleanup_reply struct reply old = stage_call(&stage, "GET", LIST, NULL);
    CHECK_TEXT(reply_member(&old, "code"), "900901");
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply list = stage_call(&stage, "GET", LIST, NULL);
    CHECK_INT(list.status, 200);
    CHECK_INT(list.body_size, 0);
}

static void controls_with_wrong_words_are_refused(void)
{
    static const char *const paths[] = {"expire",
                                        "expire?what=x",
                                        "advance",
                                        "advance?seconds=-1",
                                        "advance?seconds=999999999",
                                        "expire?what=%zz"};
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    for (size_t i = 0; i < 6; i++)
        CHECK_INT(stage_control(&stage, paths[i], NULL), 400);
    CHECK_INT(stage_control(&stage, "other", NULL), 404);
}

static void a_credential_can_be_replaced(void)
{
    cleanup_stage struct stage stage = {0};
    static const char *const none[] = {NULL};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_OK(thingspace_simulator_add_credential(stage.simulator, NULL, NULL, "demo-user", "new",
                                                 none, NULL));
    cleanup_reply struct reply list = stage_call(&stage, "GET", LIST, NULL);
    CHECK_TEXT(reply_code(&list), "REQUEST_FAILED.AccountName");
    cleanup_reply struct reply old = stage_login(&stage, "demo-user", "demo-password");
    CHECK_INT(old.status, 400);
    cleanup_reply struct reply fresh = stage_login(&stage, "demo-user", "new");
    CHECK_INT(fresh.status, 200);
}

static void credentials_can_be_added_over_http(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK_INT(stage_control(&stage, "credentials",
                            "[{\"username\":\"north\",\"password\":\"n\",\"accounts\":[\"N-*\"]},"
                            "{\"key\":\"k\",\"secret\":\"s\"}]"),
              204);
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply login = stage_login(&stage, "north", "n");
    CHECK_INT(login.status, 200);
    snprintf(stage.session, sizeof(stage.session), "%s", reply_member(&login, "sessionToken"));
    cleanup_reply struct reply own = stage_call(&stage, "GET", "/callbacks/N-1", NULL);
    CHECK_INT(own.status, 200);
    cleanup_reply struct reply other = stage_call(&stage, "GET", "/callbacks/S-1", NULL);
    CHECK_TEXT(reply_code(&other), "REQUEST_FAILED.AccountName");
    CHECK_INT(stage_control(&stage, "credentials", "[{\"key\":\"half\"}]"), 400);
    CHECK_INT(stage_control(&stage, "credentials", "{}"), 400);
}

static void the_listeners_alone_are_one_document(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK_INT(
        stage_control(&stage, "listeners",
                      "[{\"accountName\":\"A\",\"serviceName\":\"QoS\",\"url\":\"https://h/\"}]"),
        204);
    cleanup_reply struct reply reply = stage_send(&stage, "GET", "/simulator/listeners", "", NULL);
    CHECK_TEXT(reply.body, "{\"listeners\":[{\"accountName\":\"A\",\"serviceName\":\"QoS\","
                           "\"url\":\"https://h/\",\"username\":\"\",\"password\":\"\"}]}");
}

static void half_a_credential_is_refused(void)
{
    cleanup_stage struct stage stage = {0};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK(stage_start(&stage, NULL));
    CHECK_STATUS(
        thingspace_simulator_add_credential(stage.simulator, "key", NULL, NULL, NULL, NULL, &error),
        THINGSPACE_USAGE);
    CHECK(strstr(error.message, "both") != NULL);
}

static void a_listener_without_a_url_is_refused(void)
{
    cleanup_stage struct stage stage = {0};
    thingspace_simulator_listener listener = THINGSPACE_SIMULATOR_LISTENER_INIT;
    listener.account = "1";
    listener.service = "QoS";
    CHECK(stage_start(&stage, NULL));
    CHECK_STATUS(thingspace_simulator_add_listener(stage.simulator, &listener, NULL),
                 THINGSPACE_USAGE);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(the_state_counts_tokens_logins_and_requests),
    CHECK_CASE_ONCE(the_state_counts_each_path),
    CHECK_CASE_ONCE(the_last_request_is_kept_whole_and_in_order),
    CHECK_CASE_ONCE(a_body_that_is_not_text_is_kept_in_hex),
    CHECK_CASE_ONCE(the_last_hundred_requests_are_kept),
    CHECK_CASE_ONCE(looking_at_the_state_counts_as_nothing),
    CHECK_CASE_ONCE(faults_can_be_added_and_removed_over_http),
    CHECK_CASE_ONCE(a_bad_rule_is_answered_with_the_reason),
    CHECK_CASE_ONCE(listeners_can_be_put_in_over_http),
    CHECK_CASE_ONCE(a_state_can_be_loaded_into_another),
    CHECK_CASE_ONCE(a_reset_forgets_all_but_the_credentials),
    CHECK_CASE_ONCE(controls_with_wrong_words_are_refused),
    CHECK_CASE_ONCE(a_credential_can_be_replaced),
    CHECK_CASE_ONCE(credentials_can_be_added_over_http),
    CHECK_CASE_ONCE(the_listeners_alone_are_one_document),
    CHECK_CASE_ONCE(half_a_credential_is_refused),
    CHECK_CASE_ONCE(a_listener_without_a_url_is_refused),
};
CHECK_MAIN(cases)
