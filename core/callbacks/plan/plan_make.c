/* SPDX-License-Identifier: MIT */
/* Making a plan: repair, select, learn what is ours, read, settle. On the client's thread. */
#include <config.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/sized.h"
#include "base/text.h"
#include "callbacks/plan/blocked.h"
#include "callbacks/plan/plan_compare.h"
#include "callbacks/plan/plan_read.h"
#include "callbacks/repair.h"

static void copy_options(thingspace_plan_options *out, const thingspace_plan_options *given)
{
    *out = (thingspace_plan_options)THINGSPACE_PLAN_OPTIONS_INIT;
    sized_take(out, sizeof(*out), given);
}

static thingspace_status compare(thingspace_plan *plan, const account_reader *reader,
                                 const thingspace_plan_options *options, thingspace_error *error)
{
    cleanup_ours ours ours = {0};
    policy *policy = generation_policy(reader->generation);
    if (ours_init(&ours, policy) != THINGSPACE_OK ||
        plan_read_declared(policy, &ours, reader->selection) != THINGSPACE_OK)
        return error_memory(error);
    thingspace_status status = plan_read(plan, reader, &ours, options, error);
    if (status == THINGSPACE_OK && plan_compare_settle(plan, &ours) != THINGSPACE_OK)
        status = error_memory(error);
    return status;
}

/* ---- tenants whose scripts do not load ---- */

/* Each is a pattern, or a name. */
static bool may_overlap(const char *one, const char *other)
{
    return text_matches(one, other) || text_matches(other, one);
}

/* Whether accounts of the tenant are asked for. Those that cannot be decided have no tags. */
static bool is_asked_for(const tenant *tenant, const thingspace_plan_options *options)
{
    const char *const *name = options->accounts;
    if (options->tags && options->tags[0])
        return false;
    if (!name || !name[0])
        return true;
    for (; *name; name++)
        for (size_t i = 0; i < tenant->accounts.count; i++)
            if (may_overlap(*name, tenant->accounts.items[i]))
                return true;
    return false;
}

static bool has_any(const tenant *tenant, const selection *selection)
{
    for (size_t i = 0; i < selection->count; i++)
        if (tenant_owns(tenant, selection->accounts[i]))
            return true;
    return false;
}

/* Accounts that only its script lists are known to nobody: without this a plan would be complete.
 * Those that the policy lists tell the same by themselves. */
static thingspace_status note_broken_tenants(thingspace_plan *plan, const selection *selection,
                                             const thingspace_plan_options *options,
                                             thingspace_error *error)
{
    for (size_t i = 0; i < policy_tenant_count(selection->policy); i++) {
        const tenant *tenant = policy_tenant_at(selection->policy, i);
        if (tenant->broken.kind == THINGSPACE_OK || !is_asked_for(tenant, options) ||
            has_any(tenant, selection))
            continue;
        const plan_failure failure = {
            .account = tenant->accounts.items[0],
            .kind = tenant->broken.kind,
            .message = tenant->broken.message,
        };
        if (plan_add_failure(plan, &failure) != THINGSPACE_OK)
            return error_memory(error);
        plan->counts.accounts++;
    }
    return THINGSPACE_OK;
}

/* ---- the plan ---- */

/* A state directory that cannot be used remembers nothing. */
static thingspace_status read_and_compare(thingspace_plan *plan, thingspace_client *client,
                                          generation *generation, const selection *selection,
                                          const thingspace_plan_options *options,
                                          thingspace_error *error)
{
    blocked *blocked = NULL;
    plan->keeps_cells = options->flags & THINGSPACE_PLAN_CELLS;
    thingspace_status status = client_open_keyring(client, error);
    if (status == THINGSPACE_OK)
        status = blocked_load(&blocked, client->state, &client->log, error);
    const account_reader reader = {
        .client = client, .generation = generation, .selection = selection, .blocked = blocked};
    if (status == THINGSPACE_OK)
        status = compare(plan, &reader, options, error);
    blocked_free(blocked);
    return status;
}

static thingspace_status make(thingspace_client *client, thingspace_plan **out,
                              const thingspace_plan_options *options, thingspace_error *error)
{
    cleanup_generation generation *kept = generation_ref(client->generation);
    cleanup_selection selection selection = {0};
    cleanup_plan thingspace_plan *plan = NULL;
    const policy *policy = generation_policy(kept);
    int64_t began = clock_monotonic_ms();
    thingspace_status status = client_check_blocking(client, error);
    if (status == THINGSPACE_OK)
        status = repair_all(client, NULL, NULL, error);
    if (status == THINGSPACE_OK)
        status = selection_init(&selection, kept, options, error);
    if (status == THINGSPACE_OK &&
        plan_new(&plan, policy_name(policy), policy_script(policy)) != THINGSPACE_OK)
        status = error_memory(error);
    if (status == THINGSPACE_OK)
        status = read_and_compare(plan, client, kept, &selection, options, error);
    if (status == THINGSPACE_OK)
        status = note_broken_tenants(plan, &selection, options, error);
    if (status != THINGSPACE_OK)
        return status;
    digest_write(generation_digest(kept), plan->digest);
    plan_finish(plan);
    plan->duration_ms = clock_monotonic_ms() - began;
    *out = plan;
    plan = NULL;
    return THINGSPACE_OK;
}

thingspace_status thingspace_plan_make(thingspace_client *client, thingspace_plan **out,
                                       const thingspace_plan_options *given,
                                       thingspace_error *error)
{
    thingspace_plan_options options;
    *out = NULL;
    copy_options(&options, given);
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = make(client, out, &options, error);
    client_leave(client);
    return status;
}
