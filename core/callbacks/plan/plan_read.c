/* SPDX-License-Identifier: MIT */
/*
 * See plan_read.h. One account goes this way:
 *
 *   1 begin_account  the policy decides and declares
 *   2 on_listed      what is registered is there, with the first API and those it declares
 *   3 start_probes   each declared listener becomes a register that is not sent
 *   4 on_probed      the last one is there
 *   5 compare        differences go into the plan, the place is free again
 *
 * Listed first, because `secret.registered` is what the list shows. The first failure of the run
 * itself (an interruption, no memory) stops it: nothing new begins, what is under way is cancelled.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "callbacks/plan/plan_compare.h"
#include "callbacks/plan/plan_read.h"
#include "callbacks/start.h"
#include "client/call.h"

typedef struct reading reading;
typedef struct place place;

/* More APIs than there are. */
#define MOST_APIS 16

/* A declared listener on its way through the hooks. */
typedef struct probe {
    place *place;
    thingspace_pending *pending;
    thingspace_result *result; /* NULL: not selected, or it could not begin, which is noted */
} probe;

/* One account under way; free while `account` is NULL. */
struct place {
    reading *reading;
    const char *account;
    decision decision;
    desired_listeners desired;
    thingspace_pending *listing;
    thingspace_result *listed[MOST_APIS];
    size_t listed_count;
    probe *probes; /* one for each of `desired` */
    size_t left;   /* probes under way */
};

struct reading {
    thingspace_client *client;
    generation *generation;
    thingspace_plan *plan;
    const selection *selection;
    ours *ours;
    const thingspace_plan_options *options;
    place places[PLAN_READ_AT_ONCE];
    size_t next, done, under_way;
    size_t unread;
    bool over;
    thingspace_status status; /* of the run */
    thingspace_error *error;
};

/* ---- what goes wrong ---- */

static void stop(reading *reading, thingspace_status status, const thingspace_error *error)
{
    if (reading->status != THINGSPACE_OK)
        return;
    reading->status = status;
    if (status == THINGSPACE_MEMORY || !error)
        error_memory(reading->error);
    else
        error_copy(reading->error, error);
}

/* Whether the failure is the run's, and not that of the account. */
static bool stops(thingspace_status status)
{
    return status == THINGSPACE_CANCELLED || status == THINGSPACE_MEMORY;
}

/* `service` NULL: the whole account. */
static void note(place *place, const char *service, const thingspace_error *error)
{
    reading *reading = place->reading;
    const credential *credential = place->decision.credential;
    const plan_failure failure = {
        .account = place->account,
        .service = service,
        .credential = credential ? credential->name : NULL,
        .kind = error->kind,
        .message = error->message,
        .code = error->code,
    };
    if (stops(error->kind))
        stop(reading, error->kind, error);
    else if (plan_add_failure(reading->plan, &failure) != THINGSPACE_OK)
        stop(reading, THINGSPACE_MEMORY, NULL);
    reading->unread += service == NULL;
}

/* ---- places ---- */

static void clear(place *place)
{
    reading *reading = place->reading;
    for (size_t i = 0; place->probes && i < place->desired.count; i++)
        thingspace_result_free(place->probes[i].result);
    free(place->probes);
    for (size_t i = 0; i < place->listed_count; i++)
        thingspace_result_free(place->listed[i]);
    desired_listeners_dispose(&place->desired);
    decision_dispose(&place->decision);
    *place = (struct place){.reading = reading};
}

static place *find_free(reading *reading)
{
    for (size_t i = 0; i < PLAN_READ_AT_ONCE; i++)
        if (!reading->places[i].account)
            return &reading->places[i];
    return NULL;
}

static void end_account(place *place)
{
    reading *reading = place->reading;
    const thingspace_plan_options *options = reading->options;
    clear(place);
    reading->under_way--;
    reading->done++;
    if (options->progress && reading->status == THINGSPACE_OK)
        options->progress(options->progress_user, reading->done, reading->selection->count,
                          reading->unread);
}

/* ---- 5: compare ---- */

static const json *body_of(const probe *probe)
{
    bool good = probe->result && probe->result->status == THINGSPACE_OK;
    return good ? request_json(probe->result->request) : NULL;
}

static const char *owner_of(const place *place)
{
    return place->decision.tenant ? place->decision.tenant->name : NULL;
}

static bool is_selected(const place *place, size_t index)
{
    return selection_has_service(place->reading->selection, place->desired.items[index].service);
}

static bool is_of(const api_row *api, const char *name)
{
    return name ? text_equal(api->info.name, name) : api_row_is_default(api);
}

/* NULL: not read yet. `api` NULL: connectivity. */
static const thingspace_result *listed_of(const place *place, const char *api)
{
    for (size_t i = 0; i < place->listed_count; i++)
        if (is_of(place->listed[i]->api, api))
            return place->listed[i];
    return NULL;
}

