/* SPDX-License-Identifier: MIT */
/*
 * The back-end of compiled plugins: what the entry says becomes a manifest, `create` makes the
 * instance's own, and what a hook returned is judged against what it made. The object belongs to
 * its instance. The client's thread.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "plugin/compiled.h"
#include "plugin/compiled_inside.h"

/* --- the manifest --- */

static thingspace_hook_function *hook_of(const thingspace_plugin *entry, phase phase)
{
    switch (phase) {
    case PHASE_REQUEST:
        return entry->request;
    case PHASE_CHECK:
        return entry->check;
    case PHASE_RESPONSE:
        return entry->response;
    case PHASE_ERROR:
        return entry->error;
    case PHASE_AUDIT:
        return entry->audit;
    case PHASE_ACCEPT:
        return entry->accept;
    case PHASE_MESSAGE:
        return entry->message;
    case PHASE_DELIVER:
        return entry->deliver;
    default:
        return NULL;
    }
}

static thingspace_status add_capabilities(manifest *out, const char *texts, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    const char *at = texts ? texts : "";
    while (status == THINGSPACE_OK && *(at += strspn(at, " "))) {
        size_t size = strcspn(at, " ");
        cleanup_text char *text = text_copy_range(at, size);
        status = text ? manifest_add_capability(out, text, error) : error_memory(error);
        at += size;
    }
    return status;
}

/* Of those that a compiled plugin may have: all but the last. */
static bool is_type(const char *name)
{
    for (option_type at = 0; at < OPTION_TYPE_SECRET; at++)
        if (text_equal(option_type_name(at), name))
            return true;
    return false;
}

static thingspace_status add_option(manifest *out, const thingspace_plugin_option *option,
                                    thingspace_error *error)
{
    json *by_default;
    if (text_equal(option->type, option_type_name(OPTION_TYPE_SECRET)))
        return error_set(error, THINGSPACE_PLUGIN,
                         "option %s: compiled plugins get no secrets; name a file in its place",
                         option->name);
    if (!is_type(option->type))
        return error_set(error, THINGSPACE_PLUGIN,
                         "option %s: its type must be string, number, integer, boolean or table, "
                         "not '%.80s'",
                         option->name, option->type ? option->type : "");
    thingspace_status status = compiled_parse(&by_default, option->by_default, error,
                                              "option %.80s: its default", option->name);
    if (status != THINGSPACE_OK)
        return status;
    return manifest_add_option(out, option->name, option->type, option->required != 0, by_default,
                               option->doc, error);
}

/* Rows may be larger than we know them: the plugin says how large. */
static thingspace_status add_options(manifest *out, const thingspace_plugin *entry,
                                     thingspace_error *error)
{
    const char *at = (const char *)entry->options;
    if (at && entry->option_size < sizeof(thingspace_plugin_option))
        return error_set(error, THINGSPACE_PLUGIN,
                         "its options have %zu bytes each, and those of version 1.0 have %zu: "
                         "define the plugin with THINGSPACE_PLUGIN(...)",
                         entry->option_size, sizeof(thingspace_plugin_option));
    thingspace_status status = THINGSPACE_OK;
    for (; at && status == THINGSPACE_OK; at += entry->option_size) {
        const thingspace_plugin_option *option = (const void *)at;
        if (!option->name)
            break;
        status = add_option(out, option, error);
    }
    return status;
}

static thingspace_status add_hooks(manifest *out, const thingspace_plugin *entry,
                                   thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT && status == THINGSPACE_OK; phase++)
        if (hook_of(entry, phase))
            status = manifest_add_hook(out, phase_of(phase)->name, error);
    return status;
}

static thingspace_status fill_manifest(manifest *out, const thingspace_plugin *entry,
                                       thingspace_error *error)
{
    thingspace_status status = manifest_set_name(out, entry->name, entry->version, error);
    if (status == THINGSPACE_OK)
        status = add_capabilities(out, entry->capabilities, error);
    if (status == THINGSPACE_OK)
        status = add_options(out, entry, error);
    return status == THINGSPACE_OK ? add_hooks(out, entry, error) : status;
}

