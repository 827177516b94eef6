/* SPDX-License-Identifier: MIT */
/*
 * One account of a run (apply_account.c), and the run that gives it a place (apply_run.c). An
 * account is read, its changes are carried out, then its removals; when some are to be tried again
 * it waits without its place and begins anew.
 */
#ifndef APPLY_INSIDE_H
#define APPLY_INSIDE_H

#include "base/timer.h"
#include "callbacks/apply/apply_judge.h"
#include "callbacks/apply/apply_run.h"
#include "callbacks/update.h"

typedef struct run run;
typedef struct place place;

typedef struct step { /* one change in this round */
    place *place;
    size_t index; /* in the plan */
    bool acts;
    apply_finding found;
    update *update; /* NULL: not under way */
} step;

struct place {
    run *run;
    place *next, *previous; /* of all that have begun */
    size_t first, count;    /* its changes */
    const char **names;     /* of services and APIs, for the reader */
    selection selection;
    account_reader reader;
    account_read *read;       /* NULL: none, or it waits */
    thingspace_plan *fresh;   /* how it differs now */
    step *steps;              /* `count`, once it is read */
    size_t left;              /* of them, under way */
    unsigned rounds, tries;   /* that have ended; of them, those that count */
    bool counts;              /* the present round does */
    int64_t failing_since_ms; /* monotonic; 0: it has not failed yet */
    int64_t outage_ms;        /* when the last outage that it met began; 0: none */
    int64_t wait_ms;          /* after this round; 0: no other round */
    timer timer;              /* running: it waits */
    place *next_due;          /* of those that have waited */
};

struct run {
    apply *apply;
    bool checks; /* changes nothing */
    place *places;
    place *first_due, *last_due; /* have waited, and want a place */
    size_t next;                 /* change whose account has not begun */
    size_t under_way, waiting;
    size_t stale, first_stale;
    map *outages; /* endpoint -> what apply_wait.c knows of it; NULL: none so far */
    bool over;
    thingspace_status status; /* of the run itself */
    thingspace_error error;
};

/* Begins a round; `place` may be gone afterwards. */
void apply_account_begin(place *place);
/* Ends what is under way as CANCELLED; the same. */
void apply_account_cancel(place *place);
void apply_account_clear(place *place); /* what a round has made */

/* apply_wait.c. False: what failed is not tried again. */
bool apply_wait_after_read(place *place, const thingspace_error *error);
bool apply_wait_after_change(place *place, const thingspace_error *error);
/* The account was read. */
void apply_wait_reached(place *place);

/* Nothing more begins. */
void apply_run_stop(run *run, thingspace_status status, const thingspace_error *error);
/* The round is over: the account waits, or `place` is gone. */
void apply_run_end(place *place);

#endif
