/* SPDX-License-Identifier: MIT */
/*
 * Two commands by turns: how long each takes and how large it gets.
 *
 *     process RUNS [NAME=VALUE...] A... -- [NAME=VALUE...] B...
 *
 * prints "WALL_A WALL_B CPU_A CPU_B RSS_A RSS_B": medians of microseconds, and the largest
 * resident set in KiB. Their stdout is thrown away; one that fails ends the measurement.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "median.h"

#define MOST_RUNS      10000
#define MOST_VARIABLES 256

extern char **environ;

typedef struct command {
    char **words;
    char *variables[MOST_VARIABLES + 1];
    double wall[MOST_RUNS], cpu[MOST_RUNS];
    long largest;
} command;

static void give_up(const char *what)
{
    fprintf(stderr, "process: %s\n", what);
    exit(2);
}

/* Whether one of the first `count` variables has the name of `entry`. */
static bool is_set(char *const *variables, size_t count, const char *entry)
{
    size_t size = strcspn(entry, "=") + 1;
    for (size_t i = 0; i < count; i++)
        if (strncmp(variables[i], entry, size) == 0)
            return true;
    return false;
}

/* Those in front of the command, and the others of the environment. */
static void take_variables(command *command, char **words)
{
    size_t count = 0;
    while (*words && strchr(*words, '=') && count < MOST_VARIABLES)
        command->variables[count++] = *words++;
    size_t given = count;
    for (char **each = environ; *each && count < MOST_VARIABLES; each++)
        if (!is_set(command->variables, given, *each))
            command->variables[count++] = *each;
    command->words = words;
    if (!*words)
        give_up("usage: process RUNS [NAME=VALUE...] A... -- [NAME=VALUE...] B...");
}

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double time_us(struct timeval time)
{
    return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

static void run(command *command, unsigned index, const posix_spawn_file_actions_t *actions)
{
    struct rusage used;
    pid_t process;
    int status;
    double start = now_us();
    if (posix_spawnp(&process, command->words[0], actions, NULL, command->words,
                     command->variables) != 0)
        give_up("a command cannot be started");
    if (wait4(process, &status, 0, &used) != process || status != 0)
        give_up("a command failed");
    command->wall[index] = now_us() - start;
    command->cpu[index] = time_us(used.ru_utime) + time_us(used.ru_stime);
    if (used.ru_maxrss > command->largest)
        command->largest = used.ru_maxrss;
}

static void run_by_turns(command *a, command *b, unsigned runs)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0 ||
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) != 0)
        give_up("out of memory");
    for (unsigned i = 0; i < runs; i++) {
        run(a, i, &actions);
        run(b, i, &actions);
    }
    posix_spawn_file_actions_destroy(&actions);
}

int main(int argc, char **argv)
{
    static command a, b;
    unsigned runs = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
    if (runs == 0 || runs > MOST_RUNS)
        give_up("RUNS is 1 to 10000");
    int middle = 2;
    while (middle < argc && strcmp(argv[middle], "--") != 0)
        middle++;
    if (middle >= argc)
        give_up("the second command is missing");
    argv[middle] = NULL;
    take_variables(&a, argv + 2);
    take_variables(&b, argv + middle + 1);
    run_by_turns(&a, &b, runs);
    printf("%.0f %.0f %.0f %.0f %ld %ld\n", median(a.wall, runs), median(b.wall, runs),
           median(a.cpu, runs), median(b.cpu, runs), a.largest, b.largest);
    return 0;
}
