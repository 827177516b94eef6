/* SPDX-License-Identifier: MIT */
/* See script_file.h. */
#include <config.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include "base/error.h"
#include "base/limits.h"
#include "lua/runtime/script_file.h"

/* Ends early when the buffer is full. */
static int read_all(buffer *out, FILE *file)
{
    char block[4096];
    size_t count;
    while ((count = fread(block, 1, sizeof(block), file)) > 0)
        if (buffer_append(out, block, count) != THINGSPACE_OK)
            break;
    return ferror(file) ? errno : 0;
}

/* Who can write a policy can run commands as its user, and read what its secrets open. */
void script_file_warn(const char *path, const char *what, const log_target *log)
{
    struct stat found;
    if (stat(path, &found) == 0 && S_ISREG(found.st_mode) && (found.st_mode & S_IWOTH))
        log_write(log, THINGSPACE_LOG_WARNING,
                  "the %s %s can be written by every user; run: chmod o-w %s", what, path, path);
}

thingspace_status script_file_check_size(const char *name, size_t size, thingspace_status kind,
                                         thingspace_error *error)
{
    if (size <= LIMIT_SCRIPT)
        return THINGSPACE_OK;
    error_set(error, kind, "%s: the script is longer than %d KiB; %s", name, LIMIT_SCRIPT / 1024,
              kind == THINGSPACE_PLUGIN ? "give it data as options"
                                        : "read data from a file instead");
    error_set_place(error, name, 0);
    return kind;
}

thingspace_status script_file_read(buffer *out, const char *path, const char *what,
                                   thingspace_status kind, const log_target *log,
                                   thingspace_error *error)
{
    FILE *file = fopen(path, "re");
    int failure = file ? read_all(out, file) : errno;
    if (file)
        fclose(file);
    script_file_warn(path, what, log);
    if (failure)
        return error_errno(error, THINGSPACE_LOCAL, failure, "%s %s cannot be read", what, path);
    if (out->status == THINGSPACE_MEMORY)
        return error_memory(error);
    return out->status == THINGSPACE_OK ? THINGSPACE_OK
                                        : script_file_check_size(path, SIZE_MAX, kind, error);
}
