/* SPDX-License-Identifier: MIT */
/* See data.h. */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "base/error.h"
#include "base/file.h"
#include "cli/data.h"

static thingspace_status refuse_size(const buffer *out, thingspace_error *error)
{
    if (out->status == THINGSPACE_MEMORY)
        return error_memory(error);
    return error_set(error, THINGSPACE_USAGE,
                     "--data is longer than the %zu bytes that can be sent", out->maximum);
}

static thingspace_status read_all(buffer *out, int descriptor, const char *name,
                                  thingspace_error *error)
{
    int cause = file_read_all(descriptor, out);
    if (out->status != THINGSPACE_OK)
        return refuse_size(out, error);
    if (cause != 0)
        return error_errno(error, THINGSPACE_LOCAL, cause, "--data: %s cannot be read", name);
    return THINGSPACE_OK;
}

static thingspace_status read_file(buffer *out, const char *path, thingspace_error *error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return error_errno(error, THINGSPACE_LOCAL, errno, "--data: %s cannot be read", path);
    thingspace_status status = read_all(out, descriptor, path, error);
    close(descriptor);
    return status;
}

thingspace_status data_read(buffer *out, const char *text, thingspace_error *error)
{
    if (strcmp(text, "@-") == 0)
        return read_all(out, STDIN_FILENO, "standard input", error);
    if (text[0] == '@')
        return read_file(out, text + 1, error);
    if (buffer_append_text(out, text) != THINGSPACE_OK)
        return refuse_size(out, error);
    return THINGSPACE_OK;
}
