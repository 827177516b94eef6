/* SPDX-License-Identifier: MIT */
/* Windows of endpoints and accounts, turns, and the circuit breaker, without a network. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/limits.h"
#include "check.h"
#include "client/breaker.h"
#include "client/window.h"

#define PLACES 400

typedef struct rig {
    windows windows;
    endpoint endpoint;
    thingspace_error error;
    window_place places[PLACES];
    int admitted[PLACES]; /* the order in which those that waited got in */
    unsigned admissions, refusals;
    long long retry_after_ms;
} rig;

static void dispose(rig *self)
{
    windows_dispose(&self->windows);
}

#define cleanup_rig __attribute__((cleanup(dispose))) rig

static void start(rig *self, unsigned window)
{
    *self = (rig){.endpoint = {.name = (char *)(uintptr_t) "near",
                               .api = (char *)(uintptr_t) "https://near.example/api",
                               .window = window},
                  .error = THINGSPACE_ERROR_INIT};
}

static void note_end(window_place *place, const thingspace_error *refused)
{
    rig *self = place->user;
    if (refused) {
        self->refusals++;
        self->retry_after_ms = refused->retry_after_ms;
    } else {
        self->admitted[self->admissions++] = (int)(place - self->places);
    }
}

static thingspace_status enter_as(rig *self, int number, const char *account, bool urgent,
                                  int64_t now_ms)
{
    window_place *place = &self->places[number];
    place->end = note_end;
    place->user = self;
    return windows_enter(&self->windows, place, &self->endpoint, account, urgent, now_ms,
                         &self->error);
}

static thingspace_status enter(rig *self, int number, const char *account, int64_t now_ms)
{
    return enter_as(self, number, account, false, now_ms);
}

static unsigned count_inside(const rig *self)
{
    unsigned count = 0;
    for (int i = 0; i < PLACES; i++)
        count += self->places[i].window && self->places[i].inside;
    return count;
}

static void no_more_are_inside_than_the_window_has_places(void)
{
    cleanup_rig rig;
    char account[20];
    start(&rig, 3);
    for (int i = 0; i < 10; i++) {
        snprintf(account, sizeof(account), "account-%d", i);
        CHECK_OK(enter(&rig, i, account, 0));
    }
    CHECK_INT(count_inside(&rig), 3);
    for (int i = 0; i < 10; i++) {
        CHECK(rig.places[i].inside);
        windows_leave(&rig.places[i], 0);
        CHECK_INT(count_inside(&rig), i < 7 ? 3 : 9 - i);
    }
    CHECK_INT(rig.admissions, 7);
}

static void a_window_without_a_number_has_64_places(void)
{
    cleanup_rig rig;
    char account[20];
    start(&rig, 0);
    for (int i = 0; i < 100; i++) {
        snprintf(account, sizeof(account), "account-%d", i);
        CHECK_OK(enter(&rig, i, account, 0));
    }
    CHECK_INT(count_inside(&rig), 64);
}

static void one_account_has_eight_places_and_the_others_the_rest(void)
{
    cleanup_rig rig;
    start(&rig, 0);
    for (int i = 0; i < 20; i++)
        CHECK_OK(enter(&rig, i, "busy", 0));
    CHECK_INT(count_inside(&rig), 8);
    CHECK_OK(enter(&rig, 20, "other", 0));
    CHECK(rig.places[20].inside);
    windows_leave(&rig.places[3], 0);
    CHECK_INT(rig.admissions, 1);
    CHECK_INT(rig.admitted[0], 8);
}

static void accounts_take_turns(void)
{
    cleanup_rig rig;
    start(&rig, 2);
    for (int i = 0; i < 10; i++)
        CHECK_OK(enter(&rig, i, "busy", 0));
    CHECK_OK(enter(&rig, 10, "second", 0));
    CHECK_OK(enter(&rig, 11, "second", 0));
    CHECK_OK(enter(&rig, 12, "third", 0));
    CHECK_INT(count_inside(&rig), 2);
    windows_leave(&rig.places[0], 0);
    windows_leave(&rig.places[1], 0);
    for (unsigned i = 0; i < 4; i++) {
        CHECK(rig.admissions > i);
        windows_leave(&rig.places[rig.admitted[i]], 0);
    }
    static const int order[] = {10, 12, 2, 11, 3, 4};
    CHECK_INT(rig.admissions, 6);
    for (int i = 0; i < 6; i++)
        CHECK_INT(rig.admitted[i], order[i]);
}

