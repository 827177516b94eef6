/* SPDX-License-Identifier: MIT */
/*
 * thingspace plugin explain: the words of a command become a request that is not sent; what its
 * hooks did is told hook by hook, then what would be sent, then who changed what.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include <thingspace/plugins.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/text.h"
#include "cli/commands/plugin.h"
#include "cli/data.h"
#include "cli/moment.h"

/* A request is a megabyte at most; indented, a few. */
#define LARGEST_BODY ((size_t)64 * 1024 * 1024)

/* ---- what is asked for ---- */

/* One OPERATION: its words, and where the request keeps them. */
typedef struct operation {
    const char *name;
    thingspace_operation operation;
    const char *usage;
    size_t words;       /* after ACCOUNT and OPERATION */
    const char *option; /* the one that it takes; "" none */
} operation;

static const operation operations[] = {
    {"register", THINGSPACE_REGISTER, "register SERVICE URL", 2, "username"},
    {"list", THINGSPACE_LIST, "list", 0, ""},
    {"deregister", THINGSPACE_DEREGISTER, "deregister SERVICE", 1, ""},
    {"call", THINGSPACE_CALL, "call METHOD PATH", 2, "data"},
};
#define OPERATION_COUNT (sizeof(operations) / sizeof(operations[0]))

static const operation *find_operation(const char *name)
{
    for (size_t i = 0; i < OPERATION_COUNT; i++)
        if (text_equal(operations[i].name, name))
            return &operations[i];
    return NULL;
}

static int refuse_operation(session *session, const char *name)
{
    nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < OPERATION_COUNT; i++)
        nearest_offer(&nearest, operations[i].name);
    return session_usage(session, "there is no operation '%.80s'%s%s%s", name,
                         nearest.found ? "; did you mean "
                                       : "; there are register, list, "
                                         "deregister and call",
                         nearest.found ? nearest.found : "", nearest.found ? "?" : "");
}

/* Checks the words; `out` is NULL when they make no sense, which was told. */
static int find_words(session *session, const operation **out)
{
    int exit_status = 0;
    const char *name = session_word(session, 1);
    const operation *found = find_operation(name);
    *out = NULL;
    if (!found)
        return refuse_operation(session, name);
    if (session->options.word_count != 2 + found->words)
        return session_usage(session, "write plugin explain ACCOUNT %s", found->usage);
    for (const operation *other = operations; other < operations + OPERATION_COUNT; other++)
        if (other != found && *other->option && options_has(&session->options, other->option))
            return session_usage(session, "--%s belongs to %s", other->option, other->name);
    if (plugin_takes_options(session, &exit_status))
        *out = found;
    return exit_status;
}

/* 0 when there is none or it is one. */
static int read_time(session *session, long long *out)
{
    const char *text = options_text(&session->options, "time");
    if (!text || moment_read(text, out))
        return 0;
    return session_usage(session,
                         "--time is 2026-11-23T14:10:00Z or another time of RFC 3339, or "
                         "milliseconds since 1970, not '%.80s'",
                         text);
}

static void fill_request(thingspace_request *request, const session *session,
                         const operation *operation)
{
    bool is_call = operation->operation == THINGSPACE_CALL;
    const char *first = session_word(session, 2), *second = session_word(session, 3);
    request->operation = operation->operation;
    request->account = session_word(session, 0);
    request->service = is_call ? NULL : first;
    request->url = is_call ? NULL : second;
    request->method = is_call ? first : NULL;
    request->path = is_call ? second : NULL;
    request->username = options_text(&session->options, "username");
    request->api = options_text(&session->options, "api");
}

/* ---- the answer as text ---- */

/* "hours", "hours (tenant red)": for free(). */
static char *title_of(const json *hook)
{
    const char *tenant = plugin_member(hook, "tenant");
    return text_format("%s%s%s%s", plugin_member(hook, "instance"), *tenant ? " (tenant " : "",
                       tenant, *tenant ? ")" : "");
}

static void print_change(const output *output, const json *change)
{
    cleanup_text char *before = output_value(json_get(change, "before"));
    cleanup_text char *after = output_value(json_get(change, "after"));
    output_styled(output, OUTPUT_PLAIN, "     ");
    output_styled(output, OUTPUT_BOLD, "%s", plugin_member(change, "field"));
    output_text(": %s -> %s", before ? before : "?", after ? after : "?");
}

/* What ends the call, what changes its way, and what lets it go on. */
static output_style style_of(const char *verdict)
{
    if (text_equal(verdict, "none"))
        return OUTPUT_PLAIN;
    return text_equal(verdict, "deny") || text_equal(verdict, "failed") ? OUTPUT_RED
                                                                        : OUTPUT_YELLOW;
}

