/* SPDX-License-Identifier: MIT */
/*
 * See apply_inside.h. One round of an account:
 *
 *   1 apply_account_begin  it is read once more
 *   2 look                 each of its changes is compared with what there is now
 *   3 begin_steps          those that differ as planned are made, then the removals
 *   4 on_updated           each is told, or put back for another round
 */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "callbacks/apply/apply_inside.h"
#include "callbacks/repair.h"
#include "client/call.h"

static apply *apply_of(const place *place)
{
    return place->run->apply;
}

static const plan_change *change_at(const place *place, size_t index)
{
    return &apply_of(place)->plan->changes[index];
}

static bool is_over(const place *place, size_t index)
{
    return apply_of(place)->states[index] == APPLY_TOLD;
}

void apply_account_clear(place *self)
{
    account_read_free(self->read);
    thingspace_plan_free(self->fresh);
    free(self->steps);
    free(self->names);
    self->names = NULL;
    self->read = NULL;
    self->fresh = NULL;
    self->steps = NULL;
}

/* ---- failures ---- */

static void fail_one(place *self, size_t index, const thingspace_error *error)
{
    if (error->kind == THINGSPACE_MEMORY)
        apply_run_stop(self->run, THINGSPACE_MEMORY, NULL);
    apply_tell_failed(apply_of(self), index, error);
}

static void note_stale(run *run, size_t index)
{
    if (run->stale == 0 || index < run->first_stale)
        run->first_stale = index;
    run->stale++;
}

/* Whether a plan of this policy could not have been made so, as of an account it does not know. */
static bool is_of_no_plan(const thingspace_error *error)
{
    return error->kind == THINGSPACE_POLICY || error->kind == THINGSPACE_USAGE;
}

/* The account cannot be read. A check leaves what may pass to the run. */
static void fail_all(place *self, const thingspace_error *error)
{
    for (size_t i = self->first; self->run->checks && i < self->first + self->count; i++)
        if (is_of_no_plan(error))
            note_stale(self->run, i);
    bool stops = error->kind == THINGSPACE_MEMORY || error->kind == THINGSPACE_CANCELLED;
    if (apply_wait_after_read(self, error))
        return;
    if (stops)
        apply_run_stop(self->run, error->kind, error);
    for (size_t i = self->first; i < self->first + self->count && !self->run->checks; i++)
        if (!is_over(self, i))
            fail_one(self, i, error);
}

/* ---- 4: a change is over ---- */

static void begin_steps(place *self, bool removals);

static void step_is_over(place *self, bool removals)
{
    if (--self->left > 0)
        return;
    if (!removals && self->wait_ms == 0)
        begin_steps(self, true);
    else
        apply_run_end(self);
}

static bool is_removal(const step *step)
{
    return change_at(step->place, step->index)->action == PLAN_REMOVE;
}

static void note_blocked(const step *step, const thingspace_error *error)
{
    place *place = step->place;
    const blocked_key key = account_read_key(place->read, step->found.wanted);
    if (blocked_add(apply_of(place)->blocked, &key, error->message) != THINGSPACE_OK)
        apply_run_stop(place->run, THINGSPACE_MEMORY, NULL);
}

/* What earlier runs have kept of it is of no use any more. */
static void forget(const step *step)
{
    place *place = step->place;
    const plan_change *change = change_at(place, step->index);
    if (is_removal(step)) {
        if (repair_forget(apply_of(place)->client, change->account, change->api, change->service,
                          NULL) != THINGSPACE_OK)
            apply_run_stop(place->run, THINGSPACE_MEMORY, NULL);
    } else {
        const blocked_key key = account_read_key(place->read, step->found.wanted);
        blocked_remove(apply_of(place)->blocked, &key);
    }
}

static void end_well(const step *step)
{
    forget(step);
    apply_tell_done(apply_of(step->place), step->index);
}

