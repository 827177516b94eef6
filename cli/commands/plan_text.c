/* SPDX-License-Identifier: MIT */
/*
 * A plan for people: a line about the run, a line for each group of changes with what they have in
 * common below, a line of sums. With -v every row of a group follows it.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "base/limits.h"
#include "base/text.h"
#include "cli/commands/plan.h"

/* Digits with commas. */
typedef struct figure {
    char text[32];
} figure;

/* How the rows of an action look. */
typedef struct look {
    const char *action;
    char mark;
    output_style style;
    const char *label;
} look;

static const look looks[] = {
    {"add", '+', OUTPUT_BOLD, "add"},           {"change", '~', OUTPUT_YELLOW, "change"},
    {"takeover", '!', OUTPUT_RED, "take over"}, {"remove", '-', OUTPUT_RED, "remove"},
    {"blocked", '#', OUTPUT_RED, "blocked"},    {"failed", 'x', OUTPUT_RED, "failed"},
    {"unread", 'x', OUTPUT_RED, "unread"},
};

static const look *find_look(const char *action)
{
    for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
        if (text_equal(looks[i].action, action))
            return &looks[i];
    return &looks[0];
}

static long long number_of(const json *plan, const char *name)
{
    long long value = 0;
    (void)json_integer(json_get(plan, name), &value);
    return value;
}

static figure write_figure(long long number)
{
    char digits[32];
    figure out;
    size_t used = 0;
    int length = snprintf(digits, sizeof(digits), "%lld", number);
    for (int i = 0; i < length && used < sizeof(out.text) - 2; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out.text[used++] = ',';
        out.text[used++] = digits[i];
    }
    out.text[used] = '\0';
    return out;
}

/* ---- the first line ---- */

static void append_endpoints(buffer *out, const json *plan)
{
    const json *endpoints = json_get(plan, "endpoints");
    for (const json *row = json_first(endpoints); row; row = json_next(row))
        buffer_append_format(out, "%s%s", row == json_first(endpoints) ? " -> " : ", ",
                             json_string(row));
}

static long long count_listeners(const json *plan)
{
    static const char *const names[] = {"add",    "change",  "takeover",
                                        "remove", "blocked", "unchanged"};
    long long sum = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        sum += number_of(plan, names[i]);
    return sum;
}

static void append_read(buffer *out, const json *plan)
{
    long long accounts = number_of(plan, "accounts"), unread = number_of(plan, "unread");
    long long listeners = count_listeners(plan), time = number_of(plan, "duration_ms");
    if (unread > 0)
        buffer_append_format(out, "; %s of", write_figure(accounts - unread).text);
    buffer_append_format(out, "%s %s account%s, %s listener%s, %lld.%lld s", unread > 0 ? "" : ";",
                         write_figure(accounts).text, accounts == 1 ? "" : "s",
                         write_figure(listeners).text, listeners == 1 ? "" : "s", time / 1000,
                         time % 1000 / 100);
}

static thingspace_status print_head(const json *plan)
{
    cleanup_buffer buffer line;
    const char *script = json_get_string(plan, "script"), *id = json_get_string(plan, "id");
    buffer_init(&line, LIMIT_JSON_TEXT);
    buffer_append_format(&line, "%s %.8s", script ? script : json_get_string(plan, "policy"), id);
    append_endpoints(&line, plan);
    append_read(&line, plan);
    if (line.status == THINGSPACE_OK)
        output_text("%s", line.data);
    return line.status;
}

/* ---- groups ---- */

static char *describe_error(const plan_group *group)
{
    const json *first = group->rows[0];
    const char *credential = json_get_string(first, "credential");
    const char *code = json_get_string(first, "code");
    const char *message = json_get_string(first, "message");
    cleanup_text char *services = plan_phrase_services(group);
    cleanup_text char *accounts = plan_phrase_accounts(group);
    bool has_service = json_get(first, "serviceName") != NULL;
    if (!accounts || !message || (has_service && !services))
        return NULL;
    if (code && strstr(message, code))
        code = NULL;
    return text_format("%s%s%s%s%s%s: %s%s%s%s", has_service ? services : "",
                       has_service ? " on " : "", accounts, credential ? " (" : "",
                       credential ? credential : "", credential ? ")" : "", message,
                       code ? " [" : "", code ? code : "", code ? "]" : "");
}

static char *describe_change(const plan_group *group)
{
    const json *first = group->rows[0];
    bool change = text_equal(group->action, "change") || text_equal(group->action, "blocked");
    bool takeover = text_equal(group->action, "takeover");
    const char *api = json_get_string(first, "api");
    cleanup_text char *fields = plan_phrase_fields(first);
    cleanup_text char *services = plan_phrase_services(group);
    cleanup_text char *accounts = plan_phrase_accounts(group);
    cleanup_text char *now = plan_phrase_url(group, "from");
    if (!fields || !services || !accounts || !now)
        return NULL;
    return text_format("%s%s%s%s%s%s on %s%s%s", change ? fields : "", change ? ": " : "", services,
                       api ? " (" : "", api ? api : "", api ? ")" : "", accounts,
                       takeover ? ", now " : "", takeover ? now : "");
}

