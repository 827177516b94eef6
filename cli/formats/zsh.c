/* SPDX-License-Identifier: MIT */
/* The completion of zsh: specifications for its _arguments, with what each option does. */
#include <config.h>
#include <string.h>
#include "cli/command.h"
#include "cli/formats/formats.h"
#include "cli/synopsis.h"

/* Inside single quotes and, for _arguments, brackets. */
static void put_quoted(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", out);
        else if (strchr("[]:\\", *text))
            fprintf(out, "\\%c", *text);
        else
            fputc(*text, out);
    }
}

static void put_value(FILE *out, const option *option)
{
    fprintf(out, ":%s:", option->value);
    if (option->kind == OPTION_CHOICE)
        fprintf(out, "(%s)", option->choices);
    else if (option->kind == OPTION_FILE)
        fputs("_files", out);
    else if (option->kind == OPTION_FOLDER)
        fputs("_files -/", out);
    else
        fputs(" ", out);
}

static void put_option(FILE *out, const option *option, const char *indent)
{
    fprintf(out, "%s'%s--%s%s[", indent, option->repeats ? "*" : "", option->name,
            option->value ? "=" : "");
    put_quoted(out, option->doc);
    fputc(']', out);
    if (option->value)
        put_value(out, option);
    fputs("'\n", out);
    if (!option->letter)
        return;
    fprintf(out, "%s'%s-%c[", indent, option->repeats ? "*" : "", option->letter);
    put_quoted(out, option->doc);
    fputs("]'\n", out);
}

static void put_options(FILE *out, const option *options, const char *indent)
{
    for (const option *row = options; row && row->name; row++)
        if (row->kind != OPTION_REFUSED)
            put_option(out, row, indent);
}

static void put_arguments(FILE *out, const command *command)
{
    synopsis_word word;
    for (size_t i = 0; synopsis_at(command->arguments, i, &word); i++) {
        fputs("                '", out);
        if (word.repeats)
            fputc('*', out);
        else
            fprintf(out, "%zu", i + 1);
        fprintf(out, ":%s:", word.name);
        if (formats_has_choices(word.name)) {
            fputc('(', out);
            formats_put_choices(out, word.name);
            fputc(')', out);
        } else {
            fputc(' ', out);
        }
        fputs("'\n", out);
    }
    if (command->takes_program)
        fputs("                '*::program:_normal'\n", out);
}

static void put_actions(FILE *out, const command *command)
{
    fputs("                '1:what to do:((", out);
    for (const action *row = command->actions; row->name; row++) {
        fprintf(out, "%s%s\\:\"", row == command->actions ? "" : " ", row->name);
        put_quoted(out, row->summary);
        fputc('"', out);
    }
    fprintf(out, "))'\n                '%s'\n",
            formats_takes_files(command) ? "*:file:_files" : "2: : ");
}

static void put_command(FILE *out, const command *command)
{
    fprintf(out, "        %s)\n            specs+=(\n", command->name);
    put_options(out, command->options, "                ");
    if (command->actions)
        put_actions(out, command);
    else
        put_arguments(out, command);
    fputs("            ) ;;\n", out);
}

static void put_commands(FILE *out)
{
    fputs("    commands=(\n        'help:print help'\n", out);
    for (const command *const *row = commands; *row; row++) {
        fprintf(out, "        '%s:", (*row)->name);
        put_quoted(out, (*row)->summary);
        fputs("'\n", out);
    }
    fputs("    )\n", out);
}

void formats_zsh(FILE *out)
{
    fputs("#compdef thingspace\n"
          "# zsh completion of thingspace, written by its build\n"
          "\n"
          "_thingspace() {\n"
          "    local curcontext=\"$curcontext\" state line\n"
          "    typeset -A opt_args\n"
          "    local -a specs commands\n"
          "    specs=(\n",
          out);
    put_options(out, global_options, "        ");
    fputs("    )\n", out);
    put_commands(out);
    fputs("    _arguments -C $specs '1:command:->command' '*::argument:->argument' && return\n"
          "    case $state in\n"
          "    command) _describe -t commands command commands ;;\n"
          "    argument)\n"
          "        curcontext=\"${curcontext%:*}-$words[1]:\"\n"
          "        case $words[1] in\n"
          "        help) specs=('1:command:->command') ;;\n",
          out);
    for (const command *const *row = commands; *row; row++)
        put_command(out, *row);
    fputs("        *) return 1 ;;\n"
          "        esac\n"
          "        _arguments -C $specs && return\n"
          "        [[ $state == command ]] && _describe -t commands command commands ;;\n"
          "    esac\n"
          "}\n"
          "\n"
          "if [[ $funcstack[1] == _thingspace ]]; then\n"
          "    _thingspace \"$@\"\n"
          "else\n"
          "    compdef _thingspace thingspace\n"
          "fi\n",
          out);
}
