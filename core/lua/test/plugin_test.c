/* SPDX-License-Identifier: MIT */
/*
 * See plugin_test.h. The script is loaded once to learn the names of its tests, and again for each
 * of them: a test that ran into a limit, or changed what it had around, leaves nothing behind for
 * the next. One thread at a time.
 */
#include <config.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "lua/test/plugin_test_inside.h"
#include "lua/policy/policy_inside.h"
#include "lua/runtime/script_file.h"
#include "plugin/search.h"

#define SUFFIX "_test.lua"

/* --- The two files --- */

typedef struct files {
    char *test, *plugin;
} files;

static void files_dispose(files *files)
{
    free(files->test);
    free(files->plugin);
}
#define cleanup_files __attribute__((cleanup(files_dispose)))

/* The size of NAME when the file is named NAME and the suffix; 0: it is not. */
static size_t stem_of(const char *file, const char *suffix)
{
    return text_ends_with(file, suffix) ? strlen(file) - strlen(suffix) : 0;
}

/* `*out`: NAME and suffix. Expected: MEMORY, PLUGIN (there is no such file). */
static thingspace_status find_beside(char **out, const char *file, size_t stem, const char *suffix)
{
    cleanup_text char *name = text_copy_range(file, stem);
    cleanup_text char *path = name ? text_format("%s%s", name, suffix) : NULL;
    if (!path)
        return THINGSPACE_MEMORY;
    if (access(path, F_OK) != 0)
        return THINGSPACE_PLUGIN;
    *out = path;
    path = NULL;
    return THINGSPACE_OK;
}

/* Either of the two is enough to find the other. */
static thingspace_status find_files(files *out, const char *file, thingspace_error *error)
{
    static const char *const plugins[] = {".lua", ".so"};
    size_t stem = stem_of(file, SUFFIX);
    for (size_t i = 0; i < 2 && !stem; i++)
        stem = stem_of(file, plugins[i]);
    if (!stem)
        return error_set(error, THINGSPACE_PLUGIN,
                         "%s: a test is a file NAME" SUFFIX " beside the plugin NAME.lua", file);
    thingspace_status status = find_beside(&out->test, file, stem, SUFFIX);
    if (status == THINGSPACE_PLUGIN)
        return error_set(error, THINGSPACE_PLUGIN, "%s: there is no test %.*s" SUFFIX, file,
                         (int)stem, file);
    for (size_t i = 0; i < 2 && !out->plugin && status != THINGSPACE_MEMORY; i++)
        status = find_beside(&out->plugin, file, stem, plugins[i]);
    if (status == THINGSPACE_PLUGIN)
        return error_set(error, THINGSPACE_PLUGIN,
                         "%s: there is no plugin beside it, neither %.*s.lua nor .so", file,
                         (int)stem, file);
    return status == THINGSPACE_MEMORY ? error_memory(error) : status;
}

/* What comes before a line is the file of a script, and the name of a compiled plugin. */
static void log_line(void *user, thingspace_log_level level, const char *line)
{
    plugin_test *self = user;
    size_t size = search_is_compiled(self->plugin) ? strcspn(line, ":") : strlen(self->plugin);
    if (level != THINGSPACE_LOG_INFO) /* the load's own */
        return;
    if (strlen(line) > size && text_starts_with(line + size, ": "))
        line += size + 2;
    json_add(self->lines, json_new_string(line), &self->log_status);
}

static void test_begin(plugin_test *self, const char *file, const char *plugin, const buffer *text)
{
    memset(self, 0, sizeof(*self));
    self->file = file;
    self->plugin = plugin;
    self->text = buffer_text(text);
    self->size = text->size;
    self->time_ms = -1;
    self->log = (log_target){log_line, self, THINGSPACE_LOG_INFO};
    self->error = (thingspace_error)THINGSPACE_ERROR_INIT;
}

static void test_dispose(plugin_test *self)
{
    plugin_test_fresh(self);
    json_free(self->lines);
    json_free(self->result);
    free(self->written);
    secret_cleanup(&self->secret);
}
#define cleanup_test __attribute__((cleanup(test_dispose)))

static void free_runtime(runtime **runtime)
{
    runtime_free(*runtime);
}
#define cleanup_runtime __attribute__((cleanup(free_runtime)))

static thingspace_status load(plugin_test *self, runtime **out, thingspace_error *error)
{
    thingspace_status status = runtime_new(out, self->file, error);
    if (status != THINGSPACE_OK)
        return status;
    runtime_set_kind(*out, THINGSPACE_PLUGIN);
    runtime_set_user(*out, self);
    return runtime_load(*out, self->text, self->size, &limits_test, error);
}

/* --- The names of the tests --- */

typedef struct listed {
    char *name;
    int line;
} listed;

typedef struct list {
    listed items[TEST_FUNCTIONS];
    size_t count;
} list;

static void list_free(list **list)
{
    for (size_t i = 0; *list && i < (*list)->count; i++)
        free((*list)->items[i].name);
    free(*list);
}
#define cleanup_list __attribute__((cleanup(list_free)))

/* The function is on top; it stays. May raise. */
static int line_of(lua_State *L)
{
    lua_Debug place = {0};
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &place);
    return place.linedefined;
}

