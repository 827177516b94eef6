/* SPDX-License-Identifier: MIT */
/* An apply over the simulator: what is done, what is left, what is refused. */
#include <config.h>
#include "callbacks/fleet.h"

static hearing told;

static void what_is_planned_is_done_and_told_once(void)
{
    cleanup_service service;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(fleet_add(&service, "B", "CarrierService", OLD "b", NULL));
    CHECK_OK(fleet_run(&service, 0, &told, NULL));
    CHECK(strstr(told.text, "A CarrierService add done;") != NULL);
    CHECK(strstr(told.text, "B CarrierService change done;") != NULL);
    CHECK_INT(told.count, 2);
    CHECK_TEXT(fleet_registered(&service),
               "A CarrierService " OURS "A ;B CarrierService " OURS "B ;");
    CHECK_OK(fleet_run(&service, 0, &told, NULL));
    CHECK_INT(told.count, 0);
}

static void what_is_no_longer_declared_is_removed_when_that_is_allowed(void)
{
    cleanup_service service;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(fleet_add(&service, "A", "NiddService", OURS "n", "p-1"));
    CHECK_OK(fleet_add(&service, "A", "DeviceUsage", STRANGER, "p-2"));
    CHECK_OK(fleet_run(&service, 0, &told, NULL));
    CHECK(strstr(told.text, "A NiddService remove skipped refused;") != NULL);
    CHECK(strstr(told.last, "--prune") != NULL);
    CHECK_OK(fleet_run(&service, THINGSPACE_PRUNE, &told, NULL));
    CHECK_TEXT(told.text, "A NiddService remove done;");
    CHECK_TEXT(fleet_registered(&service),
               "A CarrierService " OURS "A ;A DeviceUsage " STRANGER " p-2;"
               "B CarrierService " OURS "B ;");
    CHECK_INT(service_count(&service, "DELETE /api/m2m/v1/callbacks/A/name/NiddService"), 1);
    CHECK_INT(service_count(&service, "DELETE /api/m2m/v1/callbacks/A/name/DeviceUsage"), 0);
}

static void takeovers_need_to_be_allowed(void)
{
    cleanup_service service;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(fleet_add(&service, "A", "CarrierService", STRANGER "a", NULL));
    CHECK_STATUS(fleet_run(&service, 0, &told, &error), THINGSPACE_PARTIAL);
    CHECK(strstr(told.text, "A CarrierService takeover skipped refused;") != NULL);
    CHECK(strstr(told.text, "B CarrierService add done;") != NULL);
    CHECK(strstr(told.last, STRANGER "a") != NULL);
    CHECK_STATUS(fleet_run(&service, 0, &told, &error), THINGSPACE_REFUSED);
    CHECK_TEXT(told.text, "A CarrierService takeover skipped refused;");
    CHECK(strstr(error.message, "--take-over") != NULL);
    CHECK_OK(fleet_run(&service, THINGSPACE_TAKE_OVER, &told, &error));
    CHECK_TEXT(told.text, "A CarrierService takeover done;");
    CHECK_TEXT(fleet_registered(&service),
               "A CarrierService " OURS "A ;B CarrierService " OURS "B ;");
}

static thingspace_status fill_ten(service *service, int old)
{
    thingspace_status status = THINGSPACE_OK;
    for (int i = 1; i <= 10 && status == THINGSPACE_OK; i++) {
        char account[16], url[60];
        snprintf(account, sizeof(account), "T-%04d", i);
        snprintf(url, sizeof(url), "%s%s", i <= old ? OLD : OURS, account);
        status = fleet_add(service, account, "CarrierService", url, NULL);
    }
    return status;
}

static void more_than_thirty_percent_need_force(void)
{
    cleanup_service service;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start_many(&service, 12));
    CHECK_OK(fill_ten(&service, 4));
    CHECK_STATUS(fleet_run(&service, 0, &told, &error), THINGSPACE_REFUSED);
    CHECK(strstr(error.message, "4 of 10 listeners") && strstr(error.message, "--force"));
    CHECK_INT(told.count, 0);
    CHECK_OK(fleet_run(&service, THINGSPACE_FORCE, &told, &error));
    CHECK_INT(told.count, 6);
    CHECK_OK(fill_ten(&service, 3));
    CHECK_OK(fleet_run(&service, 0, &told, &error));
    CHECK_INT(told.count, 3);
}

