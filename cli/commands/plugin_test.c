/* SPDX-License-Identifier: MIT */
/*
 * thingspace plugin test: the tests of several plugins as one run of TAP, or as JSON, a line a
 * file. A file that cannot be tested is a test that failed.
 */
#include <config.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <thingspace/plugins.h>
#include <unistd.h>
#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/commands/plugin.h"

#define TEST_END "_test.lua"

typedef struct run {
    session *session;
    size_t tests; /* so far */
    plugin_failures failures;
    size_t files;
} run;

/* ---- one file ---- */

/* Directives are escaped: "# SKIP" in a name would make a failure one that does not count. */
static void print_line(run *run, bool good, const char *description)
{
    cleanup_buffer buffer text;
    buffer_init(&text, strlen(description) * 2);
    for (const char *at = description; *at; at++) {
        if (*at == '#' || *at == '\\')
            buffer_append_byte(&text, '\\');
        buffer_append_byte(&text, *at);
    }
    output_text("%sok %zu - %s", good ? "" : "not ", ++run->tests, buffer_text(&text));
}

static void print_test(run *run, const char *plugin, const json *test)
{
    bool good = json_type_of(json_get(test, "ok")) == JSON_TRUE;
    const char *message = plugin_member(test, "message"), *line = plugin_member(test, "line");
    cleanup_text char *description = text_format("%s: %s", plugin, plugin_member(test, "name"));
    print_line(run, good, description ? description : plugin);
    if (*message)
        output_text("# %s%s%s", *line ? "line " : "", line, *line ? ":" : "");
    if (*message)
        output_text("#   %s", message);
}

static thingspace_status print_report(run *run, const char *text, thingspace_error *error)
{
    cleanup_json json *report = NULL;
    thingspace_status status = json_parse_own(&report, text, strlen(text), error);
    if (status == THINGSPACE_OK && run->session->output.json)
        output_line(text);
    if (status != THINGSPACE_OK || run->session->output.json)
        return status;
    for (const json *row = json_first(json_get(report, "tests")); row; row = json_next(row))
        print_test(run, plugin_member(report, "plugin"), row);
    return status;
}

static void print_failure(run *run, const char *file, const thingspace_error *error)
{
    if (run->session->output.json)
        return;
    print_line(run, false, file);
    output_text("#   %s", error->message);
}

static void run_file(run *run, const char *file)
{
    thingspace_error error = THINGSPACE_ERROR_INIT, trouble = THINGSPACE_ERROR_INIT;
    char *text = NULL;
    thingspace_status status = thingspace_plugin_test(&text, file, &error);
    if (text && print_report(run, text, &trouble) != THINGSPACE_OK) {
        error = trouble;
        status = trouble.kind;
    } else if (!text) {
        print_failure(run, file, &error);
    }
    thingspace_text_free(text);
    run->files++;
    if (status != THINGSPACE_OK)
        plugin_failures_add(&run->failures, &error);
}

/* ---- which files ---- */

static int is_test(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && text_ends_with(entry->d_name, TEST_END);
}

static void fail(run *run, const thingspace_error *error)
{
    run->files++;
    plugin_failures_add(&run->failures, error);
}

/* In the order of their names. */
static void run_folder(run *run, const char *folder)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_test, alphasort);
    bool here = text_equal(folder, ".");
    if (count < 0)
        error_errno(&error, THINGSPACE_LOCAL, errno, "folder %s cannot be read", folder);
    else if (count == 0)
        error_set(&error, THINGSPACE_LOCAL,
                  "folder %s has no tests: they are named NAME" TEST_END "; `thingspace plugin new "
                  "NAME` writes one",
                  folder);
    if (count <= 0)
        fail(run, &error);
    for (int i = 0; i < count; i++) {
        cleanup_text char *file =
            text_format("%s%s%s", here ? "" : folder, here ? "" : "/", entries[i]->d_name);
        if (file)
            run_file(run, file);
        else
            fail(run, (error_memory(&error), &error));
        free(entries[i]);
    }
    free(entries);
}

/* NAME, NAME.lua or NAME.so stands for the test beside it. */
static char *test_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *name = slash ? slash + 1 : file, *dot = strrchr(name, '.');
    bool is_plugin = !text_ends_with(file, TEST_END) &&
                     (!dot || text_equal(dot, ".lua") || text_equal(dot, ".so"));
    size_t size = dot ? (size_t)(dot - file) : strlen(file);
    return is_plugin ? text_format("%.*s" TEST_END, (int)size, file) : text_copy(file);
}

static void run_test(run *run, const char *file)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    if (access(file, R_OK) == 0) {
        run_file(run, file);
        return;
    }
    if (errno == ENOENT)
        error_set(&error, THINGSPACE_LOCAL,
                  "there is no test %s; a test is beside its plugin, of one that ships beside a "
                  "link to it: see thingspace-plugin(7)",
                  file);
    else
        error_errno(&error, THINGSPACE_LOCAL, errno, "test %s cannot be read", file);
    print_failure(run, file, &error);
    fail(run, &error);
}

static void run_word(run *run, const char *word)
{
    struct stat found;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    if (stat(word, &found) == 0 && S_ISDIR(found.st_mode)) {
        run_folder(run, word);
        return;
    }
    cleanup_text char *file = test_of(word);
    if (file) {
        run_test(run, file);
        return;
    }
    error_memory(&error);
    fail(run, &error);
}

int plugin_run_test(session *session)
{
    int exit_status;
    run run = {.session = session};
    if (!plugin_takes_options(session, &exit_status))
        return exit_status;
    for (size_t i = 0; i < session->options.word_count; i++)
        run_word(&run, session_word(session, i));
    if (session->options.word_count == 0)
        run_folder(&run, ".");
    if (!session->output.json)
        output_text("1..%zu", run.tests);
    return plugin_failures_end(&run.failures, session, run.files, "plugins");
}
