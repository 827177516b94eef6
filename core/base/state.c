/* SPDX-License-Identifier: MIT */
/*
 * The state directory. Everything goes through one descriptor of the directory
 * that was checked when it was opened, so that nobody can swap it afterwards; no
 * link below it is followed. A file is replaced by renaming a synced one over it.
 * Owns: that descriptor. A state does not change after state_open: any thread.
 */
#include <config.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <pwd.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/state.h"
#include "base/text.h"

/* Names that begin with a dot are ours: files being written. */
#define TEMPORARY_PREFIX ".new-"
#define TEMPORARY_RANDOM 12
#define TEMPORARY_SIZE   (sizeof(TEMPORARY_PREFIX) + 2 * (size_t)TEMPORARY_RANDOM)
/* Writing takes less than a second: what is older was left by a process that died. */
#define TEMPORARY_STALE_MS (60 * 60 * 1000)
/* NAME_MAX less the longest suffix. */
#define NAME_LONGEST 240
#define OTHER_PLACE  "set --state-dir or THINGSPACE_STATE_DIR"

struct state {
    char *path;
    int directory;
    bool persists;
};

static void close_descriptor(int *descriptor)
{
    int kept = errno;
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
    errno = kept;
}

#define cleanup_descriptor __attribute__((cleanup(close_descriptor)))

/* ---- opening ---- */

static thingspace_status fail_unwritable(const char *path, int cause, thingspace_error *error)
{
    return error_set(error, THINGSPACE_LOCAL, "state directory %s cannot be written: %s; %s", path,
                     strerror(cause), OTHER_PLACE);
}

static bool make_one(const char *path, mode_t mode)
{
    return mkdir(path, mode) == 0 || errno == EEXIST;
}

/* Makes the directory and those above it. False leaves the cause in errno. */
static bool make_directories(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = make_one(path, 0755);
        *slash = '/';
        if (!made)
            return false;
    }
    return make_one(path, 0700);
}

static thingspace_status make_if_absent(const char *path, thingspace_error *error)
{
    struct stat status;
    if (lstat(path, &status) == 0)
        return THINGSPACE_OK;
    cleanup_text char *copy = text_copy(path);
    if (!copy)
        return error_memory(error);
    size_t length = strlen(copy);
    while (length > 1 && copy[length - 1] == '/')
        copy[--length] = '\0';
    if (!make_directories(copy))
        return error_set(error, THINGSPACE_LOCAL, "state directory %s cannot be made: %s; %s", path,
                         strerror(errno), OTHER_PLACE);
    return THINGSPACE_OK;
}

/* systemd makes /var/lib/NAME a link, owned by root; a stranger's link could lead anywhere. */
static thingspace_status check_link(const char *path, thingspace_error *error)
{
    struct stat status;
    if (lstat(path, &status) != 0 || !S_ISLNK(status.st_mode) || status.st_uid == 0 ||
        status.st_uid == geteuid())
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_LOCAL, "state directory %s is a link made by user %u; %s",
                     path, (unsigned)status.st_uid, OTHER_PLACE);
}

static thingspace_status check_directory(const state *opened, thingspace_error *error)
{
    struct stat status;
    if (fstat(opened->directory, &status) != 0)
        return error_errno(error, THINGSPACE_LOCAL, errno, "state directory %s", opened->path);
    if (status.st_uid != geteuid())
        return error_set(error, THINGSPACE_LOCAL,
                         "state directory %s belongs to user %u, not to user %u; %s", opened->path,
                         (unsigned)status.st_uid, (unsigned)geteuid(), OTHER_PLACE);
    if (status.st_mode & (S_IWGRP | S_IWOTH))
        return error_set(error, THINGSPACE_LOCAL,
                         "state directory %s can be written by others; run: chmod go-w %s",
                         opened->path, opened->path);
    return THINGSPACE_OK;
}

static void name_temporary(char out[TEMPORARY_SIZE])
{
    unsigned char random[TEMPORARY_RANDOM];
    size_t prefix = strlen(TEMPORARY_PREFIX);
    randombytes_buf(random, sizeof(random));
    memcpy(out, TEMPORARY_PREFIX, prefix);
    sodium_bin2hex(out + prefix, TEMPORARY_SIZE - prefix, random, sizeof(random));
}

static int open_temporary(const state *self, char name[TEMPORARY_SIZE])
{
    name_temporary(name);
    return openat(self->directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                  0600);
}

/* Only trying tells: a read-only mount, an immutable directory and a security module all differ. */
static thingspace_status check_writable(const state *opened, thingspace_error *error)
{
    char name[TEMPORARY_SIZE];
    cleanup_descriptor int descriptor = open_temporary(opened, name);
    if (descriptor < 0)
        return fail_unwritable(opened->path, errno, error);
    if (unlinkat(opened->directory, name, 0) != 0)
        return fail_unwritable(opened->path, errno, error);
    return THINGSPACE_OK;
}

