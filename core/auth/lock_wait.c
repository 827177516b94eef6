/* SPDX-License-Identifier: MIT */
/* flock(2) has no queue that a timer could join, so this polls. Owns the lock's descriptor. */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "auth/lock_wait.h"
#include "base/clock.h"
#include "base/error.h"

#define FIRST_PAUSE_MS   10
#define LONGEST_PAUSE_MS 100

static void try_now(lock_wait *self)
{
    bool held = false;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_status status = state_try_lock(self->state, self->name, &self->lock, &held, &error);
    if (status != THINGSPACE_OK || held) {
        self->done(status, &error, self->user);
        return;
    }
    timers_start(self->timers, &self->timer, clock_monotonic_ms() + self->pause_ms);
    self->pause_ms = self->pause_ms * 3 / 2;
    if (self->pause_ms > LONGEST_PAUSE_MS)
        self->pause_ms = LONGEST_PAUSE_MS;
}

static void on_timer(timer *fired, void *user)
{
    (void)fired;
    try_now(user);
}

void lock_wait_init(lock_wait *self, timers *all, state *folder, lock_wait_done *done, void *user)
{
    memset(self, 0, sizeof(*self));
    self->state = folder;
    self->timers = all;
    self->lock.descriptor = -1;
    self->done = done;
    self->user = user;
    timer_init(&self->timer, on_timer, self);
}

void lock_wait_start(lock_wait *self, const char *name)
{
    snprintf(self->name, sizeof(self->name), "%s", name);
    self->pause_ms = FIRST_PAUSE_MS;
    try_now(self);
}

void lock_wait_release(lock_wait *self)
{
    timers_stop(self->timers, &self->timer);
    state_unlock(&self->lock);
}

bool lock_wait_is_held(const lock_wait *self)
{
    return self->lock.descriptor >= 0;
}
