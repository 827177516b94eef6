/* SPDX-License-Identifier: MIT */
/* An apply in trouble: other runs, interruptions, a service that is away or busy for a moment. */
#include <config.h>
#include <unistd.h>
#include "base/clock.h"
#include "callbacks/fleet.h"
#include "callbacks/intent.h"
#include "callbacks/apply/apply_lock.h"

static hearing told;

static unsigned count_told(const char *what)
{
    unsigned count = 0;
    for (const char *at = told.text; (at = strstr(at, what)); at++)
        count++;
    return count;
}

/* ---- other runs ---- */

typedef struct other_run {
    thingspace_client *client;
    thingspace_status status;
    thingspace_error error;
} other_run;

static void run_another(void *user, const thingspace_change *change)
{
    (void)change;
    other_run *other = user;
    cleanup_plan thingspace_plan *plan = NULL;
    other->status = thingspace_plan_make(other->client, &plan, NULL, &other->error);
    if (other->status == THINGSPACE_OK)
        other->status = thingspace_apply(other->client, plan, NULL, NULL, &other->error);
}

static void another_run_is_refused_and_told_who_runs(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *second = NULL;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    char pid[40];
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(fleet_client(&service, &second,
                          "return { name = 'pair', accounts = { 'A', 'B' }, " WANTS_ONE " }"));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    other_run other = {.client = second, .error = THINGSPACE_ERROR_INIT};
    options.done = run_another;
    options.done_user = &other;
    CHECK_OK(thingspace_apply(service.client, plan, NULL, &options, NULL));
    printf("# %s\n", other.error.message);
    CHECK_INT(other.status, THINGSPACE_REFUSED);
    snprintf(pid, sizeof(pid), "another apply runs: pid %ld (", (long)getpid());
    CHECK(strstr(other.error.message, pid) != NULL);
    CHECK(strstr(other.error.message, thingspace_plan_id(plan)) != NULL);
    CHECK_OK(thingspace_apply(second, plan, NULL, NULL, NULL));
}

static void a_holder_that_is_gone_blocks_nobody(void)
{
    cleanup_service service;
    state *state = NULL;
    state_lock lock = STATE_LOCK_INIT, next = STATE_LOCK_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(state_open(&state, service.state_dir, NULL));
    thingspace_status first = apply_lock(state, &lock, "4f2a", "ticket 7", NULL);
    thingspace_status second = apply_lock(state, &next, "9999", NULL, &error);
    state_unlock(&lock); /* as the kernel does for a process that dies: the file stays */
    thingspace_status after = apply_lock(state, &next, "9999", NULL, NULL);
    apply_unlock(state, &next);
    state_close(state);
    CHECK_OK(first);
    CHECK_INT(second, THINGSPACE_REFUSED);
    CHECK(strstr(error.message, "plan 4f2a: ticket 7; try again") != NULL);
    CHECK_OK(after);
    CHECK_OK(fleet_run(&service, 0, &told, NULL));
}

/* As a run leaves it that died after its DELETE. */
static thingspace_status note_intent(service *service)
{
    state *state = NULL;
    state_lock lock = STATE_LOCK_INIT;
    cleanup_text char *api =
        text_format("%s/api/m2m/v1", thingspace_simulator_url(service->simulator));
    intent intent = {.endpoint = api,
                     .account = (char *)"B",
                     .service = (char *)"CarrierService",
                     .wanted = {.url = (char *)(OURS "B")},
                     .old = {.url = (char *)(OLD "b")}};
    thingspace_status status =
        api ? state_open(&state, service->state_dir, NULL) : THINGSPACE_MEMORY;
    if (status == THINGSPACE_OK)
        status = intent_begin(state, &intent, &lock, NULL);
    intent_leave(&lock);
    state_close(state);
    return status;
}

static void what_a_run_that_died_left_is_told_as_a_repair(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK_OK(note_intent(&service));
    CHECK_OK(fleet_apply(service.client, plan, 0, &told, NULL));
    CHECK(strstr(told.text, "B CarrierService repair done;") == told.text);
    CHECK_INT(told.count, 3);
    CHECK_TEXT(fleet_registered(&service),
               "A CarrierService " OURS "A ;B CarrierService " OURS "B ;");
}

/* ---- interruptions ---- */

