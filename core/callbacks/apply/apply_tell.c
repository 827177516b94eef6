/* SPDX-License-Identifier: MIT */
/* Telling what became of each change, and counting it. See apply.h. */
#include <config.h>
#include "base/error.h"
#include "callbacks/apply/apply.h"

/* What is blocked is added or changed, as far as anybody can see. */
const char *apply_action_name(const plan_change *change)
{
    const plan_field *url = &change->fields[PLAN_URL];
    if (change->action != PLAN_BLOCKED)
        return plan_action_name(change->action);
    return plan_action_name(url->differs && !url->from ? PLAN_ADD : PLAN_CHANGE);
}

static void call_back(apply *self, const thingspace_change *change)
{
    if (self->options.done)
        self->options.done(self->options.done_user, change);
}

/* `told` has the result. */
static void tell(apply *self, size_t index, thingspace_change told)
{
    const plan_change *change = &self->plan->changes[index];
    told.size = sizeof(told);
    told.account = change->account;
    told.service = change->service;
    told.api = change->api;
    told.action = apply_action_name(change);
    self->states[index] = APPLY_TOLD;
    self->told++;
    call_back(self, &told);
    if (self->options.progress)
        self->options.progress(self->options.progress_user, self->told, self->plan->change_count,
                               self->counts.failed);
}

static void note_failure(apply *self, const thingspace_error *error)
{
    self->counts.failed++;
    if (self->first.kind == THINGSPACE_OK)
        error_copy(&self->first, error);
}

void apply_tell_done(apply *self, size_t index)
{
    self->counts.done++;
    tell(self, index, (thingspace_change){.result = "done"});
}

void apply_tell_unchanged(apply *self, size_t index)
{
    self->counts.unchanged++;
    tell(self, index, (thingspace_change){.result = "done", .unchanged = 1});
}

void apply_tell_failed(apply *self, size_t index, const thingspace_error *error)
{
    note_failure(self, error);
    self->cancelled += error->kind == THINGSPACE_CANCELLED;
    tell(self, index, (thingspace_change){.result = "failed", .error = error});
}

void apply_tell_skipped(apply *self, size_t index, const thingspace_error *error)
{
    self->counts.skipped++;
    self->takeovers += self->plan->changes[index].action == PLAN_TAKEOVER;
    tell(self, index, (thingspace_change){.result = "skipped", .error = error});
}

void apply_tell_rest(apply *self, const thingspace_error *error)
{
    for (size_t i = 0; i < self->plan->change_count; i++)
        if (self->states[i] != APPLY_TOLD)
            apply_tell_failed(self, i, error);
}

void apply_tell_repair(const intent *intent, const char *url, const thingspace_error *error,
                       void *user)
{
    apply *self = user;
    const thingspace_change told = {
        .size = sizeof(told),
        .account = intent->account,
        .service = intent->service,
        .api = intent->api,
        .action = "repair",
        .result = url ? "done" : "failed",
        .error = error,
    };
    if (url)
        self->counts.done++;
    else
        note_failure(self, error);
    call_back(self, &told);
}