static void another_id_than_expected_is_refused(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    options.expect_id = "0123";
    CHECK_STATUS(thingspace_apply(service.client, plan, NULL, &options, &error),
                 THINGSPACE_REFUSED);
    CHECK(strstr(error.message, thingspace_plan_id(plan)) != NULL);
    CHECK_TEXT(fleet_registered(&service), "");
    options.expect_id = thingspace_plan_id(plan);
    thingspace_apply_counts counts = THINGSPACE_APPLY_COUNTS_INIT;
    CHECK_OK(thingspace_apply(service.client, plan, &counts, &options, &error));
    CHECK(counts.done == 2 && counts.failed == 0 && counts.skipped == 0);
}

/* ---- what changes in between ---- */

static void one_that_has_changed_since_is_left_and_the_others_are_done(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(fleet_add(&service, "A", "CarrierService", OLD "a", NULL));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK_OK(fleet_add(&service, "A", "CarrierService", OLD "x", "p-x"));
    CHECK_STATUS(fleet_apply(service.client, plan, 0, &told, &error), THINGSPACE_PARTIAL);
    CHECK(strstr(told.text, "A CarrierService change failed refused;") != NULL);
    CHECK(strstr(told.text, "B CarrierService add done;") != NULL);
    CHECK(strstr(told.last, "plan again") != NULL);
    CHECK_TEXT(fleet_registered(&service),
               "A CarrierService " OLD "x p-x;B CarrierService " OURS "B ;");
}

static void what_others_have_done_meanwhile_is_done(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK_OK(fleet_add(&service, "A", "CarrierService", OURS "A", NULL));
    CHECK_OK(fleet_apply(service.client, plan, 0, &told, NULL));
    CHECK(strstr(told.text, "A CarrierService add done unchanged;") != NULL);
    CHECK(strstr(told.text, "B CarrierService add done;") != NULL);
    CHECK_INT(told.count, 2);
    CHECK_INT(service_count(&service, "POST /api/m2m/v1/callbacks/A"), 0);
}

static void what_is_done_already_is_counted_by_itself(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    thingspace_apply_counts counts = THINGSPACE_APPLY_COUNTS_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(fleet_add(&service, "A", "NiddService", OLD "n", NULL));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    options.flags = THINGSPACE_PRUNE;
    CHECK_OK(thingspace_apply(service.client, plan, &counts, &options, NULL));
    CHECK(counts.done == 3 && counts.unchanged == 0 && counts.failed == 0);
    CHECK_OK(thingspace_apply(service.client, plan, &counts, &options, NULL));
    CHECK(counts.done == 0 && counts.unchanged == 3 && counts.failed == 0);
}

/* B is as planned before it begins; what A has, and what befalls it, may be NULL. */
static thingspace_status apply_half(service *service, const char *a, const char *fault,
                                    thingspace_error *error)
{
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_status status = fleet_start(service, NULL, PAIR, WANTS_ONE);
    if (status == THINGSPACE_OK && a)
        status = fleet_add(service, "A", "CarrierService", a, NULL);
    if (status == THINGSPACE_OK)
        status = thingspace_plan_make(service->client, &plan, NULL, error);
    if (status == THINGSPACE_OK)
        status = fleet_add(service, "B", "CarrierService", OURS "B", NULL);
    if (status != THINGSPACE_OK || (fault && !service_fault(service, fault)))
        return THINGSPACE_MEMORY;
    return fleet_apply(service->client, plan, 0, &told, error);
}

static void what_is_done_already_makes_failures_partial(void)
{
    cleanup_service service;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(apply_half(&service, NULL, "POST /callbacks/A status=400", &error),
                 THINGSPACE_PARTIAL);
    CHECK(strstr(error.message, "0 done, 1 as planned already, 1 failed; ") == error.message);
    CHECK(strstr(told.text, "B CarrierService add done unchanged;") != NULL);
}

