/* SPDX-License-Identifier: MIT */
/* See key_file.h. */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "base/error.h"
#include "base/file.h"
#include "base/secret.h"
#include "cli/key_file.h"

thingspace_status key_file_open(key_file *file, const char *path, thingspace_error *error)
{
    file->path = path;
    file->descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file->descriptor >= 0)
        return THINGSPACE_OK;
    if (errno == EEXIST)
        return error_set(error, THINGSPACE_LOCAL,
                         "key file %s is there already and is not overwritten: name another", path);
    return error_errno(error, THINGSPACE_LOCAL, errno, "key file %s cannot be made", path);
}

thingspace_status key_file_write(key_file *file, const thingspace_secret *key,
                                 thingspace_error *error)
{
    int cause = file_write_all(file->descriptor, secret_bytes(key), secret_size(key));
    if (cause == 0)
        cause = file_write_all(file->descriptor, "\n", 1);
    if (cause == 0 && fsync(file->descriptor) != 0 && errno != EINVAL)
        cause = errno;
    if (cause != 0) {
        key_file_discard(file);
        return error_errno(error, THINGSPACE_LOCAL, cause,
                           "key file %s cannot be written, and the key is lost", file->path);
    }
    close(file->descriptor);
    file->descriptor = -1;
    return THINGSPACE_OK;
}

void key_file_discard(key_file *file)
{
    if (file->descriptor < 0)
        return;
    unlink(file->path);
    close(file->descriptor);
    file->descriptor = -1;
}
