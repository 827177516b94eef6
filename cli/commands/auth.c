/* SPDX-License-Identifier: MIT */
/* thingspace auth: tokens and the count of failed logins, one row for each credential. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/rows.h"
#include "cli/session.h"

/* ThingSpace locks a user after so many failed logins in a row. */
#define SERVICE_LOCKS_AT 5

static const option own_options[] = {
    {.name = "revoke",
     .kind = OPTION_FLAG,
     .doc = "logout: end the bearer token too, which every other user of the same key loses"},
    {.name = NULL},
};

static const example examples[] = {
    {"auth login", "get tokens now, so that the next commands find them"},
    {"auth status --output json | jq '.[] | select(.latched)'", "credentials that send no login"},
    {"auth unlatch north", "allow logins of credential north again"},
    {NULL, NULL},
};

static const column status_columns[] = {
    {"CREDENTIAL", "credential", COLUMN_SHOWN}, {"ENDPOINT", "endpoint", COLUMN_SHOWN},
    {"BEARER", "bearer", COLUMN_SHOWN},         {"SESSION", "session", COLUMN_SHOWN},
    {"FAILED", "failed", COLUMN_SHOWN},         {"LATCHED", "latched", COLUMN_SHOWN},
    {"STATE", "stateDir", COLUMN_SHOWN},        {NULL, NULL, COLUMN_SHOWN},
};

static const column result_columns[] = {
    {"CREDENTIAL", "credential", COLUMN_SHOWN},
    {"ENDPOINT", "endpoint", COLUMN_SHOWN},
    {"RESULT", "result", COLUMN_SHOWN},
    {NULL, NULL, COLUMN_SHOWN},
};

/* ---- status ---- */

static thingspace_status read_status(session *session, json **out, char **text,
                                     thingspace_error *error)
{
    *out = NULL;
    thingspace_status status =
        thingspace_auth_status(session->client, text, session_word(session, 0), error);
    if (status == THINGSPACE_OK)
        status = json_parse(out, *text, strlen(*text), error);
    return status;
}

static const char *yes_or_no(const json *row, const char *member)
{
    return json_type_of(json_get(row, member)) == JSON_TRUE ? "yes" : "no";
}

static void print_status_row(rows *rows, const json *row)
{
    const char *failed = json_number(json_get(row, "failed"));
    const cell cells[] = {
        {json_get_string(row, "credential"), NULL},
        {json_get_string(row, "endpoint"), NULL},
        {json_get_string(row, "bearer"), NULL},
        {json_get_string(row, "session"), NULL},
        {failed ? failed : "0", NULL},
        {yes_or_no(row, "latched"), NULL},
        {json_get_string(row, "stateDir"), NULL},
    };
    rows_add(rows, cells);
}

static bool is_false(const json *row, const char *member)
{
    return json_type_of(json_get(row, member)) == JSON_FALSE;
}

/* What a table has no room for. */
static void warn_of_row(session *session, const json *row)
{
    const char *name = json_get_string(row, "credential");
    const char *message = json_get_string(row, "message");
    const char *place = json_get_string(row, "stateDir");
    if (message)
        output_warn(&session->output, "%s: %s", name, message);
    if (place && is_false(row, "persists"))
        output_warn(&session->output,
                    "%s does not outlive a restart, and with it the count of failed logins is "
                    "lost: choose another --state-dir",
                    place);
    if (is_false(row, "memoryLocked"))
        output_warn(&session->output,
                    "secrets could not be locked in memory and may reach the swap: raise "
                    "`ulimit -l`");
}

static int print_status(session *session, const json *document, const char *text)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    rows rows;
    if (session->output.json) {
        output_line(text);
        return 0;
    }
    rows_begin(&rows, &session->output, status_columns);
    for (const json *row = json_first(document); row; row = json_next(row))
        print_status_row(&rows, row);
    if (rows_end(&rows, true) != THINGSPACE_OK) {
        error_memory(&error);
        return session_fail(session, &error);
    }
    for (const json *row = json_first(document); row; row = json_next(row))
        warn_of_row(session, row);
    return 0;
}

static int run_status(session *session)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_json json *document = NULL;
    char *text = NULL;
    thingspace_status status = session_open(session, &error);
    if (status == THINGSPACE_OK)
        status = read_status(session, &document, &text, &error);
    int exit_status = status == THINGSPACE_OK ? print_status(session, document, text)
                                              : session_fail(session, &error);
    thingspace_text_free(text);
    return exit_status;
}

/* ---- what changes something ---- */

