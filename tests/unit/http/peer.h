/* SPDX-License-Identifier: MIT */
/*
 * A server on the loopback that does what a test wants, right or wrong: a thread
 * for each connection reads a request and lets the test's function answer it.
 */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct peer peer;
/* Answers one request (its header and body) on `socket`; false closes the connection. */
typedef bool peer_answer(int socket, const char *request, void *user);

/* NULL when it cannot be started. `user` outlives the peer. */
peer *peer_new(peer_answer *answer, void *user);
void peer_free(peer *peer); /* ends all connections */

/* "http://127.0.0.1:PORT/path", or another host; valid until the fourth call from now. */
const char *peer_url(const peer *peer, const char *host, const char *path);
int peer_connections(const peer *peer);
int peer_requests(const peer *peer);
/* What arrived last; "" at first. */
const char *peer_last_request(const peer *peer);

/* False when the other side has gone. */
bool peer_write(int socket, const char *bytes, size_t size);
bool peer_write_text(int socket, const char *text);

void peer_cleanup(peer **peer);
#define cleanup_peer __attribute__((cleanup(peer_cleanup)))

/* `openssl s_server` with a certificate made for the occasion. */
typedef struct tls_peer tls_peer;
typedef struct tls_peer_options {
    const char *name; /* subjectAltName, such as "IP:127.0.0.1" */
    bool expired;
    const char *protocol; /* "-tls1_1"; NULL: all */
    const char *frames;   /* NULL: a page by HTTP/1.1. Else HTTP/2: sent when a request has come */
    size_t frames_size;
} tls_peer_options;

tls_peer *tls_peer_new(const tls_peer_options *options);
void tls_peer_free(tls_peer *peer);
const char *tls_peer_url(const tls_peer *peer); /* borrowed */
const char *tls_peer_ca(const tls_peer *peer);  /* its own certificate; borrowed */
/* How often `bytes` have arrived; HTTP/2 only. */
int tls_peer_count(const tls_peer *peer, const char *bytes, size_t size);
void tls_peer_cleanup(tls_peer **peer);
#define cleanup_tls_peer __attribute__((cleanup(tls_peer_cleanup)))

#endif
