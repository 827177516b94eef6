/* SPDX-License-Identifier: MIT */
/*
 * How many calls are on the network at once: a window for each endpoint, a smaller one for each
 * account in it, and the endpoint's circuit breaker. A call asks for a place before its first
 * attempt and leaves it when its exchanges are over; those for tokens and read-backs happen in the
 * place that it has. Who waits is served account by account in turn, so that one with a thousand
 * calls does not hold up one with a single call. Belongs to a client; one thread.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include <stdbool.h>
#include <stdint.h>
#include <thingspace/error.h>
#include "base/map.h"
#include "http/endpoint.h"

typedef struct window window;
typedef struct window_account window_account;
typedef struct window_place window_place;

typedef struct windows {
    map *endpoints; /* name to window; NULL until the first call */
    window *last;   /* the one that was asked for last */
} windows;

/*
 * The wait of `place` is over: it is inside, or `refused` says why it is not (the breaker opened).
 * It may run inside any function of this header, which it must not call: it only notes what is to
 * be done.
 */
typedef void window_end_function(window_place *place, const thingspace_error *refused);

/* A call's place, a member of it that begins as zeros but for `end` and `user`. */
struct window_place {
    window *window; /* NULL: neither inside nor waiting */
    window_account *account;
    window_end_function *end; /* of waiting */
    void *user;
    window_place *next, *previous; /* of those of the account that wait */
    bool inside;
    bool trial; /* the one that an open breaker let through */
};

void windows_dispose(windows *windows);

/*
 * Afterwards `place`, whose `end` and `user` are set, is inside, or it waits and `end` will be
 * called. `urgent`: its turn is next. Expected: NETWORK (the breaker is open: retriable,
 * retry_after_ms says for how long), MEMORY.
 */
thingspace_status windows_enter(windows *windows, window_place *place, const endpoint *endpoint,
                                const char *account, bool urgent, int64_t now_ms,
                                thingspace_error *error);
/* Inside, waiting (`end` is then not called), or neither. Lets others in. */
void windows_leave(window_place *place, int64_t now_ms);

/* An exchange of the place was answered; or not, and `why` (its message is told to who is refused).
 */
void windows_note_reached(window_place *place);
void windows_note_failed(window_place *place, const thingspace_error *why, int64_t now_ms);
/* The same of an exchange that many calls share and each of them tells of: it counts once. */
void windows_note_shared(window_place *place, const thingspace_error *why, int64_t now_ms);
/* Whether another attempt at `when_ms` would knock at an open breaker. */
bool windows_refuse(const window_place *place, int64_t when_ms);

#endif
