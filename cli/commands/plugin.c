/* SPDX-License-Identifier: MIT */
/* thingspace plugin: the tools of those who write plugins. The actions are in plugin_*.c. */
#include <config.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/commands/plugin.h"

static const option own_options[] = {
    {.name = "c",
     .kind = OPTION_FLAG,
     .action = "new",
     .doc = "new: write a compiled plugin, in C"},
    {.name = "in",
     .kind = OPTION_FOLDER,
     .value = "FOLDER",
     .action = "new",
     .doc = "new: where to write, in place of the current folder"},
    {.name = "username",
     .kind = OPTION_TEXT,
     .value = "NAME",
     .action = "explain",
     .doc = "explain: of the listener that would be registered"},
    {.name = "data",
     .kind = OPTION_TEXT,
     .value = "JSON",
     .action = "explain",
     .doc = "explain: the body of the call; @FILE reads it from a file, @- from standard input"},
    {.name = "time",
     .kind = OPTION_TEXT,
     .value = "TIME",
     .action = "explain",
     .doc = "explain: when, for hooks in Lua, as 2026-11-23T14:10:00Z or in milliseconds since "
            "1970"},
    API_OPTION_OF("explain", "explain: "),
    {.name = NULL},
};

static const example examples[] = {
    {"plugin new team", "write team.lua, which works, and its test"},
    {"plugin check team.lua", "look for mistakes, without running it"},
    {"plugin test", "run the tests of all plugins in this folder"},
    {"plugin list --policy fleet.lua", "which plugins run, in which order, and why"},
    {"plugin explain 0000123456-00001 list --plugin ./team.lua",
     "which hook would change what, without sending anything"},
    {"plugin explain 0000123456-00001 register CarrierService https://hooks.example.com/cb",
     "the same for a registration, with the plugins of the policy"},
    {"plugin explain 0000123456-00001 list --time 2026-11-28T23:00:00+01:00",
     "whether the windows of guard are open on a Saturday night"},
    {NULL, NULL},
};

/* ---- shared by the actions ---- */

bool plugin_takes_options(session *session, int *exit_status)
{
    const char *action = session->options.action->name;
    for (const option *row = own_options; row->name; row++) {
        if (!options_has(&session->options, row->name) || text_equal(row->action, action))
            continue;
        *exit_status = session_usage(session, "--%s belongs to plugin %s", row->name, row->action);
        return false;
    }
    return true;
}

const char *plugin_member(const json *object, const char *name)
{
    const json *member = json_get(object, name);
    const char *text = json_string(member);
    const char *number = json_number(member);
    return text ? text : number ? number : "";
}

char *plugin_join(const json *array, const char *none)
{
    char *joined = text_copy(json_count(array) == 0 ? none : "");
    for (const json *row = json_first(array); row && joined; row = json_next(row)) {
        char *longer = text_format("%s%s%s", joined, *joined ? ", " : "", json_string(row));
        text_cleanup(&joined);
        joined = longer;
    }
    return joined;
}

void plugin_failures_add(plugin_failures *failures, const thingspace_error *error)
{
    if (failures->count++ == 0) {
        failures->first = *error;
        failures->errors = json_new_array();
    }
    (void)json_append(failures->errors, output_error_json(error));
}

int plugin_failures_end(plugin_failures *failures, session *session, size_t of, const char *what)
{
    thingspace_error sum = THINGSPACE_ERROR_INIT;
    json *errors = failures->errors;
    if (failures->count == 0)
        return 0;
    error_set(&sum, failures->first.kind, "%zu of %zu %s failed", failures->count, of, what);
    bool one = of == 1;
    int exit_status =
        output_fail(&session->output, one ? &failures->first : &sum, one ? NULL : errors);
    json_free(errors);
    failures->errors = NULL;
    return exit_status;
}

/* ---- the command ---- */

