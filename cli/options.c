/* SPDX-License-Identifier: MIT */
/*
 * The parser. An option before the command is looked up in the tables of all commands: only
 * whether it takes a value must be known then, and an option means the same in all tables. What
 * does not belong to the command is refused at the end.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/synopsis.h"

typedef struct parser {
    options *out;
    char **argv;
    int argc, next;
    thingspace_error *error;
} parser;

/* ---- tables ---- */

static bool is_named(const option *row, const char *name, size_t size)
{
    return strlen(row->name) == size && memcmp(row->name, name, size) == 0;
}

static const option *find_in(const option *table, const char *name, size_t size)
{
    for (const option *row = table; row && row->name; row++)
        if (is_named(row, name, size))
            return row;
    return NULL;
}

static const option *find_letter(char letter)
{
    for (const option *row = global_options; row->name; row++)
        if (row->letter == letter)
            return row;
    return NULL;
}

static const option *find_anywhere(const char *name, size_t size)
{
    const option *found = find_in(global_options, name, size);
    for (const command *const *row = commands; *row && !found; row++)
        found = find_in((*row)->options, name, size);
    return found;
}

static const option *find(const parser *parser, const char *name, size_t size)
{
    if (!parser->out->command)
        return find_anywhere(name, size);
    const option *found = find_in(parser->out->command->options, name, size);
    return found ? found : find_in(global_options, name, size);
}

/* ---- failures ---- */

/* "; see `thingspace list --help`" */
static thingspace_status see_help(const parser *parser)
{
    const command *command = parser->out->command;
    thingspace_error text = *parser->error;
    size_t size = strlen(text.message);
    bool asks = size > 0 && text.message[size - 1] == '?';
    return error_set(parser->error, THINGSPACE_USAGE, "%s%s see `thingspace %s%s--help`",
                     text.message, asks ? "" : ";", command ? command->name : "",
                     command ? " " : "");
}

static void offer_table(nearest *nearest, const option *table)
{
    for (const option *row = table; row && row->name; row++)
        if (row->kind != OPTION_REFUSED)
            nearest_offer(nearest, row->name);
}

static thingspace_status refuse_unknown(const parser *parser, const char *name, size_t size)
{
    const command *command = parser->out->command;
    cleanup_text char *copy = text_copy_range(name, size);
    if (!copy)
        return error_memory(parser->error);
    nearest nearest;
    nearest_begin(&nearest, copy);
    offer_table(&nearest, command ? command->options : NULL);
    offer_table(&nearest, global_options);
    error_set(parser->error, THINGSPACE_USAGE, "%s%sthere is no option --%s%s%s%s",
              command ? command->name : "", command ? ": " : "", copy,
              nearest.found ? "; did you mean --" : "", nearest.found ? nearest.found : "",
              nearest.found ? "?" : "");
    return see_help(parser);
}

static thingspace_status refuse_command(const parser *parser, const char *name)
{
    nearest nearest;
    nearest_begin(&nearest, name);
    for (const command *const *row = commands; *row; row++)
        nearest_offer(&nearest, (*row)->name);
    error_set(parser->error, THINGSPACE_USAGE, "there is no command '%s'%s%s%s", name,
              nearest.found ? "; did you mean " : "", nearest.found ? nearest.found : "",
              nearest.found ? "?" : "");
    return see_help(parser);
}

static thingspace_status refuse_action(const parser *parser, const char *name)
{
    const command *command = parser->out->command;
    nearest nearest;
    nearest_begin(&nearest, name);
    for (const action *row = command->actions; row->name; row++)
        nearest_offer(&nearest, row->name);
    error_set(parser->error, THINGSPACE_USAGE, "%s cannot '%s'%s%s%s", command->name, name,
              nearest.found ? "; did you mean " : "", nearest.found ? nearest.found : "",
              nearest.found ? "?" : "");
    return see_help(parser);
}

/* ---- values ---- */

static bool is_choice(const option *option, const char *value)
{
    size_t size = strlen(value);
    const char *choice = option->choices;
    while (*choice) {
        size_t length = strcspn(choice, " ");
        if (length == size && memcmp(choice, value, size) == 0)
            return true;
        choice += length;
        choice += strspn(choice, " ");
    }
    return false;
}

static thingspace_status read_number(given_option *given, thingspace_error *error)
{
    const option *option = given->option;
    if (text_to_integer(given->value, &given->number) && given->number >= option->least &&
        given->number <= option->most)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_USAGE,
                     "--%s takes a whole number from %lld to %lld, not '%s'", option->name,
                     option->least, option->most, given->value);
}

