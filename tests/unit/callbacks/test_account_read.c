/* SPDX-License-Identifier: MIT */
/* One account that is read: what is told, from where, and what a cancel ends at each step. */
#include <config.h>
#include "callbacks/fleet.h"
#include "callbacks/plan/account_read.h"

typedef struct reading {
    account_reader reader;
    account_read *read;
    unsigned told;
    thingspace_status status;
    size_t lists, wanted;
} reading;

static void on_read(account_read *read, const thingspace_error *error, void *user)
{
    reading *self = user;
    self->told++;
    self->status = error ? error->kind : THINGSPACE_OK;
    self->lists = account_read_count(read);
    self->wanted = self->lists > 0 ? account_read_at(read, 0).account->wanted_count : 0;
    account_read_free(read);
    self->read = NULL;
}

static thingspace_status begin(reading *self, service *service, const char *account)
{
    *self =
        (reading){.reader = {.client = service->client, .generation = service->client->generation}};
    return account_read_start(&self->read, &self->reader, account, on_read, self, NULL);
}

static void what_is_declared_and_listed_is_told(void)
{
    cleanup_service service;
    reading reading;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(begin(&reading, &service, "A"));
    CHECK_INT(reading.told, 0);
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(reading.told, 1);
    CHECK_OK(reading.status);
    CHECK(reading.lists == 1 && reading.wanted == 1);
}

static void an_account_that_nobody_declared_is_told_from_the_loop(void)
{
    cleanup_service service;
    reading reading;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(begin(&reading, &service, "X"));
    CHECK_INT(reading.told, 0);
    CHECK_OK(thingspace_client_run(service.client, -1, NULL));
    CHECK_INT(reading.told, 1);
    CHECK_INT(reading.status, THINGSPACE_POLICY);
    CHECK_INT(reading.lists, 0);
}

static bool is_cancelled(const char *account, long long after_ms)
{
    cleanup_service service;
    reading reading;
    if (fleet_start(&service, NULL, PAIR, WANTS_ONE) != THINGSPACE_OK ||
        !service_fault(&service, "GET /callbacks/* delay=5000") ||
        begin(&reading, &service, account) != THINGSPACE_OK)
        return false;
    if (after_ms > 0)
        (void)thingspace_client_run(service.client, after_ms, NULL);
    if (reading.told > 0)
        return false;
    account_read_cancel(reading.read);
    return reading.told == 1 && reading.status == THINGSPACE_CANCELLED &&
           thingspace_client_pending(service.client) == 0;
}

static void a_cancel_ends_it_at_each_step(void)
{
    CHECK(is_cancelled("X", 0));   /* what is wrong is not told yet */
    CHECK(is_cancelled("A", 0));   /* nothing is sent yet */
    CHECK(is_cancelled("A", 200)); /* listing */
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(what_is_declared_and_listed_is_told),
    CHECK_CASE_ONCE(an_account_that_nobody_declared_is_told_from_the_loop),
    CHECK_CASE_ONCE(a_cancel_ends_it_at_each_step),
};

CHECK_MAIN(cases)
