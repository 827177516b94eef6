/* SPDX-License-Identifier: MIT */
/*
 * A plan for people: a line about the run, a line for each group of changes with what they have in
 * common below, a line of sums. With -v every row of a group follows it.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "cli/plan/plan.h"
#include "cli/figure.h"

/* ---- the first line ---- */

static thingspace_status print_head(const json *plan)
{
    const char *script = json_get_string(plan, "script"), *id = json_get_string(plan, "id");
    cleanup_text char *endpoints = plan_describe_endpoints(plan);
    cleanup_text char *read = plan_describe_read(plan);
    if (!endpoints || !read)
        return THINGSPACE_MEMORY;
    output_text("%s %.8s%s%s; %s", script ? script : json_get_string(plan, "policy"), id,
                *endpoints ? " -> " : "", endpoints, read);
    return THINGSPACE_OK;
}

/* ---- groups ---- */

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
    const plan_look *look = &plan_looks[plan_state_of(group->action)];
    int indent = width + 14;
    cleanup_text char *what = plan_describe_group(group);
    cleanup_text char *urls = plan_describe_urls(group);
    const char *note = json_get_string(group->rows[0], "note"); /* the same in all of them */
    if (!what || !urls)
        return THINGSPACE_MEMORY;
    output_styled(&session->output, look->style, "%c %*s %-10s", look->mark, width,
                  figure_of((long long)group->count).text, look->label);
    output_text(" %s", what);
    if (*urls)
        output_text("%*s%s", indent, "", urls);
    if (note)
        output_text("%*s%s", indent, "", note);
    if (options_has(&session->options, "verbose"))
        print_rows(session, group, indent);
    return THINGSPACE_OK;
}

static int width_of_rows(const json *rows)
{
    plan_groups groups;
    plan_group group;
    size_t widest = 2;
    thingspace_status status = plan_groups_make(&groups, rows);
    while (status == THINGSPACE_OK && plan_groups_next(&groups, &group)) {
        size_t width = strlen(figure_of((long long)group.count).text);
        widest = width > widest ? width : widest;
    }
    plan_groups_dispose(&groups);
    return (int)widest;
}

static int width_of(const json *plan)
{
    int changes = width_of_rows(json_get(plan, "changes"));
    int errors = width_of_rows(json_get(plan, "errors"));
    return changes > errors ? changes : errors;
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

/* What apply has been told already, it does not need. */
static unsigned needs_of(const session *session)
{
    const options *given = &session->options;
    return (options_has(given, "prune") ? 0 : THINGSPACE_PRUNE) |
           (options_has(given, "take-over") ? 0 : THINGSPACE_TAKE_OVER);
}

static thingspace_status print_sums(const session *session, const json *plan)
{
    cleanup_text char *changes = plan_describe_changes(plan, needs_of(session));
    cleanup_text char *rest = plan_describe_rest(plan);
    if (!changes || !rest)
        return THINGSPACE_MEMORY;
    output_text("%s%s%s", changes, *rest ? "; " : "", rest);
    return THINGSPACE_OK;
}

thingspace_status plan_text_print(const session *session, const json *plan)
{
    int width = width_of(plan);
    thingspace_status status = print_head(plan);
    if (status == THINGSPACE_OK)
        status = print_groups(session, json_get(plan, "changes"), width);
    if (status == THINGSPACE_OK)
        status = print_groups(session, json_get(plan, "errors"), width);
    return status == THINGSPACE_OK ? print_sums(session, plan) : status;
}

thingspace_status plan_text_print_errors(const session *session, const json *rows)
{
    return print_groups(session, rows, width_of_rows(rows));
}