/* Thousandths of what stands before and after the dot; independent of the locale. */
static bool to_milliseconds(const char *text, long long *out)
{
    size_t whole = strspn(text, "0123456789");
    const char *rest = text + whole;
    size_t part = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
    if (whole > 9 || whole + part == 0 || rest[(*rest == '.') + part])
        return false;
    *out = 0;
    for (size_t i = 0; i < whole; i++)
        *out = *out * 10 + (text[i] - '0');
    for (size_t i = 0; i < 3; i++)
        *out = *out * 10 + (i < part ? rest[1 + i] - '0' : 0);
    return true;
}

static thingspace_status read_seconds(given_option *given, thingspace_error *error)
{
    const option *option = given->option;
    if (to_milliseconds(given->value, &given->number) && given->number > 0 &&
        given->number <= option->most * 1000)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_USAGE,
                     "--%s takes seconds from 0.001 to %lld, such as 2.5, not '%s'", option->name,
                     option->most, given->value);
}

static thingspace_status check_value(given_option *given, thingspace_error *error)
{
    const option *option = given->option;
    switch (option->kind) {
    case OPTION_NUMBER:
        return read_number(given, error);
    case OPTION_SECONDS:
        return read_seconds(given, error);
    case OPTION_CHOICE:
        if (is_choice(option, given->value))
            return THINGSPACE_OK;
        return error_set(error, THINGSPACE_USAGE, "--%s takes one of: %s; not '%s'", option->name,
                         option->choices, given->value);
    case OPTION_PAIR:
        if (given->value[0] != '=' && strchr(given->value, '='))
            return THINGSPACE_OK;
        return error_set(error, THINGSPACE_USAGE, "--%s takes %s", option->name, option->value);
    case OPTION_FILE:
    case OPTION_FOLDER:
        if (given->value[0])
            return THINGSPACE_OK;
        return error_set(error, THINGSPACE_USAGE, "--%s takes a path, not an empty one",
                         option->name);
    default:
        return THINGSPACE_OK;
    }
}

/* ---- options ---- */

static thingspace_status keep(parser *parser, const option *option, const char *value)
{
    given_option given = {option, value, 0};
    if (option->kind == OPTION_REFUSED) {
        error_set(parser->error, THINGSPACE_USAGE, "there is no option --%s: %s", option->name,
                  option->doc);
        return see_help(parser);
    }
    if (value && check_value(&given, parser->error) != THINGSPACE_OK)
        return see_help(parser);
    parser->out->given[parser->out->given_count++] = given;
    return THINGSPACE_OK;
}

static thingspace_status parse_long(parser *parser, const char *text)
{
    size_t size = strcspn(text, "=");
    const char *value = text[size] ? text + size + 1 : NULL;
    const option *option = find(parser, text, size);
    if (!option)
        return refuse_unknown(parser, text, size);
    if (option->kind == OPTION_FLAG && value) {
        error_set(parser->error, THINGSPACE_USAGE, "--%s takes no value", option->name);
        return see_help(parser);
    }
    if (option->kind == OPTION_FLAG || option->kind == OPTION_REFUSED)
        return keep(parser, option, NULL);
    if (!value && parser->next < parser->argc)
        value = parser->argv[parser->next++];
    if (value)
        return keep(parser, option, value);
    error_set(parser->error, THINGSPACE_USAGE, "--%s needs a value: %s", option->name,
              option->value);
    return see_help(parser);
}

/* "-vv", "-qh": only flags have letters. */
static thingspace_status parse_letters(parser *parser, const char *letters)
{
    thingspace_status status = THINGSPACE_OK;
    for (; *letters && status == THINGSPACE_OK; letters++) {
        const option *option = find_letter(*letters);
        if (option) {
            status = keep(parser, option, NULL);
            continue;
        }
        error_set(parser->error, THINGSPACE_USAGE, "there is no option -%c", *letters);
        status = see_help(parser);
    }
    return status;
}

/* ---- words ---- */

static thingspace_status parse_word(parser *parser, const char *word)
{
    options *out = parser->out;
    if (!out->command) {
        out->command = command_find(word);
        return out->command ? THINGSPACE_OK : refuse_command(parser, word);
    }
    if (out->command->actions && !out->action) {
        out->action = command_find_action(out->command, word);
        return out->action ? THINGSPACE_OK : refuse_action(parser, word);
    }
    out->words[out->word_count++] = word;
    return THINGSPACE_OK;
}

/* What follows `--`. */
static thingspace_status parse_rest(parser *parser)
{
    thingspace_status status = THINGSPACE_OK;
    if (parser->out->command && parser->out->command->takes_program) {
        if (parser->next < parser->argc)
            parser->out->program = parser->argv + parser->next;
        parser->next = parser->argc;
    }
    while (parser->next < parser->argc && status == THINGSPACE_OK)
        status = parse_word(parser, parser->argv[parser->next++]);
    return status;
}

