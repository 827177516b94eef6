/* SPDX-License-Identifier: MIT */
/* thingspace plugin list: the instances as rows, then the order of hooks phase by phase. */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include <thingspace/plugins.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/commands/plugin.h"
#include "cli/rows.h"

static const column columns[] = {
    {"INSTANCE", NULL, COLUMN_SHOWN},     {"PLUGIN", NULL, COLUMN_SHOWN},
    {"VERSION", NULL, COLUMN_SHOWN},      {"TENANT", NULL, COLUMN_SHOWN},
    {"ON ERROR", NULL, COLUMN_SHOWN},     {"hooks", NULL, COLUMN_NAMED},
    {"capabilities", NULL, COLUMN_NAMED}, {"file", NULL, COLUMN_NAMED},
    {NULL, NULL, COLUMN_SHOWN},
};

static thingspace_status print_instances(const session *session, const json *instances)
{
    rows rows;
    rows_begin(&rows, &session->output, columns);
    for (const json *row = json_first(instances); row; row = json_next(row)) {
        cleanup_text char *hooks = plugin_join(json_get(row, "hooks"), "");
        cleanup_text char *capabilities = plugin_join(json_get(row, "capabilities"), "");
        const cell cells[] = {
            {plugin_member(row, "instance"), NULL},
            {plugin_member(row, "plugin"), NULL},
            {plugin_member(row, "version"), NULL},
            {plugin_member(row, "tenant"), NULL},
            {plugin_member(row, "onError"), NULL},
            {hooks, NULL},
            {capabilities, NULL},
            {plugin_member(row, "file"), NULL},
        };
        rows_add(&rows, cells);
    }
    return rows_end(&rows, true);
}

/* ---- the order ---- */

/* Where what holds for the whole phase begins: after the priority and the row, "" when nothing is
 * said. */
static const char *rest_of(const char *why)
{
    const char *row = strstr(why, ", ");
    const char *rest = row ? strstr(row + 2, ", ") : NULL;
    return rest ? rest : "";
}

/* "response (tenant acme), last one first:", then a numbered line for each. */
static void print_phase(const json *phase, size_t width)
{
    const char *tenant = plugin_member(phase, "tenant");
    const json *instances = json_get(phase, "instances");
    unsigned number = 0;
    output_text("%s%s%s%s%s:", plugin_member(phase, "phase"), *tenant ? " (tenant " : "", tenant,
                *tenant ? ")" : "", rest_of(plugin_member(json_first(instances), "why")));
    for (const json *row = json_first(instances); row; row = json_next(row)) {
        const char *why = plugin_member(row, "why");
        output_text("%3u. %-*s  %.*s%s", ++number, (int)width, plugin_member(row, "instance"),
                    (int)(strlen(why) - strlen(rest_of(why))), why,
                    json_get(row, "tenant") ? ", its own" : "");
    }
}

/* Of the longest name of an instance. */
static size_t width_of(const json *instances)
{
    size_t width = 0;
    for (const json *row = json_first(instances); row; row = json_next(row)) {
        size_t size = strlen(plugin_member(row, "instance"));
        width = size > width ? size : width;
    }
    return width;
}

/* Whether an instance of the tenant itself runs in the phase. */
static bool has_own(const json *phase)
{
    const json *row = json_first(json_get(phase, "instances"));
    while (row && !json_get(row, "tenant"))
        row = json_next(row);
    return row != NULL;
}

/* Those of one owner, from `phase` on; of a tenant those alone that are not the operator's once
 * more. Returns the next owner's first one. */
static const json *print_owner(const json *phase, size_t width)
{
    const char *tenant = plugin_member(phase, "tenant");
    size_t printed = 0, same = 0;
    output_line("");
    for (; phase && text_equal(plugin_member(phase, "tenant"), tenant); phase = json_next(phase)) {
        if (*tenant && !has_own(phase)) {
            same++;
            continue;
        }
        print_phase(phase, width);
        printed++;
    }
    if (same > 0)
        output_text("%s phases (tenant %s): the operator's alone", printed ? "other" : "all",
                    tenant);
    return phase;
}

static void print_order(const json *order, size_t width)
{
    for (const json *phase = json_first(order); phase;)
        phase = print_owner(phase, width);
}

static thingspace_status print_text(const session *session, const json *document,
                                    thingspace_error *error)
{
    const json *instances = json_get(document, "instances");
    if (json_count(instances) == 0) {
        output_note(&session->output, "no plugins");
        return THINGSPACE_OK;
    }
    if (print_instances(session, instances) != THINGSPACE_OK)
        return error_memory(error);
    print_order(json_get(document, "order"), width_of(instances));
    return THINGSPACE_OK;
}

/* Tenants that are broken, in place of what the load warned of. */
static int fail_tenants(session *session, const json *rows)
{
    thingspace_error sum = THINGSPACE_ERROR_INIT;
    size_t count = json_count(rows);
    cleanup_json json *errors = json_new_array();
    for (const json *row = json_first(rows); row; row = json_next(row)) {
        long long line = 0;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        json_integer(json_get(row, "line"), &line);
        error_set(&error, THINGSPACE_POLICY, "%s", plugin_member(row, "message"));
        error_set_tenant(&error, plugin_member(row, "tenant"));
        error_set_place(&error, plugin_member(row, "script"), (int)line);
        (void)json_append(errors, output_error_json(&error));
        output_forget(&session->output, plugin_member(row, "message"));
    }
    output_release(&session->output);
    if (count == 0)
        return 0;
    error_set(&sum, THINGSPACE_POLICY, "the policy fails for %zu of its tenants", count);
    return output_fail(&session->output, &sum, errors);
}

/* Shows it, if there is something; returns the exit status. */
static int finish(session *session, thingspace_status status, const char *text,
                  thingspace_error *error)
{
    cleanup_json json *document = NULL;
    if (status == THINGSPACE_OK)
        status = json_parse_own(&document, text, strlen(text), error);
    if (status == THINGSPACE_OK && session->output.json)
        output_line(text);
    else if (status == THINGSPACE_OK)
        status = print_text(session, document, error);
    if (status == THINGSPACE_OK)
        return fail_tenants(session, json_get(document, "errors"));
    output_release(&session->output);
    return session_fail(session, error);
}

int plugin_run_list(session *session)
{
    int exit_status;
    char *text = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    if (!plugin_takes_options(session, &exit_status))
        return exit_status;
    output_hold(&session->output);
    thingspace_status status = session_open(session, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_plugin_list(session->client, &text, &error);
    exit_status = finish(session, status, text, &error);
    thingspace_text_free(text);
    return exit_status;
}
