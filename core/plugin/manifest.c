/* SPDX-License-Identifier: MIT */
/*
 * Building a manifest from what a plugin says, piece by piece; each piece is checked when it
 * comes, so that a manifest is usable or was refused. One thread at a time.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/text.h"
#include "plugin/manifest.h"

void manifest_init(manifest *self)
{
    memset(self, 0, sizeof(*self));
}

static void dispose_option(manifest_option *self)
{
    free(self->name);
    free(self->doc);
    json_free(self->by_default);
}

void manifest_dispose(manifest *self)
{
    free(self->name);
    free(self->version);
    for (size_t i = 0; i < self->option_count; i++)
        dispose_option(&self->options[i]);
    free(self->options);
    manifest_init(self);
}

static bool is_version(const char *text)
{
    return !text_is_empty(text) && strlen(text) <= LIMIT_PLUGIN_VERSION &&
           !text_has_control(text) && text_is_utf8(text, strlen(text));
}

static thingspace_status replace_text(char **place, const char *text, thingspace_error *error)
{
    char *copy = text_copy(text);
    if (!copy)
        return error_memory(error);
    free(*place);
    *place = copy;
    return THINGSPACE_OK;
}

thingspace_status manifest_set_name(manifest *self, const char *name, const char *version,
                                    thingspace_error *error)
{
    if (!plugin_row_name_is_usable(name))
        return error_set(error, THINGSPACE_PLUGIN,
                         "the manifest's name must be " PLUGIN_NAME_RULE ", not '%s'",
                         name ? name : "");
    if (!is_version(version))
        return error_set(error, THINGSPACE_PLUGIN,
                         "the manifest's version must be one line of up to %d bytes, like '1.0.0'",
                         LIMIT_PLUGIN_VERSION);
    thingspace_status status = replace_text(&self->name, name, error);
    return status == THINGSPACE_OK ? replace_text(&self->version, version, error) : status;
}

thingspace_status manifest_check_api(long long api, thingspace_error *error)
{
    if (api == MANIFEST_API)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_PLUGIN,
                     "the plugin was written for api %lld, and this library has api %d: install "
                     "the version of one that fits the other",
                     api, MANIFEST_API);
}

thingspace_status manifest_add_capability(manifest *self, const char *text, thingspace_error *error)
{
    size_t size = text ? strlen(text) : 0;
    bool optional = size > 0 && text[size - 1] == '?';
    cleanup_text char *name = text_copy_range(text ? text : "", optional ? size - 1 : size);
    if (!name)
        return error_memory(error);
    capability_set added = 0;
    thingspace_status status = capability_add(&added, name, error);
    /* Needed once, needed for good. */
    self->optional =
        optional ? self->optional | (added & ~self->capabilities) : self->optional & ~added;
    self->capabilities |= added;
    return status;
}

static const char *nearest_hook(const char *wanted)
{
    nearest nearest;
    nearest_begin(&nearest, wanted);
    for (phase at = PHASE_FIRST_HOOK; at < PHASE_COUNT; at++)
        nearest_offer(&nearest, phase_of(at)->name);
    return nearest.found;
}

thingspace_status manifest_add_hook(manifest *self, const char *name, thingspace_error *error)
{
    phase found = phase_find(name);
    if (found >= PHASE_FIRST_HOOK && found < PHASE_COUNT) {
        self->hooks |= PHASE_BIT(found);
        return THINGSPACE_OK;
    }
    if (found == PHASE_CONFIGURE)
        return error_set(error, THINGSPACE_PLUGIN,
                         "'configure' is no hook: it stands beside hooks, not among them");
    const char *near = nearest_hook(name);
    if (near)
        return error_set(error, THINGSPACE_PLUGIN, "hook '%s' is not known; did you mean '%s'?",
                         name, near);
    return error_set(error, THINGSPACE_PLUGIN,
                     "hook '%s' is not known: hooks are request, check, response, error, audit, "
                     "accept, message and deliver",
                     name ? name : "");
}

thingspace_status manifest_check_grant(const manifest *self, const plugin_row *row,
                                       thingspace_error *error)
{
    capability_set needed = row->grant_declared ? 0 : self->capabilities & ~self->optional;
    const char *missing = capability_missing(needed, row->grant);
    if (!missing)
        return THINGSPACE_OK;
    if (row->tenant)
        return error_set(error, THINGSPACE_PLUGIN,
                         "%s: %s: the plugin needs '%s', which tenant '%s' may not give it: add it "
                         "to the plugins of the tenant's row in the operator's policy",
                         row->place, self->name, missing, row->tenant);
    return error_set(error, THINGSPACE_PLUGIN,
                     "%s: %s: the plugin needs '%s': add it to the row's grant if it may have it",
                     row->place, self->name, missing);
}