static void an_interruption_lets_end_what_is_under_way_and_a_repeated_run_resumes(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start_many(&service, 300));
    CHECK(service_fault(&service, "POST /callbacks/* delay=30"));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    told.interrupts = service.client;
    told.at = 50;
    thingspace_status status = fleet_apply(service.client, plan, 0, &told, &error);
    told.interrupts = NULL;
    CHECK_INT(status, THINGSPACE_CANCELLED);
    CHECK_INT(told.count, 300);
    unsigned done = count_told(" done;");
    printf("# %u done\n", done);
    CHECK(done >= 50 && done < 300);
    CHECK_INT(count_told("failed cancelled;"), 300 - done);
    CHECK_INT(thingspace_client_pending(service.client), 0);
    cleanup_json json *state = service_state(&service);
    CHECK_INT(json_count(json_get(state, "listeners")), done);
    thingspace_client_resume(service.client);
    CHECK_OK(fleet_run(&service, 0, &told, NULL));
    CHECK_INT(count_told(" done;"), 300 - done);
}

static bool is_interrupted_at(const char *rule, int done)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    options.second_post = THINGSPACE_SIMULATOR_POST_REFUSED;
    if (fleet_start(&service, &options, PAIR, WANTS_ONE) != THINGSPACE_OK ||
        fleet_add(&service, "A", "CarrierService", OLD "a", "p") != THINGSPACE_OK ||
        thingspace_plan_make(service.client, &plan, NULL, NULL) != THINGSPACE_OK ||
        !service_fault(&service, rule) || !service_fault(&service, "POST /callbacks/B delay=800"))
        return false;
    told.interrupts = service.client; /* when B is done, A has come to the rule's step */
    told.at = 1;
    thingspace_status status = fleet_apply(service.client, plan, 0, &told, NULL);
    told.interrupts = NULL;
    printf("# %s: %d %s%s\n", rule, (int)status, told.text, fleet_registered(&service));
    return (int)count_told(" done;") == done && strstr(fleet_registered(&service), "A Carrier") &&
           (status == THINGSPACE_OK) == (done == 2);
}

static void an_update_that_has_begun_ends_when_interrupted(void)
{
    CHECK(is_interrupted_at("POST /callbacks/A times=1 delay=2500", 1));
    CHECK(is_interrupted_at("DELETE /callbacks/A* delay=2500", 2));
    CHECK(is_interrupted_at("POST /callbacks/A skip=1 times=1 delay=2500", 2));
}

static void an_interruption_ends_the_wait_for_another_try(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK(service_fault(&service, "GET /callbacks/A status=429 header=Retry-After:60"));
    told.interrupts = service.client;
    told.at = 1;
    int64_t began = clock_monotonic_ms();
    thingspace_status status = fleet_apply(service.client, plan, 0, &told, NULL);
    told.interrupts = NULL;
    CHECK_INT(status, THINGSPACE_CANCELLED);
    CHECK(clock_monotonic_ms() - began < 10000);
    CHECK_INT(thingspace_client_pending(service.client), 0);
    CHECK_INT(told.count, 2);
}

/* Nothing is on the network then. */
static void an_interruption_ends_accounts_that_cannot_be_decided(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    cleanup_client thingspace_client *other = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start_many(&service, 200));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK_OK(fleet_client(&service, &other, "return { name = 'fleet', accounts = { 'T-0001' } }"));
    told.interrupts = other;
    told.at = 5;
    thingspace_status status = fleet_apply(other, plan, 0, &told, &error);
    told.interrupts = NULL;
    CHECK_INT(status, THINGSPACE_CANCELLED);
    CHECK_INT(told.count, 200);
    CHECK(count_told("failed policy;") >= 4);
    CHECK_INT(thingspace_client_pending(other), 0);
    thingspace_client_resume(other);
    CHECK(fleet_apply(other, plan, 0, &told, &error) != THINGSPACE_OK);
    CHECK_INT(count_told("failed policy;"), 199);
}

/* ---- a service that is away or busy ---- */

static void a_blip_of_the_service_fails_nothing(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    CHECK_OK(fleet_start_many(&service, 200));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    /* Enough to open the breaker, and few enough for its trials, should no more be in flight then.
     */
    CHECK(service_fault(&service, "* /callbacks/* skip=60 times=14 close"));
    CHECK_OK(fleet_apply(service.client, plan, 0, &told, NULL));
    CHECK_INT(count_told(" done;"), 200);
    CHECK_INT(told.count, 200);
}

static void a_busy_service_is_asked_again(void)
{
    static const char *const rules[] = {
        "GET /callbacks/* times=6 status=429 header=Retry-After:1",
        "POST /callbacks/* times=6 status=503 header=Retry-After:1",
        "POST /callbacks/* times=6 status=503",
    };
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        cleanup_service service;
        cleanup_plan thingspace_plan *plan = NULL;
        CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
        CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
        CHECK(service_fault(&service, rules[i]));
        thingspace_status status = fleet_apply(service.client, plan, 0, &told, NULL);
        printf("# %s: %s\n", rules[i], told.text);
        CHECK_OK(status);
        CHECK_INT(told.count, 2);
    }
}

