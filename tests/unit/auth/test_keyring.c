/* SPDX-License-Identifier: MIT */
/* Fetching, sharing and replacing tokens, against the simulator. */
#include "rig.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "allocations.h"

#define LONG_MS  15000
#define HOUR_MS  (3600 * 1000LL)
#define CALLERS  1000
#define BODY_401 "body=\"{\\\"fault\\\":{\\\"code\\\":\\\"900901\\\",\\\"message\\\":\\\"m\\\"}}\""

static bool at_hand(side *one)
{
    tokens found = {NULL, 0, NULL, 0};
    bool good = keyring_at_hand(one->keyring, one->endpoint, one->credential, &found);
    tokens_dispose(&found);
    return good;
}

static void the_first_call_fetches_both_tokens(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    rig_start(&rig, NULL);
    CHECK(!at_hand(&rig.side));
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_OK);
    CHECK(out.tokens.bearer && out.tokens.session);
    CHECK(at_hand(&rig.side));
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_INT(rig_sent(&rig, RIG_TOKENS), 1);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 1);
}

static void the_next_process_finds_the_tokens_in_the_file(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    rig_start(&rig, NULL);
    side_ask(&rig.side, &out, NULL, LONG_MS);
    cleanup_side side next;
    side_open(&next, rig.folder, thingspace_simulator_url(rig.simulator), false);
    side_ask(&next, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_OK);
    CHECK_INT(rig_count(&rig, "requestCount"), 2);
}

static void without_the_cache_tokens_stay_in_memory(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    rig_start(&rig, NULL);
    cleanup_side side first, second;
    side_open(&first, rig.folder, thingspace_simulator_url(rig.simulator), true);
    side_open(&second, rig.folder, thingspace_simulator_url(rig.simulator), false);
    side_ask(&first, &out, NULL, LONG_MS);
    CHECK(at_hand(&first));
    side_ask(&second, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_OK);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 2);
    side_ask(&first, &out, NULL, LONG_MS);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 2);
}

static void ask_many(side *one, outcome *out, const tokens *refused)
{
    authorisation *waiter = NULL;
    for (unsigned i = 0; i < CALLERS; i++)
        if (keyring_authorise(one->keyring, &waiter, one->endpoint, one->credential, refused,
                              clock_monotonic_ms() + LONG_MS, outcome_note, out, NULL))
            abort();
}

static void a_thousand_callers_make_one_token_request_and_one_login(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    tokens refused = {NULL, 0, NULL, 0};
    rig_start(&rig, NULL);
    ask_many(&rig.side, &out, NULL);
    CHECK(side_wait(&rig.side, &out, CALLERS));
    CHECK_STATUS(out.status, THINGSPACE_OK);
    CHECK_INT(rig_sent(&rig, RIG_TOKENS), 1);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 1);
    tokens_copy(&refused, &out.tokens);
    ask_many(&rig.side, &out, &refused);
    tokens_dispose(&refused);
    CHECK(side_wait(&rig.side, &out, 2 * CALLERS));
    CHECK_STATUS(out.status, THINGSPACE_OK);
    CHECK_INT(rig_sent(&rig, RIG_TOKENS), 2);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 2);
}

static void an_expired_bearer_is_replaced_once_and_the_session_kept(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    options.bearer_seconds = 1;
    rig_start(&rig, &options);
    side_ask(&rig.side, &out, NULL, LONG_MS);
    usleep(1200 * 1000);
    CHECK(!at_hand(&rig.side));
    ask_many(&rig.side, &out, NULL);
    CHECK(side_wait(&rig.side, &out, 1 + CALLERS));
    CHECK_INT(rig_sent(&rig, RIG_TOKENS), 2);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 1);
}

static void a_refused_session_alone_is_replaced(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT, again = OUTCOME_INIT;
    rig_start(&rig, NULL);
    side_ask(&rig.side, &out, NULL, LONG_MS);
    tokens refused = {NULL, 0, out.tokens.session, 0};
    side_ask(&rig.side, &again, &refused, LONG_MS);
    CHECK_STATUS(again.status, THINGSPACE_OK);
    CHECK(secret_equal(again.tokens.bearer, out.tokens.bearer));
    CHECK(!secret_equal(again.tokens.session, out.tokens.session));
    CHECK_INT(rig_sent(&rig, RIG_TOKENS), 1);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 2);
    /* A late caller with the old session gets the new one without a login. */
    side_ask(&rig.side, &again, &refused, LONG_MS);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 2);
}