/* What is below: where it goes; "" when that does not change. */
static char *describe_urls(const plan_group *group)
{
    cleanup_text char *from = plan_phrase_url(group, "from");
    cleanup_text char *to = plan_phrase_url(group, "to");
    bool change = text_equal(group->action, "change") || text_equal(group->action, "blocked");
    if (!from || !to)
        return NULL;
    if (text_equal(group->action, "remove"))
        return text_copy(from);
    return change && *from ? text_format("%s -> %s", from, to) : text_copy(to);
}

static void print_value(const session *session, const json *field)
{
    cleanup_text char *from = output_value(json_get(field, "from"));
    cleanup_text char *to = output_value(json_get(field, "to"));
    output_styled(&session->output, OUTPUT_PLAIN, "  %s: %s -> %s", json_get_string(field, "name"),
                  from ? from : "?", to ? to : "?");
}

static void print_rows(const session *session, const plan_group *group, int indent)
{
    for (size_t i = 0; i < group->count; i++) {
        const json *row = group->rows[i];
        const char *service = json_get_string(row, "serviceName");
        printf("%*s", indent, "");
        output_styled(&session->output, OUTPUT_PLAIN, "%s%s%s", json_get_string(row, "accountName"),
                      service ? "  " : "", service ? service : "");
        for (const json *field = json_first(json_get(row, "fields")); field;
             field = json_next(field))
            print_value(session, field);
        output_line("");
    }
}

static thingspace_status print_group(const session *session, const plan_group *group, int width)
{
    const look *look = find_look(group->action);
    bool is_change = json_get(group->rows[0], "action") != NULL;
    int indent = width + 14;
    cleanup_text char *what = is_change ? describe_change(group) : describe_error(group);
    cleanup_text char *urls = is_change ? describe_urls(group) : text_copy("");
    if (!what || !urls)
        return THINGSPACE_MEMORY;
    output_styled(&session->output, look->style, "%c %*s %-10s", look->mark, width,
                  write_figure((long long)group->count).text, look->label);
    output_text(" %s", what);
    if (*urls)
        output_text("%*s%s", indent, "", urls);
    if (options_has(&session->options, "verbose"))
        print_rows(session, group, indent);
    return THINGSPACE_OK;
}

static int width_of(const json *plan)
{
    plan_groups groups;
    plan_group group;
    size_t widest = 2;
    static const char *const lists[] = {"changes", "errors"};
    for (size_t i = 0; i < 2; i++) {
        thingspace_status status = plan_groups_make(&groups, json_get(plan, lists[i]));
        while (status == THINGSPACE_OK && plan_groups_next(&groups, &group)) {
            size_t width = strlen(write_figure((long long)group.count).text);
            widest = width > widest ? width : widest;
        }
        plan_groups_dispose(&groups);
    }
    return (int)widest;
}

static thingspace_status print_groups(const session *session, const json *rows, int width)
{
    plan_groups groups;
    plan_group group;
    thingspace_status status = plan_groups_make(&groups, rows);
    while (status == THINGSPACE_OK && plan_groups_next(&groups, &group))
        status = print_group(session, &group, width);
    plan_groups_dispose(&groups);
    return status;
}

/* ---- the last line ---- */

static void append_sum(buffer *out, const json *plan, const char *name, const char *what)
{
    long long number = number_of(plan, name);
    if (number > 0)
        buffer_append_format(out, "%s%s %s", out->size > 0 ? ", " : "", write_figure(number).text,
                             what);
}

static thingspace_status print_sums(const json *plan)
{
    cleanup_buffer buffer changes, rest;
    buffer_init(&changes, LIMIT_JSON_TEXT);
    buffer_init(&rest, LIMIT_JSON_TEXT);
    append_sum(&changes, plan, "add", "add");
    append_sum(&changes, plan, "change", "change");
    append_sum(&changes, plan, "takeover", "take over");
    append_sum(&changes, plan, "remove", "remove");
    append_sum(&changes, plan, "blocked", "blocked");
    append_sum(&rest, plan, "unchanged", "as declared");
    append_sum(&rest, plan, "foreign", "foreign left alone");
    append_sum(&rest, plan, "failed", "failed");
    append_sum(&rest, plan, "unread",
               number_of(plan, "unread") == 1 ? "account unread" : "accounts unread");
    bool complete = number_of(plan, "unread") + number_of(plan, "failed") == 0;
    const char *none = complete ? "nothing to do" : "no difference where it could be seen";
    output_text("%s%s%s", changes.size > 0 ? buffer_text(&changes) : none,
                rest.size > 0 ? "; " : "", buffer_text(&rest));
    return changes.status != THINGSPACE_OK ? changes.status : rest.status;
}

thingspace_status plan_text_print(const session *session, const json *plan)
{
    int width = width_of(plan);
    thingspace_status status = print_head(plan);
    if (status == THINGSPACE_OK)
        status = print_groups(session, json_get(plan, "changes"), width);
    if (status == THINGSPACE_OK)
        status = print_groups(session, json_get(plan, "errors"), width);
    return status == THINGSPACE_OK ? print_sums(plan) : status;
}
