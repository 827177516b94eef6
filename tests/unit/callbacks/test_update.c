/* SPDX-License-Identifier: MIT */
/*
 * Updates, each step broken on purpose: afterwards a listener is there, or a record that the next
 * run goes by.
 */
#include <config.h>
#include <signal.h>
#include <sys/resource.h>
#include "callbacks/listeners.h"
#include "callbacks/update.h"

#define DELETE "DELETE /api/m2m/v1/callbacks/" ACCOUNT "/name/CarrierService"

typedef struct outcome {
    thingspace_status status;
    char message[512];
    int count;
} outcome;

static void keep(thingspace_status status, thingspace_result *result, const thingspace_error *error,
                 void *user)
{
    outcome *outcome = user;
    outcome->status = status;
    snprintf(outcome->message, sizeof(outcome->message), "%s", error ? error->message : "");
    outcome->count++;
    thingspace_result_free(result);
}

static thingspace_status begin(service *service, update **out, const char *account,
                               outcome *outcome)
{
    static const listener_row old = {
        .shown = {.url = OLD, .username = "u", .has_password = 1},
        .password = "p-old",
    };
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_REGISTER;
    request.method = "POST";
    request.account = account;
    request.service = "CarrierService";
    request.url = NEW;
    request.timeout_ms = 4000;
    return update_start(service->client, out, &request, &old, keep, outcome, NULL);
}

static thingspace_status run(service *service, outcome *outcome)
{
    update *update;
    *outcome = (struct outcome){0};
    thingspace_status status = begin(service, &update, ACCOUNT, outcome);
    if (status == THINGSPACE_OK)
        (void)thingspace_client_run(service->client, -1, NULL);
    return status;
}

/* ---- faults ---- */

static void what_is_refused_is_removed_and_made_anew(void)
{
    cleanup_service service;
    outcome outcome;
    CHECK_OK(start(&service));
    CHECK_OK(run(&service, &outcome));
    CHECK_OK(outcome.status);
    CHECK_INT(outcome.count, 1);
    CHECK_TEXT(registered(&service), NEW " ");
    CHECK_INT(service_count(&service, POST), 2);
    CHECK_INT(service_count(&service, DELETE), 1);
    CHECK_INT(count_records(&service), 0);
}

static void what_fails_for_another_reason_removes_nothing(void)
{
    cleanup_service service;
    outcome outcome;
    CHECK_OK(start(&service));
    CHECK(service_fault(&service, "POST /callbacks/* status=503"));
    CHECK_OK(run(&service, &outcome));
    CHECK_INT(outcome.status, THINGSPACE_SERVICE);
    CHECK_INT(service_count(&service, DELETE), 0);
    CHECK_TEXT(registered(&service), OLD " p-old");
}

static void without_room_for_the_record_nothing_is_removed(void)
{
    cleanup_service service;
    outcome outcome;
    struct rlimit before;
    CHECK_OK(start(&service));
    CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
    const struct rlimit none = {0, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    CHECK(setrlimit(RLIMIT_FSIZE, &none) == 0);
    thingspace_status status = run(&service, &outcome);
    setrlimit(RLIMIT_FSIZE, &before);
    CHECK_OK(status);
    CHECK_INT(outcome.status, THINGSPACE_LOCAL);
    CHECK(strstr(outcome.message, "the old listener was not removed") != NULL);
    CHECK_INT(service_count(&service, DELETE), 0);
    CHECK_TEXT(registered(&service), OLD " p-old");
}

static void a_delete_whose_answer_is_lost_is_read_back(void)
{
    cleanup_service service;
    outcome outcome;
    CHECK_OK(start(&service));
    CHECK(service_fault(&service, "DELETE /callbacks/* times=1 after close"));
    CHECK_OK(run(&service, &outcome));
    CHECK_OK(outcome.status);
    CHECK_TEXT(registered(&service), NEW " ");
    CHECK_INT(count_records(&service), 0);
}

/* The last attempt has an answer, one before it had none, and the list cannot be read. */
static void a_delete_that_is_refused_in_the_end_may_have_been_done(void)
{
    static const char *const faults[] = {"DELETE /callbacks/* times=1 after status=502",
                                         "DELETE /callbacks/* times=1 after reset"};
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        cleanup_service service;
        outcome outcome;
        CHECK_OK(start(&service));
        CHECK(service_fault(&service, faults[i]));
        CHECK(service_fault(&service, "GET /callbacks/* status=400 body=\"{}\""));
        CHECK_OK(run(&service, &outcome));
        CHECK(outcome.status != THINGSPACE_OK);
        CHECK(strstr(outcome.message, "the old listener was put back") != NULL);
        CHECK_TEXT(registered(&service), OLD " p-old");
        CHECK_INT(count_records(&service), 1);
    }
}

