/* SPDX-License-Identifier: MIT */
/*
 * Counts calls, attempts and durations, and writes them to a file for Prometheus' node exporter or
 * whoever reads that form: to a temporary beside it, then renamed, so that a reader never sees half
 * of it. At most once in an interval, and when the instance ends. `%p` in the file's name is the
 * process: processes that share a name replace each other's numbers.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thingspace/plugin.h>
#include <time.h>
#include <unistd.h>
#include "table.h"

typedef struct metrics {
    char *file, *beside; /* owned */
    long long interval_ms, written_ms;
    bool fresh; /* something was counted since the file was written */
    counters calls, attempts, denied;
    histogram durations;
} metrics;

static const thingspace_plugin_option options[] = {
    {"file", "string", 1, NULL,
     "the text file; relative to the policy's folder; %p is the process's number"},
    {"interval_ms", "integer", 0, "1000", "milliseconds between two writings, 0: after each call"},
    {NULL, NULL, 0, NULL, NULL},
};

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- the file --- */

static bool write_all(int file, const text *all)
{
    for (size_t done = 0; done < all->size;) {
        ssize_t wrote = write(file, all->data + done, all->size - done);
        if (wrote < 0 && errno != EINTR)
            return false;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

static bool replace_file(const metrics *self, const text *all)
{
    unlink(self->beside); /* of a process of that number that was killed */
    int file = open(self->beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (file < 0)
        return false;
    bool good = write_all(file, all);
    good = close(file) == 0 && good;
    if (good && rename(self->beside, self->file) == 0)
        return true;
    int reason = errno;
    unlink(self->beside);
    errno = reason;
    return false;
}

static bool write_file(metrics *self)
{
    text all = TEXT_INIT;
    counters_write(&self->calls, &all);
    counters_write(&self->attempts, &all);
    counters_write(&self->denied, &all);
    histogram_write(&self->durations, "thingspace_call_duration_seconds",
                    "How long calls took, with logins and waits.", &all);
    errno = ENOMEM;
    bool good = !all.failed && replace_file(self, &all);
    text_free(&all);
    self->fresh = !good;
    return good;
}

/* --- counting --- */

static void count_attempts(metrics *self, thingspace_hook *hook)
{
    for (int i = 0; i < 100; i++) {
        char pointer[40], what[METRICS_LABEL];
        snprintf(pointer, sizeof(pointer), "/attempts/%d/what", i);
        const char *json = thingspace_hook_event_member(hook, pointer);
        size_t size = json ? strlen(json) : 0;
        if (size < 2)
            return;
        snprintf(what, sizeof(what), "%.*s", (int)(size - 2), json + 1);
        counters_add(&self->attempts, what, NULL, 1);
    }
}

static int note_event(void *object, thingspace_hook *hook)
{
    metrics *self = object;
    const char *kind = thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_KIND);
    counters_add(&self->calls, thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_OPERATION), kind,
                 1);
    if (kind && strcmp(kind, "denied") == 0)
        counters_add(&self->denied, thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_CODE), NULL,
                     1);
    count_attempts(self, hook);
    histogram_add(&self->durations,
                  thingspace_hook_number(hook, THINGSPACE_FIELD_EVENT_DURATION_MS));
    self->fresh = true;
    long long now = now_ms();
    if (now - self->written_ms < self->interval_ms)
        return 0;
    self->written_ms = now;
    if (write_file(self))
        return 0;
    char why[512];
    snprintf(why, sizeof(why), "%.300s cannot be written: %s", self->file, strerror(errno));
    return thingspace_hook_fail(hook, why);
}

/* --- life --- */

static void free_metrics(metrics *self)
{
    free(self->file);
    free(self->beside);
    free(self);
}

static void destroy(void *object)
{
    metrics *self = object;
    if (self->fresh)
        (void)write_file(self); /* nobody is left to be told */
    free_metrics(self);
}

/* The option with the folder before it and the process in it; NULL out of memory. */
static char *expand(const char *file, const char *folder)
{
    text path = TEXT_INIT;
    if (file[0] != '/' && folder) {
        text_append(&path, folder, strlen(folder));
        text_append(&path, "/", 1);
    }
    for (; *file; file++) {
        if (file[0] == '%' && file[1] == 'p') {
            text_print(&path, "%ld", (long)getpid());
            file++;
        } else {
            text_append(&path, file, 1);
        }
    }
    if (!path.failed)
        return path.data;
    text_free(&path);
    return NULL;
}

/* A name beside it that no other process has. */
static char *name_beside(const char *file)
{
    text path = TEXT_INIT;
    text_append(&path, file, strlen(file));
    text_print(&path, ".%ld.part", (long)getpid());
    if (!path.failed)
        return path.data;
    text_free(&path);
    return NULL;
}

static void name_counters(metrics *self)
{
    self->calls.name = "thingspace_calls_total";
    self->calls.help = "Calls by operation and outcome.";
    self->calls.label_a = "operation";
    self->calls.label_b = "kind";
    self->attempts.name = "thingspace_attempts_total";
    self->attempts.help = "Exchanges with the network by what they were for.";
    self->attempts.label_a = "what";
    self->denied.name = "thingspace_denied_total";
    self->denied.help = "Calls that a hook denied, by its code.";
    self->denied.label_a = "code";
}

static int create(thingspace_hook *hook, void **out)
{
    const char *file = thingspace_hook_option_text(hook, "file");
    long long interval_ms = thingspace_hook_option_integer(hook, "interval_ms");
    if (interval_ms < 0 || interval_ms > 86400000)
        return thingspace_hook_fail(hook, "option interval_ms is 0 to 86400000");
    if (!*file)
        return thingspace_hook_fail(hook, "option file is empty");
    metrics *self = calloc(1, sizeof(*self));
    if (!self)
        return thingspace_hook_fail(hook, "out of memory");
    name_counters(self);
    self->interval_ms = interval_ms;
    self->written_ms = now_ms() - interval_ms;
    self->file = expand(file, thingspace_hook_folder(hook));
    self->beside = self->file ? name_beside(self->file) : NULL;
    if (!self->beside) {
        free_metrics(self);
        return thingspace_hook_fail(hook, "out of memory");
    }
    *out = self;
    return 0;
}

THINGSPACE_PLUGIN(.name = "metrics", .version = "1.0.0", .options = options, .create = create,
                  .destroy = destroy, .audit = note_event)
