/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C while the library waits. Python only notes a signal and looks at it when its own code runs
 * again; so for the time of a wait in the main thread this stands in front of its handler of SIGINT
 * and interrupts the client too. A SIGINT that Python does not handle is left alone.
 */
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "core.h"

static _Atomic(wait_guard *) innermost;
static atomic_int handling; /* handlers at work, in any thread */
static struct sigaction before;

static void on_interrupt(int number, siginfo_t *info, void *context)
{
    atomic_fetch_add(&handling, 1);
    for (wait_guard *guard = innermost; guard; guard = guard->outer) {
        guard->interrupted = 1;
        thingspace_client_interrupt(guard->client);
    }
    if (before.sa_flags & SA_SIGINFO)
        before.sa_sigaction(number, info, context);
    else
        before.sa_handler(number);
    atomic_fetch_sub(&handling, 1);
}

/* Unless somebody has put another one in the place of ours. */
static void uninstall(void)
{
    struct sigaction now;
    if (sigaction(SIGINT, NULL, &now) == 0 && now.sa_flags & SA_SIGINFO &&
        now.sa_sigaction == on_interrupt)
        sigaction(SIGINT, &before, NULL);
}

static bool is_main_thread(void)
{
    return syscall(SYS_gettid) == getpid();
}

static bool install(void)
{
    struct sigaction action;
    if (sigaction(SIGINT, NULL, &before) < 0)
        return false;
    if (!(before.sa_flags & SA_SIGINFO) &&
        (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN))
        return false;
    action = before;
    action.sa_flags |= SA_SIGINFO;
    action.sa_sigaction = on_interrupt;
    return sigaction(SIGINT, &action, NULL) == 0;
}

PyThreadState *wait_begin(wait_guard *guard, core *self)
{
    *guard = (wait_guard){.client = self->client, .before = self->guard};
    self->guard = guard;
    if (is_main_thread()) {
        guard->outer = innermost;
        innermost = guard;
        guard->installed = guard->outer || install();
        if (!guard->installed)
            innermost = NULL;
    }
    return core_release();
}

bool wait_end(wait_guard *guard, core *self, PyThreadState *saved)
{
    if (guard->installed) {
        if (!guard->outer)
            uninstall();
        innermost = guard->outer;
        while (atomic_load(&handling) > 0) /* in another thread */
            continue;
    }
    core_regain(saved);
    self->guard = guard->before;
    if (guard->interrupted)
        thingspace_client_resume(self->client);
    return wait_check(self);
}

bool wait_check(core *self)
{
    PyObject *fatal = self->fatal;
    if (!fatal)
        return PyErr_CheckSignals() == 0;
    self->fatal = NULL;
    PyErr_SetObject((PyObject *)Py_TYPE(fatal), fatal);
    Py_DECREF(fatal);
    return false;
}
