/* SPDX-License-Identifier: MIT */
/*
 * A generation from the rows of a policy: each row's file is found and loaded by the back-end of
 * its kind, the operator's rows first, then --plugin, what this process added, and the tenants'.
 * What was read is digested on the way. The client's thread.
 */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "client/generation_inside.h"
#include "lua/plugin/plugin_script.h"
#include "plugin/compiled.h"
#include "plugin/search.h"

/* ---- one instance ---- */

typedef thingspace_status load_function(instance **out, const plugin_row *row, const char *file,
                                        const instance_options *options, thingspace_error *error);

static const struct loader {
    const char *suffix;
    load_function *load;
} loaders[] = {
    {".lua", plugin_script_load},
    {".so", compiled_load},
};

static load_function *find_loader(const char *file)
{
    for (size_t i = 0; i < sizeof(loaders) / sizeof(loaders[0]); i++)
        if (text_ends_with(file, loaders[i].suffix))
            return loaders[i].load;
    return NULL;
}

/* Which row it was whose options the plugin itself refused: the plugin cannot know. */
static void place_error(const plugin_row *row, thingspace_error *error)
{
    if (error && error->size >= sizeof(*error) && text_equal(error->phase, "configure"))
        error_prefix(error, "%s: %s: configure", row->place, error->instance);
}

static thingspace_status load_file(instance **out, const plugin_row *row,
                                   const generation_options *options, thingspace_error *error)
{
    cleanup_text char *file = NULL;
    thingspace_status status = search_plugin(&file, row, options->instances.search_path, error);
    if (status != THINGSPACE_OK)
        return status;
    load_function *load = find_loader(file);
    if (!load)
        return error_set(error, THINGSPACE_PLUGIN,
                         "%s: plugin '%s' is neither a script (.lua) nor compiled (.so)",
                         row->place, file);
    status = load(out, row, file, &options->instances, error);
    if (status != THINGSPACE_OK)
        place_error(row, error);
    return status;
}

/* A row can be given another name; --plugin cannot, so that it gets one: NAME-2, NAME-3, ... */
static thingspace_status rename_given(const generation *self, instance *made,
                                      thingspace_error *error)
{
    for (size_t next = 2; generation_find_name(self, 0, made->name); next++) {
        char *name = text_format("%s-%zu", made->manifest.name, next);
        if (!name)
            return error_memory(error);
        free(made->name);
        made->name = name;
    }
    return THINGSPACE_OK;
}

static thingspace_status check_name(const generation *self, size_t first, const plugin_row *row,
                                    instance *made, thingspace_error *error)
{
    const instance *other = generation_find_name(self, first, made->name);
    if (!other)
        return THINGSPACE_OK;
    if (row->grant_declared)
        return rename_given(self, made, error);
    return generation_refuse_name(other, made, error);
}

/* Rights that nobody uses today, and that a new version of the plugin would have unasked. */
static void warn_grant(const plugin_row *row, const instance *made, const log_target *log)
{
    capability_set known = made->manifest.capabilities;
    const char *more = row->grant_written ? capability_missing(row->grant, known) : NULL;
    for (; more; more = capability_missing(row->grant, known)) {
        log_write(log, THINGSPACE_LOG_WARNING,
                  "%s: %s: the row grants '%s', which the plugin does not declare: remove it",
                  row->place, made->name, more);
        known |= capability_find(more);
    }
}

static thingspace_status load_row(generation *self, size_t first, const plugin_row *row,
                                  const generation_options *options, thingspace_error *error)
{
    instance *made = NULL;
    thingspace_status status = load_file(&made, row, options, error);
    if (status != THINGSPACE_OK)
        return status;
    made->row = self->count - first;
    status = check_name(self, first, row, made, error);
    if (status != THINGSPACE_OK) {
        instance_free(made);
        return status;
    }
    warn_grant(row, made, options->instances.log);
    return generation_add(self, made, error);
}

/* ---- the digest ---- */

/* Where it lies is nobody's business: another machine has it elsewhere. */
static thingspace_status digest_plugin(generation *self, const instance *plugin,
                                       thingspace_error *error)
{
    digest_add_text(&self->digest, "plugin", plugin->manifest.name);
    digest_add_text(&self->digest, "version", plugin->manifest.version);
    int descriptor = open(plugin->file, O_RDONLY | O_CLOEXEC);
    int cause = descriptor < 0 ? errno : digest_add_file(&self->digest, "file", descriptor);
    if (descriptor >= 0)
        close(descriptor);
    return cause == 0 ? THINGSPACE_OK
                      : error_errno(error, THINGSPACE_LOCAL, cause, "plugin %s cannot be read",
                                    plugin->file);
}

