/* SPDX-License-Identifier: MIT */
/* Reports of plans: what is hostile stays text, pages are well-formed and small. */
#include "check.h"
#include <stdlib.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/report/escape.h"
#include "cli/report/report.h"

/* ---- escapers ---- */

typedef void escaper(buffer *out, const char *text);

typedef struct escaped {
    const char *text, *expected;
} escaped;

static void check_escaper(escaper *escape, const escaped *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cleanup_buffer buffer out;
        buffer_init(&out, LIMIT_JSON_TEXT);
        escape(&out, rows[i].text);
        CHECK_OK(out.status);
        CHECK_TEXT(buffer_text(&out), rows[i].expected);
    }
}

#define CHECK_ESCAPER(escape, rows)                                                                \
    check_escaper((escape), (rows), sizeof(rows) / sizeof((rows)[0]))

static void html_has_no_markup_of_others(void)
{
    static const escaped rows[] = {
        {"a b", "a b"},
        {"", ""},
        {NULL, ""},
        {"</script><img onerror=x>", "&lt;/script&gt;&lt;img onerror=x&gt;"},
        {"\"' & &amp;", "&quot;&#39; &amp; &amp;amp;"},
        {"a\xe2\x80\xa8"
         "b\xe2\x80\xae"
         "c",
         "a\\u{2028}b\\u{202e}c"},
        {"\x01\x1b[31m\n\x7f", "\\x01\\x1b[31m\\n\\x7f"},
        {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
    };
    CHECK_ESCAPER(escape_html, rows);
}

static void scripts_have_strings_that_end_nothing(void)
{
    static const escaped rows[] = {
        {"a b", "\"a b\""},
        {"", "\"\""},
        {"\"\\", "\"\\u0022\\u005c\""},
        {"</script><!--", "\"\\u003c/script\\u003e\\u003c!--\""},
        {"&'", "\"\\u0026\\u0027\""},
        {"\1/\2", "\"\\u0001/\\u0002\""},
        {"a\xe2\x80\xa8\xe2\x80\xa9z", "\"a\\u2028\\u2029z\""},
        {"gr\xc3\xbc\xc3\x9f\x7f", "\"gr\xc3\xbc\xc3\x9f\\u007f\""},
    };
    CHECK_ESCAPER(escape_script, rows);
}

static void markdown_has_no_columns_links_or_mentions_of_others(void)
{
    static const escaped rows[] = {
        {"a b-c/d.e, f=1", "a b-c/d.e, f=1"},
        {"a|b\nc", "a&#124;b&#92;nc"},
        {"`x` [y](z) <b> *s* _u_ ~t~", "&#96;x&#96; &#91;y&#93;&#40;z&#41; &#60;b&#62; &#42;s&#42; "
                                       "&#95;u&#95; &#126;t&#126;"},
        {"https://x", "https&#58;//x"},
        {"@team #12 www.evil.example WwW.x", "&#64;team &#35;12 &#119;ww.evil.example &#87;wW.x"},
        {"\\|", "&#92;&#124;"},
        {NULL, ""},
    };
    CHECK_ESCAPER(escape_markdown, rows);
}

/* ---- whole reports ---- */

#define HOSTILE "</script><img src=x onerror=alert(1)>\\\"' \\u2028\\u202e|`@all"

/* Every text that comes from outside. */
static const char hostile_plan[] =
    "{\"id\":\"00\",\"policy\":\"" HOSTILE "\",\"script\":\"" HOSTILE "\",\"endpoints\":[\"" HOSTILE
    "\"],\"accounts\":3,\"duration_ms\":1,\"add\":0,\"change\":1,\"blocked\":1,\"foreign\":1,"
    "\"unread\":1,\"failed\":1,\"changes\":["
    "{\"accountName\":\"" HOSTILE "\",\"serviceName\":\"" HOSTILE "\",\"api\":\"" HOSTILE
    "\",\"action\":\"change\",\"fields\":[{\"name\":\"url\",\"from\":\"" HOSTILE
    "\",\"to\":\"https://a/{account}/" HOSTILE "\"},{\"name\":\"username\",\"from\":null,\"to\":\""
    "" HOSTILE "\"}]},"
    "{\"accountName\":\"b\",\"serviceName\":\"" HOSTILE "\",\"action\":\"blocked\",\"note\":\""
    "" HOSTILE "\",\"fields\":[]}],\"errors\":["
    "{\"accountName\":\"" HOSTILE "2\",\"credential\":\"" HOSTILE "\",\"kind\":\"service\","
    "\"message\":\"" HOSTILE "\",\"code\":\"" HOSTILE "3\"},"
    "{\"accountName\":\"c\",\"serviceName\":\"" HOSTILE "\",\"kind\":\"denied\",\"message\":\""
    "" HOSTILE "\"}],\"cells\":["
    "{\"accountName\":\"b\",\"serviceName\":\"S\",\"state\":\"foreign\",\"url\":\"" HOSTILE
    "\",\"username\":\"" HOSTILE "\",\"hasPassword\":true}]}";

typedef void writer(buffer *out, const json *plan);

static void write_page(buffer *out, const json *plan)
{
    report_html(out, plan, 1795000000);
}

static thingspace_status write_report(buffer *out, writer *write, const char *text)
{
    cleanup_json json *plan = NULL;
    thingspace_status status = json_parse_own(&plan, text, strlen(text), NULL);
    buffer_init(out, LIMIT_JSON_TEXT);
    if (status == THINGSPACE_OK)
        write(out, plan);
    return status == THINGSPACE_OK ? out->status : status;
}

/* Not by strstr: sanitizers measure all of the text at each call. */
static size_t count_of(const char *text, const char *word)
{
    size_t count = 0, size = strlen(word);
    for (; (text = strchr(text, *word)); text++)
        count += strncmp(text, word, size) == 0;
    return count;
}

static void hostile_texts_stay_texts_in_a_page(void)
{
    cleanup_buffer buffer out;
    buffer_init(&out, LIMIT_JSON_TEXT);
    CHECK_OK(write_report(&out, write_page, hostile_plan));
    CHECK_INT(count_of(out.data, "<img"), 0);
    CHECK_INT(count_of(out.data, "</script"), 2); /* data and script */
    CHECK_INT(count_of(out.data, "<script"), 2);
    CHECK_INT(count_of(out.data, "\xe2\x80\xa8") + count_of(out.data, "\xe2\x80\xae"), 0);
    CHECK(count_of(out.data, "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;") > 10);
    CHECK(count_of(out.data, "script\\u003e\\u003cimg src=x onerror=alert(1)") > 0);
}

static void hostile_texts_stay_texts_in_markdown(void)
{
    cleanup_buffer buffer out;
    buffer_init(&out, LIMIT_JSON_TEXT);
    CHECK_OK(write_report(&out, report_markdown, hostile_plan));
    CHECK_INT(count_of(out.data, "<img"), 0);
    CHECK_INT(count_of(out.data, "@"), 0);
    CHECK(count_of(out.data, "&#60;/script&#62;") > 5);
    /* A table's rows have their own bars alone: groups five, rows five. */
    for (const char *line = out.data; line && *line;) {
        size_t size = strcspn(line, "\n");
        cleanup_text char *row = text_copy_range(line, size);
        CHECK_MADE(row);
        CHECK(*row != '|' || count_of(row, "|") == 5);
        line += size + (line[size] == '\n');
    }
}

/* ---- form ---- */

#define DEEPEST 32

typedef struct tags {
    const char *names[DEEPEST];
    size_t sizes[DEEPEST];
    size_t depth;
} tags;

/* ` name="value"`, any number of them; where they end. */
static const char *skip_attributes(const char *text)
{
    while (*text == ' ' && text[1] != '/') {
        size_t name = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz-");
        if (name == 0 || strncmp(text + 1 + name, "=\"", 2) != 0)
            return text;
        text += name + 3;
        text += strcspn(text, "\"<>");
        if (*text != '"')
            return text;
        text++;
    }
    return text;
}

/* Past one tag; NULL when it is not well-formed. */
static const char *read_tag(tags *tags, const char *text)
{
    bool closes = *text == '/';
    const char *name = text + closes;
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789");
    if (closes) {
        bool fits = tags->depth > 0 && tags->sizes[tags->depth - 1] == size &&
                    strncmp(tags->names[tags->depth - 1], name, size) == 0 && name[size] == '>';
        tags->depth -= fits;
        return fits ? name + size + 1 : NULL;
    }
    const char *end = skip_attributes(name + size);
    if (strncmp(end, " />", 3) == 0)
        return end + 3;
    if (size == 0 || *end != '>' || tags->depth == DEEPEST)
        return NULL;
    tags->names[tags->depth] = name;
    tags->sizes[tags->depth++] = size;
    bool is_raw = strncmp(name, "script", 6) == 0 || strncmp(name, "style", 5) == 0;
    return is_raw ? strstr(end, "</") : end + 1;
}

static bool is_well_formed(const char *page)
{
    tags tags = {0};
    const char *text = page + strlen("<!DOCTYPE html>");
    while (text && (text = strchr(text, '<')))
        if (!(text = read_tag(&tags, text + 1)))
            return false;
    return tags.depth == 0;
}

static void pages_are_well_formed(void)
{
    static const char *const plans[] = {
        hostile_plan,
        "{\"id\":\"00\",\"policy\":\"p\",\"script\":null,\"endpoints\":[],\"accounts\":0,"
        "\"changes\":[],\"errors\":[],\"cells\":[]}",
    };
    for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
        cleanup_buffer buffer out;
        buffer_init(&out, LIMIT_JSON_TEXT);
        CHECK_OK(write_report(&out, write_page, plans[i]));
        CHECK(text_starts_with(out.data, "<!DOCTYPE html>"));
        CHECK(is_well_formed(out.data));
    }
}

