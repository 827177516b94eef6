/* SPDX-License-Identifier: MIT */
/* The order of a check, its findings, and how they are told. */
#include <config.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "lua/source/check.h"
#include "lua/source/check_inside.h"
#include "lua/source/parser.h"

/* --- Findings --- */

bool source_has_room(source_checker *checker)
{
    if (checker->finding_count < SOURCE_FINDINGS)
        return true;
    checker->unsaid++;
    return false;
}

/* The same name twice in a line is one mistake. */
static bool is_told(const source_checker *checker, const source_finding *finding)
{
    for (size_t i = 0; i < checker->finding_count; i++)
        if (checker->findings[i].line == finding->line &&
            text_equal(checker->findings[i].message, finding->message))
            return true;
    return false;
}

void source_report(source_checker *checker, int line, source_severity severity, const char *rule,
                   const char *format, ...)
{
    char text[sizeof(checker->findings->message)];
    if (!source_has_room(checker))
        return;
    source_finding *finding = &checker->findings[checker->finding_count];
    *finding = (source_finding){.line = line, .severity = severity, .rule = rule};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    text_escape(finding->message, sizeof(finding->message), text, strlen(text));
    if (!is_told(checker, finding))
        checker->finding_count++;
}

/* By line. Few, and nearly in order: insertion keeps those of one line as they came. */
static void sort_findings(source_checker *checker)
{
    for (size_t i = 1; i < checker->finding_count; i++) {
        source_finding moved = checker->findings[i];
        size_t at = i;
        for (; at > 0 && checker->findings[at - 1].line > moved.line; at--)
            checker->findings[at] = checker->findings[at - 1];
        checker->findings[at] = moved;
    }
}

/* --- The report --- */

static json *finding_json(const source_finding *finding, thingspace_status *status)
{
    json *made = json_new_object();
    json_put(made, "line", json_new_integer(finding->line), status);
    json_put(made, "severity",
             json_new_string(finding->severity == SOURCE_ERROR ? "error" : "warning"), status);
    json_put(made, "rule", json_new_string(finding->rule), status);
    json_put(made, "message", json_new_string(finding->message), status);
    return made;
}

static json *findings_json(const source_checker *checker, thingspace_status *status)
{
    json *made = json_new_array();
    for (size_t i = 0; i < checker->finding_count; i++)
        json_add(made, finding_json(&checker->findings[i], status), status);
    return made;
}

static json *text_json(const char *text, size_t size)
{
    char safe[256];
    text_escape(safe, sizeof(safe), text, size);
    return json_new_string(safe);
}

static json *name_json(const source_name *name)
{
    return name ? text_json(name->text, name->size) : json_new_null();
}

static thingspace_status tell(json **out, const source_checker *checker, const char *file,
                              thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    cleanup_json json *made = json_new_object();
    json_put(made, "file", text_json(file, strlen(file)), &status);
    json_put(made, "name", name_json(checker->name), &status);
    json_put(made, "version", name_json(checker->version), &status);
    json_put(made, "capabilities", capability_json(checker->declared), &status);
    json_put(made, "hooks", phase_set_json(checker->hooks), &status);
    json_put(made, "findings", findings_json(checker, &status), &status);
    if (status != THINGSPACE_OK)
        return error_memory(error);
    *out = made;
    made = NULL;
    return THINGSPACE_OK;
}

/* --- The check --- */

static void checker_dispose(source_checker *checker)
{
    source_tree_free(checker->tree);
    source_globals_free(checker->globals);
    free(checker->findings);
}
#define cleanup_checker __attribute__((cleanup(checker_dispose)))

static void runtime_cleanup(runtime **runtime)
{
    runtime_free(*runtime);
}
#define cleanup_runtime __attribute__((cleanup(runtime_cleanup)))

/* The failure is a finding; out of memory alone is not. */
static thingspace_status report_failure(source_checker *checker, const char *name,
                                        thingspace_status status, const thingspace_error *failure)
{
    char place[sizeof(failure->message)];
    const char *message = failure->message;
    if (status == THINGSPACE_OK || status == THINGSPACE_MEMORY)
        return status;
    int length = failure->line > 0 ? snprintf(place, sizeof(place), "%s:%d: ", name, failure->line)
                                   : snprintf(place, sizeof(place), "%s: ", name);
    if (text_starts_with(message, place))
        message += length;
    source_report(checker, failure->line > 0 ? failure->line : 1, SOURCE_ERROR, "syntax", "%s",
                  message);
    return THINGSPACE_OK;
}

/* Makes the tree, or reports why there is none. */
static thingspace_status read_text(source_checker *checker, runtime *runtime, const char *name,
                                   const char *text, size_t size, thingspace_error *error)
{
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    thingspace_status status = runtime_compile(runtime, text, size, &limits_configure, &failure);
    if (status == THINGSPACE_OK)
        status = source_parse(&checker->tree, text, size, &failure);
    status = report_failure(checker, name, status, &failure);
    return status == THINGSPACE_OK ? status : error_memory(error);
}

/* It returns tests, not a manifest. */
static bool is_test(const char *name)
{
    return text_ends_with(name, "_test.lua");
}

static void apply_rules_for_plugins(source_checker *checker)
{
    source_flow_trace(checker);
    source_parameters_check(checker);
    source_options_check(checker);
    source_names_check(checker);
    source_verdicts_check(checker);
    source_operations_check(checker);
    source_handles_check(checker);
}

static void apply_rules(source_checker *checker)
{
    source_tables_check(checker);
    if (source_manifest_read(checker))
        apply_rules_for_plugins(checker);
    sort_findings(checker);
    if (checker->unsaid == 0)
        return;
    source_finding *last = &checker->findings[checker->finding_count - 1];
    snprintf(last->message, sizeof(last->message), "and %zu more findings; correct these first",
             checker->unsaid + 1);
}

static thingspace_status check(source_checker *checker, const char *name, const char *text,
                               size_t size, thingspace_error *error)
{
    cleanup_runtime runtime *runtime = NULL;
    checker->findings = calloc(SOURCE_FINDINGS, sizeof(*checker->findings));
    if (!checker->findings)
        return error_memory(error);
    thingspace_status status = runtime_new(&runtime, name, error);
    if (status == THINGSPACE_OK)
        status = source_globals_new(&checker->globals, runtime, error);
    if (status == THINGSPACE_OK)
        status = read_text(checker, runtime, name, text, size, error);
    if (status == THINGSPACE_OK && checker->tree && !is_test(name))
        apply_rules(checker);
    if (checker->status == THINGSPACE_MEMORY ||
        (checker->tree && checker->tree->status == THINGSPACE_MEMORY))
        return error_memory(error);
    return status;
}

thingspace_status source_check(json **out, const char *name, const char *text, size_t size,
                               thingspace_error *error)
{
    cleanup_checker source_checker checker = {0};
    *out = NULL;
    thingspace_status status = check(&checker, name, text, size, error);
    return status == THINGSPACE_OK ? tell(out, &checker, name, error) : status;
}