static void what_is_done_already_makes_takeovers_partial(void)
{
    cleanup_service service;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(apply_half(&service, STRANGER "a", NULL, &error), THINGSPACE_PARTIAL);
    CHECK(strstr(error.message, "0 done, 1 as planned already, 1 to take over") == error.message);
}

static thingspace_status save_and_load(service *service, thingspace_plan **out, const char *file)
{
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_status status = thingspace_plan_make(service->client, &plan, NULL, NULL);
    if (status == THINGSPACE_OK)
        status = thingspace_plan_save(plan, file, NULL);
    return status == THINGSPACE_OK ? thingspace_plan_load(service->client, out, file, NULL)
                                   : status;
}

static void a_saved_plan_that_is_stale_changes_nothing(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(save_and_load(&service, &plan, check_file("stale.plan", "")));
    CHECK_OK(fleet_add(&service, "B", "CarrierService", OLD "b", NULL));
    CHECK_STATUS(fleet_apply(service.client, plan, 0, &told, &error), THINGSPACE_REFUSED);
    CHECK(strstr(error.message, "stale: B CarrierService is not as it was when it was made; no") !=
          NULL);
    CHECK_INT(told.count, 0);
    CHECK_TEXT(fleet_registered(&service), "B CarrierService " OLD "b ;");
}

static void a_saved_plan_is_resumed_where_it_ended(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(fleet_add(&service, "A", "NiddService", OLD "n", NULL));
    CHECK_OK(save_and_load(&service, &plan, check_file("resume.plan", "")));
    CHECK_OK(fleet_add(&service, "B", "CarrierService", OURS "B", NULL));
    CHECK_OK(fleet_apply(service.client, plan, THINGSPACE_PRUNE, &told, NULL));
    CHECK_INT(told.count, 3);
    CHECK_OK(fleet_apply(service.client, plan, THINGSPACE_PRUNE, &told, NULL));
    CHECK_INT(told.count, 3);
    CHECK_INT(service_count(&service, "POST /api/m2m/v1/callbacks/A"), 1);
    CHECK_INT(service_count(&service, "POST /api/m2m/v1/callbacks/B"), 0);
    CHECK_INT(service_count(&service, "DELETE /api/m2m/v1/callbacks/A/name/NiddService"), 1);
}

static void a_saved_plan_is_applied_with_its_policy_alone(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    cleanup_client thingspace_client *other = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(save_and_load(&service, &plan, check_file("other.plan", "")));
    CHECK_OK(fleet_client(&service, &other,
                          "return { name = 'pair', accounts = { 'A', 'B' }, " WANTS_ONE " }"));
    CHECK_STATUS(fleet_apply(other, plan, 0, &told, &error), THINGSPACE_REFUSED);
    CHECK_TEXT(error.message, "stale: the policy has changed since the plan was made; plan again");
    CHECK_TEXT(fleet_registered(&service), "");
    CHECK_OK(fleet_apply(service.client, plan, 0, &told, &error));
}

/* Whoever owns it by the plan, the policy that applies it decides. */
static void a_saved_plan_removes_nothing_that_is_foreign_by_now(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    cleanup_client thingspace_client *other = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(fleet_add(&service, "A", "NiddService", OLD "n", NULL));
    CHECK_OK(save_and_load(&service, &plan, check_file("foreign.plan", "")));
    CHECK_OK(fleet_client(&service, &other,
                          "return { name = 'pair', accounts = { 'A', 'B' }, " WANTS_ONE " }"));
    fleet_adopt(plan, other);
    CHECK_STATUS(fleet_apply(other, plan, THINGSPACE_PRUNE, &told, &error), THINGSPACE_REFUSED);
    CHECK(strstr(error.message, "stale: A NiddService") != NULL);
    CHECK_TEXT(fleet_registered(&service), "A NiddService " OLD "n ;");
}

