/* SPDX-License-Identifier: MIT */
/*
 * The public way in: picks the operation, warns about what probably fails, starts the call;
 * and the blocking functions, which start and run.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/sized.h"
#include "base/text.h"
#include "callbacks/operations.h"
#include "callbacks/repair.h"
#include "callbacks/start.h"
#include "catalogue/api_table.h"
#include "catalogue/listener_check.h"
#include "client/call.h"

static const operation *find_operation(const thingspace_request *request)
{
    switch (request->operation) {
    case THINGSPACE_REGISTER:
        return &operation_register;
    case THINGSPACE_LIST:
        return &operation_list;
    case THINGSPACE_DEREGISTER:
        return &operation_deregister;
    case THINGSPACE_CALL:
        return text_equal(request->method, "GET") ? &operation_get : &operation_call;
    }
    return NULL;
}

/* ---- warnings ---- */

/* What a plan has told is not told again. */
static void warn_of_service(const thingspace_client *client, const char *api_name,
                            const char *service)
{
    char doubt[API_SERVICE_DOUBT];
    const api_row *api;
    if (api_row_find(&api, api_name, NULL) == THINGSPACE_OK &&
        api_row_doubt_service(doubt, api, service) && !map_get(client->guard.told, doubt))
        log_write(&client->log, THINGSPACE_LOG_WARNING, "%s", doubt);
}

static void warn_of_request(const thingspace_client *client, const thingspace_request *request)
{
    const log_target *log = &client->log;
    const listener_facts facts = {
        .url = request->url, .username = request->username, .password = request->password};
    if (request->operation != THINGSPACE_REGISTER || request->flags & CALL_QUIET ||
        !log->function || log->level < THINGSPACE_LOG_WARNING)
        return;
    /* Told again, and acted on, when the request is built. */
    thingspace_error ignored = THINGSPACE_ERROR_INIT;
    if (listener_check_sendable(&facts, &ignored) == THINGSPACE_OK)
        warn_of_service(client, request->api, request->service);
}

/* ---- calls in flight ---- */

void start_copy_request(thingspace_request *out, const thingspace_request *given)
{
    memset(out, 0, sizeof(*out));
    sized_take(out, sizeof(*out), given);
    if (out->operation != THINGSPACE_CALL)
        out->method = out->operation == THINGSPACE_REGISTER     ? "POST"
                      : out->operation == THINGSPACE_DEREGISTER ? "DELETE"
                                                                : "GET";
}

/* What others call these bits is not theirs to give. */
#define PUBLIC_FLAGS (THINGSPACE_DRY_RUN | THINGSPACE_REPLACE)

thingspace_status start_begin(thingspace_client *client, thingspace_pending **out,
                              const thingspace_request *given, unsigned flags,
                              thingspace_done *done, void *user, thingspace_error *error)
{
    thingspace_request request;
    start_copy_request(&request, given);
    request.flags = flags;
    const operation *operation = find_operation(&request);
    if (!operation)
        return error_set(error, THINGSPACE_USAGE, "operation %d is not known",
                         (int)request.operation);
    warn_of_request(client, &request);
    call *call;
    thingspace_status status = call_begin(client, &call, operation, &request, done, user, error);
    if (status == THINGSPACE_OK && out)
        *out = (thingspace_pending *)call;
    return status;
}

thingspace_status thingspace_call_start(thingspace_client *client, thingspace_pending **out,
                                        const thingspace_request *request, thingspace_done *done,
                                        void *user, thingspace_error *error)
{
    if (!request || !done)
        return error_set(error, THINGSPACE_USAGE, "a call needs a request and a done function");
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = start_begin(client, out, request, request->flags & PUBLIC_FLAGS, done, user, error);
    client_leave(client);
    return status;
}

void thingspace_call_cancel(thingspace_pending *pending)
{
    call *call = (struct call *)pending;
    if (!call)
        return;
    thingspace_client *client = call->client;
    if (client_enter(client, NULL) != THINGSPACE_OK)
        return;
    call_cancel(call);
    client_leave(client);
}

