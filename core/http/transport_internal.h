/* SPDX-License-Identifier: MIT */
/*
 * What the files behind transport.h share: transport.c (the multi, its pool of
 * handles, starting and ending), exchange.c (one handle and its options), answer.c
 * (libcurl's callbacks for what arrives), connect.c (which addresses may be connected),
 * failure.c (libcurl's codes as our errors), driver_poll.c and driver_epoll.c.
 */
#ifndef TRANSPORT_INTERNAL_H
#define TRANSPORT_INTERNAL_H

#include <curl/curl.h>
#include "base/limits.h"
#include "http/transport.h"
#include "http/url.h"

/* Below this many bytes of a body in one window, an answer is too slow. */
#define SLOW_BYTES           100
#define SLOW_WINDOW_MS       (10 * 1000)
#define CONNECT_TIMEOUT_MS   (10 * 1000)
#define EXCHANGE_METHOD_SIZE 16
/* Two lists, and what exchange.c adds for or against libcurl's defaults. */
#define EXCHANGE_FIELDS_MAX (2 * LIMIT_REQUEST_HEADERS + 3)

typedef struct driver_epoll driver_epoll;

struct transport {
    CURLM *multi;
    CURLSH *share; /* TLS sessions: later handshakes with a host are shorter */
    timers timers;
    const log_target *log;
    char *ca_file;
    char *proxy;
    driver_epoll *epoll; /* NULL: own loop */
    exchange *active;    /* a ring-less list, newest first */
    exchange *idle;
    size_t active_count;
    size_t idle_count;
    size_t fresh; /* of the active ones: started since libcurl ran last */
    bool running; /* inside transport_run or transport_process */
    int64_t slow_window_ms;
};

struct exchange {
    transport *transport;
    CURL *easy;
    exchange *next, *previous;
    exchange_done *done;
    void *user;
    exchange_result result; /* status is not OK as soon as a callback refused the answer */

    /* What the handle is set to now, so that only changes are set again. */
    buffer url;
    CURLU *split; /* the same */
    bool is_split;
    bool is_tls; /* so is the version of HTTP */
    char method[EXCHANGE_METHOD_SIZE];
    bool has_body;
    bool fresh_connection;
    long connect_timeout_ms;

    buffer field_text; /* "Name: value\0" each; secret */
    struct curl_slist fields[EXCHANGE_FIELDS_MAX];

    timer deadline;
    timer slow;
    int64_t started_us;
    size_t body_limit;
    size_t slow_mark; /* body bytes at the begin of the window */
    size_t header_bytes;
    unsigned sends; /* of this request, by libcurl */
    bool in_body;
    bool private_allowed;
    bool tried_address;         /* an address that is allowed was tried */
    char refused_address[64];   /* the last one that is not; "" */
    char host[256];             /* of the URL; for messages */
    char text[CURL_ERROR_SIZE]; /* libcurl's own words */
};

int64_t transport_now_us(void);
/* Takes the exchange off the multi and reports it with the result it has. */
void transport_finish(exchange *exchange);
/* Reports what libcurl has finished; whether there was something. */
bool transport_collect(transport *transport);
/* Fires what is due; whether there was something. */
bool transport_fire_timers(transport *transport);
/* Tests only: the window of SLOW_BYTES. */
void transport_set_slow_window(transport *transport, int64_t ms);

/* A handle with the options that never change. */
thingspace_status exchange_new(exchange **out, transport *transport, thingspace_error *error);
void exchange_free(exchange *exchange);
/* Everything that differs from request to request. */
thingspace_status exchange_prepare(exchange *exchange, const exchange_request *request,
                                   thingspace_error *error);
/* Forgets request and answer, wiped; keeps the handle. */
void exchange_reset(exchange *exchange);
const char *exchange_host(exchange *exchange);

/* For CURLOPT_HEADERFUNCTION and CURLOPT_WRITEFUNCTION. */
size_t answer_take_header(char *bytes, size_t size, size_t count, void *user);
size_t answer_take_body(char *bytes, size_t size, size_t count, void *user);

/* For CURLOPT_OPENSOCKETFUNCTION (an exchange) and CURLOPT_CLOSESOCKETFUNCTION (a transport). */
curl_socket_t connect_open(void *user, curlsocktype purpose, struct curl_sockaddr *address);
int connect_close(void *user, curl_socket_t socket);

/* Fills the result from what libcurl says. */
void failure_describe(exchange *exchange, CURLcode code);
/* The deadline has come. */
void failure_describe_deadline(exchange *exchange);

thingspace_status driver_poll_run(transport *transport, int64_t wait_ms, thingspace_error *error);

thingspace_status driver_epoll_new(driver_epoll **out, transport *transport,
                                   thingspace_error *error);
void driver_epoll_free(driver_epoll *driver);
int driver_epoll_fd(const driver_epoll *driver);
thingspace_status driver_epoll_run(transport *transport, int64_t wait_ms, thingspace_error *error);
/* Arms the descriptor for the timers as they are now. */
void driver_epoll_arm(transport *transport);
/* Ends a wait for the descriptor; async-signal-safe. */
void driver_epoll_interrupt(driver_epoll *driver);
/* False: out of memory or of descriptors. */
bool driver_epoll_opened(driver_epoll *driver, int socket);
void driver_epoll_closed(driver_epoll *driver, int socket);

#endif