/* The answer says otherwise, and a look at it fails: the next round finds it as planned. */
static void what_this_run_has_sent_is_done_whatever_the_answer(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK(service_fault(&service, "POST /callbacks/A times=6 status=503 after"));
    CHECK(service_fault(&service, "GET /callbacks/A skip=1 times=6 status=503"));
    CHECK_OK(fleet_apply(service.client, plan, 0, &told, NULL));
    CHECK_INT(service_count(&service, "POST /api/m2m/v1/callbacks/A"), 1);
    CHECK(strstr(told.text, "A CarrierService add done;") != NULL);
    CHECK_INT(told.count, 2);
}

static void a_service_that_stays_away_is_told_of_in_the_end(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(fleet_add(&service, "A", "NiddService", OLD "n", NULL));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK(service_fault(&service, "POST /callbacks/A status=503"));
    CHECK_STATUS(fleet_apply(service.client, plan, THINGSPACE_PRUNE, &told, &error),
                 THINGSPACE_PARTIAL);
    CHECK(strstr(told.text, "B CarrierService add done;") == told.text);
    CHECK(strstr(told.text, "A CarrierService add failed service;") != NULL);
    CHECK(strstr(told.text, "A NiddService remove done;") != NULL);
    CHECK_INT(told.count, 3);
}

static void count_warnings(void *user, thingspace_log_level level, const char *line)
{
    *(int *)user += level == THINGSPACE_LOG_WARNING && strstr(line, "is not reached; trying again");
}

/* More closed connections than five tries of both accounts meet. */
static void an_outage_is_waited_out_and_told_once(void)
{
    int warnings = 0;
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    cleanup_text char *policy = text_format(PAIR, WANTS_ONE);
    CHECK(policy != NULL);
    options.policy_text = policy;
    options.policy_folder = check_folder();
    options.log = count_warnings;
    options.log_user = &warnings;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(service_client(&service, &service.client, &options));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK(service_fault(&service, "* /callbacks/* times=14 close"));
    int64_t began = clock_monotonic_ms();
    CHECK_OK(fleet_apply(service.client, plan, 0, &told, NULL));
    printf("# %lld ms: %s\n", (long long)(clock_monotonic_ms() - began), told.text);
    CHECK_INT(count_told(" done;"), 2);
    CHECK_INT(warnings, 1);
}

/* Others reach the endpoint meanwhile: that is no outage, and fails after some tries. */
static void an_account_that_alone_cannot_be_read_fails(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start_many(&service, 300));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK(service_fault(&service, "GET /callbacks/T-0001 times=24 close"));
    CHECK(service_fault(&service, "GET /callbacks/* delay=2500"));
    thingspace_status status = fleet_apply(service.client, plan, 0, &told, &error);
    CHECK_INT(status, THINGSPACE_PARTIAL);
    CHECK(strstr(told.text, "T-0001 CarrierService add failed network;") != NULL);
    CHECK_INT(count_told(" done;"), 299);
}

static void a_saved_plan_is_checked_beyond_a_blip(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    cleanup_plan thingspace_plan *loaded = NULL;
    const char *file = check_file("blip.plan", "");
    CHECK_OK(fleet_start_many(&service, 30));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK_OK(thingspace_plan_save(plan, file, NULL));
    CHECK_OK(thingspace_plan_load(service.client, &loaded, file, NULL));
    CHECK(service_fault(&service, "GET /callbacks/* times=30 close"));
    CHECK_OK(fleet_apply(service.client, loaded, 0, &told, NULL));
    CHECK_INT(told.count, 30);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(another_run_is_refused_and_told_who_runs),
    CHECK_CASE_ONCE(a_holder_that_is_gone_blocks_nobody),
    CHECK_CASE_ONCE(what_a_run_that_died_left_is_told_as_a_repair),
    CHECK_CASE_ONCE(an_interruption_lets_end_what_is_under_way_and_a_repeated_run_resumes),
    CHECK_CASE_ONCE(an_update_that_has_begun_ends_when_interrupted),
    CHECK_CASE_ONCE(an_interruption_ends_the_wait_for_another_try),
    CHECK_CASE_ONCE(an_interruption_ends_accounts_that_cannot_be_decided),
    CHECK_CASE_ONCE(a_blip_of_the_service_fails_nothing),
    CHECK_CASE_ONCE(a_busy_service_is_asked_again),
    CHECK_CASE_ONCE(what_this_run_has_sent_is_done_whatever_the_answer),
    CHECK_CASE_ONCE(a_service_that_stays_away_is_told_of_in_the_end),
    CHECK_CASE_ONCE(an_outage_is_waited_out_and_told_once),
    CHECK_CASE_ONCE(an_account_that_alone_cannot_be_read_fails),
    CHECK_CASE_ONCE(a_saved_plan_is_checked_beyond_a_blip),
};

CHECK_MAIN(cases)
