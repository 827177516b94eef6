/* SPDX-License-Identifier: MIT */
/*
 * Connections that are suspended until a moment: delays and drips, without a
 * blocked thread for each. One thread of its own wakes them. Any thread.
 */
#ifndef SIMULATOR_WAITS_H
#define SIMULATOR_WAITS_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Lives in the exchange that waits, so waiting cannot fail. */
typedef struct wait_node {
    struct MHD_Connection *connection;
    int64_t due_ms; /* on the monotonic clock */
    struct wait_node *next;
} wait_node;

struct waits {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    pthread_t thread;
    wait_node *first; /* by due_ms */
    bool stopping;
    bool started;
};

/* False when the thread cannot be made. */
bool waits_start(struct waits *waits);
/* Suspends the connection; it is handled again when due. False, and no wait, once stopping. */
bool waits_add(struct waits *waits, wait_node *node, struct MHD_Connection *connection,
               int64_t due_ms);
/* Wakes all, ends the thread; to be called before the daemon is stopped. */
void waits_stop(struct waits *waits);
/* After the daemon is stopped. Does nothing when it was never started. */
void waits_dispose(struct waits *waits);

#endif
