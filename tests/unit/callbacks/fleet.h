/* SPDX-License-Identifier: MIT */
/*
 * What tests of plan and apply share: a policy given as text, what is registered, and what was
 * told. For CHECK_CASE_ONCE.
 */
#ifndef FLEET_H
#define FLEET_H

#include <stdio.h>
#include <stdlib.h>
#include "base/text.h"
#include "callbacks/plan/plan.h"
#include "check.h"
#include "client/client.h"
#include "service.h"

#define OURS     "https://hooks.example.com/"
#define OLD      "https://old.example.com/"
#define STRANGER "https://other.example.net/"

/* `%s` is more of the policy. */
#define PAIR "return { name = 'pair', accounts = { 'A', 'B' }, owns = { '" OLD "*' },\n%s }"
#define WANTS_ONE                                                                                  \
    "listeners = function(account) return { CarrierService = { url = '" OURS "' .. account } } "   \
    "end"

/* A number of accounts T-0001, ..., each with one listener. */
#define FLEET                                                                                      \
    "local rows = {}\n"                                                                            \
    "for i = 1, %d do rows[i] = string.format('T-%%04d', i) end\n"                                 \
    "return { name = 'fleet', accounts = rows, owns = { '" OLD "*' }, " WANTS_ONE " }"

static inline thingspace_status fleet_client(service *service, thingspace_client **out,
                                             const char *policy)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.policy_text = policy;
    options.policy_folder = check_folder();
    return service_client(service, out, &options);
}

/* `options` of the simulator may be NULL. */
static inline thingspace_status fleet_start(service *service,
                                            const thingspace_simulator_options *options,
                                            const char *format, const char *more)
{
    cleanup_text char *policy = text_format(format, more);
    thingspace_status status = service_start_alone(service, options);
    return status == THINGSPACE_OK ? fleet_client(service, &service->client, policy) : status;
}

static inline thingspace_status fleet_start_many(service *service, int count)
{
    cleanup_text char *policy = text_format(FLEET, count);
    thingspace_status status = service_start_alone(service, NULL);
    return status == THINGSPACE_OK ? fleet_client(service, &service->client, policy) : status;
}

static inline thingspace_status fleet_add(service *service, const char *account, const char *name,
                                          const char *url, const char *password)
{
    thingspace_simulator_listener listener = THINGSPACE_SIMULATOR_LISTENER_INIT;
    listener.account = account;
    listener.service = name;
    listener.url = url;
    listener.password = password;
    return thingspace_simulator_add_listener(service->simulator, &listener, NULL);
}

static inline int compare_lines(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* "ACCOUNT SERVICE URL PASSWORD;" of each listener, sorted; valid until the next call. */
static inline const char *fleet_registered(service *service)
{
    static char lines[200][200];
    static char text[40000];
    size_t count = 0, used = 0;
    cleanup_json json *state = service_state(service);
    for (const json *row = json_first(json_get(state, "listeners")); row && count < 200;
         row = json_next(row))
        snprintf(lines[count++], sizeof(lines[0]), "%s %s %s %s;",
                 json_get_string(row, "accountName"), json_get_string(row, "serviceName"),
                 json_get_string(row, "url"), json_get_string(row, "password"));
    qsort(lines, count, sizeof(lines[0]), compare_lines);
    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s", lines[i]);
    return text;
}

/* ---- what is told ---- */

typedef struct hearing {
    char text[40000]; /* "ACCOUNT SERVICE ACTION RESULT[ KIND][ unchanged];" in the order of telling
                       */
    char last[512];   /* the last error's message */
    size_t count, used;
    thingspace_client *interrupts; /* after `at` changes; NULL: nothing */
    size_t at;
} hearing;

static inline void fleet_hear(void *user, const thingspace_change *change)
{
    hearing *told = user;
    told->count++;
    told->used += (size_t)snprintf(told->text + told->used, sizeof(told->text) - told->used,
                                   "%s %s %s %s%s%s%s;", change->account, change->service,
                                   change->action, change->result, change->error ? " " : "",
                                   change->error ? thingspace_status_name(change->error->kind) : "",
                                   change->unchanged ? " unchanged" : "");
    if (change->error)
        snprintf(told->last, sizeof(told->last), "%s", change->error->message);
    if (told->interrupts && told->count == told->at)
        thingspace_client_interrupt(told->interrupts);
}

static inline thingspace_status fleet_apply(thingspace_client *client, thingspace_plan *plan,
                                            unsigned flags, hearing *told, thingspace_error *error)
{
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    options.flags = flags;
    options.done = fleet_hear;
    options.done_user = told;
    told->used = told->count = 0;
    told->text[0] = told->last[0] = '\0';
    thingspace_status status = thingspace_apply(client, plan, NULL, &options, error);
    if (error && status != THINGSPACE_OK)
        printf("# %s: %s\n", thingspace_status_name(status), error->message);
    return status;
}

/* As if it was made with the policy of this client. */
static inline void fleet_adopt(thingspace_plan *plan, const thingspace_client *client)
{
    digest_write(generation_digest(client->generation), plan->digest);
}

/* Plans and applies. */
static inline thingspace_status fleet_run(service *service, unsigned flags, hearing *told,
                                          thingspace_error *error)
{
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_status status = thingspace_plan_make(service->client, &plan, NULL, error);
    return status == THINGSPACE_OK ? fleet_apply(service->client, plan, flags, told, error)
                                   : status;
}

#endif
