/* SPDX-License-Identifier: MIT */
/* The transport against a real peer; every test runs with both drivers. */
#include "check.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/clock.h"
#include "http/transport_internal.h"
#include "peer.h"

#define GOOD "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Test: yes\r\n\r\nok"

typedef struct outcome {
    int calls;
    thingspace_status status;
    bool sent, answered;
    int http_status;
    char body[64];
    char header[64];
    thingspace_error error;
} outcome;

static void keep(exchange_result *result, void *user)
{
    outcome *out = user;
    out->calls++;
    out->status = result->status;
    out->sent = result->sent;
    out->answered = result->answered;
    out->http_status = result->response.status;
    out->error = result->error;
    snprintf(out->body, sizeof(out->body), "%s", buffer_text(&result->response.body));
    const char *value = response_header(&result->response, "x-test");
    snprintf(out->header, sizeof(out->header), "%s", value ? value : "");
}

static void cleanup_transport(transport **self)
{
    transport_free(*self);
}
#define owned_transport __attribute__((cleanup(cleanup_transport))) transport

static transport *new_transport(bool foreign, const transport_options *more)
{
    transport_options options = more ? *more : (transport_options){0};
    options.foreign_loop = foreign;
    transport *made = NULL;
    transport_new(&made, &options, NULL);
    return made;
}

static exchange_request get(const char *text)
{
    return (exchange_request){
        .method = "GET", .url = text, .deadline_ms = clock_monotonic_ms() + 20000};
}

static void run_until(transport *self, const outcome *out, int calls)
{
    int64_t end = clock_monotonic_ms() + 30000;
    while (out->calls < calls && clock_monotonic_ms() < end)
        if (transport_run(self, 1000, NULL) != THINGSPACE_OK)
            return;
}

/* One exchange on a transport that is there already. */
static outcome exchange_on(transport *self, const exchange_request *request)
{
    outcome out = {0};
    exchange *started;
    out.status = transport_send(self, &started, request, keep, &out, &out.error);
    if (out.status == THINGSPACE_OK)
        run_until(self, &out, 1);
    return out;
}

static bool answer_text(int socket, const char *request, void *user)
{
    (void)request;
    return peer_write_text(socket, user);
}

static bool answer_text_and_close(int socket, const char *request, void *user)
{
    answer_text(socket, request, user);
    return false;
}

/* One exchange with a peer that always answers `text`. */
static outcome ask(bool foreign, const char *text)
{
    cleanup_peer peer *there = peer_new(answer_text_and_close, (void *)(size_t)text);
    owned_transport *self = new_transport(foreign, NULL);
    exchange_request request = get(peer_url(there, NULL, "/"));
    return exchange_on(self, &request);
}

#define BOTH(name)                                                                                 \
    static void name(void)                                                                         \
    {                                                                                              \
        name##_with(false);                                                                        \
        name##_with(true);                                                                         \
    }

static void an_answer_arrives_whole_with(bool foreign)
{
    outcome out = ask(foreign, GOOD);
    CHECK_OK(out.status);
    CHECK_INT(out.http_status, 200);
    CHECK_TEXT(out.body, "ok");
    CHECK_TEXT(out.header, "yes");
    CHECK(out.sent && out.answered);
}
BOTH(an_answer_arrives_whole)

static void method_fields_and_body_are_sent_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(answer_text, (void *)(size_t)GOOD);
    owned_transport *self = new_transport(foreign, NULL);
    headers fields, tokens;
    headers_init(&fields);
    headers_init(&tokens);
    cleanup_secret thingspace_secret *secret = NULL;
    thingspace_secret_new(&secret, "t0ken", 5, NULL);
    headers_set(&fields, "X-Empty", "", NULL);
    headers_set(&fields, "Content-Type", "text/x", NULL);
    headers_set_secret(&tokens, "Authorization", "Bearer ", secret, NULL);
    exchange_request request = get(peer_url(there, NULL, "/a/../b?q=1"));
    request.method = "PUT";
    request.fields = &fields;
    request.tokens = &tokens;
    request.body = "hello";
    request.body_size = 5;
    outcome out = exchange_on(self, &request);
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
    cleanup_peer peer *there = peer_new(answer_text, (void *)(size_t)GOOD);
    owned_transport *self = new_transport(foreign, NULL);
    exchange_request request = get(peer_url(there, NULL, "/"));
    request.method = "POST";
    request.body = "secret";
    request.body_size = 6;
    CHECK_OK(exchange_on(self, &request).status);
    CHECK(strncmp(peer_last_request(there), "POST / ", 7) == 0);
    static const char *const methods[] = {"GET", "DELETE", "POST", "GET", "PATCH", "DELETE"};
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        request = get(peer_url(there, NULL, "/"));
        request.method = methods[i];
        CHECK_OK(exchange_on(self, &request).status);
        const char *sent = peer_last_request(there);
        CHECK(strncmp(sent, methods[i], strlen(methods[i])) == 0);
        CHECK(strstr(sent, "secret") == NULL);
        CHECK((strstr(sent, "Content-Length: 0") != NULL) == (methods[i][0] == 'P'));
        CHECK(strstr(sent, "Content-Type") == NULL);
    }
    CHECK_INT(peer_connections(there), 1);
}
BOTH(a_handle_forgets_the_request_before)

