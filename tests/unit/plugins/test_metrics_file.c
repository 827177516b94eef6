/* SPDX-License-Identifier: MIT */
/* The metrics plugin and its file: when it is written, and what stood in its place. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "compiled_call.h"

/* A copy of the plugin, and where its numbers go. */
static char module[400], file[400];

static thingspace_status load(instance **out, const char *folder, long long interval_ms)
{
    char from[400], options[600];
    snprintf(from, sizeof(from), "%s/metrics.so", PLUGINS);
    snprintf(module, sizeof(module), "%s/metrics.so", check_folder());
    snprintf(file, sizeof(file), "%s%s/metrics.prom", check_folder(), folder);
    snprintf(options, sizeof(options), "{\"file\":\"%s\",\"interval_ms\":%lld}", file, interval_ms);
    if (access(module, F_OK) != 0)
        compiled_copy(from, module, -1);
    return compiled_load_row(out, module, options, NULL, NULL);
}

/* Calls that the file tells of; -1: no file. */
static int count_calls(void)
{
    char text[4096];
    FILE *opened = fopen(file, "r");
    size_t size = opened ? fread(text, 1, sizeof(text) - 1, opened) : 0;
    if (!opened)
        return -1;
    fclose(opened);
    text[size] = '\0';
    const char *at = strstr(text, "thingspace_call_duration_seconds_count ");
    return at ? atoi(strchr(at, ' ')) : 0;
}

#define CALL(call, instance) CHECK_OK(compiled_call_run(&(call), instance, PHASE_AUDIT))

static void it_is_written_once_in_an_interval_and_at_the_end(void)
{
    cleanup_compiled_call compiled_call call;
    CHECK_OK(compiled_call_init(&call));
    compiled_call_fail(&call);
    {
        cleanup_instance instance *first = NULL, *second = NULL;
        CHECK_OK(load(&first, "", 86400000));
        CALL(call, first);
        CHECK_INT(count_calls(), 1);
        CALL(call, first);
        CHECK_INT(count_calls(), 1);
        CHECK_OK(load(&second, "", 86400000)); /* the same numbers, as after a reload */
        instance_cleanup(&first);
        CHECK_INT(count_calls(), 2);
        CALL(call, second);
        CALL(call, second);
    }
    CHECK_INT(count_calls(), 4);
}

static void what_could_not_be_written_is_written_at_the_end(void)
{
    char folder[400];
    cleanup_compiled_call compiled_call call;
    CHECK_OK(compiled_call_init(&call));
    compiled_call_fail(&call);
    {
        cleanup_instance instance *made = NULL;
        CHECK_OK(load(&made, "/later", 0));
        CHECK_STATUS(compiled_call_run(&call, made, PHASE_AUDIT), THINGSPACE_PLUGIN);
        snprintf(folder, sizeof(folder), "%s/later", check_folder());
        CHECK(mkdir(folder, 0700) == 0);
    }
    CHECK_INT(count_calls(), 1);
}

/* Another container may have a process of that number, which writes now. */
static void a_part_of_a_process_of_the_same_number_is_left_alone(void)
{
    char name[64], part[500];
    struct stat found;
    cleanup_compiled_call compiled_call call;
    cleanup_instance instance *made = NULL;
    CHECK_OK(compiled_call_init(&call));
    compiled_call_fail(&call);
    snprintf(name, sizeof(name), "metrics.prom.%ld.part", (long)getpid());
    check_file(name, "half");
    CHECK_OK(load(&made, "", 0));
    CALL(call, made);
    CHECK(count_calls() > 0);
    snprintf(part, sizeof(part), "%s/%s", check_folder(), name);
    CHECK(stat(part, &found) == 0 && found.st_size == 4);
    unlink(part);
}

static void an_interval_is_at_most_a_day(void)
{
    cleanup_instance instance *made = NULL;
    CHECK_STATUS(load(&made, "", 86400001), THINGSPACE_PLUGIN);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(it_is_written_once_in_an_interval_and_at_the_end),
    CHECK_CASE_ONCE(what_could_not_be_written_is_written_at_the_end),
    CHECK_CASE_ONCE(a_part_of_a_process_of_the_same_number_is_left_alone),
    CHECK_CASE_ONCE(an_interval_is_at_most_a_day),
};
CHECK_MAIN(cases)
