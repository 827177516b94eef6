/* SPDX-License-Identifier: MIT */
/* thingspace(1) in mdoc, from the tables of commands; what is said here alone is in the tables
 * below. */
#include <config.h>
#include <string.h>
#include <thingspace/status.h>
#include "cli/command.h"
#include "cli/formats/formats.h"
#include "cli/formats/man_text.h"

typedef struct entry {
    const char *name, *text;
} entry;

static const entry environment[] = {
    {"THINGSPACE_POLICY", "The policy script, after --policy."},
    {"THINGSPACE_URL",
     "The host of the endpoint environment, from which the API's base and the token URL derive."},
    {"THINGSPACE_API_URL, THINGSPACE_TOKEN_URL",
     "The same as two URLs; both or none, and not with THINGSPACE_URL."},
    {"THINGSPACE_KEY, THINGSPACE_SECRET",
     "Application key and secret of the credential environment. As THINGSPACE_KEY_FILE and "
     "THINGSPACE_SECRET_FILE the name of a file with them; one form only. What is missing is asked "
     "for on a terminal."},
    {"THINGSPACE_USERNAME, THINGSPACE_PASSWORD",
     "UWS username and password of the credential environment; also with _FILE."},
    {"THINGSPACE_STATE_DIR, STATE_DIRECTORY", "The state directory, after --state-dir."},
    {"THINGSPACE_PLUGIN_PATH",
     "Folders with colons between in which plugins are looked for by name, after --plugin-path."},
    {"XDG_STATE_HOME, XDG_CONFIG_HOME, HOME", "Where the files below are."},
    {"CREDENTIALS_DIRECTORY", "Where secret.credential of a policy finds its files."},
    {"NO_COLOR", "Set to anything: no colour, unless --color always."},
};

static const entry files[] = {
    {"~/.config/thingspace/policy.lua", "The policy, when neither --policy nor THINGSPACE_POLICY "
                                        "names one and no THINGSPACE_KEY or _KEY_FILE is set."},
    {"/etc/thingspace/policy.lua", "The same, when that one does not exist."},
    {"/var/lib/thingspace", "The state directory of root: tokens, locks, failed logins."},
    {"~/.local/state/thingspace", "The state directory of everybody else."},
};

static void put_entries(FILE *out, const char *macro, const entry *entries, size_t count)
{
    fputs(".Bl -tag -width Ds\n", out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, ".It %s", macro);
        man_text_put_argument(out, entries[i].name);
        fputc('\n', out);
        man_text_put_paragraphs(out, entries[i].text);
    }
    fputs(".El\n", out);
}

static void put_commands(FILE *out)
{
    fputs(".Sh COMMANDS\n"
          "Options stand before or after the command.\n"
          "After\n.Fl \\-\ncome words alone.\n"
          "Each command has a page of its own:\n"
          ".Bl -tag -width Ds\n",
          out);
    for (const command *const *row = commands; *row; row++) {
        fprintf(out, ".It Xr thingspace-%s 1\n", (*row)->name);
        man_text_put_summary(out, (*row)->summary);
    }
    fputs(".El\n", out);
}

/* ---- the rest ---- */

static void put_head(FILE *out)
{
    fputs(".\\\" SPDX-License-Identifier: MIT\n"
          ".\\\" Written by the build from the tables of the command.\n"
          ".Dd November 23, 2026\n"
          ".Dt THINGSPACE 1\n"
          ".Os\n"
          ".Sh NAME\n"
          ".Nm thingspace\n"
          ".Nd register callback listeners with Verizon ThingSpace\n"
          ".Sh SYNOPSIS\n"
          ".Nm\n"
          ".Op Ar OPTIONS\n"
          ".Ar COMMAND\n"
          ".Op Ar ARGUMENTS\n"
          ".Sh DESCRIPTION\n"
          ".Nm\n"
          "registers the URLs that callback messages of the ThingSpace service are\n"
          "sent to, shows and removes them, and calls any other operation of the API.\n"
          "Which accounts there are, with which credentials and endpoints, a policy\n"
          "tells; see\n"
          ".Xr thingspace-policy 5 .\n"
          "Without a policy the environment does, see\n"
          ".Sx ENVIRONMENT .\n"
          ".Pp\n"
          "A value is taken from the command line, then from the policy, then from\n"
          "what is built in.\n"
          "Passwords and keys are never words of the command line, because every user\n"
          "of the machine can read these.\n"
          ".Sh OPTIONS\n"
          "Every command takes these:\n",
          out);
    man_text_put_options(out, global_options);
}

