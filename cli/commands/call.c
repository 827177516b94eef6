/* SPDX-License-Identifier: MIT */
/* thingspace call: any other operation of the API, with the same tokens, retries and errors. */
#include <config.h>
#include "base/limits.h"
#include "cli/commands/commands.h"
#include "cli/data.h"
#include "cli/preview.h"
#include "cli/redact.h"
#include "cli/session.h"

static const option own_options[] = {
    {.name = "data",
     .kind = OPTION_TEXT,
     .value = "JSON",
     .doc = "the body, sent as it is; @FILE reads it from a file, @- from standard input"},
    API_OPTION,
    {.name = NULL},
};

static const example examples[] = {
    {"call 0000123456-00001 GET '/plans/{account}'", "the service plans of the account"},
    {"call 0000123456-00001 PUT '/sms/{account}/startCallbacks'",
     "deliver the messages that waited for a listener"},
    {"call 0000123456-00001 POST /devices/actions/list --data @devices.json",
     "an operation with a body"},
    {NULL, NULL},
};

static void print_body(const thingspace_result *result)
{
    cleanup_buffer buffer hidden;
    buffer_init(&hidden, LIMIT_RESPONSE_BODY);
    size_t size = 0;
    const char *body = thingspace_result_body(result, &size);
    if (redact_secrets(&hidden, body, size))
        output_bytes(buffer_text(&hidden), hidden.size);
    else
        output_bytes(body, size);
}

static int send_request(session *session, const thingspace_request *request)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_result *result = NULL;
    thingspace_status status = thingspace_perform(session->client, &result, request, &error);
    if (status == THINGSPACE_OK)
        print_body(result);
    thingspace_result_free(result);
    return status == THINGSPACE_OK ? 0 : session_fail(session, &error);
}

static int run(session *session)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const char *data = options_text(&session->options, "data");
    cleanup_buffer buffer body;
    buffer_init_secret(&body, LIMIT_REQUEST_BODY);
    thingspace_status status = session_open_for(session, true, &error);
    if (status == THINGSPACE_OK && data)
        status = data_read(&body, data, &error);
    if (status != THINGSPACE_OK)
        return session_fail(session, &error);
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_CALL;
    request.account = session_word(session, 0);
    request.method = session_word(session, 1);
    request.path = session_word(session, 2);
    request.data = data ? buffer_text(&body) : NULL;
    request.data_size = body.size;
    request.api = options_text(&session->options, "api");
    return session_is_dry(session) ? preview_requests(session, &request, 1)
                                   : send_request(session, &request);
}

const command command_call = {
    .name = "call",
    .arguments = "ACCOUNT METHOD PATH",
    .summary = "call any operation of the API",
    .description =
        "Sends METHOD PATH with the tokens, time limits and retries of the other commands. PATH "
        "begins with a slash and is appended to the API's base, or with --api to another's; "
        "{account} in it becomes ACCOUNT, "
        "encoded; it may have a query. The body of the answer goes to standard output byte for "
        "byte, but for members that hold passwords or tokens: those become ***.\n"
        "\n"
        "After a failure whose outcome is not known only GET is sent again.",
    .json = "the body of the answer, as it came but for secrets",
    .options = own_options,
    .examples = examples,
    .run = run,
};
