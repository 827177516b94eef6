/* SPDX-License-Identifier: MIT */
/*
 * The instances of one test: made as a row of a policy makes them, with the rights that the plugin
 * declares. Equal options give the same instance, so that its state lives on between two runs. One
 * thread at a time.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "lua/plugin/plugin_script.h"
#include "lua/test/plugin_test_inside.h"
#include "plugin/compiled.h"
#include "plugin/search.h"

void plugin_test_fresh(plugin_test *self)
{
    for (size_t i = 0; i < self->instance_count; i++) {
        instance_free(self->instances[i].instance);
        buffer_dispose(&self->instances[i].options);
    }
    self->instance_count = 0;
}

static void free_source(void *source)
{
    secret_source_free(source);
}

static thingspace_status add_secret(plugin_row *row, const char *name, const json *node,
                                    thingspace_error *error)
{
    secret_source *source;
    if (!row->secrets && map_new(&row->secrets, free_source) != THINGSPACE_OK)
        return error_memory(error);
    thingspace_status status = secret_source_value(&source, json_secret(node), "the test", error);
    if (status != THINGSPACE_OK)
        return status;
    if (map_set(row->secrets, name, source) == THINGSPACE_OK)
        return THINGSPACE_OK;
    secret_source_free(source);
    return error_memory(error);
}

/* Secrets are beside the other options. */
static thingspace_status add_options(plugin_row *row, const json *options, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    row->options = json_new_object();
    if (!row->options)
        return error_memory(error);
    for (const json *at = json_first(options); at && status == THINGSPACE_OK; at = json_next(at)) {
        if (json_type_of(at) == JSON_SECRET)
            status = add_secret(row, json_name(at), at, error);
        else if (json_set(row->options, json_name(at), json_copy(at)) != THINGSPACE_OK)
            status = error_memory(error);
    }
    return status;
}

static thingspace_status load(plugin_test *self, instance **out, const json *options,
                              thingspace_error *error)
{
    cleanup_plugin_row plugin_row *row = NULL;
    const instance_options with = {.log = &self->log, .time_ms = &self->time_ms};
    thingspace_status status = plugin_row_new(&row, self->plugin, self->file);
    if (status != THINGSPACE_OK)
        return error_memory(error);
    row->grant_declared = true;
    row->required = true;
    status = add_options(row, options, error);
    if (status != THINGSPACE_OK)
        return status;
    return search_is_compiled(self->plugin)
               ? compiled_load(out, row, self->plugin, &with, error)
               : plugin_script_load(out, row, self->plugin, &with, error);
}

static instance *find(const plugin_test *self, const buffer *options)
{
    for (size_t i = 0; i < self->instance_count; i++) {
        const test_instance *at = &self->instances[i];
        if (at->options.size == options->size &&
            memcmp(buffer_text(&at->options), buffer_text(options), options->size) == 0)
            return at->instance;
    }
    return NULL;
}

static thingspace_status add(plugin_test *self, instance **out, const json *options, buffer *key,
                             thingspace_error *error)
{
    if (self->instance_count == TEST_INSTANCES)
        return error_set(error, THINGSPACE_USAGE,
                         "one test uses at most %d different options: call t.fresh() in between",
                         TEST_INSTANCES);
    thingspace_status status = load(self, out, options, error);
    if (status != THINGSPACE_OK)
        return status;
    self->instances[self->instance_count++] = (test_instance){*key, *out};
    buffer_init_secret(key, 0);
    return THINGSPACE_OK;
}

thingspace_status plugin_test_instance(plugin_test *self, instance **out, const json *options,
                                       thingspace_error *error)
{
    cleanup_buffer buffer key;
    buffer_init_secret(&key, limits_test.allocation);
    *out = NULL;
    if (options && json_write(&key, options, JSON_REVEAL) != THINGSPACE_OK)
        return key.status == THINGSPACE_MEMORY
                   ? error_memory(error)
                   : error_set(error, THINGSPACE_USAGE, "the options are too long or too deep");
    *out = find(self, &key);
    return *out ? THINGSPACE_OK : add(self, out, options, &key, error);
}
