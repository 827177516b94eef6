/* SPDX-License-Identifier: MIT */
/*
 * See apply_run.h. Accounts begin as places get free; one that waits for another round has none. An
 * interruption, or a failure of the run itself, lets end what is under way and begins nothing more.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "callbacks/apply/apply_inside.h"

static void go_on(run *self);

void apply_run_stop(run *self, thingspace_status status, const thingspace_error *error)
{
    if (self->status != THINGSPACE_OK)
        return;
    self->status = status;
    if (status == THINGSPACE_MEMORY || !error)
        error_memory(&self->error);
    else
        error_copy(&self->error, error);
}

static bool may_begin(const run *self)
{
    return self->status == THINGSPACE_OK && !self->apply->client->interrupted;
}

/* ---- places ---- */

static void link_in(place *place)
{
    run *run = place->run;
    place->next = run->places;
    if (run->places)
        run->places->previous = place;
    run->places = place;
}

static void remove_place(place *place)
{
    run *run = place->run;
    if (place->next)
        place->next->previous = place->previous;
    if (place->previous)
        place->previous->next = place->next;
    else
        run->places = place->next;
    free(place);
}

/* ---- waiting ---- */

static void leave_wait(place *place)
{
    run *run = place->run;
    run->waiting--;
    run->apply->client->pending--;
}

static void end_wait(timer *timer, void *user)
{
    (void)timer;
    place *place = user;
    run *run = place->run;
    leave_wait(place);
    place->next_due = NULL;
    if (run->first_due)
        run->last_due->next_due = place;
    else
        run->first_due = place;
    run->last_due = place;
    go_on(run);
}

/* The client's loop turns for what it counts as pending. */
static void begin_wait(place *place)
{
    run *run = place->run;
    thingspace_client *client = run->apply->client;
    place->rounds++;
    place->tries += place->counts;
    run->waiting++;
    client->pending++;
    timer_init(&place->timer, end_wait, place);
    timers_start(transport_timers(client->transport), &place->timer,
                 clock_monotonic_ms() + place->wait_ms);
}

static void drop_wait(place *place)
{
    timers_stop(transport_timers(place->run->apply->client->transport), &place->timer);
    leave_wait(place);
}

/* ---- rounds ---- */

void apply_run_end(place *place)
{
    run *run = place->run;
    apply_account_clear(place);
    run->under_way--;
    if (place->wait_ms > 0 && may_begin(run))
        begin_wait(place);
    else
        remove_place(place);
    go_on(run);
}

/* All changes of one account lie together. */
static size_t count_changes(const thingspace_plan *plan, size_t first)
{
    size_t count = 1;
    while (first + count < plan->change_count &&
           text_equal(plan->changes[first + count].account, plan->changes[first].account))
        count++;
    return count;
}

static bool is_left(const run *self, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++)
        if (self->apply->states[i] != APPLY_TOLD)
            return true;
    return false;
}

/* The next account with something to do; 0: there is none. */
static size_t find_next(run *self, size_t *first)
{
    const thingspace_plan *plan = self->apply->plan;
    while (self->next < plan->change_count) {
        size_t count = count_changes(plan, self->next);
        *first = self->next;
        self->next += count;
        if (is_left(self, *first, count))
            return count;
    }
    return 0;
}

static place *make_next(run *self)
{
    size_t first, count = find_next(self, &first);
    if (count == 0)
        return NULL;
    place *made = calloc(1, sizeof(*made));
    if (!made) {
        apply_run_stop(self, THINGSPACE_MEMORY, NULL);
        return NULL;
    }
    made->run = self;
    made->first = first;
    made->count = count;
    link_in(made);
    return made;
}

static place *take_place(run *self)
{
    place *due = self->first_due;
    if (!due)
        return make_next(self);
    self->first_due = due->next_due;
    return due;
}

static void go_on(run *self)
{
    while (may_begin(self) && self->under_way < LIMIT_ACCOUNTS_AT_ONCE) {
        place *place = take_place(self);
        if (!place)
            break;
        self->under_way++;
        apply_account_begin(place);
    }
    self->over = self->under_way == 0 && (self->waiting == 0 || !may_begin(self));
}

/* ---- the run ---- */

/* What waits has no place; what is under way ends by itself, cancelled. */
static void end_places(run *self)
{
    while (self->places) {
        place *place = self->places;
        if (place->timer.running)
            drop_wait(place);
        if (place->read)
            apply_account_cancel(place);
        else
            remove_place(place);
    }
}

static thingspace_status run_all(run *self)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_status status = THINGSPACE_OK;
    go_on(self);
    if (!self->over)
        status = client_run_until(self->apply->client, &self->over, &error);
    if (status != THINGSPACE_OK)
        apply_run_stop(self, status, &error);
    if (self->apply->client->interrupted) {
        error_set(&error, THINGSPACE_CANCELLED, "interrupted before it was begun");
        apply_run_stop(self, THINGSPACE_CANCELLED, &error);
    }
    end_places(self);
    map_free(self->outages);
    self->outages = NULL;
    return self->status;
}

static run begin(apply *apply, bool checks)
{
    return (run){
        .apply = apply,
        .checks = checks,
        .error = THINGSPACE_ERROR_INIT,
    };
}

static bool is_stale(const apply *self, size_t index)
{
    return self->states[index] == APPLY_AS_KNOWN &&
           !apply_is_ours_still(self, &self->plan->changes[index]);
}

static void find_not_ours(run *self)
{
    const apply *apply = self->apply;
    for (size_t i = 0; i < apply->plan->change_count; i++) {
        if (!is_stale(apply, i))
            continue;
        if (self->stale == 0 || i < self->first_stale)
            self->first_stale = i;
        self->stale++;
    }
}

static thingspace_status refuse_stale(const run *self, thingspace_error *error)
{
    const plan_change *change = &self->apply->plan->changes[self->first_stale];
    char others[60] = "";
    if (self->stale > 1)
        snprintf(others, sizeof(others), ", nor are %zu others", self->stale - 1);
    return error_set(error, THINGSPACE_REFUSED,
                     "the plan is stale: %s %s is not as it was when it was made%s; nothing was "
                     "changed: make a new plan",
                     change->account, change->service, others);
}

thingspace_status apply_check(apply *apply, thingspace_error *error)
{
    run self = begin(apply, true);
    thingspace_status status = run_all(&self);
    if (status == THINGSPACE_OK)
        find_not_ours(&self);
    if (status != THINGSPACE_OK)
        error_copy(error, &self.error);
    else if (self.stale > 0)
        status = refuse_stale(&self, error);
    return status;
}

thingspace_status apply_run(apply *apply, thingspace_error *error)
{
    run self = begin(apply, false);
    thingspace_status status = run_all(&self);
    if (status != THINGSPACE_OK)
        error_copy(error, &self.error);
    return status;
}
