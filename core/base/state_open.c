/* SPDX-License-Identifier: MIT */
/*
 * Opening the state directory: made if absent, and used only when nobody else can
 * write to it and a file can be made there. What dead processes left is removed.
 * Any thread.
 */
#include <config.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/state_inside.h"
#include "base/text.h"

/* Writing takes less than a second: what is older was left by a process that died. */
#define TEMPORARY_STALE_MS (60 * 60 * 1000)

static thingspace_status fail_unwritable(const char *path, int cause, thingspace_error *error)
{
    return error_set(error, THINGSPACE_LOCAL, "state directory %s cannot be written: %s; %s", path,
                     strerror(cause), STATE_OTHER_PLACE);
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
                         strerror(errno), STATE_OTHER_PLACE);
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
                     path, (unsigned)status.st_uid, STATE_OTHER_PLACE);
}

static thingspace_status check_directory(const state *opened, thingspace_error *error)
{
    struct stat status;
    if (fstat(opened->directory, &status) != 0)
        return error_errno(error, THINGSPACE_LOCAL, errno, "state directory %s", opened->path);
    if (status.st_uid != geteuid())
        return error_set(error, THINGSPACE_LOCAL,
                         "state directory %s belongs to user %u, not to user %u; %s", opened->path,
                         (unsigned)status.st_uid, (unsigned)geteuid(), STATE_OTHER_PLACE);
    if (status.st_mode & (S_IWGRP | S_IWOTH))
        return error_set(error, THINGSPACE_LOCAL,
                         "state directory %s can be written by others; run: chmod go-w %s",
                         opened->path, opened->path);
    return THINGSPACE_OK;
}

/* Only trying tells: a read-only mount, an immutable directory and a security module all differ. */
static thingspace_status check_writable(const state *opened, thingspace_error *error)
{
    char name[STATE_TEMPORARY_SIZE];
    cleanup_descriptor int descriptor = state_open_temporary(opened, name);
    if (descriptor < 0)
        return fail_unwritable(opened->path, errno, error);
    if (unlinkat(opened->directory, name, 0) != 0)
        return fail_unwritable(opened->path, errno, error);
    return THINGSPACE_OK;
}

static bool is_stale(const state *self, const char *name)
{
    struct stat status;
    if (!text_starts_with(name, STATE_TEMPORARY_PREFIX))
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
        state_close_descriptor(&descriptor);
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
                         opened->path, strerror(errno), STATE_OTHER_PLACE);
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
                         STATE_OTHER_PLACE);
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
    state_close_descriptor(&self->directory);
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
