/* SPDX-License-Identifier: MIT */
/* The completion of fish. One helper reads the line as the parser does. */
#include <config.h>
#include "cli/command.h"
#include "cli/formats/formats.h"
#include "cli/synopsis.h"

static void put_quoted(FILE *out, const char *text)
{
    fputc('\'', out);
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputc('\'', out);
}

static void put_valued(FILE *out, const option *options)
{
    for (const option *row = options; row && row->name; row++)
        if (row->value)
            fprintf(out, " --%s", row->name);
}

static void put_helper(FILE *out)
{
    fputs("# fish completion of thingspace, written by its build\n"
          "\n"
          "# Whether the word under the cursor has the number $argv[2] (from 0, options not "
          "counted)\n"
          "# after the command $argv[1]; without a number any word counts. $argv[3] is the action "
          "that\n"
          "# it must belong to, and $argv[4] the operation that is explained.\n"
          "function __thingspace_at\n"
          "    set -l words\n"
          "    set -l skip 0\n"
          "    set -l tokens (commandline -opc)\n"
          "    for token in $tokens[2..-1]\n"
          "        if test $skip = 1\n"
          "            set skip 0\n"
          "        else if contains -- $token",
          out);
    for (const command *const *row = commands; *row; row++)
        put_valued(out, (*row)->options);
    put_valued(out, global_options);
    fputs("\n"
          "            set skip 1\n"
          "        else if not string match -q -- '-*' $token\n"
          "            set -a words $token\n"
          "        end\n"
          "    end\n"
          "    test \"$argv[1]\" = \"$words[1]\"; or return 1\n"
          "    test (count $argv) -lt 2; and return 0\n"
          "    test (count $argv) -lt 3; or test \"$argv[3]\" = \"$words[2]\"; or return 1\n"
          "    test (count $argv) -lt 4; or test \"$argv[4]\" = \"$words[4]\"; or return 1\n"
          "    set -l at (math (count $words) - 1)\n"
          "    string match -q -- '*+' $argv[2]; and test $at -ge (string trim -c + $argv[2])\n"
          "    or test $at = $argv[2]\n"
          "end\n"
          "\n"
          "complete -c thingspace -f\n",
          out);
}

static void put_option(FILE *out, const option *option, const char *command)
{
    fputs("complete -c thingspace", out);
    if (command)
        fprintf(out, " -n '__thingspace_at %s'", command);
    fprintf(out, " -l %s", option->name);
    if (option->letter)
        fprintf(out, " -s %c", option->letter);
    if (option->kind == OPTION_CHOICE)
        fprintf(out, " -x -a '%s'", option->choices);
    else if (option->kind == OPTION_FILE)
        fputs(" -r -F", out);
    else if (option->kind == OPTION_FOLDER)
        fputs(" -x -a '(__fish_complete_directories)'", out);
    else if (option->value)
        fputs(" -x", out);
    fputs(" -d ", out);
    put_quoted(out, option->doc);
    fputc('\n', out);
}

static void put_options(FILE *out, const option *options, const char *command)
{
    for (const option *row = options; row && row->name; row++)
        if (row->kind != OPTION_REFUSED)
            put_option(out, row, command);
}

/* `of`: the action and the operation that it stands behind. */
static void put_word(FILE *out, const char *command, size_t index, const char *of,
                     const synopsis_word *word)
{
    bool file = formats_is_file(word->name);
    if (!file && !formats_has_choices(word->name))
        return;
    fprintf(out, "complete -c thingspace -n '__thingspace_at %s %zu%s%s' ", command, index,
            word->repeats ? "+" : "", of);
    if (file) {
        fputs("-F\n", out);
        return;
    }
    fputs("-a '", out);
    formats_put_choices(out, word->name);
    fputs("'\n", out);
}

static void put_operation_words(FILE *out, const char *command, const action *action, size_t at)
{
    const char *operation;
    char of[64];
    synopsis_word word;
    for (size_t i = 0; (operation = formats_operation_at(i)); i++)
        for (size_t j = 0; formats_operation_word(operation, j, &word); j++) {
            snprintf(of, sizeof(of), " %s %s", action->name, operation);
            word.repeats = false;
            put_word(out, command, at + 1 + j, of, &word);
        }
}

static void put_action(FILE *out, const char *command, const action *action)
{
    char of[32];
    synopsis_word word;
    fprintf(out, "complete -c thingspace -n '__thingspace_at %s 0' -a %s -d ", command,
            action->name);
    put_quoted(out, action->summary);
    fputc('\n', out);
    snprintf(of, sizeof(of), " %s", action->name);
    for (size_t i = 0; synopsis_at(action->arguments, i, &word); i++) {
        put_word(out, command, i + 1, of, &word);
        if (formats_is_operation(word.name))
            put_operation_words(out, command, action, i + 1);
    }
}

static void put_command(FILE *out, const command *command)
{
    synopsis_word word;
    fprintf(out, "complete -c thingspace -n '__thingspace_at \"\"' -a %s -d ", command->name);
    put_quoted(out, command->summary);
    fprintf(out, "\ncomplete -c thingspace -n '__thingspace_at help' -a %s\n", command->name);
    put_options(out, command->options, command->name);
    for (size_t i = 0; synopsis_at(command->arguments, i, &word); i++)
        put_word(out, command->name, i, "", &word);
    for (const action *row = command->actions; row && row->name; row++)
        put_action(out, command->name, row);
    if (command->takes_program)
        fprintf(out,
                "complete -c thingspace -n '__thingspace_at %s; and contains -- -- (commandline "
                "-opc)' -a '(__fish_complete_subcommand)'\n",
                command->name);
}

void formats_fish(FILE *out)
{
    put_helper(out);
    put_options(out, global_options, NULL);
    fputs("complete -c thingspace -n '__thingspace_at \"\"' -a help -d 'print help'\n", out);
    for (const command *const *row = commands; *row; row++)
        put_command(out, *row);
}