static void a_session_that_another_process_renewed_is_taken_over(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT, theirs = OUTCOME_INIT, ours = OUTCOME_INIT;
    rig_start(&rig, NULL);
    side_ask(&rig.side, &out, NULL, LONG_MS);
    cleanup_side side other;
    side_open(&other, rig.folder, thingspace_simulator_url(rig.simulator), false);
    side_ask(&other, &theirs, &out.tokens, LONG_MS);
    side_ask(&rig.side, &ours, &out.tokens, LONG_MS);
    CHECK_STATUS(ours.status, THINGSPACE_OK);
    CHECK(secret_equal(ours.tokens.session, theirs.tokens.session));
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 2);
}

/* Opens a new client after the clock jumped and tells how many requests it needed. */
static long long requests_of_a_new_client(rig *rig)
{
    cleanup_outcome outcome out = OUTCOME_INIT;
    cleanup_side side next;
    long long before = rig_count(rig, "requestCount");
    side_open(&next, rig->folder, thingspace_simulator_url(rig->simulator), false);
    side_ask(&next, &out, NULL, LONG_MS);
    return out.status == THINGSPACE_OK ? rig_count(rig, "requestCount") - before : -1;
}

static void clock_jumps_make_no_refresh_storm(void)
{
    static const int64_t jumps[] = {2 * HOUR_MS, -2 * HOUR_MS};
    for (size_t i = 0; i < 2; i++) {
        cleanup_rig rig rig;
        cleanup_outcome outcome out = OUTCOME_INIT;
        rig_start(&rig, NULL);
        side_ask(&rig.side, &out, NULL, LONG_MS);
        clock_shift_wall(jumps[i]);
        bool kept = at_hand(&rig.side);
        long long first = requests_of_a_new_client(&rig);
        long long second = requests_of_a_new_client(&rig);
        bool still = at_hand(&rig.side);
        clock_shift_wall(-jumps[i]);
        CHECK(kept && still);
        CHECK(first >= 0 && first <= 2);
        CHECK_INT(second, 0);
    }
}

static void who_waits_for_a_broken_token_endpoint_fails_together(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT, late = OUTCOME_INIT;
    rig_start(&rig, NULL);
    rig_fault(&rig, "POST /oauth2/token status=500 times=2");
    rig_fault(&rig, "POST /oauth2/token status=500 times=1 header=Retry-After:4");
    ask_many(&rig.side, &out, NULL);
    CHECK(side_wait(&rig.side, &out, CALLERS));
    CHECK_STATUS(out.status, THINGSPACE_SERVICE);
    CHECK_INT(out.error.http_status, 500);
    CHECK_INT(rig_sent(&rig, RIG_TOKENS), 3);
    /* In the back-off: who cannot wait hears the same at once, who can waits. */
    int64_t before = clock_monotonic_ms();
    side_ask(&rig.side, &late, NULL, 2000);
    CHECK_STATUS(late.status, THINGSPACE_SERVICE);
    CHECK(clock_monotonic_ms() - before < 1500);
    CHECK_INT(rig_sent(&rig, RIG_TOKENS), 3);
    side_ask(&rig.side, &late, NULL, LONG_MS);
    CHECK_STATUS(late.status, THINGSPACE_OK);
    CHECK(clock_monotonic_ms() - before > 300);
    CHECK_INT(rig_sent(&rig, RIG_TOKENS), 4);
}

static void a_token_request_waits_as_long_as_the_service_asks(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    rig_start(&rig, NULL);
    rig_fault(&rig, "POST /oauth2/token status=503 header=Retry-After:1 times=1");
    int64_t before = clock_monotonic_ms();
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_OK);
    CHECK(clock_monotonic_ms() - before >= 950);
}

static void a_wrong_secret_is_an_error_that_names_its_sources(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    rig_start(&rig, NULL);
    side_set_secret(&rig.side, "wrong-secret");
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_AUTH);
    CHECK(strstr(out.error.message, "file test.secret") != NULL);
    CHECK(strstr(out.error.message, "wrong-secret") == NULL);
    CHECK(out.error.http_status >= 400);
    CHECK_INT(rig_sent(&rig, RIG_TOKENS), 1);
}

static void garbage_is_a_protocol_error(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    rig_start(&rig, NULL);
    rig_fault(&rig, "POST /oauth2/token garbage times=1");
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_PROTOCOL);
}

