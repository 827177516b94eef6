/* SPDX-License-Identifier: MIT */
/* thingspace policy diff: two clients, one for each policy, neither of which is run. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/commands/policy.h"

static void print_accounts(const char *sign, const json *accounts)
{
    for (const json *row = json_first(accounts); row; row = json_next(row))
        output_text("%s %s", sign, json_string(row));
}

static void print_change(const json *change)
{
    for (const json *row = json_first(json_get(change, "fields")); row; row = json_next(row)) {
        cleanup_text char *from = output_value(json_get(row, "from"));
        cleanup_text char *to = output_value(json_get(row, "to"));
        output_text("~ %s  %s: %s -> %s", json_get_string(change, "accountName"),
                    json_get_string(row, "name"), from ? from : "?", to ? to : "?");
    }
}

static void print_text(const session *session, const json *document)
{
    size_t added = json_count(json_get(document, "added"));
    size_t removed = json_count(json_get(document, "removed"));
    size_t changed = json_count(json_get(document, "changed"));
    print_accounts("+", json_get(document, "added"));
    print_accounts("-", json_get(document, "removed"));
    for (const json *row = json_first(json_get(document, "changed")); row; row = json_next(row))
        print_change(row);
    if (added + removed + changed == 0)
        output_note(&session->output, "no differences");
    else
        output_note(&session->output, "%zu added, %zu removed, %zu changed", added, removed,
                    changed);
}

/* The errors as those of other commands look, for output_fail. */
static json *errors_of(const json *document)
{
    json *errors = json_new_array();
    for (const json *row = json_first(json_get(document, "errors")); row; row = json_next(row)) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        const char *policy = json_get_string(row, "policy");
        error_set(&error, THINGSPACE_POLICY, "%s%s%s", policy ? policy : "", policy ? ": " : "",
                  json_get_string(row, "message"));
        error_set_account(&error, json_get_string(row, "accountName"));
        (void)json_append(errors, output_error_json(&error));
    }
    return errors;
}

static bool differs(const json *document)
{
    return json_count(json_get(document, "added")) + json_count(json_get(document, "removed")) +
               json_count(json_get(document, "changed")) >
           0;
}

/* Prints it, if there is something; returns the exit status. */
static int finish(session *session, thingspace_status status, const char *text,
                  thingspace_error *error)
{
    thingspace_error trouble = THINGSPACE_ERROR_INIT;
    cleanup_json json *document = NULL;
    cleanup_json json *errors = NULL;
    if (text && json_parse_own(&document, text, strlen(text), &trouble) != THINGSPACE_OK)
        return session_fail(session, &trouble);
    if (text && session->output.json)
        output_line(text);
    else if (text)
        print_text(session, document);
    errors = errors_of(document);
    if (status != THINGSPACE_OK)
        return output_fail(&session->output, error, errors);
    bool drift = options_has(&session->options, "exit-code") && differs(document);
    return drift ? thingspace_status_exit(THINGSPACE_DRIFT) : 0;
}

int policy_run_diff(session *session)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client *old = NULL;
    char *text = NULL;
    thingspace_status status = session_open_both(session, &old, session_word(session, 0),
                                                 session_word(session, 1), &error);
    if (status == THINGSPACE_OK)
        status = thingspace_policy_diff(old, session->client, &text, &error);
    int exit_status = finish(session, status, text, &error);
    thingspace_text_free(text);
    thingspace_client_free(old);
    return exit_status;
}
