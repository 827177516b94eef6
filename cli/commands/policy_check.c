/* SPDX-License-Identifier: MIT */
/*
 * thingspace policy check: a line of sums, with -v every account's decision, and what is wrong. A
 * tenant that is broken is told once, in place of all its accounts and of the load's warning.
 */
#include <config.h>
#include <string.h>
#include <thingspace/policy.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/commands/policy.h"
#include "cli/commands/policy_errors.h"
#include "cli/figure.h"
#include "cli/rows.h"

static const column decision_columns[] = {
    {"ACCOUNT", "accountName", COLUMN_SHOWN},
    {"ENDPOINT", "endpoint", COLUMN_SHOWN},
    {"CREDENTIAL", "credential", COLUMN_SHOWN},
    {"LISTENERS", "listeners", COLUMN_SHOWN},
    {NULL, NULL, COLUMN_SHOWN},
};

/* The same, when there are tenants. */
static const column tenant_columns[] = {
    {"ACCOUNT", "accountName", COLUMN_SHOWN}, {"TENANT", "tenant", COLUMN_SHOWN},
    {"ENDPOINT", "endpoint", COLUMN_SHOWN},   {"CREDENTIAL", "credential", COLUMN_SHOWN},
    {"LISTENERS", "listeners", COLUMN_SHOWN}, {NULL, NULL, COLUMN_SHOWN},
};

static bool has_tenants(const json *decisions)
{
    for (const json *row = json_first(decisions); row; row = json_next(row))
        if (json_get(row, "tenant"))
            return true;
    return false;
}

static thingspace_status print_decisions(session *session, const json *document)
{
    rows rows;
    const json *decisions = json_get(document, "decisions");
    bool tenants = has_tenants(decisions);
    rows_begin(&rows, &session->output, tenants ? tenant_columns : decision_columns);
    for (const json *row = json_first(decisions); row; row = json_next(row)) {
        cell cells[5];
        size_t count = 0;
        cells[count++] = (cell){policy_text_of(row, "accountName"), NULL};
        if (tenants)
            cells[count++] = (cell){policy_text_of(row, "tenant"), NULL};
        cells[count++] = (cell){policy_text_of(row, "endpoint"), NULL};
        cells[count++] = (cell){policy_text_of(row, "credential"), NULL};
        cells[count++] = (cell){policy_text_of(row, "listeners"), NULL};
        rows_add(&rows, cells);
    }
    return rows_end(&rows, true);
}

/* Whether it is that of a tenant itself: its row, its script, or one of its plugins. */
static bool is_of_tenant(const json *row)
{
    return json_get(row, "tenant") && !json_get(row, "accountName");
}

static void warn(session *session, const json *document)
{
    for (const json *row = json_first(json_get(document, "warnings")); row; row = json_next(row)) {
        bool of_tenant = is_of_tenant(row);
        output_warn(&session->output, "%s %s: %s",
                    of_tenant ? "tenant" : policy_text_of(row, "accountName"),
                    policy_text_of(row, of_tenant ? "tenant" : "serviceName"),
                    policy_text_of(row, "message"));
    }
}

/* ---- errors ---- */

/* Whether it is an account's that only repeats its tenant's; those of tenants come first. */
static bool is_repeated(const json *errors, const json *account)
{
    const char *tenant = json_get_string(account, "tenant");
    if (is_of_tenant(account))
        return false;
    for (const json *row = json_first(errors); row && is_of_tenant(row); row = json_next(row))
        if (text_equal(json_get_string(row, "tenant"), tenant))
            return true;
    return false;
}

/* "; its 3 accounts fail": for free(). */
static char *accounts_of(const json *errors, const json *broken)
{
    size_t count = 0;
    const char *tenant = json_get_string(broken, "tenant");
    if (!is_of_tenant(broken))
        return text_copy("");
    for (const json *row = json_first(errors); row; row = json_next(row))
        count += !is_of_tenant(row) && text_equal(json_get_string(row, "tenant"), tenant);
    if (count == 0)
        return text_copy("; no account is its own yet");
    return count == 1 ? text_copy("; its account fails")
                      : text_format("; its %s accounts fail", figure_of((long long)count).text);
}

static void add_error(json *errors, const json *row, const char *more)
{
    const char *service = json_get_string(row, "serviceName");
    cleanup_text char *message =
        text_format("%s%s%s%s", service ? service : "", service ? ": " : "",
                    policy_text_of(row, "message"), more);
    if (message)
        (void)json_append(errors, policy_errors_make(row, message));
}

/* The errors as those of other commands look, for output_fail. People read of a tenant once, and
 * once of what many accounts fail with; for programs every account has its error. */
