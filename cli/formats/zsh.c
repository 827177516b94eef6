/* SPDX-License-Identifier: MIT */
/*
 * The completion of zsh: specifications for its _arguments, with what each option does. Which ones
 * count is decided by the words so far, read as the parser does: options with their values stepped
 * over.
 */
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

static void put_argument(FILE *out, size_t number, const synopsis_word *word)
{
    fputc('\'', out);
    if (word->repeats)
        fputc('*', out);
    else
        fprintf(out, "%zu", number);
    fprintf(out, ":%s:", word->name);
    if (formats_has_choices(word->name)) {
        fputc('(', out);
        formats_put_choices(out, word->name);
        fputc(')', out);
    } else {
        fputs(formats_is_file(word->name) ? "_files" : " ", out);
    }
    fputc('\'', out);
}

/* The command is word 1. */
static void put_arguments(FILE *out, const command *command)
{
    synopsis_word word;
    for (size_t i = 0; synopsis_at(command->arguments, i, &word); i++) {
        fputs("            ", out);
        put_argument(out, i + 2, &word);
        fputc('\n', out);
    }
}

/* ---- words behind actions and operations ---- */

/* The operation is word `at`. */
static void put_operations(FILE *out, size_t at)
{
    const char *operation;
    synopsis_word word;
    fprintf(out, "            case $given[%zu] in\n", at);
    for (size_t i = 0; (operation = formats_operation_at(i)); i++) {
        fprintf(out, "            %s) specs+=(", operation);
        for (size_t j = 0; formats_operation_word(operation, j, &word); j++) {
            word.repeats = false;
            fputs(j > 0 ? " " : "", out);
            put_argument(out, at + 1 + j, &word);
        }
        fputs(") ;;\n", out);
    }
    fputs("            esac ;;\n", out);
}

/* The action is word 2. */
static void put_action(FILE *out, const action *action)
{
    synopsis_word word;
    size_t operation = 0;
    fprintf(out, "        %s) specs+=(", action->name);
    for (size_t i = 0; !operation && synopsis_at(action->arguments, i, &word); i++) {
        fputs(i > 0 ? " " : "", out);
        put_argument(out, i + 3, &word);
        if (formats_is_operation(word.name))
            operation = i + 3;
    }
    fputs(operation ? ")\n" : ") ;;\n", out);
    if (operation)
        put_operations(out, operation);
}

static void put_actions(FILE *out, const command *command)
{
    fputs("            '2:what to do:((", out);
    for (const action *row = command->actions; row->name; row++) {
        fprintf(out, "%s%s\\:\"", row == command->actions ? "" : " ", row->name);
        put_quoted(out, row->summary);
        fputc('"', out);
    }
    fputs("))'\n        )\n        case $given[2] in\n", out);
    for (const action *row = command->actions; row->name; row++)
        put_action(out, row);
    fputs("        esac ;;\n", out);
}

static void put_command(FILE *out, const command *command)
{
    fprintf(out, "    %s)\n        options+=(\n", command->name);
    put_options(out, command->options, "            ");
    fputs("        )\n        specs+=(\n", out);
    if (command->actions) {
        put_actions(out, command);
        return;
    }
    put_arguments(out, command);
    fputs("        )\n", out);
    if (command->takes_program)
        fputs("        (($words[(I)--])) && specs+=('*::program:_normal')\n", out);
    fputs("        ;;\n", out);
}

/* ---- all ---- */

static void put_valued(FILE *out, const option *options)
{
    for (const option *row = options; row && row->name; row++)
        if (row->value)
            fprintf(out, "%s--%s", row == global_options ? "" : "|", row->name);
}

/* Fills `given` with the words before the cursor that are no options. */
static void put_reading(FILE *out)
{
    fputs("    for ((i = 2; i < CURRENT; i++)); do\n"
          "        case $words[i] in\n"
          "        ",
          out);
    put_valued(out, global_options);
    for (const command *const *row = commands; *row; row++)
        put_valued(out, (*row)->options);
    fputs(") ((i++)) ;;\n"
          "        -*) ;;\n"
          "        *) given+=(\"$words[i]\") ;;\n"
          "        esac\n"
          "    done\n",
          out);
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
          "    local curcontext=\"$curcontext\" state line i\n"
          "    typeset -A opt_args\n"
          "    local -a options specs commands given\n"
          "    options=(\n",
          out);
    put_options(out, global_options, "        ");
    fputs("    )\n", out);
    put_commands(out);
    put_reading(out);
    fputs("    specs=('1:command:->command')\n"
          "    case $given[1] in\n"
          "    help) options=() specs+=('2:command:->command') ;;\n",
          out);
    for (const command *const *row = commands; *row; row++)
        put_command(out, *row);
    fputs("    esac\n"
          "    _arguments -C $options $specs && return\n"
          "    [[ $state == command ]] && _describe -t commands command commands\n"
          "}\n"
          "\n"
          "if [[ $funcstack[1] == _thingspace ]]; then\n"
          "    _thingspace \"$@\"\n"
          "else\n"
          "    compdef _thingspace thingspace\n"
          "fi\n",
          out);
}