/* What this run has tried before is its own doing: an answer may have been lost. */
static void end_as_it_is(const step *step)
{
    apply *apply = apply_of(step->place);
    forget(step);
    if (apply->states[step->index] == APPLY_BEGUN)
        apply_tell_done(apply, step->index);
    else
        apply_tell_unchanged(apply, step->index);
}

static void end_badly(const step *step, const thingspace_error *error)
{
    if (apply_wait_after_change(step->place, error))
        return;
    if (error->kind == THINGSPACE_SERVICE && !error->retriable && !is_removal(step))
        note_blocked(step, error);
    fail_one(step->place, step->index, error);
}

/* It comes once, and an apply has no place for it. */
static void note_key(const step *step, const thingspace_result *result)
{
    apply *apply = apply_of(step->place);
    if (!thingspace_result_signing_key(result))
        return;
    if (apply->lost_keys++ == 0 || step->index < apply->first_lost_key)
        apply->first_lost_key = step->index;
}

static void on_updated(thingspace_status status, thingspace_result *result,
                       const thingspace_error *error, void *user)
{
    step *step = user;
    bool removal = is_removal(step);
    step->update = NULL;
    note_key(step, result);
    thingspace_result_free(result);
    if (status == THINGSPACE_OK)
        end_well(step);
    else
        end_badly(step, error);
    step_is_over(step->place, removal);
}

/* ---- 3: changes ---- */

static thingspace_status begin_step(step *step, thingspace_error *error)
{
    place *place = step->place;
    const plan_change *change = change_at(place, step->index);
    bool removal = is_removal(step);
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    if (removal) {
        request.operation = THINGSPACE_DEREGISTER;
        request.account = change->account;
        request.service = change->service;
        request.api = change->api;
    } else {
        request = account_read_request(place->read, step->found.wanted);
    }
    request.flags = CALL_LASTING;
    thingspace_status status =
        update_start(apply_of(place)->client, &step->update, &request,
                     removal ? NULL : step->found.row, on_updated, step, error);
    if (status == THINGSPACE_OK && !removal)
        update_bind(step->update, step->found.wanted->probe->request, step->found.listed);
    return status;
}

static void begin_steps(place *self, bool removals)
{
    self->left = 1; /* this function */
    for (size_t i = 0; i < self->count; i++) {
        step *step = &self->steps[i];
        thingspace_error error = THINGSPACE_ERROR_INIT;
        if (!step->acts || is_removal(step) != removals)
            continue;
        if (begin_step(step, &error) == THINGSPACE_OK)
            self->left++;
        else
            end_badly(step, &error);
    }
    step_is_over(self, removals);
}

/* ---- 2: what there is now ---- */

static void refuse_changed(place *self, size_t index)
{
    const plan_change *change = change_at(self, index);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_set(&error, THINGSPACE_REFUSED, "%s %s has changed since it was planned; plan again",
              change->account, change->service);
    apply_tell_failed(apply_of(self), index, &error);
}

/* One that differs as planned may yet be of a plan that somebody else's policy has made. */
static apply_verdict judge(const place *self, size_t index, apply_finding *found)
{
    const apply *apply = apply_of(self);
    const plan_change *change = change_at(self, index);
    *found = apply_judge(self->fresh, self->read, change);
    bool strange = found->verdict == APPLY_ACT && !self->run->checks && apply->plan->was_loaded &&
                   !apply_is_ours_still(apply, change);
    return strange ? APPLY_CHANGED : found->verdict;
}

static void look_at(place *self, size_t index)
{
    step *step = &self->steps[index - self->first];
    step->place = self;
    step->index = index;
    switch (judge(self, index, &step->found)) {
    case APPLY_ACT:
        step->acts = true;
        apply_of(self)->states[index] = APPLY_BEGUN;
        break;
    case APPLY_IS_SO:
        end_as_it_is(step);
        break;
    case APPLY_CHANGED:
        refuse_changed(self, index);
        break;
    case APPLY_UNDECIDED:
        fail_one(self, index, step->found.error);
        break;
    }
}

