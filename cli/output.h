/* SPDX-License-Identifier: MIT */
/*
 * Everything that the command says. Results go to standard output, the rest to standard error, a
 * line at once and escaped. With --output json an error is the only thing on standard error:
 * warnings wait, and go into the error's object, or out as lines when there is no error.
 *
 * A failure of standard output is noticed once, by output_end. One thread.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <thingspace/error.h>
#include <thingspace/log.h>
#include "base/json.h"
#include "cli/options.h"

typedef enum output_style {
    OUTPUT_PLAIN,
    OUTPUT_BOLD,
    OUTPUT_RED,
    OUTPUT_YELLOW,
} output_style;

typedef struct output {
    bool json;        /* --output json */
    bool terminal;    /* standard output is one: tables in place of lines */
    bool color;       /* on standard output */
    bool error_color; /* on standard error */
    bool quiet;
    thingspace_log_level level;
    bool holds;     /* warnings wait */
    json *warnings; /* texts, in their order; each is told once */
    size_t told;    /* how many of them are out */
    char lost[128]; /* what to add when standard output fails: "12 of 40 changes are done" */
} output;

void output_begin(output *output, const options *options, bool json);
/* Flushes and closes; returns `exit_status`, or that of LOCAL when something could not be written.
 */
int output_end(output *output, int exit_status);

/* --- standard output --- */

void output_bytes(const void *bytes, size_t size);
/* Whether all of it could be written so far. */
bool output_flush(void);
/* A line; the text is escaped already, or ours. */
void output_line(const char *text);
/* A line of escaped words with two blanks between; `words` ends with NULL. */
void output_words(const char *const *words);
/* A line of text from outside, escaped. */
void output_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Such text without the line's end, in colour where colour is wanted. */
void output_styled(const output *output, output_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A value of a document for such a line: a text as it is, nothing as "(none)", everything else as
 * JSON. Owned text, NULL when out of memory. */
char *output_value(const json *value);
/* One document, compact, with its line end. */
thingspace_status output_json(const json *document);

/* --- standard error --- */

/* A thingspace_log_function; `user` is the output. */
void output_log(void *user, thingspace_log_level level, const char *line);
void output_warn(output *output, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* From here on warnings wait, so that those that something else tells can be forgotten. */
void output_hold(output *output);
/* Those that begin so and are not out yet; when out of memory none. */
void output_forget(output *output, const char *beginning);
void output_release(output *output);
/* How many warnings there are so far, also with --quiet. */
size_t output_count(const output *output);
/* What to do next; silent with --quiet and for programs (--output json). */
void output_note(const output *output, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* One of several errors, or all of them, as lines, while work goes on; silent for programs. */
void output_error(const output *output, const thingspace_error *error);
void output_errors(const output *output, const json *errors);
/* Shows the error; returns its exit status. `errors` (may be NULL) are those that it sums up. */
int output_fail(output *output, const thingspace_error *error, const json *errors);
/* The kind of that name in an error object; INTERNAL when there is none. */
thingspace_status output_kind(const char *name);
/* The members of DESIGN's error object, as they apply; NULL when out of memory. */
json *output_error_json(const thingspace_error *error);

#endif
