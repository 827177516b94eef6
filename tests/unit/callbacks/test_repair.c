/* SPDX-License-Identifier: MIT */
/* What runs that died left: registered once, by whoever comes next, and nothing else is touched. */
#include <config.h>
#include <stdlib.h>
#include "callbacks/listeners.h"
#include "client/client.h"

typedef struct told {
    int count;
    char url[100];
} told;

static void note(const intent *intent, const char *url, const thingspace_error *error, void *user)
{
    told *told = user;
    (void)intent;
    (void)error;
    told->count++;
    snprintf(told->url, sizeof(told->url), "%s", url ? url : "");
}

static void a_repair_registers_what_was_wanted(void)
{
    cleanup_service service;
    told told = {0};
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(leave(&service, NULL, ACCOUNT));
    CHECK_OK(repair_all(service.client, note, &told, NULL));
    CHECK_INT(told.count, 1);
    CHECK_TEXT(told.url, NEW);
    CHECK_TEXT(registered(&service), NEW " p-new");
    CHECK_INT(count_records(&service), 0);
    CHECK_OK(repair_all(service.client, note, &told, NULL));
    CHECK_INT(told.count, 1);
}

static void a_repair_whose_new_one_is_refused_registers_the_old_one(void)
{
    cleanup_service service;
    told told = {0};
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(leave(&service, NULL, ACCOUNT));
    CHECK(service_fault(&service, "POST /callbacks/* times=1 " INVALID));
    CHECK_OK(repair_all(service.client, note, &told, NULL));
    CHECK_TEXT(told.url, OLD);
    CHECK_TEXT(registered(&service), OLD " p-old");
    CHECK_INT(count_records(&service), 0);
}

static void what_is_registered_is_not_touched_by_a_repair(void)
{
    cleanup_service service;
    told told = {0};
    CHECK_OK(start(&service));
    CHECK_OK(leave(&service, NULL, ACCOUNT));
    CHECK_OK(repair_all(service.client, note, &told, NULL));
    CHECK_INT(told.count, 0);
    CHECK_INT(count_records(&service), 1);
    CHECK_OK(repair_all_later(&service));
    CHECK_INT(service_count(&service, POST), 0);
    CHECK_TEXT(registered(&service), OLD " p-old");
    CHECK_INT(count_records(&service), 0);
}

/* What a dead run has sent is carried out after the next run has looked for the first time. */
static void a_delete_that_takes_effect_late_is_repaired(void)
{
    cleanup_service service;
    CHECK_OK(start(&service));
    CHECK_OK(leave(&service, NULL, ACCOUNT));
    CHECK_OK(repair_all(service.client, NULL, NULL, NULL));
    CHECK_TEXT(registered(&service), OLD " p-old");
    CHECK_OK(thingspace_call(service.client, NULL, ACCOUNT, "DELETE",
                             "/callbacks/{account}/name/CarrierService", NULL, 0, NULL));
    CHECK_TEXT(registered(&service), "");
    CHECK_OK(repair_all(service.client, NULL, NULL, NULL));
    CHECK_TEXT(registered(&service), NEW " p-new");
    CHECK_INT(count_records(&service), 0);
}

/* A directory that has long been without records is not read again until it changes. */
static void a_record_that_comes_after_a_quiet_time_is_found(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(thingspace_list(service.client, NULL, "Other", NULL));
    clock_shift_wall(5000);
    thingspace_status status = repair_all(service.client, NULL, NULL, NULL);
    clock_shift_wall(-5000);
    CHECK_OK(status);
    CHECK(service.client->tidy_ns != 0);
    CHECK_OK(repair_all(service.client, NULL, NULL, NULL));
    CHECK_OK(leave(&service, NULL, ACCOUNT));
    CHECK_OK(repair_all(service.client, NULL, NULL, NULL));
    CHECK_TEXT(registered(&service), NEW " p-new");
}

static void a_repair_that_fails_is_told_and_tried_again(void)
{
    cleanup_service service;
    told told = {0};
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(leave(&service, NULL, ACCOUNT));
    CHECK(service_fault(&service, "POST /callbacks/* " INVALID));
    CHECK_OK(repair_all(service.client, note, &told, NULL));
    CHECK_INT(told.count, 1);
    CHECK_TEXT(told.url, "");
    CHECK_INT(count_records(&service), 1);
    CHECK(service_faultless(&service));
    CHECK_OK(repair_all(service.client, note, &told, NULL));
    CHECK_TEXT(told.url, NEW);
}

static void a_record_of_another_endpoint_is_left_alone(void)
{
    cleanup_service service;
    told told = {0};
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(leave(&service, "https://thingspace.example.com", ACCOUNT));
    CHECK_OK(repair_all(service.client, note, &told, NULL));
    CHECK_INT(told.count, 0);
    CHECK_INT(count_records(&service), 1);
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

static void an_interrupted_repair_keeps_the_record(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(leave(&service, NULL, ACCOUNT));
    thingspace_client_interrupt(service.client);
    CHECK_STATUS(repair_all(service.client, NULL, NULL, NULL), THINGSPACE_CANCELLED);
    CHECK_INT(count_records(&service), 1);
}

static void a_register_of_any_account_repairs_first(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(leave(&service, NULL, ACCOUNT));
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = "Other";
    request.service = "DeviceService";
    request.url = "ftp://refused.example.com/";
    CHECK_STATUS(thingspace_ensure(service.client, NULL, NULL, &request, NULL), THINGSPACE_USAGE);
    CHECK_TEXT(registered(&service), NEW " p-new");
    CHECK_INT(count_records(&service), 0);
}

static void what_is_deregistered_does_not_come_back(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(leave(&service, NULL, ACCOUNT));
    CHECK_OK(thingspace_deregister(service.client, NULL, ACCOUNT, "CarrierService", NULL));
    CHECK_INT(count_records(&service), 0);
    CHECK_OK(repair_all(service.client, NULL, NULL, NULL));
    CHECK_TEXT(registered(&service), "");
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_repair_registers_what_was_wanted),
    CHECK_CASE_ONCE(a_repair_whose_new_one_is_refused_registers_the_old_one),
    CHECK_CASE_ONCE(what_is_registered_is_not_touched_by_a_repair),
    CHECK_CASE_ONCE(a_delete_that_takes_effect_late_is_repaired),
    CHECK_CASE_ONCE(a_record_that_comes_after_a_quiet_time_is_found),
    CHECK_CASE_ONCE(a_repair_that_fails_is_told_and_tried_again),
    CHECK_CASE_ONCE(a_record_of_another_endpoint_is_left_alone),
    CHECK_CASE_ONCE(an_interrupted_repair_keeps_the_record),
    CHECK_CASE_ONCE(a_register_of_any_account_repairs_first),
    CHECK_CASE_ONCE(what_is_deregistered_does_not_come_back),
};

CHECK_MAIN(cases)
