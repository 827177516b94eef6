/* SPDX-License-Identifier: MIT */
/*
 * Secrets from commands: what the program gets to see, how it may end, and that
 * nothing of it is left. No message may quote the secret.
 */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/secret_command.h"
#include "base/secret_source.h"
#include "check.h"

static void free_source(secret_source **source)
{
    secret_source_free(*source);
}

#define cleanup_source __attribute__((cleanup(free_source)))

/* The last error, of the test that runs. */
static thingspace_error failure = THINGSPACE_ERROR_INIT;

static bool message_has(const char *text)
{
    return strstr(failure.message, text) != NULL;
}

static thingspace_status run_list(thingspace_secret **out, const char *const *arguments)
{
    cleanup_source secret_source *source = NULL;
    thingspace_status status = secret_source_command(&source, check_folder(), arguments, &failure);
    return status == THINGSPACE_OK ? secret_source_resolve(source, out, NULL, &failure) : status;
}

static thingspace_status run_script(thingspace_secret **out, const char *script)
{
    const char *const arguments[] = {"sh", "-c", script, NULL};
    return run_list(out, arguments);
}

static void a_command_gives_its_output(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    const char *const arguments[] = {"echo", "hunter2", NULL};
    CHECK_OK(run_list(&secret, arguments));
    CHECK_TEXT(secret_bytes(secret), "hunter2");
}

static void arguments_are_not_read_by_a_shell(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    const char *const arguments[] = {"echo", "$HOME `id` ; * \"a", NULL};
    CHECK_OK(run_list(&secret, arguments));
    CHECK_TEXT(secret_bytes(secret), "$HOME `id` ; * \"a");
}

static void the_environment_is_path_alone(void)
{
    char expected[4200];
    cleanup_secret thingspace_secret *secret = NULL;
    const char *const arguments[] = {"env", NULL};
    setenv("TEST_SECRET", "leaked", 1);
    snprintf(expected, sizeof(expected), "PATH=%s", getenv("PATH"));
    CHECK_OK(run_list(&secret, arguments));
    CHECK_TEXT(secret_bytes(secret), expected);
}

static void a_missing_path_gets_the_fixed_one(void)
{
    char old[4096];
    cleanup_secret thingspace_secret *secret = NULL;
    const char *const arguments[] = {"env", NULL};
    snprintf(old, sizeof(old), "%s", getenv("PATH"));
    unsetenv("PATH");
    thingspace_status status = run_list(&secret, arguments);
    setenv("PATH", old, 1);
    CHECK_OK(status);
    CHECK_TEXT(secret_bytes(secret), "PATH=/bin:/usr/bin");
}

static void input_is_empty(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_OK(run_script(&secret, "cat; echo end"));
    CHECK_TEXT(secret_bytes(secret), "end");
}

static void no_descriptor_is_inherited(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    int descriptor = fcntl(STDIN_FILENO, F_DUPFD, 57);
    CHECK(descriptor >= 57);
    thingspace_status status = run_script(
        &secret, "for n in /proc/self/fd/*; do case $n in */[012]) ;; *) [ -e $n ] && printf "
                 "leaked-$n;; esac; done; echo closed");
    close(descriptor);
    CHECK_OK(status);
    CHECK_TEXT(secret_bytes(secret), "closed");
}

static void a_relative_program_is_below_the_folder(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    const char *const arguments[] = {"./tool", "hunter2", NULL};
    CHECK_INT(chmod(check_file("tool", "#!/bin/sh\necho from-$1\n"), 0700), 0);
    CHECK_OK(run_list(&secret, arguments));
    CHECK_TEXT(secret_bytes(secret), "from-hunter2");
}

static void a_failing_command_is_refused(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_STATUS(run_script(&secret, "echo hunter2; exit 3"), THINGSPACE_AUTH);
    CHECK_TEXT(failure.message, "command sh exited with 3");
    CHECK_STATUS(run_script(&secret, "echo hunter2; kill -9 $$"), THINGSPACE_AUTH);
    CHECK_TEXT(failure.message, "command sh was killed by signal 9");
    CHECK(secret == NULL);
}

static void an_absent_program_is_named(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    const char *const arguments[] = {"no-such-program-here", NULL};
    CHECK_STATUS(run_list(&secret, arguments), THINGSPACE_AUTH);
    CHECK(message_has("command no-such-program-here cannot be started"));
}

static void a_command_without_program_is_refused(void)
{
    cleanup_source secret_source *source = NULL;
    const char *const none[] = {NULL}, *const empty[] = {"", NULL};
    CHECK_STATUS(secret_source_command(&source, NULL, none, NULL), THINGSPACE_USAGE);
    CHECK_STATUS(secret_source_command(&source, NULL, empty, NULL), THINGSPACE_USAGE);
}

