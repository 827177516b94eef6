/* SPDX-License-Identifier: MIT */
/* thingspace services: the catalogue, without network. */
#include <config.h>
#include "base/error.h"
#include "cli/commands/commands.h"
#include "cli/rows.h"
#include "cli/session.h"

static const option own_options[] = {
    {.name = "sources",
     .kind = OPTION_FLAG,
     .doc = "in place of the services: the addresses that callback messages come from"},
    {.name = NULL},
};

static const example examples[] = {
    {"services", "which callback services there are, and what they deliver"},
    {"services --sources --output json | jq -r '.[].address' | sort -u",
     "addresses for a firewall"},
    {NULL, NULL},
};

static const column service_columns[] = {
    {"SERVICE", "name", COLUMN_SHOWN}, {"DELIVERS", "delivers", COLUMN_SHOWN},
    {"NOTE", "note", COLUMN_BELOW},    {"SEED", "seed", COLUMN_HIDDEN},
    {"WHERE", "where", COLUMN_HIDDEN}, {NULL, NULL, COLUMN_SHOWN},
};

static const column source_columns[] = {
    {"API", "api", COLUMN_SHOWN},
    {"ADDRESS", "address", COLUMN_SHOWN},
    {"NOTE", "note", COLUMN_BELOW},
    {NULL, NULL, COLUMN_SHOWN},
};

static void add_services(rows *rows)
{
    for (size_t i = 0; i < thingspace_service_count(); i++) {
        const thingspace_service_info *info = thingspace_service_at(i);
        bool json = rows->output->json;
        const cell cells[] = {
            {info->name, NULL},  {info->delivers, NULL},
            {info->note, NULL},  {NULL, json ? json_new_boolean(info->seed) : NULL},
            {info->where, NULL},
        };
        rows_add(rows, cells);
    }
}

static void add_sources(rows *rows)
{
    for (size_t i = 0; i < thingspace_source_count(); i++) {
        const thingspace_source_info *info = thingspace_source_at(i);
        const cell cells[] = {{info->api, NULL}, {info->address, NULL}, {info->note, NULL}};
        rows_add(rows, cells);
    }
}

static int run(session *session)
{
    bool sources = options_has(&session->options, "sources");
    rows rows;
    rows_begin(&rows, &session->output, sources ? source_columns : service_columns);
    if (sources)
        add_sources(&rows);
    else
        add_services(&rows);
    if (rows_end(&rows, true) == THINGSPACE_OK)
        return 0;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_memory(&error);
    return session_fail(session, &error);
}

const command command_services = {
    .name = "services",
    .arguments = "",
    .summary = "print the callback services",
    .description =
        "Prints the callback services that public material names, with what each delivers and what "
        "would surprise. The service may know more; another name is sent as it is.\n"
        "\n"
        "With --sources prints the published addresses that callback messages come from, for each "
        "API: a filter for a firewall, not a proof of who sent a message.",
    .json = "[{\"name\", \"delivers\", \"note\", \"seed\", \"where\"}]; with --sources "
            "[{\"api\", \"address\", \"note\"}]",
    .options = own_options,
    .examples = examples,
    .run = run,
};
