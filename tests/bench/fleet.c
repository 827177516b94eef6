/* SPDX-License-Identifier: MIT */
/*
 * What a plan of a whole fleet takes: a policy with a CSV file of ACCOUNTS rows, four listeners for
 * each of them, and a server, another process on another core, that lists what is registered.
 *
 *     fleet ACCOUNTS DIR unchanged|added
 *
 * prints "NAME FIGURE UNIT BASELINE": the largest resident set of the process and what it may be,
 * 16 MB and 1 KB for each account; CPU time of an account. DIR gets the files and a state. With
 * "added" nothing is registered, so that the plan tells four changes of each account.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thingspace/thingspace.h>
#include <time.h>
#include "peer.h"

#define BASE_KIB      (16 * 1024)
#define ACCOUNT_KIB   1
#define MOST_ACCOUNTS 1000000
#define LISTENER      "https://hooks.example.com/cb"

#define LISTED(service)                                                                            \
    "{\"accountName\":\"0000123456-00001\",\"serviceName\":\"" service "\",\"url\":\"" LISTENER    \
    "\",\"username\":null,\"password\":null}"

static const char listed[] = "[" LISTED("CarrierService") "," LISTED("DeviceService") "," LISTED(
    "NiddService") "," LISTED("SMSDeliveryConfirmation") "]";

/* `%s`: the server's URL. */
static const char policy_form[] =
    "local wanted = { CarrierService = { url = '" LISTENER "' },\n"
    "  DeviceService = { url = '" LISTENER "' }, NiddService = { url = '" LISTENER "' },\n"
    "  SMSDeliveryConfirmation = { url = '" LISTENER "' } }\n"
    "return { name = 'fleet', accounts = thingspace.csv('accounts.csv'),\n"
    "  endpoints = { near = { url = '%s' } },\n"
    "  resolve = function(account, row) return { endpoint = 'near' } end,\n"
    "  listeners = function(account, row) return wanted end }\n";

static void give_up(const char *what)
{
    fprintf(stderr, "fleet: %s\n", what);
    exit(2);
}

static void write_accounts(const char *directory, unsigned accounts)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/accounts.csv", directory);
    FILE *file = fopen(path, "w");
    if (!file)
        give_up("the folder cannot be written to");
    fputs("account,credential\n", file);
    for (unsigned i = 0; i < accounts; i++)
        fprintf(file, "%010u-%05u,environment\n", i, i % 100000);
    if (fclose(file) != 0)
        give_up("the folder cannot be written to");
}

static void prepare(const char *directory, unsigned accounts)
{
    setenv("THINGSPACE_KEY", "key", 1);
    setenv("THINGSPACE_SECRET", "secret", 1);
    setenv("THINGSPACE_USERNAME", "user", 1);
    setenv("THINGSPACE_PASSWORD", "password", 1);
    mkdir(directory, 0700);
    write_accounts(directory, accounts);
}

static thingspace_client *open_client(const char *directory, const char *url)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_client *client;
    char policy[2048], state[512];
    snprintf(policy, sizeof(policy), policy_form, url);
    snprintf(state, sizeof(state), "%s/state", directory);
    options.policy_text = policy;
    options.policy_folder = directory;
    options.state_dir = state;
    if (thingspace_client_new(&client, &options, &error) != THINGSPACE_OK)
        give_up(error.message);
    return client;
}

static void check_counts(const thingspace_plan *plan, size_t accounts, size_t added)
{
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    thingspace_plan_count(plan, &counts);
    if (counts.accounts != accounts || counts.unread > 0 || counts.failed > 0 ||
        counts.add != added || counts.add + counts.unchanged != 4 * accounts)
        give_up("the plan is another one than expected");
}

static double cpu_us(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec * 1e6 + (double)used.tv_nsec / 1e3;
}

static void measure(const char *directory, const char *url, unsigned accounts, bool added)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    struct rusage used;
    thingspace_plan *plan;
    thingspace_client *client = open_client(directory, url);
    getrusage(RUSAGE_SELF, &used);
    printf("fleet-policy-resident %.1f MB -\n", (double)used.ru_maxrss / 1024);
    double begin = cpu_us();
    if (thingspace_plan_make(client, &plan, NULL, &error) != THINGSPACE_OK)
        give_up(error.message);
    double end = cpu_us();
    check_counts(plan, accounts, added ? 4 * (size_t)accounts : 0);
    getrusage(RUSAGE_SELF, &used);
    printf("fleet-%s-resident %.1f MB %.1f\n", added ? "added" : "unchanged",
           (double)used.ru_maxrss / 1024, (double)(BASE_KIB + ACCOUNT_KIB * accounts) / 1024);
    printf("fleet-%s-cpu %.1f us -\n", added ? "added" : "unchanged", (end - begin) / accounts);
    thingspace_plan_free(plan);
    thingspace_client_free(client);
}

int main(int argc, char **argv)
{
    unsigned accounts = argc == 4 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
    peer peer;
    if (accounts == 0 || accounts > MOST_ACCOUNTS)
        give_up("usage: fleet ACCOUNTS DIR unchanged|added");
    bool added = strcmp(argv[3], "added") == 0;
    peer_list = added ? "" : listed;
    if (!peer_start(&peer))
        give_up("no peer");
    peer_use_core(0);
    prepare(argv[2], accounts);
    measure(argv[2], peer.url, accounts, added);
    peer_stop(&peer);
    return 0;
}
