/* SPDX-License-Identifier: MIT */
/*
 * The life of a Lua policy: text is loaded in a limited state, its table is read
 * into C data, and the state stays for `resolve` and `listeners`. A call that was
 * killed leaves a dead state behind; the next call loads the same text again, but
 * what was declared stays as it was. One thread at a time.
 */
#include <config.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "lua/policy/policy_inside.h"
#include "lua/policy/row_limits.h"
#include "lua/runtime/missing.h"
#include "lua/runtime/script_file.h"
#include "lua/runtime/settings.h"

/* --- The script object --- */

static void free_source(void *value)
{
    secret_source_free(value);
}

static void release_held(script *self)
{
    buffer_dispose(&self->held_file);
    free(self->held_csv);
    json_free(self->held_json);
    secret_source_free(self->held_source);
    plugin_row_free(self->held_row);
    tenant_free(self->held_tenant);
    self->held_csv = NULL;
    self->held_json = NULL;
    self->held_source = NULL;
    self->held_row = NULL;
    self->held_tenant = NULL;
}

static void script_free(void *memory)
{
    script *self = memory;
    if (!self)
        return;
    runtime_free(self->runtime);
    release_held(self);
    map_free(self->variables);
    map_free(self->files);
    secret_source_free(self->registered);
    text_list_free(self->settings);
    free(self->name);
    free(self->folder);
    free(self->text);
    free(self);
}

static void script_cleanup(script **self)
{
    script_free(*self);
}

#define cleanup_script __attribute__((cleanup(script_cleanup)))

/* Nobody may read what secret.registered stands for: it is a mark. */
static thingspace_status refuse_registered(void *user, thingspace_secret **out,
                                           thingspace_error *error)
{
    (void)user;
    *out = NULL;
    return error_set(error, THINGSPACE_AUTH, "secret.registered is no secret that can be sent");
}

static void set_limits(script *self)
{
    self->load_limits = limits_policy_load;
    self->call_limits = limits_hook;
    if (!self->tenant)
        return;
    self->load_limits = row_limits_loading(&self->tenant->limits);
    self->call_limits = row_limits_running(&self->tenant->limits);
}

static thingspace_status name_script(script *self, const script_identity *identity,
                                     thingspace_error *error)
{
    self->kind = identity->kind;
    self->tenant = identity->tenant;
    self->name = text_copy(identity->name);
    self->folder = text_copy(identity->folder);
    if (!self->name || (identity->folder && !self->folder) ||
        map_new(&self->variables, free_source) != THINGSPACE_OK ||
        map_new(&self->files, free) != THINGSPACE_OK)
        return error_memory(error);
    return secret_source_function(&self->registered, refuse_registered, NULL, "what is registered",
                                  error);
}

static thingspace_status script_new(script **out, const script_identity *identity,
                                    const policy_script_options *options, thingspace_error *error)
{
    cleanup_script script *made = calloc(1, sizeof(*made));
    *out = NULL;
    if (!made)
        return error_memory(error);
    buffer_init(&made->held_file, LIMIT_POLICY_FILE);
    made->log = options ? options->log : NULL;
    made->secrets = options ? options->secrets : NULL;
    made->resolves = options && options->resolves;
    thingspace_status status = name_script(made, identity, error);
    if (status == THINGSPACE_OK)
        status = settings_copy(&made->settings, options ? options->settings : NULL, error);
    if (status != THINGSPACE_OK)
        return status;
    set_limits(made);
    *out = made;
    made = NULL;
    return THINGSPACE_OK;
}

/* --- Its state --- */

/* may raise */
static int add_functions(lua_State *L)
{
    script *self = lua_touserdata(L, 1);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    runtime_push_host(L);
    self->kind->open(L, self);
    return 0;
}

static thingspace_status load_text(script *self, runtime *into, thingspace_error *error)
{
    if (self->log)
        runtime_set_log(into, self->log);
    thingspace_status status = settings_pass(into, self->settings, error);
    if (status == THINGSPACE_OK)
        status = runtime_enter(into, add_functions, self, "load", &self->load_limits, error);
    if (status != THINGSPACE_OK)
        return status;
    self->loading = true;
    status = runtime_load(into, self->text, self->size, &self->load_limits, error);
    self->loading = false;
    release_held(self);
    return status;
}

static void note_stop(script *self, const runtime *ran, thingspace_status status)
{
    self->stopped =
        status == THINGSPACE_POLICY && (runtime_is_dead(ran) || runtime_was_refused_memory(ran));
}

