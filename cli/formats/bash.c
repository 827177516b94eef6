/* SPDX-License-Identifier: MIT */
/*
 * The completion of bash. It stands alone (no helper of bash-completion is needed) and reads the
 * line as the parser does: options with their values stepped over, the rest counted.
 */
#include <config.h>
#include "cli/command.h"
#include "cli/formats/formats.h"
#include "cli/synopsis.h"

static bool is_offered(const option *option)
{
    return option->kind != OPTION_REFUSED;
}

/* ---- options with values ---- */

static void put_valued(FILE *out, const option *options)
{
    for (const option *row = options; row && row->name; row++)
        if (row->value)
            fprintf(out, "%s--%s", row == global_options ? "" : "|", row->name);
}

static void put_all_valued(FILE *out)
{
    put_valued(out, global_options);
    for (const command *const *row = commands; *row; row++)
        put_valued(out, (*row)->options);
    fputc(')', out);
}

static void put_values(FILE *out, const option *options)
{
    for (const option *row = options; row && row->name; row++) {
        if (!row->value)
            continue;
        fprintf(out, "        --%s) ", row->name);
        if (row->kind == OPTION_CHOICE)
            fprintf(out, "COMPREPLY=($(compgen -W '%s' -- \"$cur\"))", row->choices);
        else if (row->kind == OPTION_FILE || row->kind == OPTION_FOLDER)
            fprintf(out, "compopt -o filenames; COMPREPLY=($(compgen -%c -- \"$cur\"))",
                    row->kind == OPTION_FILE ? 'f' : 'd');
        else
            fputs(":", out);
        fputs("; return ;;\n", out);
    }
}

static void put_names(FILE *out, const option *options)
{
    for (const option *row = options; row && row->name; row++)
        if (is_offered(row))
            fprintf(out, " --%s", row->name);
}

static void put_options(FILE *out)
{
    fputs("    if [[ $cur == -* ]]; then\n        local options='", out);
    put_names(out, global_options);
    fputs("'\n        case $command in\n", out);
    for (const command *const *row = commands; *row; row++) {
        if (!(*row)->options)
            continue;
        fprintf(out, "        %s) options+='", (*row)->name);
        put_names(out, (*row)->options);
        fputs("' ;;\n", out);
    }
    fputs("        esac\n"
          "        COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
          "        return\n"
          "    fi\n",
          out);
}

/* ---- words ---- */

static void put_commands(FILE *out)
{
    fputs("    '':*) choices='help", out);
    for (const command *const *row = commands; *row; row++)
        fprintf(out, " %s", (*row)->name);
    fputs("' ;;\n    help:*) choices='", out);
    for (const command *const *row = commands; *row; row++)
        fprintf(out, "%s%s", row == commands ? "" : " ", (*row)->name);
    fputs("' ;;\n", out);
}

/* What stands after an operation, which is word `at`. */
static void put_operation_words(FILE *out, const action *action, size_t at)
{
    const char *operation;
    synopsis_word word;
    for (size_t i = 0; (operation = formats_operation_at(i)); i++)
        for (size_t j = 0; formats_operation_word(operation, j, &word); j++) {
            if (!formats_has_choices(word.name))
                continue;
            fprintf(out, "        %s:%zu) [[ ${given[%zu]} == %s ]] && choices='", action->name,
                    at + 1 + j, at, operation);
            formats_put_choices(out, word.name);
            fputs("' ;;&\n", out);
        }
}

/* What stands after an action, which is word 0. */
static void put_action_words(FILE *out, const action *action)
{
    synopsis_word word;
    for (size_t i = 0; synopsis_at(action->arguments, i, &word); i++) {
        bool choices = formats_has_choices(word.name);
        if (!choices && !formats_is_file(word.name))
            continue;
        fprintf(out, word.repeats ? "        %s:*) " : "        %s:%zu) ", action->name, i + 1);
        if (choices) {
            fputs("choices='", out);
            formats_put_choices(out, word.name);
            fputs("' ;;\n", out);
            if (formats_is_operation(word.name))
                put_operation_words(out, action, i + 1);
        } else {
            fputs("compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n", out);
        }
    }
}

static void put_actions(FILE *out, const command *command)
{
    fprintf(out, "    %s:0) choices='", command->name);
    for (const action *row = command->actions; row->name; row++)
        fprintf(out, "%s%s", row == command->actions ? "" : " ", row->name);
    fputs("' ;;\n", out);
    fprintf(out, "    %s:*)\n        case $action:$words in\n", command->name);
    for (const action *row = command->actions; row->name; row++)
        put_action_words(out, row);
    fputs("        esac ;;\n", out);
}

static void put_words(FILE *out, const command *command)
{
    synopsis_word word;
    for (size_t i = 0; synopsis_at(command->arguments, i, &word); i++) {
        if (!formats_has_choices(word.name)) {
            fprintf(out, "    %s:%zu) ;;\n", command->name, i);
            continue;
        }
        fprintf(out, word.repeats ? "    %s:*) choices='" : "    %s:%zu) choices='", command->name,
                i);
        formats_put_choices(out, word.name);
        fputs("' ;;\n", out);
    }
}

static void put_choices(FILE *out)
{
    fputs("    local choices=\n    case $command:$words in\n", out);
    put_commands(out);
    for (const command *const *row = commands; *row; row++) {
        if ((*row)->actions)
            put_actions(out, *row);
        else
            put_words(out, *row);
    }
    fputs("    esac\n    COMPREPLY=($(compgen -W \"$choices\" -- \"$cur\"))\n", out);
}

void formats_bash(FILE *out)
{
    fputs(
        "# bash completion of thingspace, written by its build\n"
        "\n"
        "_thingspace() {\n"
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
        "    local command= action= words=0 given=() i\n"
        "    COMPREPLY=()\n"
        "    # `--output=json` arrives as three words\n"
        "    if [[ $cur == = ]]; then cur=\n"
        "    elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}\n"
        "    fi\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        case ${COMP_WORDS[i]} in\n"
        "        --)\n"
        "            if [[ $command == simulate ]] && declare -F _command_offset >/dev/null; then\n"
        "                _command_offset $((i + 1))\n"
        "            elif [[ $command == simulate ]]; then\n"
        "                COMPREPLY=($(compgen -c -- \"$cur\"))\n"
        "            fi\n"
        "            return ;;\n"
        "        ",
        out);
    put_all_valued(out);
    fputs(" [[ ${COMP_WORDS[i+1]} == = ]] && ((i++)); ((i++)) ;;\n"
          "        -*) ;;\n"
          "        *)\n"
          "            if [[ -z $command ]]; then\n"
          "                command=${COMP_WORDS[i]}\n"
          "            else\n"
          "                [[ -n $action ]] || action=${COMP_WORDS[i]}\n"
          "                given[words++]=${COMP_WORDS[i]}\n"
          "            fi ;;\n"
          "        esac\n"
          "    done\n"
          "    case $prev in\n",
          out);
    for (const command *const *row = commands; *row; row++)
        put_values(out, (*row)->options);
    put_values(out, global_options);
    fputs("    esac\n", out);
    put_options(out);
    put_choices(out);
    fputs("}\n\ncomplete -F _thingspace thingspace\n", out);
}