/* The texts of script and style hold no end of their element, and go through any charset. */
static void style_and_script_are_plain(void)
{
    static const char *const texts[] = {report_css, report_js};
    for (size_t i = 0; i < 2; i++) {
        CHECK_INT(count_of(texts[i], "</"), 0);
        for (const char *letter = texts[i]; *letter; letter++)
            CHECK(*letter > 0);
    }
}

/* ---- size ---- */

static void write_listener(buffer *out, int account, int service, bool differs)
{
    buffer_append_format(out,
                         "%s{\"accountName\":\"0000123456-%05d\",\"serviceName\":\"Service%02d\","
                         "\"action\":\"%s\",\"state\":\"unchanged\",\"hasPassword\":true,"
                         "\"username\":\"acme\",\"url\":\"https://hooks.example.com/%05d/%08x\","
                         "\"fields\":[{\"name\":\"url\",\"from\":null,\"to\":"
                         "\"https://hooks.example.com/0000123456-%05d/%08x%08x\"}]}",
                         account + service > 0 ? "," : "", account, service,
                         differs ? "add" : "none", account, account * 20 + service, account,
                         account * 7919, service * 7919);
}

/* A matrix that is full of differences, or of what is as declared. */
static void write_plan(buffer *out, int accounts, int services, bool differs)
{
    buffer_append_format(out,
                         "{\"id\":\"00\",\"policy\":\"p\",\"accounts\":%d,\"errors\":[],\"%s\":[",
                         accounts, differs ? "changes" : "cells");
    for (int i = 0; i < accounts; i++)
        for (int j = 0; j < services; j++)
            write_listener(out, i, j, differs);
    buffer_append_format(out, "],\"%s\":[]}", differs ? "cells" : "changes");
}

