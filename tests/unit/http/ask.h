/* SPDX-License-Identifier: MIT */
/*
 * What tests of the transport are made of: one exchange with a peer, and what came of it. For
 * CHECK_CASE_ONCE; the calling thread runs the transport.
 */
#ifndef ASK_H
#define ASK_H

#include "http/transport.h"
#include "peer.h"

#define GOOD "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Test: yes\r\n\r\nok"

typedef struct outcome {
    int calls; /* of ask_keep */
    thingspace_status status;
    bool sent, answered;
    int http_status;
    char body[64];
    char header[64]; /* X-Test */
    thingspace_error error;
} outcome;

/* An exchange_done: the last result, and how many there were. */
void ask_keep(exchange_result *result, void *user);

/* NULL on failure; `more` may be NULL. Owned: cleanup_transport. */
transport *ask_transport(bool foreign, const transport_options *more);
void ask_free(transport **transport);
#define cleanup_transport __attribute__((cleanup(ask_free)))

exchange_request ask_get(const char *url);
/* Runs until `out` has seen so many results. */
void ask_run_until(transport *transport, const outcome *out, int calls);
/* One exchange on a transport that is there already; with a peer that always answers `text`. */
outcome ask_on(transport *transport, const exchange_request *request);
outcome ask_peer(bool foreign, const char *text);

/* Answers of a peer; `user` is the text. */
bool ask_answer(int socket, const char *request, void *user);
bool ask_answer_and_close(int socket, const char *request, void *user);
bool ask_answer_late(int socket, const char *request, void *user);

/* A test with a parameter, for the own loop and for a foreign one. */
#define BOTH(name)                                                                                 \
    static void name(void)                                                                         \
    {                                                                                              \
        name##_with(false);                                                                        \
        name##_with(true);                                                                         \
    }

#endif
