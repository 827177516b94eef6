/* SPDX-License-Identifier: MIT */
/*
 * HTTP exchanges, many at once, over one curl multi; and the loop that drives
 * them together with the client's timers. The driver is chosen at creation: our own loop
 * (curl_multi_poll), or one pollable descriptor for a foreign event loop.
 * One thread at a time. Callbacks run from transport_run or transport_process, never
 * inside a libcurl callback, and may start and cancel exchanges.
 *
 * A request is written once: libcurl's own repetition on a kept connection that died is
 * stopped. Never followed: redirects. Never used: proxies of the environment, compression,
 * other protocols. TLS 1.2 or newer, always verified.
 */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include "base/log.h"
#include "base/timer.h"
#include "http/headers.h"
#include "http/response.h"

typedef struct transport transport;
typedef struct exchange exchange;

typedef struct transport_options {
    bool foreign_loop;     /* true: transport_fd and transport_process; false: transport_run */
    const char *ca_file;   /* NULL: the system's */
    const char *proxy;     /* NULL: none */
    const log_target *log; /* borrowed for the transport's life */
} transport_options;

typedef struct exchange_request {
    const char *method;
    const char *url;
    const headers *fields; /* copied */
    const headers *tokens; /* a second list, may be NULL: what authorises; copied */
    const char *body;      /* NULL: none. Borrowed until the exchange ends */
    size_t body_size;
    int64_t deadline_ms;   /* on the monotonic clock */
    size_t body_limit;     /* of the answer; 0: LIMIT_RESPONSE_BODY */
    bool private_allowed;  /* the name may resolve to a private or loopback address */
    bool fresh_connection; /* not a kept one: that may be dead, and leave the outcome unknown */
} exchange_request;

/* How it ended. Borrowed for the callback; the receiver may response_move the answer out. */
typedef struct exchange_result {
    thingspace_status status; /* OK: an answer was read whole, whatever its status code */
    bool sent;                /* false: it is certain that no byte of the request left */
    bool answered;            /* a status line arrived, even when the rest did not */
    response response;
    thingspace_error error; /* kinds NETWORK, TIMEOUT, TLS, PROTOCOL, MEMORY */
} exchange_result;

typedef void exchange_done(exchange_result *result, void *user);

/* Expected: MEMORY, NETWORK (libcurl too old or without
 * TLS), LOCAL (descriptors, ca_file unreadable). */
thingspace_status transport_new(transport **out, const transport_options *options,
                                thingspace_error *error);
/* Exchanges in flight end silently: `done` is not called. */
void transport_free(transport *transport);

timers *transport_timers(transport *transport);

/* `*out` is valid until `done` begins or transport_cancel
 * returns. `done` is not called on failure. */
thingspace_status transport_send(transport *transport, exchange **out,
                                 const exchange_request *request, exchange_done *done, void *user,
                                 thingspace_error *error);
/* Ends it without calling `done`. Must not be called from its own `done`. */
void transport_cancel(exchange *exchange);

/* Own loop: waits until something happens, at most `wait_ms`, and handles it. */
thingspace_status transport_run(transport *transport, int64_t wait_ms, thingspace_error *error);
/* Foreign loop: the descriptor, readable when transport_process has work. -1 with the own loop. */
int transport_fd(const transport *transport);
/* Foreign loop: after a timer was started from outside
 * of callbacks (transport_send does it by itself). */
void transport_wake(transport *transport);
/* Ends a wait early. From any thread or a signal handler: it only writes to a descriptor. */
void transport_interrupt(transport *transport);
/* Handles what is ready, without waiting. */
thingspace_status transport_process(transport *transport, thingspace_error *error);

#endif
