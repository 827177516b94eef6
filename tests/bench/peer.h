/* SPDX-License-Identifier: MIT */
/*
 * The other side of a measurement: a process on another core that answers every request
 * at once with a fixed reply, so that only the client's CPU is measured.
 */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct peer {
    pid_t process;
    char url[64]; /* "http://127.0.0.1:PORT" */
} peer;

/* Starts it as a child; it ends with its parent, or by peer_stop. */
bool peer_start(peer *peer);
void peer_stop(peer *peer);

/* What it answers to a list, the account in place of each @; set before peer_start. At first
 * nothing.
 */
extern const char *peer_list;

/* Binds this process to one core, as far as there are that many. */
void peer_use_core(int core);

/* The tokens that it gives. */
#define PEER_BEARER  "0123456789abcdef0123456789abcdef"
#define PEER_SESSION "01234567-89ab-cdef-0123-456789abcdef"

/* The path whose answer is the request before it, byte for byte. */
#define PEER_LAST "/last"

#endif
