/* SPDX-License-Identifier: MIT */
/* See plan_check.h. */
#include <config.h>
#include "base/error.h"
#include "base/text.h"
#include "callbacks/plan/plan_check.h"

/* Of how many listeners how large a share may change without THINGSPACE_FORCE. */
#define THRESHOLD_LEAST   10
#define THRESHOLD_PERCENT 30

thingspace_status plan_check_id(const thingspace_plan *plan, const char *expected,
                                thingspace_error *error)
{
    if (!expected || text_equal(expected, plan->id))
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_REFUSED,
                     "this is plan %s, and not %.64s as expected, so nothing was changed", plan->id,
                     expected);
}

thingspace_status plan_check_policy(const thingspace_plan *plan, const digest *present,
                                    thingspace_error *error)
{
    char expected[DIGEST_TEXT_SIZE];
    digest_write(present, expected);
    if (!plan->was_loaded || text_equal(plan->digest, expected))
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_REFUSED,
                     "stale: the policy has changed since the plan was made; plan again");
}

/* There, and to be changed. */
static bool changes_ours(const plan_change *change, bool prunes)
{
    const plan_field *url = &change->fields[PLAN_URL];
    if (change->action == PLAN_BLOCKED)
        return !url->differs || url->from;
    return change->action == PLAN_CHANGE || (change->action == PLAN_REMOVE && prunes);
}

thingspace_status plan_check_threshold(const thingspace_plan *plan, unsigned flags,
                                       thingspace_error *error)
{
    size_t changed = 0, present = plan->counts.unchanged;
    for (size_t i = 0; i < plan->change_count; i++) {
        changed += changes_ours(&plan->changes[i], flags & THINGSPACE_PRUNE);
        present += changes_ours(&plan->changes[i], true);
    }
    bool much = present >= THRESHOLD_LEAST && changed * 100 > present * THRESHOLD_PERCENT;
    if (!much || flags & THINGSPACE_FORCE)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_REFUSED,
                     "%zu of %zu listeners that are ours would be changed or removed, more than "
                     "%d %%, so nothing was changed; look at the plan, then use --force",
                     changed, present, THRESHOLD_PERCENT);
}

thingspace_status plan_check_takeovers(size_t count, thingspace_error *error)
{
    return error_set(error, THINGSPACE_REFUSED,
                     "%zu declared service%s to a stranger's URL; look at the plan, then use "
                     "--take-over to move %s",
                     count, count == 1 ? " goes" : "s go", count == 1 ? "it" : "them");
}

static bool has_takeovers_alone(const thingspace_plan_counts *counts, unsigned flags)
{
    size_t others = counts->add + counts->change + counts->blocked +
                    (flags & THINGSPACE_PRUNE ? counts->remove : 0);
    return counts->takeover > 0 && others == 0 && !(flags & THINGSPACE_TAKE_OVER);
}

thingspace_status thingspace_plan_check(const thingspace_plan *plan,
                                        const thingspace_apply_options *options,
                                        thingspace_error *error)
{
    unsigned flags = options ? options->flags : 0;
    if (!plan)
        return error_set(error, THINGSPACE_USAGE, "no plan was given");
    thingspace_status status = plan_check_id(plan, options ? options->expect_id : NULL, error);
    if (status == THINGSPACE_OK)
        status = plan_check_threshold(plan, flags, error);
    if (status == THINGSPACE_OK && has_takeovers_alone(&plan->counts, flags))
        status = plan_check_takeovers(plan->counts.takeover, error);
    return status;
}
