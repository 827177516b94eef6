/* SPDX-License-Identifier: MIT */
/*
 * The life of a Lua plugin: text is loaded in a limited state, its manifest makes an instance, its
 * configure gets the options. A hook that was killed leaves a dead state behind; the next hook
 * loads and configures the same text again, within limits of its own. One thread at a time.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "lua/runtime/library.h"
#include "lua/plugin/plugin_inside.h"
#include "lua/policy/row_limits.h"
#include "lua/runtime/script_file.h"
#include "lua/runtime/settings.h"

/* CPU time of a load that is no burden to others, and how many times as long as a longer one took
 * it rests. */
#define LONG_LOAD_MS   10
#define RESTS_PER_LOAD 10

/* --- The object --- */

static void forget_state(plugin_script *self)
{
    runtime_free(self->runtime);
    self->runtime = NULL;
    self->configure = LUA_NOREF;
    for (size_t i = 0; i < PHASE_COUNT; i++)
        self->hooks[i] = (plugin_hook){LUA_NOREF, LUA_NOREF, LUA_NOREF, {.count = 0}};
    memset(self->handles, 0, sizeof(self->handles));
    self->state = self->answer = NULL;
}

static void script_free(void *memory)
{
    plugin_script *self = memory;
    if (!self)
        return;
    forget_state(self);
    plugin_release(self);
    text_list_free(self->settings);
    json_free(self->options);
    map_free(self->secrets);
    free(self->name);
    free(self->called);
    free(self->text);
    free(self);
}

static void script_cleanup(plugin_script **self)
{
    script_free(*self);
}

#define cleanup_script __attribute__((cleanup(script_cleanup)))

static void free_source(void *source)
{
    secret_source_free(source);
}

static thingspace_status copy_secrets(plugin_script *self, const map *secrets,
                                      thingspace_error *error)
{
    if (!secrets)
        return THINGSPACE_OK;
    if (map_new(&self->secrets, free_source) != THINGSPACE_OK)
        return error_memory(error);
    for (size_t i = 0; i < map_count(secrets); i++) {
        secret_source *source = secret_source_ref(map_value(secrets, i));
        if (map_set(self->secrets, map_key(secrets, i), source) != THINGSPACE_OK) {
            secret_source_free(source);
            return error_memory(error);
        }
    }
    return THINGSPACE_OK;
}

static thingspace_status copy_text(plugin_script *self, const char *name, const char *text,
                                   size_t size, thingspace_error *error)
{
    self->name = text_copy(name);
    self->text = malloc(size + 1);
    self->size = size;
    if (!self->name || !self->text)
        return error_memory(error);
    memcpy(self->text, text, size);
    return THINGSPACE_OK;
}

/* --- Its state --- */

/* Instances of one file are told apart by the names that their rows give. */
static void log_called(void *user, thingspace_log_level level, const char *line)
{
    const plugin_script *self = user;
    log_write(self->log, level, "%s: %s", self->called, line);
}

static void set_log(plugin_script *self)
{
    if (!self->log)
        return;
    const log_target called = {log_called, self, self->log->level};
    runtime_set_log(self->runtime, self->called ? &called : self->log);
}

/* Makes the state and reads the manifest. */
static thingspace_status load_state(plugin_script *self, manifest *manifest,
                                    thingspace_error *error)
{
    forget_state(self);
    thingspace_status status = runtime_new(&self->runtime, self->name, error);
    if (status != THINGSPACE_OK)
        return status;
    runtime_set_kind(self->runtime, THINGSPACE_PLUGIN);
    runtime_set_user(self->runtime, self);
    set_log(self);
    library_host_set_time(self->runtime, self->time_ms);
    status = settings_pass(self->runtime, self->settings, error);
    if (status == THINGSPACE_OK)
        status = runtime_enter(self->runtime, plugin_host_open, self, "the library",
                               &self->configuring, error);
    if (status == THINGSPACE_OK)
        status = runtime_load(self->runtime, self->text, self->size, &self->configuring, error);
    return status == THINGSPACE_OK ? plugin_manifest_read(self, manifest, error) : status;
}

/* One of more digits than Lua's numbers have is a text elsewhere, here the nearest. The options are
 * on top. may raise */
static void set_number(lua_State *L, const manifest_option *option, const json *value)
{
    if (option->type != OPTION_TYPE_NUMBER || !value || !runtime_is_long_number(value))
        return;
    lua_pushnumber(L, json_double(value));
    lua_setfield(L, -2, option->name);
}

/* Pushes the options as configure gets them: secrets are handles. may raise */
static void push_options(lua_State *L, const plugin_script *self)
{
    const manifest *manifest = &self->instance->manifest;
    runtime_push_json(L, self->options);
    for (size_t i = 0; i < manifest->option_count; i++)
        set_number(L, &manifest->options[i], json_get(self->options, manifest->options[i].name));
    for (size_t i = 0; self->secrets && i < map_count(self->secrets); i++) {
        runtime_push_secret(L, map_value(self->secrets, i));
        lua_setfield(L, -2, map_key(self->secrets, i));
    }
}