static void once_takes_a_fresh_connection_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(answer_text, (void *)(size_t)GOOD);
    owned_transport *self = new_transport(foreign, NULL);
    exchange_request request = get(peer_url(there, NULL, "/"));
    CHECK_OK(exchange_on(self, &request).status);
    request.once = true;
    CHECK_OK(exchange_on(self, &request).status);
    CHECK_INT(peer_connections(there), 2);
    request.once = false;
    CHECK_OK(exchange_on(self, &request).status);
    CHECK_INT(peer_connections(there), 2);
}
BOTH(once_takes_a_fresh_connection)

/* threats 3 */
static void a_line_break_in_a_token_sends_nothing_with(bool foreign)
{
    static const char *const tokens[] = {"a\r\nX-Evil: 1", "a\nb", "a\rb"};
    cleanup_peer peer *there = peer_new(answer_text, (void *)(size_t)GOOD);
    owned_transport *self = new_transport(foreign, NULL);
    for (size_t i = 0; i < 4; i++) {
        cleanup_secret thingspace_secret *secret = NULL;
        const char *bytes = i < 3 ? tokens[i] : "a\0b";
        thingspace_secret_new(&secret, bytes, i < 3 ? strlen(bytes) : 3, NULL);
        /* Past headers_set_secret, which refuses it too. */
        header item = {(char *)(size_t) "Authorization", (char *)(size_t) "Bearer ", secret};
        headers list = {&item, 1, 1};
        exchange_request request = get(peer_url(there, NULL, "/"));
        request.tokens = &list;
        outcome out = exchange_on(self, &request);
        CHECK_STATUS(out.status, THINGSPACE_USAGE);
        CHECK_INT(out.calls, 0);
    }
    CHECK_INT(peer_connections(there), 0);
}
BOTH(a_line_break_in_a_token_sends_nothing)

/* threats 4 */
static void a_redirect_is_handed_up_and_not_followed_with(bool foreign)
{
    static const int codes[] = {301, 302, 307, 308};
    for (size_t i = 0; i < 4; i++) {
        cleanup_peer peer *other = peer_new(answer_text, (void *)(size_t)GOOD);
        char text[300];
        snprintf(text, sizeof(text),
                 "HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", codes[i],
                 peer_url(other, NULL, "/"));
        outcome out = ask(foreign, text);
        CHECK_OK(out.status);
        CHECK_INT(out.http_status, codes[i]);
        CHECK_INT(peer_connections(other), 0);
    }
}
BOTH(a_redirect_is_handed_up_and_not_followed)

/* threats 5 */
static void a_name_with_a_private_address_is_refused_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(answer_text, (void *)(size_t)GOOD);
    owned_transport *self = new_transport(foreign, NULL);
    exchange_request request = get(peer_url(there, "localhost", "/"));
    outcome out = exchange_on(self, &request);
    CHECK_STATUS(out.status, THINGSPACE_NETWORK);
    CHECK(strstr(out.error.message, "localhost resolves to the private address ") != NULL);
    CHECK(strstr(out.error.message, "set private = true on the endpoint to allow it") != NULL);
    CHECK(!out.sent && !out.answered);
    CHECK_INT(peer_connections(there), 0);
    request.private_allowed = true;
    CHECK_OK(exchange_on(self, &request).status);
}
BOTH(a_name_with_a_private_address_is_refused)

