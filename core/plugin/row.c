/* SPDX-License-Identifier: MIT */
/* See row.h: the row with its defaults, and the reading of `--plugin`. One thread at a time. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "plugin/row.h"

static const char *const on_errors[ON_ERROR_COUNT] = {
    [ON_ERROR_FAIL] = "fail",
    [ON_ERROR_SKIP] = "skip",
    [ON_ERROR_QUARANTINE] = "quarantine",
};

thingspace_status plugin_row_new(plugin_row **out, const char *plugin, const char *place)
{
    *out = NULL;
    cleanup_plugin_row plugin_row *self = calloc(1, sizeof(*self));
    if (!self)
        return THINGSPACE_MEMORY;
    self->plugin = text_copy(plugin);
    self->place = text_copy(place);
    self->priority = PLUGIN_PRIORITY_DEFAULT;
    if (!self->plugin || !self->place)
        return THINGSPACE_MEMORY;
    *out = self;
    self = NULL;
    return THINGSPACE_OK;
}

void plugin_row_free(plugin_row *self)
{
    if (!self)
        return;
    free(self->plugin);
    free(self->folder);
    free(self->name);
    free(self->tenant);
    free(self->place);
    json_free(self->options);
    map_free(self->secrets);
    free(self);
}

void plugin_row_cleanup(plugin_row **row)
{
    plugin_row_free(*row);
}

on_error on_error_find(const char *name)
{
    on_error found = ON_ERROR_FAIL;
    while (found < ON_ERROR_COUNT && !text_equal(on_errors[found], name))
        found++;
    return found;
}

const char *on_error_name(on_error on_error)
{
    return on_errors[on_error];
}

bool plugin_row_name_is_usable(const char *name)
{
    return text_is_name(name, '-', LIMIT_PLUGIN_NAME);
}

static thingspace_status parse_options(plugin_row *row, const char *text, thingspace_error *error)
{
    thingspace_status status = json_parse(&row->options, text, strlen(text), error);
    if (status == THINGSPACE_OK || status == THINGSPACE_MEMORY)
        return status;
    char reason[sizeof(error->message)];
    memcpy(reason, error->message, sizeof(reason));
    return error_set(error, THINGSPACE_USAGE, "--plugin %s: the options after the comma are %s",
                     row->plugin, reason);
}

/* A comma where options would begin, and no object behind it; files may have commas in their name.
 */
static bool has_other_options(const char *text)
{
    const char *slash = strrchr(text, '/');
    if (text_ends_with(text, ".lua") || text_ends_with(text, ".so"))
        return false;
    return strchr(slash ? slash : text, ',') || strstr(text, ".lua,") || strstr(text, ".so,");
}

thingspace_status plugin_row_parse(plugin_row **out, const char *text, thingspace_error *error)
{
    *out = NULL;
    thingspace_error own = THINGSPACE_ERROR_INIT;
    const char *comma = strstr(text, ",{");
    cleanup_text char *file = text_copy_range(text, comma ? (size_t)(comma - text) : strlen(text));
    cleanup_text char *place = text_format("--plugin %s", file ? file : "");
    cleanup_plugin_row plugin_row *row = NULL;
    if (!file || !place || plugin_row_new(&row, file, place) != THINGSPACE_OK)
        return error_memory(error);
    if (text_is_empty(file))
        return error_set(error, THINGSPACE_USAGE,
                         "--plugin needs the name or the file of a plugin before its options");
    if (!comma && has_other_options(text))
        return error_set(error, THINGSPACE_USAGE,
                         "--plugin %s: the options after the comma are a JSON object, as in "
                         "hours.lua,{\"team\":\"blue\"}",
                         text);
    row->grant_declared = true;
    if (comma && parse_options(row, comma + 1, &own) != THINGSPACE_OK) {
        error_copy(error, &own);
        return own.kind;
    }
    *out = row;
    row = NULL;
    return THINGSPACE_OK;
}
