/* SPDX-License-Identifier: MIT */
/* thingspace plugin check: findings as compilers print them, FILE:LINE: SEVERITY: MESSAGE. */
#include <config.h>
#include <string.h>
#include <thingspace/plugins.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/commands/plugin.h"

static thingspace_status print_findings(const json *report, thingspace_error *error)
{
    const json *findings = json_get(report, "findings");
    const char *file = plugin_member(report, "file");
    for (const json *row = json_first(findings); row; row = json_next(row)) {
        const char *line = plugin_member(row, "line");
        bool placed = !text_equal(line, "0");
        output_text("%s%s%s: %s: %s [%s]", file, placed ? ":" : "", placed ? line : "",
                    plugin_member(row, "severity"), plugin_member(row, "message"),
                    plugin_member(row, "rule"));
    }
    if (json_count(findings) > 0)
        return THINGSPACE_OK;
    if (!json_string(json_get(report, "name"))) {
        output_text("%s: a test; `thingspace plugin test` runs it", file);
        return THINGSPACE_OK;
    }
    cleanup_text char *hooks = plugin_join(json_get(report, "hooks"), "none");
    cleanup_text char *capabilities = plugin_join(json_get(report, "capabilities"), "none");
    if (!hooks || !capabilities)
        return error_memory(error);
    output_text("%s: %s %s is good; hooks: %s; capabilities: %s", file,
                plugin_member(report, "name"), plugin_member(report, "version"), hooks,
                capabilities);
    return THINGSPACE_OK;
}

/* Prints the report, or keeps it for JSON. */
static thingspace_status take_report(const session *session, json *reports, const char *text,
                                     thingspace_error *error)
{
    json *report = NULL;
    thingspace_status status = json_parse_own(&report, text, strlen(text), error);
    if (status == THINGSPACE_OK && !session->output.json)
        status = print_findings(report, error);
    if (json_append(reports, report) != THINGSPACE_OK && status == THINGSPACE_OK)
        status = error_memory(error);
    return status;
}

static void check_file(const session *session, json *reports, const char *file,
                       plugin_failures *failures)
{
    thingspace_error error = THINGSPACE_ERROR_INIT, trouble = THINGSPACE_ERROR_INIT;
    char *text = NULL;
    thingspace_status status = thingspace_plugin_check(&text, file, &error);
    if (text && take_report(session, reports, text, &trouble) != THINGSPACE_OK) {
        error = trouble;
        status = trouble.kind;
    }
    thingspace_text_free(text);
    if (status != THINGSPACE_OK)
        plugin_failures_add(failures, &error);
}

int plugin_run_check(session *session)
{
    int exit_status;
    plugin_failures failures = {.count = 0};
    size_t count = session->options.word_count;
    cleanup_json json *reports = json_new_array();
    if (!plugin_takes_options(session, &exit_status))
        return exit_status;
    for (size_t i = 0; i < count; i++)
        check_file(session, reports, session_word(session, i), &failures);
    if (session->output.json && json_count(reports) > 0 &&
        output_json(count == 1 ? json_first(reports) : reports) != THINGSPACE_OK) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        error_memory(&error);
        plugin_failures_add(&failures, &error);
    }
    return plugin_failures_end(&failures, session, count, "plugins");
}
