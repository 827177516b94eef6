/* SPDX-License-Identifier: MIT */
/* Faults as a client sees them on the wire. */
#include <config.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "check.h"
#include "talk.h"

#define LIST "/callbacks/0000123456-00001"
#define BODY "{\"name\":\"QoS\",\"url\":\"https://h.example.com/\"}"

static bool stage_with(struct stage *stage, const char *fault)
{
    return stage_start(stage, NULL) && stage_enter(stage) &&
           thingspace_simulator_add_fault(stage->simulator, fault, NULL) == THINGSPACE_OK;
}

static bool is_registered(const struct stage *stage)
{
    cleanup_reply struct reply state = stage_send(stage, "GET", "/simulator/state", "", NULL);
    return strstr(state.body, "\"serviceName\":\"QoS\"") != NULL;
}

static void a_status_and_a_header_replace_the_operation_so_often(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "POST /callbacks/* status=503 header=Retry-After:7 times=2"));
    for (int i = 0; i < 2; i++) {
        cleanup_reply struct reply reply = stage_call(&stage, "POST", LIST, BODY);
        CHECK_INT(reply.status, 503);
        CHECK_TEXT(reply_header(&reply, "Retry-After"), "7");
        CHECK_INT(reply.body_size, 0);
    }
    CHECK(!is_registered(&stage));
    cleanup_reply struct reply reply = stage_call(&stage, "POST", LIST, BODY);
    CHECK_INT(reply.status, 200);
}

static void a_body_is_sent_as_it_is_written(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "GET /callbacks/* status=500 body=\"<html>no</html>\""));
    cleanup_reply struct reply reply = stage_call(&stage, "GET", LIST, NULL);
    CHECK_INT(reply.status, 500);
    CHECK_TEXT(reply.body, "<html>no</html>");
    CHECK(strstr(reply_header(&reply, "Content-Type"), "text/html") != NULL);
}

static void a_content_type_of_the_rule_is_the_only_one(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "GET /callbacks/* body=x header=Content-Type:image/png"));
    cleanup_reply struct reply reply = stage_call(&stage, "GET", LIST, NULL);
    CHECK_TEXT(reply_header(&reply, "Content-Type"), "image/png");
    CHECK(strstr(reply.head, "text/plain") == NULL);
}

static void garbage_is_neither_json_nor_utf8(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "GET /callbacks/* garbage"));
    cleanup_reply struct reply reply = stage_call(&stage, "GET", LIST, NULL);
    CHECK_INT(reply.status, 200);
    CHECK(reply.body_size > 0 && (unsigned char)reply.body[0] >= 0x80);
}

static void close_gives_no_answer_and_no_effect(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "POST /callbacks/* close"));
    cleanup_reply struct reply reply = stage_call(&stage, "POST", LIST, BODY);
    CHECK_INT(reply.size, 0);
    CHECK(!is_registered(&stage));
}

static void close_after_loses_the_answer_of_a_register_that_is_done(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "POST /callbacks/* close after"));
    cleanup_reply struct reply reply = stage_call(&stage, "POST", LIST, BODY);
    CHECK_INT(reply.size, 0);
    CHECK(is_registered(&stage));
}

/* The errno with which a request to LIST ends, 0 when it ends well. */
static int end_of_request(const struct stage *stage)
{
    char bytes[500];
    int socket = talk_connect(stage->url);
    snprintf(bytes, sizeof(bytes),
             "POST /api/m2m/v1" LIST " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
             "VZ-M2M-Token: %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
             stage->bearer, stage->session, strlen(BODY), BODY);
    bool sent = send(socket, bytes, strlen(bytes), MSG_NOSIGNAL) == (ssize_t)strlen(bytes);
    int end = sent && recv(socket, bytes, sizeof(bytes), 0) < 0 ? errno : 0;
    close(socket);
    return end;
}

static void a_reset_is_one_before_or_after_the_operation(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "POST /callbacks/* reset times=1"));
    CHECK_INT(end_of_request(&stage), ECONNRESET);
    CHECK(!is_registered(&stage));
    CHECK_OK(
        thingspace_simulator_add_fault(stage.simulator, "POST /callbacks/* reset after", NULL));
    CHECK_INT(end_of_request(&stage), ECONNRESET);
    CHECK(is_registered(&stage));
}