static void check_one(place *self, size_t index)
{
    apply_finding found;
    apply_verdict verdict = judge(self, index, &found);
    if (verdict == APPLY_ACT)
        apply_of(self)->states[index] = APPLY_AS_KNOWN;
    else if (verdict != APPLY_IS_SO)
        note_stale(self->run, index);
}

/* A plan says which endpoints it is about. */
static bool is_of_plan(const place *self)
{
    const decision *decision = account_read_decision(self->read);
    return map_get(apply_of(self)->plan->endpoints, decision->endpoint->name) != NULL;
}

static thingspace_status compare(place *self)
{
    thingspace_status status = plan_new(&self->fresh, "", NULL);
    for (size_t i = 0; i < account_read_count(self->read) && status == THINGSPACE_OK; i++)
        status = plan_compare(self->fresh, account_read_at(self->read, i).account);
    return status;
}

static thingspace_status look(place *self)
{
    apply *apply = apply_of(self);
    bool known = !apply->plan->was_loaded || is_of_plan(self);
    self->steps = calloc(self->count, sizeof(*self->steps));
    thingspace_status status = self->steps ? compare(self) : THINGSPACE_MEMORY;
    if (status == THINGSPACE_OK && self->run->checks)
        status = account_read_hear(self->read, &apply->ours);
    for (size_t i = self->first; i < self->first + self->count && status == THINGSPACE_OK; i++) {
        if (self->run->checks && known)
            check_one(self, i);
        else if (self->run->checks)
            note_stale(self->run, i);
        else if (!is_over(self, i) && known)
            look_at(self, i);
        else if (!is_over(self, i))
            refuse_changed(self, i);
    }
    return status;
}

/* ---- 1: the account is read ---- */

static void on_read(account_read *read, const thingspace_error *error, void *user)
{
    place *self = user;
    (void)read;
    if (!error)
        apply_wait_reached(self);
    if (error)
        fail_all(self, error);
    else if (look(self) != THINGSPACE_OK)
        apply_run_stop(self->run, THINGSPACE_MEMORY, NULL);
    else if (!self->run->checks) {
        begin_steps(self, false);
        return;
    }
    apply_run_end(self);
}

/* What is not planned is not looked at; a check learns from it what is ours. */
static thingspace_status choose(place *self)
{
    apply *apply = apply_of(self);
    size_t apis = 0;
    self->names = calloc(2 * (self->count + 1), sizeof(*self->names));
    if (!self->names)
        return THINGSPACE_MEMORY;
    const char **api_names = self->names + self->count + 1;
    for (size_t i = 0; i < self->count; i++) {
        const plan_change *change = change_at(self, self->first + i);
        self->names[i] = change->service;
        if (change->api)
            api_names[apis++] = change->api;
    }
    self->selection = (selection){.services = self->names};
    self->reader = (account_reader){
        .client = apply->client,
        .generation = apply->generation,
        .selection = self->run->checks ? NULL : &self->selection,
        .apis = api_names,
        .blocked = apply->blocked,
    };
    return THINGSPACE_OK;
}

void apply_account_begin(place *self)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    self->wait_ms = 0;
    self->counts = false;
    thingspace_status status = choose(self);
    if (status == THINGSPACE_OK)
        status = account_read_start(&self->read, &self->reader,
                                    change_at(self, self->first)->account, on_read, self, &error);
    if (status == THINGSPACE_OK)
        return;
    apply_run_stop(self->run, status, &error);
    apply_run_end(self);
}

void apply_account_cancel(place *self)
{
    if (!self->steps) {
        account_read_cancel(self->read);
        return;
    }
    self->left++; /* this function */
    for (size_t i = 0; i < self->count; i++)
        if (self->steps[i].update)
            update_abandon(self->steps[i].update);
    step_is_over(self, true);
}