/* What the hooks denied, and where those lead that they did not. */
static thingspace_status hear_probes(place *place)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < place->desired.count && status == THINGSPACE_OK; i++) {
        const desired_listener *listener = &place->desired.items[i];
        const probe *probe = &place->probes[i];
        const json *body = body_of(probe);
        if (probe->result && !body)
            note(place, listener->service, &probe->result->error);
        if (body)
            status = ours_declare(place->reading->ours, owner_of(place),
                                  json_get_string(body, probe->result->api->url_member));
    }
    return status;
}

static thingspace_status compare_list(place *place, const thingspace_result *listed,
                                      plan_wanted *wanted)
{
    plan_account account = {
        .name = place->account,
        .api = listed->api,
        .owner = owner_of(place),
        .rows = listed->rows,
        .row_count = listed->row_count,
        .wanted = wanted,
        .selection = place->reading->selection,
    };
    for (size_t i = 0; i < place->desired.count; i++)
        if (is_of(listed->api, place->desired.items[i].api))
            wanted[account.wanted_count++] = (plan_wanted){
                .service = place->desired.items[i].service,
                .body = body_of(&place->probes[i]),
            };
    return plan_compare(place->reading->plan, &account);
}

static void compare(place *place)
{
    plan_wanted *wanted = calloc(place->desired.count + 1, sizeof(*wanted));
    thingspace_status status = wanted ? hear_probes(place) : THINGSPACE_MEMORY;
    for (size_t i = 0; i < place->listed_count && status == THINGSPACE_OK; i++)
        status = compare_list(place, place->listed[i], wanted);
    if (status != THINGSPACE_OK)
        stop(place->reading, status, NULL);
    free(wanted);
}

/* ---- 3, 4: what hooks make of what is declared ---- */

static void go_on(reading *reading);

static void probe_is_over(place *place)
{
    reading *reading = place->reading;
    if (--place->left > 0)
        return;
    if (reading->status == THINGSPACE_OK)
        compare(place);
    end_account(place);
    go_on(reading);
}

static void on_probed(thingspace_result *result, void *user)
{
    probe *probe = user;
    probe->pending = NULL;
    probe->result = result;
    if (stops(result->status))
        stop(probe->place->reading, result->status, &result->error);
    probe_is_over(probe->place);
}

static thingspace_status find_password(const place *place, const desired_listener *listener,
                                       thingspace_secret **out, thingspace_error *error)
{
    const thingspace_result *listed = listed_of(place, listener->api);
    const listener_row *row = listed ? result_find(listed, listener->service) : NULL;
    if (listener->password)
        return secret_source_resolve(listener->password, out, &place->reading->client->log, error);
    if (!listener->password_registered || !row || !row->shown.has_password)
        return THINGSPACE_OK;
    return thingspace_secret_new(out, row->password, strlen(row->password), error);
}

static thingspace_status start_probe(place *place, probe *probe, const desired_listener *listener,
                                     thingspace_error *error)
{
    cleanup_secret thingspace_secret *password = NULL;
    cleanup_text char *url = NULL;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    thingspace_status status =
        desired_listener_url(&url, listener, place->account, &place->reading->client->log, error);
    if (status == THINGSPACE_OK)
        status = find_password(place, listener, &password, error);
    if (status != THINGSPACE_OK)
        return status;
    request.operation = THINGSPACE_REGISTER;
    request.account = place->account;
    request.service = listener->service;
    request.api = listener->api;
    request.url = url;
    request.username = listener->username;
    request.password = password;
    probe->place = place;
    return start_begin(place->reading->client, &probe->pending, &request,
                       THINGSPACE_DRY_RUN | CALL_QUIET, on_probed, probe, error);
}

static void start_probes(place *place)
{
    reading *reading = place->reading;
    place->left = 1; /* this function */
    place->probes = calloc(place->desired.count + 1, sizeof(*place->probes));
    if (!place->probes)
        stop(reading, THINGSPACE_MEMORY, NULL);
    for (size_t i = 0; i < place->desired.count && reading->status == THINGSPACE_OK; i++) {
        const desired_listener *listener = &place->desired.items[i];
        thingspace_error error = THINGSPACE_ERROR_INIT;
        if (!is_selected(place, i))
            continue;
        if (start_probe(place, &place->probes[i], listener, &error) == THINGSPACE_OK)
            place->left++;
        else
            note(place, listener->service, &error);
    }
    probe_is_over(place);
}

/* ---- 1, 2: decide and list ---- */

static void on_listed(thingspace_result *result, void *user);

static thingspace_status start_list(place *place, const char *api, thingspace_error *error)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_LIST;
    request.account = place->account;
    request.api = api;
    return start_begin(place->reading->client, &place->listing, &request, 0, on_listed, place,
                       error);
}

