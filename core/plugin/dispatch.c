/* SPDX-License-Identifier: MIT */
/*
 * One loop over the hooks of a phase. What a hook answered is judged here, and nowhere else: a
 * verdict that the phase does not take is a failure of the hook, a failure is undone and then left
 * to the instance's `on_error`. The clock is read only for a trace, and for an instance that failed
 * and is to rest. The client's thread.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/error.h"
#include "plugin/dispatch.h"

/* What one dispatch_run needs everywhere. `scratch` is what hooks write into: its members mean
 * something only after a failure, so that it need not be cleared. */
typedef struct run {
    dispatch *dispatch;
    view *view;
    verdict *verdict;
    const log_target *log;
    thingspace_error *scratch;
} run;

void dispatch_begin(dispatch *self, const chain *chain, phase phase)
{
    self->chain = chain;
    self->phase = phase;
    self->next = 0;
    self->stopped_operator = self->stopped_tenant = false;
}

/* --- verdicts --- */

static thingspace_status refuse_verdict(phase phase, verdict_kind kind, thingspace_error *error)
{
    char allowed[64] = "";
    for (verdict_kind other = VERDICT_STOP; other < VERDICT_COUNT; other++)
        if (phase_of(phase)->verdicts & VERDICT_BIT(other))
            snprintf(allowed + strlen(allowed), sizeof(allowed) - strlen(allowed), ", %s",
                     verdict_name(other));
    return error_set(
        error, THINGSPACE_PLUGIN, "a hook of the phase %s cannot answer %s: return nothing%s",
        phase_of(phase)->name, kind < VERDICT_COUNT ? verdict_name(kind) : "so", allowed);
}

static thingspace_status judge(const run *self, const instance *instance)
{
    verdict_kind kind = self->verdict->kind;
    phase phase = self->dispatch->phase;
    if (kind == VERDICT_NONE)
        return THINGSPACE_OK;
    if (kind >= VERDICT_COUNT || !(phase_of(phase)->verdicts & VERDICT_BIT(kind)))
        return refuse_verdict(phase, kind, self->scratch);
    if (kind == VERDICT_REPLY && !(instance->granted & CAPABILITY_REQUEST_REPLY))
        return capability_refuse(CAPABILITY_REQUEST_REPLY, instance->granted, self->scratch);
    return THINGSPACE_OK;
}

static void reset(verdict *verdict)
{
    if (verdict->kind == VERDICT_NONE && !verdict->reply)
        return;
    verdict_dispose(verdict);
    verdict_init(verdict);
}

static void deny(const run *self, const instance *instance)
{
    const verdict *verdict = self->verdict;
    thingspace_error *error = self->scratch;
    char title[INSTANCE_TITLE];
    error_set(error, THINGSPACE_DENIED, "%s: %s", instance_title(instance, title),
              verdict->text[0] ? verdict->text : "denied without a reason");
    error_set_code(error, verdict->code);
    error_set_account(error, self->view->account);
    instance_name_error(instance, self->dispatch->phase, error);
}

/* --- failures --- */

/* What fails in a dry run or a plan has failed for nobody: real calls still ask the instance, and
 * what works there ends no rest. */
static bool is_to_rest(const run *self, const instance *instance)
{
    return instance->on_error == ON_ERROR_QUARANTINE && !self->view->dry_run;
}

/* The first time, then each time that the number has doubled. */
static bool is_worth_a_line(unsigned long long count)
{
    return (count & (count - 1)) == 0;
}

static void log_skipped(const run *self, const instance *instance)
{
    char rest[48] = "";
    if (!is_worth_a_line(instance->failures))
        return;
    if (is_to_rest(self, instance))
        snprintf(rest, sizeof(rest), "; it rests for %lld s",
                 (long long)instance_rest_ms(instance->bad_in_row) / 1000);
    log_write(self->log, THINGSPACE_LOG_WARNING, "%s (skipped, %llu failed so far%s)",
              self->scratch->message, instance->failures, rest);
}

/* Whether the call fails with it. */
static bool is_fatal(const instance *instance, phase phase)
{
    if (phase_of(phase)->fails_closed)
        return instance->on_error == ON_ERROR_FAIL;
    return phase == PHASE_AUDIT && instance->required;
}

static void undo(const run *self, instance *instance, size_t mark)
{
    view *view = self->view;
    journal_undo(view, mark);
    scalars_undo(instance->state);
    scalars_undo(view->vars[instance->tenant != NULL]);
    reset(self->verdict);
}

/* Names the error; the answer is that of is_fatal. */
static bool note_failure(const run *self, instance *instance)
{
    phase phase = self->dispatch->phase;
    thingspace_error *error = self->scratch;
    char title[INSTANCE_TITLE];
    if (error->kind == THINGSPACE_OK)
        error_set(error, THINGSPACE_PLUGIN, "the hook failed without a reason");
    error_prefix(error, "%s: %s hook", instance_title(instance, title), phase_of(phase)->name);
    error_set_account(error, self->view->account);
    instance_name_error(instance, phase, error);
    instance->failures++;
    if (is_to_rest(self, instance))
        instance_note(instance, false, clock_monotonic_ms());
    if (is_fatal(instance, phase))
        return true;
    log_skipped(self, instance);
    return false;
}

/* --- one hook --- */

