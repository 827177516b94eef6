/* SPDX-License-Identifier: MIT */
/*
 * See search.h. Only absolute folders of the path are searched: an empty or relative one would be
 * the current folder, where anybody may have put a file. Any thread.
 */
#include <config.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/nearest.h"
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

/* The plugin that was probably meant. */
typedef struct near_plugin {
    nearest nearest;
    char name[LIMIT_SUGGESTED + 1]; /* what was found */
} near_plugin;

static void offer_file(near_plugin *self, const char *file)
{
    char name[LIMIT_SUGGESTED + 1];
    const char *dot = strrchr(file, '.');
    size_t size = dot ? (size_t)(dot - file) : 0;
    if (size == 0 || size >= sizeof(name) || !search_is_file(file))
        return;
    memcpy(name, file, size);
    name[size] = '\0';
    if (strcmp(name, self->nearest.wanted) != 0) /* what is no file has its own name */
        nearest_offer(&self->nearest, name);
    if (self->nearest.found != name)
        return;
    memcpy(self->name, name, size + 1);
    self->nearest.found = self->name;
}

/* A folder that cannot be read offers nothing. */
static thingspace_status offer_folder(near_plugin *self, const char *folder, size_t size)
{
    cleanup_text char *path = text_copy_range(folder, size);
    if (!path)
        return THINGSPACE_MEMORY;
    DIR *open = opendir(path);
    for (struct dirent *entry; open && (entry = readdir(open));)
        offer_file(self, entry->d_name);
    if (open)
        closedir(open);
    return THINGSPACE_OK;
}

/* The absolute folders of the path, and what is near in them. Expected: MEMORY, others when `out`
 * is full. */
static thingspace_status list_folders(buffer *out, near_plugin *near, const char *path)
{
    const char *folder;
    size_t size;
    while (next_folder(&path, &folder, &size) && out->status == THINGSPACE_OK) {
        buffer_append_format(out, "%s%.*s", out->size ? ", " : "", (int)size, folder);
        if (offer_folder(near, folder, size) != THINGSPACE_OK)
            return THINGSPACE_MEMORY;
    }
    return out->status;
}

static thingspace_status not_found(const plugin_row *row, const char *path, thingspace_error *error)
{
    cleanup_buffer buffer folders;
    near_plugin near;
    nearest_begin(&near.nearest, row->plugin);
    buffer_init(&folders, sizeof(error->message));
    thingspace_status status = list_folders(&folders, &near, path);
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (folders.size == 0 && status == THINGSPACE_OK)
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
    bool meant = near.nearest.found;
    return error_set(error, THINGSPACE_PLUGIN,
                     "%s: plugin '%s' was not found as %s.lua or %s.so in %s%s%s%s", row->place,
                     row->plugin, row->plugin, row->plugin, buffer_text(&folders),
                     meant ? "; did you mean '" : "", meant ? near.name : "", meant ? "'?" : "");
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
