/* SPDX-License-Identifier: MIT */
/*
 * A client inside somebody else's event loop: epoll watches the client's one descriptor beside
 * a timer of our own, and many calls are in flight at once.
 *
 *     cc epoll.c $(pkg-config --cflags --libs thingspace) -o epoll
 *     thingspace simulate -- ./epoll TestAccount-1 TestAccount-2
 */
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <thingspace/thingspace.h>
#include <unistd.h>

/* Called once for each call, from thingspace_client_process. The result is ours to free. */
static void show(thingspace_result *result, void *user)
{
    int *failures = user;
    if (thingspace_result_status(result) != THINGSPACE_OK) {
        fprintf(stderr, "%s: %s\n", thingspace_result_account(result),
                thingspace_result_error(result)->message);
        ++*failures;
    }
    for (size_t i = 0; i < thingspace_result_count(result); i++) {
        const thingspace_listener *listener = thingspace_result_listener(result, i);
        printf("%s %s %s\n", listener->account, listener->service, listener->url);
    }
    printf("%s: %zu listeners\n", thingspace_result_account(result),
           thingspace_result_count(result));
    thingspace_result_free(result);
}

static int watch(int set, int descriptor)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    return epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event);
}

static int make_ticker(void)
{
    const struct itimerspec every = {{0, 100000000}, {0, 100000000}};
    int ticker = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    return ticker >= 0 && timerfd_settime(ticker, 0, &every, NULL) == 0 ? ticker : -1;
}

/* Our loop: it knows nothing of HTTP, tokens or time-outs, only that a descriptor became readable.
 */
static thingspace_status loop(thingspace_client *client, thingspace_error *error)
{
    int set = epoll_create1(EPOLL_CLOEXEC), ticker = make_ticker(), ticks = 0;
    thingspace_status status = THINGSPACE_OK;
    if (set < 0 || ticker < 0 || watch(set, ticker) || watch(set, thingspace_client_fd(client)))
        return THINGSPACE_LOCAL;
    while (status == THINGSPACE_OK && thingspace_client_pending(client) > 0) {
        struct epoll_event event;
        uint64_t expired;
        if (epoll_wait(set, &event, 1, -1) < 1)
            continue;
        if (event.data.fd == ticker)
            ticks += read(ticker, &expired, sizeof(expired)) > 0;
        else
            status = thingspace_client_process(client, error);
    }
    fprintf(stderr, "our own timer ticked %d times meanwhile\n", ticks);
    close(ticker);
    close(set);
    return status;
}

int main(int count, char **arguments)
{
    if (count < 2) {
        fprintf(stderr, "usage: epoll ACCOUNT...\n");
        return thingspace_status_exit(THINGSPACE_USAGE);
    }
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.flags = THINGSPACE_FOREIGN_LOOP;
    thingspace_client *client;
    if (thingspace_client_new(&client, &options, &error) != THINGSPACE_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    int failures = 0;
    for (int i = 1; i < count; i++) {
        thingspace_request request = THINGSPACE_REQUEST_INIT;
        request.operation = THINGSPACE_LIST;
        request.account = arguments[i];
        if (thingspace_call_start(client, NULL, &request, show, &failures, &error) != THINGSPACE_OK)
            failures++;
    }
    if (loop(client, &error) != THINGSPACE_OK)
        failures++;
    thingspace_client_free(client);
    return failures > 0;
}
