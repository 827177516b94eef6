/* SPDX-License-Identifier: MIT */
/*
 * The page: what was planned, tiles of sums, groups of equal changes, the matrix, every difference.
 * It is well-formed as XML too. Style and script are allowed by their hashes and nothing else is,
 * so that a text that got through could still not run.
 */
#include <config.h>
#include <sodium.h>
#include <string.h>
#include <time.h>
#include "base/limits.h"
#include "base/text.h"
#include "cli/figure.h"
#include "cli/report/escape.h"
#include "cli/report/report.h"

/* ---- the head ---- */

/* Of an element's whole content: a line end and the text. */
static void write_hash(buffer *out, const char *text)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char encoded[sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES,
                                           sodium_base64_VARIANT_ORIGINAL)];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)"\n", 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2base64(encoded, sizeof(encoded), hash, sizeof(hash), sodium_base64_VARIANT_ORIGINAL);
    buffer_append_format(out, "'sha256-%s'", encoded);
}

static void write_policy(buffer *out)
{
    buffer_append_text(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                            "'none'; style-src ");
    write_hash(out, report_css);
    buffer_append_text(out, "; script-src ");
    write_hash(out, report_js);
    buffer_append_text(out, "; base-uri 'none'; form-action 'none'\" />\n");
}

/* Text of ours around an owned one from outside, which is freed. */
static void write_owned(buffer *out, const char *before, char *text, const char *after)
{
    if (!text)
        out->status = THINGSPACE_MEMORY;
    buffer_append_text(out, before);
    escape_html(out, text);
    buffer_append_text(out, after);
    text_cleanup(&text);
}

static void write_head(buffer *out, const json *plan)
{
    buffer_append_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                            "<meta charset=\"utf-8\" />\n");
    write_policy(out);
    buffer_append_text(out, "<meta name=\"viewport\" content=\"width=device-width, "
                            "initial-scale=1\" />\n<meta name=\"color-scheme\" content=\"light "
                            "dark\" />\n<meta name=\"referrer\" content=\"no-referrer\" />\n"
                            "<meta name=\"robots\" content=\"noindex\" />\n<title>");
    escape_html(out, json_get_string(plan, "policy"));
    write_owned(out, ": ", plan_describe_changes(plan, 0), "</title>\n<style>\n");
    buffer_append_text(out, report_css);
    buffer_append_text(out, "</style>\n</head>\n<body>\n"
                            "<a class=\"skip\" href=\"#matrix\">To the matrix</a>\n");
}

/* ---- what was planned ---- */

static void write_fact(buffer *out, const char *name, const char *text, const char *class)
{
    if (text_is_empty(text))
        return;
    buffer_append_format(out, "<div><dt>%s</dt><dd%s%s%s>", name, *class ? " class=\"" : "", class,
                         *class ? "\"" : "");
    escape_html(out, text);
    buffer_append_text(out, "</dd></div>\n");
}

static char *write_time(long long now)
{
    struct tm parts;
    char text[64];
    time_t seconds = (time_t)now;
    if (!gmtime_r(&seconds, &parts) || strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &parts) == 0)
        return text_copy("?");
    return text_format("%s UTC", text);
}

static void write_facts(buffer *out, const json *plan, long long now)
{
    cleanup_text char *endpoints = plan_describe_endpoints(plan);
    cleanup_text char *read = plan_describe_read(plan);
    cleanup_text char *time = write_time(now);
    if (!endpoints || !read || !time)
        out->status = THINGSPACE_MEMORY;
    buffer_append_text(out, "<dl class=\"facts\">\n");
    write_fact(out, "Endpoint", endpoints, "");
    write_fact(out, "Read", read, "");
    write_fact(out, "Made", time, "");
    write_fact(out, "Script", json_get_string(plan, "script"), "code");
    write_fact(out, "Plan", json_get_string(plan, "id"), "code");
    buffer_append_text(out, "</dl>\n");
}