/* One that is declared and not read yet; NULL: there is none. */
static const char *next_api(const place *place)
{
    for (size_t i = 0; i < place->desired.count && place->listed_count < MOST_APIS; i++) {
        const char *api = place->desired.items[i].api;
        if (api && is_selected(place, i) && !listed_of(place, api))
            return api;
    }
    return NULL;
}

/* False: the account is over. */
static bool go_on_with(place *place, const thingspace_result *listed)
{
    reading *reading = place->reading;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    if (listed->status != THINGSPACE_OK)
        note(place, NULL, &listed->error);
    if (listed->status != THINGSPACE_OK || reading->status != THINGSPACE_OK)
        return false;
    const char *api = next_api(place);
    if (!api)
        start_probes(place);
    else if (start_list(place, api, &error) != THINGSPACE_OK)
        stop(reading, error.kind, &error);
    return !api || reading->status == THINGSPACE_OK;
}

static void on_listed(thingspace_result *result, void *user)
{
    place *place = user;
    reading *reading = place->reading;
    place->listing = NULL;
    place->listed[place->listed_count++] = result;
    if (go_on_with(place, result))
        return;
    end_account(place);
    go_on(reading);
}

static thingspace_status decide(place *place, thingspace_error *error)
{
    reading *reading = place->reading;
    policy *policy = generation_policy(reading->generation);
    thingspace_status status = client_resolve(reading->client, reading->generation,
                                              &place->decision, place->account, error);
    if (status == THINGSPACE_OK)
        status = policy_listeners(policy, &place->desired, place->account, error);
    if (status == THINGSPACE_OK && plan_add_endpoint(reading->plan, place->decision.endpoint->name))
        status = error_memory(error);
    return status;
}

static void begin_account(reading *reading)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    place *place = find_free(reading);
    place->account = reading->selection->accounts[reading->next++];
    reading->under_way++;
    bool decided = decide(place, &error) == THINGSPACE_OK;
    if (!decided)
        note(place, NULL, &error);
    else if (start_list(place, NULL, &error) == THINGSPACE_OK)
        return;
    else
        stop(reading, error.kind, &error);
    end_account(place);
}

static void go_on(reading *reading)
{
    while (reading->status == THINGSPACE_OK && reading->next < reading->selection->count &&
           reading->under_way < PLAN_READ_AT_ONCE)
        begin_account(reading);
    reading->over = reading->under_way == 0;
}

/* ---- the run ---- */

static void cancel_probes(place *place)
{
    /* the last one to end clears the place */
    for (size_t i = 0; place->probes && i < place->desired.count; i++)
        thingspace_call_cancel(place->probes[i].pending);
}

static void cancel_all(reading *reading)
{
    for (size_t i = 0; i < PLAN_READ_AT_ONCE; i++) {
        place *place = &reading->places[i];
        thingspace_call_cancel(place->listing);
        cancel_probes(place);
    }
}

thingspace_status plan_read_declared(policy *policy, ours *ours)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < policy_account_count(policy) && status != THINGSPACE_MEMORY; i++) {
        const char *account = policy_account(policy, i);
        desired_listeners desired = {0};
        tenant *tenant = NULL;
        (void)policy_tenant_of(policy, account, &tenant, NULL);
        status = policy_listeners(policy, &desired, account, NULL);
        for (size_t k = 0; status == THINGSPACE_OK && k < desired.count; k++)
            status = ours_declare(ours, tenant ? tenant->name : NULL, desired.items[k].url);
        desired_listeners_dispose(&desired);
    }
    return status == THINGSPACE_MEMORY ? status : THINGSPACE_OK;
}

static void run(reading *reading)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    go_on(reading);
    thingspace_status status = THINGSPACE_OK;
    if (!reading->over)
        status = client_run_until(reading->client, &reading->over, &error);
    if (status != THINGSPACE_OK)
        stop(reading, status, &error);
    if (!reading->over)
        cancel_all(reading);
}

thingspace_status plan_read(thingspace_plan *plan, thingspace_client *client,
                            generation *generation, const selection *selection, ours *ours,
                            const thingspace_plan_options *options, thingspace_error *error)
{
    thingspace_error local = THINGSPACE_ERROR_INIT;
    reading *self = calloc(1, sizeof(*self));
    if (!self)
        return error_memory(error);
    *self = (reading){
        .client = client,
        .generation = generation,
        .plan = plan,
        .selection = selection,
        .ours = ours,
        .options = options,
        .error = error ? error : &local,
    };
    for (size_t i = 0; i < PLAN_READ_AT_ONCE; i++)
        self->places[i].reading = self;
    run(self);
    plan->counts.accounts = selection->count;
    thingspace_status status = self->status;
    free(self);
    return status;
}
