/* SPDX-License-Identifier: MIT */
/* See file.h. */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

int file_read_all(int descriptor, buffer *out)
{
    char chunk[16 * 1024];
    int cause = 0;
    while (cause == 0 && out->status == THINGSPACE_OK) {
        ssize_t got = read(descriptor, chunk, sizeof(chunk));
        if (got == 0)
            break;
        if (got > 0)
            buffer_append(out, chunk, (size_t)got);
        else if (errno != EINTR)
            cause = errno;
    }
    sodium_memzero(chunk, sizeof(chunk));
    return cause;
}

int file_write_all(int descriptor, const void *bytes, size_t size)
{
    const char *left = bytes;
    while (size > 0) {
        ssize_t written = write(descriptor, left, size);
        if (written < 0 && errno != EINTR)
            return errno;
        if (written > 0) {
            left += written;
            size -= (size_t)written;
        }
    }
    return 0;
}

/* ---- replacing ---- */

bool file_is_replaceable(const char *path)
{
    struct stat found;
    return stat(path, &found) != 0 || S_ISREG(found.st_mode);
}

/* The entry of a new name lasts when its folder does; where a folder cannot be synced, that is not
 * the file's fault. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    cleanup_text char *folder =
        slash ? text_copy_range(path, slash == path ? 1 : (size_t)(slash - path)) : text_copy(".");
    int descriptor = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (descriptor < 0)
        return;
    (void)fsync(descriptor);
    close(descriptor);
}

/* `aside` is a pattern of mkostemp, which makes files of mode 0600. 0, or an errno. */
static int write_aside(char *aside, const void *bytes, size_t size)
{
    int descriptor = mkostemp(aside, O_CLOEXEC);
    if (descriptor < 0)
        return errno;
    int cause = file_write_all(descriptor, bytes, size);
    if (cause == 0 && fsync(descriptor) != 0)
        cause = errno;
    if (close(descriptor) != 0 && cause == 0)
        cause = errno;
    if (cause != 0)
        unlink(aside);
    return cause;
}

/* The same. */
static int replace(const char *path, char *aside, const void *bytes, size_t size)
{
    int cause = write_aside(aside, bytes, size);
    if (cause != 0)
        return cause;
    if (rename(aside, path) == 0)
        return 0;
    cause = errno;
    unlink(aside);
    return cause;
}

thingspace_status file_replace(const char *path, const void *bytes, size_t size, const char *what,
                               thingspace_error *error)
{
    cleanup_text char *aside = text_format("%s.XXXXXX", path);
    if (!aside)
        return error_memory(error);
    if (!file_is_replaceable(path))
        return error_set(error, THINGSPACE_LOCAL,
                         "%s %s cannot be written: it is no file, name another", what, path);
    int cause = replace(path, aside, bytes, size);
    if (cause != 0)
        return error_errno(error, THINGSPACE_LOCAL, cause, "%s %s cannot be written", what, path);
    sync_folder(path);
    return THINGSPACE_OK;
}