static thingspace_status parse_all(parser *parser)
{
    thingspace_status status = THINGSPACE_OK;
    while (parser->next < parser->argc && status == THINGSPACE_OK) {
        const char *text = parser->argv[parser->next++];
        if (strcmp(text, "--") == 0)
            return parse_rest(parser);
        if (text_starts_with(text, "--"))
            status = parse_long(parser, text + 2);
        else if (text[0] == '-' && text[1])
            status = parse_letters(parser, text + 1);
        else
            status = parse_word(parser, text);
    }
    return status;
}

/* ---- what can be told only at the end ---- */

static thingspace_status check_owners(const parser *parser)
{
    const options *out = parser->out;
    for (size_t i = 0; i < out->given_count && out->command; i++) {
        const char *name = out->given[i].option->name;
        if (!find(parser, name, strlen(name)))
            return refuse_unknown(parser, name, strlen(name));
    }
    return THINGSPACE_OK;
}

static thingspace_status check_words(const parser *parser)
{
    const options *out = parser->out;
    const char *arguments = out->action ? out->action->arguments : out->command->arguments;
    const char *first = out->command->name, *second = out->action ? out->action->name : "";
    const char *blank = out->action ? " " : "";
    synopsis_word word;
    for (size_t i = 0; i < out->word_count; i++) {
        if (synopsis_for(arguments, i, &word))
            continue;
        error_set(parser->error, THINGSPACE_USAGE, "%s%s%s: '%s' is one word too many", first,
                  blank, second, out->words[i]);
        return see_help(parser);
    }
    if (!synopsis_at(arguments, out->word_count, &word) || word.optional)
        return THINGSPACE_OK;
    error_set(parser->error, THINGSPACE_USAGE, "%s%s%s: %s is missing", first, blank, second,
              word.name);
    return see_help(parser);
}

static thingspace_status check(const parser *parser)
{
    const options *out = parser->out;
    thingspace_status status = check_owners(parser);
    if (status != THINGSPACE_OK || !out->command || options_has(out, "help") ||
        options_has(out, "version"))
        return status;
    if (out->command->actions && !out->action) {
        error_set(parser->error, THINGSPACE_USAGE, "%s: what to do is missing", out->command->name);
        return see_help(parser);
    }
    return check_words(parser);
}

thingspace_status options_parse(options *out, int argc, char **argv, thingspace_error *error)
{
    parser parser = {out, argv, argc, 1, error};
    size_t most = 1; /* "-vvv" is three options */
    for (int i = 0; i < argc; i++)
        most += argv[i][0] == '-' && argv[i][1] != '-' ? strlen(argv[i]) : 1;
    memset(out, 0, sizeof(*out));
    out->given = calloc(most, sizeof(*out->given));
    out->words = calloc((size_t)argc + 1, sizeof(*out->words));
    if (!out->given || !out->words)
        return error_memory(error);
    thingspace_status status = parse_all(&parser);
    return status == THINGSPACE_OK ? check(&parser) : status;
}

void options_dispose(options *options)
{
    free(options->given);
    free(options->words);
    memset(options, 0, sizeof(*options));
}

bool options_ask_for_json(int argc, char **argv)
{
    bool json = false;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *format = strcmp(argv[i], "--output") == 0 && i + 1 < argc ? argv[i + 1]
                             : text_starts_with(argv[i], "--output=")         ? argv[i] + 9
                                                                              : NULL;
        if (format)
            json = strcmp(format, "json") == 0;
    }
    return json;
}

/* ---- answers ---- */

static const given_option *last_given(const options *options, const char *name)
{
    for (size_t i = options->given_count; i > 0; i--)
        if (text_equal(options->given[i - 1].option->name, name))
            return &options->given[i - 1];
    return NULL;
}

bool options_has(const options *options, const char *name)
{
    return last_given(options, name) != NULL;
}

size_t options_count(const options *options, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < options->given_count; i++)
        count += text_equal(options->given[i].option->name, name);
    return count;
}

const char *options_text(const options *options, const char *name)
{
    const given_option *given = last_given(options, name);
    return given ? given->value : NULL;
}

long long options_number(const options *options, const char *name, long long otherwise)
{
    const given_option *given = last_given(options, name);
    return given ? given->number : otherwise;
}

const char **options_texts(const options *options, const char *name)
{
    const char **texts = calloc(options->given_count + 1, sizeof(*texts));
    size_t count = 0;
    for (size_t i = 0; texts && i < options->given_count; i++)
        if (text_equal(options->given[i].option->name, name))
            texts[count++] = options->given[i].value;
    return texts;
}
