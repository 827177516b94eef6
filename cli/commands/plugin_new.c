/* SPDX-License-Identifier: MIT */
/*
 * thingspace plugin new: the templates with the plugin's name in them. Either all files are made or
 * none, and never over one that is there.
 */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "base/error.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/commands/plugin.h"
#include "cli/templates.h"

#define MOST_FILES 2
#define MARK       "@NAME@"
/* A template with its name, many times over. */
#define LARGEST_FILE ((size_t)64 * 1024)

/* What is made: folder, slash, name. */
typedef struct skeleton {
    const char *format;
    const char *text;
} skeleton;

static const skeleton script[MOST_FILES] = {
    {"%s%s%s.lua", template_plugin_lua},
    {"%s%s%s_test.lua", template_plugin_test_lua},
};
static const skeleton compiled[MOST_FILES] = {
    {"%s%s%s.c", template_plugin_c},
    {"%s%s%s_test.lua", template_plugin_test_lua},
};

static thingspace_status fill(buffer *out, const char *text, const char *name,
                              thingspace_error *error)
{
    const char *mark;
    while ((mark = strstr(text, MARK))) {
        buffer_append(out, text, (size_t)(mark - text));
        buffer_append_text(out, name);
        text = mark + strlen(MARK);
    }
    buffer_append_text(out, text);
    return out->status == THINGSPACE_OK ? THINGSPACE_OK : error_memory(error);
}

static thingspace_status open_new(int *out, const char *path, thingspace_error *error)
{
    *out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (*out >= 0)
        return THINGSPACE_OK;
    if (errno == EEXIST)
        return error_set(error, THINGSPACE_LOCAL,
                         "%s is there already and is not overwritten: choose another name, or a "
                         "folder with --in",
                         path);
    return error_errno(error, THINGSPACE_LOCAL, errno, "%s cannot be made", path);
}

static thingspace_status write_file(const char *path, const char *text, const char *name,
                                    thingspace_error *error)
{
    int descriptor;
    cleanup_buffer buffer content;
    buffer_init(&content, LARGEST_FILE);
    thingspace_status status = fill(&content, text, name, error);
    if (status == THINGSPACE_OK)
        status = open_new(&descriptor, path, error);
    if (status != THINGSPACE_OK)
        return status;
    int cause = file_write_all(descriptor, content.data, content.size);
    if (close(descriptor) != 0 && cause == 0)
        cause = errno;
    if (cause == 0)
        return THINGSPACE_OK;
    unlink(path);
    return error_errno(error, THINGSPACE_LOCAL, cause, "%s cannot be written", path);
}

static thingspace_status write_files(char **paths, const skeleton *files, const char *folder,
                                     const char *name, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    size_t made = 0;
    for (; made < MOST_FILES && status == THINGSPACE_OK; made += status == THINGSPACE_OK) {
        paths[made] = text_format(files[made].format, folder, *folder ? "/" : "", name);
        status = paths[made] ? write_file(paths[made], files[made].text, name, error)
                             : error_memory(error);
    }
    while (status != THINGSPACE_OK && made > 0)
        unlink(paths[--made]);
    return status;
}

static thingspace_status print_json(char *const *paths, const char *name)
{
    thingspace_status status = THINGSPACE_OK;
    cleanup_json json *document = json_new_object();
    json *files = json_new_array();
    for (size_t i = 0; i < MOST_FILES; i++)
        json_add(files, json_new_string(paths[i]), &status);
    json_put(document, "name", json_new_string(name), &status);
    json_put(document, "files", files, &status);
    return status == THINGSPACE_OK ? output_json(document) : status;
}

static thingspace_status print(const session *session, char *const *paths, const char *name)
{
    bool in_c = options_has(&session->options, "c");
    if (session->output.json)
        return print_json(paths, name);
    for (size_t i = 0; i < MOST_FILES; i++)
        output_words((const char *const[]){"wrote", paths[i], NULL});
    if (in_c)
        output_note(&session->output, "the first lines of %s tell how to build and try it",
                    paths[0]);
    else
        output_note(&session->output, "try: thingspace plugin test %s", paths[0]);
    return THINGSPACE_OK;
}

int plugin_run_new(session *session)
{
    int exit_status;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char *paths[MOST_FILES] = {NULL, NULL};
    const char *name = session_word(session, 0);
    const char *folder = options_text(&session->options, "in");
    if (!plugin_takes_options(session, &exit_status))
        return exit_status;
    if (!text_is_name(name, '-', LIMIT_PLUGIN_NAME))
        return session_usage(session,
                             "'%.80s' is no name of a plugin: a small letter, then up to "
                             "%d small letters, digits and hyphens",
                             name, LIMIT_PLUGIN_NAME - 1);
    const skeleton *files = options_has(&session->options, "c") ? compiled : script;
    thingspace_status status = write_files(paths, files, folder ? folder : "", name, &error);
    if (status == THINGSPACE_OK && print(session, paths, name) != THINGSPACE_OK)
        status = error_memory(&error);
    for (size_t i = 0; i < MOST_FILES; i++)
        text_cleanup(&paths[i]);
    return status == THINGSPACE_OK ? 0 : session_fail(session, &error);
}
