/* SPDX-License-Identifier: MIT */
/*
 * See chain.h. An append is one lock, one look at the end of the file and one write. Nothing is
 * ever overwritten: only a line of our own that could not be written whole is cut off again.
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

void audit_chain_free(audit_chain *self)
{
    if (!self)
        return;
    close_file(self);
    free(self->path);
    free(self);
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
        return fail_errno(self, errno == ELOOP ? "is a symbolic link and" : "cannot be opened");
    self->size = -1;
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

/* Whether the open file is still the one of that name; logrotate moves it away. */
static bool is_current(const audit_chain *self, off_t *size)
{
    struct stat here, there;
    if (fstat(self->descriptor, &here) != 0 || lstat(self->path, &there) != 0)
        return false;
    *size = here.st_size;
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

static bool write_all(audit_chain *self, const char *text, size_t size, off_t end)
{
    size_t done = 0;
    while (done < size) {
        ssize_t wrote = write(self->descriptor, text + done, size - done);
        if (wrote > 0) {
            done += (size_t)wrote;
        } else if (wrote == 0 || errno != EINTR) {
            fail_errno(self, "cannot be written");
            /* What cannot be cut off is ended as torn by the next append. */
            if (done > 0 && ftruncate(self->descriptor, end) != 0)
                self->size = -1;
            return false;
        }
    }
    if (self->sync && fdatasync(self->descriptor) != 0)
        return fail_errno(self, "cannot be synced");
    return true;
}

/* Under the lock. `lead` stands before the line; `*end`: the file's size, moved on. */
static bool write_line(audit_chain *self, const char *lead, const char *event, const char *members,
                       off_t *end)
{
    size_t lead_size = strlen(lead), room = lead_size + strlen(members) + 256 + AUDIT_HASH_TAIL;
    char hash[AUDIT_CHAIN_HASH + 1];
    char *text = room <= AUDIT_CHAIN_LINE ? malloc(room) : NULL;
    if (!text)
        return fail(self, "%s: no memory for a line of %zu bytes", self->path, room);
    int head = snprintf(text, room, "%s{\"n\":%llu,\"prev\":\"%s\",\"event\":\"%.15s\"%s", lead,
                        self->n + 1, self->hash, event, members);
    size_t size = (size_t)head;
    audit_hash(hash, text + lead_size, size - lead_size);
    size += (size_t)snprintf(text + size, room - size, AUDIT_HASH_NAME "%s\"}\n", hash);
    bool good = write_all(self, text, size, *end);
    free(text);
    if (!good)
        return false;
    *end += (off_t)size;
    self->n++;
    self->size = *end;
    memcpy(self->hash, hash, sizeof(hash));
    return true;
}

static void write_time(char *out, size_t size)
{
    struct timespec now;
    struct tm parts;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &parts);
    snprintf(out, size, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ", parts.tm_year + 1900,
             parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
             now.tv_nsec / 1000000);
}

/* The first line of a new file, and the end of a torn one. */
static bool prepare(audit_chain *self, ending *ending, off_t *end)
{
    char time[64], members[160];
    if (!read_ending(self, *end, ending))
        return false;
    if (self->n > 0 && ending->torn == 0)
        return true;
    write_time(time, sizeof(time));
    if (ending->torn > 0) {
        snprintf(members, sizeof(members), ",\"bytes\":%llu,\"time\":\"%s\",\"pid\":%ld",
                 ending->torn, time, (long)getpid());
        return write_line(self, "\n", "torn", members, end);
    }
    snprintf(members, sizeof(members), ",\"time\":\"%s\",\"pid\":%ld", time, (long)getpid());
    return write_line(self, "", "begin", members, end);
}

/* Runs under the lock, on a file that ends at `end`. */
static bool append_locked(audit_chain *self, off_t end, const char *event, const char *members)
{
    ending ending;
    return prepare(self, &ending, &end) &&
           write_line(self, ending.unended ? "\n" : "", event, members, &end);
}

bool audit_chain_append(audit_chain *self, const char *event, const char *members)
{
    off_t end;
    if (!lock_current(self, &end))
        return false;
    bool good = append_locked(self, end, event, members);
    if (!good)
        self->size = -1;
    flock(self->descriptor, LOCK_UN);
    return good;
}
