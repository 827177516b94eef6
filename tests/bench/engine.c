/* SPDX-License-Identifier: MIT */
/*
 * What Python is measured against: the same calls from C, and the server of both.
 *
 *     engine serve                    prints the server's URL, serves until its input ends
 *     engine many REQUESTS DIR        registrations at once, by the client's own loop
 *     engine blocking REQUESTS DIR    one after the other
 *
 * The last two print "CPU SECONDS", user and system, of the calls alone; RIVAL_URL names the server
 * and DIR is the state directory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thingspace/thingspace.h>
#include <time.h>
#include <unistd.h>
#include "peer.h"

#define SERVICE   "CarrierService"
#define LISTENER  "https://hooks.example.com/cb"
#define IN_FLIGHT 1000

static unsigned begun, wanted;
static thingspace_client *client;

static void give_up(const char *what)
{
    fprintf(stderr, "engine: %s\n", what);
    exit(2);
}

static int serve(void)
{
    peer peer;
    char byte;
    if (!peer_start(&peer))
        give_up("the server does not start");
    puts(peer.url);
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        continue;
    peer_stop(&peer);
    return 0;
}

static void open_client(const char *state_dir)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    options.state_dir = state_dir;
    if (thingspace_client_new(&client, &options, &error) != THINGSPACE_OK)
        give_up(error.message);
}

static void start(void);

static void note(thingspace_result *result, void *user)
{
    (void)user;
    if (thingspace_result_status(result) != THINGSPACE_OK)
        give_up(thingspace_result_error(result)->message);
    thingspace_result_free(result);
    if (begun < wanted)
        start();
}

static void start(void)
{
    char account[32];
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    snprintf(account, sizeof(account), "TestAccount-%u", begun++);
    request.operation = THINGSPACE_REGISTER;
    request.account = account;
    request.service = SERVICE;
    request.url = LISTENER;
    if (thingspace_call_start(client, NULL, &request, note, NULL, &error) != THINGSPACE_OK)
        give_up(error.message);
}

static void many(unsigned requests)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    begun = 0;
    wanted = requests;
    while (begun < wanted && begun < IN_FLIGHT)
        start();
    if (thingspace_client_run(client, -1, &error) != THINGSPACE_OK)
        give_up(error.message);
}

static void blocking(unsigned requests)
{
    char account[32];
    thingspace_error error = THINGSPACE_ERROR_INIT;
    for (unsigned i = 0; i < requests; i++) {
        snprintf(account, sizeof(account), "TestAccount-%u", i);
        if (thingspace_register(client, NULL, account, SERVICE, LISTENER, NULL, NULL, &error) !=
            THINGSPACE_OK)
            give_up(error.message);
    }
}

static double cpu(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

int main(int count, char **words)
{
    if (count == 2 && strcmp(words[1], "serve") == 0)
        return serve();
    if (count != 4 || !getenv("RIVAL_URL"))
        give_up("see the top of engine.c");
    void (*send)(unsigned) = strcmp(words[1], "many") == 0 ? many : blocking;
    peer_use_core(0);
    setenv("THINGSPACE_URL", getenv("RIVAL_URL"), 1);
    open_client(words[3]);
    send(1); /* tokens */
    double begin = cpu();
    send((unsigned)strtoul(words[2], NULL, 10));
    printf("CPU %.6f\n", cpu() - begin);
    thingspace_client_free(client);
    return 0;
}