static void after_a_delete_in_doubt_the_old_one_is_put_back(void)
{
    cleanup_service service;
    outcome outcome;
    CHECK_OK(start(&service));
    CHECK(service_fault(&service, "DELETE /callbacks/* after close"));
    CHECK(service_fault(&service, "GET /callbacks/* close"));
    CHECK_OK(run(&service, &outcome));
    CHECK(outcome.status != THINGSPACE_OK);
    CHECK(strstr(outcome.message, "the old listener was put back") != NULL);
    CHECK_TEXT(registered(&service), OLD " p-old");
    CHECK_INT(count_records(&service), 1); /* it may yet be removed */
}

static void after_a_delete_that_did_nothing_the_list_tells(void)
{
    cleanup_service service;
    outcome outcome;
    CHECK_OK(start(&service));
    CHECK(service_fault(&service, "DELETE /callbacks/* close"));
    CHECK(service_fault(&service, "GET /callbacks/* close times=4"));
    CHECK_OK(run(&service, &outcome));
    CHECK(outcome.status != THINGSPACE_OK);
    CHECK(strstr(outcome.message, "goes to " OLD " now") != NULL);
    CHECK_TEXT(registered(&service), OLD " p-old");
    /* It may yet take effect. */
    CHECK_INT(count_records(&service), 1);
    CHECK(service_faultless(&service));
    CHECK_OK(repair_all_later(&service));
    CHECK_TEXT(registered(&service), OLD " p-old");
    CHECK_INT(count_records(&service), 0);
}

static void a_second_post_whose_answer_is_lost_is_read_back(void)
{
    cleanup_service service;
    outcome outcome;
    CHECK_OK(start(&service));
    CHECK(service_fault(&service, "POST /callbacks/* skip=1 times=1 after close"));
    CHECK_OK(run(&service, &outcome));
    CHECK_OK(outcome.status);
    CHECK_TEXT(registered(&service), NEW " ");
    CHECK_INT(count_records(&service), 0);
}

static void a_second_post_that_is_refused_puts_the_old_one_back(void)
{
    cleanup_service service;
    outcome outcome;
    CHECK_OK(start(&service));
    CHECK(service_fault(&service, "POST /callbacks/* skip=1 times=1 " INVALID));
    CHECK_OK(run(&service, &outcome));
    CHECK_INT(outcome.status, THINGSPACE_SERVICE);
    CHECK(strstr(outcome.message, "the old listener was put back, because the new one failed"));
    CHECK_TEXT(registered(&service), OLD " p-old");
    CHECK_INT(count_records(&service), 0);
}

static void what_cannot_be_put_back_is_left_to_the_next_run(void)
{
    cleanup_service service;
    outcome outcome;
    CHECK_OK(start(&service));
    CHECK(service_fault(&service, "POST /callbacks/* skip=1 " INVALID));
    CHECK_OK(run(&service, &outcome));
    CHECK_INT(outcome.status, THINGSPACE_SERVICE);
    CHECK(strstr(outcome.message, "has NO listener now") != NULL);
    CHECK_TEXT(registered(&service), "");
    CHECK_INT(count_records(&service), 1);
    CHECK(service_faultless(&service));
    CHECK_OK(repair_all(service.client, NULL, NULL, NULL));
    CHECK_TEXT(registered(&service), NEW " ");
    CHECK_INT(count_records(&service), 0);
}

static void a_service_that_is_gone_after_the_delete_is_left_to_the_next_run(void)
{
    cleanup_service service;
    outcome outcome;
    CHECK_OK(start(&service));
    CHECK(service_fault(&service, "POST /callbacks/* skip=1 close"));
    CHECK(service_fault(&service, "GET /callbacks/* close"));
    CHECK_OK(run(&service, &outcome));
    CHECK(strstr(outcome.message, "may have NO listener now") != NULL);
    CHECK_INT(count_records(&service), 1);
    CHECK(service_faultless(&service));
    cleanup_client thingspace_client *next = NULL;
    CHECK_OK(service_client(&service, &next, NULL));
    CHECK_OK(repair_all(next, NULL, NULL, NULL));
    CHECK_TEXT(registered(&service), NEW " ");
    CHECK_INT(count_records(&service), 0);
}