/* Runs it as a transaction. */
static thingspace_status run_hook(const run *self, instance *instance)
{
    view *view = self->view;
    size_t mark = journal_mark(&view->journal);
    scalars_begin(instance->state);
    scalars_begin(view->vars[instance->tenant != NULL]);
    reset(self->verdict);
    self->scratch->kind = THINGSPACE_OK;
    instance->runs++;
    view->running = instance;
    thingspace_status status = instance->backend->run(instance->self, self->dispatch->phase, view,
                                                      self->verdict, self->scratch);
    view->running = NULL;
    if (status == THINGSPACE_OK)
        status = judge(self, instance);
    if (status != THINGSPACE_OK) {
        undo(self, instance, mark);
        return status;
    }
    if (view->dry_run)
        scalars_undo(instance->state); /* nothing happens in a dry run, so nothing is counted */
    else if (instance->bad_in_row > 0)
        instance_note(instance, true, 0);
    return THINGSPACE_OK;
}

static thingspace_status run_traced(const run *self, instance *instance)
{
    view *view = self->view;
    const verdict *verdict = self->verdict;
    trace_run entry = {.instance = instance, .phase = self->dispatch->phase};
    entry.from = journal_mark(&view->journal);
    int64_t began_ns = clock_monotonic_ns();
    thingspace_status status = run_hook(self, instance);
    entry.duration_ns = clock_monotonic_ns() - began_ns;
    entry.to = journal_mark(&view->journal);
    entry.failed = status != THINGSPACE_OK;
    entry.verdict = verdict->kind;
    entry.wait_ms = verdict->kind == VERDICT_WAIT ? verdict->wait_ms : 0;
    const char *note = "";
    if (entry.failed)
        note = self->scratch->kind ? self->scratch->message : "the hook failed without a reason";
    else if (verdict->kind == VERDICT_DENY)
        note = verdict->text;
    trace_note(&entry, note);
    trace_add(view->trace, &entry);
    return status;
}

static void skip_resting(const run *self, instance *instance)
{
    instance->skipped++;
    if (!self->view->trace)
        return;
    trace_run entry = {.instance = instance, .phase = self->dispatch->phase, .rested = true};
    entry.from = entry.to = journal_mark(&self->view->journal);
    int64_t rest_ms = instance->rests_until_ms - clock_monotonic_ms();
    snprintf(entry.note, sizeof(entry.note), "rests for another %lld s",
             rest_ms > 0 ? (long long)(rest_ms + 999) / 1000 : 1);
    trace_add(self->view->trace, &entry);
}

/* --- the loop --- */

static bool is_stopped(const dispatch *self, const instance *instance)
{
    return instance->tenant ? self->stopped_tenant : self->stopped_operator;
}

/* What the verdict of a hook that succeeded means for the loop. */
static dispatch_outcome follow(const run *self, const instance *instance)
{
    dispatch *dispatch = self->dispatch;
    switch (self->verdict->kind) {
    case VERDICT_STOP:
        if (instance->tenant)
            dispatch->stopped_tenant = true;
        else
            dispatch->stopped_operator = true;
        return DISPATCH_DONE;
    case VERDICT_WAIT:
        return DISPATCH_WAIT;
    case VERDICT_REPLY:
        dispatch->next = dispatch->chain->phases[dispatch->phase].count;
        return DISPATCH_REPLY;
    case VERDICT_DENY:
        deny(self, instance);
        return DISPATCH_FAILED;
    default:
        return DISPATCH_DONE;
    }
}

/* An audit hook without which no call counts as done has no rest. */
static bool is_resting(const run *self, const instance *instance)
{
    if (instance->rests_until_ms == 0 || !instance_rests(instance, clock_monotonic_ms()))
        return false;
    return self->dispatch->phase != PHASE_AUDIT || !instance->required;
}

static dispatch_outcome step(const run *self, instance *instance)
{
    if (is_resting(self, instance)) {
        skip_resting(self, instance);
        return DISPATCH_DONE;
    }
    thingspace_status status =
        self->view->trace ? run_traced(self, instance) : run_hook(self, instance);
    if (status == THINGSPACE_OK)
        return follow(self, instance);
    return note_failure(self, instance) ? DISPATCH_FAILED : DISPATCH_DONE;
}

dispatch_outcome dispatch_run(dispatch *self, view *view, verdict *out, const instance **by,
                              const log_target *log, thingspace_error *error)
{
    thingspace_error scratch;
    scratch.size = sizeof(scratch);
    if (by)
        *by = NULL;
    if (!chain_has(self->chain, self->phase))
        return DISPATCH_DONE;
    const run run = {self, view, out, log, &scratch};
    const chain_phase *hooks = &self->chain->phases[self->phase];
    bool failed = false;
    view->phase = self->phase;
    while (self->next < hooks->count) {
        instance *instance = hooks->items[self->next++];
        if (is_stopped(self, instance))
            continue;
        dispatch_outcome outcome = step(&run, instance);
        if (outcome == DISPATCH_DONE || (failed && outcome == DISPATCH_FAILED))
            continue;
        if (by)
            *by = instance;
        if (outcome == DISPATCH_FAILED)
            error_copy(error, &scratch);
        if (self->phase != PHASE_AUDIT)
            return outcome;
        failed = true; /* but all audit hooks run */
    }
    reset(out);
    return failed ? DISPATCH_FAILED : DISPATCH_DONE;
}