static json *errors_of(const json *document, bool for_people)
{
    json *made = json_new_array();
    const json *errors = json_get(document, "errors");
    for (const json *row = json_first(errors); row; row = json_next(row)) {
        cleanup_text char *more = for_people ? accounts_of(errors, row) : NULL;
        if (!for_people || !is_repeated(errors, row))
            add_error(made, row, more ? more : "");
    }
    json *grouped = for_people ? policy_errors_group(made) : NULL;
    if (!grouped)
        return made;
    json_free(made);
    return grouped;
}

/* The load warned of the tenants that the errors are about. */
static void forget_tenants(session *session, const json *document)
{
    for (const json *row = json_first(json_get(document, "errors")); row; row = json_next(row))
        if (is_of_tenant(row))
            output_forget(&session->output, policy_text_of(row, "message"));
}

/* ---- what is printed ---- */

static const char *plural(bool one)
{
    return one ? "" : "s";
}

static long long number_of(const json *document, const char *name)
{
    long long number = 0;
    (void)json_integer(json_get(document, name), &number);
    return number;
}

/* "; 3 accounts fail": for free(). */
static char *failures_of(long long failed)
{
    if (failed == 0)
        return text_copy("");
    return text_format("; %s account%s", figure_of(failed).text, failed == 1 ? " fails" : "s fail");
}

static void print_summary(const json *document, size_t warnings)
{
    long long errors = (long long)json_count(json_get(document, "errors"));
    cleanup_text char *failures = failures_of(number_of(document, "failed"));
    const char *script = policy_text_of(document, "script");
    long long accounts = number_of(document, "accounts");
    long long listeners = number_of(document, "listeners");
    cleanup_text char *line = text_format(
        "%s%s%s%s: %s account%s, %s listener%s, %s warning%s, %s error%s%s",
        policy_text_of(document, "name"), *script ? " (" : "", script, *script ? ")" : "",
        figure_of(accounts).text, plural(accounts == 1), figure_of(listeners).text,
        plural(listeners == 1), figure_of((long long)warnings).text, plural(warnings == 1),
        figure_of(errors).text, plural(errors == 1), failures ? failures : "");
    if (line)
        output_line(line);
}

/* ", all fail"; NULL when it is to be said how many. */
static const char *fate_of(long long accounts, long long failed)
{
    if (failed == 0)
        return "";
    if (failed < accounts)
        return NULL;
    return accounts == 1 ? ", which fails" : ", all fail";
}

/* How many accounts each decides for, or fails to. */
static void print_tenants(const json *document)
{
    for (const json *row = json_first(json_get(document, "tenants")); row; row = json_next(row)) {
        long long accounts = number_of(row, "accounts"), failed = number_of(row, "failed");
        const char *fate = fate_of(accounts, failed);
        output_text("tenant %s: %s account%s%s%s%s", policy_text_of(row, "tenant"),
                    figure_of(accounts).text, plural(accounts == 1), fate ? fate : ", ",
                    fate ? "" : figure_of(failed).text,
                    fate          ? ""
                    : failed == 1 ? " fails"
                                  : " fail");
    }
}

static thingspace_status print_check(session *session, const json *document, const char *text)
{
    if (session->output.json) {
        output_line(text);
        return THINGSPACE_OK;
    }
    warn(session, document);
    print_summary(document, output_count(&session->output));
    print_tenants(document);
    return options_has(&session->options, "verbose") ? print_decisions(session, document)
                                                     : THINGSPACE_OK;
}

int policy_run_check(session *session)
{
    thingspace_error error = THINGSPACE_ERROR_INIT, trouble = THINGSPACE_ERROR_INIT;
    cleanup_json json *document = NULL;
    cleanup_json json *errors = NULL;
    char *text = NULL;
    if (options_has(&session->options, "exit-code"))
        return policy_refuse_exit_code(session);
    output_hold(&session->output);
    thingspace_status status = session_open(session, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_policy_check(session->client, &text, &error);
    if (text && json_parse_own(&document, text, strlen(text), &trouble) == THINGSPACE_OK) {
        errors = errors_of(document, !session->output.json);
        forget_tenants(session, document);
        if (print_check(session, document, text) != THINGSPACE_OK)
            status = error_memory(&error);
    } else if (text && session->output.json) {
        output_line(text);
    } else if (text && status == THINGSPACE_OK) {
        error = trouble;
        status = trouble.kind;
    }
    thingspace_text_free(text);
    output_release(&session->output);
    return status == THINGSPACE_OK ? 0 : output_fail(&session->output, &error, errors);
}
