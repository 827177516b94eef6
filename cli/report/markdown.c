/* SPDX-License-Identifier: MIT */
/*
 * A plan as Markdown for a comment on a change: sums, a table of groups, and the rows folded away.
 * Texts from outside are in <code> with every sign as an entity, so that they make no markup, link
 * or mention wherever it is shown.
 */
#include <config.h>
#include "base/text.h"
#include "cli/figure.h"
#include "cli/report/escape.h"
#include "cli/report/report.h"

/* Comments are refused beyond 65,536 characters at the usual places. */
#define LONGEST_ROWS ((size_t)56 * 1024)

static void write_code(buffer *out, const char *text)
{
    buffer_append_text(out, "<code>");
    escape_markdown(out, text);
    buffer_append_text(out, "</code>");
}

/* An owned text, which is freed; nothing when it is empty. */
static void write_owned(buffer *out, char *text)
{
    if (!text)
        out->status = THINGSPACE_MEMORY;
    else if (*text)
        write_code(out, text);
    text_cleanup(&text);
}

static void write_head(buffer *out, const json *plan)
{
    cleanup_text char *changes = plan_describe_changes(plan, PLAN_NEEDS_ALL);
    cleanup_text char *rest = plan_describe_rest(plan);
    cleanup_text char *endpoints = plan_describe_endpoints(plan);
    if (!changes || !rest || !endpoints) {
        out->status = THINGSPACE_MEMORY;
        return;
    }
    buffer_append_text(out, "### Plan of ");
    write_code(out, json_get_string(plan, "policy"));
    if (*endpoints) {
        buffer_append_text(out, " for ");
        write_code(out, endpoints);
    }
    buffer_append_format(out, "\n\n**%s**%s%s\n", changes, *rest ? "; " : "", rest);
}

/* ---- groups ---- */

static void write_group(buffer *out, const plan_group *group)
{
    const plan_look *look = &plan_looks[plan_state_of(group->action)];
    const char *note = json_get_string(group->rows[0], "note");
    cleanup_text char *urls = plan_describe_urls(group);
    if (!urls)
        out->status = THINGSPACE_MEMORY;
    buffer_append_format(out, "| `%c` | %s | %s | ", look->mark,
                         figure_of((long long)group->count).text, look->label);
    write_owned(out, plan_describe_group(group));
    if (!text_is_empty(urls)) {
        buffer_append_text(out, "<br>");
        write_code(out, urls);
    }
    if (note) {
        buffer_append_text(out, "<br>");
        write_code(out, note);
    }
    buffer_append_text(out, " |\n");
}

static void write_left_out(buffer *out, size_t count, const char *what)
{
    if (count > 0)
        buffer_append_format(out, "\n%s more %s.\n", figure_of((long long)count).text, what);
}

static void write_groups(buffer *out, const matrix_groups *groups)
{
    size_t i = 0;
    if (groups->count == 0)
        return;
    buffer_append_text(out, "\n| | | | what |\n| --- | ---: | --- | --- |\n");
    for (; i < groups->count && out->size < LONGEST_ROWS; i++)
        write_group(out, &groups->list[i]);
    write_left_out(out, groups->count - i, "groups; `thingspace plan` tells all");
}

/* ---- rows ---- */

static void write_value(buffer *out, const char *text)
{
    if (text)
        write_code(out, text);
    else
        buffer_append_text(out, "none");
}

static void write_fields(buffer *out, const json *entry)
{
    const json *fields = json_get(entry, "fields");
    for (const json *field = json_first(fields); field; field = json_next(field)) {
        buffer_append_text(out, field == json_first(fields) ? "" : "<br>");
        escape_markdown(out, json_get_string(field, "name"));
        buffer_append_text(out, " ");
        write_value(out, json_get_string(field, "from"));
        buffer_append_text(out, " &rarr; ");
        write_value(out, json_get_string(field, "to"));
    }
}

static void write_row(buffer *out, const json *entry, const plan_look *look)
{
    const char *service = json_get_string(entry, "serviceName");
    const char *message = json_get_string(entry, "message");
    buffer_append_format(out, "| `%c` | ", look->mark);
    write_code(out, json_get_string(entry, "accountName"));
    buffer_append_text(out, " | ");
    if (service)
        write_code(out, service);
    buffer_append_text(out, " | ");
    write_fields(out, entry);
    if (message)
        write_code(out, message);
    buffer_append_text(out, " |\n");
}

/* Returns how many were written. */
static size_t write_group_rows(buffer *out, const plan_group *group)
{
    size_t i = 0;
    for (; i < group->count && out->size < LONGEST_ROWS; i++)
        write_row(out, group->rows[i], &plan_looks[plan_state_of(group->action)]);
    return i;
}

static void write_rows(buffer *out, const matrix_groups *groups)
{
    size_t count = 0, written = 0;
    for (size_t i = 0; i < groups->count; i++)
        count += groups->list[i].count;
    if (count == 0)
        return;
    buffer_append_format(out,
                         "\n<details><summary>%s row%s</summary>\n\n"
                         "| | account | service | difference |\n| --- | --- | --- | --- |\n",
                         figure_of((long long)count).text, count == 1 ? "" : "s");
    for (size_t i = 0; i < groups->count; i++)
        written += write_group_rows(out, &groups->list[i]);
    write_left_out(out, count - written, "rows; `thingspace plan -v` tells all");
    buffer_append_text(out, "\n</details>\n");
}

static void write_foot(buffer *out, const json *plan)
{
    cleanup_text char *read = plan_describe_read(plan);
    if (!read)
        out->status = THINGSPACE_MEMORY;
    buffer_append_format(out, "\nPlan `%s`; %s\n", json_get_string(plan, "id"), read ? read : "");
}

void report_markdown(buffer *out, const json *plan)
{
    matrix_groups groups;
    thingspace_status status = matrix_groups_make(&groups, plan);
    if (status == THINGSPACE_OK) {
        write_head(out, plan);
        write_groups(out, &groups);
        write_rows(out, &groups);
        write_foot(out, plan);
    } else {
        out->status = status;
    }
    matrix_groups_dispose(&groups);
}