static void write_summary(buffer *out, const json *plan, long long now)
{
    cleanup_text char *rest = plan_describe_rest(plan);
    if (!rest)
        out->status = THINGSPACE_MEMORY;
    buffer_append_text(out, "<header>\n<p class=\"kind\">Plan of callback listeners</p>\n<h1>");
    escape_html(out, json_get_string(plan, "policy"));
    write_owned(out, "</h1>\n<p class=\"verdict\"><b>", plan_describe_changes(plan, PLAN_NEEDS_ALL),
                "</b>");
    buffer_append_text(out, text_is_empty(rest) ? "" : "; ");
    escape_html(out, rest);
    buffer_append_text(out, "</p>\n");
    write_facts(out, plan, now);
    buffer_append_text(out, "</header>\n");
}

static void write_tiles(buffer *out, const json *plan)
{
    buffer_append_text(out,
                       "<ul class=\"tiles\" aria-label=\"Sums, and filters of the matrix\">\n");
    for (int i = 0; i < PLAN_STATES; i++) {
        const plan_look *look = &plan_looks[i];
        long long count = plan_describe_count(plan, look->name);
        buffer_append_format(out,
                             "<li><button type=\"button\" class=\"tile %c%s\" data-state=\"%c\" "
                             "aria-pressed=\"false\" disabled=\"disabled\"><span class=\"mark\" "
                             "aria-hidden=\"true\">%c</span><b>%s</b> <span "
                             "class=\"label\">%s</span></button></li>\n",
                             look->letter, count == 0 ? " none" : "", look->letter, look->mark,
                             figure_of(count).text, look->label);
    }
    buffer_append_text(out, "</ul>\n");
}

/* ---- groups ---- */

static void write_title(buffer *out, const plan_group *group)
{
    const plan_look *look = &plan_looks[plan_state_of(group->action)];
    buffer_append_format(out,
                         "<span class=\"mark %c\" aria-hidden=\"true\">%c</span> <b>%s</b> "
                         "<span class=\"label\">%s</span> ",
                         look->letter, look->mark, figure_of((long long)group->count).text,
                         look->label);
    write_owned(out, "<span class=\"what\">", plan_describe_group(group), "</span>");
}

static void write_group(buffer *out, const plan_group *group, size_t number)
{
    cleanup_text char *urls = plan_describe_urls(group);
    const char *note = json_get_string(group->rows[0], "note");
    if (!urls)
        out->status = THINGSPACE_MEMORY;
    buffer_append_format(out, "<li><a href=\"#g%zu\" data-group=\"%zu\">", number, number);
    write_title(out, group);
    buffer_append_text(out, "</a>");
    if (!text_is_empty(urls))
        write_owned(out, "<p class=\"code\">", text_copy(urls), "</p>");
    if (note)
        write_owned(out, "<p>", text_copy(note), "</p>");
    buffer_append_text(out, "</li>\n");
}

void report_html_left_out(buffer *out, size_t count, const char *what)
{
    if (count > 0)
        buffer_append_format(out, "<p class=\"note\">%s more %s</p>\n",
                             figure_of((long long)count).text, what);
}

static size_t shown_groups(const report *report)
{
    return report->groups.count < REPORT_MOST_GROUPS ? report->groups.count : REPORT_MOST_GROUPS;
}

static void write_groups(buffer *out, const report *report)
{
    size_t shown = shown_groups(report);
    buffer_append_text(out, "<section id=\"groups\" aria-labelledby=\"groups-title\">\n"
                            "<h2 id=\"groups-title\">What would change</h2>\n");
    if (shown == 0) {
        buffer_append_text(out, "<p class=\"calm\">Nothing to do: what is registered is as "
                                "the policy declares it.</p>\n</section>\n");
        return;
    }
    buffer_append_text(out, "<ol class=\"groups\">\n");
    for (size_t i = 0; i < shown; i++)
        write_group(out, &report->groups.list[i], i);
    buffer_append_text(out, "</ol>\n");
    report_html_left_out(out, report->groups.count - shown,
                         "groups are not listed: thingspace plan tells all.");
    buffer_append_text(out, "</section>\n");
}

/* ---- the matrix ---- */

