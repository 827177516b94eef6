/* SPDX-License-Identifier: MIT */
/* See rivals.h. */
#define _GNU_SOURCE
#include "rivals.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include "median.h"
#include "peer.h"
#include "raw.h"

#define MOST_RIVALS 8
#define MOST_ROUNDS 1000

static struct rival {
    char name[32];
    const char *command;
    double us[MOST_ROUNDS];
    unsigned rounds;
} rivals[MOST_RIVALS];
static size_t rival_count;
static char options_file[512];

void rivals_open(const char *url, const char *directory, char **words)
{
    snprintf(options_file, sizeof(options_file), "%s/curl.options", directory);
    setenv("RIVAL_URL", url, 1);
    setenv("RIVAL_OPTIONS", options_file, 1);
    for (; *words && rival_count < MOST_RIVALS; words++) {
        struct rival *added = &rivals[rival_count++];
        const char *equals = strchr(*words, '=');
        if (!equals)
            raw_give_up("a rival is NAME=COMMAND");
        snprintf(added->name, sizeof(added->name), "%.*s", (int)(equals - *words), *words);
        added->command = equals + 1;
    }
}

/* The bytes of the library's requests: the field with the account makes an entry of each. */
static void write_entry(FILE *file, const char *account)
{
    fprintf(file,
            "next\nurl = \"%s/api/m2m/v1/callbacks/%s\"\nheader = \"X-Account: %s\"\n"
            "header = \"Content-Type: application/json\"\nheader = \"Accept: application/json\"\n"
            "header = \"Authorization: Bearer " PEER_BEARER "\"\n"
            "header = \"VZ-M2M-Token: " PEER_SESSION "\"\n"
            "data = \"{\\\"name\\\":\\\"" RAW_SERVICE "\\\",\\\"url\\\":\\\"" RAW_LISTENER
            "\\\"}\"\n",
            getenv("RIVAL_URL"), account, account);
}

static void write_options(unsigned requests)
{
    FILE *file = fopen(options_file, "w");
    if (!file)
        raw_give_up("the folder cannot be written to");
    fprintf(file, "silent\nno-progress-meter\nparallel\nparallel-immediate\nparallel-max = %d\n",
            RAW_IN_FLIGHT);
    for (unsigned i = 0; i < requests; i++)
        write_entry(file, raw_account(i));
    if (fclose(file) != 0)
        raw_give_up("the folder cannot be written to");
}

static double children_us(void)
{
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static double run(const struct rival *rival)
{
    char line[256];
    double told = 0, begin = children_us();
    FILE *output = popen(rival->command, "r");
    while (output && fgets(line, sizeof(line), output))
        if (strncmp(line, "CPU ", 4) == 0)
            told = strtod(line + 4, NULL) * 1e6;
    if (!output || pclose(output) != 0)
        raw_give_up("a rival failed");
    return told > 0 ? told : children_us() - begin;
}

void rivals_run(unsigned requests)
{
    char text[16];
    if (rival_count == 0)
        return;
    snprintf(text, sizeof(text), "%u", requests);
    setenv("RIVAL_REQUESTS", text, 1);
    write_options(requests);
    for (size_t i = 0; i < rival_count; i++)
        rivals[i].us[rivals[i].rounds++] = run(&rivals[i]) / requests;
}

void rivals_tell(double library)
{
    for (size_t i = 0; i < rival_count; i++)
        printf("library-against-%s %.2f us %.2f\n", rivals[i].name, library,
               median(rivals[i].us, rivals[i].rounds));
}