/* threats 23 */
static void proxies_of_the_environment_are_ignored_with(bool foreign)
{
    static const char *const names[] = {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"};
    cleanup_peer peer *proxy = peer_new(answer_text, (void *)(size_t)GOOD);
    for (size_t i = 0; i < 4; i++)
        setenv(names[i], peer_url(proxy, NULL, ""), 1);
    outcome out = ask(foreign, GOOD);
    int used = peer_connections(proxy);
    setenv("no_proxy", "127.0.0.1", 1);
    cleanup_peer peer *there = peer_new(answer_text, (void *)(size_t)GOOD);
    transport_options options = {.proxy = peer_url(proxy, NULL, "")};
    owned_transport *self = new_transport(foreign, &options);
    exchange_request request = get(peer_url(there, NULL, "/"));
    outcome configured = exchange_on(self, &request);
    for (size_t i = 0; i < 4; i++)
        unsetenv(names[i]);
    unsetenv("no_proxy");
    CHECK_OK(out.status);
    CHECK_INT(used, 0);
    CHECK_OK(configured.status);
    CHECK_INT(peer_connections(proxy), 1);
    CHECK_INT(peer_connections(there), 0);
}
BOTH(proxies_of_the_environment_are_ignored)

/* threats 8 */
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
        owned_transport *self = new_transport(foreign, NULL);
        exchange_request request = get(peer_url(there, NULL, "/"));
        outcome out = exchange_on(self, &request);
        CHECK_STATUS(out.status, THINGSPACE_PROTOCOL);
        if (rows[i].cap)
            CHECK(strstr(out.error.message, rows[i].cap) != NULL);
    }
}
BOTH(oversized_answers_end_at_their_cap)

static void a_body_of_exactly_the_limit_is_read_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(answer_text, (void *)(size_t)GOOD);
    owned_transport *self = new_transport(foreign, NULL);
    exchange_request request = get(peer_url(there, NULL, "/"));
    request.body_limit = 2;
    CHECK_OK(exchange_on(self, &request).status);
    request.body_limit = 1;
    CHECK_STATUS(exchange_on(self, &request).status, THINGSPACE_PROTOCOL);
}
BOTH(a_body_of_exactly_the_limit_is_read)

/* threats 9 */
static void compression_is_refused_with(bool foreign)
{
    static const char *const fields[] = {"Content-Encoding: gzip", "content-encoding:br",
                                         "Content-Encoding: identity, gzip"};
    for (size_t i = 0; i < 3; i++) {
        char text[200];
        snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 2\r\n\r\nxx",
                 fields[i]);
        outcome out = ask(foreign, text);
        CHECK_STATUS(out.status, THINGSPACE_PROTOCOL);
        CHECK(strstr(out.error.message, "compressed although not asked for") != NULL);
        CHECK(out.answered);
    }
    outcome out =
        ask(foreign, "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 0\r\n\r\n");
    CHECK_OK(out.status);
}
BOTH(compression_is_refused)

/* threats 10 */
static bool answer_drop_by_drop(int socket, const char *request, void *user)
{
    (void)request, (void)user;
    peer_write_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 100; i++, usleep(50000))
        if (!peer_write(socket, "x", 1))
            return false;
    return false;
}

static void an_answer_drop_by_drop_is_too_slow_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(answer_drop_by_drop, NULL);
    owned_transport *self = new_transport(foreign, NULL);
    transport_set_slow_window(self, 200);
    exchange_request request = get(peer_url(there, NULL, "/"));
    outcome out = exchange_on(self, &request);
    CHECK_STATUS(out.status, THINGSPACE_TIMEOUT);
    CHECK(strstr(out.error.message, "answer too slow") != NULL);
    CHECK(out.sent && out.answered);
}
BOTH(an_answer_drop_by_drop_is_too_slow)

static bool answer_late(int socket, const char *request, void *user)
{
    usleep(400000);
    return answer_text(socket, request, user);
}

static void thinking_is_not_slow_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(answer_late, (void *)(size_t)GOOD);
    owned_transport *self = new_transport(foreign, NULL);
    transport_set_slow_window(self, 100);
    exchange_request request = get(peer_url(there, NULL, "/"));
    CHECK_OK(exchange_on(self, &request).status);
}
BOTH(thinking_is_not_slow)

static void the_deadline_holds_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(answer_drop_by_drop, NULL);
    owned_transport *self = new_transport(foreign, NULL);
    exchange_request request = get(peer_url(there, NULL, "/"));
    int64_t begin = clock_monotonic_ms();
    request.deadline_ms = begin + 300;
    outcome out = exchange_on(self, &request);
    CHECK_STATUS(out.status, THINGSPACE_TIMEOUT);
    CHECK(out.sent);
    CHECK(clock_monotonic_ms() - begin >= 300 && clock_monotonic_ms() - begin < 5000);
    request.deadline_ms = begin;
    CHECK_STATUS(exchange_on(self, &request).status, THINGSPACE_TIMEOUT);
    CHECK_INT(peer_requests(there), 1);
}
BOTH(the_deadline_holds)

