/* SPDX-License-Identifier: MIT */
/*
 * See plan_read.h. An account takes a place, is read (account_read.h), its differences go into the
 * plan, and the place is free again. The first failure of the run itself (an interruption, no
 * memory) stops it: nothing new begins, what is under way is cancelled. One whose tokens ended
 * while they were used is read again after a pause, in its place: the fewer are under way, the
 * better.
 */
#include <config.h>
#include <sodium.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "callbacks/plan/plan_compare.h"
#include "callbacks/plan/plan_read.h"

#define FIRST_PAUSE_MS 500

typedef struct reading reading;

/* One account under way; free while `account` is NULL. */
typedef struct place {
    reading *reading;
    const char *account;
    account_read *read; /* NULL: it waits */
    unsigned tries;     /* that have failed */
    timer timer;        /* running: it waits */
} place;

struct reading {
    const account_reader *reader;
    thingspace_plan *plan;
    ours *ours;
    const thingspace_plan_options *options;
    place places[LIMIT_ACCOUNTS_AT_ONCE];
    size_t next, done, under_way;
    size_t unread;
    bool over;
    thingspace_status status; /* of the run */
    thingspace_error *error;
};

/* ---- what goes wrong ---- */

static void stop(reading *self, thingspace_status status, const thingspace_error *error)
{
    if (self->status != THINGSPACE_OK)
        return;
    self->status = status;
    if (status == THINGSPACE_MEMORY || !error)
        error_memory(self->error);
    else
        error_copy(self->error, error);
}

/* Whether the failure is the run's, and not that of the account. */
static bool stops(thingspace_status status)
{
    return status == THINGSPACE_CANCELLED || status == THINGSPACE_MEMORY;
}

/* `service` NULL: the whole account. */
static void note(reading *self, const account_read *read, const char *service,
                 const thingspace_error *error)
{
    const credential *credential = account_read_decision(read)->credential;
    const plan_failure failure = {
        .account = account_read_name(read),
        .service = service,
        .credential = credential ? credential->name : NULL,
        .kind = error->kind,
        .message = error->message,
        .code = error->code,
        .plugin = error->plugin,
        .instance = error->instance,
        .tenant = error->tenant,
        .phase = error->phase,
        .http_status = error->http_status,
    };
    if (stops(error->kind))
        stop(self, error->kind, error);
    else if (plan_add_failure(self->plan, &failure) != THINGSPACE_OK)
        stop(self, THINGSPACE_MEMORY, NULL);
    self->unread += service == NULL;
}

/* ---- one account is read ---- */

static void compare_list(reading *self, const account_read *read, const account_listed *list)
{
    for (size_t i = 0; i < list->account->wanted_count; i++) {
        const account_wanted *wanted = &list->wanted[i];
        if (wanted->error)
            note(self, read, wanted->listener->service, wanted->error);
    }
    if (plan_compare(self->plan, list->account) != THINGSPACE_OK)
        stop(self, THINGSPACE_MEMORY, NULL);
}

/* Of all accounts; an account that adds nothing has nothing. */
static size_t count_entries(const thingspace_plan *plan)
{
    return plan->change_count + plan->cell_count + plan->failure_count;
}

/* What an account declares makes listeners ours, readable or not. */
static void compare(reading *self, const account_read *read)
{
    size_t before = count_entries(self->plan);
    if (account_read_hear(read, self->ours) != THINGSPACE_OK)
        stop(self, THINGSPACE_MEMORY, NULL);
    for (size_t i = 0; i < account_read_count(read) && self->status == THINGSPACE_OK; i++) {
        const account_listed list = account_read_at(read, i);
        compare_list(self, read, &list);
    }
    if (account_read_count(read) > 0 && count_entries(self->plan) == before &&
        plan_add_empty(self->plan, account_read_name(read)) != THINGSPACE_OK)
        stop(self, THINGSPACE_MEMORY, NULL);
}

static void go_on(reading *self);

/* ---- once more ---- */

static void end_account(place *place)
{
    place->account = NULL;
    place->reading->under_way--;
}

static void begin_account(place *place);

static timers *timers_of(const place *place)
{
    return transport_timers(place->reading->reader->client->transport);
}

static void leave_pause(place *place)
{
    place->reading->reader->client->pending--;
}

static void end_pause(timer *timer, void *user)
{
    (void)timer;
    place *place = user;
    leave_pause(place);
    if (place->reading->status == THINGSPACE_OK)
        begin_account(place);
    else
        end_account(place);
    go_on(place->reading);
}

/* The client's loop turns for what it counts as pending. At random, so that those that failed
 * together do not come back together. */
static void begin_pause(place *place)
{
    int64_t shortest = (int64_t)FIRST_PAUSE_MS << place->tries++;
    place->reading->reader->client->pending++;
    timer_init(&place->timer, end_pause, place);
    timers_start(timers_of(place), &place->timer,
                 clock_monotonic_ms() + shortest + randombytes_uniform((uint32_t)shortest));
}