/* --- running --- */

static const char *base_name(const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash ? slash + 1 : file;
}

static compiled_hook *begin(compiled *self, phase phase)
{
    compiled_hook *hook = &self->hook;
    hook->shown.phase = phase_of(phase)->name;
    hook->made = THINGSPACE_HOOK_CONTINUE;
    hook->verdicts = 0;
    hook->out_of_memory = false;
    hook->untold = false;
    hook->misuse[0] = '\0';
    hook->outcome = THINGSPACE_OK;
    return hook;
}

static const char *maker(int result)
{
    static const char *const names[] = {"", "stop", "reply", "deny", "wait"};
    return result > 0 && (size_t)result < sizeof(names) / sizeof(names[0]) ? names[result] : NULL;
}

/* What is wrong with what it returned. */
static thingspace_status judge(compiled_hook *hook, int result)
{
    thingspace_error *error = &hook->error;
    if (hook->out_of_memory)
        return error_memory(error);
    if (hook->misuse[0])
        return error_set(error, THINGSPACE_PLUGIN, "%s", hook->misuse);
    if (result == THINGSPACE_HOOK_FAIL && hook->outcome != THINGSPACE_OK)
        return hook->outcome;
    if (result == THINGSPACE_HOOK_FAIL)
        return error_set(error, THINGSPACE_PLUGIN,
                         "it failed without a reason: give one with thingspace_hook_fail");
    if (hook->verdicts > 1)
        return error_set(error, THINGSPACE_PLUGIN, "it made %u verdicts: a hook has one",
                         hook->verdicts);
    if (result == hook->made)
        return THINGSPACE_OK;
    if (hook->made != THINGSPACE_HOOK_CONTINUE)
        return error_set(error, THINGSPACE_PLUGIN,
                         "it made a verdict and did not return it: return what "
                         "thingspace_hook_%s answers",
                         maker(hook->made));
    if (maker(result))
        return error_set(error, THINGSPACE_PLUGIN,
                         "it returned %d and made no such verdict: return what thingspace_hook_%s "
                         "answers",
                         result, maker(result));
    return error_set(error, THINGSPACE_PLUGIN,
                     "it returned %d: return 0, or what a function of the library answers", result);
}

/* Ends the hook; a failure is told with the file's name. */
static thingspace_status finish(compiled *self, int result, thingspace_error *error)
{
    compiled_hook *hook = &self->hook;
    thingspace_status status = judge(hook, result);
    compiled_hook_end(hook);
    if (status == THINGSPACE_OK)
        return THINGSPACE_OK;
    error_copy(error, &hook->error);
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (self->file) {
        error_prefix(error, "%s", base_name(self->file));
        error_set_place(error, self->file, 0);
    }
    return status;
}

static thingspace_status run(void *object, phase phase, view *view, verdict *out,
                             thingspace_error *error)
{
    compiled *self = object;
    compiled_hook *hook = begin(self, phase);
    hook->view = view;
    hook->verdict = out;
    return finish(self, hook_of(&self->entry, phase)(self->self, &hook->shown), error);
}

static void free_compiled(void *object)
{
    compiled *self = object;
    if (!self)
        return;
    if (self->created && self->entry.destroy)
        self->entry.destroy(self->self);
    buffer_dispose(&self->hook.event_text);
    free(self->file);
    free(self);
}

static const instance_backend backend = {.run = run, .free = free_compiled};

/* --- loading --- */

static thingspace_status create(compiled *self, const json *options, const plugin_row *row,
                                thingspace_error *error)
{
    if (!self->entry.create) {
        self->created = true;
        return THINGSPACE_OK;
    }
    compiled_hook *hook = begin(self, PHASE_CONFIGURE);
    hook->options = options;
    hook->folder = row->folder;
    int result = self->entry.create(&hook->shown, &self->self);
    self->created = result == 0;
    thingspace_status status = finish(self, result, error);
    if (status != THINGSPACE_OK)
        instance_name_error(self->instance, PHASE_CONFIGURE, error);
    return status;
}

