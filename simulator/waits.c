/* SPDX-License-Identifier: MIT */
/* See waits.h. */
#include <config.h>
#include <time.h>
#include "base/clock.h"
#include "waits.h"

static void wake_due(struct waits *waits, int64_t now_ms)
{
    while (waits->first && (waits->stopping || waits->first->due_ms <= now_ms)) {
        wait_node *due = waits->first;
        waits->first = due->next;
        MHD_resume_connection(due->connection);
    }
}

static void sleep_until_change(struct waits *waits)
{
    if (!waits->first) {
        pthread_cond_wait(&waits->changed, &waits->mutex);
        return;
    }
    int64_t due_ms = waits->first->due_ms;
    struct timespec until = {(time_t)(due_ms / 1000), (long)(due_ms % 1000) * 1000000};
    pthread_cond_timedwait(&waits->changed, &waits->mutex, &until);
}

static void *run(void *argument)
{
    struct waits *waits = argument;
    pthread_mutex_lock(&waits->mutex);
    while (!waits->stopping) {
        wake_due(waits, clock_monotonic_ms());
        sleep_until_change(waits);
    }
    wake_due(waits, 0);
    pthread_mutex_unlock(&waits->mutex);
    return NULL;
}

bool waits_start(struct waits *waits)
{
    pthread_condattr_t attributes;
    pthread_mutex_init(&waits->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&waits->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    waits->started = pthread_create(&waits->thread, NULL, run, waits) == 0;
    if (waits->started)
        return true;
    pthread_cond_destroy(&waits->changed);
    pthread_mutex_destroy(&waits->mutex);
    return false;
}

bool waits_add(struct waits *waits, wait_node *node, struct MHD_Connection *connection,
               int64_t due_ms)
{
    pthread_mutex_lock(&waits->mutex);
    bool waiting = !waits->stopping;
    if (waiting) {
        wait_node **place = &waits->first;
        while (*place && (*place)->due_ms <= due_ms)
            place = &(*place)->next;
        *node = (wait_node){connection, due_ms, *place};
        *place = node;
        MHD_suspend_connection(connection);
        pthread_cond_signal(&waits->changed);
    }
    pthread_mutex_unlock(&waits->mutex);
    return waiting;
}

void waits_stop(struct waits *waits)
{
    if (!waits->started)
        return;
    pthread_mutex_lock(&waits->mutex);
    waits->stopping = true;
    pthread_cond_signal(&waits->changed);
    pthread_mutex_unlock(&waits->mutex);
    pthread_join(waits->thread, NULL);
}

void waits_dispose(struct waits *waits)
{
    if (!waits->started)
        return;
    pthread_cond_destroy(&waits->changed);
    pthread_mutex_destroy(&waits->mutex);
}