/* "2. tag (headers) of acme   request   wait 200 ms   14 us" */
static void print_hook(const output *output, unsigned number, const json *hook)
{
    const char *instance = plugin_member(hook, "instance"), *plugin = plugin_member(hook, "plugin");
    const char *tenant = plugin_member(hook, "tenant"), *wait = plugin_member(hook, "wait_ms");
    const char *note = plugin_member(hook, "note"), *verdict = plugin_member(hook, "verdict");
    bool none = text_equal(verdict, "none");
    output_styled(output, OUTPUT_PLAIN, "%3u. %s (%s%s%s)  %s  ", number, instance, plugin,
                  *tenant ? ", tenant " : "", tenant, plugin_member(hook, "phase"));
    output_styled(output, style_of(verdict), "%s%s%s%s", none ? "continues" : verdict,
                  *wait ? " " : "", wait, *wait ? " ms" : "");
    output_text("  %s us", plugin_member(hook, "us"));
    if (*note)
        output_text("     %s", note);
    for (const json *row = json_first(json_get(hook, "changes")); row; row = json_next(row))
        print_change(output, row);
}

static void print_title(const output *output, const char *title)
{
    output_line("");
    output_styled(output, OUTPUT_BOLD, "%s", title);
    output_line("");
}

/* "not run without an answer: response of b; audit of a, b" */
static void print_not_run(const json *rows)
{
    cleanup_text char *line = text_copy("");
    const char *phase = "";
    for (const json *row = json_first(rows); row && line; row = json_next(row)) {
        bool same = text_equal(phase, plugin_member(row, "phase"));
        cleanup_text char *title = title_of(row);
        phase = plugin_member(row, "phase");
        char *longer = text_format("%s%s%s%s%s", line,
                                   same    ? ", "
                                   : *line ? "; "
                                           : "",
                                   same ? "" : phase, same ? "" : " of ", title ? title : "?");
        text_cleanup(&line);
        line = longer;
    }
    if (line && *line)
        output_text("not run without an answer: %s", line);
}

static void print_hooks(const output *output, const json *document)
{
    unsigned number = 0;
    const char *tenant = plugin_member(document, "tenant"), *api = plugin_member(document, "api");
    output_text("%s on %s%s%s%s%s", plugin_member(document, "operation"),
                plugin_member(document, "accountName"), *api ? ", API " : "", api,
                *tenant ? ", tenant " : "", tenant);
    output_line("");
    for (const json *row = json_first(json_get(document, "hooks")); row; row = json_next(row))
        print_hook(output, ++number, row);
    if (number == 0 && json_count(json_get(document, "notRun")) == 0)
        output_line("no hooks");
    print_not_run(json_get(document, "notRun"));
}

static thingspace_status print_body(const json *body)
{
    cleanup_buffer buffer text;
    buffer_init(&text, LARGEST_BODY);
    if (json_type_of(body) == JSON_NULL)
        return THINGSPACE_OK;
    if (json_write(&text, body, JSON_PRETTY) == THINGSPACE_OK)
        output_line(buffer_text(&text));
    return text.status;
}

/* Who answers in place of the service: for free(); NULL: nobody. */
static char *who_replies(const json *document)
{
    for (const json *hook = json_first(json_get(document, "hooks")); hook; hook = json_next(hook))
        if (text_equal(plugin_member(hook, "verdict"), "reply"))
            return title_of(hook);
    return NULL;
}

/* Nothing when the call did not come so far. */
static thingspace_status print_request(const output *output, const json *document)
{
    cleanup_text char *replies = who_replies(document);
    if (!json_get(document, "method"))
        return THINGSPACE_OK;
    cleanup_text char *title = text_format("final request%s%s%s", replies ? ", not sent: " : "",
                                           replies ? replies : "", replies ? " answers" : "");
    print_title(output, title ? title : "final request");
    output_text("%s %s", plugin_member(document, "method"), plugin_member(document, "url"));
    for (const json *row = json_first(json_get(document, "headers")); row; row = json_next(row))
        output_text("%s: %s", json_name(row), json_string(row));
    return print_body(json_get(document, "body"));
}

/* Names of header fields are compared without case, all others with it. */
static bool is_same_field(const char *a, const char *b)
{
    static const char *const prefixes[] = {"request.headers.", "response.headers."};
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        if (text_starts_with(a, prefixes[i]))
            return text_equal_ignoring_case(a, b);
    return text_equal(a, b);
}

/* The hook's change of the field; NULL: none. */
static const json *find_change(const json *hook, const char *field)
{
    const json *row = json_first(json_get(hook, "changes"));
    while (row && !is_same_field(plugin_member(row, "field"), field))
        row = json_next(row);
    return row;
}

/* "c, after a, b": who changed the field last, and who before; NULL: out of memory. `*name` is the
 * field as the last one wrote it. */
