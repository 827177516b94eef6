/* SPDX-License-Identifier: MIT */
/*
 * Saved plans: one JSON text and a line end, written aside, synced and renamed over what was there,
 * so that no reader sees half of one. On the client's thread.
 */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "callbacks/plan/plan_json.h"
#include "client/client.h"

/* ---- saving ---- */

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

/* The entry of a new name lasts when its folder does; where a folder cannot be synced, that is
 * not the file's fault. */
static void sync_folder(const char *file)
{
    const char *slash = strrchr(file, '/');
    cleanup_text char *folder =
        slash ? text_copy_range(file, slash == file ? 1 : (size_t)(slash - file)) : text_copy(".");
    int descriptor = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (descriptor < 0)
        return;
    (void)fsync(descriptor);
    close(descriptor);
}

static bool replace(const char *file, char *temporary, const char *text)
{
    int descriptor = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
    if (descriptor < 0)
        return false;
    bool good = write_synced(descriptor, text, strlen(text));
    good = close(descriptor) == 0 && good;
    if (good && rename(temporary, file) == 0)
        return true;
    int cause = errno;
    unlink(temporary);
    errno = cause;
    return false;
}

/* A rename would put a file in place of a device or a pipe, also of one that a link leads to. */
static bool is_replaceable(const char *file)
{
    struct stat found;
    return stat(file, &found) != 0 || S_ISREG(found.st_mode);
}

thingspace_status thingspace_plan_json(const thingspace_plan *plan, char **out,
                                       thingspace_error *error)
{
    thingspace_status status = plan_json_write(plan, plan->keeps_cells, out);
    return status == THINGSPACE_OK ? status : error_memory(error);
}

thingspace_status thingspace_plan_save(const thingspace_plan *plan, const char *file,
                                       thingspace_error *error)
{
    cleanup_text char *document = NULL;
    if (plan_json_write(plan, false, &document) != THINGSPACE_OK)
        return error_memory(error);
    cleanup_text char *text = text_format("%s\n", document);
    cleanup_text char *temporary = text_format("%s.XXXXXX", file);
    if (!text || !temporary)
        return error_memory(error);
    if (!is_replaceable(file))
        return error_set(error, THINGSPACE_LOCAL,
                         "plan file %s cannot be written: it is no file, name another", file);
    if (!replace(file, temporary, text))
        return error_errno(error, THINGSPACE_LOCAL, errno, "plan file %s cannot be written", file);
    sync_folder(file);
    return THINGSPACE_OK;
}

/* ---- loading ---- */

static thingspace_status read_all(buffer *out, int descriptor, const char *file,
                                  thingspace_error *error)
{
    char chunk[16 * 1024];
    ssize_t got = 1;
    while (got != 0 && out->status == THINGSPACE_OK) {
        got = read(descriptor, chunk, sizeof(chunk));
        if (got < 0 && errno != EINTR)
            return error_errno(error, THINGSPACE_LOCAL, errno, "plan file %s cannot be read", file);
        if (got > 0)
            buffer_append(out, chunk, (size_t)got);
    }
    if (out->status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (out->status != THINGSPACE_OK)
        return error_set(error, THINGSPACE_USAGE, "%s is too long for a plan", file);
    return THINGSPACE_OK;
}

static thingspace_status read_file(buffer *out, const char *file, thingspace_error *error)
{
    int descriptor = open(file, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return error_errno(error, THINGSPACE_LOCAL, errno, "plan file %s cannot be read", file);
    thingspace_status status = read_all(out, descriptor, file, error);
    close(descriptor);
    return status;
}

static thingspace_status read_plan(thingspace_plan **out, const char *file, thingspace_error *error)
{
    cleanup_buffer buffer text;
    cleanup_json json *document = NULL;
    buffer_init(&text, LIMIT_JSON_TEXT);
    thingspace_status status = read_file(&text, file, error);
    if (status != THINGSPACE_OK)
        return status;
    status = json_parse_own(&document, buffer_text(&text), text.size, error);
    if (status == THINGSPACE_OK)
        status = plan_json_read(out, document, error);
    if (status == THINGSPACE_PROTOCOL)
        status = error_set(error, THINGSPACE_USAGE,
                           "this is not a saved plan; write one with `thingspace plan --out FILE`");
    if (status == THINGSPACE_USAGE)
        error_prefix(error, "%s", file);
    return status;
}

thingspace_status thingspace_plan_load(thingspace_client *client, thingspace_plan **out,
                                       const char *file, thingspace_error *error)
{
    cleanup_plan thingspace_plan *plan = NULL;
    *out = NULL;
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    const char *policy = policy_name(generation_policy(client->generation));
    status = read_plan(&plan, file, error);
    if (status == THINGSPACE_OK && !text_equal(plan->policy, policy))
        status = error_set(error, THINGSPACE_USAGE, "%s is a plan of policy %s, and this is %s",
                           file, plan->policy, policy);
    if (status == THINGSPACE_OK) {
        plan->was_loaded = true;
        *out = plan;
        plan = NULL;
    }
    client_leave(client);
    return status;
}