static void write_filters(buffer *out, const matrix *matrix)
{
    buffer_append_text(out, "<div class=\"filters\" role=\"search\" aria-label=\"Filters of the "
                            "matrix\">\n<label>Account <input id=\"find\" type=\"search\" "
                            "placeholder=\"any part of it\" autocomplete=\"off\" "
                            "spellcheck=\"false\" /></label>\n<label>Service "
                            "<select id=\"service\"><option value=\"\">all</option>");
    for (size_t i = 0; i < matrix->columns.count; i++) {
        const matrix_line *column = matrix->columns.list[i];
        buffer_append_format(out, "<option value=\"%zu\">", i);
        escape_html(out, column->name);
        if (column->api)
            write_owned(out, " (", text_copy(column->api), ")");
        buffer_append_text(out, "</option>");
    }
    buffer_append_text(out, "</select></label>\n<label class=\"check\"><input id=\"differing\" "
                            "type=\"checkbox\" /> only accounts with differences</label>\n"
                            "<button type=\"button\" id=\"reset\" hidden=\"hidden\">Show all"
                            "</button>\n<output id=\"shown\" role=\"status\"></output>\n</div>\n");
}

static size_t without_listeners(const report *report)
{
    size_t known = report->matrix.rows.count + report->matrix.rows.left_out;
    long long accounts = plan_describe_count(report->plan, "accounts");
    return accounts > 0 && (size_t)accounts > known ? (size_t)accounts - known : 0;
}

static void write_legend(buffer *out)
{
    buffer_append_text(out, "<dl class=\"legend\" id=\"legend\">\n");
    for (int i = 0; i < PLAN_STATES; i++) {
        const plan_look *look = &plan_looks[i];
        buffer_append_format(out,
                             "<div data-state=\"%c\"><dt><span class=\"mark %c\">%c</span> "
                             "<span>%s</span></dt><dd>%s</dd></div>\n",
                             look->letter, look->letter, look->mark, look->label, look->meaning);
    }
    buffer_append_text(out, "</dl>\n");
}

static void write_matrix(buffer *out, const report *report)
{
    buffer_append_text(out, "<section id=\"matrix\" aria-labelledby=\"matrix-title\">\n"
                            "<h2 id=\"matrix-title\">Accounts and services</h2>\n");
    write_filters(out, &report->matrix);
    buffer_append_text(out, "<div class=\"scroll\" id=\"scroll\" role=\"region\" tabindex=\"0\" "
                            "aria-labelledby=\"matrix-title\">\n");
    report_html_matrix(out, report);
    buffer_append_text(out, "</div>\n<p class=\"note\" id=\"empty\" hidden=\"hidden\">No account "
                            "fits these filters.</p>\n<p class=\"note keys\">Arrow keys move, "
                            "<kbd>Enter</kbd> opens, <kbd>n</kbd> and <kbd>p</kbd> go to the next "
                            "and the previous difference.</p>\n");
    report_html_left_out(out, report->matrix.rows.left_out,
                         "accounts are left out, those with differences last: name fewer.");
    report_html_left_out(out, report->matrix.columns.left_out,
                         "services are left out, those with differences last.");
    report_html_left_out(out, without_listeners(report), "accounts have no listener at all.");
    write_legend(out);
    buffer_append_text(out, "</section>\n");
}

/* ---- the whole ---- */

static void write_page(buffer *out, const report *report, long long now)
{
    write_head(out, report->plan);
    write_summary(out, report->plan, now);
    buffer_append_text(out, "<main>\n");
    write_tiles(out, report->plan);
    write_groups(out, report);
    write_matrix(out, report);
    report_html_differences(out, report);
    buffer_append_text(out, "</main>\n<footer>Written by thingspace " PACKAGE_VERSION
                            ". No password is in this page.</footer>\n"
                            "<dialog id=\"panel\" aria-labelledby=\"panel-title\"></dialog>\n");
    report_html_data(out, report);
    buffer_append_text(out, "<script>\n");
    buffer_append_text(out, report_js);
    buffer_append_text(out, "</script>\n</body>\n</html>\n");
}

void report_html(buffer *out, const json *plan, long long now)
{
    report report = {.plan = plan};
    thingspace_status status = matrix_groups_make(&report.groups, plan);
    if (status == THINGSPACE_OK)
        status = matrix_make(&report.matrix, plan, &report.groups);
    if (status == THINGSPACE_OK)
        write_page(out, &report, now);
    else
        out->status = status;
    matrix_dispose(&report.matrix);
    matrix_groups_dispose(&report.groups);
}
