/* SPDX-License-Identifier: MIT */
/* Starting, stopping, and many connections at once. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "check.h"
#include "talk.h"

#define CONNECTIONS 256

static void it_listens_on_loopback_at_a_free_port(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(strncmp(stage.url, "http://127.0.0.1:", 17) == 0);
    CHECK(atoi(stage.url + 17) > 0);
}

static void several_run_in_one_process_and_share_nothing(void)
{
    cleanup_stage struct stage first = {0};
    cleanup_stage struct stage second = {0};
    CHECK(stage_start(&first, NULL));
    CHECK(stage_start(&second, NULL));
    CHECK(strcmp(first.url, second.url) != 0);
    CHECK(stage_enter(&first));
    snprintf(second.bearer, sizeof(second.bearer), "%s", first.bearer);
    cleanup_reply struct reply reply = stage_call(&second, "GET", "/callbacks/1", NULL);
    CHECK_TEXT(reply_member(&reply, "code"), "900901");
    CHECK_INT(stage_count(&second, "tokenRequests"), 0);
}

static void a_port_that_is_taken_is_a_local_error(void)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_simulator *none = NULL;
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    options.port = atoi(strrchr(stage.url, ':') + 1);
    CHECK_STATUS(thingspace_simulator_start(&none, &options, &error), THINGSPACE_LOCAL);
    CHECK(none == NULL);
    CHECK(strstr(error.message, "choose another port") != NULL);
}

static void options_that_cannot_be_meant_are_refused(void)
{
    thingspace_simulator_options good = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    thingspace_simulator_options rows[8];
    static const char *const rule[] = {"nonsense", NULL};
    for (size_t i = 0; i < 8; i++)
        rows[i] = good;
    rows[0].host = "0.0.0.0";
    rows[1].host = "example.com";
    rows[2].port = 70000;
    rows[3].bearer_seconds = -1;
    rows[4].dead_session_status = 200;
    rows[5].key = "alone";
    rows[6].faults = rule;
    rows[7].state = "{nonsense";
    for (size_t i = 0; i < 8; i++) {
        thingspace_simulator *none = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_STATUS(thingspace_simulator_start(&none, &rows[i], &error), THINGSPACE_USAGE);
        CHECK(none == NULL);
        CHECK(error.message[0] != '\0');
    }
}

static void remote_addresses_need_a_word(void)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    cleanup_stage struct stage stage = {0};
    options.host = "0.0.0.0";
    options.allow_remote = 1;
    CHECK(stage_start(&stage, &options));
    CHECK(strncmp(stage.url, "http://0.0.0.0:", 15) == 0);
}

static void options_of_an_older_size_are_understood(void)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    cleanup_stage struct stage stage = {0};
    options.size = offsetof(thingspace_simulator_options, latency_ms);
    options.latency_ms = -7;
    CHECK(stage_start(&stage, &options));
}

static void a_connection_serves_several_requests(void)
{
    static const char requests[] = "GET /one HTTP/1.1\r\nHost: h\r\n\r\nGET /two HTTP/1.1\r\n"
                                   "Host: h\r\nConnection: close\r\n\r\n";
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    cleanup_reply struct reply reply = talk_bytes(stage.url, requests);
    CHECK_INT(reply.status, 404);
    CHECK(strstr(reply.body, "HTTP/1.1 404") != NULL);
    CHECK_INT(stage_count(&stage, "requestCount"), 2);
}

static void it_copes_with_256_connections_at_once(void)
{
    static const char head[] = "GET /elsewhere HTTP/1.1\r\nHost: h\r\nConnection: close\r\n";
    int sockets[CONNECTIONS];
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    for (int i = 0; i < CONNECTIONS; i++) {
        sockets[i] = talk_connect(stage.url);
        CHECK(sockets[i] >= 0);
        CHECK(send(sockets[i], head, sizeof(head) - 1, MSG_NOSIGNAL) == sizeof(head) - 1);
    }
    int answered = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
        CHECK(send(sockets[i], "\r\n", 2, MSG_NOSIGNAL) == 2);
        cleanup_reply struct reply reply = talk_read(sockets[i]);
        answered += reply.status == 404;
    }
    CHECK_INT(answered, CONNECTIONS);
}

static void delays_of_256_connections_run_side_by_side(void)
{
    static const char request[] = "GET /elsewhere HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    int sockets[CONNECTIONS];
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK_OK(thingspace_simulator_add_fault(stage.simulator, "* * delay=500", NULL));
    int64_t begin = clock_monotonic_ms();
    for (int i = 0; i < CONNECTIONS; i++) {
        sockets[i] = talk_connect(stage.url);
        CHECK(send(sockets[i], request, sizeof(request) - 1, MSG_NOSIGNAL) == sizeof(request) - 1);
    }
    int answered = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
        cleanup_reply struct reply reply = talk_read(sockets[i]);
        answered += reply.status == 404;
    }
    CHECK_INT(answered, CONNECTIONS);
    CHECK(clock_monotonic_ms() - begin < 100000);
}

static void a_stop_does_not_wait_for_delays_and_drips(void)
{
    static const char slow[] = "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n";
    static const char drop[] = "GET /drop HTTP/1.1\r\nHost: h\r\n\r\n";
    char byte;
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK_INT(stage_control(&stage, "faults", "* /slow delay=80000\n* /drop drip=1"), 204);
    int first = talk_connect(stage.url);
    int second = talk_connect(stage.url);
    CHECK(send(first, slow, sizeof(slow) - 1, MSG_NOSIGNAL) == sizeof(slow) - 1);
    CHECK(send(second, drop, sizeof(drop) - 1, MSG_NOSIGNAL) == sizeof(drop) - 1);
    CHECK(recv(second, &byte, 1, 0) == 1);
    int64_t begin = clock_monotonic_ms();
    stage_dispose(&stage);
    close(first);
    close(second);
    CHECK(clock_monotonic_ms() - begin < 50000);
}

static void a_client_that_leaves_during_a_delay_does_no_harm(void)
{
    static const char request[] = "GET /elsewhere HTTP/1.1\r\nHost: h\r\n\r\n";
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK_OK(thingspace_simulator_add_fault(stage.simulator, "* * delay=100", NULL));
    int socket = talk_connect(stage.url);
    CHECK(send(socket, request, sizeof(request) - 1, MSG_NOSIGNAL) == sizeof(request) - 1);
    close(socket);
    usleep(300000);
    cleanup_reply struct reply reply = stage_send(&stage, "GET", "/elsewhere", "", NULL);
    CHECK_INT(reply.status, 404);
}

static void a_body_beyond_the_limit_closes_the_connection(void)
{
    size_t size = 2 * 1024 * 1024;
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    char *body = malloc(size + 1);
    CHECK(body != NULL);
    memset(body, 'x', size);
    body[size] = '\0';
    cleanup_reply struct reply reply = stage_send(&stage, "POST", "/api/x", "", body);
    free(body);
    CHECK_INT(reply.status, 0);
    CHECK_INT(stage_count(&stage, "requestCount"), 0);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(it_listens_on_loopback_at_a_free_port),
    CHECK_CASE_ONCE(several_run_in_one_process_and_share_nothing),
    CHECK_CASE_ONCE(a_port_that_is_taken_is_a_local_error),
    CHECK_CASE_ONCE(options_that_cannot_be_meant_are_refused),
    CHECK_CASE_ONCE(remote_addresses_need_a_word),
    CHECK_CASE_ONCE(options_of_an_older_size_are_understood),
    CHECK_CASE_ONCE(a_connection_serves_several_requests),
    CHECK_CASE_ONCE(it_copes_with_256_connections_at_once),
    CHECK_CASE_ONCE(delays_of_256_connections_run_side_by_side),
    CHECK_CASE_ONCE(a_stop_does_not_wait_for_delays_and_drips),
    CHECK_CASE_ONCE(a_client_that_leaves_during_a_delay_does_no_harm),
    CHECK_CASE_ONCE(a_body_beyond_the_limit_closes_the_connection),
};
CHECK_MAIN(cases)
