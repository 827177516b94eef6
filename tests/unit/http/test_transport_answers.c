/* SPDX-License-Identifier: MIT */
/* Answers that are too large, too slow, broken or missing. Every test runs with both drivers. */
#include "check.h"
#include <stdio.h>
#include <unistd.h>
#include "base/clock.h"
#include "http/transport_internal.h"
#include "ask.h"

static void a_redirect_is_handed_up_and_not_followed_with(bool foreign)
{
    static const int codes[] = {301, 302, 307, 308};
    for (size_t i = 0; i < 4; i++) {
        cleanup_peer peer *other = peer_new(ask_answer, (void *)(size_t)GOOD);
        char text[300];
        snprintf(text, sizeof(text),
                 "HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", codes[i],
                 peer_url(other, NULL, "/"));
        outcome out = ask_peer(foreign, text);
        CHECK_OK(out.status);
        CHECK_INT(out.http_status, codes[i]);
        CHECK_INT(peer_connections(other), 0);
    }
}
BOTH(a_redirect_is_handed_up_and_not_followed)

static bool answer_chunks_without_end(int socket, const char *request, void *user)
{
    (void)request, (void)user;
    static char chunk[65536 + 9];
    memcpy(chunk, "10000\r\n", 7);
    memset(chunk + 7, 'x', 65536);
    memcpy(chunk + 7 + 65536, "\r\n", 2);
    if (!peer_write_text(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
        return false;
    for (int i = 0; i < 32768; i++) /* 2 GiB */
        if (!peer_write(socket, chunk, sizeof(chunk)))
            return false;
    return true;
}

static bool answer_long_header(int socket, const char *request, void *user)
{
    (void)request;
    const char *piece = user;
    peer_write_text(socket, "HTTP/1.1 200 OK\r\n");
    for (size_t sent = 0; sent < 10 * 1024 * 1024; sent += strlen(piece))
        if (!peer_write_text(socket, piece))
            return false;
    return false;
}

static bool answer_many_headers(int socket, const char *request, void *user)
{
    (void)request, (void)user;
    peer_write_text(socket, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 100000; i++)
        if (!peer_write_text(socket, "a: b\r\n"))
            return false;
    return false;
}

static void oversized_answers_end_at_their_cap_with(bool foreign)
{
    static char line[2000], piece[1000];
    memset(line, 'h', sizeof(line) - 1);
    memcpy(line, "X-Long: ", 8);
    memcpy(line + sizeof(line) - 3, "\r\n", 2);
    memset(piece, 'h', sizeof(piece) - 1);
    const struct {
        peer_answer *answer;
        const char *text, *cap;
    } rows[] = {{answer_chunks_without_end, NULL, "more than 8388608 bytes of body"},
                {answer_long_header, line, "more than 65536 bytes of header"},
                {answer_long_header, piece, NULL},
                {answer_many_headers, NULL, "more than 256 header fields"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_peer peer *there = peer_new(rows[i].answer, (void *)(size_t)rows[i].text);
        cleanup_transport transport *self = ask_transport(foreign, NULL);
        exchange_request request = ask_get(peer_url(there, NULL, "/"));
        outcome out = ask_on(self, &request);
        CHECK_STATUS(out.status, THINGSPACE_PROTOCOL);
        if (rows[i].cap)
            CHECK(strstr(out.error.message, rows[i].cap) != NULL);
    }
}
BOTH(oversized_answers_end_at_their_cap)

static void a_body_of_exactly_the_limit_is_read_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(ask_answer, (void *)(size_t)GOOD);
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    exchange_request request = ask_get(peer_url(there, NULL, "/"));
    request.body_limit = 2;
    CHECK_OK(ask_on(self, &request).status);
    request.body_limit = 1;
    CHECK_STATUS(ask_on(self, &request).status, THINGSPACE_PROTOCOL);
}
BOTH(a_body_of_exactly_the_limit_is_read)

static void compression_is_refused_with(bool foreign)
{
    static const char *const fields[] = {"Content-Encoding: gzip", "content-encoding:br",
                                         "Content-Encoding: identity, gzip"};
    for (size_t i = 0; i < 3; i++) {
        char text[200];
        snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 2\r\n\r\nxx",
                 fields[i]);
        outcome out = ask_peer(foreign, text);
        CHECK_STATUS(out.status, THINGSPACE_PROTOCOL);
        CHECK(strstr(out.error.message, "compressed although not asked for") != NULL);
        CHECK(out.answered);
    }
    outcome out = ask_peer(
        foreign, "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 0\r\n\r\n");
    CHECK_OK(out.status);
}
BOTH(compression_is_refused)

static bool answer_drop_by_drop(int socket, const char *request, void *user)
{
    (void)request, (void)user;
    peer_write_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 400; i++, usleep(50000))
        if (!peer_write(socket, "x", 1))
            return false;
    return false;
}

