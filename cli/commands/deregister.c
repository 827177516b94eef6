/* SPDX-License-Identifier: MIT */
/* thingspace deregister: removes listeners one after the other, and tells each as it is done. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "cli/commands/commands.h"
#include "cli/failures.h"
#include "cli/preview.h"
#include "cli/rows.h"
#include "cli/session.h"

static const option own_options[] = {
    {.name = "all",
     .kind = OPTION_FLAG,
     .doc = "every listener of the account: reads what is registered first"},
    API_OPTION,
    {.name = NULL},
};

static const example examples[] = {
    {"deregister 0000123456-00001 CarrierService DeviceUsage", "remove two listeners"},
    {"deregister 0000123456-00001 --all", "remove them all"},
    {"deregister 0000123456-00001 Fota --api software-v2",
     "remove the listener of software management"},
    {NULL, NULL},
};

static const column columns[] = {
    {"ACCOUNT", "accountName", COLUMN_SHOWN},
    {"SERVICE", "serviceName", COLUMN_SHOWN},
    {"RESULT", "result", COLUMN_SHOWN},
    {NULL, NULL, COLUMN_SHOWN},
};

typedef struct removal {
    session *session;
    failures failures;
    rows rows;
} removal;

static void print_removed(removal *removal, const char *account, const char *service)
{
    const cell cells[] = {{account, NULL}, {service, NULL}, {"removed", NULL}};
    if (removal->session->output.json)
        rows_add(&removal->rows, cells);
    else
        output_words((const char *const[]){"removed", account, service, NULL});
}

static void fill_request(thingspace_request *out, const session *session,
                         thingspace_operation operation, const char *service)
{
    out->size = sizeof(*out);
    out->operation = operation;
    out->account = session_word(session, 0);
    out->service = service;
    out->api = options_text(&session->options, "api");
}

static void remove_one(removal *removal, const char *service)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    fill_request(&request, removal->session, THINGSPACE_DEREGISTER, service);
    thingspace_result *result = NULL;
    thingspace_status status =
        thingspace_perform(removal->session->client, &result, &request, &error);
    if (status == THINGSPACE_OK) {
        removal->failures.successes++;
        print_removed(removal, request.account, service);
    } else {
        error_prefix(&error, "%s", service);
        failures_add(&removal->failures, &error);
    }
    thingspace_result_free(result);
}

static void remove_named(removal *removal)
{
    for (size_t i = 1; i < removal->session->options.word_count && !removal->failures.cancelled;
         i++)
        remove_one(removal, session_word(removal->session, i));
}

static void remove_each(removal *removal, const thingspace_result *listed)
{
    size_t count = thingspace_result_count(listed);
    if (count == 0)
        output_note(&removal->session->output, "no listeners");
    for (size_t i = 0; i < count && !removal->failures.cancelled; i++)
        remove_one(removal, thingspace_result_listener(listed, i)->service);
}

static void remove_listed(removal *removal)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_result *listed = NULL;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    fill_request(&request, removal->session, THINGSPACE_LIST, NULL);
    if (thingspace_perform(removal->session->client, &listed, &request, &error) != THINGSPACE_OK)
        failures_add(&removal->failures, &error);
    else
        remove_each(removal, listed);
    thingspace_result_free(listed);
}

static int finish(removal *removal)
{
    session *session = removal->session;
    if (rows_end(&removal->rows, removal->failures.count == 0 && !removal->failures.cancelled) !=
        THINGSPACE_OK) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        error_memory(&error);
        return session_fail(session, &error);
    }
    return failures_show(&removal->failures, &session->output, "listeners");
}

static int deregister(session *session)
{
    removal removal = {.session = session};
    failures_begin(&removal.failures);
    rows_begin(&removal.rows, &session->output, columns);
    if (options_has(&session->options, "all"))
        remove_listed(&removal);
    else
        remove_named(&removal);
    int exit_status = finish(&removal);
    failures_dispose(&removal.failures);
    return exit_status;
}

static int preview(session *session)
{
    size_t count = session->options.word_count - 1;
    thingspace_request *requests = calloc(count, sizeof(*requests));
    if (!requests) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        error_memory(&error);
        return session_fail(session, &error);
    }
    for (size_t i = 0; i < count; i++)
        fill_request(&requests[i], session, THINGSPACE_DEREGISTER, session_word(session, i + 1));
    int exit_status = preview_requests(session, requests, count);
    free(requests);
    return exit_status;
}

static int run(session *session)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    bool all = options_has(&session->options, "all"), dry = session_is_dry(session);
    bool named = session->options.word_count > 1;
    if (all && named)
        return session_usage(session, "deregister: name a SERVICE or say --all, not both");
    if (!all && !named)
        return session_usage(session, "deregister: SERVICE is missing, or --all");
    if (all && dry)
        return session_usage(session, "deregister: --all reads what is registered, which "
                                      "--dry-run does not; name a SERVICE");
    if (session_open_for(session, true, &error) != THINGSPACE_OK)
        return session_fail(session, &error);
    return dry ? preview(session) : deregister(session);
}

const command command_deregister = {
    .name = "deregister",
    .arguments = "ACCOUNT [SERVICE...]",
    .summary = "remove listeners",
    .description =
        "Removes the listener of each SERVICE of ACCOUNT, or with --all every listener that the "
        "account has. A service that has none is an error of the service.",
    .json = "[{\"accountName\", \"serviceName\", \"result\": \"removed\"}]",
    .exits = "7 when some were removed and others not.",
    .options = own_options,
    .examples = examples,
    .run = run,
};