static void what_cannot_be_decided_any_more_is_left(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    cleanup_client thingspace_client *other = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK_OK(fleet_client(&service, &other,
                          "return { name = 'pair', accounts = { 'A', 'B' }, listeners =\n"
                          "function(a) if a == 'A' then error('no') end\n"
                          "return { NiddService = { url = 'https://a.example.com/' } } end }"));
    CHECK_STATUS(fleet_apply(other, plan, 0, &told, &error), THINGSPACE_POLICY);
    CHECK(strstr(told.text, "A CarrierService add failed policy;") != NULL);
    CHECK(strstr(told.text, "B CarrierService add failed refused;") != NULL);
    CHECK_TEXT(fleet_registered(&service), "");
}

#define ODD_PORT                                                                                   \
    "listeners = function(a) return { CarrierService = { url = a == 'A' and "                      \
    "'https://a.example.com:8443/' or 'https://a.example.com/' } } end"

/* Planned where nobody minds, and applied where the policy does. */
static void what_checks_refuse_is_never_sent(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    cleanup_client thingspace_client *strict = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR, ODD_PORT));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK_OK(fleet_client(&service, &strict,
                          "return { name = 'pair', accounts = { 'A', 'B' },"
                          " checks = { port = 'refuse' }, " ODD_PORT " }"));
    CHECK_STATUS(fleet_apply(strict, plan, 0, &told, &error), THINGSPACE_PARTIAL);
    CHECK(strstr(told.text, "A CarrierService add failed usage;") != NULL);
    CHECK(strstr(told.last, "port") != NULL);
    CHECK_TEXT(fleet_registered(&service), "B CarrierService https://a.example.com/ ;");
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    cleanup_plan thingspace_plan *fresh = NULL;
    CHECK_OK(thingspace_plan_make(strict, &fresh, NULL, NULL));
    thingspace_plan_count(fresh, &counts);
    CHECK_INT(counts.failed, 1);
    CHECK_INT(counts.add, 0);
    CHECK_STATUS(fleet_apply(strict, fresh, 0, &told, &error), THINGSPACE_PARTIAL);
    CHECK_INT(told.count, 0);
}

static void what_the_plan_could_not_read_keeps_it_from_being_complete(void)
{
    cleanup_service service;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR,
                         "listeners = function(a) if a == 'A' then error('no') end\n"
                         "return { CarrierService = { url = 'https://a.example.com/' } } end"));
    CHECK_STATUS(fleet_run(&service, 0, &told, &error), THINGSPACE_PARTIAL);
    CHECK_TEXT(error.message,
               "1 done, 1 of the plan's accounts not read: policy:2: listeners(A): no");
}

/* ---- passwords, other APIs ---- */

static void a_registered_password_is_kept(void)
{
    cleanup_service service;
    CHECK_OK(fleet_start(&service, NULL, PAIR,
                         "listeners = function(a) if a == 'A' then return { CarrierService =\n"
                         "{ url = '" OURS "new', username = 'u',\n"
                         "password = thingspace.secret.registered } } end end"));
    CHECK_OK(fleet_add(&service, "A", "CarrierService", OURS "old", "p-kept"));
    CHECK_OK(fleet_run(&service, 0, &told, NULL));
    CHECK_TEXT(told.text, "A CarrierService change done;");
    CHECK_TEXT(fleet_registered(&service), "A CarrierService " OURS "new p-kept;");
}

static thingspace_status add_sister(service *service, const char *api, const char *name)
{
    thingspace_simulator_listener listener = THINGSPACE_SIMULATOR_LISTENER_INIT;
    listener.account = "A";
    listener.service = name;
    listener.url = OLD "a";
    listener.api = api;
    return thingspace_simulator_add_listener(service->simulator, &listener, NULL);
}

#define SISTERS                                                                                    \
    "listeners = function(a) if a == 'A' then return {\n"                                          \
    "  Fota = { url = '" OURS "f', api = 'software-v3' },\n"                                       \
    "  DeviceLocation = { url = '" OURS "l', api = 'location' } } end end"

