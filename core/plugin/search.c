/* SPDX-License-Identifier: MIT */
/*
 * See search.h. Only absolute folders of the path are searched: an empty or relative one would be
 * the current folder, where anybody may have put a file. Any thread.
 */
#include <config.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/error.h"
#include "base/text.h"
#include "plugin/search.h"

const char search_default_path[] = PLUGIN_PATH;

static const char *const suffixes[] = {".lua", ".so"};
#define SUFFIX_COUNT (sizeof(suffixes) / sizeof(suffixes[0]))

bool search_is_compiled(const char *file)
{
    return text_ends_with(file, ".so");
}

bool search_is_file(const char *plugin)
{
    bool suffixed = false;
    for (size_t i = 0; i < SUFFIX_COUNT && !suffixed; i++)
        suffixed = text_ends_with(plugin, suffixes[i]);
    return suffixed || strchr(plugin, '/');
}

/* 0, or an errno; what is no regular file is none of ours. */
static int find_file(const char *file)
{
    struct stat found;
    if (stat(file, &found) != 0)
        return errno;
    return S_ISDIR(found.st_mode) ? EISDIR : S_ISREG(found.st_mode) ? 0 : EINVAL;
}

/* --- a file --- */

/* "./" in front says that it is a file, and no more. */
static char *file_of(const plugin_row *row)
{
    const char *plugin = row->plugin;
    if (plugin[0] == '/' || text_is_empty(row->folder))
        return text_copy(plugin);
    while (plugin[0] == '.' && plugin[1] == '/')
        plugin += 1 + strspn(plugin + 1, "/");
    return text_format("%s/%s", row->folder, plugin);
}

static thingspace_status use_file(char **out, const plugin_row *row, thingspace_error *error)
{
    cleanup_text char *file = file_of(row);
    if (!file)
        return error_memory(error);
    int reason = find_file(file);
    if (reason == EINVAL)
        return error_set(error, THINGSPACE_PLUGIN, "%s: plugin file %s is no regular file",
                         row->place, file);
    if (reason != 0)
        return error_errno(error, THINGSPACE_PLUGIN, reason, "%s: plugin file %s", row->place,
                           file);
    *out = file;
    file = NULL;
    return THINGSPACE_OK;
}

/* --- a name --- */

/* The folder that begins at `*at`, which moves behind it; false at the end. */
static bool next_folder(const char **at, const char **folder, size_t *size)
{
    while (**at) {
        *folder = *at;
        *size = strcspn(*at, ":");
        *at += *size;
        *at += **at == ':';
        if (*size > 0 && (*folder)[0] == '/')
            return true;
    }
    return false;
}

/* `*out` stays NULL when it is not there. */
static thingspace_status look_into(char **out, const char *folder, size_t size, const char *name)
{
    for (size_t i = 0; i < SUFFIX_COUNT; i++) {
        cleanup_text char *file = text_format("%.*s/%s%s", (int)size, folder, name, suffixes[i]);
        if (!file)
            return THINGSPACE_MEMORY;
        if (find_file(file) == 0) {
            *out = file;
            file = NULL;
            return THINGSPACE_OK;
        }
    }
    return THINGSPACE_OK;
}

/* `*out`: the file of that name where a file would be looked for; NULL: there is none. */
static thingspace_status find_beside(char **out, const char **suffix, const plugin_row *row)
{
    for (size_t i = 0; i < SUFFIX_COUNT; i++) {
        cleanup_text char *file = text_format(
            "%s/%s%s", text_is_empty(row->folder) ? "." : row->folder, row->plugin, suffixes[i]);
        if (!file)
            return THINGSPACE_MEMORY;
        if (find_file(file) != 0)
            continue;
        *out = file;
        *suffix = suffixes[i];
        file = NULL;
        break;
    }
    return THINGSPACE_OK;
}

static thingspace_status not_found(const plugin_row *row, const char *path, thingspace_error *error)
{
    cleanup_buffer buffer folders;
    const char *folder;
    size_t size;
    buffer_init(&folders, sizeof(error->message));
    while (next_folder(&path, &folder, &size) && folders.status == THINGSPACE_OK)
        buffer_append_format(&folders, "%s%.*s", folders.size ? ", " : "", (int)size, folder);
    if (folders.status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (folders.size == 0 && folders.status == THINGSPACE_OK)
        return error_set(error, THINGSPACE_PLUGIN,
                         "%s: plugin '%s' was not looked for: the plugin path names no absolute "
                         "folder; give a file like ./%s.lua",
                         row->place, row->plugin, row->plugin);
    cleanup_text char *beside = NULL;
    const char *suffix = "";
    if (find_beside(&beside, &suffix, row) != THINGSPACE_OK)
        return error_memory(error);
    if (beside)
        return error_set(error, THINGSPACE_PLUGIN,
                         "%s: plugin '%s' was not found by name; for the file %s write \"%s%s\"",
                         row->place, row->plugin, beside, row->plugin, suffix);
    return error_set(error, THINGSPACE_PLUGIN,
                     "%s: plugin '%s' was not found as %s.lua or %s.so in %s", row->place,
                     row->plugin, row->plugin, row->plugin, buffer_text(&folders));
}

static thingspace_status search_path(char **out, const plugin_row *row, const char *path,
                                     thingspace_error *error)
{
    const char *at = path, *folder;
    size_t size;
    while (!*out && next_folder(&at, &folder, &size))
        if (look_into(out, folder, size, row->plugin) != THINGSPACE_OK)
            return error_memory(error);
    return *out ? THINGSPACE_OK : not_found(row, path, error);
}

thingspace_status search_plugin(char **out, const plugin_row *row, const char *path,
                                thingspace_error *error)
{
    *out = NULL;
    if (text_is_empty(row->plugin))
        return error_set(error, THINGSPACE_PLUGIN,
                         "%s: names no plugin: give a name or a file like ./headers.lua",
                         row->place);
    if (search_is_file(row->plugin))
        return use_file(out, row, error);
    return search_path(out, row, path ? path : search_default_path, error);
}
