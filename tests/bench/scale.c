/* SPDX-License-Identifier: MIT */
/*
 * What many calls at once take.
 *
 *     scale latency ROUNDS CALLS DIR   wall time of CALLS lists with 20 ms before each answer and a
 *                                      window of 64, and the ideal: CALLS * 20 ms / 64
 *     scale ramp ROUNDS URL CA         CPU time of 64 new TLS connections with the authorities of
 * the file CA, and that of libcurl with its defaults
 *
 * Prints "NAME FIGURE UNIT BASELINE". URL is a server that closes each connection after its answer.
 */
#define _GNU_SOURCE
#include <config.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <thingspace/simulator.h>
#include <thingspace/thingspace.h>
#include "base/clock.h"
#include "http/transport.h"
#include "median.h"
#include "peer.h"

#define WINDOW      64
#define LATENCY_MS  20
#define MOST_ROUNDS 1000

static void give_up(const char *what)
{
    fprintf(stderr, "scale: %s\n", what);
    exit(2);
}

/* ---- latency ---- */

static void note(thingspace_result *result, void *user)
{
    (void)user;
    if (thingspace_result_status(result) != THINGSPACE_OK)
        give_up(thingspace_result_error(result)->message);
    thingspace_result_free(result);
}

static double time_calls(thingspace_client *client, unsigned calls)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    int64_t begin = clock_monotonic_ms();
    for (unsigned i = 0; i < calls; i++) {
        char account[40];
        thingspace_request request = THINGSPACE_REQUEST_INIT;
        snprintf(account, sizeof(account), "TestAccount-%u", i % 1000);
        request.account = account;
        if (thingspace_call_start(client, NULL, &request, note, NULL, &error) != THINGSPACE_OK)
            give_up(error.message);
    }
    if (thingspace_client_run(client, -1, &error) != THINGSPACE_OK)
        give_up(error.message);
    return (double)(clock_monotonic_ms() - begin);
}

static void set_environment(const char *url)
{
    setenv("THINGSPACE_URL", url, 1);
    setenv("THINGSPACE_KEY", THINGSPACE_SIMULATOR_KEY, 1);
    setenv("THINGSPACE_SECRET", THINGSPACE_SIMULATOR_SECRET, 1);
    setenv("THINGSPACE_USERNAME", THINGSPACE_SIMULATOR_USERNAME, 1);
    setenv("THINGSPACE_PASSWORD", THINGSPACE_SIMULATOR_PASSWORD, 1);
}

static void measure_latency(size_t rounds, unsigned calls, const char *state_dir)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_simulator_options slow = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_simulator *simulator;
    thingspace_client *client;
    double times[MOST_ROUNDS];
    slow.latency_ms = LATENCY_MS;
    peer_use_core(1); /* its threads inherit it */
    if (thingspace_simulator_start(&simulator, &slow, &error) != THINGSPACE_OK)
        give_up(error.message);
    peer_use_core(0);
    set_environment(thingspace_simulator_url(simulator));
    options.state_dir = state_dir;
    if (thingspace_client_new(&client, &options, &error) != THINGSPACE_OK)
        give_up(error.message);
    time_calls(client, WINDOW); /* tokens, connections */
    for (size_t i = 0; i < rounds; i++)
        times[i] = time_calls(client, calls);
    thingspace_client_free(client);
    thingspace_simulator_stop(simulator);
    printf("latency-wall %.1f ms %.1f\n", median(times, rounds),
           (double)calls * LATENCY_MS / WINDOW);
}

/* ---- TLS ---- */

static double cpu_ms(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

static void note_exchange(exchange_result *result, void *user)
{
    if (result->status != THINGSPACE_OK || result->response.status != 200)
        give_up(result->error.message);
    --*(unsigned *)user;
}

static double ramp_by_transport(const char *url, const char *ca_file)
{
    static const headers none;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const transport_options options = {.ca_file = ca_file};
    exchange_request request = {.method = "GET", .url = url, .fields = &none};
    transport *transport;
    unsigned left = WINDOW;
    double begin = cpu_ms();
    request.deadline_ms = clock_monotonic_ms() + 60000;
    if (transport_new(&transport, &options, &error) != THINGSPACE_OK)
        give_up(error.message);
    for (unsigned i = 0; i < WINDOW; i++) {
        exchange *started;
        if (transport_send(transport, &started, &request, note_exchange, &left, &error) !=
            THINGSPACE_OK)
            give_up(error.message);
    }
    while (left > 0)
        if (transport_run(transport, 1000, &error) != THINGSPACE_OK)
            give_up(error.message);
    transport_free(transport);
    return cpu_ms() - begin;
}

static size_t ignore(char *bytes, size_t size, size_t count, void *user)
{
    (void)bytes, (void)user;
    return size * count;
}

static double ramp_by_libcurl(const char *url, const char *ca_file)
{
    CURL *easy[WINDOW];
    double begin = cpu_ms();
    CURLM *multi = curl_multi_init();
    for (unsigned i = 0; i < WINDOW; i++) {
        easy[i] = curl_easy_init();
        curl_easy_setopt(easy[i], CURLOPT_URL, url);
        curl_easy_setopt(easy[i], CURLOPT_NOPROXY, "*");
        curl_easy_setopt(easy[i], CURLOPT_CAINFO, ca_file);
        curl_easy_setopt(easy[i], CURLOPT_WRITEFUNCTION, ignore);
        curl_multi_add_handle(multi, easy[i]);
    }
    for (int running = 1; running > 0;) {
        curl_multi_perform(multi, &running);
        if (running > 0)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    for (unsigned i = 0; i < WINDOW; i++) {
        long status = 0;
        curl_easy_getinfo(easy[i], CURLINFO_RESPONSE_CODE, &status);
        if (status != 200)
            give_up("libcurl got no answer");
        curl_multi_remove_handle(multi, easy[i]);
        curl_easy_cleanup(easy[i]);
    }
    curl_multi_cleanup(multi);
    return cpu_ms() - begin;
}

static void measure_ramp(size_t rounds, const char *url, const char *ca_file)
{
    double ours[MOST_ROUNDS], theirs[MOST_ROUNDS];
    peer_use_core(0);
    for (size_t i = 0; i < rounds; i++) {
        ours[i] = ramp_by_transport(url, ca_file);
        theirs[i] = ramp_by_libcurl(url, ca_file);
    }
    printf("tls-ramp %.2f ms %.2f\n", median(ours, rounds), median(theirs, rounds));
}

int main(int count, char **words)
{
    if (count != 5)
        give_up("usage: scale latency ROUNDS CALLS DIR | scale ramp ROUNDS URL CA");
    size_t rounds = strtoul(words[2], NULL, 10);
    if (rounds == 0 || rounds > MOST_ROUNDS)
        give_up("ROUNDS: 1 to 1000");
    if (strcmp(words[1], "latency") == 0)
        measure_latency(rounds, (unsigned)strtoul(words[3], NULL, 10), words[4]);
    else
        measure_ramp(rounds, words[3], words[4]);
    return 0;
}
