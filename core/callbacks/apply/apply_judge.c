/* SPDX-License-Identifier: MIT */
/* See apply_judge.h. */
#include <config.h>
#include "base/text.h"
#include "callbacks/apply/apply_judge.h"

/* False: the account is not read there, since nothing is declared there any more. */
static bool find_list(account_listed *out, const account_read *read, const char *api)
{
    for (size_t i = 0; i < account_read_count(read); i++) {
        *out = account_read_at(read, i);
        if (api_row_is(out->account->api, api))
            return true;
    }
    return false;
}

static const account_wanted *find_wanted(const account_listed *list, const char *service)
{
    for (size_t i = 0; i < list->account->wanted_count; i++)
        if (text_equal(list->wanted[i].listener->service, service))
            return &list->wanted[i];
    return NULL;
}

static const plan_change *find_change(const thingspace_plan *fresh, const plan_change *planned)
{
    for (size_t i = 0; i < fresh->change_count; i++)
        if (text_equal(fresh->changes[i].service, planned->service) &&
            text_equal(fresh->changes[i].api, planned->api))
            return &fresh->changes[i];
    return NULL;
}

static bool is_same_field(const plan_field *a, const plan_field *b)
{
    if (!a->differs || !b->differs)
        return a->differs == b->differs;
    return text_equal(a->from, b->from) && text_equal(a->to, b->to);
}

static bool is_same(const plan_change *a, const plan_change *b)
{
    for (size_t i = 0; i < PLAN_MEMBERS; i++)
        if (!is_same_field(&a->fields[i], &b->fields[i]))
            return false;
    return true;
}

static apply_verdict judge_removal(const plan_change *planned, const plan_change *now,
                                   const apply_finding *found)
{
    if (found->wanted)
        return APPLY_CHANGED;
    if (!now)
        return found->row ? APPLY_CHANGED : APPLY_IS_SO;
    return is_same(planned, now) ? APPLY_ACT : APPLY_CHANGED;
}

static apply_verdict judge_wanted(const plan_change *planned, const plan_change *now,
                                  const apply_finding *found)
{
    bool adds = planned->action == PLAN_ADD;
    bool moves = planned->action == PLAN_CHANGE || planned->action == PLAN_TAKEOVER;
    if (!found->wanted)
        return APPLY_CHANGED;
    if (found->error)
        return APPLY_UNDECIDED;
    if (!now)
        return found->wanted->probe ? APPLY_IS_SO : APPLY_CHANGED;
    if ((adds && found->row) || (moves && !found->row))
        return APPLY_CHANGED;
    return is_same(planned, now) ? APPLY_ACT : APPLY_CHANGED;
}

apply_finding apply_judge(const thingspace_plan *fresh, const account_read *read,
                          const plan_change *planned)
{
    account_listed list;
    apply_finding found = {.verdict = APPLY_CHANGED};
    if (!find_list(&list, read, planned->api))
        return found;
    const plan_change *now = find_change(fresh, planned);
    found.wanted = find_wanted(&list, planned->service);
    found.listed = list.listed;
    found.row = result_find(list.listed, planned->service);
    found.error = found.wanted ? found.wanted->error : NULL;
    found.verdict = planned->action == PLAN_REMOVE ? judge_removal(planned, now, &found)
                                                   : judge_wanted(planned, now, &found);
    if (found.verdict != APPLY_UNDECIDED)
        found.error = NULL;
    return found;
}