static void an_answer_drop_by_drop_is_too_slow_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(answer_drop_by_drop, NULL);
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    transport_set_slow_window(self, 200);
    exchange_request request = ask_get(peer_url(there, NULL, "/"));
    outcome out = ask_on(self, &request);
    CHECK_STATUS(out.status, THINGSPACE_TIMEOUT);
    CHECK(strstr(out.error.message, "answer too slow") != NULL);
    CHECK(out.sent && out.answered);
}
BOTH(an_answer_drop_by_drop_is_too_slow)

static void thinking_is_not_slow_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(ask_answer_late, (void *)(size_t)GOOD);
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    transport_set_slow_window(self, 100);
    exchange_request request = ask_get(peer_url(there, NULL, "/"));
    CHECK_OK(ask_on(self, &request).status);
}
BOTH(thinking_is_not_slow)

static void the_deadline_holds_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(answer_drop_by_drop, NULL);
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    exchange_request request = ask_get(peer_url(there, NULL, "/"));
    int64_t begin = clock_monotonic_ms();
    request.deadline_ms = begin + 1500;
    outcome out = ask_on(self, &request);
    CHECK_STATUS(out.status, THINGSPACE_TIMEOUT);
    CHECK(out.sent);
    CHECK(clock_monotonic_ms() - begin >= 1500 && clock_monotonic_ms() - begin < 60000);
    request.deadline_ms = begin;
    CHECK_STATUS(ask_on(self, &request).status, THINGSPACE_TIMEOUT);
    CHECK_INT(peer_requests(there), 1);
}
BOTH(the_deadline_holds)

static void a_refused_connection_sent_nothing_with(bool foreign)
{
    peer *gone = peer_new(ask_answer, (void *)(size_t)GOOD);
    exchange_request request = ask_get(peer_url(gone, NULL, "/"));
    peer_free(gone);
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    outcome out = ask_on(self, &request);
    CHECK_STATUS(out.status, THINGSPACE_NETWORK);
    CHECK(!out.sent && !out.answered);
    CHECK(strstr(out.error.message, "refused") != NULL);
}
BOTH(a_refused_connection_sent_nothing)

static void a_broken_answer_may_have_been_acted_on_with(bool foreign)
{
    outcome out = ask_peer(foreign, "");
    CHECK_STATUS(out.status, THINGSPACE_NETWORK);
    CHECK(out.sent && !out.answered);
    out = ask_peer(foreign, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    CHECK_STATUS(out.status, THINGSPACE_NETWORK);
    CHECK(out.sent && out.answered);
    out = ask_peer(foreign, "SSH-2.0-OpenSSH\r\n");
    CHECK_STATUS(out.status, THINGSPACE_PROTOCOL);
}
BOTH(a_broken_answer_may_have_been_acted_on)

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_redirect_is_handed_up_and_not_followed),
    CHECK_CASE_ONCE(oversized_answers_end_at_their_cap),
    CHECK_CASE_ONCE(a_body_of_exactly_the_limit_is_read),
    CHECK_CASE_ONCE(compression_is_refused),
    CHECK_CASE_ONCE(an_answer_drop_by_drop_is_too_slow),
    CHECK_CASE_ONCE(thinking_is_not_slow),
    CHECK_CASE_ONCE(the_deadline_holds),
    CHECK_CASE_ONCE(a_refused_connection_sent_nothing),
    CHECK_CASE_ONCE(a_broken_answer_may_have_been_acted_on),
};

CHECK_MAIN(cases)