static void put_exit_status(FILE *out)
{
    static const struct {
        const char *kind, *meaning;
        int exit_status;
    } rows[] = {
#define X(name, value, kind, exit_status, meaning) {kind, meaning, exit_status},
        THINGSPACE_STATUS_MAP(X)
#undef X
    };
    fputs(".Sh EXIT STATUS\n"
          "Each kind of failure has a name, which begins the message and is\n"
          ".Ar kind\n"
          "of the JSON error.\n"
          ".Bl -column \"Exit\" \"cancelled\" \"what it means\"\n"
          ".It Sy Exit Ta Sy Kind Ta Sy Meaning\n",
          out);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fprintf(out, ".It %d Ta %s Ta ", rows[i].exit_status, rows[i].kind);
        man_text_put(out, rows[i].meaning);
        fputc('\n', out);
    }
    fputs(".El\n", out);
}

static void put_json(FILE *out)
{
    fputs(".Sh JSON OUTPUT\n"
          "With\n"
          ".Fl \\-output Ar json\n"
          "standard output holds one document, which the page of each command shows.\n"
          ".Pp\n"
          "A dry run prints {\"method\", \"url\", \"headers\", \"body\", \"hooks\"}; an array of\n"
          "them when it stands for several requests.\n"
          ".Pp\n"
          "An error is one object on standard error, with the members that apply:\n"
          "{\"error\": {\"kind\", \"message\", \"status\", \"code\", \"account\", \"plugin\",\n"
          "\"instance\", \"tenant\", \"phase\", \"file\", \"line\", \"errors\"}, \"warnings\"}.\n"
          ".Ar tenant\n"
          "is there when the row, the script or an instance of a tenant failed; what an\n"
          "instance of the operator denies a tenant's call has none, and\n"
          ".Ar account\n"
          "tells whose call it was.\n"
          "When some things failed and others are done, the results are on standard\n"
          "output, and the error is of kind\n"
          ".Ar partial\n"
          "with the single ones in\n"
          ".Ar errors .\n",
          out);
}

static void put_examples(FILE *out)
{
    const char *paragraph = "";
    fputs(".Sh EXAMPLES\n", out);
    for (const command *const *command = commands; *command; command++) {
        const example *first = (*command)->examples;
        fputs(paragraph, out);
        paragraph = ".Pp\n";
        man_text_put_caption(out, first->what);
        fputs(".Bd -literal -offset indent\n$ thingspace ", out);
        man_text_put(out, first->words);
        fputs("\n.Ed\n", out);
    }
}

static void put_see_also(FILE *out)
{
    static const char *const pages[] = {
        "thingspace 3",        "thingspace-audit 5",   "thingspace-credentials 5",
        "thingspace-plan 5",   "thingspace-policy 5",  "thingspace-state 5",
        "thingspace-plugin 7", "thingspace-plugins 7", "thingspace-drift 8",
    };
    fputs(".Sh SEE ALSO\n", out);
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
        fprintf(out, ".Xr %s%s\n", pages[i], i + 1 < sizeof(pages) / sizeof(pages[0]) ? " ," : "");
}

void formats_man(FILE *out)
{
    put_head(out);
    put_commands(out);
    fputs(".Sh ENVIRONMENT\n", out);
    put_entries(out, "Ev", environment, sizeof(environment) / sizeof(environment[0]));
    fputs(".Pp\nProxy variables are not read; see\n.Fl \\-proxy .\n.Sh FILES\n", out);
    put_entries(out, "Pa", files, sizeof(files) / sizeof(files[0]));
    put_exit_status(out);
    put_json(out);
    put_examples(out);
    put_see_also(out);
}