static char *owners_of(const json *document, const char *field, const char **name)
{
    cleanup_text char *before = text_copy(""), *last = NULL;
    for (const json *hook = json_first(json_get(document, "hooks")); hook && before;
         hook = json_next(hook)) {
        const json *change = find_change(hook, field);
        if (!change)
            continue;
        char *longer = text_format("%s%s%s", before, *before ? ", " : "", last ? last : "");
        text_cleanup(&before);
        text_cleanup(&last);
        before = longer;
        last = title_of(hook);
        *name = plugin_member(change, "field");
    }
    return before && last ? text_format("%s%s%s", last, *before ? ", after " : "", before) : NULL;
}

static bool is_told(const json *owners, const char *field)
{
    const json *row = json_first(owners);
    while (row && !is_same_field(json_name(row), field))
        row = json_next(row);
    return row != NULL;
}

/* In the order in which the fields were first changed. */
static thingspace_status print_owners(const output *output, const json *document)
{
    thingspace_status status = THINGSPACE_OK;
    cleanup_json json *owners = json_new_object();
    for (const json *hook = json_first(json_get(document, "hooks")); hook; hook = json_next(hook))
        for (const json *row = json_first(json_get(hook, "changes")); row; row = json_next(row)) {
            const char *name = plugin_member(row, "field");
            if (is_told(owners, name))
                continue;
            cleanup_text char *text = owners_of(document, name, &name);
            json_put(owners, name, text ? json_new_string(text) : NULL, &status);
        }
    if (status != THINGSPACE_OK || json_count(owners) == 0)
        return status;
    print_title(output, "who changed what");
    for (const json *row = json_first(owners); row; row = json_next(row)) {
        output_styled(output, OUTPUT_BOLD, "%s", json_name(row));
        output_text(": %s", json_string(row));
    }
    return status;
}

/* What a failure is, standard error tells. */
static void print_denial(const output *output, const json *failure)
{
    output_line("");
    output_styled(output, OUTPUT_RED, "%s", plugin_member(failure, "kind"));
    output_text(": %s", plugin_member(failure, "message"));
}

static bool is_denied(const json *failure)
{
    const char *kind = json_get_string(failure, "kind");
    return text_equal(kind, thingspace_status_name(THINGSPACE_DENIED));
}

static thingspace_status print_text(const output *output, const json *document,
                                    thingspace_error *error)
{
    print_hooks(output, document);
    thingspace_status status = print_request(output, document);
    if (status == THINGSPACE_OK)
        status = print_owners(output, document);
    if (is_denied(json_get(document, "error")))
        print_denial(output, json_get(document, "error"));
    return status == THINGSPACE_OK ? status : error_memory(error);
}

/* The error that the call would end with; a denial is none for who asked. */
static thingspace_status judge(const json *document, thingspace_error *error)
{
    long long line = 0;
    const json *failure = json_get(document, "error");
    if (!failure || is_denied(failure))
        return THINGSPACE_OK;
    json_integer(json_get(failure, "line"), &line);
    error_set(error, output_kind(json_get_string(failure, "kind")), "%s",
              plugin_member(failure, "message"));
    error_set_hook(error, plugin_member(failure, "plugin"), plugin_member(failure, "instance"),
                   plugin_member(failure, "phase"));
    error_set_account(error, plugin_member(failure, "account"));
    error_set_tenant(error, plugin_member(failure, "tenant"));
    error_set_place(error, plugin_member(failure, "file"), (int)line);
    return error->kind;
}

static thingspace_status print(const session *session, const char *text, thingspace_error *error)
{
    cleanup_json json *document = NULL;
    thingspace_status status = json_parse_own(&document, text, strlen(text), error);
    if (status == THINGSPACE_OK && session->output.json)
        output_line(text);
    else if (status == THINGSPACE_OK)
        status = print_text(&session->output, document, error);
    return status == THINGSPACE_OK ? judge(document, error) : status;
}

int plugin_run_explain(session *session)
{
    const operation *operation;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    const char *data = options_text(&session->options, "data");
    char *text = NULL;
    cleanup_buffer buffer body;
    buffer_init_secret(&body, LIMIT_REQUEST_BODY);
    int exit_status = find_words(session, &operation);
    if (!operation)
        return exit_status;
    exit_status = read_time(session, &request.time_ms);
    if (exit_status != 0)
        return exit_status;
    thingspace_status status = session_open_for(session, true, &error);
    if (status == THINGSPACE_OK && data)
        status = data_read(&body, data, &error);
    fill_request(&request, session, operation);
    request.data = data ? buffer_text(&body) : NULL;
    request.data_size = body.size;
    if (status == THINGSPACE_OK)
        status = thingspace_plugin_explain(session->client, &text, &request, &error);
    if (status == THINGSPACE_OK)
        status = print(session, text, &error);
    thingspace_text_free(text);
    return status == THINGSPACE_OK ? 0 : session_fail(session, &error);
}