static void what_another_run_registered_meanwhile_is_told(void)
{
    cleanup_service service;
    outcome outcome;
    CHECK_OK(start(&service));
    /* The second POST takes effect, and is answered as if another's listener were there. */
    CHECK(service_fault(&service, "POST /callbacks/* skip=1 times=1 after " INVALID));
    CHECK_OK(run(&service, &outcome));
    CHECK_INT(outcome.status, THINGSPACE_SERVICE);
    CHECK(strstr(outcome.message, "goes to " NEW " now") != NULL);
    CHECK_INT(count_records(&service), 0);
}

static void another_run_that_changes_the_listener_is_respected(void)
{
    cleanup_service service;
    outcome first = {0}, second = {0};
    update *one, *other;
    CHECK_OK(start(&service));
    CHECK(service_fault(&service, "DELETE /callbacks/* delay=300"));
    CHECK_OK(begin(&service, &one, ACCOUNT, &first));
    CHECK_OK(begin(&service, &other, ACCOUNT, &second));
    (void)thingspace_client_run(service.client, -1, NULL);
    CHECK_INT(first.count + second.count, 2);
    const outcome *good = first.status == THINGSPACE_OK ? &first : &second;
    const outcome *bad = good == &first ? &second : &first;
    CHECK_OK(good->status);
    CHECK_INT(bad->status, THINGSPACE_REFUSED);
    CHECK(strstr(bad->message, "is being changed by another process") != NULL);
    CHECK_INT(service_count(&service, DELETE), 1);
    CHECK_TEXT(registered(&service), NEW " ");
}

static void many_run_at_once_in_one_client(void)
{
    enum { COUNT = 60 };
    static outcome outcomes[COUNT];
    cleanup_service service;
    memset(outcomes, 0, sizeof(outcomes));
    CHECK_OK(start(&service));
    CHECK(service_fault(&service, "DELETE * delay=20"));
    for (int i = 0; i < COUNT; i++) {
        char account[40];
        update *update;
        snprintf(account, sizeof(account), "Many-%d", i);
        CHECK_OK(add_old(&service, account));
        CHECK_OK(begin(&service, &update, account, &outcomes[i]));
    }
    (void)thingspace_client_run(service.client, -1, NULL);
    for (int i = 0; i < COUNT; i++)
        CHECK(outcomes[i].count == 1 && outcomes[i].status == THINGSPACE_OK);
    CHECK_INT(count_records(&service), 0);
}

/* ---- interruptions ---- */

/* Interrupts while `rule` holds up the step; afterwards one of the two is there, and as many
 * records. */
static bool survives_interruption(const char *rule, thingspace_status wanted, const char *listener,
                                  int records)
{
    cleanup_service service;
    outcome outcome = {0};
    update *update;
    if (start(&service) != THINGSPACE_OK || !service_fault(&service, rule) ||
        begin(&service, &update, ACCOUNT, &outcome) != THINGSPACE_OK)
        return false;
    (void)thingspace_client_run(service.client, 250, NULL);
    bool early = outcome.count > 0;
    thingspace_client_interrupt(service.client);
    (void)thingspace_client_run(service.client, -1, NULL);
    printf("# %s: %d %s; %s\n", rule, (int)outcome.status, outcome.message, registered(&service));
    return !early && outcome.count == 1 && outcome.status == wanted &&
           strcmp(registered(&service), listener) == 0 && count_records(&service) == records;
}

static void interrupted_at_any_step_one_of_the_two_is_there(void)
{
    CHECK(survives_interruption("POST /callbacks/* times=1 delay=700", THINGSPACE_CANCELLED,
                                OLD " p-old", 0));
    CHECK(survives_interruption("DELETE /callbacks/* delay=700 after", THINGSPACE_CANCELLED,
                                OLD " p-old", 1));
    CHECK(survives_interruption("POST /callbacks/* skip=1 times=1 delay=700", THINGSPACE_OK,
                                NEW " ", 0));
    CHECK(survives_interruption("POST /callbacks/* skip=1 times=1 delay=700 after", THINGSPACE_OK,
                                NEW " ", 0));
}

/* Interrupted, the old one put back, and then the removal takes effect all the same. */
static void a_removal_later_than_what_was_put_back_is_repaired(void)
{
    cleanup_service service;
    outcome outcome = {0};
    update *update;
    thingspace_request late = THINGSPACE_REQUEST_INIT;
    late.operation = THINGSPACE_CALL;
    late.method = "DELETE";
    late.account = ACCOUNT;
    late.path = "/callbacks/" ACCOUNT "/name/CarrierService";
    CHECK_OK(start(&service));
    CHECK(service_fault(&service, "DELETE /callbacks/* times=1 delay=700 after"));
    CHECK_OK(begin(&service, &update, ACCOUNT, &outcome));
    (void)thingspace_client_run(service.client, 250, NULL);
    thingspace_client_interrupt(service.client);
    (void)thingspace_client_run(service.client, -1, NULL);
    CHECK_TEXT(registered(&service), OLD " p-old");
    thingspace_client_free(service.client);
    service.client = NULL;
    CHECK_OK(service_client(&service, &service.client, NULL));
    CHECK_OK(thingspace_perform(service.client, NULL, &late, NULL));
    CHECK_TEXT(registered(&service), "");
    CHECK_OK(repair_all(service.client, NULL, NULL, NULL));
    CHECK_TEXT(registered(&service), NEW " ");
    CHECK_INT(count_records(&service), 0);
}

