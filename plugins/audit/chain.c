/* SPDX-License-Identifier: MIT */
/*
 * See chain.h. An append is one lock, one look at the file and one write; its end is read when
 * somebody else wrote there. Nothing is ever overwritten: only a line of our own that could not be
 * written whole, or not be synced, is cut off again.
 */
#define _GNU_SOURCE /* memrchr */
#include "chain.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "chain_inside.h"

static bool fail(audit_chain *self, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(audit_chain *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(self->why, sizeof(self->why), format, arguments);
    va_end(arguments);
    return false;
}

static bool fail_errno(audit_chain *self, const char *what)
{
    return fail(self, "%s %s: %s", self->path, what, strerror(errno));
}

audit_chain *audit_chain_new(const char *path, bool sync)
{
    audit_chain *self = calloc(1, sizeof(*self));
    if (!self)
        return NULL;
    self->descriptor = -1;
    self->sync = sync;
    self->pid = getpid();
    self->path = malloc(strlen(path) + 1);
    if (self->path)
        return strcpy(self->path, path) ? self : NULL;
    free(self);
    return NULL;
}

static void close_file(audit_chain *self)
{
    if (self->descriptor >= 0)
        close(self->descriptor);
    self->descriptor = -1;
    self->size = -1;
}

/* --- the file and its lock --- */

static bool check_file(audit_chain *self)
{
    struct stat found;
    if (fstat(self->descriptor, &found) != 0)
        return fail_errno(self, "cannot be looked at");
    if (!S_ISREG(found.st_mode))
        return fail(self, "%s is not a regular file", self->path);
    if (found.st_mode & (S_IWGRP | S_IWOTH))
        return fail(self, "%s can be written by others: run `chmod 600` on it", self->path);
    return true;
}

/* O_NONBLOCK: a pipe in its place does not hold us up. */
static bool open_file(audit_chain *self)
{
    int flags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    self->descriptor = open(self->path, flags, 0600);
    if (self->descriptor < 0)
        return fail_errno(self, errno == ELOOP ? "is a symbolic link, which is not followed"
                                               : "cannot be opened");
    self->size = -1;
    self->looked_ms = -AUDIT_CHAIN_MOVED_MS;
    if (check_file(self))
        return true;
    close_file(self);
    return false;
}

static bool lock(audit_chain *self)
{
    struct timespec pause = {0, 200 * 1000};
    long waited_us = 0;
    while (flock(self->descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return fail_errno(self, "cannot be locked");
        if (waited_us > AUDIT_CHAIN_LOCK_MS * 1000L)
            return fail(self, "%s has been locked by another process for %d ms", self->path,
                        AUDIT_CHAIN_LOCK_MS);
        nanosleep(&pause, NULL);
        waited_us += pause.tv_nsec / 1000;
        if (pause.tv_nsec < 5 * 1000 * 1000)
            pause.tv_nsec *= 2;
    }
    return true;
}

/* Good enough, and cheaper than a look at the file. */
static int64_t coarse_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whether the open file is still the one of that name; logrotate moves it away. The path is walked
 * from time to time only: that takes as long as writing a line. */
static bool is_current(audit_chain *self, off_t *size)
{
    struct stat here, there;
    if (fstat(self->descriptor, &here) != 0 || here.st_nlink == 0)
        return false;
    *size = here.st_size;
    int64_t now_ms = coarse_ms();
    if (now_ms - self->looked_ms < AUDIT_CHAIN_MOVED_MS)
        return true;
    if (lstat(self->path, &there) != 0)
        return false;
    self->looked_ms = now_ms;
    return here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/* Opens (again) until the file that is locked is the one of that name; tells how long it is. */
static bool lock_current(audit_chain *self, off_t *size)
{
    for (int tries = 0; tries < 10; tries++) {
        if (self->descriptor < 0 && !open_file(self))
            return false;
        if (!lock(self))
            return false;
        if (is_current(self, size))
            return true;
        close_file(self); /* unlocks it, too */
    }
    return fail(self, "%s is replaced all the time", self->path);
}

/* --- the end of the file --- */

static bool read_at(audit_chain *self, char *out, size_t size, off_t at)
{
    while (size > 0) {
        ssize_t got = pread(self->descriptor, out, size, at);
        if (got <= 0 && (got == 0 || errno != EINTR))
            return fail_errno(self, "cannot be read");
        if (got < 0)
            continue;
        out += got;
        at += got;
        size -= (size_t)got;
    }
    return true;
}

/* Where the line begins that ends before `end`: after the line end before it. */
static bool find_start(audit_chain *self, off_t end, off_t *start)
{
    char block[4096];
    for (*start = end; *start > 0;) {
        size_t size = *start < (off_t)sizeof(block) ? (size_t)*start : sizeof(block);
        if (!read_at(self, block, size, *start - (off_t)size))
            return false;
        const char *line_end = memrchr(block, '\n', size);
        if (line_end) {
            *start -= (off_t)size - (line_end + 1 - block);
            return true;
        }
        *start -= (off_t)size;
    }
    return true;
}

/* What of the end of a file a new line follows. */
typedef struct ending {
    bool unended;            /* the last line is whole but for its line end */
    unsigned long long torn; /* bytes after the last whole line */
} ending;

/* Lines of which one may be a whole one: a torn line can have been ended by one that is torn too.
 */
#define MOST_TORN 16

/* Continues the line from `start` to `end`, where its line end is or should be. `*whole`: it is one
 * of a chain. */
static bool read_line(audit_chain *self, off_t start, off_t end, bool *whole)
{
    audit_line line;
    size_t size = (size_t)(end - start);
    *whole = false;
    if (size > AUDIT_CHAIN_LINE)
        return true;
    char *text = malloc(size + 1);
    if (!text)
        return fail(self, "%s: no memory for its last line", self->path);
    bool good = read_at(self, text, size, start);
    *whole = good && audit_line_read(&line, text, size) && audit_line_is_intact(&line, text, size);
    free(text);
    if (*whole) {
        self->n = line.n;
        memcpy(self->hash, line.hash, sizeof(self->hash));
    }
    return good;
}

static bool fail_strange(audit_chain *self)
{
    return fail(self,
                "%s does not end with a line of an audit chain: keep it apart for those who look "
                "into it, a new one is begun then",
                self->path);
}

/* The file does not end with a line end: finds the last whole line. */
static bool read_torn(audit_chain *self, off_t size, ending *out)
{
    bool whole = false;
    off_t start, end = size;
    for (int tries = 0; tries <= MOST_TORN; tries++) {
        if (!find_start(self, end, &start) || !read_line(self, start, end, &whole))
            return false;
        if (whole) {
            out->unended = end == size;
            out->torn = out->unended ? 0 : (unsigned long long)(size - end - 1);
            return true;
        }
        if (start == 0) {
            out->torn = (unsigned long long)size;
            return true;
        }
        end = start - 1;
    }
    return fail_strange(self);
}

static bool read_ending(audit_chain *self, off_t size, ending *out)
{
    char last;
    bool whole;
    off_t start;
    *out = (ending){.torn = 0};
    if (size == self->size)
        return true;
    self->n = 0;
    audit_hash(self->hash, "", 0);
    if (size == 0)
        return true;
    if (!read_at(self, &last, 1, size - 1))
        return false;
    if (last != '\n')
        return read_torn(self, size, out);
    if (!find_start(self, size - 1, &start) || !read_line(self, start, size - 1, &whole))
        return false;
    return whole || fail_strange(self);
}

/* --- writing --- */

/* Cuts off what was written. What cannot be cut off stays: what is torn of it is ended by the next
 * append. */
static bool take_back(audit_chain *self, off_t end, const char *what)
{
    fail_errno(self, what);
    (void)!ftruncate(self->descriptor, end);
    return false;
}

/* What was composed, at the end of the file. */
static bool write_all(audit_chain *self, off_t end)
{
    size_t done = 0;
    while (done < self->out_size) {
        ssize_t wrote = write(self->descriptor, self->out + done, self->out_size - done);
        if (wrote > 0) {
            done += (size_t)wrote;
        } else if (wrote == 0 || errno != EINTR) {
            return take_back(self, end, "cannot be written");
        }
    }
    if (self->sync && fdatasync(self->descriptor) != 0)
        return take_back(self, end, "cannot be synced");
    self->size = end + (off_t)self->out_size;
    return true;
}

size_t audit_chain_stamp(audit_chain *self, char out[AUDIT_CHAIN_STAMP])
{
    pid_t pid = getpid();
    if (pid != self->pid) {
        close_file(self);
        self->kept_size = 0; /* its parent writes them */
    }
    self->pid = pid;
    return audit_compose_stamp(self, out);
}

static bool add_line(audit_chain *self, const char *event, const char *members)
{
    return audit_compose(self, event, members) ||
           fail(self, "%s: no memory for a line of %zu bytes", self->path, strlen(members));
}

static bool add_line_end(audit_chain *self)
{
    return audit_compose_line_end(self) || fail(self, "%s: no memory for a line", self->path);
}

/* The first line of a new file. */
static bool begin(audit_chain *self)
{
    char members[64 + AUDIT_CHAIN_STAMP] = ",\"chain\":\"" AUDIT_CHAIN_ALGORITHM "\"";
    audit_compose_stamp(self, members + strlen(members));
    return add_line(self, "begin", members);
}

static bool tell_torn(audit_chain *self, unsigned long long bytes)
{
    char members[64 + AUDIT_CHAIN_STAMP];
    int size = snprintf(members, 64, ",\"bytes\":%llu", bytes);
    audit_compose_stamp(self, members + size);
    return add_line_end(self) && add_line(self, "torn", members);
}

/* What comes before the line: that a file begins, or the end of a torn one. */
static bool prepare(audit_chain *self, off_t end)
{
    ending ending;
    if (!read_ending(self, end, &ending))
        return false;
    if (ending.torn > 0)
        return tell_torn(self, ending.torn);
    if (self->n == 0)
        return begin(self);
    return !ending.unended || add_line_end(self);
}

static bool add_kept(audit_chain *self)
{
    for (size_t at = 0; at < self->kept_size;) {
        const char *event = self->kept + at, *members = event + strlen(event) + 1;
        if (!add_line(self, event, members))
            return false;
        at = (size_t)(members + strlen(members) + 1 - self->kept);
    }
    return true;
}

/* Runs under the lock, on a file that ends at `end`. No event: what is kept alone. */
static bool append_locked(audit_chain *self, off_t end, const char *event, const char *members)
{
    return prepare(self, end) && add_kept(self) && (!event || add_line(self, event, members)) &&
           write_all(self, end);
}

bool audit_chain_append(audit_chain *self, const char *event, const char *members)
{
    off_t end;
    if (!lock_current(self, &end))
        return false;
    bool good = append_locked(self, end, event, members);
    if (good)
        self->kept_size = 0;
    else
        self->size = -1; /* number and hash are ahead of the file */
    flock(self->descriptor, LOCK_UN);
    audit_compose_clear(self);
    return good;
}

bool audit_chain_keep(audit_chain *self, const char *event, const char *members, int64_t most_ms)
{
    size_t event_size = strlen(event) + 1, size = strlen(members) + 1;
    if (!self->kept)
        self->kept = malloc(AUDIT_CHAIN_KEPT);
    if (!self->kept || size > AUDIT_CHAIN_KEPT ||
        event_size + size > AUDIT_CHAIN_KEPT - self->kept_size)
        return false;
    if (self->kept_size == 0)
        self->kept_ms = coarse_ms();
    else if (coarse_ms() - self->kept_ms >= most_ms)
        return false;
    memcpy(self->kept + self->kept_size, event, event_size);
    memcpy(self->kept + self->kept_size + event_size, members, size);
    self->kept_size += event_size + size;
    return true;
}

void audit_chain_free(audit_chain *self)
{
    if (!self)
        return;
    if (self->kept_size > 0 && self->pid == getpid())
        audit_chain_append(self, NULL, NULL);
    close_file(self);
    free(self->kept);
    free(self->out);
    free(self->path);
    free(self);
}
