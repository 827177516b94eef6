/* SPDX-License-Identifier: MIT */
/*
 * Comparing: what is listed for an account with the bodies that would be sent for it. Passwords are
 * compared in memory; of one that differs the plan learns just that. Pure, but for what it adds to
 * the plan; one thread at a time.
 */
#ifndef PLAN_COMPARE_H
#define PLAN_COMPARE_H

#include "callbacks/plan/ours.h"
#include "callbacks/plan/plan.h"
#include "callbacks/plan/selection.h"
#include "client/result.h"

typedef struct plan_wanted {
    const char *service;
    const json *body;    /* as the hooks left it; NULL: not decided, whatever is listed stays */
    const char *blocked; /* why the last apply was refused; NULL: it was not */
} plan_wanted;

/* One account with one API, and what it takes to compare it; all is borrowed. */
typedef struct plan_account {
    const char *name;
    const api_row *api;
    const char *owner; /* see plan_change */
    const listener_row *rows;
    size_t row_count;
    const plan_wanted *wanted;
    size_t wanted_count;
    const selection *selection; /* listed services outside of it are not looked at */
} plan_account;

/* Adds changes, and counts what is as declared. Expected: MEMORY. */
thingspace_status plan_compare(thingspace_plan *plan, const plan_account *account);

/* When all that is ours is known: undeclared listeners are removals or foreign, and moves of a
 * stranger's URL, blocked or not, are takeovers. Expected: MEMORY. */
thingspace_status plan_compare_settle(thingspace_plan *plan, const ours *ours);

#endif
