/* SPDX-License-Identifier: MIT */
/* What a forked process may do with its parent's client: nothing, and without disturbing it. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <thingspace/plugin.h>
#include <thingspace/plugins.h>
#include <unistd.h>
#include "base/state.h"
#include "check.h"
#include "service.h"

#define ACCOUNT "TestAccount-2"
#define REFUSAL "a client cannot be used after fork; make a new one"

/* Runs `run` in a child; what it answers, 255 when it crashed. */
static int in_child(int (*run)(void *), void *user)
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        _exit(run(user));
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return 255;
    return WEXITSTATUS(status);
}

static int is_refused(thingspace_status status, const thingspace_error *error)
{
    return status == THINGSPACE_USAGE && strcmp(error->message, REFUSAL) == 0;
}

static void ignore(thingspace_result *result, void *user)
{
    (void)user;
    thingspace_result_free(result);
}

static int use_everything(void *user)
{
    service *service = user;
    thingspace_client *client = service->client;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = ACCOUNT;
    if (!is_refused(thingspace_list(client, NULL, ACCOUNT, &error), &error))
        return 1;
    if (!is_refused(thingspace_client_run(client, -1, &error), &error))
        return 2;
    if (!is_refused(thingspace_client_reload(client, &error), &error))
        return 3;
    if (!is_refused(thingspace_call_start(client, NULL, &request, ignore, NULL, &error), &error))
        return 4;
    if (!is_refused(thingspace_client_process(client, &error), &error))
        return 5;
    if (thingspace_client_fd(client) != -1)
        return 6;
    thingspace_client_interrupt(client);
    thingspace_client_free(client);
    return 0;
}

static void a_child_is_told_to_make_its_own(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK_INT(in_child(use_everything, &service), 0);
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK_INT(service_number(&service, "logins"), 1);
}

static int make_own(void *user)
{
    service *parents = user;
    thingspace_client *client = NULL;
    if (service_client(parents, &client, NULL) != THINGSPACE_OK)
        return 1;
    thingspace_status status = thingspace_list(client, NULL, ACCOUNT, NULL);
    thingspace_client_free(client);
    thingspace_client_free(parents->client);
    return status == THINGSPACE_OK ? 0 : 2;
}

static void a_child_makes_its_own(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK_INT(in_child(make_own, &service), 0);
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
}

static void count(thingspace_result *result, void *user)
{
    *(unsigned *)user += thingspace_result_status(result) == THINGSPACE_OK;
    thingspace_result_free(result);
}

static int free_it(void *user)
{
    thingspace_client_free(((service *)user)->client);
    return 0;
}

/* Both drivers: the set of epoll is one for both processes. */
static void calls_in_flight_do_not_notice_a_child_that_frees(void)
{
    static const unsigned flags[] = {0, THINGSPACE_FOREIGN_LOOP};
    for (size_t i = 0; i < 2; i++) {
        cleanup_service service;
        unsigned good = 0;
        thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
        thingspace_request request = THINGSPACE_REQUEST_INIT;
        options.flags = flags[i];
        request.account = ACCOUNT;
        CHECK_OK(service_start_alone(&service, NULL));
        CHECK_OK(service_client(&service, &service.client, &options));
        for (unsigned n = 0; n < 50; n++)
            CHECK_OK(thingspace_call_start(service.client, NULL, &request, count, &good, NULL));
        while (thingspace_client_pending(service.client) > 25)
            CHECK_OK(flags[i] ? thingspace_client_process(service.client, NULL)
                              : thingspace_client_run(service.client, 1, NULL));
        CHECK_INT(in_child(free_it, &service), 0);
        while (thingspace_client_pending(service.client) > 0)
            CHECK_OK(flags[i] ? thingspace_client_process(service.client, NULL)
                              : thingspace_client_run(service.client, -1, NULL));
        CHECK_INT(good, 50);
    }
}

static void destroyed(void *self)
{
    ++*(unsigned *)self;
}

static int nothing(void *self, thingspace_hook *hook)
{
    (void)self, (void)hook;
    return 0;
}

static int free_and_count(void *user)
{
    thingspace_client_free(((void **)user)[0]);
    return (int)*(unsigned *)((void **)user)[1];
}

static void a_child_ends_no_plugin(void)
{
    static const thingspace_plugin plugin = {.size = sizeof(plugin),
                                             .major = THINGSPACE_PLUGIN_MAJOR,
                                             .minor = THINGSPACE_PLUGIN_MINOR,
                                             .name = "own",
                                             .version = "1.0.0",
                                             .request = nothing,
                                             .destroy = destroyed};
    cleanup_service service;
    unsigned ended = 0;
    thingspace_plugin_options options = THINGSPACE_PLUGIN_OPTIONS_INIT;
    options.self = &ended;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(thingspace_client_add_plugin(service.client, &plugin, &options, NULL));
    void *both[] = {service.client, &ended};
    CHECK_INT(in_child(free_and_count, both), 0);
    thingspace_client_free(service.client);
    service.client = NULL;
    CHECK_INT(ended, 1);
}

static int read_secret(void *user)
{
    return secret_equal_text(user, "hush") ? 0 : 1;
}

static void secrets_go_on_in_a_child(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_OK(thingspace_secret_new(&secret, "hush", 4, NULL));
    CHECK_INT(in_child(read_secret, secret), 0);
}

/* A child that lives on has the descriptor of a lock that is given back in the parent. */
static void a_lock_is_free_when_its_owner_gives_it_back(void)
{
    state *folder = NULL;
    state_lock lock = STATE_LOCK_INIT, again = STATE_LOCK_INIT;
    bool held = false, held_again = false;
    int ends[2];
    char byte;
    CHECK_INT(pipe(ends), 0);
    CHECK_OK(state_open(&folder, check_folder(), NULL));
    thingspace_status status = state_try_lock(folder, "one", &lock, &held, NULL);
    pid_t child = fork();
    if (child == 0) {
        close(ends[1]);
        _exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(ends[0]);
    state_unlock(&lock);
    thingspace_status second = state_try_lock(folder, "one", &again, &held_again, NULL);
    state_unlock(&again);
    close(ends[1]);
    waitpid(child, NULL, 0);
    state_close(folder);
    CHECK_OK(status);
    CHECK_OK(second);
    CHECK(held && held_again);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_child_is_told_to_make_its_own),
    CHECK_CASE_ONCE(a_child_makes_its_own),
    CHECK_CASE_ONCE(calls_in_flight_do_not_notice_a_child_that_frees),
    CHECK_CASE_ONCE(a_child_ends_no_plugin),
    CHECK_CASE_ONCE(secrets_go_on_in_a_child),
    CHECK_CASE_ONCE(a_lock_is_free_when_its_owner_gives_it_back),
};
CHECK_MAIN(cases)