static void listeners_of_other_apis_are_updated_in_their_own_way(void)
{
    cleanup_service service;
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    options.second_post = THINGSPACE_SIMULATOR_POST_REFUSED;
    CHECK_OK(fleet_start(&service, &options, PAIR, SISTERS));
    CHECK_OK(add_sister(&service, "software-v3", "Fota"));
    CHECK_OK(add_sister(&service, "location", "DeviceLocation"));
    CHECK_OK(add_sister(&service, "location", "Location"));
    CHECK_OK(fleet_run(&service, THINGSPACE_PRUNE, &told, NULL));
    CHECK(strstr(told.text, "A Fota change done;") != NULL);
    CHECK(strstr(told.text, "A DeviceLocation change done;") != NULL);
    CHECK(strstr(told.text, "A Location remove done;") != NULL);
    CHECK_INT(service_count(&service, "PUT /api/fota/v3/callbacks/A"), 1);
    CHECK_INT(service_count(&service, "DELETE /api/fota/v3/callbacks/A"), 0);
    CHECK_INT(service_count(&service, "POST /api/loc/v1/callbacks/A"), 2);
    CHECK_INT(service_count(&service, "DELETE /api/loc/v1/callbacks/A/name/DeviceLocation"), 1);
    CHECK_OK(fleet_run(&service, THINGSPACE_PRUNE, &told, NULL));
    CHECK_INT(told.count, 0);
}

static void services_that_are_not_planned_are_not_looked_at(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_plan_options options = THINGSPACE_PLAN_OPTIONS_INIT;
    const char *const services[] = {"Carrier*", NULL};
    options.services = services;
    CHECK_OK(fleet_start(&service, NULL, PAIR,
                         "listeners = function(a) return {\n"
                         "  CarrierService = { url = '" OURS "c' },\n"
                         "  Fota = { url = '" OURS "f', api = 'software-v3' } } end"));
    CHECK(service_fault(&service, "GET /api/fota/* status=403"));
    CHECK_OK(thingspace_plan_make(service.client, &plan, &options, NULL));
    CHECK_OK(fleet_apply(service.client, plan, 0, &told, NULL));
    CHECK_INT(told.count, 2);
    CHECK_INT(service_count(&service, "GET /api/fota/v3/callbacks/A"), 0);
}

/* ---- what the service refuses ---- */

#define INVALID "status=400 body=\"{\\\"errorCode\\\":\\\"X.INPUT_INVALID.Url\\\"}\""

static void what_the_service_refuses_is_blocked_until_it_succeeds(void)
{
    cleanup_service service;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK(service_fault(&service, "POST /callbacks/A " INVALID));
    CHECK_STATUS(fleet_run(&service, 0, &told, &error), THINGSPACE_PARTIAL);
    CHECK(strstr(told.text, "A CarrierService add failed service;") != NULL);
    cleanup_plan thingspace_plan *plan = NULL;
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    thingspace_plan_count(plan, &counts);
    CHECK(counts.blocked == 1 && counts.add == 0);
    CHECK(strstr(plan->changes[0].note, "INPUT_INVALID") != NULL);
    CHECK(service_faultless(&service));
    CHECK_OK(fleet_apply(service.client, plan, 0, &told, &error));
    CHECK_TEXT(told.text, "A CarrierService add done;");
    CHECK_OK(fleet_run(&service, 0, &told, &error));
    CHECK_INT(told.count, 0);
}

static void all_that_fail_are_the_first_ones_kind(void)
{
    cleanup_service service;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK(service_fault(&service, "POST /callbacks/* " INVALID));
    CHECK_STATUS(fleet_run(&service, 0, &told, &error), THINGSPACE_SERVICE);
    CHECK(strstr(error.message, "INPUT_INVALID") != NULL);
}

/* ---- who is told ---- */

