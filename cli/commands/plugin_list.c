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
    {"ON ERROR", NULL, COLUMN_SHOWN},     {"HOOKS", NULL, COLUMN_SHOWN},
    {"CAPABILITIES", NULL, COLUMN_SHOWN}, {"FILE", NULL, COLUMN_SHOWN},
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

/* "request (tenant acme):", then a numbered line for each. */
static void print_phase(const json *phase)
{
    const char *tenant = plugin_member(phase, "tenant");
    unsigned number = 0;
    output_line("");
    output_text("%s%s%s%s:", plugin_member(phase, "phase"), *tenant ? " (tenant " : "", tenant,
                *tenant ? ")" : "");
    for (const json *row = json_first(json_get(phase, "instances")); row; row = json_next(row))
        output_text("%3u. %-20s %s", ++number, plugin_member(row, "instance"),
                    plugin_member(row, "why"));
}

static thingspace_status print_text(const session *session, const char *text,
                                    thingspace_error *error)
{
    cleanup_json json *document = NULL;
    thingspace_status status = json_parse_own(&document, text, strlen(text), error);
    if (status != THINGSPACE_OK)
        return status;
    const json *instances = json_get(document, "instances");
    if (json_count(instances) == 0) {
        output_note(&session->output, "no plugins");
        return THINGSPACE_OK;
    }
    if (print_instances(session, instances) != THINGSPACE_OK)
        return error_memory(error);
    for (const json *row = json_first(json_get(document, "order")); row; row = json_next(row))
        print_phase(row);
    return THINGSPACE_OK;
}

int plugin_run_list(session *session)
{
    int exit_status;
    char *text = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    if (!plugin_takes_only(session, "", &exit_status))
        return exit_status;
    thingspace_status status = session_open(session, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_plugin_list(session->client, &text, &error);
    if (status == THINGSPACE_OK && session->output.json)
        output_line(text);
    else if (status == THINGSPACE_OK)
        status = print_text(session, text, &error);
    thingspace_text_free(text);
    return status == THINGSPACE_OK ? 0 : session_fail(session, &error);
}