static void the_tokens_of_a_request_end(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "GET /callbacks/* expire=session times=1"));
    cleanup_reply struct reply session = stage_call(&stage, "GET", LIST, NULL);
    CHECK_TEXT(reply_code(&session), "REQUEST_FAILED.SessionToken.Expired");
    CHECK(stage_enter(&stage));
    CHECK_OK(
        thingspace_simulator_add_fault(stage.simulator, "GET /callbacks/* expire=bearer", NULL));
    cleanup_reply struct reply bearer = stage_call(&stage, "GET", LIST, NULL);
    CHECK_INT(bearer.status, 401);
}

static void after_they_end_with_the_request(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "POST /callbacks/* expire=session expire=bearer after"));
    cleanup_reply struct reply done = stage_call(&stage, "POST", LIST, BODY);
    CHECK_INT(done.status, 200);
    cleanup_reply struct reply bearer = stage_call(&stage, "GET", LIST, NULL);
    CHECK_INT(bearer.status, 401);
}

static void the_uses_of_a_rule_are_counted(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "GET /callbacks/* status=503 times=2"));
    CHECK_OK(thingspace_simulator_add_fault(stage.simulator, "GET /callbacks/* close", NULL));
    for (int i = 0; i < 3; i++) {
        cleanup_reply struct reply reply = stage_call(&stage, "GET", LIST, NULL);
    }
    cleanup_reply struct reply state = stage_send(&stage, "GET", "/simulator/state", "", NULL);
    CHECK(strstr(state.body, "\"faultUses\":[2,1]") != NULL);
}

static void a_status_after_hides_the_success(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "POST /callbacks/* status=502 after"));
    cleanup_reply struct reply reply = stage_call(&stage, "POST", LIST, BODY);
    CHECK_INT(reply.status, 502);
    CHECK_INT(reply.body_size, 0);
    CHECK(is_registered(&stage));
}

static void a_login_whose_answer_is_lost_still_counts(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "* /session/login close after"));
    cleanup_reply struct reply reply = stage_login(&stage, THINGSPACE_SIMULATOR_USERNAME, "wrong");
    CHECK_INT(reply.size, 0);
    CHECK_INT(stage_count(&stage, "refusedLogins"), 1);
}

static void a_cut_ends_the_body_before_its_length(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "GET /callbacks/* cut=10"));
    cleanup_reply struct reply post = stage_call(&stage, "POST", LIST, BODY);
    cleanup_reply struct reply reply = stage_call(&stage, "GET", LIST, NULL);
    CHECK_INT(reply.status, 200);
    CHECK_INT(reply.body_size, 10);
    CHECK(atoi(reply_header(&reply, "Content-Length")) > 10);
}

static void a_cut_beyond_the_end_is_still_a_cut(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "GET /callbacks/* body=abc cut=100"));
    cleanup_reply struct reply reply = stage_call(&stage, "GET", LIST, NULL);
    CHECK_TEXT(reply.body, "abc");
    CHECK_TEXT(reply_header(&reply, "Content-Length"), "101");
}

static void a_cut_at_once_sends_the_head_alone(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "GET /callbacks/* body=abc cut=0"));
    cleanup_reply struct reply reply = stage_call(&stage, "GET", LIST, NULL);
    CHECK_INT(reply.status, 200);
    CHECK_INT(reply.body_size, 0);
    CHECK_TEXT(reply_header(&reply, "Content-Length"), "3");
}

static void a_huge_body_comes_in_chunks(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "GET /callbacks/* huge=3000000"));
    cleanup_reply struct reply reply = stage_call(&stage, "GET", LIST, NULL);
    CHECK_TEXT(reply_header(&reply, "Transfer-Encoding"), "chunked");
    CHECK_INT(reply.body_size, 3000000);
    CHECK_INT(strspn(reply.body, "0"), 3000000);
}

static void a_drip_takes_a_second_for_each_portion(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "GET /callbacks/* body=abcde drip=2"));
    int64_t begin = clock_monotonic_ms();
    cleanup_reply struct reply reply = stage_call(&stage, "GET", LIST, NULL);
    CHECK_TEXT(reply.body, "abcde");
    int64_t took = clock_monotonic_ms() - begin;
    CHECK(took >= 1900 && took < 60000);
}

static void a_delay_waits_and_then_does_the_operation(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "POST /callbacks/* delay=300"));
    int64_t begin = clock_monotonic_ms();
    cleanup_reply struct reply reply = stage_call(&stage, "POST", LIST, BODY);
    CHECK_INT(reply.status, 200);
    CHECK(clock_monotonic_ms() - begin >= 300);
}

