/* SPDX-License-Identifier: MIT */
/* See help.h. */
#include <config.h>
#include <string.h>
#include "cli/help.h"

/* Lines of help are at most so wide, and what explains a word begins at its column. */
#define WIDTH  80
#define COLUMN 26

/* ---- paragraphs ---- */

/* Words from `column` on, broken at WIDTH; later lines begin at `indent`. */
static void print_wrapped(FILE *out, const char *text, size_t indent, size_t column)
{
    while (*text) {
        size_t size = strcspn(text, " \n");
        if (column > indent && column + 1 + size > WIDTH) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", (int)size, text);
        column += size;
        text += size;
        if (strncmp(text, "\n\n", 2) == 0) {
            fprintf(out, "\n\n%*s", (int)indent, "");
            column = indent;
        }
        text += strspn(text, " \n");
    }
    fputc('\n', out);
}

/* "  WORD   what it means" */
static void print_entry(FILE *out, const char *word, const char *text)
{
    int size = fprintf(out, "  %s", word);
    if (size + 2 > COLUMN) {
        fprintf(out, "\n%*s", COLUMN, "");
    } else {
        fprintf(out, "%*s", COLUMN - size, "");
    }
    print_wrapped(out, text, COLUMN, COLUMN);
}

/* ---- options ---- */

static void print_option(FILE *out, const option *option)
{
    char word[64];
    char letter[] = {'-', option->letter, ',', ' ', '\0'};
    snprintf(word, sizeof(word), "%s--%s%s%s", option->letter ? letter : "", option->name,
             option->value ? " " : "", option->value ? option->value : "");
    print_entry(out, word, option->doc);
}

static void print_options(FILE *out, const char *title, const option *options)
{
    fprintf(out, "\n%s:\n", title);
    for (const option *row = options; row->name; row++)
        if (row->kind != OPTION_REFUSED)
            print_option(out, row);
}

/* ---- one command ---- */

static void print_usage(FILE *out, const command *command)
{
    if (command->actions)
        for (const action *row = command->actions; row->name; row++)
            fprintf(out, "%s thingspace %s %s%s%s\n", row == command->actions ? "Usage:" : "      ",
                    command->name, row->name, *row->arguments ? " " : "", row->arguments);
    else
        fprintf(out, "Usage: thingspace %s [OPTIONS]%s%s\n", command->name,
                *command->arguments ? " " : "", command->arguments);
}

static void print_actions(FILE *out, const action *actions)
{
    fputc('\n', out);
    for (const action *row = actions; row->name; row++)
        print_entry(out, row->name, row->summary);
}

static void print_examples(FILE *out, const example *examples)
{
    fputs("\nExamples:\n", out);
    for (const example *row = examples; row->words; row++)
        fprintf(out, "  # %s\n  thingspace %s\n", row->what, row->words);
}

void help_command(FILE *out, const command *command)
{
    print_usage(out, command);
    fputc('\n', out);
    print_wrapped(out, command->description, 0, 0);
    if (command->actions)
        print_actions(out, command->actions);
    if (command->options)
        print_options(out, "Options", command->options);
    print_options(out, "Options of every command", global_options);
    if (command->json) {
        fputs("\nWith --output json:\n  ", out);
        print_wrapped(out, command->json, 2, 2);
    }
    if (command->exits) {
        fputs("\nExit status:\n  ", out);
        print_wrapped(out, command->exits, 2, 2);
    }
    print_examples(out, command->examples);
}

/* ---- all commands ---- */

void help_short(FILE *out)
{
    fputs("Usage: thingspace [OPTIONS] COMMAND ...\n"
          "\n"
          "Registers callback listeners with Verizon ThingSpace.\n"
          "\n",
          out);
    for (const command *const *row = commands; *row; row++)
        print_entry(out, (*row)->name, (*row)->summary);
    fputs("\n`thingspace COMMAND --help` tells more, `man thingspace` all of it.\n", out);
}

static const char credentials[] =
    "Accounts, endpoints and credentials come from a policy, see `man thingspace-policy`. Without "
    "one the variables THINGSPACE_KEY, THINGSPACE_SECRET, THINGSPACE_USERNAME and "
    "THINGSPACE_PASSWORD are the credential; each may end in _FILE and name a file. What is "
    "missing is asked for on a terminal.\n"
    "\n"
    "Exit status: 0 done, 1 refused by the service, 2 wrong words, 3 policy or plugin, 4 "
    "credential "
    "or login, 5 network, 6 differences (with --exit-code), 7 partly done, 8 refused for safety: "
    "stale, another one at work, or in need of an option such as --replace, --take-over or "
    "--force, "
    "9 files or memory of this machine, 70 a bug, 130 interrupted, or the answer was not yes.";

void help_all(FILE *out)
{
    help_short(out);
    print_options(out, "Options", global_options);
    fputc('\n', out);
    print_wrapped(out, credentials, 0, 0);
}
