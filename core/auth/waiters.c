/* SPDX-License-Identifier: MIT */
/* Doubly linked lists, so that leaving takes the same time at any length. One thread at a time. */
#include <config.h>
#include <stdlib.h>
#include "auth/logout.h"
#include "auth/ring.h"
#include "auth/waiters.h"

static void join(authorisation *self, authorisation_list *list)
{
    self->list = list;
    self->next = NULL;
    self->previous = list->last;
    if (list->last)
        list->last->next = self;
    else
        list->first = self;
    list->last = self;
}

static void leave(authorisation *self)
{
    authorisation_list *list = self->list;
    if (self->previous)
        self->previous->next = self->next;
    else
        list->first = self->next;
    if (self->next)
        self->next->previous = self->previous;
    else
        list->last = self->previous;
}

authorisation *waiters_add(ring *at, authorisation_list *list, int64_t deadline_ms,
                           timer_function *expire, keyring_done *done, void *user)
{
    authorisation *added = calloc(1, sizeof(*added));
    if (!added)
        return NULL;
    added->ring = at;
    added->done = done;
    added->user = user;
    timer_init(&added->deadline, expire, added);
    timers_start(ring_timers(at), &added->deadline, deadline_ms);
    join(added, list);
    return added;
}

void waiters_remove(authorisation *self)
{
    leave(self);
    timers_stop(ring_timers(self->ring), &self->deadline);
    logout_free(self->logout);
    tokens_dispose(&self->refused);
    free(self);
}

void waiters_remove_all(authorisation_list *list)
{
    while (list->first)
        waiters_remove(list->first);
}

void waiters_call(authorisation *self, thingspace_status status, const tokens *given,
                  const thingspace_error *error)
{
    keyring_done *done = self->done;
    void *user = self->user;
    waiters_remove(self);
    done(status, given, error, user);
}

static void move_before(authorisation_list *to, authorisation_list *from, int64_t due_ms)
{
    authorisation *next = NULL;
    for (authorisation *one = from->first; one; one = next) {
        next = one->next;
        if (one->deadline.due_ms >= due_ms)
            continue;
        leave(one);
        join(one, to);
    }
}

/* What is given is copied: the functions called may start another fetch, which changes the ring. */
static void call_waking(ring *at, thingspace_status status, const thingspace_error *error)
{
    tokens given = {NULL, 0, NULL, 0};
    thingspace_error copy = *error;
    if (status == THINGSPACE_OK)
        tokens_copy(&given, &at->tokens);
    while (at->waking.first)
        waiters_call(at->waking.first, status, status == THINGSPACE_OK ? &given : NULL, &copy);
    tokens_dispose(&given);
}

void waiters_wake(ring *at, thingspace_status status, const thingspace_error *error)
{
    move_before(&at->waking, &at->waiting, INT64_MAX);
    call_waking(at, status, error);
}

void waiters_fail_before(ring *at, int64_t due_ms, const thingspace_error *error)
{
    move_before(&at->waking, &at->waiting, due_ms);
    call_waking(at, error->kind, error);
}

void waiters_tell(const ring *at, const keyring_exchange *exchange)
{
    for (const authorisation *one = at->waiting.first; one; one = one->next)
        if (one->seen)
            one->seen(exchange, one->user);
}

int64_t waiters_deadline(const ring *at)
{
    int64_t latest = 0;
    for (const authorisation *one = at->waiting.first; one; one = one->next)
        if (one->deadline.due_ms > latest)
            latest = one->deadline.due_ms;
    return latest;
}

bool waiters_refuse_bearer(const ring *at, const thingspace_secret *bearer)
{
    for (const authorisation *one = at->waiting.first; one; one = one->next)
        if (one->refused.bearer && secret_equal(one->refused.bearer, bearer))
            return true;
    return false;
}

bool waiters_refuse_session(const ring *at, const thingspace_secret *session)
{
    for (const authorisation *one = at->waiting.first; one; one = one->next)
        if (one->refused.session && secret_equal(one->refused.session, session))
            return true;
    return false;
}
