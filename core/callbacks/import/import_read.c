/* SPDX-License-Identifier: MIT */
/*
 * See import_read.h. An account is listed with connectivity, then with the APIs of the options and
 * those with which the present policy declares listeners of it. The first failure of the run itself
 * (an interruption, no memory) stops it: nothing new begins, what is under way is cancelled.
 */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "callbacks/import/import_read.h"
#include "callbacks/start.h"

typedef struct reading reading;

/* One account under way; free while `account` is NULL. */
typedef struct place {
    reading *reading;
    import_account *account;
    thingspace_pending *listing;
    const char *apis[API_ROWS]; /* names of the table of APIs */
    size_t api_count;
    thingspace_result *lists[API_ROWS]; /* in the order of `apis` */
    size_t list_count;
} place;

struct reading {
    imported *out;
    thingspace_client *client;
    generation *generation;
    const thingspace_import_options *options;
    place places[LIMIT_ACCOUNTS_AT_ONCE];
    size_t next, done, under_way;
    bool over;
    thingspace_status status; /* of the run */
    thingspace_error *first, *error;
};

/* ---- what goes wrong ---- */

static void stop(reading *reading, const thingspace_error *error)
{
    if (reading->status != THINGSPACE_OK)
        return;
    reading->status = error->kind;
    error_copy(reading->error, error);
}

/* Of the account, unless it is the run's. */
static void note(reading *reading, const import_account *account, const thingspace_error *error)
{
    const thingspace_import_options *options = reading->options;
    thingspace_error ended = THINGSPACE_ERROR_INIT;
    if (error->kind == THINGSPACE_CANCELLED)
        error_set(&ended, THINGSPACE_CANCELLED, "interrupted; no policy was written");
    if (error->kind == THINGSPACE_MEMORY)
        error_memory(&ended);
    if (ended.kind != THINGSPACE_OK) {
        stop(reading, &ended);
        return;
    }
    if (reading->first->kind == THINGSPACE_OK)
        error_copy(reading->first, error);
    if (options->unread)
        options->unread(options->unread_user, account->name, error);
}

/* ---- places ---- */

static place *find_free(reading *reading)
{
    for (size_t i = 0; i < LIMIT_ACCOUNTS_AT_ONCE; i++)
        if (!reading->places[i].account)
            return &reading->places[i];
    return NULL;
}

static void end_account(place *place)
{
    reading *reading = place->reading;
    const thingspace_import_options *options = reading->options;
    for (size_t i = 0; i < place->list_count; i++)
        thingspace_result_free(place->lists[i]);
    *place = (struct place){.reading = reading};
    reading->under_way--;
    reading->done++;
    if (options->progress && reading->status == THINGSPACE_OK)
        options->progress(options->progress_user, reading->done, reading->out->count,
                          reading->done - reading->out->read);
}

/* ---- which APIs ---- */

/* NULL: connectivity. Once each. */
static void add_api(place *place, const char *name)
{
    const api_row *row;
    if (api_row_find(&row, name, NULL) != THINGSPACE_OK)
        return;
    for (size_t i = 0; i < place->api_count; i++)
        if (text_equal(place->apis[i], row->info.name))
            return;
    if (place->api_count < API_ROWS)
        place->apis[place->api_count++] = row->info.name;
}

/* A policy that cannot tell its listeners declares none. Expected: MEMORY. */
static thingspace_status add_apis(place *place, thingspace_error *error)
{
    reading *reading = place->reading;
    cleanup_desired_listeners desired_listeners desired = {0};
    add_api(place, NULL);
    for (const char *const *name = reading->options->apis; name && *name; name++)
        add_api(place, *name);
    if (policy_listeners(generation_policy(reading->generation), &desired, place->account->name,
                         NULL) == THINGSPACE_MEMORY)
        return error_memory(error);
    for (size_t i = 0; i < desired.count; i++)
        add_api(place, desired.items[i].api);
    return THINGSPACE_OK;
}

/* ---- one account ---- */

static void go_on(reading *reading);
static void on_listed(thingspace_result *result, void *user);