/* May raise. */
static int list_body(lua_State *L)
{
    list *list = lua_touserdata(L, 1);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const char **names;
    size_t count;
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    lua_settop(L, 0);
    runtime_push_value(L);
    if (!lua_istable(L, 1))
        return luaL_error(L, "a test returns a table of functions: return { name = function(t) ... "
                             "end }");
    if (policy_table_names(L, 1, &names, &count, &error) != THINGSPACE_OK)
        return luaL_error(L, "a test returns a table of names and functions");
    if (count > TEST_FUNCTIONS)
        return luaL_error(L, "more than %d tests: write another file", TEST_FUNCTIONS);
    for (size_t i = 0; i < count; i++) {
        if (policy_table_push(L, 1, names[i]) != LUA_TFUNCTION)
            return luaL_error(L, "'%s' is no function", names[i]);
        list->items[i] = (listed){text_copy(names[i]), line_of(L)};
        list->count++;
        if (!list->items[i].name)
            return runtime_raise_memory(L);
        lua_pop(L, 1);
    }
    return 0;
}

static int compare_lines(const void *a, const void *b)
{
    const listed *first = a, *second = b;
    if (first->line != second->line)
        return first->line < second->line ? -1 : 1;
    return strcmp(first->name, second->name);
}

static thingspace_status list_tests(plugin_test *self, list *list, thingspace_error *error)
{
    cleanup_runtime runtime *runtime = NULL;
    thingspace_status status = load(self, &runtime, error);
    if (status == THINGSPACE_OK)
        status = runtime_enter(runtime, list_body, list, "the tests", &limits_test, error);
    if (status == THINGSPACE_OK && list->count == 0)
        status = error_set(error, THINGSPACE_PLUGIN, "%s: there is no test in it", self->file);
    if (status == THINGSPACE_OK)
        qsort(list->items, list->count, sizeof(*list->items), compare_lines);
    return status;
}

/* --- One test --- */

/* May raise. */
static int run_body(lua_State *L)
{
    const char *name = lua_touserdata(L, 1);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    lua_settop(L, 0);
    runtime_push_value(L);
    if (!lua_istable(L, 1) || policy_table_push(L, 1, name) != LUA_TFUNCTION)
        return luaL_error(L, "'%s' was there before and is no more", name);
    plugin_test_push_tools(L);
    lua_call(L, 1, 0);
    return 0;
}

static thingspace_status run_test(const plugin_test *of, const char *name, thingspace_error *error)
{
    cleanup_test plugin_test self = *of;
    cleanup_runtime runtime *runtime = NULL;
    self.log.user = &self;
    thingspace_status status = load(&self, &runtime, error);
    if (status == THINGSPACE_OK)
        status = runtime_enter(runtime, run_body, (void *)(size_t)name, name, &limits_test, error);
    return status;
}

static json *test_json(const char *name, int64_t ms, thingspace_status outcome,
                       const thingspace_error *error, thingspace_status *status)
{
    json *object = json_new_object();
    json_put(object, "name", json_new_string(name), status);
    json_put(object, "ok", json_new_boolean(outcome == THINGSPACE_OK), status);
    if (outcome != THINGSPACE_OK)
        json_put(object, "message", json_new_string(error->message), status);
    if (outcome != THINGSPACE_OK && error->line > 0)
        json_put(object, "line", json_new_integer(error->line), status);
    json_put(object, "ms", json_new_integer(ms), status);
    return object;
}

static thingspace_status run_all(const plugin_test *self, const list *list, json *tests,
                                 size_t *failed)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < list->count && status == THINGSPACE_OK; i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        const char *name = list->items[i].name;
        int64_t began = clock_monotonic_ms();
        thingspace_status outcome = run_test(self, name, &error);
        if (outcome == THINGSPACE_MEMORY)
            return outcome;
        *failed += outcome != THINGSPACE_OK;
        json_add(tests, test_json(name, clock_monotonic_ms() - began, outcome, &error, &status),
                 &status);
    }
    return status;
}

/* --- All --- */

static thingspace_status report(json **out, const plugin_test *self, const list *list,
                                size_t *failed, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    cleanup_json json *made = json_new_object();
    json *tests = json_new_array();
    json_put(made, "file", json_new_string(self->file), &status);
    json_put(made, "plugin", json_new_string(self->plugin), &status);
    json_put(made, "tests", tests, &status);
    if (status == THINGSPACE_OK)
        status = run_all(self, list, tests, failed);
    if (status != THINGSPACE_OK)
        return error_memory(error);
    *out = made;
    made = NULL;
    return THINGSPACE_OK;
}

thingspace_status plugin_test_run(json **out, size_t *failed, const char *file,
                                  thingspace_error *error)
{
    cleanup_files files files = {NULL, NULL};
    cleanup_buffer buffer text;
    cleanup_list list *list = calloc(1, sizeof(*list));
    plugin_test self;
    buffer_init(&text, LIMIT_SCRIPT);
    *out = NULL;
    *failed = 0;
    thingspace_status status = list ? find_files(&files, file, error) : error_memory(error);
    if (status == THINGSPACE_OK)
        status = script_file_read(&text, files.test, "test", THINGSPACE_PLUGIN, NULL, error);
    if (status != THINGSPACE_OK)
        return status;
    test_begin(&self, files.test, files.plugin, &text);
    status = list_tests(&self, list, error);
    return status == THINGSPACE_OK ? report(out, &self, list, failed, error) : status;
}