/* Members in the order in which they were written. Rows of the policy are in its script. */
static thingspace_status digest_given(generation *self, const plugin_row *row,
                                      thingspace_error *error)
{
    cleanup_buffer buffer options;
    buffer_init(&options, LIMIT_JSON_TEXT);
    thingspace_status status =
        row->options ? json_write(&options, row->options, JSON_PLAIN) : THINGSPACE_OK;
    if (status == THINGSPACE_OK)
        status = options.status;
    digest_add(&self->digest, "options", options.data, options.size);
    return status == THINGSPACE_OK ? status : error_memory(error);
}

static thingspace_status digest_plugins(generation *self, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < self->count && status == THINGSPACE_OK; i++)
        if (self->instances[i]->file)
            status = digest_plugin(self, self->instances[i], error);
    return status;
}

/* ---- the operator's ---- */

static thingspace_status load_rows(generation *self, const generation_options *options,
                                   thingspace_error *error)
{
    const policy *policy = self->policy;
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; status == THINGSPACE_OK && i < policy_plugin_count(policy); i++)
        status = load_row(self, 0, policy_plugin_at(policy, i), options, error);
    return status;
}

static thingspace_status load_given(generation *self, const generation_options *options,
                                    thingspace_error *error)
{
    const char *const *at = options->plugins;
    thingspace_status status = THINGSPACE_OK;
    for (; status == THINGSPACE_OK && at && *at; at++) {
        cleanup_plugin_row plugin_row *row = NULL;
        status = plugin_row_parse(&row, *at, error);
        if (status == THINGSPACE_OK)
            status = load_row(self, 0, row, options, error);
        if (status == THINGSPACE_OK)
            status = digest_given(self, row, error);
    }
    return status;
}

static thingspace_status load_operator(generation *self, const generation_options *options,
                                       thingspace_error *error)
{
    thingspace_status status = load_rows(self, options, error);
    if (status == THINGSPACE_OK)
        status = load_given(self, options, error);
    return status == THINGSPACE_OK ? generation_take_added(self, &options->added, error) : status;
}

/* ---- tenants ---- */

static thingspace_status load_tenant_rows(generation *self, tenant *tenant, size_t first,
                                          const generation_options *options,
                                          thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; status == THINGSPACE_OK && i < policy_plugin_count(tenant->own); i++) {
        const plugin_row *row = policy_plugin_at(tenant->own, i);
        status = tenant_check_plugin(tenant, row, error);
        if (status == THINGSPACE_OK)
            status = load_row(self, first, row, options, error);
    }
    return status;
}

static void unload_from(generation *self, size_t first)
{
    while (self->count > first)
        instance_free(self->instances[--self->count]);
}

/* A plugin that does not load breaks its tenant; only memory ends the generation. */
static thingspace_status load_tenant(generation *self, tenant *tenant,
                                     const generation_options *options, thingspace_error *error)
{
    if (!tenant->own || policy_plugin_count(tenant->own) == 0)
        return THINGSPACE_OK;
    size_t first = self->count;
    thingspace_error why = THINGSPACE_ERROR_INIT;
    generation_options own = *options;
    own.instances.settings = NULL; /* those are the operator's */
    thingspace_status status = load_tenant_rows(self, tenant, first, &own, &why);
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (status == THINGSPACE_OK)
        return THINGSPACE_OK;
    unload_from(self, first);
    tenant_name_error(tenant, &why);
    error_copy(&tenant->broken, &why);
    log_write(options->instances.log, THINGSPACE_LOG_WARNING, "%s; its accounts fail", why.message);
    return THINGSPACE_OK;
}

static thingspace_status load_tenants(generation *self, const generation_options *options,
                                      thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; status == THINGSPACE_OK && i < policy_tenant_count(self->policy); i++)
        status = load_tenant(self, policy_tenant_at(self->policy, i), options, error);
    return status;
}

/* ---- all of it ---- */

thingspace_status generation_new(generation **out, policy *policy,
                                 const generation_options *options, thingspace_error *error)
{
    *out = NULL;
    generation *made = generation_make(policy);
    if (!made)
        return error_memory(error);
    made->digest = *policy_digest(policy);
    thingspace_status status = load_operator(made, options, error);
    if (status == THINGSPACE_OK)
        status = load_tenants(made, options, error);
    if (status == THINGSPACE_OK)
        status = digest_plugins(made, error);
    return generation_finish(out, made, status, error);
}
