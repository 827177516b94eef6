/* SPDX-License-Identifier: MIT */
/*
 * Applying a plan, in this order:
 *
 *   the id that was expected
 *   the lock of the state directory, and what earlier runs have left undone
 *   whether a loaded plan is stale
 *   how much of what is ours it changes
 *   takeovers and removals that nobody allowed
 *   the changes (apply_run.h)
 *   what the service refused, remembered
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/sized.h"
#include "callbacks/apply/apply_lock.h"
#include "callbacks/apply/apply_run.h"
#include "callbacks/plan/plan_check.h"
#include "callbacks/plan/plan_read.h"
#include "callbacks/repair.h"

/* ---- whose it is ---- */

static const char *find_owner(const apply *self, const plan_change *change)
{
    tenant *tenant = NULL;
    (void)policy_tenant_of(generation_policy(self->generation), change->account, &tenant, NULL);
    return tenant ? tenant->name : NULL;
}

bool apply_is_ours_still(const apply *self, const plan_change *change)
{
    const plan_field *url = &change->fields[PLAN_URL];
    bool leaves = change->action != PLAN_TAKEOVER && url->differs && url->from;
    return !leaves || ours_has(&self->ours, find_owner(self, change), url->from);
}

/* ---- what may be done ---- */

static void skip_takeover(apply *self, size_t index)
{
    const plan_change *change = &self->plan->changes[index];
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_set(&error, THINGSPACE_REFUSED,
              "%s %s goes to %s, which is not ours; --take-over moves it to %s", change->account,
              change->service, change->fields[PLAN_URL].from, change->fields[PLAN_URL].to);
    apply_tell_skipped(self, index, &error);
}

static void skip_removal(apply *self, size_t index)
{
    const plan_change *change = &self->plan->changes[index];
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_set(&error, THINGSPACE_REFUSED, "%s %s is no longer declared; --prune removes it",
              change->account, change->service);
    apply_tell_skipped(self, index, &error);
}

static void skip_what_is_not_allowed(apply *self)
{
    unsigned flags = self->options.flags;
    for (size_t i = 0; i < self->plan->change_count; i++) {
        plan_action action = self->plan->changes[i].action;
        if (action == PLAN_TAKEOVER && !(flags & THINGSPACE_TAKE_OVER))
            skip_takeover(self, i);
        else if (action == PLAN_REMOVE && !(flags & THINGSPACE_PRUNE))
            skip_removal(self, i);
    }
}

/* ---- what became of it ---- */

/* ", 3 WHAT", where there are any. */
static void list_count(char *out, size_t size, size_t count, const char *what)
{
    size_t used = strlen(out);
    if (count > 0)
        snprintf(out + used, size - used, ", %zu %s", count, what);
}

static thingspace_status tell_partial(const apply *self, thingspace_error *error)
{
    const thingspace_plan_counts *counts = &self->plan->counts;
    bool failed = self->first.kind != THINGSPACE_OK;
    const char *why = failed                          ? self->first.message
                      : self->plan->failure_count > 0 ? self->plan->failures[0].message
                                                      : "";
    char rest[280] = "";
    list_count(rest, sizeof(rest), self->counts.unchanged, "as planned already");
    list_count(rest, sizeof(rest), self->counts.failed, "failed");
    list_count(rest, sizeof(rest), self->takeovers, "to take over (--take-over)");
    list_count(rest, sizeof(rest), self->counts.skipped - self->takeovers, "to remove (--prune)");
    list_count(rest, sizeof(rest), counts->unread, "of the plan's accounts not read");
    list_count(rest, sizeof(rest), counts->failed, "of its listeners not decided");
    return error_set(error, THINGSPACE_PARTIAL, "%zu done%s%s%s", self->counts.done, rest,
                     failed ? "; the first that failed: "
                     : *why ? ": "
                            : "",
                     why);
}

static thingspace_status sum_up(const apply *self, thingspace_error *error)
{
    const thingspace_apply_counts *counts = &self->counts;
    size_t good = counts->done + counts->unchanged;
    if (self->cancelled > 0)
        return error_set(error, THINGSPACE_CANCELLED,
                         "interrupted: %zu of %zu changes were not made; run it again to go on",
                         self->cancelled, self->plan->change_count);
    if (counts->failed > 0 && good == 0) {
        error_copy(error, &self->first);
        return self->first.kind;
    }
    if (self->takeovers > 0 && good == 0)
        return plan_check_takeovers(self->takeovers, error);
    if (counts->failed + self->takeovers + self->plan->failure_count > 0)
        return tell_partial(self, error);
    return THINGSPACE_OK;
}

/* ---- the steps ---- */

static thingspace_status check_loaded(apply *self, thingspace_error *error)
{
    policy *policy = generation_policy(self->generation);
    if (!self->plan->was_loaded)
        return THINGSPACE_OK;
    thingspace_status status =
        plan_check_policy(self->plan, generation_digest(self->generation), error);
    if (status != THINGSPACE_OK)
        return status;
    if (ours_init(&self->ours, policy) != THINGSPACE_OK ||
        plan_read_declared(policy, &self->ours, NULL) != THINGSPACE_OK)
        return error_memory(error);
    if (self->plan->counts.unchanged > self->ours.declared)
        self->plan->counts.unchanged = self->ours.declared; /* so much for the threshold */
    return apply_check(self, error);
}

