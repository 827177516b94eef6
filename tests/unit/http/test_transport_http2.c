/* SPDX-License-Identifier: MIT */
/* HTTP/2, where TLS offers it: answers, and what becomes of a request whose stream the peer ends.
 * Every test runs with both drivers. */
#include "check.h"
#include <stdlib.h>
#include "ask.h"

/* Frames: length, type, flags, stream. The server's settings and its word that it has read ours. */
#define SETTINGS                                                                                   \
    "\0\0\0\4\0\0\0\0\0"                                                                           \
    "\0\0\0\4\1\0\0\0\0"
/* :status 200 and "x-test: yes", in HPACK without an index; "ok", the end. */
#define ANSWER                                                                                     \
    "\0\0\x0d\1\4\0\0\0\1"                                                                         \
    "\x88\0\6"                                                                                     \
    "x-test"                                                                                       \
    "\3"                                                                                           \
    "yes"                                                                                          \
    "\0\0\2\0\1\0\0\0\1"                                                                           \
    "ok"
#define RESET(code)                                                                                \
    "\0\0\4\3\0\0\0\0\1"                                                                           \
    "\0\0\0" code
#define GOODBYE                                                                                    \
    "\0\0\x08\7\0\0\0\0\0"                                                                         \
    "\0\0\0\0"                                                                                     \
    "\0\0\0\0"

typedef struct talk {
    outcome out;
    int connections, requests;
} talk;

static talk talk_to(bool foreign, const char *frames, size_t size)
{
    static const tls_peer_options form = {.name = "IP:127.0.0.1"};
    tls_peer_options options = form;
    talk done = {0};
    options.frames = frames;
    options.frames_size = size;
    cleanup_tls_peer tls_peer *there = tls_peer_new(&options);
    if (!there)
        return done;
    const transport_options with_ca = {.ca_file = tls_peer_ca(there)};
    cleanup_transport transport *self = ask_transport(foreign, &with_ca);
    exchange_request request = ask_get(tls_peer_url(there));
    request.method = "POST";
    request.body = "only-once";
    request.body_size = strlen(request.body);
    done.out = ask_on(self, &request);
    done.connections = tls_peer_count(there, "PRI * HTTP/2.0", 14);
    done.requests = tls_peer_count(there, "only-once", 9);
    return done;
}

#define TALK(frames) talk_to(foreign, frames, sizeof(frames) - 1)

static void an_answer_is_read_with(bool foreign)
{
    talk done = TALK(SETTINGS ANSWER);
    CHECK_OK(done.out.status);
    CHECK_INT(done.out.http_status, 200);
    CHECK_TEXT(done.out.body, "ok");
    CHECK_TEXT(done.out.header, "yes");
    CHECK_INT(done.requests, 1);
}
BOTH(an_answer_is_read)

static void a_stream_that_is_reset_leaves_the_outcome_unknown_with(bool foreign)
{
    talk done = TALK(SETTINGS RESET("\2"));
    CHECK_STATUS(done.out.status, THINGSPACE_NETWORK);
    CHECK(done.out.sent && !done.out.answered);
    CHECK_INT(done.out.error.retriable, 1);
    CHECK(strstr(done.out.error.message, "gave up the request") != NULL);
    CHECK_INT(done.requests, 1);
}
BOTH(a_stream_that_is_reset_leaves_the_outcome_unknown)

/* libcurl would write it again by itself. */
static void a_stream_that_is_refused_is_not_repeated_with(bool foreign)
{
    talk done = TALK(SETTINGS RESET("\7"));
    CHECK_STATUS(done.out.status, THINGSPACE_NETWORK);
    CHECK(done.out.sent && !done.out.answered);
    CHECK_INT(done.requests, 1);
}
BOTH(a_stream_that_is_refused_is_not_repeated)

static void a_peer_that_says_goodbye_gets_it_once_with(bool foreign)
{
    talk done = TALK(SETTINGS GOODBYE RESET("\7"));
    CHECK_STATUS(done.out.status, THINGSPACE_NETWORK);
    CHECK(done.out.sent && !done.out.answered);
    CHECK_INT(done.requests, 1);
}
BOTH(a_peer_that_says_goodbye_gets_it_once)

static const check_case cases[] = {
    CHECK_CASE_ONCE(an_answer_is_read),
    CHECK_CASE_ONCE(a_stream_that_is_reset_leaves_the_outcome_unknown),
    CHECK_CASE_ONCE(a_stream_that_is_refused_is_not_repeated),
    CHECK_CASE_ONCE(a_peer_that_says_goodbye_gets_it_once),
};

CHECK_MAIN(cases)
