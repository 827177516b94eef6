/* SPDX-License-Identifier: MIT */
/* See output.h. Lines for standard error are put together first and written at once. */
#include <config.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/bar.h"
#include "cli/output.h"

/* A line of standard error: an error's message with what stands around it. */
#define LONGEST_LINE 2048
/* A word of a line: a URL of the greatest length, every byte escaped. */
#define LONGEST_WORD (4 * 8 * 1024)
/* One JSON document: the list of 100,000 accounts is below. */
#define LARGEST_DOCUMENT ((size_t)1024 * 1024 * 1024)

#define BOLD   "\033[1m"
#define RED    "\033[31m"
#define YELLOW "\033[33m"
#define PLAIN  "\033[0m"

#define ERASE "\r\033[K"

/* ---- begin ---- */

static bool wants_color(const char *when, int descriptor)
{
    const char *none = getenv("NO_COLOR"), *kind = getenv("TERM");
    if (when && strcmp(when, "auto") != 0)
        return strcmp(when, "always") == 0;
    return text_is_empty(none) && kind && strcmp(kind, "dumb") != 0 && isatty(descriptor);
}

static thingspace_log_level level_of(const options *options)
{
    size_t verbose = options_count(options, "verbose");
    if (verbose > 0)
        return verbose > 1 ? THINGSPACE_LOG_DEBUG : THINGSPACE_LOG_INFO;
    return THINGSPACE_LOG_WARNING; /* with --quiet they are counted */
}

void output_begin(output *output, const options *options, bool json)
{
    const char *when = options_text(options, "color");
    memset(output, 0, sizeof(*output));
    output->json = json;
    output->terminal = !json && isatty(STDOUT_FILENO);
    output->color = !json && wants_color(when, STDOUT_FILENO);
    output->error_color = !json && wants_color(when, STDERR_FILENO);
    output->quiet = options_has(options, "quiet");
    output->level = level_of(options);
    output->warnings = json_new_array();
}

/* ---- standard output ---- */

void output_bytes(const void *bytes, size_t size)
{
    fwrite(bytes, 1, size, stdout);
}

bool output_flush(void)
{
    return fflush(stdout) == 0 && !ferror(stdout);
}

void output_line(const char *text)
{
    fputs(text, stdout);
    fputc('\n', stdout);
}

void output_words(const char *const *words)
{
    char shown[LONGEST_WORD];
    for (size_t i = 0; words[i]; i++) {
        text_escape(shown, sizeof(shown), words[i], strlen(words[i]));
        fputs(i > 0 ? "  " : "", stdout);
        fputs(shown, stdout);
    }
    fputc('\n', stdout);
}

static void write_escaped(const char *format, va_list arguments)
{
    static char text[LONGEST_WORD], shown[LONGEST_WORD];
    vsnprintf(text, sizeof(text), format, arguments);
    text_escape(shown, sizeof(shown), text, strlen(text));
    fputs(shown, stdout);
}

void output_text(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_escaped(format, arguments);
    va_end(arguments);
    fputc('\n', stdout);
}

void output_styled(const output *output, output_style style, const char *format, ...)
{
    static const char *const codes[] = {"", BOLD, RED, YELLOW};
    bool colored = output->color && style != OUTPUT_PLAIN;
    va_list arguments;
    fputs(colored ? codes[style] : "", stdout);
    va_start(arguments, format);
    write_escaped(format, arguments);
    va_end(arguments);
    fputs(colored ? PLAIN : "", stdout);
}

char *output_value(const json *value)
{
    char *text = NULL;
    if (json_type_of(value) == JSON_NULL)
        return text_copy("(none)");
    if (json_string(value))
        return text_copy(json_string(value));
    (void)json_write_text(&text, value);
    return text;
}

thingspace_status output_json(const json *document)
{
    cleanup_buffer buffer text;
    buffer_init(&text, LARGEST_DOCUMENT);
    json_write(&text, document, JSON_PLAIN);
    buffer_append_byte(&text, '\n');
    if (text.status == THINGSPACE_OK)
        output_bytes(text.data, text.size);
    return text.status;
}

/* ---- standard error ---- */

/* "thingspace: WORD: TEXT"; an empty word is left out. */
static void write_error_line(const output *output, const char *color, const char *word,
                             const char *text)
{
    char line[LONGEST_LINE];
    bool colored = output->error_color && *color;
    int size = snprintf(line, sizeof(line), "thingspace: %s%s%s%s%s\n", colored ? color : "", word,
                        *word ? ":" : "", colored ? PLAIN : "", *word ? " " : "");
    if (size < 0 || (size_t)size >= sizeof(line))
        return;
    size_t used = (size_t)size - 1;
    text_escape(line + used, sizeof(line) - used - 1, text, strlen(text));
    strcat(line, "\n");
    bar_tell(line);
}

static bool is_known_warning(const output *output, const char *text)
{
    for (const json *row = json_first(output->warnings); row; row = json_next(row))
        if (text_equal(json_string(row), text))
            return true;
    return false;
}

static void tell_warning(const output *output, const char *text)
{
    if (!output->quiet)
        write_error_line(output, YELLOW, "warning", text);
}

/* Shows those that are not out yet. */
static void tell_warnings(output *output)
{
    size_t index = 0;
    for (const json *row = json_first(output->warnings); row; row = json_next(row))
        if (index++ >= output->told)
            tell_warning(output, json_string(row));
    output->told = index;
}

static void warn(output *output, const char *text)
{
    if (is_known_warning(output, text))
        return;
    if (json_append(output->warnings, json_new_string(text)) != THINGSPACE_OK)
        tell_warning(output, text);
    else if (!output->json && !output->holds)
        tell_warnings(output);
}