static void a_delay_holds_up_nobody_else(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "GET /callbacks/slow delay=60000"));
    int slow = talk_connect(stage.url);
    static const char request[] = "GET /api/m2m/v1/callbacks/slow HTTP/1.1\r\nHost: h\r\n\r\n";
    CHECK(write(slow, request, sizeof(request) - 1) == (ssize_t)sizeof(request) - 1);
    int64_t begin = clock_monotonic_ms();
    cleanup_reply struct reply reply = stage_call(&stage, "GET", LIST, NULL);
    CHECK_INT(reply.status, 200);
    CHECK(clock_monotonic_ms() - begin < 50000);
    close(slow);
}

static void a_delay_after_comes_when_the_operation_is_done(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "POST /callbacks/* delay=60000 after"));
    char request[600];
    snprintf(request, sizeof(request),
             "POST /api/m2m/v1" LIST " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
             "%s\r\nVZ-M2M-Token: %s\r\nContent-Type: application/json\r\nContent-Length: "
             "%zu\r\n\r\n" BODY,
             stage.bearer, stage.session, sizeof(BODY) - 1);
    int socket = talk_connect(stage.url);
    CHECK(write(socket, request, strlen(request)) == (ssize_t)strlen(request));
    bool done = false;
    for (int i = 0; i < 3000 && !done; i++) {
        done = is_registered(&stage);
        usleep(10000);
    }
    close(socket);
    CHECK(done);
}

static void a_redirect_names_its_place(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "GET /callbacks/* redirect=http://127.0.0.1:1/x"));
    cleanup_reply struct reply reply = stage_call(&stage, "GET", LIST, NULL);
    CHECK_INT(reply.status, 302);
    CHECK_TEXT(reply_header(&reply, "Location"), "http://127.0.0.1:1/x");
}

static void raw_bytes_are_sent_in_place_of_http(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "GET /callbacks/* raw=\"HTTP/9 what\\r\\n\""));
    cleanup_reply struct reply reply = stage_call(&stage, "GET", LIST, NULL);
    CHECK_TEXT(reply.text, "HTTP/9 what\r\n");
}

static void latency_is_before_every_answer(void)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    cleanup_stage struct stage stage = {0};
    options.latency_ms = 200;
    CHECK(stage_start(&stage, &options));
    int64_t begin = clock_monotonic_ms();
    CHECK(stage_enter(&stage));
    CHECK(clock_monotonic_ms() - begin >= 400);
}

static void control_paths_have_no_faults(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_with(&stage, "* * close"));
    CHECK_INT(stage_control(&stage, "reset", NULL), 204);
    cleanup_reply struct reply token = stage_token(&stage, GRANT);
    CHECK_INT(token.status, 200);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_status_and_a_header_replace_the_operation_so_often),
    CHECK_CASE_ONCE(a_body_is_sent_as_it_is_written),
    CHECK_CASE_ONCE(a_content_type_of_the_rule_is_the_only_one),
    CHECK_CASE_ONCE(garbage_is_neither_json_nor_utf8),
    CHECK_CASE_ONCE(close_gives_no_answer_and_no_effect),
    CHECK_CASE_ONCE(close_after_loses_the_answer_of_a_register_that_is_done),
    CHECK_CASE_ONCE(a_reset_is_one_before_or_after_the_operation),
    CHECK_CASE_ONCE(the_tokens_of_a_request_end),
    CHECK_CASE_ONCE(after_they_end_with_the_request),
    CHECK_CASE_ONCE(the_uses_of_a_rule_are_counted),
    CHECK_CASE_ONCE(a_status_after_hides_the_success),
    CHECK_CASE_ONCE(a_login_whose_answer_is_lost_still_counts),
    CHECK_CASE_ONCE(a_cut_ends_the_body_before_its_length),
    CHECK_CASE_ONCE(a_cut_beyond_the_end_is_still_a_cut),
    CHECK_CASE_ONCE(a_cut_at_once_sends_the_head_alone),
    CHECK_CASE_ONCE(a_huge_body_comes_in_chunks),
    CHECK_CASE_ONCE(a_drip_takes_a_second_for_each_portion),
    CHECK_CASE_ONCE(a_delay_waits_and_then_does_the_operation),
    CHECK_CASE_ONCE(a_delay_holds_up_nobody_else),
    CHECK_CASE_ONCE(a_delay_after_comes_when_the_operation_is_done),
    CHECK_CASE_ONCE(a_redirect_names_its_place),
    CHECK_CASE_ONCE(raw_bytes_are_sent_in_place_of_http),
    CHECK_CASE_ONCE(latency_is_before_every_answer),
    CHECK_CASE_ONCE(control_paths_have_no_faults),
};
CHECK_MAIN(cases)
