/* SPDX-License-Identifier: MIT */
/* Plans as text, and saved: one line of JSON. On the client's thread. */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/error.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "callbacks/plan/plan_check.h"
#include "callbacks/plan/plan_json.h"
#include "client/client.h"

/* Whether somebody interrupts while a pipe says nothing. */
#define LOOK_EVERY_MS 200

/* ---- saving ---- */

thingspace_status thingspace_plan_json(const thingspace_plan *plan, char **out,
                                       thingspace_error *error)
{
    if (!plan)
        return error_set(error, THINGSPACE_USAGE, "no plan was given");
    thingspace_status status = plan_json_write(plan, plan->keeps_cells, out);
    return status == THINGSPACE_OK ? status : error_memory(error);
}

thingspace_status thingspace_plan_save(const thingspace_plan *plan, const char *file,
                                       thingspace_error *error)
{
    cleanup_text char *document = NULL;
    if (!plan || !file)
        return error_set(error, THINGSPACE_USAGE, "no %s was given", plan ? "file" : "plan");
    if (plan_json_write(plan, false, &document) != THINGSPACE_OK)
        return error_memory(error);
    cleanup_text char *text = text_format("%s\n", document);
    return text ? file_replace(file, text, strlen(text), "plan file", error) : error_memory(error);
}

/* ---- loading ---- */

/* A device has no end, or is no place for plans. 0, or an errno. */
static int open_plain(int *out, const char *file)
{
    struct stat found = {0};
    *out = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*out < 0)
        return errno;
    if (fstat(*out, &found) == 0 && (S_ISREG(found.st_mode) || S_ISFIFO(found.st_mode)))
        return 0;
    int cause = S_ISDIR(found.st_mode) ? EISDIR : EINVAL;
    close(*out);
    return cause;
}

/* A pipe may have no writer yet, or a slow one: an interruption ends the wait. 0, or an errno. */
static int read_until_interrupted(int descriptor, buffer *out, const thingspace_client *client)
{
    int cause = EAGAIN;
    while (cause == EAGAIN && !client->interrupted) {
        struct pollfd waits = {.fd = descriptor, .events = POLLIN};
        if (poll(&waits, 1, LOOK_EVERY_MS) > 0)
            cause = file_read_all(descriptor, out);
    }
    return client->interrupted ? ECANCELED : cause;
}

static thingspace_status read_file(buffer *out, const char *file, const thingspace_client *client,
                                   thingspace_error *error)
{
    int descriptor, cause = open_plain(&descriptor, file);
    if (cause == EINVAL)
        return error_set(error, THINGSPACE_USAGE, "%s is neither a file nor a pipe: name a plan",
                         file);
    if (cause == 0) {
        cause = read_until_interrupted(descriptor, out, client);
        close(descriptor);
    }
    if (cause == ECANCELED)
        return error_set(error, THINGSPACE_CANCELLED, "interrupted");
    if (cause != 0)
        return error_errno(error, THINGSPACE_LOCAL, cause, "plan file %s cannot be read", file);
    if (out->status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (out->status != THINGSPACE_OK)
        return error_set(error, THINGSPACE_USAGE, "%s is too long for a plan", file);
    return THINGSPACE_OK;
}

static thingspace_status read_plan(thingspace_plan **out, const char *file,
                                   const thingspace_client *client, thingspace_error *error)
{
    cleanup_buffer buffer text;
    cleanup_json json *document = NULL;
    buffer_init(&text, LIMIT_PLAN_FILE);
    thingspace_status status = read_file(&text, file, client, error);
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
    if (!file)
        return error_set(error, THINGSPACE_USAGE, "no file was given");
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    const char *policy = policy_name(generation_policy(client->generation));
    status = read_plan(&plan, file, client, error);
    if (status == THINGSPACE_OK && !text_equal(plan->policy, policy))
        status = error_set(error, THINGSPACE_USAGE, "%s is a plan of policy %s, and this is %s",
                           file, plan->policy, policy);
    if (status == THINGSPACE_OK) {
        plan->was_loaded = true;
        status = plan_check_policy(plan, generation_digest(client->generation), error);
        if (status == THINGSPACE_REFUSED)
            error_prefix(error, "%s", file);
    }
    if (status == THINGSPACE_OK) {
        *out = plan;
        plan = NULL;
    }
    client_leave(client);
    return status;
}
