/* SPDX-License-Identifier: MIT */
/*
 * What tests of updates and repairs share: a service with the old listener, what is registered
 * there, and the records in the state directory. For CHECK_CASE_ONCE.
 */
#ifndef LISTENERS_H
#define LISTENERS_H

#include <dirent.h>
#include <stdio.h>
#include "base/clock.h"
#include "callbacks/repair.h"
#include "check.h"
#include "service.h"

#define ACCOUNT "TestAccount-2"
#define OLD     "https://old.example.com/a"
#define NEW     "https://new.example.com/a"
#define POST    "POST /api/m2m/v1/callbacks/" ACCOUNT
#define INVALID "status=400 body=\"{\\\"errorCode\\\":\\\"X.INPUT_INVALID.Url\\\"}\""

static inline thingspace_status add_old(service *service, const char *account)
{
    thingspace_simulator_listener listener = THINGSPACE_SIMULATOR_LISTENER_INIT;
    listener.account = account;
    listener.service = "CarrierService";
    listener.url = OLD;
    listener.username = "u";
    listener.password = "p-old";
    return thingspace_simulator_add_listener(service->simulator, &listener, NULL);
}

/* A service that refuses to overwrite, with the old listener, and a client that is logged in. */
static inline thingspace_status start(service *service)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    options.second_post = THINGSPACE_SIMULATOR_POST_REFUSED;
    thingspace_status status = service_start(service, &options);
    if (status == THINGSPACE_OK)
        status = add_old(service, ACCOUNT);
    if (status == THINGSPACE_OK)
        status = thingspace_list(service->client, NULL, "Other", NULL);
    return status;
}

/* "URL PASSWORD" of the account's listener; "" when there is none. */
static inline const char *registered(service *service)
{
    static char text[200];
    cleanup_json json *state = service_state(service);
    const json *row = json_first(json_get(state, "listeners"));
    text[0] = '\0';
    if (row)
        snprintf(text, sizeof(text), "%s %s", json_get_string(row, "url"),
                 json_get_string(row, "password"));
    return text;
}

static inline int count_records(const service *service)
{
    int count = 0;
    DIR *listing = opendir(service->state_dir);
    for (struct dirent *entry = listing ? readdir(listing) : NULL; entry; entry = readdir(listing))
        count += strncmp(entry->d_name, "intent-", 7) == 0 && !strstr(entry->d_name, ".lock");
    if (listing)
        closedir(listing);
    return count;
}

/* A record as a run that died leaves it. */
static inline thingspace_status leave(service *service, const char *endpoint, const char *account)
{
    static const listener_row wanted = {.shown = {.url = NEW, .username = "n", .has_password = 1},
                                        .password = "p-new"};
    static const listener_row old = {.shown = {.url = OLD, .username = "u", .has_password = 1},
                                     .password = "p-old"};
    intent intent = {.account = strdup(account), .service = strdup("CarrierService")};
    char url[200];
    state *opened = NULL;
    state_lock lock = STATE_LOCK_INIT;
    snprintf(url, sizeof(url), "%s/api/m2m/v1",
             endpoint ? endpoint : thingspace_simulator_url(service->simulator));
    intent.endpoint = strdup(url);
    thingspace_status status = state_open(&opened, service->state_dir, NULL);
    if (status == THINGSPACE_OK)
        status = intent_take_row(&intent.wanted, &wanted, NULL);
    if (status == THINGSPACE_OK)
        status = intent_take_row(&intent.old, &old, NULL);
    if (status == THINGSPACE_OK)
        status = intent_begin(opened, &intent, &lock, NULL);
    intent_leave(&lock);
    state_close(opened);
    intent_dispose(&intent);
    return status;
}

/* When nothing that a dead run has sent can be under way any more. */
static inline thingspace_status repair_all_later(service *service)
{
    clock_shift_wall(90000);
    thingspace_status status = repair_all(service->client, NULL, NULL, NULL);
    clock_shift_wall(-90000);
    return status;
}

#endif
