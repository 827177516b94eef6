/* SPDX-License-Identifier: MIT */
/*
 * Files and locks of the state directory. Everything goes through the descriptor
 * of the directory that was checked when it was opened, so that nobody can swap it
 * afterwards; no link below it is followed. A file is replaced by renaming a synced
 * one over it. Any thread.
 */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/state_inside.h"

/* NAME_MAX less the longest suffix. */
#define NAME_LONGEST   240
#define LOCK_NAME_SIZE (NAME_LONGEST + sizeof(".lock"))

void state_close_descriptor(int *descriptor)
{
    int kept = errno;
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
    errno = kept;
}

static void name_temporary(char out[STATE_TEMPORARY_SIZE])
{
    unsigned char random[STATE_TEMPORARY_RANDOM];
    size_t prefix = strlen(STATE_TEMPORARY_PREFIX);
    randombytes_buf(random, sizeof(random));
    memcpy(out, STATE_TEMPORARY_PREFIX, prefix);
    sodium_bin2hex(out + prefix, STATE_TEMPORARY_SIZE - prefix, random, sizeof(random));
}

int state_open_temporary(const state *self, char name[STATE_TEMPORARY_SIZE])
{
    name_temporary(name);
    return openat(self->directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                  0600);
}

/* ---- files ---- */

static thingspace_status check_name(const char *name, thingspace_error *error)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789._-";
    size_t length = strlen(name);
    if (length > 0 && length <= NAME_LONGEST && name[0] != '.' && strspn(name, allowed) == length)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_INTERNAL, "\"%s\" cannot name a state file; please report",
                     name);
}

static thingspace_status fail_file(const state *self, const char *name, const char *what, int cause,
                                   thingspace_error *error)
{
    return error_set(error, THINGSPACE_LOCAL, "state file %s/%s cannot be %s: %s", self->path, name,
                     what, strerror(cause));
}

static thingspace_status check_file(const state *self, const char *name, int descriptor,
                                    thingspace_error *error)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return fail_file(self, name, "read", errno, error);
    if (!S_ISREG(status.st_mode))
        return error_set(error, THINGSPACE_LOCAL, "state file %s/%s is not a file; remove it",
                         self->path, name);
    if (status.st_uid != geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)))
        return error_set(error, THINGSPACE_LOCAL,
                         "state file %s/%s can be written by others; remove it", self->path, name);
    return THINGSPACE_OK;
}

