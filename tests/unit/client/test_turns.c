/* SPDX-License-Identifier: MIT */
/* A foreign loop gets its turn again soon, whatever the client has to do. */
#include <config.h>
#include <poll.h>
#include <time.h>
#include "check.h"
#include "service.h"

#define CALLS       3000
#define MOST_CPU_US 250000 /* of one turn, with sanitizers */

static void count(thingspace_result *result, void *user)
{
    *(unsigned *)user += thingspace_result_status(result) == THINGSPACE_OK;
    thingspace_result_free(result);
}

static long long now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Works until nothing is in flight; tells the longest turn. Answers of a turn that began and ended
 * inside it have no descriptor to wake somebody: TIMEOUT when they are forgotten. */
static thingspace_status work(thingspace_client *client, long long *longest_us, unsigned *turns)
{
    struct pollfd watched = {.fd = thingspace_client_fd(client), .events = POLLIN};
    thingspace_status status = THINGSPACE_OK;
    *longest_us = 0;
    *turns = 0;
    while (thingspace_client_pending(client) > 0 && status == THINGSPACE_OK) {
        if (poll(&watched, 1, 10000) != 1)
            return THINGSPACE_TIMEOUT;
        long long began = now_us();
        status = thingspace_client_process(client, NULL);
        long long took = now_us() - began;
        *longest_us = took > *longest_us ? took : *longest_us;
        ++*turns;
    }
    return status;
}

static void thousands_at_once_end_in_many_short_turns(void)
{
    cleanup_service service;
    unsigned good = 0, turns;
    long long longest_us;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    options.flags = THINGSPACE_FOREIGN_LOOP;
    options.timeout_ms = 120000;
    request.account = "TestAccount-2";
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(service_client(&service, &service.client, &options));
    for (unsigned i = 0; i < CALLS; i++)
        CHECK_OK(thingspace_call_start(service.client, NULL, &request, count, &good, NULL));
    CHECK_OK(work(service.client, &longest_us, &turns));
    CHECK_INT(good, CALLS);
    CHECK(turns > 10);
    CHECK(longest_us < MOST_CPU_US);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(thousands_at_once_end_in_many_short_turns),
};
CHECK_MAIN(cases)
