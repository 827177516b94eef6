/* SPDX-License-Identifier: MIT */
/*
 * See generation.h. Owns the chains: one for the operator's calls, one for each tenant that has
 * instances of its own. An owner without hooks has no chain, so that its calls ask nobody. Policy
 * and instances are shared with the generation that differs in what this process added.
 */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "client/generation.h"
#include "lua/plugin_script.h"
#include "plugin/compiled.h"
#include "plugin/search.h"

struct generation {
    unsigned references;
    policy *policy;       /* one reference */
    digest digest;        /* of all that was read; what this process added is not in it */
    instance **instances; /* one reference of each: the operator's, what was added, the tenants' */
    size_t count, capacity;
    size_t of_operator; /* how many are the operator's, */
    size_t added;       /* of those, the last ones: added by this process */
    chain *operators;   /* NULL: no hook */
    map *tenants;       /* name -> chain *; NULL: no tenant has instances */
};

/* ---- life ---- */

static void free_chain(void *value)
{
    chain_free(value);
}

static void destroy(generation *self)
{
    map_free(self->tenants);
    chain_free(self->operators);
    for (size_t i = 0; i < self->count; i++)
        instance_free(self->instances[i]);
    free(self->instances);
    policy_free(self->policy);
    free(self);
}

generation *generation_ref(generation *self)
{
    self->references++;
    return self;
}

void generation_free(generation *self)
{
    if (self && --self->references == 0)
        destroy(self);
}

void generation_cleanup(generation **self)
{
    generation_free(*self);
}

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
    size_t size = strlen(file);
    for (size_t i = 0; i < sizeof(loaders) / sizeof(loaders[0]); i++) {
        size_t suffix = strlen(loaders[i].suffix);
        if (size > suffix && text_equal(file + size - suffix, loaders[i].suffix))
            return loaders[i].load;
    }
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

/* `first`: where the instances of the same owner begin. NULL: nobody is called so. */
static const instance *find_name(const generation *self, size_t first, const char *name)
{
    for (size_t i = first; i < self->count; i++)
        if (text_equal(self->instances[i]->name, name))
            return self->instances[i];
    return NULL;
}

/* A row can be given another name; --plugin cannot, so that it gets one: NAME-2, NAME-3, ... */
static thingspace_status rename_given(const generation *self, instance *made,
                                      thingspace_error *error)
{
    for (size_t next = 2; find_name(self, 0, made->name); next++) {
        char *name = text_format("%s-%zu", made->manifest.name, next);
        if (!name)
            return error_memory(error);
        free(made->name);
        made->name = name;
    }
    return THINGSPACE_OK;
}

static thingspace_status refuse_name(const instance *other, const instance *made,
                                     thingspace_error *error)
{
    return error_set(error, THINGSPACE_PLUGIN,
                     "%s and %s: two instances are called '%s'; give one of them another `name`",
                     other->place, made->place, made->name);
}