static thingspace_status read_all(const state *self, const char *name, int descriptor, buffer *out,
                                  thingspace_error *error)
{
    int cause = file_read_all(descriptor, out);
    if (cause)
        return fail_file(self, name, "read", cause, error);
    if (out->status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (out->status != THINGSPACE_OK || out->size > LIMIT_STATE_FILE)
        return error_set(error, THINGSPACE_LOCAL, "state file %s/%s is too long; remove it",
                         self->path, name);
    return THINGSPACE_OK;
}

thingspace_status state_read(state *self, const char *name, buffer *out, bool *found,
                             thingspace_error *error)
{
    *found = false;
    buffer_clear(out);
    thingspace_status status = check_name(name, error);
    if (status != THINGSPACE_OK)
        return status;
    cleanup_descriptor int descriptor =
        openat(self->directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0 && errno == ENOENT)
        return THINGSPACE_OK;
    if (descriptor < 0)
        return fail_file(self, name, "read", errno, error);
    status = check_file(self, name, descriptor, error);
    if (status == THINGSPACE_OK)
        status = read_all(self, name, descriptor, out, error);
    if (status != THINGSPACE_OK)
        buffer_clear(out);
    *found = status == THINGSPACE_OK;
    return status;
}

static bool replace(const state *self, const char *name, const void *bytes, size_t size)
{
    char temporary[STATE_TEMPORARY_SIZE];
    cleanup_descriptor int descriptor = state_open_temporary(self, temporary);
    if (descriptor < 0)
        return false;
    int cause = file_write_all(descriptor, bytes, size);
    if (cause == 0 && fsync(descriptor) == 0 &&
        renameat(self->directory, temporary, self->directory, name) == 0)
        return fsync(self->directory) == 0;
    if (cause == 0)
        cause = errno;
    unlinkat(self->directory, temporary, 0);
    errno = cause;
    return false;
}

thingspace_status state_write(state *self, const char *name, const void *bytes, size_t size,
                              thingspace_error *error)
{
    thingspace_status status = check_name(name, error);
    if (status != THINGSPACE_OK)
        return status;
    if (size > LIMIT_STATE_FILE)
        return error_set(error, THINGSPACE_LOCAL,
                         "state file %s/%s cannot be written: %zu bytes are more than %d",
                         self->path, name, size, LIMIT_STATE_FILE);
    if (!replace(self, name, bytes, size))
        return error_set(error, THINGSPACE_LOCAL,
                         "state file %s/%s cannot be written: %s; free space there or %s",
                         self->path, name, strerror(errno), STATE_OTHER_PLACE);
    return THINGSPACE_OK;
}

thingspace_status state_remove(state *self, const char *name, thingspace_error *error)
{
    thingspace_status status = check_name(name, error);
    if (status != THINGSPACE_OK)
        return status;
    if (unlinkat(self->directory, name, 0) != 0)
        return errno == ENOENT ? THINGSPACE_OK : fail_file(self, name, "removed", errno, error);
    if (fsync(self->directory) != 0)
        return fail_file(self, name, "removed", errno, error);
    return THINGSPACE_OK;
}

bool state_touch(state *self, const char *name)
{
    int64_t now = clock_wall_ms();
    struct timespec time = {.tv_sec = (time_t)(now / 1000),
                            .tv_nsec = (long)(now % 1000) * 1000000};
    const struct timespec both[2] = {time, time};
    return check_name(name, NULL) == THINGSPACE_OK &&
           utimensat(self->directory, name, both, AT_SYMLINK_NOFOLLOW) == 0;
}

bool state_time(state *self, const char *name, int64_t *out_ms)
{
    struct stat status;
    *out_ms = 0;
    if (check_name(name, NULL) != THINGSPACE_OK ||
        fstatat(self->directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    *out_ms = (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
    return true;
}

/* ---- locks ---- */

static int lock_now(int descriptor)
{
    int result;
    do
        result = flock(descriptor, LOCK_EX | LOCK_NB);
    while (result != 0 && errno == EINTR);
    return result;
}

/* Whoever held it before may have removed the file meanwhile: a lock on it keeps nobody out. */
static bool is_removed(int descriptor)
{
    struct stat status;
    return fstat(descriptor, &status) == 0 && status.st_nlink == 0;
}

static thingspace_status lock_file(const state *self, const char *file, state_lock *lock,
                                   thingspace_error *error)
{
    for (;;) {
        cleanup_descriptor int descriptor =
            openat(self->directory, file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (descriptor < 0)
            return fail_file(self, file, "opened", errno, error);
        if (lock_now(descriptor) != 0)
            return errno == EWOULDBLOCK ? THINGSPACE_OK
                                        : fail_file(self, file, "locked", errno, error);
        if (is_removed(descriptor))
            continue;
        lock->descriptor = descriptor;
        descriptor = -1; /* the lock's from here on */
        return THINGSPACE_OK;
    }
}

static void name_lock(char out[LOCK_NAME_SIZE], const char *name)
{
    snprintf(out, LOCK_NAME_SIZE, "%s.lock", name);
}

thingspace_status state_try_lock(state *self, const char *name, state_lock *lock, bool *held,
                                 thingspace_error *error)
{
    char file[LOCK_NAME_SIZE];
    *held = false;
    lock->descriptor = -1;
    thingspace_status status = check_name(name, error);
    if (status != THINGSPACE_OK)
        return status;
    name_lock(file, name);
    status = lock_file(self, file, lock, error);
    *held = lock->descriptor >= 0;
    return status;
}

void state_unlock_and_remove(state *self, const char *name, state_lock *lock)
{
    char file[LOCK_NAME_SIZE];
    if (lock->descriptor < 0 || check_name(name, NULL) != THINGSPACE_OK)
        return;
    name_lock(file, name);
    unlinkat(self->directory, file, 0); /* one that stays does no harm */
    state_unlock(lock);
}

/* Closing is not enough: a child that was forked meanwhile has the descriptor, too. */
void state_unlock(state_lock *lock)
{
    if (lock->descriptor >= 0)
        (void)flock(lock->descriptor, LOCK_UN);
    state_close_descriptor(&lock->descriptor);
}
