/* SPDX-License-Identifier: MIT */
/* The transport against a real peer: what is sent, many at
 * once, timers, the log. Every test runs with both drivers. */
#include "check.h"
#include <stdio.h>
#include "base/clock.h"
#include "ask.h"

static void an_answer_arrives_whole_with(bool foreign)
{
    outcome out = ask_peer(foreign, GOOD);
    CHECK_OK(out.status);
    CHECK_INT(out.http_status, 200);
    CHECK_TEXT(out.body, "ok");
    CHECK_TEXT(out.header, "yes");
    CHECK(out.sent && out.answered);
}
BOTH(an_answer_arrives_whole)

static void method_fields_and_body_are_sent_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(ask_answer, (void *)(size_t)GOOD);
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    headers fields, tokens;
    headers_init(&fields);
    headers_init(&tokens);
    cleanup_secret thingspace_secret *secret = NULL;
    thingspace_secret_new(&secret, "t0ken", 5, NULL);
    headers_set(&fields, "X-Empty", "", NULL);
    headers_set(&fields, "Content-Type", "text/x", NULL);
    headers_set_secret(&tokens, "Authorization", "Bearer ", secret, NULL);
    exchange_request request = ask_get(peer_url(there, NULL, "/a/../b?q=1"));
    request.method = "PUT";
    request.fields = &fields;
    request.tokens = &tokens;
    request.body = "hello";
    request.body_size = 5;
    outcome out = ask_on(self, &request);
    headers_dispose(&fields);
    headers_dispose(&tokens);
    CHECK_OK(out.status);
    const char *sent = peer_last_request(there);
    CHECK(strstr(sent, "PUT /a/../b?q=1 HTTP/1.1\r\n") == sent);
    CHECK(strstr(sent, "\r\nX-Empty:\r\n") != NULL);
    CHECK(strstr(sent, "\r\nContent-Type: text/x\r\n") != NULL);
    CHECK(strstr(sent, "\r\nAuthorization: Bearer t0ken\r\n") != NULL);
    CHECK(strstr(sent, "\r\nUser-Agent: libthingspace/") != NULL);
    CHECK(strstr(sent, "\r\nAccept-Encoding:") == NULL);
    CHECK(strstr(sent, "\r\nContent-Length: 5\r\n") != NULL);
    CHECK(strstr(sent, "\r\n\r\nhello") != NULL);
}
BOTH(method_fields_and_body_are_sent)

static void a_handle_forgets_the_request_before_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(ask_answer, (void *)(size_t)GOOD);
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    exchange_request request = ask_get(peer_url(there, NULL, "/"));
    request.method = "POST";
    request.body = "secret";
    request.body_size = 6;
    CHECK_OK(ask_on(self, &request).status);
    CHECK(strncmp(peer_last_request(there), "POST / ", 7) == 0);
    static const char *const methods[] = {"GET", "DELETE", "POST", "GET", "PATCH", "DELETE"};
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        request = ask_get(peer_url(there, NULL, "/"));
        request.method = methods[i];
        CHECK_OK(ask_on(self, &request).status);
        const char *sent = peer_last_request(there);
        CHECK(strncmp(sent, methods[i], strlen(methods[i])) == 0);
        CHECK(strstr(sent, "secret") == NULL);
        CHECK((strstr(sent, "Content-Length: 0") != NULL) == (methods[i][0] == 'P'));
        CHECK(strstr(sent, "Content-Type") == NULL);
    }
    CHECK_INT(peer_connections(there), 1);
}
BOTH(a_handle_forgets_the_request_before)

static void a_fresh_connection_is_made_when_asked_for_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(ask_answer, (void *)(size_t)GOOD);
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    exchange_request request = ask_get(peer_url(there, NULL, "/"));
    CHECK_OK(ask_on(self, &request).status);
    request.fresh_connection = true;
    CHECK_OK(ask_on(self, &request).status);
    CHECK_INT(peer_connections(there), 2);
    request.fresh_connection = false;
    CHECK_OK(ask_on(self, &request).status);
    CHECK_INT(peer_connections(there), 2);
}
BOTH(a_fresh_connection_is_made_when_asked_for)

static void interim_answers_are_skipped_with(bool foreign)
{
    outcome out = ask_peer(foreign, "HTTP/1.1 103 Early Hints\r\nX-Test: early\r\n\r\n" GOOD);
    CHECK_OK(out.status);
    CHECK_INT(out.http_status, 200);
    CHECK_TEXT(out.header, "yes");
}
BOTH(interim_answers_are_skipped)

static void many_exchanges_run_at_once_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(ask_answer_late, (void *)(size_t)GOOD);
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    outcome out = {0};
    exchange *started, *last = NULL;
    exchange_request request = ask_get(peer_url(there, NULL, "/"));
    int64_t begin = clock_monotonic_ms();
    for (int i = 0; i < 32; i++) {
        CHECK_OK(transport_send(self, &started, &request, ask_keep, &out, NULL));
        last = started;
    }
    transport_cancel(last);
    ask_run_until(self, &out, 31);
    CHECK_INT(out.calls, 31);
    CHECK_OK(out.status);
    CHECK(clock_monotonic_ms() - begin < 31 * 400);
    CHECK_OK(transport_run(self, 0, NULL));
    CHECK_INT(out.calls, 31);
}
BOTH(many_exchanges_run_at_once)

typedef struct chain {
    transport *owner;
    exchange_request request;
    int left;
    outcome last;
} chain;

