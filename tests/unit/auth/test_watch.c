/* SPDX-License-Identifier: MIT */
/* What those who wait for tokens are told of the exchanges meanwhile. */
#include "rig.h"
#include <stdio.h>

#define LONG_MS 15000

typedef struct watched {
    outcome outcome; /* first, for outcome_note */
    char text[400];  /* "token 200 ok;login 401 auth;" */
} watched;

static void note_exchange(const keyring_exchange *exchange, void *user)
{
    watched *watched = user;
    size_t size = strlen(watched->text);
    snprintf(watched->text + size, sizeof(watched->text) - size, "%s %d %s%s;", exchange->what,
             exchange->http_status, thingspace_status_name(exchange->status),
             exchange->ms < 0 || exchange->ms > LONG_MS ? " at no time" : "");
}

static void release(watched *watched)
{
    outcome_free(&watched->outcome);
}

#define cleanup_watched __attribute__((cleanup(release)))
#define WATCHED_INIT                                                                               \
    {                                                                                              \
        OUTCOME_INIT, ""                                                                           \
    }

static thingspace_status ask(side *side, authorisation **out, watched *watched, int64_t wait_ms)
{
    thingspace_status status =
        keyring_authorise(side->keyring, out, side->endpoint, side->credential, NULL,
                          clock_monotonic_ms() + wait_ms, outcome_note, watched, NULL);
    if (status == THINGSPACE_OK)
        keyring_watch(*out, note_exchange);
    return status;
}

static void all_who_wait_are_told_of_each_exchange(void)
{
    cleanup_rig rig rig;
    cleanup_watched watched first = WATCHED_INIT, second = WATCHED_INIT;
    authorisation *one = NULL, *two = NULL;
    rig_start(&rig, NULL);
    rig_fault(&rig, "POST /oauth2/token status=503 header=Retry-After:0 times=1");
    CHECK_OK(ask(&rig.side, &one, &first, LONG_MS));
    CHECK_OK(ask(&rig.side, &two, &second, LONG_MS));
    CHECK(side_wait(&rig.side, &second.outcome, 1));
    CHECK_TEXT(first.text, "token 503 service;token 200 ok;login 200 ok;");
    CHECK_TEXT(second.text, first.text);
}

static void a_refusal_and_a_lost_connection_are_told(void)
{
    cleanup_rig rig rig;
    cleanup_watched watched first = WATCHED_INIT, second = WATCHED_INIT;
    authorisation *one = NULL;
    rig_start(&rig, NULL);
    rig_fault(&rig, "POST /session/login status=401 body=\"{}\" times=1");
    CHECK_OK(ask(&rig.side, &one, &first, LONG_MS));
    CHECK(side_wait(&rig.side, &first.outcome, 1));
    CHECK_TEXT(first.text, "token 200 ok;login 401 auth;");
    rig_fault(&rig, "POST /session/login close");
    side_set_user(&rig.side, "north", THINGSPACE_SIMULATOR_USERNAME, "another");
    CHECK_OK(ask(&rig.side, &one, &second, LONG_MS));
    CHECK(side_wait(&rig.side, &second.outcome, 1));
    CHECK(strstr(second.text, "login 0 network;") != NULL);
}

static void who_leaves_early_is_told_what_was_under_way(void)
{
    cleanup_rig rig rig;
    cleanup_watched watched late = WATCHED_INIT, cancelled = WATCHED_INIT;
    authorisation *one = NULL, *two = NULL;
    rig_start(&rig, NULL);
    rig_fault(&rig, "POST /oauth2/token delay=5000");
    CHECK_OK(ask(&rig.side, &one, &late, 300));
    CHECK_OK(ask(&rig.side, &two, &cancelled, LONG_MS));
    CHECK(side_wait(&rig.side, &late.outcome, 1));
    CHECK_TEXT(late.text, "token 0 timeout;");
    CHECK_TEXT(cancelled.text, "");
    keyring_cancel(two);
    CHECK_TEXT(cancelled.text, "token 0 cancelled;");
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(all_who_wait_are_told_of_each_exchange),
    CHECK_CASE_ONCE(a_refusal_and_a_lost_connection_are_told),
    CHECK_CASE_ONCE(who_leaves_early_is_told_what_was_under_way),
};
CHECK_MAIN(cases)