static void a_bearer_refused_at_login_is_renewed_without_counting(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    keyring_status status;
    rig_start(&rig, NULL);
    rig_fault(&rig, "POST /session/login status=401 times=1 " BODY_401);
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_OK);
    CHECK_INT(rig_sent(&rig, RIG_TOKENS), 2);
    CHECK_OK(keyring_read_status(rig.side.keyring, rig.side.endpoint, rig.side.credential, &status,
                                 NULL));
    CHECK_INT(status.failed, 0);
    CHECK(status.bearer_valid && status.session_valid && !status.latched);
}

static void a_bearer_that_is_always_refused_is_not_renewed_for_ever(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    keyring_status status;
    rig_start(&rig, NULL);
    rig_fault(&rig, "POST /session/login status=401 " BODY_401);
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_AUTH);
    CHECK_TEXT(out.error.code, "900901");
    CHECK_INT(rig_sent(&rig, RIG_TOKENS), 2);
    CHECK_OK(keyring_read_status(rig.side.keyring, rig.side.endpoint, rig.side.credential, &status,
                                 NULL));
    CHECK_INT(status.failed, 0);
}

static void a_held_lock_is_waited_for_until_the_deadline(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT, again = OUTCOME_INIT;
    cleanup_side side other;
    authorisation *theirs = NULL;
    rig_start(&rig, NULL);
    rig_fault(&rig, "POST /oauth2/token delay=1500 times=1");
    side_open(&other, rig.folder, thingspace_simulator_url(rig.simulator), false);
    CHECK_OK(keyring_authorise(other.keyring, &theirs, other.endpoint, other.credential, NULL,
                               clock_monotonic_ms() + LONG_MS, outcome_note, &out, NULL));
    side_run(&other, 100);
    side_ask(&rig.side, &again, NULL, 200);
    CHECK_STATUS(again.status, THINGSPACE_TIMEOUT);
    CHECK(strstr(again.error.message, "another process holds the login") != NULL);
    CHECK(strstr(again.error.message, "north") != NULL);
    /* Cancelling the last waiter gives the lock back. */
    keyring_cancel(theirs);
    side_ask(&rig.side, &again, NULL, LONG_MS);
    CHECK_STATUS(again.status, THINGSPACE_OK);
    CHECK_INT(out.calls, 0);
}

static void a_cancelled_caller_is_not_called(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT, other = OUTCOME_INIT;
    authorisation *one = NULL, *two = NULL;
    rig_start(&rig, NULL);
    side *mine = &rig.side;
    CHECK_OK(keyring_authorise(mine->keyring, &one, mine->endpoint, mine->credential, NULL,
                               clock_monotonic_ms() + LONG_MS, outcome_note, &out, NULL));
    CHECK_OK(keyring_authorise(mine->keyring, &two, mine->endpoint, mine->credential, NULL,
                               clock_monotonic_ms() + LONG_MS, outcome_note, &other, NULL));
    keyring_cancel(one);
    CHECK(side_wait(mine, &other, 1));
    CHECK_STATUS(other.status, THINGSPACE_OK);
    CHECK_INT(out.calls, 0);
}

static void waiters_at_the_end_of_the_keyring_are_not_called(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    authorisation *one = NULL;
    rig_start(&rig, NULL);
    rig_fault(&rig, "POST /session/login delay=1000");
    side *mine = &rig.side;
    CHECK_OK(keyring_authorise(mine->keyring, &one, mine->endpoint, mine->credential, NULL,
                               clock_monotonic_ms() + LONG_MS, outcome_note, &out, NULL));
    side_run(mine, 200);
    side_close(mine);
    CHECK_INT(out.calls, 0);
}

static void without_a_state_directory_nothing_is_sent(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    thingspace_error why = THINGSPACE_ERROR_INIT;
    rig_start(&rig, NULL);
    why.kind = THINGSPACE_LOCAL;
    strcpy(why.message, "no directory");
    const keyring_options options = {.transport = rig.side.transport, .state_error = &why};
    keyring_free(rig.side.keyring);
    CHECK_OK(keyring_new(&rig.side.keyring, &options, NULL));
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_LOCAL);
    CHECK_TEXT(out.error.message, "no directory");
    CHECK_INT(rig_count(&rig, "requestCount"), 0);
}

