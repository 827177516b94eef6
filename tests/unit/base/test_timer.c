/* SPDX-License-Identifier: MIT */
/* Timers: order, stopping, restarting, and what a firing timer may do to others. */
#include <config.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/timer.h"
#include "check.h"

#define MANY 10000

static timers heap;
static timer many[MANY];
static int64_t expected_due[MANY]; /* -1: not running */
static int64_t last_fired;
static int fired, out_of_order;

static void reset(void)
{
    heap = (timers){0};
    fired = out_of_order = 0;
    last_fired = -1;
}

static void count_fired(timer *node, void *user)
{
    int64_t *expected = user;
    fired++;
    if (node->running || node->due_ms < last_fired || *expected != node->due_ms)
        out_of_order++;
    last_fired = node->due_ms;
    *expected = -1;
}

static uint32_t next_random(void)
{
    static uint32_t state = 12345;
    state = state * 1664525U + 1013904223U;
    return state >> 8;
}

static void start_all(void)
{
    for (int i = 0; i < MANY; i++) {
        timer_init(&many[i], count_fired, &expected_due[i]);
        expected_due[i] = next_random() % 100000;
        timers_start(&heap, &many[i], expected_due[i]);
    }
}

/* A third is stopped, a third is moved. */
static void disturb_all(void)
{
    for (int i = 0; i < MANY; i++) {
        int which = (int)(next_random() % MANY);
        if (i % 3 == 0) {
            timers_stop(&heap, &many[which]);
            expected_due[which] = -1;
        } else if (i % 3 == 1) {
            expected_due[which] = next_random() % 100000;
            timers_start(&heap, &many[which], expected_due[which]);
        }
    }
}

static int64_t earliest_expected(void)
{
    int64_t earliest = -1;
    for (int i = 0; i < MANY; i++)
        if (expected_due[i] >= 0 && (earliest < 0 || expected_due[i] < earliest))
            earliest = expected_due[i];
    return earliest;
}

static int count_expected(int64_t until)
{
    int count = 0;
    for (int i = 0; i < MANY; i++)
        count += expected_due[i] >= 0 && expected_due[i] <= until;
    return count;
}

static void ten_thousand_timers_fire_in_order(void)
{
    reset();
    start_all();
    for (int64_t now = 0; now <= 100000; now += 10000) {
        disturb_all();
        fired = 0;
        last_fired = -1;
        int expected = count_expected(now);
        CHECK_INT(timers_next_due(&heap), earliest_expected());
        timers_fire(&heap, now);
        CHECK_INT(fired, expected);
        CHECK_INT(out_of_order, 0);
    }
    CHECK_INT(timers_next_due(&heap), earliest_expected());
    CHECK_INT(timers_next_due(&heap), -1);
}

static void note_turn(timer *node, void *user)
{
    (void)node;
    int64_t turn = (int64_t *)user - expected_due;
    out_of_order += turn < last_fired;
    last_fired = turn;
    fired++;
}

/* Whoever came first goes first, also when some of them are moved to that time, or stopped. */
static void timers_of_one_time_fire_in_the_order_of_their_start(void)
{
    reset();
    for (int i = 0; i < MANY; i++)
        timer_init(&many[i], note_turn, &expected_due[i]);
    for (int i = 0; i < MANY; i += 2)
        timers_start(&heap, &many[i], 1000 - i % 7);
    for (int i = 0; i < MANY; i++)
        timers_start(&heap, &many[i], 500);
    for (int i = 0; i < MANY; i += 3)
        timers_stop(&heap, &many[i]);
    timers_fire(&heap, 500);
    CHECK_INT(fired, MANY - (MANY + 2) / 3);
    CHECK_INT(out_of_order, 0);
}

static void no_timer_has_no_due_time(void)
{
    timers none = {0};
    CHECK_INT(timers_next_due(&none), -1);
    timers_fire(&none, INT64_MAX);
    timer idle;
    timer_init(&idle, count_fired, NULL);
    timers_stop(&none, &idle);
    CHECK(!idle.running);
}