static void what_is_urgent_is_next(void)
{
    cleanup_rig rig;
    start(&rig, 1);
    for (int i = 0; i < 6; i++)
        CHECK_OK(enter(&rig, i, i % 2 ? "a" : "b", 0));
    CHECK_OK(enter_as(&rig, 6, "a", true, 0));
    CHECK_OK(enter_as(&rig, 7, "new", true, 0));
    windows_leave(&rig.places[0], 0);
    windows_leave(&rig.places[7], 0);
    CHECK_INT(rig.admissions, 2);
    CHECK_INT(rig.admitted[0], 7);
    CHECK_INT(rig.admitted[1], 6);
    windows_leave(&rig.places[6], 0);
    CHECK_INT(rig.admitted[2], 2);
}

static void who_stops_waiting_is_passed_over(void)
{
    cleanup_rig rig;
    start(&rig, 1);
    for (int i = 0; i < 4; i++)
        CHECK_OK(enter(&rig, i, i == 2 ? "b" : "a", 0));
    windows_leave(&rig.places[1], 0);
    windows_leave(&rig.places[2], 0);
    windows_leave(&rig.places[2], 0); /* nothing twice */
    CHECK_INT(rig.admissions, 0);
    windows_leave(&rig.places[0], 0);
    CHECK_INT(rig.admissions, 1);
    CHECK_INT(rig.admitted[0], 3);
}

static void many_accounts_come_and_go(void)
{
    cleanup_rig rig;
    char account[20];
    start(&rig, 5);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < PLACES; i++) {
            snprintf(account, sizeof(account), "account-%d", (i * 7 + round) % 300);
            CHECK_OK(enter(&rig, i, account, 0));
        }
        CHECK_INT(count_inside(&rig), 5);
        rig.admissions = 0;
        for (int left = PLACES; left > 0;) {
            for (int i = 0; i < PLACES; i++) {
                if (rig.places[i].window && rig.places[i].inside) {
                    windows_leave(&rig.places[i], 0);
                    left--;
                }
            }
        }
        CHECK_INT(rig.admissions, PLACES - 5);
    }
}

static void endpoints_have_windows_of_their_own(void)
{
    cleanup_rig rig;
    start(&rig, 1);
    CHECK_OK(enter(&rig, 0, "a", 0));
    rig.endpoint.name = (char *)(uintptr_t) "far";
    CHECK_OK(enter(&rig, 1, "a", 0));
    CHECK_INT(count_inside(&rig), 2);
}

/* ---- the breaker ---- */

static thingspace_error lost(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error.kind = THINGSPACE_NETWORK;
    snprintf(error.message, sizeof(error.message), "no connection with near.example");
    return error;
}

/* One account enters, fails `times` times and leaves. */
static thingspace_status fail_often(rig *rig, unsigned times, int64_t now_ms)
{
    thingspace_error why = lost();
    thingspace_status status = enter(rig, PLACES - 1, "failing", now_ms);
    for (unsigned i = 0; status == THINGSPACE_OK && i < times; i++)
        windows_note_failed(&rig->places[PLACES - 1], &why, now_ms);
    windows_leave(&rig->places[PLACES - 1], now_ms);
    return status;
}

static void ten_failures_in_a_row_refuse_who_comes_and_who_waits(void)
{
    cleanup_rig rig;
    start(&rig, 1);
    thingspace_error why = lost();
    for (int i = 0; i < 5; i++)
        CHECK_OK(enter(&rig, i, i < 3 ? "a" : "b", 0));
    for (int i = 0; i < 9; i++)
        windows_note_failed(&rig.places[0], &why, 100);
    CHECK_INT(rig.refusals, 0);
    windows_note_failed(&rig.places[0], &why, 100);
    CHECK_INT(rig.refusals, 4);
    CHECK_INT(rig.retry_after_ms, 1000);
    CHECK(windows_refuse(&rig.places[0], 1099));
    CHECK(!windows_refuse(&rig.places[0], 1100));
    windows_leave(&rig.places[0], 200);
    CHECK_STATUS(enter(&rig, 6, "c", 300), THINGSPACE_NETWORK);
    CHECK_INT(rig.error.retriable, 1);
    CHECK_INT(rig.error.retry_after_ms, 800);
    CHECK(strstr(rig.error.message, "no connection with near.example"));
    CHECK(!rig.places[6].window);
}

static void an_answer_in_between_counts_anew(void)
{
    cleanup_rig rig;
    start(&rig, 1);
    CHECK_OK(fail_often(&rig, 9, 0));
    CHECK_OK(enter(&rig, 0, "a", 0));
    windows_note_reached(&rig.places[0]);
    windows_leave(&rig.places[0], 0);
    CHECK_OK(fail_often(&rig, 9, 0));
    CHECK_OK(enter(&rig, 0, "a", 0));
}