static void drop_pause(place *place)
{
    timers_stop(timers_of(place), &place->timer);
    leave_pause(place);
}

static bool is_read_again(const place *place, const thingspace_error *error)
{
    return error && account_read_lost_tokens(error) && place->tries + 1 < LIMIT_PLAN_TRIES &&
           place->reading->status == THINGSPACE_OK;
}

static void on_read(account_read *read, const thingspace_error *error, void *user)
{
    place *place = user;
    reading *self = place->reading;
    const thingspace_plan_options *options = self->options;
    if (is_read_again(place, error)) {
        account_read_free(read);
        place->read = NULL;
        begin_pause(place);
        return;
    }
    if (error)
        note(self, read, NULL, error);
    if (self->status == THINGSPACE_OK)
        compare(self, read);
    account_read_free(read);
    place->read = NULL;
    end_account(place);
    self->done++;
    if (options->progress && self->status == THINGSPACE_OK)
        options->progress(options->progress_user, self->done, self->reader->selection->count,
                          self->unread);
    go_on(self);
}

/* ---- the run ---- */

static place *find_free(reading *self)
{
    for (size_t i = 0; i < LIMIT_ACCOUNTS_AT_ONCE; i++)
        if (!self->places[i].account)
            return &self->places[i];
    return NULL;
}

static void begin_account(place *place)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    reading *self = place->reading;
    thingspace_status status =
        account_read_start(&place->read, self->reader, place->account, on_read, place, &error);
    if (status != THINGSPACE_OK) {
        stop(self, status, &error);
        end_account(place);
        return;
    }
    const endpoint *endpoint = account_read_decision(place->read)->endpoint;
    if (endpoint && plan_add_endpoint(self->plan, endpoint->name) != THINGSPACE_OK)
        stop(self, THINGSPACE_MEMORY, NULL);
}

static void begin_next(reading *self)
{
    place *place = find_free(self);
    place->account = self->reader->selection->accounts[self->next++];
    place->tries = 0;
    self->under_way++;
    begin_account(place);
}

static void go_on(reading *self)
{
    while (self->status == THINGSPACE_OK && self->next < self->reader->selection->count &&
           self->under_way < LIMIT_ACCOUNTS_AT_ONCE)
        begin_next(self);
    self->over = self->under_way == 0;
}

static void cancel(place *place)
{
    if (place->read) {
        account_read_cancel(place->read);
    } else if (place->account) {
        drop_pause(place);
        end_account(place);
    }
}

static void cancel_all(reading *self)
{
    for (size_t i = 0; i < LIMIT_ACCOUNTS_AT_ONCE; i++)
        cancel(&self->places[i]);
}

static void run(reading *self)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    go_on(self);
    thingspace_status status = THINGSPACE_OK;
    if (!self->over && self->status == THINGSPACE_OK)
        status = client_run_until(self->reader->client, &self->over, &error);
    if (status == THINGSPACE_OK && !self->over)
        status = error_set(&error, THINGSPACE_CANCELLED, "interrupted");
    if (status != THINGSPACE_OK)
        stop(self, status, &error);
    if (!self->over)
        cancel_all(self);
}

thingspace_status plan_read(thingspace_plan *plan, const account_reader *reader, ours *ours,
                            const thingspace_plan_options *options, thingspace_error *error)
{
    thingspace_error local = THINGSPACE_ERROR_INIT;
    reading *self = calloc(1, sizeof(*self));
    if (!self)
        return error_memory(error);
    *self = (reading){
        .reader = reader,
        .plan = plan,
        .ours = ours,
        .options = options,
        .error = error ? error : &local,
    };
    for (size_t i = 0; i < LIMIT_ACCOUNTS_AT_ONCE; i++)
        self->places[i].reading = self;
    run(self);
    plan->counts.accounts = reader->selection->count;
    thingspace_status status = self->status;
    free(self);
    return status;
}

/* ---- what others declare ---- */

static thingspace_status declare(policy *policy, ours *ours, const char *account)
{
    cleanup_desired_listeners desired_listeners desired = {0};
    tenant *tenant = NULL;
    (void)policy_tenant_of(policy, account, &tenant, NULL);
    thingspace_status status = policy_listeners(policy, &desired, account, NULL);
    ours->declared += desired.count;
    for (size_t i = 0; status == THINGSPACE_OK && i < desired.count; i++)
        status = ours_declare(ours, tenant ? tenant->name : NULL, desired.items[i].url);
    return status == THINGSPACE_MEMORY ? status : THINGSPACE_OK;
}

thingspace_status plan_read_declared(policy *policy, ours *ours, const selection *read)
{
    thingspace_status status = THINGSPACE_OK;
    size_t next = 0;
    for (size_t i = 0; i < policy_account_count(policy) && status == THINGSPACE_OK; i++) {
        const char *account = policy_account(policy, i);
        if (read && next < read->count && read->accounts[next] == account)
            next++;
        else
            status = declare(policy, ours, account);
    }
    return status;
}