/* The process "dies" while `rule` holds up the step; then the next one begins. */
static bool survives_death(const char *rule, const char *listener)
{
    cleanup_service service;
    outcome outcome = {0};
    update *update;
    if (start(&service) != THINGSPACE_OK || !service_fault(&service, rule) ||
        begin(&service, &update, ACCOUNT, &outcome) != THINGSPACE_OK)
        return false;
    (void)thingspace_client_run(service.client, 250, NULL);
    bool early = outcome.count > 0;
    update_abandon(update);
    thingspace_client_free(service.client);
    service.client = NULL;
    (void)service_faultless(&service);
    if (service_client(&service, &service.client, NULL) != THINGSPACE_OK ||
        repair_all(service.client, NULL, NULL, NULL) != THINGSPACE_OK)
        return false;
    printf("# %s: %s; %s\n", rule, outcome.message, registered(&service));
    return !early && outcome.count == 1 && strcmp(registered(&service), listener) == 0 &&
           count_records(&service) == 0;
}

static void dead_at_any_step_the_next_run_repairs(void)
{
    CHECK(survives_death("POST /callbacks/* times=1 delay=700", OLD " p-old"));
    CHECK(survives_death("DELETE /callbacks/* delay=700 after", NEW " "));
    CHECK(survives_death("POST /callbacks/* skip=1 times=1 delay=700 status=400", NEW " "));
    CHECK(survives_death("POST /callbacks/* skip=1 times=1 delay=700 after", NEW " "));
}

static void a_client_may_be_freed_in_the_middle(void)
{
    cleanup_service service;
    outcome outcome = {0};
    update *update;
    CHECK_OK(start(&service));
    CHECK(service_fault(&service, "DELETE /callbacks/* delay=700 after"));
    CHECK_OK(begin(&service, &update, ACCOUNT, &outcome));
    (void)thingspace_client_run(service.client, 250, NULL);
    thingspace_client_free(service.client);
    service.client = NULL;
    CHECK_INT(outcome.count, 1);
    CHECK_INT(outcome.status, THINGSPACE_CANCELLED);
    CHECK(strstr(outcome.message, "may have NO listener") != NULL);
    CHECK_INT(count_records(&service), 1);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(what_is_refused_is_removed_and_made_anew),
    CHECK_CASE_ONCE(what_fails_for_another_reason_removes_nothing),
    CHECK_CASE_ONCE(without_room_for_the_record_nothing_is_removed),
    CHECK_CASE_ONCE(a_delete_whose_answer_is_lost_is_read_back),
    CHECK_CASE_ONCE(a_delete_that_is_refused_in_the_end_may_have_been_done),
    CHECK_CASE_ONCE(after_a_delete_in_doubt_the_old_one_is_put_back),
    CHECK_CASE_ONCE(after_a_delete_that_did_nothing_the_list_tells),
    CHECK_CASE_ONCE(a_second_post_whose_answer_is_lost_is_read_back),
    CHECK_CASE_ONCE(a_second_post_that_is_refused_puts_the_old_one_back),
    CHECK_CASE_ONCE(what_cannot_be_put_back_is_left_to_the_next_run),
    CHECK_CASE_ONCE(a_service_that_is_gone_after_the_delete_is_left_to_the_next_run),
    CHECK_CASE_ONCE(what_another_run_registered_meanwhile_is_told),
    CHECK_CASE_ONCE(another_run_that_changes_the_listener_is_respected),
    CHECK_CASE_ONCE(many_run_at_once_in_one_client),
    CHECK_CASE_ONCE(interrupted_at_any_step_one_of_the_two_is_there),
    CHECK_CASE_ONCE(a_removal_later_than_what_was_put_back_is_repaired),
    CHECK_CASE_ONCE(dead_at_any_step_the_next_run_repairs),
    CHECK_CASE_ONCE(a_client_may_be_freed_in_the_middle),
};

CHECK_MAIN(cases)
