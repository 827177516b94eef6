/* SPDX-License-Identifier: MIT */
/*
 * See child.h. Between fork and exec only async-signal-safe functions run, because the stand-in
 * service has threads. A failing exec is told through a pipe that a good one closes.
 */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/error.h"
#include "cli/child.h"
#include "cli/hygiene.h"

static const int passed[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
#define PASSED (sizeof(passed) / sizeof(passed[0]))

static volatile sig_atomic_t child;

/* What the kernel sends (the terminal's keys) goes to the whole group, so to the program too. */
static void pass_on(int number, siginfo_t *info, void *context)
{
    (void)context;
    int saved = errno;
    if (info->si_code <= 0 && child > 0)
        kill((pid_t)child, number);
    errno = saved;
}

static void pass_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = pass_on;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < PASSED; i++)
        sigaction(passed[i], &action, NULL);
}

static void block_signals(sigset_t *before)
{
    sigset_t blocked;
    sigemptyset(&blocked);
    for (size_t i = 0; i < PASSED; i++)
        sigaddset(&blocked, passed[i]);
    sigprocmask(SIG_BLOCK, &blocked, before);
}

/* In the child. Handlers fall back to the default by exec. */
static void become(char *const *arguments, char *const *environment, const sigset_t *mask,
                   int failure)
{
    hygiene_release();
    sigprocmask(SIG_SETMASK, mask, NULL);
    execvpe(arguments[0], arguments, environment);
    int cause = errno;
    ssize_t written = write(failure, &cause, sizeof(cause));
    _exit(written == sizeof(cause) ? 127 : 126);
}

static int wait_for(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Why exec failed; 0 when it did not. */
static int read_cause(int failure)
{
    int cause = 0;
    ssize_t got;
    do
        got = read(failure, &cause, sizeof(cause));
    while (got < 0 && errno == EINTR);
    return got == sizeof(cause) ? cause : 0;
}

thingspace_status child_run(int *exit_status, char *const *arguments, char *const *environment,
                            thingspace_error *error)
{
    int failure[2];
    sigset_t before;
    if (pipe2(failure, O_CLOEXEC) != 0)
        return error_errno(error, THINGSPACE_LOCAL, errno, "%s cannot be run", arguments[0]);
    block_signals(&before);
    pid_t pid = fork();
    if (pid == 0)
        become(arguments, environment, &before, failure[1]);
    int cause = pid < 0 ? errno : 0;
    child = pid;
    pass_signals();
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(failure[1]);
    if (pid > 0) {
        cause = read_cause(failure[0]);
        *exit_status = wait_for(pid);
        child = 0;
    }
    close(failure[0]);
    if (cause != 0)
        return error_errno(error, THINGSPACE_LOCAL, cause, "%s cannot be run", arguments[0]);
    return THINGSPACE_OK;
}
