/* SPDX-License-Identifier: MIT */
/*
 * Whether a planned change is still what it was when it was planned: one look at its listener, just
 * before it is carried out. Pure; one thread at a time.
 */
#ifndef APPLY_JUDGE_H
#define APPLY_JUDGE_H

#include "callbacks/plan/account_read.h"

typedef enum apply_verdict {
    APPLY_ACT,      /* it differs as planned */
    APPLY_IS_SO,    /* it is as planned already */
    APPLY_CHANGED,  /* it, or what is wanted, is another since */
    APPLY_UNDECIDED /* what is wanted cannot be decided any more */
} apply_verdict;

typedef struct apply_finding {
    apply_verdict verdict;
    const account_wanted *wanted;    /* NULL: it is not declared */
    const listener_row *row;         /* NULL: it is not listed */
    const thingspace_result *listed; /* that `row` is of */
    const thingspace_error *error;   /* of APPLY_UNDECIDED, else NULL */
} apply_finding;

/* `fresh`: what plan_compare says of the account now. */
apply_finding apply_judge(const thingspace_plan *fresh, const account_read *read,
                          const plan_change *planned);

#endif