static thingspace_status check_name(const generation *self, size_t first, const plugin_row *row,
                                    instance *made, thingspace_error *error)
{
    const instance *other = find_name(self, first, made->name);
    if (!other)
        return THINGSPACE_OK;
    if (row->grant_declared)
        return rename_given(self, made, error);
    return refuse_name(other, made, error);
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

/* Takes the instance, also on failure. */
static thingspace_status add(generation *self, instance *made, thingspace_error *error)
{
    if (self->count == self->capacity) {
        size_t capacity = self->capacity ? self->capacity * 2 : 8;
        instance **items = realloc(self->instances, capacity * sizeof(*items));
        if (!items) {
            instance_free(made);
            return error_memory(error);
        }
        self->instances = items;
        self->capacity = capacity;
    }
    self->instances[self->count++] = made;
    return THINGSPACE_OK;
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
    return add(self, made, error);
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

static thingspace_status load_policy_rows(generation *self, size_t first, const policy *rows,
                                          const generation_options *options,
                                          thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; status == THINGSPACE_OK && i < policy_plugin_count(rows); i++)
        status = load_row(self, first, policy_plugin_at(rows, i), options, error);
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

/* Their place is after all rows, whatever it was before. */
static thingspace_status take_added(generation *self, const instance_list *added,
                                    thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; status == THINGSPACE_OK && i < added->count; i++) {
        instance *item = added->items[i];
        const instance *other = find_name(self, 0, item->name);
        if (other)
            return refuse_name(other, item, error);
        item->row = self->count;
        status = add(self, instance_ref(item), error);
    }
    self->added = added->count;
    self->of_operator = self->count;
    return status;
}

static thingspace_status load_operator(generation *self, const generation_options *options,
                                       thingspace_error *error)
{
    thingspace_status status = load_policy_rows(self, 0, self->policy, options, error);
    if (status == THINGSPACE_OK)
        status = load_given(self, options, error);
    return status == THINGSPACE_OK ? take_added(self, &options->added, error) : status;
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
    thingspace_status status = load_tenant_rows(self, tenant, first, options, &why);
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

/* ---- chains ---- */

static bool is_empty(const chain *chain)
{
    for (int phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++)
        if (chain_has(chain, phase))
            return false;
    return true;
}

/* Of the operator's instances, and those of a tenant. */
static thingspace_status make_chain(chain **out, const generation *self,
                                    const instance_list *tenants, thingspace_error *error)
{
    const instance_list operators = {self->instances, self->of_operator};
    thingspace_status status = chain_new(out, &operators, tenants);
    if (status != THINGSPACE_OK)
        return error_memory(error);
    if (is_empty(*out)) {
        chain_free(*out);
        *out = NULL;
    }
    return THINGSPACE_OK;
}

static thingspace_status keep_chain(generation *self, const char *tenant, chain *chain,
                                    thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    if (!self->tenants)
        status = map_new(&self->tenants, free_chain);
    if (status == THINGSPACE_OK)
        status = map_set(self->tenants, tenant, chain);
    if (status == THINGSPACE_OK)
        return status;
    chain_free(chain);
    return error_memory(error);
}

/* How many of the instances that begin there are of the same tenant. */
static size_t count_same(const generation *self, size_t first)
{
    size_t count = 1;
    while (first + count < self->count &&
           text_equal(self->instances[first + count]->tenant, self->instances[first]->tenant))
        count++;
    return count;
}

static thingspace_status make_chains(generation *self, thingspace_error *error)
{
    thingspace_status status = make_chain(&self->operators, self, NULL, error);
    for (size_t at = self->of_operator, count; status == THINGSPACE_OK && at < self->count;
         at += count) {
        chain *made = NULL;
        count = count_same(self, at);
        const instance_list tenants = {self->instances + at, count};
        status = make_chain(&made, self, &tenants, error);
        if (status == THINGSPACE_OK && made)
            status = keep_chain(self, tenants.items[0]->tenant, made, error);
    }
    return status;
}

/* ---- making ---- */

/* Takes the policy, also on failure. */
static generation *make(policy *policy)
{
    generation *made = calloc(1, sizeof(*made));
    if (!made) {
        policy_free(policy);
        return NULL;
    }
    made->references = 1;
    made->policy = policy;
    return made;
}

/* Hands over what was made, when all of it is well. */
static thingspace_status finish(generation **out, generation *made, thingspace_status status,
                                thingspace_error *error)
{
    if (status == THINGSPACE_OK)
        status = make_chains(made, error);
    if (status == THINGSPACE_OK)
        *out = made;
    else
        generation_free(made);
    return status;
}

thingspace_status generation_new(generation **out, policy *policy,
                                 const generation_options *options, thingspace_error *error)
{
    *out = NULL;
    generation *made = make(policy);
    if (!made)
        return error_memory(error);
    made->digest = *policy_digest(policy);
    thingspace_status status = load_operator(made, options, error);
    if (status == THINGSPACE_OK)
        status = load_tenants(made, options, error);
    if (status == THINGSPACE_OK)
        status = digest_plugins(made, error);
    return finish(out, made, status, error);
}

/* Shares the instances from `from` on, up to `to`. */
static thingspace_status share(generation *self, const generation *with, size_t from, size_t to,
                               thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = from; status == THINGSPACE_OK && i < to; i++)
        status = add(self, instance_ref(with->instances[i]), error);
    return status;
}

thingspace_status generation_change(generation **out, const generation *old,
                                    const instance_list *added, thingspace_error *error)
{
    *out = NULL;
    generation *made = make(policy_ref(old->policy));
    if (!made)
        return error_memory(error);
    made->digest = old->digest;
    thingspace_status status = share(made, old, 0, old->of_operator - old->added, error);
    if (status == THINGSPACE_OK)
        status = take_added(made, added, error);
    if (status == THINGSPACE_OK)
        status = share(made, old, old->of_operator, old->count, error);
    return finish(out, made, status, error);
}

/* ---- looking ---- */

policy *generation_policy(const generation *self)
{
    return self->policy;
}

const chain *generation_chain(const generation *self, const tenant *tenant)
{
    const chain *own = tenant && self->tenants ? map_get(self->tenants, tenant->name) : NULL;
    return own ? own : self->operators;
}

size_t generation_instance_count(const generation *self)
{
    return self->count;
}

instance *generation_instance(const generation *self, size_t index)
{
    return self->instances[index];
}

const digest *generation_digest(const generation *self)
{
    return &self->digest;
}