/* Makes the runtime (again) when there is none that lives. */
static thingspace_status make_ready(script *self, thingspace_error *error)
{
    runtime *made;
    if (self->runtime && !runtime_is_dead(self->runtime))
        return THINGSPACE_OK;
    runtime_free(self->runtime);
    self->runtime = NULL;
    thingspace_status status = runtime_new(&made, self->name, error);
    if (status != THINGSPACE_OK)
        return status;
    status = load_text(self, made, error);
    note_stop(self, made, status);
    if (status == THINGSPACE_OK)
        self->runtime = made;
    else
        runtime_free(made);
    return status;
}

/* --- Calls --- */

/* Pushes the function, or nil. may raise */
static int push_function(lua_State *L, const char *name)
{
    lua_Debug function = {0};
    runtime_push_value(L);
    if (policy_table_push(L, -1, name) == LUA_TNIL)
        return 0;
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &function);
    return function.linedefined;
}

/* Members are those of the account's row. may raise */
static void push_row(lua_State *L, const row *row)
{
    row_cursor cursor = {0};
    if (row_tree(row)) {
        runtime_push_json(L, row_tree(row));
        return;
    }
    lua_createtable(L, 0, (int)row_count(row));
    while (row_next(row, &cursor)) {
        runtime_charge(L, 32);
        lua_pushstring(L, cursor.at.name);
        lua_pushstring(L, cursor.at.text);
        lua_rawset(L, -3);
    }
}

/* may raise */
bool policy_script_call(lua_State *L, policy_entry *entry, const char *name)
{
    entry->line = push_function(L, name);
    if (lua_isnil(L, -1))
        return false;
    lua_pushstring(L, entry->account);
    if (entry->row)
        push_row(L, entry->row);
    else
        lua_pushnil(L);
    lua_call(L, 2, 2);
    if (lua_isnil(L, -2) && !lua_isnil(L, -1))
        entry->status = error_set(entry->error, THINGSPACE_POLICY, "%s", runtime_push_text(L, -1));
    else if (!lua_isnil(L, -2) && !lua_istable(L, -2))
        entry->status =
            error_set(entry->error, THINGSPACE_POLICY,
                      "the answer must be nil or a table, not a %s", luaL_typename(L, -2));
    bool answered = entry->status == THINGSPACE_OK && lua_istable(L, -2);
    lua_settop(L, answered ? -2 : -1);
    return answered;
}

/* "SCRIPT:LINE: WHAT(ACCOUNT): reason", whoever found the reason. */
static void name_place(const script *self, const char *what, const policy_entry *entry, int line,
                       thingspace_error *error)
{
    char place[sizeof(error->message)];
    size_t length = strlen(self->name);
    const char *reason = error->message;
    if (line > 0)
        snprintf(place, sizeof(place), "%s:%d: ", self->name, line);
    else
        snprintf(place, sizeof(place), "%.*s: ", (int)length, self->name);
    if (text_starts_with(reason, place))
        reason += strlen(place);
    error_set(error, error->kind, "%s%s(%s): %s", place, what, entry->account, reason);
    error_set_place(error, self->name, line);
}

thingspace_status policy_script_enter(script *self, runtime_body *body, policy_entry *entry,
                                      const char *what, thingspace_error *error)
{
    thingspace_error found = THINGSPACE_ERROR_INIT;
    entry->script = self;
    entry->error = &found;
    self->stopped = false;
    thingspace_status status = make_ready(self, error);
    if (status != THINGSPACE_OK)
        return status;
    status = runtime_enter(self->runtime, body, entry, "the script", &self->call_limits, &found);
    note_stop(self, self->runtime, status);
    int line = status == THINGSPACE_OK ? entry->line : found.line;
    if (status == THINGSPACE_OK)
        status = entry->status;
    release_held(self);
    if (status == THINGSPACE_POLICY)
        name_place(self, what, entry, line, &found);
    if (status != THINGSPACE_OK && error)
        error_copy(error, &found);
    return status;
}

/* --- Loading a policy --- */

typedef struct read_entry {
    script *script;
    policy *policy;
    const environment_options *environment;
    thingspace_status status;
    thingspace_error error;
} read_entry;

/* may raise */
static int read_table(lua_State *L)
{
    read_entry *entry = lua_touserdata(L, 1);
    entry->status =
        policy_read(L, entry->script, &entry->policy, entry->environment, &entry->error);
    lua_settop(L, 0);
    lua_gc(L, LUA_GCCOLLECT); /* what reading left must not count against the calls */
    return 0;
}

