/* SPDX-License-Identifier: MIT */
/*
 * What a plan of a whole fleet takes: a policy with a CSV file of ACCOUNTS rows, four listeners for
 * each of them, and a server, another process on another core, that lists what is registered.
 *
 *     fleet ACCOUNTS DIR unchanged|added [NAME=VALUE...] [COMMAND...]
 *
 * prints "NAME FIGURE UNIT BASELINE": the largest resident set of the process and what it may be,
 * 16 MB and 1 KB for each account; CPU time of an account. DIR gets the files and a state. With
 * "added" nothing is registered, so that the plan tells four changes of each account. With a
 * COMMAND that one makes the plan, with THINGSPACE_POLICY in its environment.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thingspace/thingspace.h>
#include <time.h>
#include <unistd.h>
#include "peer.h"

#define BASE_KIB      (16 * 1024)
#define ACCOUNT_KIB   1
#define MOST_ACCOUNTS 1000000
#define LISTENER      "https://hooks.example.com/cb"

#define LISTED(service)                                                                            \
    "{\"accountName\":\"@\",\"serviceName\":\"" service "\",\"url\":\"" LISTENER                   \
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

extern char **environ;

static void give_up(const char *what)
{
    fprintf(stderr, "fleet: %s\n", what);
    exit(2);
}

static const char *path_in(const char *directory, const char *name)
{
    static char path[512];
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    return path;
}

static void write_policy(const char *directory, const char *url)
{
    FILE *file = fopen(path_in(directory, "policy.lua"), "w");
    if (!file || fprintf(file, policy_form, url) < 0 || fclose(file) != 0)
        give_up("the folder cannot be written to");
}

static void write_accounts(const char *directory, unsigned accounts)
{
    FILE *file = fopen(path_in(directory, "accounts.csv"), "w");
    if (!file)
        give_up("the folder cannot be written to");
    fputs("account,credential\n", file);
    for (unsigned i = 0; i < accounts; i++)
        fprintf(file, "%010u-%05u,environment\n", i, i % 100000);
    if (fclose(file) != 0)
        give_up("the folder cannot be written to");
}

static void prepare(const char *directory, const char *url, unsigned accounts)
{
    setenv("THINGSPACE_KEY", "key", 1);
    setenv("THINGSPACE_SECRET", "secret", 1);
    setenv("THINGSPACE_USERNAME", "user", 1);
    setenv("THINGSPACE_PASSWORD", "password", 1);
    mkdir(directory, 0700);
    write_accounts(directory, accounts);
    write_policy(directory, url);
    setenv("THINGSPACE_POLICY", path_in(directory, "policy.lua"), 1);
    setenv("THINGSPACE_STATE_DIR", path_in(directory, "state"), 1);
}

static thingspace_client *open_client(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_client *client;
    options.policy_file = getenv("THINGSPACE_POLICY");
    options.state_dir = getenv("THINGSPACE_STATE_DIR");
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

static void tell(const char *what, const struct rusage *used, unsigned accounts)
{
    printf("fleet-%s-resident %.1f MB %.1f\n", what, (double)used->ru_maxrss / 1024,
           (double)(BASE_KIB + ACCOUNT_KIB * accounts) / 1024);
}

static void measure_library(unsigned accounts, const char *what)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    struct rusage used;
    thingspace_plan *plan;
    thingspace_client *client = open_client();
    double begin = cpu_us();
    if (thingspace_plan_make(client, &plan, NULL, &error) != THINGSPACE_OK)
        give_up(error.message);
    double end = cpu_us();
    check_counts(plan, accounts, strcmp(what, "added") == 0 ? 4 * (size_t)accounts : 0);
    getrusage(RUSAGE_SELF, &used);
    tell(what, &used, accounts);
    printf("fleet-%s-cpu %.1f us -\n", what, (end - begin) / accounts);
    thingspace_plan_free(plan);
    thingspace_client_free(client);
}

static void measure_command(unsigned accounts, const char *what, char **words)
{
    char name[64];
    struct rusage used;
    posix_spawn_file_actions_t actions;
    pid_t process;
    int status;
    for (; *words && strchr(*words, '='); words++)
        putenv(*words);
    if (!*words || posix_spawn_file_actions_init(&actions) != 0 ||
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) != 0 ||
        posix_spawnp(&process, words[0], &actions, NULL, words, environ) != 0)
        give_up("the command cannot be started");
    posix_spawn_file_actions_destroy(&actions);
    if (wait4(process, &status, 0, &used) != process || status != 0)
        give_up("the command failed");
    snprintf(name, sizeof(name), "%s-command", what);
    tell(name, &used, accounts);
}

int main(int argc, char **argv)
{
    unsigned accounts = argc >= 4 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
    peer peer;
    if (accounts == 0 || accounts > MOST_ACCOUNTS)
        give_up("usage: fleet ACCOUNTS DIR unchanged|added [NAME=VALUE...] [COMMAND...]");
    peer_list = strcmp(argv[3], "added") == 0 ? "" : listed;
    if (!peer_start(&peer))
        give_up("no peer");
    peer_use_core(0);
    prepare(argv[2], peer.url, accounts);
    if (argc > 4)
        measure_command(accounts, argv[3], argv + 4);
    else
        measure_library(accounts, argv[3]);
    peer_stop(&peer);
    return 0;
}