static void a_missing_part_is_named(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    rig_start(&rig, NULL);
    secret_source_free(rig.side.credential->password);
    rig.side.credential->password = NULL;
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_AUTH);
    CHECK(strstr(out.error.message, "has no password") != NULL);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 0);
}

static thingspace_status log_out(rig *rig, bool revoke)
{
    cleanup_outcome outcome out = OUTCOME_INIT;
    authorisation *one = NULL;
    side *mine = &rig->side;
    thingspace_status status =
        keyring_logout(mine->keyring, &one, mine->endpoint, mine->credential, revoke,
                       clock_monotonic_ms() + LONG_MS, outcome_note, &out, NULL);
    if (status == THINGSPACE_OK)
        status = side_wait(mine, &out, 1) ? out.status : THINGSPACE_INTERNAL;
    return status;
}

static void a_logout_ends_the_session_and_keeps_the_bearer(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    keyring_status status;
    rig_start(&rig, NULL);
    side *mine = &rig.side;
    side_ask(mine, &out, NULL, LONG_MS);
    CHECK_STATUS(log_out(&rig, false), THINGSPACE_OK);
    CHECK(!at_hand(mine));
    CHECK_OK(keyring_read_status(mine->keyring, mine->endpoint, mine->credential, &status, NULL));
    CHECK(status.bearer_known && !status.session_known);
    CHECK_INT(rig_count(&rig, "revokes"), 0);
    CHECK_STATUS(log_out(&rig, true), THINGSPACE_OK);
    CHECK_OK(keyring_read_status(mine->keyring, mine->endpoint, mine->credential, &status, NULL));
    CHECK(!status.bearer_known);
    CHECK_INT(rig_count(&rig, "revokes"), 1);
    side_ask(mine, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_OK);
}

/* Makes the token file look as if its session was last used so long ago. */
static bool age_file(const rig *rig, int64_t ms)
{
    bool aged = false;
    DIR *folder = opendir(rig->folder);
    int64_t then = clock_wall_ms() - ms;
    const struct timespec time = {.tv_sec = (time_t)(then / 1000)};
    const struct timespec both[2] = {time, time};
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        if (strncmp(entry->d_name, "tokens-", 7) == 0 && !strstr(entry->d_name, ".lock"))
            aged = utimensat(dirfd(folder), entry->d_name, both, 0) == 0;
    closedir(folder);
    return aged;
}

static void a_use_is_noted_in_the_file_once_a_minute(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    keyring_status status;
    rig_start(&rig, NULL);
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK(age_file(&rig, 5 * 60 * 1000));
    cleanup_side side next;
    side_open(&next, rig.folder, thingspace_simulator_url(rig.simulator), false);
    side_ask(&next, &out, NULL, LONG_MS);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 1);
    keyring_used(next.keyring, next.endpoint, next.credential);
    CHECK_OK(keyring_read_status(next.keyring, next.endpoint, next.credential, &status, NULL));
    CHECK(clock_wall_ms() - status.session_used_ms < 60000);
    CHECK(age_file(&rig, 30 * 1000));
    keyring_used(next.keyring, next.endpoint, next.credential);
    CHECK_OK(keyring_read_status(next.keyring, next.endpoint, next.credential, &status, NULL));
    CHECK(clock_wall_ms() - status.session_used_ms > 20000);
}

static void a_session_idle_for_twenty_minutes_is_replaced(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    rig_start(&rig, NULL);
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK(age_file(&rig, 21 * 60 * 1000));
    CHECK_INT(requests_of_a_new_client(&rig), 1);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 2);
    CHECK_INT(requests_of_a_new_client(&rig), 0);
}

static void joining_and_leaving_need_no_network(void)
{
    cleanup_side side mine = {NULL, NULL, NULL, NULL, NULL};
    cleanup_outcome outcome out = OUTCOME_INIT;
    authorisation *one = NULL, *two = NULL;
    const transport_options carrier = {0};
    const endpoint_options place = {.url = "http://127.0.0.1:1"};
    CHECK_OK(state_open(&mine.state, check_folder(), NULL));
    CHECK_OK(transport_new(&mine.transport, &carrier, NULL));
    CHECK_OK(endpoint_new(&mine.endpoint, "test", &place, NULL));
    CHECK_OK(credential_new(&mine.credential, "north", NULL));
    const keyring_options options = {.transport = mine.transport, .state = mine.state};
    CHECK_OK(keyring_new(&mine.keyring, &options, NULL));
    CHECK_OK(keyring_authorise(mine.keyring, &one, mine.endpoint, mine.credential, NULL, INT64_MAX,
                               outcome_note, &out, NULL));
    CHECK_OK(keyring_logout(mine.keyring, &two, mine.endpoint, mine.credential, true, INT64_MAX,
                            outcome_note, &out, NULL));
    keyring_cancel(one);
    keyring_cancel(two);
    CHECK_INT(out.calls, 0);
}

