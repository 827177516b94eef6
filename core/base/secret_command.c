/* SPDX-License-Identifier: MIT */
/*
 * A secret from a program's output. The program gets nothing from us but its
 * arguments, PATH and the error output: all other descriptors are closed, input is
 * /dev/null, signals are as a new process expects them. It leads a process group of its
 * own, which is killed as a whole when the time or the output runs out. Nothing is
 * left behind: the program is always waited for.
 */
#include <config.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/secret_command.h"
#include "base/secret_read.h"
#include "base/text.h"

/* What posix_spawnp looks through without a PATH. */
#define DEFAULT_PATH "PATH=/bin:/usr/bin"
/* How often an ended output's program is looked at: it is about to exit. */
#define WAIT_STEP_MS 5

static char *make_path_entry(void)
{
    const char *path = getenv("PATH");
    return text_is_empty(path) ? text_copy(DEFAULT_PATH) : text_format("PATH=%s", path);
}

#if HAVE_POSIX_SPAWN_FILE_ACTIONS_ADDCLOSEFROM_NP
static int close_others(posix_spawn_file_actions_t *files)
{
    return posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
}
#else
/* Those that are open now; what another thread opens meanwhile is O_CLOEXEC, if it is ours. */
static int close_others(posix_spawn_file_actions_t *files)
{
    DIR *folder = opendir("/proc/self/fd");
    if (!folder)
        return errno;
    int failure = 0;
    for (struct dirent *entry; failure == 0 && (entry = readdir(folder)) != NULL;) {
        int number = atoi(entry->d_name); /* 0 of `.` and `..` */
        if (number > STDERR_FILENO)
            failure = posix_spawn_file_actions_addclose(files, number);
    }
    closedir(folder);
    return failure;
}
#endif

/* Answers with an errno, 0 when all are set. The output goes first: in a process without standard
 * descriptors it may be number 0 itself. */
static int set_files(posix_spawn_file_actions_t *files, int output)
{
    int failure = posix_spawn_file_actions_adddup2(files, output, STDOUT_FILENO);
    if (failure == 0)
        failure = posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (failure == 0)
        failure = close_others(files);
    return failure;
}

static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int failure = posix_spawnattr_setflags(
        attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (failure == 0)
        failure = posix_spawnattr_setpgroup(attributes, 0);
    if (failure == 0)
        failure = posix_spawnattr_setsigmask(attributes, &none);
    if (failure == 0)
        failure = posix_spawnattr_setsigdefault(attributes, &all);
    return failure;
}

static int spawn(pid_t *child, const char *program, char *const *arguments, char *path_entry,
                 int output)
{
    char *const environment[] = {path_entry, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int failure = posix_spawn_file_actions_init(&files);
    if (failure != 0)
        return failure;
    failure = posix_spawnattr_init(&attributes);
    if (failure == 0) {
        failure = set_files(&files, output);
        if (failure == 0)
            failure = set_attributes(&attributes);
        if (failure == 0)
            failure = posix_spawnp(child, program, &files, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&files);
    return failure;
}

/* Starts it; *output is our end of its output. */
static thingspace_status start(pid_t *child, int *output, const char *program,
                               char *const *arguments, const char *what, thingspace_error *error)
{
    int ends[2];
    cleanup_text char *path_entry = make_path_entry();
    if (!path_entry)
        return error_memory(error);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_errno(error, THINGSPACE_AUTH, errno, "%s cannot be started", what);
    int failure = spawn(child, program, arguments, path_entry, ends[1]);
    close(ends[1]);
    if (failure == 0) {
        *output = ends[0];
        return THINGSPACE_OK;
    }
    close(ends[0]);
    if (failure == ENOMEM)
        return error_memory(error);
    return error_errno(error, THINGSPACE_AUTH, failure, "%s cannot be started", what);
}

/* Waits until it has ended, without reaping it: its process group stays ours to kill. */
static bool wait_ended(pid_t child, int64_t deadline_ms)
{
    for (;;) {
        siginfo_t ended = {0};
        if (waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT | WNOHANG) != 0 ||
            ended.si_pid == child)
            return true;
        if (clock_monotonic_ms() >= deadline_ms)
            return false;
        poll(NULL, 0, WAIT_STEP_MS);
    }
}

/* Answers with the wait status; -1 when the host process has it taken away (SIGCHLD ignored). */
static int kill_and_reap(pid_t child)
{
    int status = -1;
    siginfo_t ended;
    if (waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT | WNOHANG) != 0)
        return -1; /* its number may be somebody else's by now */
    kill(-child, SIGKILL);
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

static thingspace_status judge(int status, const char *what, thingspace_error *error)
{
    if (status == -1)
        return error_set(error, THINGSPACE_AUTH,
                         "%s has no exit status; do not ignore SIGCHLD in this process", what);
    if (WIFSIGNALED(status))
        return error_set(error, THINGSPACE_AUTH, "%s was killed by signal %d", what,
                         WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        return error_set(error, THINGSPACE_AUTH, "%s exited with %d", what, WEXITSTATUS(status));
    return THINGSPACE_OK;
}

static thingspace_status read_output(pid_t child, int output, buffer *bytes, int64_t deadline_ms,
                                     const char *what, thingspace_error *error)
{
    thingspace_status status = secret_read_all(output, bytes, deadline_ms, what, error);
    bool ended = status == THINGSPACE_OK && wait_ended(child, deadline_ms);
    int exit_status = kill_and_reap(child);
    if (status != THINGSPACE_OK)
        return status;
    if (!ended)
        return error_set(error, THINGSPACE_AUTH, "%s did not end in time", what);
    return judge(exit_status, what, error);
}

thingspace_status secret_command_run(thingspace_secret **out, const char *program,
                                     char *const *arguments, const char *what, int limit_ms,
                                     thingspace_error *error)
{
    pid_t child;
    int output = -1;
    int64_t deadline = clock_monotonic_ms() + limit_ms;
    cleanup_buffer buffer bytes;
    secret_read_init(&bytes);
    *out = NULL;
    thingspace_status status = start(&child, &output, program, arguments, what, error);
    if (status != THINGSPACE_OK)
        return status;
    status = read_output(child, output, &bytes, deadline, what, error);
    close(output);
    if (status != THINGSPACE_OK)
        return status;
    return secret_read_finish(out, &bytes, what, error);
}
