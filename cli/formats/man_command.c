/* SPDX-License-Identifier: MIT */
/* The page of one command, thingspace-plan(1), in mdoc from its table. */
#include <config.h>
#include <ctype.h>
#include <string.h>
#include "cli/command.h"
#include "cli/formats/formats.h"
#include "cli/formats/man_text.h"

/* Where a reader of a command's page goes on, beside thingspace(1). */
static const struct {
    const char *command, *pages; /* pages with ", " between */
} related[] = {
    {"apply", "thingspace-plan 1, thingspace-plan 5, thingspace-policy 5, thingspace-state 5"},
    {"audit", "thingspace-audit 5, thingspace-plugins 7"},
    {"auth", "thingspace_auth 3, thingspace-credentials 5, thingspace-state 5"},
    {"call", "thingspace-register 1, thingspace_callbacks 3"},
    {"deregister", "thingspace-list 1, thingspace-register 1, thingspace_callbacks 3"},
    {"import", "thingspace-plan 1, thingspace-policy 5"},
    {"list", "thingspace-plan 1, thingspace-register 1, thingspace_callbacks 3"},
    {"plan", "thingspace-apply 1, thingspace-import 1, thingspace_plan 3, thingspace-plan 5, "
             "thingspace-policy 5"},
    {"plugin", "thingspace_plugin 3, thingspace-plugin 7, thingspace-plugins 7"},
    {"policy", "thingspace_policy 3, thingspace-policy 5"},
    {"register", "thingspace-deregister 1, thingspace-list 1, thingspace-services 1, "
                 "thingspace_callbacks 3"},
    {"services", "thingspace-register 1, thingspace_services 3"},
    {"simulate", "thingspace_simulator 3"},
};

static void put_head(FILE *out, const command *command)
{
    fputs(".\\\" SPDX-License-Identifier: MIT\n"
          ".\\\" Written by the build from the table of the command.\n"
          ".Dd November 23, 2026\n"
          ".Dt THINGSPACE-",
          out);
    for (const char *letter = command->name; *letter; letter++)
        fputc(toupper((unsigned char)*letter), out);
    fprintf(out, " 1\n.Os\n.Sh NAME\n.Nm thingspace-%s\n.Nd %s\n", command->name, command->summary);
}

static void put_line(FILE *out, const char *command, const char *action, const char *arguments)
{
    fprintf(out, ".Nm thingspace Cm %s%s%s\n.Op Ar OPTIONS\n", command, action ? " " : "",
            action ? action : "");
    if (!*arguments)
        return;
    fputs(".Ar", out);
    man_text_put_argument(out, arguments);
    fputc('\n', out);
}

static void put_synopsis(FILE *out, const command *command)
{
    fputs(".Sh SYNOPSIS\n", out);
    if (!command->actions)
        put_line(out, command->name, NULL, command->arguments);
    for (const action *row = command->actions; row && row->name; row++)
        put_line(out, command->name, row->name, row->arguments);
}

static void put_description(FILE *out, const command *command)
{
    fputs(".Sh DESCRIPTION\n", out);
    if (command->actions) {
        fputs(".Bl -tag -width Ds\n", out);
        for (const action *row = command->actions; row->name; row++) {
            fprintf(out, ".It Cm %s %s\n", command->name, row->name);
            man_text_put_summary(out, row->summary);
        }
        fputs(".El\n.Pp\n", out);
    }
    man_text_put_paragraphs(out, command->description);
}

static void put_own_options(FILE *out, const command *command)
{
    fputs(".Sh OPTIONS\n", out);
    if (command->options)
        man_text_put_options(out, command->options);
    fputs(command->options ? ".Pp\nOptions" : "Options", out);
    fputs(" that every command takes are in\n.Xr thingspace 1 .\n", out);
}

static void put_exit_status(FILE *out, const command *command)
{
    fputs(".Sh EXIT STATUS\nThe list is in\n.Xr thingspace 1 .\n", out);
    if (command->exits)
        man_text_put_paragraphs(out, command->exits);
}

static void put_examples(FILE *out, const command *command)
{
    const char *paragraph = "";
    fputs(".Sh EXAMPLES\n", out);
    for (const example *row = command->examples; row->words; row++) {
        fputs(paragraph, out);
        paragraph = ".Pp\n";
        man_text_put_caption(out, row->what);
        fputs(".Bd -literal -offset indent\n$ thingspace ", out);
        man_text_put(out, row->words);
        fputs("\n.Ed\n", out);
    }
}

static void put_json(FILE *out, const command *command)
{
    if (!command->json)
        return;
    fputs(".Sh JSON OUTPUT\nWith\n.Fl \\-output Ar json :\n.Pp\n", out);
    man_text_put_paragraphs(out, command->json);
}

static void put_see_also(FILE *out, const command *command)
{
    fputs(".Sh SEE ALSO\n.Xr thingspace 1", out);
    for (size_t i = 0; i < sizeof(related) / sizeof(related[0]); i++) {
        if (strcmp(related[i].command, command->name) != 0)
            continue;
        for (const char *page = related[i].pages; *page;) {
            size_t size = strcspn(page, ",");
            fprintf(out, " ,\n.Xr %.*s", (int)size, page);
            page += size;
            page += strspn(page, ", ");
        }
    }
    fputc('\n', out);
}

void formats_man_command(FILE *out, const command *command)
{
    put_head(out, command);
    put_synopsis(out, command);
    put_description(out, command);
    put_own_options(out, command);
    put_json(out, command);
    put_exit_status(out, command);
    put_examples(out, command);
    put_see_also(out, command);
}
