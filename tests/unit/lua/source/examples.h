/* SPDX-License-Identifier: MIT */
/* Scripts and what a check finds in them, as tables. */
#ifndef TEST_SOURCE_EXAMPLES_H
#define TEST_SOURCE_EXAMPLES_H

#include "base/text.h"
#include "lua/source/check.h"
#include "../script.h"

/* A manifest that is right, around what is tested. */
#define BEGIN      "return { name = 'x', version = '1', api = 1, "
#define HOOK       "hooks = { audit = function() end }"
#define HEAD(body) BEGIN "hooks = { request = function(call, request)\n" body "\nend } }"

static inline thingspace_status check(json **out, const char *text)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    return source_check(out, "x.lua", text, strlen(text), &error);
}

/* The findings, a line each: "3 error missing-capability: message". */
static inline char *lines_of(const json *checked)
{
    cleanup_buffer buffer text;
    buffer_init(&text, 1024 * 1024);
    for (const json *finding = json_first(json_get(checked, "findings")); finding;
         finding = json_next(finding))
        buffer_append_format(&text, "%s %s %s: %s\n", json_number(json_get(finding, "line")),
                             json_get_string(finding, "severity"), json_get_string(finding, "rule"),
                             json_get_string(finding, "message"));
    return text.status == THINGSPACE_OK ? text_copy(buffer_text(&text)) : NULL;
}

typedef struct example {
    const char *text, *findings;
} example;

static inline void check_examples(const example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cleanup_json json *checked = NULL;
        CHECK_OK(check(&checked, examples[i].text));
        cleanup_text char *lines = lines_of(checked);
        CHECK_MADE(lines);
        CHECK_TEXT(lines, examples[i].findings);
    }
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