static void hooks_are_told_the_plan_of_each_change(void)
{
    cleanup_service service;
    const char *file = check_file(
        "planned.lua", "return { name = 'planned', version = '1.0.0', api = 1, hooks = {\n"
                       "  check = function(call)\n"
                       "    if call.operation == 'register' and not call.dry_run and\n"
                       "       not (call.plan and #call.plan == 32) then\n"
                       "      return thingspace.deny('D', 'not planned')\n"
                       "    end\n"
                       "  end } }");
    cleanup_text char *more = text_format("plugins = { { '%s' } }, " WANTS_ONE, file);
    CHECK(more != NULL);
    CHECK_OK(fleet_start(&service, NULL, PAIR, more));
    CHECK_OK(fleet_run(&service, 0, &told, NULL));
    CHECK_STATUS(
        thingspace_register(service.client, NULL, "A", "CarrierService", OURS, NULL, NULL, NULL),
        THINGSPACE_DENIED);
}

static void without_a_state_directory_nothing_is_changed(void)
{
    cleanup_service service;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    cleanup_plan thingspace_plan *plan = NULL;
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    cleanup_client thingspace_client *other = NULL;
    snprintf(service.state_dir, sizeof(service.state_dir), "%s", check_file("no-folder", ""));
    CHECK_OK(fleet_client(&service, &other,
                          "return { name = 'pair', accounts = { 'A', 'B' }, " WANTS_ONE " }"));
    CHECK_STATUS(fleet_apply(other, plan, 0, &told, &error), THINGSPACE_LOCAL);
    CHECK_INT(told.count, 0);
    CHECK_TEXT(fleet_registered(&service), "");
}

static void a_plan_without_changes_is_done(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    CHECK_OK(fleet_start(&service, NULL, PAIR, "listeners = function() end"));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK_OK(thingspace_apply(service.client, plan, NULL, NULL, NULL));
    CHECK_STATUS(thingspace_apply(service.client, NULL, NULL, NULL, NULL), THINGSPACE_USAGE);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(what_is_planned_is_done_and_told_once),
    CHECK_CASE_ONCE(what_is_no_longer_declared_is_removed_when_that_is_allowed),
    CHECK_CASE_ONCE(takeovers_need_to_be_allowed),
    CHECK_CASE_ONCE(more_than_thirty_percent_need_force),
    CHECK_CASE_ONCE(another_id_than_expected_is_refused),
    CHECK_CASE_ONCE(one_that_has_changed_since_is_left_and_the_others_are_done),
    CHECK_CASE_ONCE(what_others_have_done_meanwhile_is_done),
    CHECK_CASE_ONCE(what_is_done_already_is_counted_by_itself),
    CHECK_CASE_ONCE(what_is_done_already_makes_failures_partial),
    CHECK_CASE_ONCE(what_is_done_already_makes_takeovers_partial),
    CHECK_CASE_ONCE(a_saved_plan_that_is_stale_changes_nothing),
    CHECK_CASE_ONCE(a_saved_plan_is_resumed_where_it_ended),
    CHECK_CASE_ONCE(a_saved_plan_is_applied_with_its_policy_alone),
    CHECK_CASE_ONCE(a_saved_plan_removes_nothing_that_is_foreign_by_now),
    CHECK_CASE_ONCE(what_cannot_be_decided_any_more_is_left),
    CHECK_CASE_ONCE(what_checks_refuse_is_never_sent),
    CHECK_CASE_ONCE(what_the_plan_could_not_read_keeps_it_from_being_complete),
    CHECK_CASE_ONCE(a_registered_password_is_kept),
    CHECK_CASE_ONCE(listeners_of_other_apis_are_updated_in_their_own_way),
    CHECK_CASE_ONCE(services_that_are_not_planned_are_not_looked_at),
    CHECK_CASE_ONCE(what_the_service_refuses_is_blocked_until_it_succeeds),
    CHECK_CASE_ONCE(all_that_fail_are_the_first_ones_kind),
    CHECK_CASE_ONCE(hooks_are_told_the_plan_of_each_change),
    CHECK_CASE_ONCE(without_a_state_directory_nothing_is_changed),
    CHECK_CASE_ONCE(a_plan_without_changes_is_done),
};

CHECK_MAIN(cases)