static void one_trial_decides_for_those_that_wait_behind_it(void)
{
    cleanup_rig rig;
    start(&rig, 0);
    CHECK_OK(fail_often(&rig, 10, 0));
    CHECK_OK(enter(&rig, 0, "a", 1000));
    CHECK(rig.places[0].inside);
    for (int i = 1; i < 5; i++)
        CHECK_OK(enter(&rig, i, "b", 1001));
    CHECK_INT(count_inside(&rig), 1);
    windows_note_reached(&rig.places[0]);
    CHECK_INT(count_inside(&rig), 5);
}

static void a_trial_that_fails_doubles_the_rest_up_to_thirty_seconds(void)
{
    cleanup_rig rig;
    static const int rests[] = {1000, 2000, 4000, 8000, 16000, 30000, 30000};
    int64_t now = 0;
    start(&rig, 0);
    for (size_t i = 0; i < sizeof(rests) / sizeof(rests[0]); i++) {
        CHECK_OK(fail_often(&rig, i == 0 ? 10 : 1, now));
        CHECK_STATUS(enter(&rig, 0, "a", now + rests[i] - 1), THINGSPACE_NETWORK);
        now += rests[i];
    }
    CHECK_OK(enter(&rig, 0, "a", now));
    windows_note_reached(&rig.places[0]);
    windows_leave(&rig.places[0], now);
    CHECK_OK(fail_often(&rig, 10, now));
    CHECK_STATUS(enter(&rig, 0, "a", now + 999), THINGSPACE_NETWORK);
    CHECK_OK(enter(&rig, 0, "a", now + 1000));
}

static void a_trial_that_gives_up_leaves_it_to_the_next(void)
{
    cleanup_rig rig;
    start(&rig, 0);
    CHECK_OK(fail_often(&rig, 10, 0));
    for (int i = 0; i < 3; i++)
        CHECK_OK(enter(&rig, i, "a", 1000));
    CHECK_INT(count_inside(&rig), 1);
    windows_leave(&rig.places[0], 1001);
    CHECK_INT(count_inside(&rig), 1);
    CHECK(rig.places[1].inside);
    windows_note_reached(&rig.places[1]);
    CHECK_INT(count_inside(&rig), 2);
}

static void a_failure_that_many_share_counts_once(void)
{
    cleanup_rig rig;
    start(&rig, 0);
    thingspace_error why = lost();
    CHECK_OK(enter(&rig, 0, "a", 0));
    for (int i = 0; i < 50; i++)
        windows_note_shared(&rig.places[0], &why, 5);
    CHECK_OK(enter(&rig, 1, "b", 6));
    for (int i = 0; i < 9; i++)
        windows_note_shared(&rig.places[0], &why, 10 + i);
    CHECK_STATUS(enter(&rig, 2, "c", 20), THINGSPACE_NETWORK);
}

static void an_endpoint_that_moved_begins_anew(void)
{
    cleanup_rig rig;
    start(&rig, 0);
    CHECK_OK(fail_often(&rig, 10, 0));
    rig.endpoint.api = (char *)(uintptr_t) "https://elsewhere.example/api";
    CHECK_OK(enter(&rig, 0, "a", 1));
}

static const check_case cases[] = {
    CHECK_CASE(no_more_are_inside_than_the_window_has_places),
    CHECK_CASE(a_window_without_a_number_has_64_places),
    CHECK_CASE(one_account_has_eight_places_and_the_others_the_rest),
    CHECK_CASE(accounts_take_turns),
    CHECK_CASE(what_is_urgent_is_next),
    CHECK_CASE(who_stops_waiting_is_passed_over),
    CHECK_CASE_ONCE(many_accounts_come_and_go),
    CHECK_CASE(endpoints_have_windows_of_their_own),
    CHECK_CASE(ten_failures_in_a_row_refuse_who_comes_and_who_waits),
    CHECK_CASE(an_answer_in_between_counts_anew),
    CHECK_CASE(one_trial_decides_for_those_that_wait_behind_it),
    CHECK_CASE(a_trial_that_fails_doubles_the_rest_up_to_thirty_seconds),
    CHECK_CASE(a_trial_that_gives_up_leaves_it_to_the_next),
    CHECK_CASE(a_failure_that_many_share_counts_once),
    CHECK_CASE(an_endpoint_that_moved_begins_anew),
};

CHECK_MAIN(cases)