static void a_refused_connection_sent_nothing_with(bool foreign)
{
    peer *gone = peer_new(answer_text, (void *)(size_t)GOOD);
    exchange_request request = get(peer_url(gone, NULL, "/"));
    peer_free(gone);
    owned_transport *self = new_transport(foreign, NULL);
    outcome out = exchange_on(self, &request);
    CHECK_STATUS(out.status, THINGSPACE_NETWORK);
    CHECK(!out.sent && !out.answered);
    CHECK(strstr(out.error.message, "refused") != NULL);
}
BOTH(a_refused_connection_sent_nothing)

static void a_broken_answer_may_have_been_acted_on_with(bool foreign)
{
    outcome out = ask(foreign, "");
    CHECK_STATUS(out.status, THINGSPACE_NETWORK);
    CHECK(out.sent && !out.answered);
    out = ask(foreign, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    CHECK_STATUS(out.status, THINGSPACE_NETWORK);
    CHECK(out.sent && out.answered);
    out = ask(foreign, "SSH-2.0-OpenSSH\r\n");
    CHECK_STATUS(out.status, THINGSPACE_PROTOCOL);
}
BOTH(a_broken_answer_may_have_been_acted_on)

static void interim_answers_are_skipped_with(bool foreign)
{
    outcome out = ask(foreign, "HTTP/1.1 103 Early Hints\r\nX-Test: early\r\n\r\n" GOOD);
    CHECK_OK(out.status);
    CHECK_INT(out.http_status, 200);
    CHECK_TEXT(out.header, "yes");
}
BOTH(interim_answers_are_skipped)

static void many_exchanges_run_at_once_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(answer_late, (void *)(size_t)GOOD);
    owned_transport *self = new_transport(foreign, NULL);
    outcome out = {0};
    exchange *started, *last = NULL;
    exchange_request request = get(peer_url(there, NULL, "/"));
    int64_t begin = clock_monotonic_ms();
    for (int i = 0; i < 32; i++) {
        CHECK_OK(transport_send(self, &started, &request, keep, &out, NULL));
        last = started;
    }
    transport_cancel(last);
    run_until(self, &out, 31);
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
    keep(result, &self->last);
    exchange *started;
    if (self->left-- > 0)
        transport_send(self->owner, &started, &self->request, send_next, self, NULL);
}

static void a_callback_may_send_again_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(answer_text, (void *)(size_t)GOOD);
    owned_transport *self = new_transport(foreign, NULL);
    chain one = {.owner = self, .request = get(peer_url(there, NULL, "/")), .left = 50};
    exchange *started;
    CHECK_OK(transport_send(self, &started, &one.request, send_next, &one, NULL));
    run_until(self, &one.last, 51);
    CHECK_INT(one.last.calls, 51);
    CHECK_OK(one.last.status);
    CHECK_INT(peer_connections(there), 1);
}
BOTH(a_callback_may_send_again)

static void exchanges_in_flight_end_silently_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(answer_late, (void *)(size_t)GOOD);
    outcome out = {0};
    {
        owned_transport *self = new_transport(foreign, NULL);
        exchange *started;
        exchange_request request = get(peer_url(there, NULL, "/"));
        CHECK_OK(transport_send(self, &started, &request, keep, &out, NULL));
        transport_run(self, 10, NULL);
    }
    CHECK_INT(out.calls, 0);
}
BOTH(exchanges_in_flight_end_silently)

static void a_dead_kept_connection_is_replaced_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(answer_text_and_close, (void *)(size_t)GOOD);
    owned_transport *self = new_transport(foreign, NULL);
    exchange_request request = get(peer_url(there, NULL, "/"));
    for (int i = 0; i < 3; i++) {
        CHECK_OK(exchange_on(self, &request).status);
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
    owned_transport *self = new_transport(foreign, NULL);
    int fired = 0;
    timer one;
    timer_init(&one, fire, &fired);
    timers_start(transport_timers(self), &one, clock_monotonic_ms() + 50);
    transport_wake(self);
    int64_t begin = clock_monotonic_ms();
    while (fired == 0 && clock_monotonic_ms() - begin < 5000)
        CHECK_OK(transport_run(self, 3000, NULL));
    CHECK_INT(fired, 1);
    CHECK(clock_monotonic_ms() - begin < 2500);
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
    cleanup_peer peer *there = peer_new(answer_text, (void *)(size_t)GOOD);
    owned_transport *self = new_transport(foreign, &options);
    exchange_request request = get(peer_url(there, NULL, "/path?key=hidden"));
    CHECK_OK(exchange_on(self, &request).status);
    CHECK(strstr(seen.text, "GET http://127.0.0.1:") == seen.text);
    CHECK(strstr(seen.text, "/path: 200, ") != NULL);
    CHECK(strstr(seen.text, "hidden") == NULL);
}
BOTH(the_log_has_no_query)

