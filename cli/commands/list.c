/* SPDX-License-Identifier: MIT */
/*
 * thingspace list: many accounts at once, printed in the order asked for. A result waits until all
 * before it are printed; only so many accounts are under way that little waits.
 */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "cli/commands/commands.h"
#include "cli/failures.h"
#include "cli/preview.h"
#include "cli/progress.h"
#include "cli/rows.h"
#include "cli/session.h"

/* Enough to hide the way to the service, few enough for its rate limits. */
#define WINDOW 16

static const option own_options[] = {
    API_OPTION,
    {.name = NULL},
};

static const example examples[] = {
    {"list 0000123456-00001", "the listeners of one account"},
    {"list 0000123456-00001 --api location", "those of device location"},
    {"list --output json | jq -r '.[] | select(.url | startswith(\"http:\")) | .accountName'",
     "accounts of the policy with a listener on plain http"},
    {NULL, NULL},
};

static const column columns[] = {
    {"ACCOUNT", "accountName", COLUMN_SHOWN},
    {"SERVICE", "serviceName", COLUMN_SHOWN},
    {"URL", "url", COLUMN_SHOWN},
    {"USERNAME", "username", COLUMN_SHOWN},
    {"PASSWORD", "hasPassword", COLUMN_SHOWN},
    {NULL, NULL, COLUMN_SHOWN},
};

typedef struct reading reading;

/* One account: its place in the order. */
typedef struct place {
    reading *reading;
    thingspace_result *result;
} place;

struct reading {
    session *session;
    place *places;
    size_t count, started, done, failed, printed;
    failures failures;
    progress progress;
    rows rows;
};

static const char *account_at(const session *session, size_t index)
{
    return session->options.word_count > 0 ? session_word(session, index)
                                           : thingspace_client_account(session->client, index);
}

static size_t count_accounts(const session *session)
{
    return session->options.word_count > 0 ? session->options.word_count
                                           : thingspace_client_account_count(session->client);
}

/* ---- printing ---- */

static void print_listener(reading *reading, const thingspace_listener *listener)
{
    const cell cells[] = {
        {listener->account, NULL},
        {listener->service, NULL},
        {listener->url, NULL},
        {listener->username, NULL},
        {listener->has_password ? "yes" : "no", json_new_boolean(listener->has_password)},
    };
    rows_add(&reading->rows, cells);
}

static void print_result(reading *reading, const thingspace_result *result)
{
    if (thingspace_result_status(result) != THINGSPACE_OK) {
        failures_add(&reading->failures, thingspace_result_error(result));
        return;
    }
    reading->failures.successes++;
    for (size_t i = 0; i < thingspace_result_count(result); i++)
        print_listener(reading, thingspace_result_listener(result, i));
}

static void print_ready(reading *reading)
{
    while (reading->printed < reading->count && reading->places[reading->printed].result) {
        place *place = &reading->places[reading->printed++];
        print_result(reading, place->result);
        thingspace_result_free(place->result);
        place->result = NULL;
    }
}

/* ---- reading ---- */

static void start_next(reading *reading);

static void on_done(thingspace_result *result, void *user)
{
    place *place = user;
    reading *reading = place->reading;
    bool go_on = thingspace_result_status(result) != THINGSPACE_CANCELLED;
    place->result = result;
    reading->done++;
    reading->failed += thingspace_result_status(result) != THINGSPACE_OK;
    progress_show(&reading->progress, reading->done, reading->count, reading->failed);
    print_ready(reading);
    if (go_on)
        start_next(reading);
}

static void start_next(reading *reading)
{
    if (reading->started == reading->count)
        return;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    size_t index = reading->started++;
    request.operation = THINGSPACE_LIST;
    request.account = account_at(reading->session, index);
    request.api = options_text(&reading->session->options, "api");
    if (thingspace_call_start(reading->session->client, NULL, &request, on_done,
                              &reading->places[index], &error) == THINGSPACE_OK)
        return;
    failures_add(&reading->failures, &error);
    reading->started = reading->count;
}

static void read_all(reading *reading)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    for (size_t i = 0; i < WINDOW; i++)
        start_next(reading);
    if (thingspace_client_run(reading->session->client, -1, &error) != THINGSPACE_OK)
        failures_add(&reading->failures, &error);
}

static int finish(reading *reading)
{
    session *session = reading->session;
    progress_end(&reading->progress);
    bool nothing =
        reading->rows.count == 0 && reading->failures.count == 0 && !reading->failures.cancelled;
    if (rows_end(&reading->rows, reading->failures.successes > 0) != THINGSPACE_OK) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        error_memory(&error);
        return session_fail(session, &error);
    }
    if (nothing)
        output_note(&session->output, "no listeners");
    return failures_show(&reading->failures, &session->output, "accounts");
}

static int list(session *session)
{
    reading reading = {.session = session, .count = count_accounts(session)};
    reading.places = calloc(reading.count, sizeof(*reading.places));
    if (!reading.places) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        error_memory(&error);
        return session_fail(session, &error);
    }
    for (size_t i = 0; i < reading.count; i++)
        reading.places[i].reading = &reading;
    failures_begin(&reading.failures);
    progress_begin(&reading.progress, &session->output, "accounts");
    rows_begin(&reading.rows, &session->output, columns);
    read_all(&reading);
    int exit_status = finish(&reading);
    for (size_t i = 0; i < reading.count; i++)
        thingspace_result_free(reading.places[i].result);
    failures_dispose(&reading.failures);
    free(reading.places);
    return exit_status;
}

/* ---- dry runs ---- */

static int preview(session *session)
{
    size_t count = count_accounts(session);
    thingspace_request *requests = calloc(count, sizeof(*requests));
    if (!requests) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        error_memory(&error);
        return session_fail(session, &error);
    }
    for (size_t i = 0; i < count; i++) {
        requests[i].size = sizeof(requests[i]);
        requests[i].operation = THINGSPACE_LIST;
        requests[i].account = account_at(session, i);
        requests[i].api = options_text(&session->options, "api");
    }
    int exit_status = preview_requests(session, requests, count);
    free(requests);
    return exit_status;
}

static int run(session *session)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    if (session_open_for(session, session->options.word_count > 0, &error) != THINGSPACE_OK)
        return session_fail(session, &error);
    if (count_accounts(session) == 0)
        return session_usage(session, "list: name an ACCOUNT, or declare accounts in a policy");
    return session_is_dry(session) ? preview(session) : list(session);
}

const command command_list = {
    .name = "list",
    .arguments = "[ACCOUNT...]",
    .summary = "show what is registered",
    .description =
        "Prints the listeners of each ACCOUNT, or of all accounts that the policy declares. "
        "On a terminal it is a table; otherwise one line a listener with tabs between account, "
        "service, URL, username, and yes or no for whether there is a password. Passwords are "
        "never shown.\n"
        "\n"
        "Accounts are read several at a time and printed in their order. When some cannot be read, "
        "the others are printed all the same.",
    .json =
        "[{\"accountName\", \"serviceName\", \"url\", \"username\", \"hasPassword\"}]; username is "
        "as the service sends it, mostly \"\" where there is none, and null when it sends none.",
    .exits =
        "7 when some accounts could be read and others not; when none could, that of the first "
        "one's error.",
    .options = own_options,
    .examples = examples,
    .run = run,
};