static void output_follows_the_rules_of_files(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_STATUS(run_script(&secret, "echo hunter2; echo more"), THINGSPACE_AUTH);
    CHECK(message_has("more than one line"));
    CHECK(!message_has("hunter2"));
    CHECK_STATUS(run_script(&secret, ":"), THINGSPACE_AUTH);
    CHECK(message_has("is empty"));
}

static void endless_output_is_cut_off(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    const char *const arguments[] = {"yes", "hunter2", NULL};
    int64_t start = clock_monotonic_ms();
    CHECK_STATUS(run_list(&secret, arguments), THINGSPACE_AUTH);
    CHECK(clock_monotonic_ms() - start < 30000);
    CHECK(message_has("longer than 65536"));
    CHECK(!message_has("hunter2"));
}

/* Gone, or a zombie that nobody adopts in this container. */
static bool is_dead(pid_t process)
{
    char path[64], state = 'Z';
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
        state = '?';
    if (file)
        fclose(file);
    return state == 'Z' || state == 'X';
}

static bool dies_soon(pid_t process)
{
    for (int i = 0; i < 3000 && !is_dead(process); i++)
        usleep(10000);
    return is_dead(process);
}

static pid_t read_process(const char *path)
{
    int process = 0;
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%d", &process) != 1)
        process = 0;
    if (file)
        fclose(file);
    return process;
}

/* The time is what a busy machine needs to begin the script: longer, when it was too short. */
static thingspace_status run_late(char **arguments, const char *path)
{
    thingspace_status status = THINGSPACE_OK;
    for (int64_t ms = 300; ms < 30000; ms *= 4) {
        cleanup_secret thingspace_secret *secret = NULL;
        int64_t start = clock_monotonic_ms();
        status = secret_command_run(&secret, "sh", arguments, "command sh", ms, &failure);
        if (status == THINGSPACE_OK || clock_monotonic_ms() - start > ms + 30000)
            return THINGSPACE_OK; /* it was waited for */
        if (read_process(path) > 0)
            break;
    }
    return status;
}

/* The output stays open, or is closed while the program goes on. */
static void a_late_command_is_killed_with_its_children(void)
{
    static const char *const scripts[] = {"sleep 60 & echo $! > $1; echo hunter2; wait",
                                          "sleep 60 >&- & echo $! > $1; exec >&-; wait"};
    for (size_t i = 0; i < 2; i++) {
        char script[100], file[500];
        const char *path = check_file("process", "");
        snprintf(script, sizeof(script), "%s", scripts[i]);
        snprintf(file, sizeof(file), "%s", path);
        char *arguments[] = {(char[]){"sh"}, (char[]){"-c"}, script, (char[]){"sh"}, file, NULL};
        CHECK_STATUS(run_late(arguments, path), THINGSPACE_AUTH);
        CHECK(message_has("command sh did not end in time"));
        CHECK(read_process(path) > 0);
        CHECK(dies_soon(read_process(path)));
    }
}

static void every_command_is_waited_for(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_OK(run_script(&secret, "echo hunter2"));
    CHECK_STATUS(run_script(&secret, "exit 1"), THINGSPACE_AUTH);
    CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
    CHECK_INT(errno, ECHILD);
}

static void ignored_children_are_told_about(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    signal(SIGCHLD, SIG_IGN);
    thingspace_status status = run_script(&secret, "echo hunter2");
    signal(SIGCHLD, SIG_DFL);
    CHECK_STATUS(status, THINGSPACE_AUTH);
    CHECK(message_has("SIGCHLD"));
}

static const check_case cases[] = {
    CHECK_CASE(a_command_gives_its_output),
    CHECK_CASE(arguments_are_not_read_by_a_shell),
    CHECK_CASE(the_environment_is_path_alone),
    CHECK_CASE(a_missing_path_gets_the_fixed_one),
    CHECK_CASE_ONCE(input_is_empty),
    CHECK_CASE_ONCE(no_descriptor_is_inherited),
    CHECK_CASE_ONCE(a_relative_program_is_below_the_folder),
    CHECK_CASE(a_failing_command_is_refused),
    CHECK_CASE(an_absent_program_is_named),
    CHECK_CASE(a_command_without_program_is_refused),
    CHECK_CASE(output_follows_the_rules_of_files),
    CHECK_CASE_ONCE(endless_output_is_cut_off),
    CHECK_CASE_ONCE(a_late_command_is_killed_with_its_children),
    CHECK_CASE_ONCE(every_command_is_waited_for),
    CHECK_CASE_ONCE(ignored_children_are_told_about),
};

CHECK_MAIN(cases)
