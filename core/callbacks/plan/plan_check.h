/* SPDX-License-Identifier: MIT */
/* What a plan says of itself, before anything is changed: whether it is the one that was expected,
 * and how much of what is ours it changes. Pure; any thread. */
#ifndef PLAN_CHECK_H
#define PLAN_CHECK_H

#include "callbacks/plan/plan.h"

/* `expected` NULL: any. Expected: REFUSED. */
thingspace_status plan_check_id(const thingspace_plan *plan, const char *expected,
                                thingspace_error *error);
/* Whether a plan that was loaded was made with what decides now, by its content; where files lie
 * does not count. Expected: REFUSED. */
thingspace_status plan_check_policy(const thingspace_plan *plan, const digest *present,
                                    thingspace_error *error);
/* `flags` as in thingspace_apply_options. Expected: REFUSED. */
thingspace_status plan_check_threshold(const thingspace_plan *plan, unsigned flags,
                                       thingspace_error *error);
/* Takeovers that nobody allowed, `count` of them, and nothing else: REFUSED. */
thingspace_status plan_check_takeovers(size_t count, thingspace_error *error);

#endif
