/* SPDX-License-Identifier: MIT */
/*
 * One call on its way. call.c is the list of steps; phases.c runs the hooks of each; attempt.c
 * sends and judges what came back; confirm.c reads back what may have happened. A call belongs to
 * its client from call_begin until `done` begins, and is freed after `done`.
 */
#ifndef CALL_H
#define CALL_H

#include "client/client.h"
#include "client/operation.h"
#include "client/result.h"

typedef struct read_back read_back; /* confirm.c */
typedef struct hooks hooks;         /* phases.c */

/* What callers inside the library may ask for, beside the flags of a thingspace_request. */
#define CALL_LASTING (1u << 26) /* once it is sent, an interruption lets it end */
#define CALL_UPDATE  (1u << 27) /* there is a listener: a register by the API's method for that */
#define CALL_RESCUE  (1u << 28) /* an interruption neither ends it nor keeps it from beginning */
#define CALL_QUIET   (1u << 29) /* a dry run for a plan: it shows nothing, and nobody is told */
#define CALL_PROBE   (1u << 30) /* a dry run for a change: its failure is told to hooks */
#define CALL_REPAIR  (1u << 31) /* puts back what was there: no hook may change it */

/* Goes on, or with why the call fails (call_error). */
typedef void call_step(call *call, thingspace_status status);

/* Goes on with tokens, or with why there are none (call_error). */
typedef void call_authorised(call *call, thingspace_status status);

struct call {
    thingspace_client *client;
    call *next, *previous; /* of the client's list */
    const operation *operation;
    thingspace_done *done;
    void *user;
    thingspace_result *result; /* handed over by `done` */

    unsigned flags;         /* THINGSPACE_DRY_RUN, CALL_... */
    generation *generation; /* that it began with; a reference */
    const chain *chain;     /* of its owner; NULL: no hook at all */
    hooks *hooks;           /* NULL: the same */

    decision decision;
    request *request;       /* frozen when it is checked */
    const request *planned; /* borrowed: the listener that it must send; NULL: any */
    int64_t timeout_ms;
    int64_t deadline_ms;                  /* monotonic; anew when it had to wait for its place */
    window_place place;                   /* while it has exchanges, or waits to have some */
    tokens tokens;                        /* of the present attempt */
    buffer url, body;                     /* what is sent, rendered once */
    bool renewed_bearer, renewed_session; /* each is renewed once in a call */
    bool unknown;                         /* an attempt may have taken effect */
    unsigned attempt;                     /* of sending: 1, 2, ... */

    /* What it waits for: at most one of these. */
    authorisation *authorisation;
    call_authorised *authorised; /* what tokens continue with */
    exchange *exchange;
    timer timer;
    void (*resume)(call *call); /* what the timer continues with */
    bool reading;               /* the exchange is one of the read-back */
    read_back *read_back;       /* NULL until one begins */
};

/* Resolves and builds at once, then works from the loop. Expected: MEMORY, NETWORK, LOCAL,
 * CANCELLED; then `done` is not called. */
thingspace_status call_begin(thingspace_client *client, call **out, const operation *operation,
                             const thingspace_request *input, thingspace_done *done, void *user,
                             thingspace_error *error);
/* Ends it with CANCELLED; `done` runs before this returns. */
void call_cancel(call *call);

/* --- for the files that share the way --- */

/* The error that the call ends with, to be filled before call_finish. */
thingspace_error *call_error(call *call);
/* The URL of a request to the call's API. Expected: MEMORY, PROTOCOL (longer than `out` may be). */
thingspace_status call_write_url(const call *call, const request *request, buffer *out);
/* Response or error phase, decode, audit phase, `done`. The call is gone afterwards. */
void call_finish(call *call, thingspace_status status);
/* Continues with `resume` after `wait_ms`. */
void call_wait(call *call, int64_t wait_ms, void (*resume)(struct call *call));

/* attempt.c: step authorise, then send. */
void attempt_first(call *call);
/* attempt.c: judges what a hook answered in place of the service. */
void attempt_take_reply(call *call);
/* attempt.c: replaces the token that `answer` complains about, once for each token in a call, then
 * goes on with `next`. False: it was replaced before, or the answer is not about tokens. */
bool attempt_renew(call *call, const response *answer, call_authorised *next);
/* attempt.c: sends `request` rendered in url and body; tokens as they are. */
thingspace_status attempt_send(call *call, const request *request, const buffer *url,
                               const buffer *body, bool fresh, exchange_done *done);
/* attempt.c: another attempt after the wait that the
 * rules ask for, or false. `answer` may be NULL. */
bool attempt_again(call *call, const response *answer);
/* confirm.c: reads back; the call's error stands if nothing better is learned. */
void confirm_start(call *call);
void confirm_free(read_back *read_back);

/* preview.c: what a dry run shows, into the result: the request as it would be sent, unless the
 * call failed, and which hooks ran. Expected: MEMORY. */
thingspace_status preview_write(call *call, thingspace_status status);

#endif