/* may raise */
static int configure_body(lua_State *L)
{
    plugin_script *self = lua_touserdata(L, 1);
    handle_open(L, self);
    plugin_vars_open(L, self);
    if (self->configure != LUA_NOREF) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, self->configure);
        push_options(L, self);
        lua_call(L, 1, 2);
        plugin_verdict_judge(L, self, self->configure, "configure");
    }
    lua_settop(L, 0);
    lua_gc(L, LUA_GCCOLLECT);
    return 0;
}

/* Kinds that a function of C raised with are those of a plugin to whoever runs it. */
static thingspace_status report(thingspace_status status, thingspace_error *error)
{
    if (status == THINGSPACE_OK || status == THINGSPACE_MEMORY || status == THINGSPACE_LOCAL)
        return status;
    if (error)
        error->kind = THINGSPACE_PLUGIN;
    return THINGSPACE_PLUGIN;
}

static void begin_entry(plugin_script *self)
{
    self->made = 0;
    self->outcome = THINGSPACE_OK;
}

/* `status` is that of the entry; what was judged decides when it went well. */
static thingspace_status end_entry(plugin_script *self, thingspace_status status,
                                   thingspace_error *error)
{
    plugin_release(self);
    if (status == THINGSPACE_OK && self->outcome == THINGSPACE_OK)
        return THINGSPACE_OK;
    if (status == THINGSPACE_OK && error)
        error_copy(error, &self->error);
    return report(status == THINGSPACE_OK ? self->outcome : status, error);
}

static runtime_body judge_hook;

/* Makes the hooks ready to be called. There is room: a state has fewer hooks and handles. */
static void keep_hooks(plugin_script *self)
{
    for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++) {
        plugin_hook *hook = &self->hooks[phase];
        if (hook->function == LUA_NOREF)
            continue;
        const int references[] = {hook->function, hook->first, hook->second};
        runtime_function call = {.judge = judge_hook, .judge_anyway = &self->made};
        for (int i = 0; i < 3 && references[i] != LUA_NOREF; i++)
            call.kept[call.count++] = runtime_keep(self->runtime, references[i]);
        hook->call = call;
    }
}

static thingspace_status configure(plugin_script *self, thingspace_error *error)
{
    begin_entry(self);
    thingspace_status status =
        runtime_enter(self->runtime, configure_body, self, "configure", &self->configuring, error);
    status = end_entry(self, status, error);
    if (status != THINGSPACE_OK)
        return status;
    keep_hooks(self);
    /* What bodies need is for one call. */
    runtime_set_most_kept(self->runtime, self->configuring.memory);
    return THINGSPACE_OK;
}

static thingspace_status load_again(plugin_script *self, thingspace_error *error)
{
    cleanup_manifest manifest manifest;
    manifest_init(&manifest);
    thingspace_status status = load_state(self, &manifest, error);
    if (status == THINGSPACE_OK && manifest.hooks != self->instance->manifest.hooks) {
        status =
            error_set(error, THINGSPACE_PLUGIN,
                      "%s: the plugin has other hooks than when it was loaded first", self->name);
        error_set_place(error, self->name, 0);
    }
    if (status == THINGSPACE_OK)
        status = configure(self, error);
    if (status != THINGSPACE_OK)
        forget_state(self);
    return status;
}

/* Of this thread: a busy machine is not the script's fault. */
static int64_t used_cpu_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static thingspace_status refuse_rest(const plugin_script *self, int64_t rest_ms,
                                     thingspace_error *error)
{
    error_set(error, THINGSPACE_PLUGIN,
              "%s: it was stopped by a limit and takes long to load: it rests for another %lld ms",
              self->name, (long long)rest_ms);
    error_set_place(error, self->name, 0);
    return THINGSPACE_PLUGIN;
}

/* Again, after a limit ended the state that was there. Who takes long for it and is stopped again
 * and again gets a tenth of the time, for other calls wait meanwhile. */
static thingspace_status make_again(plugin_script *self, thingspace_error *error)
{
    int64_t began = clock_monotonic_ms();
    if (began < self->rests_until_ms)
        return refuse_rest(self, self->rests_until_ms - began, error);
    int64_t cpu_ms = used_cpu_ms();
    thingspace_status status = load_again(self, error);
    cpu_ms = used_cpu_ms() - cpu_ms;
    if (cpu_ms >= LONG_LOAD_MS)
        self->rests_until_ms = clock_monotonic_ms() + cpu_ms * RESTS_PER_LOAD;
    return report(status, error);
}

/* --- Hooks --- */

