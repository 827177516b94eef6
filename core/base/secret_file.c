/* SPDX-License-Identifier: MIT */
/*
 * A secret from a file or a pipe. The file is judged by its descriptor, after
 * opening, so that what is checked is what is read. Opening does not block: a FIFO
 * without a writer is waited for with a limit.
 */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/secret_file.h"
#include "base/secret_read.h"

static thingspace_status check_kind(const struct stat *status, const char *path, const char *what,
                                    thingspace_error *error)
{
    if (S_ISDIR(status->st_mode))
        return error_set(error, THINGSPACE_AUTH, "%s is a directory; name a file", what);
    if (!S_ISREG(status->st_mode) && !S_ISFIFO(status->st_mode))
        return error_set(error, THINGSPACE_AUTH, "%s is neither a file nor a pipe", what);
    if (status->st_mode & (S_IWGRP | S_IWOTH))
        return error_set(error, THINGSPACE_AUTH, "%s can be written by others; run: chmod go-w %s",
                         what, path);
    return THINGSPACE_OK;
}

static thingspace_status read_descriptor(thingspace_secret **out, int descriptor, const char *what,
                                         int limit_ms, thingspace_error *error)
{
    cleanup_buffer buffer bytes;
    secret_read_init(&bytes);
    thingspace_status status =
        secret_read_all(descriptor, &bytes, clock_monotonic_ms() + limit_ms, what, error);
    if (status != THINGSPACE_OK)
        return status;
    return secret_read_finish(out, &bytes, what, error);
}

thingspace_status secret_file_read(thingspace_secret **out, secret_file_answer *answer,
                                   const char *path, const char *what, int limit_ms,
                                   thingspace_error *error)
{
    struct stat status;
    *out = NULL;
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    /* A socket cannot be opened; its errno says nothing useful. */
    if (descriptor < 0 && errno == ENXIO)
        return error_set(error, THINGSPACE_AUTH, "%s is neither a file nor a pipe", what);
    if (descriptor < 0)
        return error_errno(error, THINGSPACE_AUTH, errno, "%s cannot be opened", what);
    thingspace_status result = THINGSPACE_OK;
    if (fstat(descriptor, &status) != 0)
        result = error_errno(error, THINGSPACE_AUTH, errno, "%s cannot be read", what);
    if (result == THINGSPACE_OK)
        result = check_kind(&status, path, what, error);
    if (result == THINGSPACE_OK) {
        answer->was_pipe = S_ISFIFO(status.st_mode);
        answer->was_public = (status.st_mode & S_IROTH) != 0;
        result = read_descriptor(out, descriptor, what, limit_ms, error);
    }
    close(descriptor);
    return result;
}