/* `text` in text, `word` and the count (when not NULL) in JSON. */
static void print_result_row(rows *rows, const json *row, const char *word)
{
    const char *credential = json_get_string(row, "credential");
    const char *endpoint = json_get_string(row, "endpoint");
    const cell cells[] = {{credential, NULL}, {endpoint, NULL}, {word, NULL}};
    if (rows->output->json)
        rows_add(rows, cells);
    else
        output_words((const char *const[]){word, credential, endpoint, NULL});
}

static int print_results(session *session, const json *document, const char *word)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    rows rows;
    rows_begin(&rows, &session->output, result_columns);
    for (const json *row = json_first(document); row; row = json_next(row))
        print_result_row(&rows, row, word);
    if (rows_end(&rows, true) == THINGSPACE_OK)
        return 0;
    error_memory(&error);
    return session_fail(session, &error);
}

typedef thingspace_status change_function(session *session, thingspace_error *error);

/* The credentials are read before, because unlatching empties what is told of them. */
static int change(session *session, change_function *function, const char *word)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_json json *document = NULL;
    char *text = NULL;
    if (session_is_dry(session))
        return session_usage(session, "auth %s cannot be done with --dry-run",
                             session->options.action->name);
    thingspace_status status = session_open(session, &error);
    if (status == THINGSPACE_OK)
        status = read_status(session, &document, &text, &error);
    thingspace_text_free(text);
    if (status == THINGSPACE_OK)
        status = function(session, &error);
    return status == THINGSPACE_OK ? print_results(session, document, word)
                                   : session_fail(session, &error);
}

static thingspace_status login(session *session, thingspace_error *error)
{
    return thingspace_auth_login(session->client, session_word(session, 0), error);
}

static thingspace_status logout(session *session, thingspace_error *error)
{
    unsigned flags = options_has(&session->options, "revoke") ? THINGSPACE_REVOKE : 0;
    return thingspace_auth_logout(session->client, session_word(session, 0), flags, error);
}

static thingspace_status unlatch(session *session, thingspace_error *error)
{
    unsigned cleared = 0;
    thingspace_status status =
        thingspace_auth_unlatch(session->client, session_word(session, 0), &cleared, error);
    if (status == THINGSPACE_OK && cleared > 0)
        output_warn(&session->output,
                    "the service may still count %u failed login%s and locks a user at %d in a "
                    "row: make sure of the password before the next login",
                    cleared, cleared == 1 ? "" : "s", SERVICE_LOCKS_AT);
    return status;
}

static int refuse_revoke(session *session)
{
    return session_usage(session, "--revoke belongs to auth logout");
}

static int run_login(session *session)
{
    if (options_has(&session->options, "revoke"))
        return refuse_revoke(session);
    return change(session, login, "logged in");
}

static int run_logout(session *session)
{
    return change(session, logout, "logged out");
}

static int run_unlatch(session *session)
{
    if (options_has(&session->options, "revoke"))
        return refuse_revoke(session);
    return change(session, unlatch, "unlatched");
}

static const action actions[] = {
    {"login", "[CREDENTIAL]", "make sure that there are tokens", run_login},
    {"logout", "[CREDENTIAL]", "end the session at the service", run_logout},
    {"status", "[CREDENTIAL]", "show tokens and failed logins, without network", run_status},
    {"unlatch", "[CREDENTIAL]", "forget failed logins, so that the next one is sent", run_unlatch},
    {NULL, NULL, NULL, NULL},
};

const command command_auth = {
    .name = "auth",
    .summary = "look after tokens and logins",
    .description =
        "Without a CREDENTIAL it is about every one that the policy's accounts use.\n"
        "\n"
        "ThingSpace locks a user after five failed logins in a row, and only its support unlocks. "
        "Logins are therefore counted in the state directory, before they are sent, until one "
        "succeeds. A password that was refused is not sent again. From two on, lost answers "
        "included, a login leaves only with a changed password; from four on none does.\n"
        "\n"
        "When a credential is latched: make sure of its username and password, correct them where "
        "they come from, then run `auth unlatch` and `auth login`. The service goes on counting "
        "where this count was cleared, and another state directory has a count of its own.",
    .json = "status: [{\"credential\", \"endpoint\", \"bearer\", \"session\", \"bearerExpires\", "
            "\"sessionUsed\", \"failed\", \"latched\", \"message\", \"stateDir\", \"persists\", "
            "\"memoryLocked\"}]; otherwise [{\"credential\", \"endpoint\", \"result\"}]",
    .exits = "4 when a credential is missing or refused, or no login is sent any more.",
    .options = own_options,
    .actions = actions,
    .examples = examples,
};
