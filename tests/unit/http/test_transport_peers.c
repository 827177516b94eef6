/* SPDX-License-Identifier: MIT */
/* Whom the transport talks to: private addresses, proxies, certificates; and what no header may
 * carry. Every test runs with both drivers. */
#include "check.h"
#include <stdlib.h>
#include "ask.h"

static void a_line_break_in_a_token_sends_nothing_with(bool foreign)
{
    static const char *const tokens[] = {"a\r\nX-Evil: 1", "a\nb", "a\rb"};
    cleanup_peer peer *there = peer_new(ask_answer, (void *)(size_t)GOOD);
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    for (size_t i = 0; i < 4; i++) {
        cleanup_secret thingspace_secret *secret = NULL;
        const char *bytes = i < 3 ? tokens[i] : "a\0b";
        thingspace_secret_new(&secret, bytes, i < 3 ? strlen(bytes) : 3, NULL);
        /* Past headers_set_secret, which refuses it too. */
        header item = {.name = "Authorization", .value = "Bearer ", .secret = secret};
        const headers list = {.items = &item, .count = 1, .capacity = 1};
        exchange_request request = ask_get(peer_url(there, NULL, "/"));
        request.tokens = &list;
        outcome out = ask_on(self, &request);
        CHECK_STATUS(out.status, THINGSPACE_USAGE);
        CHECK_INT(out.calls, 0);
    }
    CHECK_INT(peer_connections(there), 0);
}
BOTH(a_line_break_in_a_token_sends_nothing)

static void a_name_with_a_private_address_is_refused_with(bool foreign)
{
    cleanup_peer peer *there = peer_new(ask_answer, (void *)(size_t)GOOD);
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    exchange_request request = ask_get(peer_url(there, "localhost", "/"));
    outcome out = ask_on(self, &request);
    CHECK_STATUS(out.status, THINGSPACE_NETWORK);
    CHECK(strstr(out.error.message, "localhost resolves to the private address ") != NULL);
    CHECK(strstr(out.error.message, "set private = true on the endpoint to allow it") != NULL);
    CHECK(!out.sent && !out.answered);
    CHECK_INT(peer_connections(there), 0);
    request.private_allowed = true;
    CHECK_OK(ask_on(self, &request).status);
}
BOTH(a_name_with_a_private_address_is_refused)

static void proxies_of_the_environment_are_ignored_with(bool foreign)
{
    static const char *const names[] = {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"};
    cleanup_peer peer *proxy = peer_new(ask_answer, (void *)(size_t)GOOD);
    for (size_t i = 0; i < 4; i++)
        setenv(names[i], peer_url(proxy, NULL, ""), 1);
    outcome out = ask_peer(foreign, GOOD);
    int used = peer_connections(proxy);
    setenv("no_proxy", "127.0.0.1", 1);
    cleanup_peer peer *there = peer_new(ask_answer, (void *)(size_t)GOOD);
    transport_options options = {.proxy = peer_url(proxy, NULL, "")};
    cleanup_transport transport *self = ask_transport(foreign, &options);
    exchange_request request = ask_get(peer_url(there, NULL, "/"));
    outcome configured = ask_on(self, &request);
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

/*
 * The system's own settings may forbid old TLS already; here they allow it, so that what refuses
 * it is us. OpenSSL reads them once, when it is first used.
 */
__attribute__((constructor)) static void allow_old_tls(void)
{
    static const char settings[] = "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\n"
                                   "system_default = weak\n[weak]\nMinProtocol = TLSv1\n"
                                   "CipherString = DEFAULT@SECLEVEL=0\n";
    setenv("OPENSSL_CONF", check_file("openssl.cnf", settings), 1);
}

static outcome ask_tls(bool foreign, const tls_peer_options *options, bool trusted)
{
    cleanup_tls_peer tls_peer *there = tls_peer_new(options);
    outcome out = {.status = THINGSPACE_INTERNAL};
    if (!there)
        return out;
    transport_options more = {.ca_file = trusted ? tls_peer_ca(there) : NULL};
    cleanup_transport transport *self = ask_transport(foreign, &more);
    exchange_request request = ask_get(tls_peer_url(there));
    return ask_on(self, &request);
}

static void bad_certificates_fail_closed_with(bool foreign)
{
    const struct {
        tls_peer_options options;
        bool trusted;
        const char *text;
    } rows[] = {
        {{.name = "IP:127.0.0.1", .expired = true},
         true,
         "certificate of 127.0.0.1: it has expired; "},
        {{.name = "DNS:other.example"}, true, "it was made for another host; "},
        {{.name = "IP:127.0.0.1"}, false, "--ca-file names another authority"},
        {{.name = "IP:127.0.0.1", .protocol = "-tls1"},
         true,
         "no TLS 1.2 or newer with 127.0.0.1: "},
        {{.name = "IP:127.0.0.1", .protocol = "-tls1_1"},
         true,
         "no TLS 1.2 or newer with 127.0.0.1: "},
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
    outcome out = ask_tls(foreign, &(tls_peer_options){.name = "IP:127.0.0.1"}, true);
    CHECK_OK(out.status);
    CHECK_INT(out.http_status, 200);
}
BOTH(a_trusted_certificate_is_accepted)

typedef struct pages {
    unsigned good, new, reused; /* as the peer's page says of its connection */
} pages;

static void count_page(exchange_result *result, void *user)
{
    pages *pages = user;
    const char *text = buffer_text(&result->response.body);
    pages->good += result->status == THINGSPACE_OK;
    pages->new += strstr(text, "\nNew, TLS") != NULL;
    pages->reused += strstr(text, "\nReused, TLS") != NULL;
}

static void connections_that_follow_use_the_session_of_the_first_with(bool foreign)
{
    pages pages = {0};
    cleanup_tls_peer tls_peer *there = tls_peer_new(&(tls_peer_options){.name = "IP:127.0.0.1"});
    CHECK(there != NULL);
    const transport_options options = {.ca_file = tls_peer_ca(there)};
    cleanup_transport transport *self = ask_transport(foreign, &options);
    const exchange_request request = ask_get(tls_peer_url(there));
    for (unsigned i = 1; i <= 5; i++) {
        exchange *started;
        CHECK_OK(transport_send(self, &started, &request, count_page, &pages, NULL));
        for (int turns = 0; pages.good < i && turns < 1000; turns++)
            CHECK_OK(transport_run(self, 1000, NULL));
    }
    CHECK_INT(pages.good, 5);
    CHECK_INT(pages.new, 1);
    CHECK_INT(pages.reused, 4);
}
BOTH(connections_that_follow_use_the_session_of_the_first)

static void an_unreadable_authorities_file_is_local(void)
{
    transport *self = NULL;
    transport_options options = {.ca_file = "/nonexistent/ca.pem"};
    CHECK_STATUS(transport_new(&self, &options, NULL), THINGSPACE_LOCAL);
    CHECK(self == NULL);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_line_break_in_a_token_sends_nothing),
    CHECK_CASE_ONCE(a_name_with_a_private_address_is_refused),
    CHECK_CASE_ONCE(proxies_of_the_environment_are_ignored),
    CHECK_CASE_ONCE(bad_certificates_fail_closed),
    CHECK_CASE_ONCE(a_trusted_certificate_is_accepted),
    CHECK_CASE_ONCE(connections_that_follow_use_the_session_of_the_first),
    CHECK_CASE_ONCE(an_unreadable_authorities_file_is_local),
};

CHECK_MAIN(cases)
