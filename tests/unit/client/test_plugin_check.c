/* SPDX-License-Identifier: MIT */
/* A plugin is read, never run: what is found, and how it is told. */
#include <config.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <thingspace/plugins.h>
#include <thingspace/client.h>
#include <unistd.h>
#include "base/json.h"
#include "check.h"

typedef struct script {
    char file[64];
} script;

static void script_remove(script *script)
{
    if (script->file[0])
        unlink(script->file);
}
#define cleanup_script __attribute__((cleanup(script_remove))) script

typedef struct answer {
    char *text;
    json *report;
} answer;

static void answer_dispose(answer *answer)
{
    thingspace_text_free(answer->text);
    json_free(answer->report);
}
#define cleanup_answer __attribute__((cleanup(answer_dispose))) answer

static void write_script(script *out, const char *suffix, const char *text)
{
    snprintf(out->file, sizeof(out->file), "/tmp/thingspace-check-%ld%s", (long)getpid(), suffix);
    int file = open(out->file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text))
        abort();
    close(file);
}

static thingspace_status check(answer *out, const char *file, thingspace_error *error)
{
    thingspace_status status = thingspace_plugin_check(&out->text, file, error);
    if (out->text && json_parse_own(&out->report, out->text, strlen(out->text), NULL) != 0)
        return THINGSPACE_MEMORY;
    return status;
}

static void a_good_script_has_no_findings(void)
{
    cleanup_script script = {""};
    cleanup_answer answer = {NULL, NULL};
    write_script(&script, ".lua",
                 "return { name = 'tag', version = '1.2.3', api = 1,\n"
                 "  capabilities = { 'request.headers:write' },\n"
                 "  hooks = { request = function(call, request)\n"
                 "    request:set_header('X-Account', call.account)\n"
                 "  end } }\n");
    CHECK_OK(check(&answer, script.file, NULL));
    CHECK_TEXT(json_get_string(answer.report, "file"), script.file);
    CHECK_TEXT(json_get_string(answer.report, "name"), "tag");
    CHECK_TEXT(json_get_string(answer.report, "version"), "1.2.3");
    CHECK_TEXT(json_string(json_first(json_get(answer.report, "capabilities"))),
               "request.headers:write");
    CHECK_TEXT(json_string(json_first(json_get(answer.report, "hooks"))), "request");
    CHECK_INT(json_count(json_get(answer.report, "findings")), 0);
}

static void an_error_is_told_with_the_report(void)
{
    cleanup_script script = {""};
    cleanup_answer answer = {NULL, NULL};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    write_script(&script, ".lua",
                 "return { name = 'tag', version = '1.2.3', api = 1,\n"
                 "  hooks = { check = function(call)\n"
                 "    thingspace.deny('no', 'never')\n"
                 "  end } }\n");
    CHECK_STATUS(check(&answer, script.file, &error), THINGSPACE_PLUGIN);
    const json *finding = json_first(json_get(answer.report, "findings"));
    CHECK_TEXT(json_get_string(finding, "severity"), "error");
    CHECK_TEXT(json_get_string(finding, "rule"), "verdict-not-returned");
    CHECK_TEXT(error.file, script.file);
    CHECK_INT(error.line, 3);
    CHECK(strstr(error.message, "1 error, the first: "));
}

static void a_script_is_not_run(void)
{
    cleanup_script script = {""};
    cleanup_answer answer = {NULL, NULL};
    write_script(&script, ".lua",
                 "while true do end\n"
                 "return { name = 'x', version = '1', api = 1, hooks = {} }\n");
    CHECK_OK(check(&answer, script.file, NULL));
    CHECK_TEXT(json_get_string(answer.report, "name"), "x");
}

static void what_is_no_shared_object_is_a_finding(void)
{
    cleanup_script script = {""};
    cleanup_answer answer = {NULL, NULL};
    write_script(&script, ".so", "no ELF");
    CHECK_STATUS(check(&answer, script.file, NULL), THINGSPACE_PLUGIN);
    const json *finding = json_first(json_get(answer.report, "findings"));
    CHECK_TEXT(json_get_string(finding, "rule"), "load");
    CHECK(json_type_of(json_get(answer.report, "name")) == JSON_NULL);
}

static void a_file_that_is_not_there_is_local(void)
{
    cleanup_answer answer = {NULL, NULL};
    CHECK_STATUS(check(&answer, "/nonexistent/a.lua", NULL), THINGSPACE_LOCAL);
    CHECK_STATUS(check(&answer, "/nonexistent/a.so", NULL), THINGSPACE_LOCAL);
    CHECK_STATUS(check(&answer, "", NULL), THINGSPACE_LOCAL);
    CHECK(!answer.text);
}

static const check_case cases[] = {
    CHECK_CASE(a_good_script_has_no_findings),
    CHECK_CASE(an_error_is_told_with_the_report),
    CHECK_CASE(a_script_is_not_run),
    CHECK_CASE(what_is_no_shared_object_is_a_finding),
    CHECK_CASE(a_file_that_is_not_there_is_local),
};

CHECK_MAIN(cases)