static thingspace_status start_list(place *place, thingspace_error *error)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_LIST;
    request.account = place->account->name;
    request.api = place->apis[place->list_count];
    return start_begin(place->reading->client, &place->listing, &request, 0, on_listed, place,
                       error);
}

/* False: the account is over. */
static bool go_on_with(place *place, const thingspace_result *listed)
{
    reading *reading = place->reading;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    if (listed->status != THINGSPACE_OK)
        note(reading, place->account, &listed->error);
    if (listed->status != THINGSPACE_OK || reading->status != THINGSPACE_OK)
        return false;
    if (place->list_count < place->api_count && start_list(place, &error) == THINGSPACE_OK)
        return true;
    if (error.kind == THINGSPACE_OK)
        imported_add(reading->out, place->account, place->lists, place->list_count, &error);
    if (error.kind != THINGSPACE_OK)
        stop(reading, &error);
    return false;
}

static void on_listed(thingspace_result *result, void *user)
{
    place *place = user;
    reading *reading = place->reading;
    place->listing = NULL;
    place->lists[place->list_count++] = result;
    if (go_on_with(place, result))
        return;
    end_account(place);
    go_on(reading);
}

/* A list of accounts may say it, too; what was read is what counts. */
static thingspace_status check_decision(const imported *imported, const import_account *account,
                                        const char *column, const char *name,
                                        thingspace_error *error)
{
    const char *cell = imported_cell(imported, account, column);
    if (!cell || text_equal(cell, name))
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_USAGE,
                     "its column %s says %.40s, and it would be read with %.40s: import with a "
                     "policy that says so (--policy), or leave the column out",
                     column, cell, name);
}

static thingspace_status decide(reading *reading, import_account *account, thingspace_error *error)
{
    cleanup_decision decision decision = {0};
    thingspace_status status = client_resolve(reading->generation, &decision, account->name, error);
    account->endpoint = decision.endpoint;
    account->credential = decision.credential;
    if (status == THINGSPACE_OK)
        status = check_decision(reading->out, account, "endpoint", account->endpoint->name, error);
    if (status == THINGSPACE_OK)
        status =
            check_decision(reading->out, account, "credential", account->credential->name, error);
    return status;
}

static void begin_account(reading *reading)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    place *place = find_free(reading);
    place->account = &reading->out->accounts[reading->next++];
    reading->under_way++;
    bool decided = decide(reading, place->account, &error) == THINGSPACE_OK;
    if (!decided)
        note(reading, place->account, &error);
    else if (add_apis(place, &error) == THINGSPACE_OK && start_list(place, &error) == THINGSPACE_OK)
        return;
    else
        stop(reading, &error);
    end_account(place);
}

static void go_on(reading *reading)
{
    while (reading->status == THINGSPACE_OK && reading->next < reading->out->count &&
           reading->under_way < LIMIT_ACCOUNTS_AT_ONCE)
        begin_account(reading);
    reading->over = reading->under_way == 0;
}

/* ---- the run ---- */

static void run(reading *reading)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    go_on(reading);
    if (!reading->over && client_run_until(reading->client, &reading->over, &error))
        stop(reading, &error);
    for (size_t i = 0; i < LIMIT_ACCOUNTS_AT_ONCE; i++)
        thingspace_call_cancel(reading->places[i].listing);
}

thingspace_status import_read(imported *out, thingspace_client *client, generation *generation,
                              const thingspace_import_options *options, thingspace_error *first,
                              thingspace_error *error)
{
    thingspace_error local = THINGSPACE_ERROR_INIT;
    reading *self = calloc(1, sizeof(*self));
    if (!self)
        return error_memory(error);
    *self = (reading){
        .out = out,
        .client = client,
        .generation = generation,
        .options = options,
        .first = first,
        .error = error ? error : &local,
    };
    for (size_t i = 0; i < LIMIT_ACCOUNTS_AT_ONCE; i++)
        self->places[i].reading = self;
    run(self);
    thingspace_status status = self->status;
    free(self);
    return status;
}
