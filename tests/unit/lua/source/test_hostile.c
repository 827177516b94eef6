/* SPDX-License-Identifier: MIT */
/* Whatever the text, a check of it ends soon and says no more than it may. */
#include <config.h>
#include "base/text.h"
#include "../hostile_text.h"
#include "lua/source/check.h"
#include "../script.h"

/* Names that are all looked at for what is near. */
#define TEN(name)                                                                                  \
    name "0," name "1," name "2," name "3," name "4," name "5," name "6," name "7," name "8," name \
         "9"
#define HUNDRED                                                                                                                          \
    TEN("abcdefghijklmnopqr0")                                                                                                           \
    "," TEN("abcdefghijklmnopqr1") "," TEN("abcdefghijklmnopqr2") "," TEN("abcdefghijklmnopqr3") "," TEN("abcdefghijklmnopqr4") "," TEN( \
        "abcdefghijklmnopqr5") "," TEN("abcdefghijklmnopqr6") "," TEN("abcdefghijklmnopqr7") "," TEN("abcdefghijklmnopqr8") "," TEN("abcdefghijklmnopqr9")

static const hostile_text hostile[] = {
    {"local " HUNDRED " ", "f(abcdefghijklmnop)", ""},
    {"return {hooks={},configure=function(o) ", "f=o.x ", "end}"},
    {"return {hooks={request=function(a) ", "f=a.operation=='x' ", "end}}"},
    {"return {hooks={request=function(", "a,", "a) end}}"},
    {"", "a=a ", ""},
    {"", "x.y=x.z ", ""},
    {"local M={} ", "M.a=1 ", "return M"},
    {"local M={h={}} ", "M.h.a=M.h.b ", "return M"},
    {"return {", "a=1,", "}"},
    {"return {capabilities={", "'a',", "}}"},
    {"return {options={", "a={},", "}}"},
    {"return {hooks={", "a=f,", "}}"},
    {"return {hooks={", "request=function(a,b) b:c(b) end,", "}}"},
    {"return {hooks={request=function(a,b) ", "f(b) b:json() ", "end}}"},
    {"local function f(x) x:g() end return {hooks={request=function(a,b) ", "f(b)", "end}}"},
    {"", "do local a=a ", ""},
    {"", "do local a=b local b=a end ", ""},
    {"local a=1 ", "do local a=a end ", "return a"},
    {"", "local function f() end ", ""},
    {"", "do local function f() g() end f() end ", ""},
    {"x=", "thingspace.", "log"},
    {"x = thingspace", ".log.log", ""},
    {"", "thingspace.deny() ", ""},
    {"", "thingspace.dent=print() ", ""},
    {"return {name='", "\\u{1F600}", "'}"},
    {"return {", "{},", "}"},
    {"f", "()", ""},
    {"x=", "(", ""},
    {"--", "\n", ""},
};

static void hostile_text_is_checked_soon(void)
{
    for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
        size_t size = 0;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_json json *checked = NULL;
        cleanup_text char *text = hostile_text_make(&hostile[i], &size);
        CHECK(text != NULL);
        double before = script_cpu_ms();
        CHECK_OK(source_check(&checked, "x.lua", text, size, &error));
        double spent = script_cpu_ms() - before;
        check_report(spent < 500 * script_slowness(), __FILE__, __LINE__, "%s%s...: %.0f ms",
                     hostile[i].before, hostile[i].unit, spent);
        CHECK(json_count(json_get(checked, "findings")) <= SOURCE_FINDINGS);
    }
}

static void too_many_findings_are_counted(void)
{
    size_t size = 0;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    static const hostile_text many = {"", "a()\n", ""};
    cleanup_json json *checked = NULL;
    cleanup_text char *text = hostile_text_make(&many, &size);
    CHECK(text != NULL);
    text[4 * 1000] = '\0';
    CHECK_OK(source_check(&checked, "x.lua", text, strlen(text), &error));
    const json *last = json_first(json_get(checked, "findings"));
    while (json_next(last))
        last = json_next(last);
    CHECK_INT(json_count(json_get(checked, "findings")), SOURCE_FINDINGS);
    CHECK_TEXT(json_get_string(last, "message"), "and 502 more findings; correct these first");
}

static void a_text_that_is_too_long_is_a_finding(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_json json *checked = NULL;
    cleanup_text char *text = calloc(1, LIMIT_SCRIPT + 1);
    CHECK(text != NULL);
    memset(text, '\n', LIMIT_SCRIPT + 1);
    CHECK_OK(source_check(&checked, "x.lua", text, LIMIT_SCRIPT + 1, &error));
    const json *finding = json_first(json_get(checked, "findings"));
    CHECK_TEXT(json_get_string(finding, "rule"), "syntax");
    CHECK_TEXT(json_get_string(finding, "message"),
               "the script is longer than 256 KiB; read data from a file instead");
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(hostile_text_is_checked_soon),
    CHECK_CASE_ONCE(too_many_findings_are_counted),
    CHECK_CASE_ONCE(a_text_that_is_too_long_is_a_finding),
};

CHECK_MAIN(cases)