static thingspace_status read_policy(policy **out, script *self,
                                     const environment_options *environment,
                                     thingspace_error *error)
{
    read_entry entry = {self, NULL, environment, THINGSPACE_OK, THINGSPACE_ERROR_INIT};
    thingspace_status status =
        runtime_enter(self->runtime, read_table, &entry, "the policy", &self->load_limits, error);
    *out = entry.policy;
    if (status != THINGSPACE_OK)
        return status;
    if (entry.status == THINGSPACE_POLICY) {
        error_prefix(&entry.error, "%s", self->name);
        error_set_place(&entry.error, self->name, 0);
    }
    if (entry.status != THINGSPACE_OK && error)
        error_copy(error, &entry.error);
    return entry.status;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static thingspace_status tell_files(policy *to, const map *files, thingspace_error *error)
{
    size_t count = map_count(files);
    const char **names = calloc(count + 1, sizeof(*names));
    if (!names)
        return error_memory(error);
    for (size_t i = 0; i < count; i++)
        names[i] = map_key(files, i);
    qsort((void *)names, count, sizeof(*names), compare_names);
    for (size_t i = 0; i < count; i++) {
        const digest *content = map_get(files, names[i]);
        policy_add_read(to, "name of a file", names[i], strlen(names[i]));
        policy_add_read(to, "file", content->bytes, sizeof(content->bytes));
    }
    free((void *)names);
    return THINGSPACE_OK;
}

/* A state that is made again later tells nothing: it is the same policy. */
static thingspace_status tell_read(script *self, policy *to, thingspace_error *error)
{
    policy_add_read(to, "script", self->text, self->size);
    for (size_t i = 0; self->settings && self->settings[i]; i++)
        policy_add_read(to, "setting", self->settings[i], strlen(self->settings[i]));
    thingspace_status status = tell_files(to, self->files, error);
    map_free(self->files);
    self->files = NULL;
    return status;
}

static bool was_stopped(const void *self)
{
    return ((const script *)self)->stopped;
}

static void free_backend(void *self)
{
    script_free(self);
}

thingspace_status policy_script_open(policy **out, const script_identity *identity, buffer *text,
                                     const policy_script_options *options, thingspace_error *error)
{
    static const policy_backend backend = {policy_resolve_run, policy_listeners_run, was_stopped,
                                           free_backend};
    cleanup_script script *self = NULL;
    cleanup_policy policy *made = NULL;
    thingspace_status status = script_new(&self, identity, options, error);
    if (status != THINGSPACE_OK)
        return status;
    self->size = text->size;
    self->text = text->size ? buffer_take(text) : text_copy("");
    if (!self->text)
        return error_memory(error);
    status = make_ready(self, error);
    if (status == THINGSPACE_OK)
        status = read_policy(&made, self, options ? &options->environment : NULL, error);
    if (status != THINGSPACE_OK)
        return status;
    status = tell_read(self, made, error);
    if (status != THINGSPACE_OK)
        return status;
    policy_set_backend(made, &backend, self);
    *out = made;
    self = NULL;
    made = NULL;
    return THINGSPACE_OK;
}

/* --- The operator's policy --- */

static void open_operator(lua_State *L, script *self)
{
    policy_files_open(L, self);
    policy_secrets_open(L, self);
    missing_tell(L, "thingspace");
}

/* The policy, then the scripts of its tenants, which are nobody's failure but their own. */
static thingspace_status load(policy **out, const char *name, const char *folder, buffer *text,
                              const policy_script_options *options, thingspace_error *error)
{
    static const script_kind kind = {SCRIPT_OPERATOR, open_operator};
    const script_identity identity = {&kind, name, folder, NULL};
    cleanup_policy policy *made = NULL;
    thingspace_status status = policy_script_open(&made, &identity, text, options, error);
    if (status == THINGSPACE_OK)
        status = tenant_script_load_all(made, folder, options ? options->log : NULL, error);
    if (status != THINGSPACE_OK)
        return status;
    *out = made;
    made = NULL;
    return THINGSPACE_OK;
}

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return text_copy(".");
    return text_copy_range(path, slash == path ? 1 : (size_t)(slash - path));
}

thingspace_status policy_script_load(policy **out, const char *path,
                                     const policy_script_options *options, thingspace_error *error)
{
    cleanup_buffer buffer text;
    cleanup_text char *folder = folder_of(path);
    buffer_init(&text, LIMIT_SCRIPT);
    *out = NULL;
    if (!folder)
        return error_memory(error);
    thingspace_status status = script_file_read(&text, path, "policy", THINGSPACE_POLICY,
                                                options ? options->log : NULL, error);
    return status == THINGSPACE_OK ? load(out, path, folder, &text, options, error) : status;
}

thingspace_status policy_script_load_text(policy **out, const char *name, const char *text,
                                          const char *folder, const policy_script_options *options,
                                          thingspace_error *error)
{
    cleanup_buffer buffer copy;
    buffer_init(&copy, LIMIT_SCRIPT);
    *out = NULL;
    thingspace_status status = script_file_check_size(name, strlen(text), THINGSPACE_POLICY, error);
    if (status != THINGSPACE_OK)
        return status;
    if (buffer_append_text(&copy, text) != THINGSPACE_OK)
        return error_memory(error);
    return load(out, name, folder, &copy, options, error);
}