/* What is told of each change says more than how the run ended. */
static thingspace_status carry_out(apply *self, thingspace_error *error)
{
    thingspace_error why = THINGSPACE_ERROR_INIT;
    skip_what_is_not_allowed(self);
    thingspace_status status = apply_run(self, &why);
    if (status != THINGSPACE_OK)
        apply_tell_rest(self, &why);
    if (status == THINGSPACE_OK || status == THINGSPACE_CANCELLED)
        return sum_up(self, error);
    error_copy(error, &why);
    return status;
}

static void warn_of_lost_keys(const apply *self)
{
    if (self->lost_keys == 0)
        return;
    const plan_change *change = &self->plan->changes[self->first_lost_key];
    bool one = self->lost_keys == 1;
    log_write(&self->client->log, THINGSPACE_LOG_WARNING,
              "%zu signing key%s that came with answers %s lost (%s%s %s): to have one, deregister "
              "the listener, then `thingspace register` it with --key-file FILE",
              self->lost_keys, one ? "" : "s", one ? "is" : "are", one ? "" : "first ",
              change->account, change->service);
}

/* One that cannot be saved is told to the log: the changes are made all the same. */
static thingspace_status save_blocked(apply *self)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_status status = blocked_save(self->blocked, &error);
    if (status != THINGSPACE_OK && status != THINGSPACE_MEMORY)
        log_write(&self->client->log, THINGSPACE_LOG_WARNING, "%s", error.message);
    return status == THINGSPACE_MEMORY ? status : THINGSPACE_OK;
}

static thingspace_status work(apply *self, thingspace_error *error)
{
    thingspace_client *client = self->client;
    thingspace_status status = repair_all(client, apply_tell_repair, self, error);
    if (status == THINGSPACE_OK)
        status = blocked_load(&self->blocked, client->state, &client->log, error);
    if (status == THINGSPACE_OK)
        status = check_loaded(self, error);
    if (status == THINGSPACE_OK)
        status = plan_check_threshold(self->plan, self->options.flags, error);
    if (status == THINGSPACE_CANCELLED)
        apply_tell_rest(self, error);
    if (status != THINGSPACE_OK)
        return status;
    status = carry_out(self, error);
    warn_of_lost_keys(self);
    return save_blocked(self) == THINGSPACE_OK ? status : error_memory(error);
}

static thingspace_status open_state(thingspace_client *client, thingspace_error *error)
{
    thingspace_status status = client_open_keyring(client, error);
    if (status != THINGSPACE_OK || client->state)
        return status;
    error_copy(error, &client->state_error);
    return client->state_error.kind;
}

static thingspace_status lock_and_work(apply *self, thingspace_error *error)
{
    thingspace_client *client = self->client;
    state_lock lock = STATE_LOCK_INIT;
    thingspace_status status = open_state(client, error);
    if (status == THINGSPACE_OK)
        status = apply_lock(client->state, &lock, self->plan->id, client->reason, error);
    if (status != THINGSPACE_OK)
        return status;
    memcpy(client->plan_id, self->plan->id, sizeof(client->plan_id));
    status = work(self, error);
    client->plan_id[0] = '\0';
    apply_unlock(client->state, &lock);
    return status;
}

static thingspace_status perform(apply *self, thingspace_error *error)
{
    thingspace_status status = client_check_blocking(self->client, error);
    if (status == THINGSPACE_OK)
        status = plan_check_id(self->plan, self->options.expect_id, error);
    if (status != THINGSPACE_OK)
        return status;
    self->generation = generation_ref(self->client->generation);
    self->states = calloc(self->plan->change_count + 1, sizeof(*self->states));
    status = self->states ? lock_and_work(self, error) : error_memory(error);
    blocked_free(self->blocked);
    ours_dispose(&self->ours);
    free(self->states);
    generation_free(self->generation);
    return status;
}

static void copy_options(thingspace_apply_options *out, const thingspace_apply_options *given)
{
    *out = (thingspace_apply_options)THINGSPACE_APPLY_OPTIONS_INIT;
    sized_take(out, sizeof(*out), given);
}

static void give_counts(thingspace_apply_counts *out, thingspace_apply_counts counts)
{
    if (out)
        sized_give(out, &counts, sizeof(counts));
}

thingspace_status thingspace_apply(thingspace_client *client, thingspace_plan *plan,
                                   thingspace_apply_counts *out,
                                   const thingspace_apply_options *given, thingspace_error *error)
{
    apply self = {.client = client, .plan = plan, .first = THINGSPACE_ERROR_INIT};
    thingspace_error local = THINGSPACE_ERROR_INIT;
    copy_options(&self.options, given);
    if (!plan)
        return error_set(error, THINGSPACE_USAGE, "no plan was given");
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = perform(&self, error ? error : &local);
    give_counts(out, self.counts);
    client_leave(client);
    return status;
}