/* Becomes the back-end of the instance. Expected: MEMORY. */
static thingspace_status add_backend(compiled **out, instance *to, const thingspace_plugin *entry,
                                     const log_target *log, thingspace_error *error)
{
    compiled *self = calloc(1, sizeof(*self));
    if (!self)
        return error_memory(error);
    self->entry = *entry;
    self->file = text_copy(to->file);
    self->hook.shown.size = sizeof(self->hook.shown);
    self->hook.shown.host = &compiled_host;
    self->hook.log = log;
    self->hook.error.size = sizeof(self->hook.error);
    buffer_init(&self->hook.event_text, LIMIT_JSON_TEXT);
    self->instance = to;
    self->hook.instance = to;
    instance_set_backend(to, &backend, self);
    *out = self;
    return self->file || !to->file ? THINGSPACE_OK : error_memory(error);
}

static thingspace_status open_plugin(thingspace_plugin *entry, manifest *manifest, const char *file,
                                     thingspace_error *error)
{
    thingspace_status status = compiled_open(entry, file, error);
    if (status == THINGSPACE_OK)
        status = fill_manifest(manifest, entry, error);
    if (status == THINGSPACE_OK)
        return THINGSPACE_OK;
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    error_prefix(error, "%s", base_name(file));
    error_set_place(error, file, 0);
    if (error)
        error->kind = THINGSPACE_PLUGIN;
    return THINGSPACE_PLUGIN;
}

thingspace_status compiled_manifest(manifest *out, const char *file, thingspace_error *error)
{
    thingspace_plugin entry;
    thingspace_status status = open_plugin(&entry, out, file, error);
    if (status != THINGSPACE_OK)
        manifest_dispose(out);
    return status;
}

thingspace_status compiled_load(instance **out, const plugin_row *row, const char *file,
                                const instance_options *options, thingspace_error *error)
{
    thingspace_plugin entry;
    cleanup_manifest manifest manifest;
    cleanup_json json *filled = NULL;
    cleanup_instance instance *made = NULL;
    *out = NULL;
    manifest_init(&manifest);
    thingspace_status status = open_plugin(&entry, &manifest, file, error);
    if (status == THINGSPACE_OK)
        status = instance_new(&made, &manifest, row, file, &filled, error);
    if (status != THINGSPACE_OK)
        return status;
    compiled *self;
    status = add_backend(&self, made, &entry, options ? options->log : NULL, error);
    if (status != THINGSPACE_OK)
        return status;
    status = create(self, filled, row, error);
    if (status != THINGSPACE_OK)
        return status == THINGSPACE_MEMORY ? status : THINGSPACE_PLUGIN;
    *out = made;
    made = NULL;
    return THINGSPACE_OK;
}

/* --- hooks of this process --- */

static thingspace_status describe(manifest *out, const thingspace_plugin *entry,
                                  thingspace_error *error)
{
    thingspace_status status = manifest_set_name(out, entry->name, entry->version, error);
    out->capabilities = CAPABILITY_ALL;
    return status == THINGSPACE_OK ? add_hooks(out, entry, error) : status;
}

thingspace_status compiled_add(instance **out, const thingspace_plugin *given,
                               const plugin_row *row, const log_target *log,
                               thingspace_error *error)
{
    thingspace_plugin entry;
    cleanup_manifest manifest manifest;
    cleanup_json json *filled = NULL;
    cleanup_instance instance *made = NULL;
    compiled *self;
    *out = NULL;
    manifest_init(&manifest);
    thingspace_status status = compiled_copy_entry(&entry, given, error);
    if (status == THINGSPACE_OK)
        status = describe(&manifest, &entry, error);
    if (status == THINGSPACE_OK)
        status = instance_new(&made, &manifest, row, NULL, &filled, error);
    if (status == THINGSPACE_OK)
        status = add_backend(&self, made, &entry, log, error);
    if (status != THINGSPACE_OK)
        return status;
    *out = made;
    made = NULL;
    return THINGSPACE_OK;
}

void compiled_own(instance *instance, void *own)
{
    compiled *self = instance->self;
    self->self = own;
    self->created = true;
}