/*
 * One fetch with the n-th allocation failing, and one after it that must succeed. The JSON of
 * the simulator is made by the same allocator: then the service fails, not we, and the
 * back-off after it is not waited for.
 */
static bool survives(rig *rig, size_t n, bool *reached)
{
    cleanup_outcome outcome broken = OUTCOME_INIT, after = OUTCOME_INIT;
    cleanup_side side mine;
    authorisation *one = NULL;
    char folder[400];
    snprintf(folder, sizeof(folder), "%s/n%zu", rig->folder, n);
    side_open(&mine, folder, thingspace_simulator_url(rig->simulator), false);
    allocations_fail_at(n);
    if (keyring_authorise(mine.keyring, &one, mine.endpoint, mine.credential, NULL,
                          clock_monotonic_ms() + LONG_MS, outcome_note, &broken,
                          NULL) == THINGSPACE_OK &&
        !side_wait(&mine, &broken, 1))
        keyring_cancel(one);
    *reached = allocations_failed();
    allocations_fail_at(0);
    if (broken.status == THINGSPACE_NETWORK)
        return true;
    side_ask(&mine, &after, NULL, LONG_MS);
    bool good = broken.status != THINGSPACE_INTERNAL;
    if (!good || after.status != THINGSPACE_OK)
        printf("# allocation %zu: %s %s, then %s %s\n", n, thingspace_status_name(broken.status),
               broken.error.message, thingspace_status_name(after.status), after.error.message);
    return good && after.status == THINGSPACE_OK;
}

static void after_a_failed_allocation_the_next_fetch_succeeds(void)
{
    cleanup_rig rig rig;
    bool reached = true;
    rig_start(&rig, NULL);
    for (size_t n = 1; reached; n++)
        CHECK(survives(&rig, n, &reached));
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(the_first_call_fetches_both_tokens),
    CHECK_CASE_ONCE(the_next_process_finds_the_tokens_in_the_file),
    CHECK_CASE_ONCE(without_the_cache_tokens_stay_in_memory),
    CHECK_CASE_ONCE(a_thousand_callers_make_one_token_request_and_one_login),
    CHECK_CASE_ONCE(an_expired_bearer_is_replaced_once_and_the_session_kept),
    CHECK_CASE_ONCE(a_refused_session_alone_is_replaced),
    CHECK_CASE_ONCE(a_session_that_another_process_renewed_is_taken_over),
    CHECK_CASE_ONCE(clock_jumps_make_no_refresh_storm),
    CHECK_CASE_ONCE(who_waits_for_a_broken_token_endpoint_fails_together),
    CHECK_CASE_ONCE(a_token_request_waits_as_long_as_the_service_asks),
    CHECK_CASE_ONCE(a_wrong_secret_is_an_error_that_names_its_sources),
    CHECK_CASE_ONCE(garbage_is_a_protocol_error),
    CHECK_CASE_ONCE(a_bearer_refused_at_login_is_renewed_without_counting),
    CHECK_CASE_ONCE(a_bearer_that_is_always_refused_is_not_renewed_for_ever),
    CHECK_CASE_ONCE(a_held_lock_is_waited_for_until_the_deadline),
    CHECK_CASE_ONCE(a_cancelled_caller_is_not_called),
    CHECK_CASE_ONCE(waiters_at_the_end_of_the_keyring_are_not_called),
    CHECK_CASE_ONCE(without_a_state_directory_nothing_is_sent),
    CHECK_CASE_ONCE(a_missing_part_is_named),
    CHECK_CASE_ONCE(a_logout_ends_the_session_and_keeps_the_bearer),
    CHECK_CASE_ONCE(a_use_is_noted_in_the_file_once_a_minute),
    CHECK_CASE_ONCE(a_session_idle_for_twenty_minutes_is_replaced),
    CHECK_CASE(joining_and_leaving_need_no_network),
    CHECK_CASE_ONCE(after_a_failed_allocation_the_next_fetch_succeeds),
};
CHECK_MAIN(cases)