static void a_timer_fires_at_its_time_and_once(void)
{
    int64_t expected = 100;
    timer one;
    reset();
    timer_init(&one, count_fired, &expected);
    timers_start(&heap, &one, 100);
    CHECK(one.running);
    timers_fire(&heap, 99);
    CHECK_INT(fired, 0);
    timers_fire(&heap, 100);
    timers_fire(&heap, 1000);
    CHECK_INT(fired, 1);
    CHECK_INT(out_of_order, 0);
}

static void start_itself_again(timer *node, void *user)
{
    (void)user;
    fired++;
    timers_start(&heap, node, 0);
}

static void a_timer_started_meanwhile_waits_for_the_next_round(void)
{
    timer again;
    reset();
    timer_init(&again, start_itself_again, NULL);
    timers_start(&heap, &again, 0);
    timers_fire(&heap, 10);
    CHECK_INT(fired, 1);
    CHECK_INT(timers_next_due(&heap), 0);
    timers_fire(&heap, 10);
    CHECK_INT(fired, 2);
    timers_stop(&heap, &again);
    CHECK_INT(timers_next_due(&heap), -1);
}

static void stop_the_other(timer *node, void *user)
{
    (void)node;
    fired++;
    timers_stop(&heap, user);
}

static void a_due_timer_that_is_stopped_in_time_does_not_fire(void)
{
    timer pair[2];
    reset();
    timer_init(&pair[0], stop_the_other, &pair[1]);
    timer_init(&pair[1], stop_the_other, &pair[0]);
    timers_start(&heap, &pair[0], 1);
    timers_start(&heap, &pair[1], 1);
    timers_fire(&heap, 5);
    CHECK_INT(fired, 1);
    CHECK(!pair[0].running && !pair[1].running);
    CHECK_INT(timers_next_due(&heap), -1);
}

static void move_the_other(timer *node, void *user)
{
    (void)node;
    fired++;
    timers_start(&heap, user, 50);
}

static void a_due_timer_that_is_moved_fires_at_its_new_time(void)
{
    int64_t expected = 50;
    timer first, second, third;
    reset();
    timer_init(&first, move_the_other, &second);
    timer_init(&second, count_fired, &expected);
    timer_init(&third, start_itself_again, NULL);
    timers_start(&heap, &first, 1);
    timers_start(&heap, &second, 2);
    timers_start(&heap, &third, 3);
    timers_fire(&heap, 5);
    CHECK_INT(fired, 2); /* first and third */
    timers_stop(&heap, &third);
    CHECK_INT(timers_next_due(&heap), 50);
    timers_fire(&heap, 50);
    CHECK_INT(fired, 3);
    CHECK_INT(out_of_order, 0);
}

static void free_itself(timer *node, void *user)
{
    (void)user;
    fired++;
    free(node);
}

static void a_timer_may_be_freed_by_its_own_function(void)
{
    reset();
    for (int i = 0; i < 3; i++) {
        timer *one = malloc(sizeof(*one));
        CHECK(one != NULL);
        timer_init(one, free_itself, NULL);
        timers_start(&heap, one, i);
    }
    timers_fire(&heap, 10);
    CHECK_INT(fired, 3);
}

static void wall_time_moves_and_monotonic_time_does_not(void)
{
    int64_t wall = clock_wall_ms(), monotonic = clock_monotonic_ms();
    clock_shift_wall(7200000);
    int64_t moved = clock_wall_ms() - wall, passed = clock_monotonic_ms() - monotonic;
    clock_shift_wall(-7200000);
    CHECK(moved >= 7200000 && moved < 7260000);
    CHECK(passed >= 0 && passed < 60000);
    CHECK(wall > 1600000000000);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(ten_thousand_timers_fire_in_order),
    CHECK_CASE(timers_of_one_time_fire_in_the_order_of_their_start),
    CHECK_CASE(no_timer_has_no_due_time),
    CHECK_CASE(a_timer_fires_at_its_time_and_once),
    CHECK_CASE(a_timer_started_meanwhile_waits_for_the_next_round),
    CHECK_CASE(a_due_timer_that_is_stopped_in_time_does_not_fire),
    CHECK_CASE(a_due_timer_that_is_moved_fires_at_its_new_time),
    CHECK_CASE_ONCE(a_timer_may_be_freed_by_its_own_function),
    CHECK_CASE(wall_time_moves_and_monotonic_time_does_not),
};
CHECK_MAIN(cases)
