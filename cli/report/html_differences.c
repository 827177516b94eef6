/* SPDX-License-Identifier: MIT */
/* Every difference, group by group: for readers without scripts, and on paper. */
#include <config.h>
#include "base/text.h"
#include "cli/figure.h"
#include "cli/report/escape.h"
#include "cli/report/report.h"

static void write_value(buffer *out, const char *tag, const char *text)
{
    if (!text) {
        buffer_append_text(out, "<i>none</i>");
        return;
    }
    buffer_append_format(out, "<%s>", tag);
    escape_html(out, text);
    buffer_append_format(out, "</%s>", tag);
}

static void write_fields(buffer *out, const json *entry)
{
    for (const json *field = json_first(json_get(entry, "fields")); field;
         field = json_next(field)) {
        buffer_append_text(out, "<p><span>");
        escape_html(out, json_get_string(field, "name"));
        buffer_append_text(out, "</span> ");
        write_value(out, "del", json_get_string(field, "from"));
        buffer_append_text(out, " &#8594; ");
        write_value(out, "ins", json_get_string(field, "to"));
        buffer_append_text(out, "</p>");
    }
}

static void write_told(buffer *out, const char *text)
{
    if (!text)
        return;
    buffer_append_text(out, "<p>");
    escape_html(out, text);
    buffer_append_text(out, "</p>");
}

static void write_entry(buffer *out, const json *entry)
{
    const char *service = json_get_string(entry, "serviceName");
    buffer_append_text(out, "<tr><th scope=\"row\">");
    escape_html(out, json_get_string(entry, "accountName"));
    buffer_append_text(out, "</th><td>");
    escape_html(out, service);
    buffer_append_text(out, "</td><td class=\"code\">");
    write_fields(out, entry);
    write_told(out, json_get_string(entry, "note"));
    write_told(out, json_get_string(entry, "message"));
    buffer_append_text(out, "</td></tr>\n");
}

static void write_title(buffer *out, const plan_group *group, size_t number)
{
    const plan_look *look = &plan_looks[plan_state_of(group->action)];
    cleanup_text char *what = plan_describe_group(group);
    if (!what)
        out->status = THINGSPACE_MEMORY;
    buffer_append_format(out,
                         "<h3 id=\"g%zu\"><span class=\"mark %c\" aria-hidden=\"true\">%c</span> "
                         "%s %s ",
                         number, look->letter, look->mark, figure_of((long long)group->count).text,
                         look->label);
    escape_html(out, what);
    buffer_append_text(out, "</h3>\n");
}

/* Returns how many more may be listed. */
static size_t write_group(buffer *out, const plan_group *group, size_t number, size_t room)
{
    size_t listed = group->count < room ? group->count : room;
    write_title(out, group, number);
    if (listed > 0)
        buffer_append_text(out, "<table>\n<thead><tr><th scope=\"col\">Account</th><th "
                                "scope=\"col\">Service</th><th scope=\"col\">Difference</th></tr>"
                                "</thead>\n<tbody>\n");
    for (size_t i = 0; i < listed; i++)
        write_entry(out, group->rows[i]);
    if (listed > 0)
        buffer_append_text(out, "</tbody>\n</table>\n");
    report_html_left_out(out, group->count - listed,
                         "like these are not listed: thingspace plan -v tells all.");
    return room - listed;
}

void report_html_differences(buffer *out, const report *report)
{
    size_t room = REPORT_MOST_LISTED, count = report->groups.count;
    buffer_append_text(out, "<section id=\"differences\" aria-labelledby=\"differences-title\">\n"
                            "<h2 id=\"differences-title\">Every difference</h2>\n");
    if (count == 0)
        buffer_append_text(out, "<p class=\"calm\">There is none.</p>\n");
    for (size_t i = 0; i < count && i < REPORT_MOST_GROUPS; i++)
        room = write_group(out, &report->groups.list[i], i, room);
    buffer_append_text(out, "</section>\n");
}