/* threats 7 */
static outcome ask_tls(bool foreign, const tls_peer_options *options, bool trusted)
{
    cleanup_tls_peer tls_peer *there = tls_peer_new(options);
    outcome out = {.status = THINGSPACE_INTERNAL};
    if (!there)
        return out;
    transport_options more = {.ca_file = trusted ? tls_peer_ca(there) : NULL};
    owned_transport *self = new_transport(foreign, &more);
    exchange_request request = get(tls_peer_url(there));
    return exchange_on(self, &request);
}

static void bad_certificates_fail_closed_with(bool foreign)
{
    const struct {
        tls_peer_options options;
        bool trusted;
        const char *text;
    } rows[] = {
        {{"IP:127.0.0.1", true, NULL}, true, "certificate of 127.0.0.1: it has expired; "},
        {{"DNS:other.example", false, NULL}, true, "it was made for another host; "},
        {{"IP:127.0.0.1", false, NULL}, false, "--ca-file names another authority"},
        {{"IP:127.0.0.1", false, "-tls1"}, true, "no TLS 1.2 or newer with 127.0.0.1: "},
        {{"IP:127.0.0.1", false, "-tls1_1"}, true, "no TLS 1.2 or newer with 127.0.0.1: "},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        outcome out = ask_tls(foreign, &rows[i].options, rows[i].trusted);
        CHECK_STATUS(out.status, THINGSPACE_TLS);
        CHECK(strstr(out.error.message, rows[i].text) != NULL);
        CHECK(!out.sent && !out.answered);
    }
}
BOTH(bad_certificates_fail_closed)

static void a_trusted_certificate_is_accepted_with(bool foreign)
{
    outcome out = ask_tls(foreign, &(tls_peer_options){"IP:127.0.0.1", false, NULL}, true);
    CHECK_OK(out.status);
    CHECK_INT(out.http_status, 200);
}
BOTH(a_trusted_certificate_is_accepted)

static void an_unreadable_authorities_file_is_local(void)
{
    transport *self = NULL;
    transport_options options = {.ca_file = "/nonexistent/ca.pem"};
    CHECK_STATUS(transport_new(&self, &options, NULL), THINGSPACE_LOCAL);
    CHECK(self == NULL);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(an_answer_arrives_whole),
    CHECK_CASE_ONCE(method_fields_and_body_are_sent),
    CHECK_CASE_ONCE(a_handle_forgets_the_request_before),
    CHECK_CASE_ONCE(once_takes_a_fresh_connection),
    CHECK_CASE_ONCE(a_line_break_in_a_token_sends_nothing),
    CHECK_CASE_ONCE(a_redirect_is_handed_up_and_not_followed),
    CHECK_CASE_ONCE(a_name_with_a_private_address_is_refused),
    CHECK_CASE_ONCE(proxies_of_the_environment_are_ignored),
    CHECK_CASE_ONCE(oversized_answers_end_at_their_cap),
    CHECK_CASE_ONCE(a_body_of_exactly_the_limit_is_read),
    CHECK_CASE_ONCE(compression_is_refused),
    CHECK_CASE_ONCE(an_answer_drop_by_drop_is_too_slow),
    CHECK_CASE_ONCE(thinking_is_not_slow),
    CHECK_CASE_ONCE(the_deadline_holds),
    CHECK_CASE_ONCE(a_refused_connection_sent_nothing),
    CHECK_CASE_ONCE(a_broken_answer_may_have_been_acted_on),
    CHECK_CASE_ONCE(interim_answers_are_skipped),
    CHECK_CASE_ONCE(many_exchanges_run_at_once),
    CHECK_CASE_ONCE(a_callback_may_send_again),
    CHECK_CASE_ONCE(exchanges_in_flight_end_silently),
    CHECK_CASE_ONCE(a_dead_kept_connection_is_replaced),
    CHECK_CASE_ONCE(timers_run_with_the_loop),
    CHECK_CASE_ONCE(the_log_has_no_query),
    CHECK_CASE_ONCE(bad_certificates_fail_closed),
    CHECK_CASE_ONCE(a_trusted_certificate_is_accepted),
    CHECK_CASE_ONCE(an_unreadable_authorities_file_is_local),
};
CHECK_MAIN(cases)
