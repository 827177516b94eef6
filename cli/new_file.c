/* SPDX-License-Identifier: MIT */
/* See new_file.h. A link never replaces what is there; a rename does. */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/new_file.h"

static thingspace_status refuse(const char *path, thingspace_error *error)
{
    return error_set(error, THINGSPACE_LOCAL,
                     "%s is there already and is not overwritten: name another, or add --force",
                     path);
}

thingspace_status new_file_check(const char *path, bool replace, thingspace_error *error)
{
    struct stat found;
    if (!replace && lstat(path, &found) == 0)
        return refuse(path, error);
    if (replace && !file_is_replaceable(path))
        return error_set(error, THINGSPACE_LOCAL,
                         "%s cannot be written: it is no file, name another", path);
    return THINGSPACE_OK;
}

/* 0, or an errno. */
static int write_aside(const char *aside, const char *text)
{
    int descriptor = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return errno;
    int cause = file_write_all(descriptor, text, strlen(text));
    if (cause == 0 && fsync(descriptor) != 0 && errno != EINVAL)
        cause = errno;
    if (close(descriptor) != 0 && cause == 0)
        cause = errno;
    return cause;
}

/* The same. Where there are no links, the check comes just before the rename. */
static int put(const char *aside, const char *path, bool replace)
{
    struct stat found;
    if (!replace) {
        if (link(aside, path) == 0)
            return unlink(aside) == 0 ? 0 : errno;
        if (errno != EPERM && errno != ENOTSUP && errno != ENOSYS)
            return errno;
        if (lstat(path, &found) == 0)
            return EEXIST;
    }
    return rename(aside, path) == 0 ? 0 : errno;
}

thingspace_status new_file_write(const char *path, const char *text, bool replace,
                                 thingspace_error *error)
{
    cleanup_text char *aside = text_format("%s.%ld.part", path, (long)getpid());
    if (!aside)
        return error_memory(error);
    int cause = write_aside(aside, text);
    if (cause == 0)
        cause = put(aside, path, replace);
    if (cause == 0)
        return THINGSPACE_OK;
    unlink(aside);
    if (cause == EEXIST)
        return refuse(path, error);
    return error_errno(error, THINGSPACE_LOCAL, cause, "%s cannot be written", path);
}
