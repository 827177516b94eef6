/* SPDX-License-Identifier: MIT */
/* thingspace policy diff: two clients, one for each policy, neither of which is run. */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/commands/policy.h"
#include "cli/commands/policy_errors.h"
#include "cli/figure.h"

static void print_accounts(const char *sign, const json *accounts)
{
    for (const json *row = json_first(accounts); row; row = json_next(row))
        output_text("%s %s", sign, json_string(row));
}

/* "~ A  timeout_ms: 30000 -> 5000" */
static void print_field(const char *whose, const char *name, const json *row)
{
    cleanup_text char *from = output_value(json_get(row, "from"));
    cleanup_text char *to = output_value(json_get(row, "to"));
    output_text("~ %s  %s: %s -> %s", whose, name, from ? from : "?", to ? to : "?");
}

static void print_fields(const char *whose, const json *change)
{
    for (const json *row = json_first(json_get(change, "fields")); row; row = json_next(row))
        print_field(whose, json_get_string(row, "name"), row);
}

/* "plugin tag (tenant red)"; without an instance "plugins": for free(). */
static char *title_of(const json *row)
{
    const char *instance = json_get_string(row, "instance"),
               *tenant = policy_text_of(row, "tenant");
    return text_format("%s%s%s%s%s", instance ? "plugin " : "plugins", instance ? instance : "",
                       *tenant ? " (tenant " : "", tenant, *tenant ? ")" : "");
}

/* What kind of difference a list of the document has. */
static void print_plugins(const json *plugins, const char *list, const char *sign)
{
    for (const json *row = json_first(json_get(plugins, list)); row; row = json_next(row)) {
        cleanup_text char *title = title_of(row);
        if (!title)
            continue;
        if (*sign != '~')
            output_text("%s %s", sign, title);
        else if (json_get(row, "fields"))
            print_fields(title, row);
        else
            print_field(title, "order", row);
    }
}

static void print_tenants(const json *tenants, const char *list, const char *sign)
{
    for (const json *row = json_first(json_get(tenants, list)); row; row = json_next(row)) {
        const char *name = json_string(row) ? json_string(row) : policy_text_of(row, "name");
        cleanup_text char *title = text_format("tenant %s", name);
        if (title && *sign == '~')
            print_fields(title, row);
        else if (title)
            output_text("%s %s", sign, title);
    }
}

/* "1 added, 1 removed, 2 changed"; true when there is any. `more` are changed, too. */
static bool sum_up(char out[80], const json *object, const char *more)
{
    size_t added = json_count(json_get(object, "added"));
    size_t removed = json_count(json_get(object, "removed"));
    size_t changed = json_count(json_get(object, "changed")) + json_count(json_get(object, more));
    snprintf(out, 80, "%zu added, %zu removed, %zu changed", added, removed, changed);
    return added + removed + changed > 0;
}

static bool differs(const json *document)
{
    char sums[80];
    return sum_up(sums, document, "") || sum_up(sums, json_get(document, "plugins"), "order") ||
           sum_up(sums, json_get(document, "tenants"), "") || json_get(document, "owns");
}

/* The accounts that `policy` fails for. */
static size_t failures_of(const json *document, const char *policy)
{
    size_t count = 0;
    for (const json *row = json_first(json_get(document, "errors")); row; row = json_next(row))
        count += text_equal(json_get_string(row, "policy"), policy);
    return count;
}

/* Adds "; TEXT", or the first one. */
static void join(buffer *line, const char *label, const char *text)
{
    buffer_append_text(line, line->size > 0 ? "; " : "");
    buffer_append_text(line, label);
    buffer_append_text(line, text);
}

static void join_failures(buffer *line, const json *document, const char *policy, const char *shown)
{
    size_t count = failures_of(document, policy);
    cleanup_text char *text = text_format("%s account%s in %s", figure_of((long long)count).text,
                                          count == 1 ? " fails" : "s fail", shown);
    if (text && count > 0)
        join(line, "", text);
}

static void print_sums(const session *session, const json *document)
{
    char sums[80];
    cleanup_buffer buffer line;
    buffer_init(&line, 1024);
    if (sum_up(sums, document, ""))
        join(&line, "", sums);
    if (sum_up(sums, json_get(document, "plugins"), "order"))
        join(&line, "plugins: ", sums);
    if (sum_up(sums, json_get(document, "tenants"), ""))
        join(&line, "tenants: ", sums);
    if (json_get(document, "owns"))
        join(&line, "", "owns changed");
    bool failed = json_count(json_get(document, "errors")) > 0;
    if (line.size == 0)
        join(&line, "", failed ? "0 changed" : "no differences");
    join_failures(&line, document, "old", "OLD");
    join_failures(&line, document, "new", "NEW");
    if (line.status == THINGSPACE_OK)
        output_note(&session->output, "%s", buffer_text(&line));
}

static void print_text(const session *session, const json *document)
{
    const json *plugins = json_get(document, "plugins"), *tenants = json_get(document, "tenants");
    print_accounts("+", json_get(document, "added"));
    print_accounts("-", json_get(document, "removed"));
    for (const json *row = json_first(json_get(document, "changed")); row; row = json_next(row))
        print_fields(policy_text_of(row, "accountName"), row);
    print_plugins(plugins, "added", "+");
    print_plugins(plugins, "removed", "-");
    print_plugins(plugins, "changed", "~");
    print_plugins(plugins, "order", "~");
    print_tenants(tenants, "added", "+");
    print_tenants(tenants, "removed", "-");
    print_tenants(tenants, "changed", "~");
    if (json_get(document, "owns"))
        print_field("policy", "owns", json_get(document, "owns"));
    print_sums(session, document);
}

/* "new: MESSAGE", for people always with the account. */
static void add_error(json *errors, const json *row, bool for_people)
{
    const char *after = json_get_string(row, "after");
    const char *account = after ? after : policy_text_of(row, "accountName");
    const char *message = policy_text_of(row, "message");
    bool named = !for_people || strstr(message, account);
    cleanup_text char *text = text_format("%s: %s%s%s", policy_text_of(row, "policy"),
                                          named ? "" : account, named ? "" : ": ", message);
    if (text)
        (void)json_append(errors, policy_errors_make(row, text));
}

/* The errors as those of other commands look, for output_fail. */
static json *errors_of(const json *document, bool for_people)
{
    json *made = json_new_array();
    for (const json *row = json_first(json_get(document, "errors")); row; row = json_next(row))
        add_error(made, row, for_people);
    json *grouped = for_people ? policy_errors_group(made) : NULL;
    if (!grouped)
        return made;
    json_free(made);
    return grouped;
}

/* The load warned of the tenants whose accounts fail. */
static void forget_tenants(session *session, const json *document)
{
    for (const json *row = json_first(json_get(document, "errors")); row; row = json_next(row))
        if (json_get(row, "tenant") && output_count(&session->output) > 0)
            output_forget(&session->output, policy_text_of(row, "message"));
    output_release(&session->output);
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
    forget_tenants(session, document);
    if (text && session->output.json)
        output_line(text);
    else if (text)
        print_text(session, document);
    errors = errors_of(document, !session->output.json);
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
    output_hold(&session->output);
    thingspace_status status = session_open_both(session, &old, session_word(session, 0),
                                                 session_word(session, 1), &error);
    if (status == THINGSPACE_OK)
        status = thingspace_policy_diff(old, session->client, &text, &error);
    int exit_status = finish(session, status, text, &error);
    thingspace_text_free(text);
    thingspace_client_free(old);
    return exit_status;
}
