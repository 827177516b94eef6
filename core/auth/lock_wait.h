/* SPDX-License-Identifier: MIT */
/*
 * Waiting for a lock of the state directory without blocking: a timer tries
 * again, every 10 ms at first and every 100 ms later. How long is up to whoever
 * waits. Lives inside what waits; one thread, that of the timers.
 */
#ifndef LOCK_WAIT_H
#define LOCK_WAIT_H

#include "auth/state_name.h"
#include "base/state.h"
#include "base/timer.h"

/* OK: the lock is held until lock_wait_release. Otherwise LOCAL or MEMORY, and it is not. */
typedef void lock_wait_done(thingspace_status status, const thingspace_error *error, void *user);

typedef struct lock_wait {
    state *state;
    timers *timers;
    timer timer;
    state_lock lock;
    int64_t pause_ms;
    char name[STATE_NAME_SIZE];
    lock_wait_done *done;
    void *user;
} lock_wait;

void lock_wait_init(lock_wait *self, timers *timers, state *state, lock_wait_done *done,
                    void *user);
/* Calls `done` at once when the lock is free, else later. */
void lock_wait_start(lock_wait *self, const char *name);
/* Gives the lock back, or stops waiting for it. */
void lock_wait_release(lock_wait *self);
bool lock_wait_is_held(const lock_wait *self);

#endif
