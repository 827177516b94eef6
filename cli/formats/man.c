/* SPDX-License-Identifier: MIT */
/* thingspace(1) in mdoc, from the tables of commands; what is said here alone is in the tables
 * below. */
#include <config.h>
#include <string.h>
#include <thingspace/status.h>
#include "cli/command.h"
#include "cli/formats/formats.h"

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

/* ---- text ---- */

/* Lines of the source are at most so long. */
#define WIDTH 78

/* What troff would make something else of. */
static const char *escape_of(char letter)
{
    switch (letter) {
    case '\\':
        return "\\e";
    case '-':
        return "\\-";
    case '`':
        return "\\(ga";
    case '\'':
        return "\\(aq";
    case '~':
        return "\\(ti";
    case '^':
        return "\\(ha";
    default:
        return NULL;
    }
}

static size_t put_letters(FILE *out, const char *text, size_t size)
{
    size_t width = 0;
    for (size_t i = 0; i < size; i++) {
        const char *escape = escape_of(text[i]);
        if (escape)
            fputs(escape, out);
        else
            fputc(text[i], out);
        width += escape ? strlen(escape) : 1;
    }
    return width;
}

static void put_text(FILE *out, const char *text)
{
    put_letters(out, text, strlen(text));
}

/* Words in lines of the source; none begins with what would be a macro. */
static void put_wrapped(FILE *out, const char *text, size_t size)
{
    size_t column = 0;
    while (size > 0) {
        size_t word = 0;
        while (word < size && text[word] != ' ')
            word++;
        /* every letter may become an escape, which is short for what is rare */
        if (column > 0 && column + 1 + word + 6 > WIDTH) {
            fputc('\n', out);
            column = 0;
        } else if (column > 0) {
            fputc(' ', out);
            column++;
        }
        if (column == 0 && word > 0 && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        column += put_letters(out, text, word);
        word += word < size;
        text += word;
        size -= word;
    }
    fputc('\n', out);
}

/* Each sentence begins a line, as mdoc wants. */
static void put_sentences(FILE *out, const char *text, size_t size)
{
    const char *end = text + size, *stop;
    while ((stop = strstr(text, ". ")) && stop < end) {
        put_wrapped(out, text, (size_t)(stop - text) + 1);
        text = stop + 2;
    }
    put_wrapped(out, text, (size_t)(end - text));
}

static void put_paragraphs(FILE *out, const char *text)
{
    while (*text) {
        size_t size = strcspn(text, "\n");
        put_sentences(out, text, size);
        text += size;
        if (*text)
            fputs(".Pp\n", out);
        text += strspn(text, "\n");
    }
}

/* A summary or the doc of an option: begins small and has no dot. */
static void put_summary(FILE *out, const char *text)
{
    char sentence[512];
    snprintf(sentence, sizeof(sentence), "%s.", text);
    if (*sentence >= 'a' && *sentence <= 'z')
        *sentence = (char)(*sentence - 'a' + 'A');
    put_sentences(out, sentence, strlen(sentence));
}

/* An argument of a macro; blanks inside it need quotes. */
static void put_argument(FILE *out, const char *text)
{
    fputs(" \"", out);
    put_text(out, text);
    fputc('"', out);
}

static void put_entries(FILE *out, const char *macro, const entry *entries, size_t count)
{
    fputs(".Bl -tag -width Ds\n", out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, ".It %s", macro);
        put_argument(out, entries[i].name);
        fputc('\n', out);
        put_paragraphs(out, entries[i].text);
    }
    fputs(".El\n", out);
}

/* ---- options and commands ---- */

static void put_options(FILE *out, const option *options)
{
    fputs(".Bl -tag -width Ds\n", out);
    for (const option *row = options; row->name; row++) {
        if (row->kind == OPTION_REFUSED)
            continue;
        fputs(".It ", out);
        if (row->letter)
            fprintf(out, "Fl %c , ", row->letter);
        fputs("Fl \\-", out);
        put_text(out, row->name);
        if (row->value)
            fprintf(out, " Ar %s", row->value);
        fputc('\n', out);
        put_summary(out, row->doc);
    }
    fputs(".El\n", out);
}

static void put_synopsis(FILE *out, const char *command, const char *action, const char *arguments)
{
    fputs(".It Nm", out);
    fprintf(out, " Cm %s%s%s", command, action ? " " : "", action ? action : "");
    if (*arguments) {
        fputs(" Ar", out);
        put_argument(out, arguments);
    }
    fputc('\n', out);
}

static void put_command_options(FILE *out, const command *command)
{
    if (command->options) {
        fputs(".Pp\nOptions:\n", out);
        put_options(out, command->options);
    }
    if (command->exits) {
        fputs(".Pp\nExit status:\n", out);
        put_paragraphs(out, command->exits);
    }
}

static void put_actions(FILE *out, const command *command)
{
    fprintf(out, ".Ss %s\n.Bl -tag -width Ds\n", command->name);
    for (const action *row = command->actions; row->name; row++) {
        put_synopsis(out, command->name, row->name, row->arguments);
        put_summary(out, row->summary);
    }
    fputs(".El\n.Pp\n", out);
    put_paragraphs(out, command->description);
    put_command_options(out, command);
}

static void put_command(FILE *out, const command *command)
{
    if (command->actions) {
        put_actions(out, command);
        return;
    }
    fprintf(out, ".Ss %s\n.Bl -tag -width Ds\n", command->name);
    put_synopsis(out, command->name, NULL, command->arguments);
    put_summary(out, command->summary);
    fputs(".El\n.Pp\n", out);
    put_paragraphs(out, command->description);
    put_command_options(out, command);
}

static void put_commands(FILE *out)
{
    fputs(".Sh COMMANDS\n"
          "Options stand before or after the command.\n"
          "After\n.Fl \\-\ncome words alone.\n",
          out);
    for (const command *const *row = commands; *row; row++)
        put_command(out, *row);
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
    put_options(out, global_options);
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
        put_text(out, rows[i].meaning);
        fputc('\n', out);
    }
    fputs(".El\n", out);
}

static void put_json_row(FILE *out, const command *command)
{
    if (!command->json)
        return;
    fprintf(out, ".It Cm %s\n", command->name);
    put_wrapped(out, command->json, strlen(command->json));
}

static void put_json(FILE *out)
{
    fputs(".Sh JSON OUTPUT\n"
          "With\n"
          ".Fl \\-output Ar json\n"
          "standard output holds one document:\n"
          ".Bl -tag -width Ds\n",
          out);
    for (const command *const *row = commands; *row; row++)
        put_json_row(out, *row);
    fputs(".El\n"
          ".Pp\n"
          "A dry run prints {\"method\", \"url\", \"headers\", \"body\", \"hooks\"}; an array of\n"
          "them when it stands for several requests.\n"
          ".Pp\n"
          "An error is one object on standard error, with the members that apply:\n"
          "{\"error\": {\"kind\", \"message\", \"status\", \"code\", \"account\", \"plugin\",\n"
          "\"instance\", \"phase\", \"file\", \"line\", \"errors\"}, \"warnings\"}.\n"
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
        for (const example *row = (*command)->examples; row->words; row++) {
            fputs(paragraph, out);
            paragraph = ".Pp\n";
            put_text(out, row->what);
            fputs(":\n.Bd -literal -offset indent\n$ thingspace ", out);
            put_text(out, row->words);
            fputs("\n.Ed\n", out);
        }
    }
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
    fputs(".Sh SEE ALSO\n.Xr thingspace-policy 5 ,\n.Xr thingspace-plugin 7\n", out);
}