/* ---- blocking ---- */

typedef struct waiting {
    thingspace_result *result;
    bool done;
} waiting;

static void keep_result(thingspace_result *result, void *user)
{
    waiting *waiting = user;
    waiting->result = result;
    waiting->done = true;
}

static thingspace_status run(thingspace_client *client, waiting *waiting,
                             const thingspace_request *request, unsigned flags,
                             thingspace_error *error)
{
    thingspace_pending *pending;
    thingspace_status status = client_check_blocking(client, error);
    if (status == THINGSPACE_OK)
        status = start_begin(client, &pending, request, flags, keep_result, waiting, error);
    if (status != THINGSPACE_OK)
        return status;
    status = client_run_until(client, &waiting->done, error);
    if (!waiting->done)
        call_cancel((call *)pending);
    if (status == THINGSPACE_OK) {
        status = thingspace_result_status(waiting->result);
        if (status == THINGSPACE_OK)
            error_clear(error);
        else
            error_copy(error, thingspace_result_error(waiting->result));
    }
    return status;
}

thingspace_status start_perform(thingspace_client *client, thingspace_result **out,
                                const thingspace_request *request, unsigned flags,
                                thingspace_error *error)
{
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    waiting waiting = {NULL, false};
    status = run(client, &waiting, request, flags, error);
    if (out)
        *out = waiting.result;
    else
        thingspace_result_free(waiting.result);
    client_leave(client);
    return status;
}

/* What is removed must not come back by what a run that died has noted. */
static thingspace_status remove_for_good(thingspace_client *client, thingspace_result **out,
                                         const thingspace_request *given, thingspace_error *error)
{
    thingspace_request request;
    start_copy_request(&request, given);
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = repair_all(client, NULL, NULL, error);
    if (status == THINGSPACE_OK)
        status = start_perform(client, out, &request, 0, error);
    if (status == THINGSPACE_OK)
        status = repair_forget(client, request.account, request.api, request.service, error);
    client_leave(client);
    return status;
}

thingspace_status thingspace_perform(thingspace_client *client, thingspace_result **out,
                                     const thingspace_request *request, thingspace_error *error)
{
    if (out)
        *out = NULL;
    if (!request)
        return error_set(error, THINGSPACE_USAGE, "no request was given");
    if (request->operation == THINGSPACE_DEREGISTER && !(request->flags & THINGSPACE_DRY_RUN))
        return remove_for_good(client, out, request, error);
    return start_perform(client, out, request, request->flags & PUBLIC_FLAGS, error);
}

thingspace_status thingspace_register(thingspace_client *client, thingspace_result **out,
                                      const char *account, const char *service, const char *url,
                                      const char *username, thingspace_secret *password,
                                      thingspace_error *error)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_REGISTER;
    request.account = account;
    request.service = service;
    request.url = url;
    request.username = username;
    request.password = password;
    return thingspace_perform(client, out, &request, error);
}

thingspace_status thingspace_list(thingspace_client *client, thingspace_result **out,
                                  const char *account, thingspace_error *error)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_LIST;
    request.account = account;
    return thingspace_perform(client, out, &request, error);
}

thingspace_status thingspace_deregister(thingspace_client *client, thingspace_result **out,
                                        const char *account, const char *service,
                                        thingspace_error *error)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_DEREGISTER;
    request.account = account;
    request.service = service;
    return thingspace_perform(client, out, &request, error);
}

thingspace_status thingspace_call(thingspace_client *client, thingspace_result **out,
                                  const char *account, const char *method, const char *path,
                                  const char *data, size_t data_size, thingspace_error *error)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_CALL;
    request.account = account;
    request.method = method;
    request.path = path;
    request.data = data;
    request.data_size = data_size;
    return thingspace_perform(client, out, &request, error);
}
