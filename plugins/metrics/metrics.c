/* SPDX-License-Identifier: MIT */
/*
 * Counts calls, attempts and durations, and writes them to a file for Prometheus' node exporter or
 * whoever reads that form: to a temporary beside it, then renamed, so that a reader never sees half
 * of it. At most once in an interval, and when the instance ends. `%p` in the file's name is the
 * process: processes that share a name replace each other's numbers. Instances of one process that
 * share a name share the numbers, those before and after a reload as well as those of two clients;
 * clients may be in threads of their own, so that the numbers have a lock.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <thingspace/plugin.h>
#include <time.h>
#include <unistd.h>
#include "table.h"

typedef struct metrics {
    struct metrics *next;
    unsigned instances;
    char *file, *beside; /* owned */
    long long interval_ms, written_ms;
    bool fresh;   /* something was counted since the file was written */
    bool strange; /* what is there is no file of numbers: it is left alone */
    counters calls, attempts, denied;
    histogram durations;
} metrics;

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static metrics *all; /* under the guard, as what is in them */

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

static bool write_all(int file, const text *content)
{
    for (size_t done = 0; done < content->size;) {
        ssize_t wrote = write(file, content->data + done, content->size - done);
        if (wrote < 0 && errno != EINTR)
            return false;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

/* A device or a pipe would be gone after the renaming: /dev/null for one, and root may. */
static bool is_strange(const char *file)
{
    struct stat found;
    return lstat(file, &found) == 0 && !S_ISREG(found.st_mode) && !S_ISLNK(found.st_mode);
}

static bool replace_file(metrics *self, const text *content)
{
    self->strange = is_strange(self->file);
    if (self->strange)
        return false;
    unlink(self->beside); /* ours, of a write that failed */
    int file = open(self->beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (file < 0)
        return false;
    bool good = write_all(file, content);
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
    text content = TEXT_INIT;
    counters_write(&self->calls, &content);
    counters_write(&self->attempts, &content);
    counters_write(&self->denied, &content);
    histogram_write(&self->durations, "thingspace_call_duration_seconds",
                    "How long calls took, with logins and waits.", &content);
    errno = ENOMEM;
    bool good = !content.failed && replace_file(self, &content);
    text_free(&content);
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

static void count_event(metrics *self, thingspace_hook *hook)
{
    const char *kind = thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_KIND);
    const char *operation = thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_OPERATION);
    counters_add(&self->calls, operation, kind, 1);
    if (kind && strcmp(kind, "denied") == 0)
        counters_add(&self->denied, thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_CODE), NULL,
                     1);
    count_attempts(self, hook);
    histogram_add(&self->durations,
                  thingspace_hook_number(hook, THINGSPACE_FIELD_EVENT_DURATION_MS));
    self->fresh = true;
}

static bool write_when_due(metrics *self)
{
    long long now = now_ms();
    if (now - self->written_ms < self->interval_ms)
        return true;
    self->written_ms = now;
    return write_file(self);
}

static int note_event(void *object, thingspace_hook *hook)
{
    metrics *self = object;
    char why[512];
    pthread_mutex_lock(&guard);
    count_event(self, hook);
    bool good = write_when_due(self);
    if (!good)
        snprintf(why, sizeof(why), "%.300s cannot be written: %s", self->file,
                 self->strange ? "it is not a regular file" : strerror(errno));
    pthread_mutex_unlock(&guard);
    return good ? 0 : thingspace_hook_fail(hook, why);
}

/* --- life --- */

static void free_metrics(metrics *self)
{
    free(self->file);
    free(self->beside);
    free(self);
}

/* Under the guard. */
static void forget(metrics *self)
{
    metrics **place = &all;
    while (*place != self)
        place = &(*place)->next;
    *place = self->next;
}

static void destroy(void *object)
{
    metrics *self = object;
    pthread_mutex_lock(&guard);
    bool last = --self->instances == 0;
    if (self->fresh)
        (void)write_file(self); /* nobody is left to be told */
    if (last)
        forget(self);
    pthread_mutex_unlock(&guard);
    if (last)
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

/* A name beside it that no other process has: those of two containers, or of two hosts that share a
 * folder, may have one number. */
static char *name_beside(const char *file)
{
    text path = TEXT_INIT;
    unsigned long long random;
    bool known = getentropy(&random, sizeof(random)) == 0;
    text_append(&path, file, strlen(file));
    text_print(&path, ".%ld.%016llx.part", (long)getpid(), known ? random : 0);
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

/* Takes `file`; NULL out of memory. */
static metrics *new_metrics(char *file)
{
    metrics *self = calloc(1, sizeof(*self));
    if (!self) {
        free(file);
        return NULL;
    }
    name_counters(self);
    self->file = file;
    self->beside = name_beside(file);
    if (self->beside)
        return self;
    free_metrics(self);
    return NULL;
}

/* The numbers of that file; takes the name. Under the guard. */
static metrics *find_or_make(char *file)
{
    for (metrics *known = all; known; known = known->next) {
        if (strcmp(known->file, file) == 0) {
            free(file);
            return known;
        }
    }
    metrics *self = new_metrics(file);
    if (self) {
        self->next = all;
        all = self;
    }
    return self;
}

static int create(thingspace_hook *hook, void **out)
{
    const char *name = thingspace_hook_option_text(hook, "file");
    long long interval_ms = thingspace_hook_option_integer(hook, "interval_ms");
    if (interval_ms < 0 || interval_ms > 86400000)
        return thingspace_hook_fail(hook, "option interval_ms is 0 to 86400000");
    if (!*name)
        return thingspace_hook_fail(hook, "option file is empty");
    char *file = expand(name, thingspace_hook_folder(hook));
    pthread_mutex_lock(&guard);
    metrics *self = file ? find_or_make(file) : NULL;
    if (self) {
        self->instances++;
        self->interval_ms = interval_ms;
        self->written_ms = now_ms() - interval_ms;
    }
    pthread_mutex_unlock(&guard);
    *out = self;
    return self ? 0 : thingspace_hook_fail(hook, "out of memory");
}

THINGSPACE_PLUGIN(.name = "metrics", .version = "1.0.0", .options = options, .create = create,
                  .destroy = destroy, .audit = note_event)
