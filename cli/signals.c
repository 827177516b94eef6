/* SPDX-License-Identifier: MIT */
/* See signals.h. The handler uses nothing but what is async-signal-safe. */
#include <config.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>
#include "cli/signals.h"

static _Atomic(thingspace_client *) watched;
static _Atomic(const char *) announced;
static volatile sig_atomic_t interrupted;

/* Nobody sees what cannot be written, and that changes nothing. */
static void tell(const char *text)
{
    ssize_t written = text ? write(STDERR_FILENO, text, strlen(text)) : 0;
    (void)written;
}

static void on_signal(int number)
{
    (void)number;
    int before = errno;
    thingspace_client *client = atomic_load(&watched);
    if (!client || interrupted) {
        tell(atomic_load(&announced) ? "\n" : NULL);
        _exit(thingspace_status_exit(THINGSPACE_CANCELLED));
    }
    interrupted = 1;
    thingspace_client_interrupt(client);
    tell(atomic_load(&announced));
    errno = before;
}

void signals_announce(const char *text)
{
    atomic_store(&announced, text);
}

void signals_watch(thingspace_client *client)
{
    /* No SA_RESTART: a question at the terminal ends too. */
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    atomic_store(&watched, client);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    /* A terminal that goes away ends a command in good order too, unless nohup says otherwise. */
    struct sigaction before;
    if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &action, NULL);
}