void output_warn(output *output, const char *format, ...)
{
    char text[LONGEST_LINE / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    warn(output, text);
}

void output_hold(output *output)
{
    output->holds = true;
}

void output_forget(output *output, const char *beginning)
{
    json *kept = json_new_array();
    bool good = kept != NULL;
    for (const json *row = json_first(output->warnings); row; row = json_next(row))
        if (!text_starts_with(json_string(row), beginning))
            good &= json_append(kept, json_copy(row)) == THINGSPACE_OK;
    if (!good) {
        json_free(kept);
        return;
    }
    json_free(output->warnings);
    output->warnings = kept;
}

void output_release(output *output)
{
    output->holds = false;
    if (!output->json)
        tell_warnings(output);
}

size_t output_count(const output *output)
{
    return json_count(output->warnings);
}

void output_note(const output *output, const char *format, ...)
{
    char text[LONGEST_LINE / 2];
    if (output->quiet || output->json)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    write_error_line(output, "", "", text);
}

void output_log(void *user, thingspace_log_level level, const char *line)
{
    output *output = user;
    if (level == THINGSPACE_LOG_WARNING)
        warn(output, line);
    else if (level <= output->level)
        write_error_line(output, "",
                         level == THINGSPACE_LOG_ERROR   ? "error"
                         : level == THINGSPACE_LOG_DEBUG ? "debug"
                                                         : "",
                         line);
}

/* ---- errors ---- */

static void put_text(json *object, const char *name, const char *text)
{
    if (text[0])
        json_set(object, name, json_new_string(text));
}

static void put_number(json *object, const char *name, long long number)
{
    if (number > 0)
        json_set(object, name, json_new_integer(number));
}

json *output_error_json(const thingspace_error *error)
{
    json *object = json_new_object();
    if (!object)
        return NULL;
    put_text(object, "kind", thingspace_status_name(error->kind));
    put_text(object, "message", error->message);
    put_number(object, "status", error->http_status);
    put_text(object, "code", error->code);
    put_text(object, "account", error->account);
    put_text(object, "plugin", error->plugin);
    put_text(object, "instance", error->instance);
    put_text(object, "tenant", error->tenant);
    put_text(object, "phase", error->phase);
    put_text(object, "file", error->file);
    put_number(object, "line", error->line);
    return object;
}

thingspace_status output_kind(const char *name)
{
    for (int i = 0; i <= THINGSPACE_CANCELLED; i++)
        if (text_equal(thingspace_status_name(i), name))
            return (thingspace_status)i;
    return THINGSPACE_INTERNAL;
}

static void write_error_json(output *output, const thingspace_error *error, const json *errors)
{
    cleanup_json json *document = json_new_object();
    json *object = output_error_json(error);
    cleanup_buffer buffer text;
    buffer_init(&text, LARGEST_DOCUMENT);
    if (object && json_count(errors) > 0)
        json_set(object, "errors", json_copy(errors));
    if (document)
        json_set(document, "error", object);
    else
        json_free(object);
    if (document && json_count(output->warnings) > 0 && !output->quiet)
        json_set(document, "warnings", json_copy(output->warnings));
    output->told = json_count(output->warnings);
    if (document && json_write(&text, document, JSON_PLAIN) == THINGSPACE_OK)
        fprintf(stderr, "%s\n", buffer_text(&text));
    else
        fputs("{\"error\":{\"kind\":\"memory\",\"message\":\"out of memory\"}}\n", stderr);
}

/* One line; the account stands before a message that does not name it. */
static void write_error_text(const output *output, const char *kind, const char *message,
                             const char *account)
{
    bool named = text_is_empty(account) || strstr(message, account);
    cleanup_text char *text =
        text_format("%s%s%s", named ? "" : account, named ? "" : ": ", message);
    write_error_line(output, RED, kind, text ? text : message);
}

static void write_errors_text(const output *output, const json *errors)
{
    for (const json *row = json_first(errors); row; row = json_next(row))
        write_error_text(output, json_get_string(row, "kind"), json_get_string(row, "message"),
                         json_get_string(row, "account"));
}

void output_error(const output *output, const thingspace_error *error)
{
    if (!output->json)
        write_error_text(output, thingspace_status_name(error->kind), error->message,
                         error->account);
}

void output_errors(const output *output, const json *errors)
{
    if (!output->json)
        write_errors_text(output, errors);
}

int output_fail(output *output, const thingspace_error *error, const json *errors)
{
    const char *kind = thingspace_status_name(error->kind);
    if (output->json) {
        write_error_json(output, error, errors);
    } else {
        write_errors_text(output, errors);
        if (json_count(errors) == 0 || error->kind == THINGSPACE_PARTIAL ||
            error->kind == THINGSPACE_CANCELLED)
            write_error_text(output, kind, error->message, NULL);
    }
    return thingspace_status_exit(error->kind);
}

/* ---- end ---- */

int output_end(output *output, int exit_status)
{
    bool failed = ferror(stdout) != 0;
    errno = 0;
    failed |= fflush(stdout) != 0;
    int cause = errno;
    failed |= fclose(stdout) != 0;
    cause = cause ? cause : errno;
    if (failed) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        error_set(&error, THINGSPACE_LOCAL, "standard output cannot be written: %s%s%s",
                  cause ? strerror(cause) : "earlier output was lost", *output->lost ? "; " : "",
                  output->lost);
        exit_status = output_fail(output, &error, NULL);
    }
    tell_warnings(output);
    json_free(output->warnings);
    output->warnings = NULL;
    return exit_status;
}