static const action actions[] = {
    {"new", "NAME", "write a plugin that works, and its test", plugin_run_new},
    {"check", "FILE...", "read plugins and report what is wrong, without running them",
     plugin_run_check},
    {"list", "", "show the plugins of the policy, and the order of their hooks", plugin_run_list},
    {"explain", "ACCOUNT OPERATION [WORD...]",
     "show what the hooks would do to a call, without sending it", plugin_run_explain},
    {"test", "[FILE...]", "run the tests of plugins", plugin_run_test},
    {NULL, NULL, NULL, NULL},
};

const command command_plugin = {
    .name = "plugin",
    .summary = "write, check, test and explain plugins",
    .description =
        "The guide to plugins is thingspace-plugin(7).\n"
        "\n"
        "`plugin new` writes NAME.lua and NAME_test.lua, or with --c NAME.c and NAME_test.lua; "
        "never over another file.\n"
        "\n"
        "`plugin check` reads scripts (.lua) without running them, and loads compiled plugins "
        "(.so) for their manifest.\n"
        "\n"
        "`plugin explain` does all that comes before the request is sent, and shows each hook with "
        "its time, what it answered and what it changed. OPERATION and its words are those of the "
        "commands: `register SERVICE URL`, `list`, `deregister SERVICE`, `call METHOD PATH`, "
        "with --api for another API. A denial is an answer, too. Nobody waits, but waits that "
        "together go beyond the call's deadline fail it as they would; hooks that need an answer, "
        "or the end of the call, are named and not run. With --time hooks in Lua see another time "
        "as "
        "`thingspace.time_ms()`, for windows of guard.\n"
        "\n"
        "`plugin test` runs each FILE (NAME_test.lua, or NAME or NAME.lua with its test beside it, "
        "or "
        "a folder of tests) with the limits that hooks have; without a FILE all tests of the "
        "current folder. It prints TAP.",
    .json = "new: {\"name\", \"files\": [FILE]}.\n\n"
            "check: {\"file\", \"name\", \"version\", \"capabilities\": [NAME], \"hooks\": "
            "[PHASE], \"findings\": [{\"line\", \"severity\": \"error\" or \"warning\", "
            "\"rule\", \"message\"}]}, an array of them for several files.\n\n"
            "list: {\"instances\": [{\"plugin\", \"instance\", \"version\", \"file\", "
            "\"tenant\", \"row\", \"priority\", \"onError\", \"required\", \"capabilities\": "
            "[NAME], \"hooks\": [PHASE], \"runs\", \"failures\", \"skipped\", \"restsMs\"}], "
            "\"order\": [{\"tenant\", \"phase\", \"instances\": [{\"instance\", \"tenant\", "
            "\"priority\", \"why\"}]}], \"errors\": [{\"tenant\", \"message\", \"script\", "
            "\"line\"}]}.\n\n"
            "explain: {\"accountName\", \"operation\", \"api\", \"tenant\", \"method\", "
            "\"url\", \"headers\": {NAME: TEXT}, \"body\", \"hooks\": [{\"plugin\", "
            "\"instance\", \"tenant\", \"phase\", \"verdict\", \"wait_ms\", \"us\", \"note\", "
            "\"changes\": [{\"field\", \"before\", \"after\"}]}], \"notRun\": [{\"plugin\", "
            "\"instance\", \"tenant\", \"phase\"}], \"error\": {\"kind\", \"message\", "
            "\"status\", \"code\", \"account\", \"plugin\", \"instance\", \"tenant\", "
            "\"phase\", \"file\", \"line\"}}; verdict is one of those of t.run in "
            "thingspace-plugin(7), or rested.\n\n"
            "test: a line {\"file\", \"plugin\", \"tests\": [{\"name\", \"ok\", \"message\", "
            "\"line\", \"ms\"}]} for each file.\n\n"
            "Members that do not apply are left out.",
    .exits = "3 when a check finds an error, when a test fails, when a plugin fails, and when a "
             "tenant's script or plugins do not load (list, which shows the others); a denial "
             "that is explained is 0; other failures have the status that the call would have. 9 "
             "when a file cannot be read, or is there already.",
    .options = own_options,
    .actions = actions,
    .examples = examples,
};