static void send_next(exchange_result *result, void *user)
{
    chain *self = user;
    ask_keep(result, &self->last);
    exchange *started;
    if (self->left-- > 0)
        transport_send(self->owner, &started, &self->request, send_next, self, NULL);
}

static void a_callback_may_send_again_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(ask_answer, (void *)(size_t)GOOD);
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    chain one = {.owner = self, .request = ask_get(peer_url(there, NULL, "/")), .left = 50};
    exchange *started;
    CHECK_OK(transport_send(self, &started, &one.request, send_next, &one, NULL));
    ask_run_until(self, &one.last, 51);
    CHECK_INT(one.last.calls, 51);
    CHECK_OK(one.last.status);
    CHECK_INT(peer_connections(there), 1);
}
BOTH(a_callback_may_send_again)

static void exchanges_in_flight_end_silently_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(ask_answer_late, (void *)(size_t)GOOD);
    outcome out = {0};
    {
        cleanup_transport transport *self = ask_transport(foreign, NULL);
        exchange *started;
        exchange_request request = ask_get(peer_url(there, NULL, "/"));
        CHECK_OK(transport_send(self, &started, &request, ask_keep, &out, NULL));
        transport_run(self, 10, NULL);
    }
    CHECK_INT(out.calls, 0);
}
BOTH(exchanges_in_flight_end_silently)

static void a_dead_kept_connection_is_replaced_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(ask_answer_and_close, (void *)(size_t)GOOD);
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    exchange_request request = ask_get(peer_url(there, NULL, "/"));
    for (int i = 0; i < 3; i++) {
        CHECK_OK(ask_on(self, &request).status);
        transport_run(self, 20, NULL);
    }
    CHECK_INT(peer_connections(there), 3);
}
BOTH(a_dead_kept_connection_is_replaced)

static void fire(timer *fired, void *user)
{
    (void)fired;
    ++*(int *)user;
}

static void timers_run_with_the_loop_with(bool foreign)
{
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    int fired = 0;
    timer one;
    timer_init(&one, fire, &fired);
    timers_start(transport_timers(self), &one, clock_monotonic_ms() + 50);
    transport_wake(self);
    int64_t begin = clock_monotonic_ms();
    while (fired == 0 && clock_monotonic_ms() - begin < 60000)
        CHECK_OK(transport_run(self, 30000, NULL));
    CHECK_INT(fired, 1);
    CHECK(clock_monotonic_ms() - begin < 25000);
}
BOTH(timers_run_with_the_loop)

typedef struct lines {
    char text[400];
} lines;

static void keep_line(void *user, thingspace_log_level level, const char *line)
{
    lines *self = user;
    if (level == THINGSPACE_LOG_DEBUG)
        snprintf(self->text, sizeof(self->text), "%s", line);
}

static void the_log_has_no_query_with(bool foreign)
{
    lines seen = {""};
    log_target log = {keep_line, &seen, THINGSPACE_LOG_DEBUG};
    transport_options options = {.log = &log};
    cleanup_peer peer *there = peer_new(ask_answer, (void *)(size_t)GOOD);
    cleanup_transport transport *self = ask_transport(foreign, &options);
    exchange_request request = ask_get(peer_url(there, NULL, "/path?key=hidden"));
    CHECK_OK(ask_on(self, &request).status);
    CHECK(strstr(seen.text, "GET http://127.0.0.1:") == seen.text);
    CHECK(strstr(seen.text, "/path: 200, ") != NULL);
    CHECK(strstr(seen.text, "hidden") == NULL);
}
BOTH(the_log_has_no_query)

/* Of a URL that differs in its path alone, only that is set anew. */
static void each_path_of_a_host_is_sent_as_it_is(void)
{
    static const char *const paths[] = {"/a",        "/b/c",    "/d%2Fe%2f", "/f",
                                        "/g?x=1%2B", "/h",      "/../i/./",  "//j",
                                        "/k|l",      "/m?n=/o", "/p:80@q/r"};
    cleanup_peer peer *peer = peer_new(ask_answer, (void *)GOOD);
    cleanup_transport transport *transport = ask_transport(false, NULL);
    char line[64];
    CHECK(peer && transport);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        exchange_request request = ask_get(peer_url(peer, NULL, paths[i]));
        outcome out = ask_on(transport, &request);
        CHECK_STATUS(out.status, THINGSPACE_OK);
        snprintf(line, sizeof(line), "GET %s HTTP/1.1\r\n", paths[i]);
        CHECK(strncmp(peer_last_request(peer), line, strlen(line)) == 0);
    }
    CHECK_INT(peer_connections(peer), 1);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(each_path_of_a_host_is_sent_as_it_is),
    CHECK_CASE_ONCE(an_answer_arrives_whole),
    CHECK_CASE_ONCE(method_fields_and_body_are_sent),
    CHECK_CASE_ONCE(a_handle_forgets_the_request_before),
    CHECK_CASE_ONCE(a_fresh_connection_is_made_when_asked_for),
    CHECK_CASE_ONCE(interim_answers_are_skipped),
    CHECK_CASE_ONCE(many_exchanges_run_at_once),
    CHECK_CASE_ONCE(a_callback_may_send_again),
    CHECK_CASE_ONCE(exchanges_in_flight_end_silently),
    CHECK_CASE_ONCE(a_dead_kept_connection_is_replaced),
    CHECK_CASE_ONCE(timers_run_with_the_loop),
    CHECK_CASE_ONCE(the_log_has_no_query),
};

CHECK_MAIN(cases)