/* In messages. */
static const char *hook_name(phase phase)
{
    static const char *const names[PHASE_COUNT] = {
        [PHASE_CONFIGURE] = "configure",        [PHASE_RESOLVE] = "resolve",
        [PHASE_REQUEST] = "the request hook",   [PHASE_CHECK] = "the check hook",
        [PHASE_RESPONSE] = "the response hook", [PHASE_ERROR] = "the error hook",
        [PHASE_AUDIT] = "the audit hook",       [PHASE_ACCEPT] = "the accept hook",
        [PHASE_MESSAGE] = "the message hook",   [PHASE_DELIVER] = "the deliver hook",
    };
    return names[phase];
}

/* The results of the hook are the arguments. may raise */
static int judge_hook(lua_State *L)
{
    plugin_script *self = plugin_script_of(L);
    plugin_verdict_judge(L, self, self->hooks[self->phase].function, hook_name(self->phase));
    return 0;
}

/* What a hook began to answer counts only when it succeeded. */
static void forget_verdict(verdict *verdict)
{
    verdict_dispose(verdict);
    verdict_init(verdict);
}

static thingspace_status script_run(void *memory, phase phase, view *view, verdict *out,
                                    thingspace_error *error)
{
    plugin_script *self = memory;
    if (!self->runtime || runtime_is_dead(self->runtime)) {
        thingspace_status status = make_again(self, error);
        if (status != THINGSPACE_OK)
            return status;
    }
    self->view = view;
    self->verdict = out;
    self->phase = phase;
    runtime_seed(self->runtime, view->id_bits + (uint64_t)phase);
    library_host_set_time(self->runtime, view->time_ms > 0 ? &view->time_ms : self->time_ms);
    begin_entry(self);
    thingspace_status status = runtime_call(self->runtime, &self->hooks[phase].call,
                                            hook_name(phase), &self->running, error);
    status = end_entry(self, status, error);
    library_host_set_time(self->runtime, self->time_ms);
    self->view = NULL;
    self->verdict = NULL;
    if (out->kind != VERDICT_NONE && (status != THINGSPACE_OK || self->made == 0))
        forget_verdict(out);
    return status;
}

/* --- Loading --- */

static thingspace_status prepare(plugin_script **out, const plugin_row *row, const char *name,
                                 const char *text, size_t size, const instance_options *options,
                                 thingspace_error *error)
{
    cleanup_script plugin_script *self = calloc(1, sizeof(*self));
    if (!self)
        return error_memory(error);
    self->error = (thingspace_error)THINGSPACE_ERROR_INIT;
    forget_state(self);
    self->log = options ? options->log : NULL;
    self->time_ms = options ? options->time_ms : NULL;
    self->configuring = row_limits_loading(&row->limits);
    self->called = text_copy(row->name);
    if (row->name && !self->called)
        return error_memory(error);
    thingspace_status status = copy_text(self, name, text, size, error);
    if (status == THINGSPACE_OK)
        status = settings_copy(&self->settings, options ? options->settings : NULL, error);
    if (status == THINGSPACE_OK)
        status = copy_secrets(self, row->secrets, error);
    if (status != THINGSPACE_OK)
        return status;
    *out = self;
    self = NULL;
    return THINGSPACE_OK;
}

thingspace_status plugin_script_load_text(instance **out, const plugin_row *row, const char *name,
                                          const char *text, size_t size,
                                          const instance_options *options, thingspace_error *error)
{
    static const instance_backend backend = {script_run, script_free};
    cleanup_script plugin_script *self = NULL;
    cleanup_instance instance *made = NULL;
    cleanup_manifest manifest manifest;
    manifest_init(&manifest);
    *out = NULL;
    thingspace_status status = script_file_check_size(name, size, THINGSPACE_PLUGIN, error);
    if (status == THINGSPACE_OK)
        status = prepare(&self, row, name, text, size, options, error);
    if (status == THINGSPACE_OK)
        status = load_state(self, &manifest, error);
    if (status == THINGSPACE_OK)
        status = instance_new(&made, &manifest, row, name, &self->options, error);
    if (status != THINGSPACE_OK)
        return status;
    self->instance = made;
    self->running = row_limits_instance(&row->limits, made->granted);
    status = configure(self, error);
    if (status != THINGSPACE_OK) {
        instance_name_error(made, PHASE_CONFIGURE, error);
        return status;
    }
    instance_set_backend(made, &backend, self);
    self = NULL;
    *out = made;
    made = NULL;
    return THINGSPACE_OK;
}

thingspace_status plugin_script_load(instance **out, const plugin_row *row, const char *file,
                                     const instance_options *options, thingspace_error *error)
{
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_SCRIPT);
    *out = NULL;
    thingspace_status status = script_file_read(&text, file, "plugin", THINGSPACE_PLUGIN,
                                                options ? options->log : NULL, error);
    if (status != THINGSPACE_OK)
        return status;
    return plugin_script_load_text(out, row, file, buffer_text(&text), text.size, options, error);
}
