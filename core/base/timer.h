/* SPDX-License-Identifier: MIT */
/*
 * Deadlines and waits of one client: a pairing heap whose nodes live inside the
 * objects that wait, so that starting a timer cannot fail. One thread at a time.
 */
#ifndef TIMER_H
#define TIMER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct timer timer;
typedef void timer_function(timer *timer, void *user);

struct timer {
    int64_t due_ms; /* on the monotonic clock */
    uint64_t turn;  /* among those that are due at the same time */
    timer_function *fire;
    void *user;
    bool running;
    timer *child, *next, *previous; /* of the heap */
};

typedef struct timers {
    timer *root;
    uint64_t turns; /* given so far */
} timers;

void timer_init(timer *timer, timer_function *fire, void *user);
/* Starts it, or moves it when it is running. */
void timers_start(timers *timers, timer *timer, int64_t due_ms);
/* Does nothing when it is not running. */
void timers_stop(timers *timers, timer *timer);
/* When the first one is due; -1 when none is running. */
int64_t timers_next_due(const timers *timers);
/* Fires (once, after stopping it) every timer due at `now_ms`, the earliest first, of the same time
 * in the order in which they were started; those started meanwhile wait for the next round. */
void timers_fire(timers *timers, int64_t now_ms);

#endif