static void pages_are_below_100_bytes_a_cell(void)
{
    for (int differs = 0; differs < 2; differs++) {
        cleanup_buffer buffer plan, out;
        buffer_init(&plan, LIMIT_JSON_TEXT);
        buffer_init(&out, LIMIT_JSON_TEXT);
        write_plan(&plan, 1000, 20, differs);
        CHECK_OK(plan.status);
        CHECK_OK(write_report(&out, write_page, plan.data));
        CHECK_INT(count_of(out.data, differs ? "<td class=\"a\">" : "<td class=\"k\">"), 20000);
        /* Beside cells: the page itself and the differences that are listed. */
        CHECK(out.size < 20000 * 100);
        CHECK(is_well_formed(out.data));
    }
}

static void what_no_browser_shows_is_left_out(void)
{
    cleanup_buffer buffer plan, out;
    buffer_init(&plan, LIMIT_JSON_TEXT);
    buffer_init(&out, LIMIT_JSON_TEXT);
    write_plan(&plan, 2, MATRIX_MOST_COLUMNS + 3, false);
    CHECK_OK(write_report(&out, write_page, plan.data));
    CHECK_INT(count_of(out.data, "<td class=\"k\">"), 2 * MATRIX_MOST_COLUMNS);
    CHECK_INT(count_of(out.data, "3 more services are left out"), 1);
}

static void comments_are_below_the_limit_of_comments(void)
{
    cleanup_buffer buffer plan, out;
    buffer_init(&plan, LIMIT_JSON_TEXT);
    buffer_init(&out, LIMIT_JSON_TEXT);
    write_plan(&plan, 200, 20, true);
    CHECK_OK(write_report(&out, report_markdown, plan.data));
    CHECK(out.size < 65536);
    CHECK_INT(count_of(out.data, "more rows; `thingspace plan -v` tells all"), 1);
}

static void the_ending_is_the_format(void)
{
    CHECK_INT(report_format_of("a/b.html"), REPORT_HTML);
    CHECK_INT(report_format_of("b.md"), REPORT_MARKDOWN);
    CHECK_INT(report_format_of("b.htm"), REPORT_NONE);
    CHECK_INT(report_format_of(".html"), REPORT_NONE);
    CHECK_INT(report_format_of(""), REPORT_NONE);
}

static const check_case cases[] = {
    CHECK_CASE(html_has_no_markup_of_others),
    CHECK_CASE(scripts_have_strings_that_end_nothing),
    CHECK_CASE(markdown_has_no_columns_links_or_mentions_of_others),
    CHECK_CASE(hostile_texts_stay_texts_in_a_page),
    CHECK_CASE(hostile_texts_stay_texts_in_markdown),
    CHECK_CASE(pages_are_well_formed),
    CHECK_CASE(style_and_script_are_plain),
    CHECK_CASE_ONCE(pages_are_below_100_bytes_a_cell),
    CHECK_CASE_ONCE(what_no_browser_shows_is_left_out),
    CHECK_CASE_ONCE(comments_are_below_the_limit_of_comments),
    CHECK_CASE(the_ending_is_the_format),
};
CHECK_MAIN(cases)