static bool is_stale(const state *self, const char *name)
{
    struct stat status;
    if (!text_starts_with(name, TEMPORARY_PREFIX))
        return false;
    if (fstatat(self->directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    int64_t time_ms = (int64_t)status.st_mtim.tv_sec * 1000;
    return S_ISREG(status.st_mode) && clock_wall_ms() - time_ms > TEMPORARY_STALE_MS;
}

/* Rubbish that cannot be removed does no harm: nothing here fails. */
static void remove_stale(const state *self)
{
    int descriptor = openat(self->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = descriptor < 0 ? NULL : fdopendir(descriptor);
    if (!listing) {
        close_descriptor(&descriptor);
        return;
    }
    for (struct dirent *entry = readdir(listing); entry; entry = readdir(listing))
        if (is_stale(self, entry->d_name))
            unlinkat(self->directory, entry->d_name, 0);
    closedir(listing);
}

static bool is_on_disk(int directory)
{
    struct statfs status;
    if (fstatfs(directory, &status) != 0)
        return true;
    return status.f_type != TMPFS_MAGIC && status.f_type != RAMFS_MAGIC;
}

static thingspace_status open_checked(state *opened, thingspace_error *error)
{
    thingspace_status status = make_if_absent(opened->path, error);
    if (status == THINGSPACE_OK)
        status = check_link(opened->path, error);
    if (status != THINGSPACE_OK)
        return status;
    opened->directory = open(opened->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened->directory < 0)
        return error_set(error, THINGSPACE_LOCAL, "state directory %s cannot be opened: %s; %s",
                         opened->path, strerror(errno), OTHER_PLACE);
    status = check_directory(opened, error);
    if (status == THINGSPACE_OK)
        status = check_writable(opened, error);
    return status;
}

thingspace_status state_open(state **out, const char *path, thingspace_error *error)
{
    *out = NULL;
    if (text_is_empty(path))
        return error_set(error, THINGSPACE_LOCAL, "the state directory's name is empty; %s",
                         OTHER_PLACE);
    state *opened = calloc(1, sizeof(*opened));
    if (!opened)
        return error_memory(error);
    opened->directory = -1;
    opened->path = text_copy(path);
    thingspace_status status = opened->path ? open_checked(opened, error) : error_memory(error);
    if (status != THINGSPACE_OK) {
        state_close(opened);
        return status;
    }
    opened->persists = is_on_disk(opened->directory);
    remove_stale(opened);
    *out = opened;
    return THINGSPACE_OK;
}

void state_close(state *self)
{
    if (!self)
        return;
    close_descriptor(&self->directory);
    free(self->path);
    free(self);
}

const char *state_path(const state *self)
{
    return self->path;
}

bool state_persists(const state *self)
{
    return self->persists;
}

/* ---- where it is by default ---- */

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return text_is_empty(value) ? NULL : value;
}

static char *below_home(void)
{
    char space[4096];
    struct passwd entry;
    struct passwd *found = NULL;
    const char *home = environment("HOME");
    if (!home && getpwuid_r(geteuid(), &entry, space, sizeof(space), &found) == 0 && found)
        home = found->pw_dir;
    return text_format("%s/.local/state/thingspace", home ? home : "");
}

char *state_default_path(void)
{
    const char *path = environment("THINGSPACE_STATE_DIR");
    if (path)
        return text_copy(path);
    path = environment("STATE_DIRECTORY");
    if (path && path[0] != ':')
        return text_copy_range(path, strcspn(path, ":"));
    if (geteuid() == 0)
        return text_copy("/var/lib/thingspace");
    path = environment("XDG_STATE_HOME");
    /* The XDG rules say that a relative one is to be ignored. */
    if (path && path[0] == '/')
        return text_format("%s/thingspace", path);
    return below_home();
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
    char chunk[4096];
    ssize_t got;
    int cause = 0;
    while (out->size <= LIMIT_STATE_FILE && out->status == THINGSPACE_OK) {
        got = read(descriptor, chunk, sizeof(chunk));
        if (got < 0 && errno == EINTR)
            continue;
        cause = got < 0 ? errno : 0;
        if (got <= 0)
            break;
        buffer_append(out, chunk, (size_t)got);
    }
    sodium_memzero(chunk, sizeof(chunk)); /* may hold tokens */
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

static bool write_synced(int descriptor, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(descriptor, bytes, size);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        }
    }
    return fsync(descriptor) == 0;
}

static bool replace(const state *self, const char *name, const void *bytes, size_t size)
{
    char temporary[TEMPORARY_SIZE];
    cleanup_descriptor int descriptor = open_temporary(self, temporary);
    if (descriptor < 0)
        return false;
    if (write_synced(descriptor, bytes, size) &&
        renameat(self->directory, temporary, self->directory, name) == 0)
        return fsync(self->directory) == 0;
    int cause = errno;
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
                         self->path, name, strerror(errno), OTHER_PLACE);
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

thingspace_status state_try_lock(state *self, const char *name, state_lock *lock, bool *held,
                                 thingspace_error *error)
{
    char file[NAME_LONGEST + sizeof(".lock")];
    *held = false;
    lock->descriptor = -1;
    thingspace_status status = check_name(name, error);
    if (status != THINGSPACE_OK)
        return status;
    snprintf(file, sizeof(file), "%s.lock", name);
    cleanup_descriptor int descriptor =
        openat(self->directory, file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return fail_file(self, file, "opened", errno, error);
    if (lock_now(descriptor) != 0)
        return errno == EWOULDBLOCK ? THINGSPACE_OK : fail_file(self, file, "locked", errno, error);
    lock->descriptor = descriptor;
    descriptor = -1; /* the lock's from here on */
    *held = true;
    return THINGSPACE_OK;
}

void state_unlock(state_lock *lock)
{
    close_descriptor(&lock->descriptor);
}
