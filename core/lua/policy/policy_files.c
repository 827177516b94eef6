/* SPDX-License-Identifier: MIT */
/*
 * thingspace.csv and thingspace.json_file: data that a policy reads while it is
 * loaded, from regular files below its folder. The file is held by the script
 * object, outside the memory that counts as Lua's. Runs inside entries.
 */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "lua/policy/policy_inside.h"
#include "lua/runtime/script_file.h"

/* --- Reading below a folder --- */

bool policy_file_leaves_folder(const char *path)
{
    if (*path == '/')
        return true;
    for (const char *part = path; part; part = strchr(part, '/')) {
        part += *part == '/';
        size_t length = strcspn(part, "/");
        if (length == 2 && strncmp(part, "..", 2) == 0)
            return true;
    }
    return false;
}

/* Links are followed before the comparison, so that none leads out. */
static thingspace_status check_inside(const char *real, const char *folder, const char *path,
                                      thingspace_error *error)
{
    cleanup_text char *root = realpath(folder, NULL);
    if (!root && errno == ENOMEM)
        return error_memory(error);
    if (!root)
        return error_errno(error, THINGSPACE_POLICY, errno, "%s", folder);
    size_t length = strcmp(root, "/") == 0 ? 0 : strlen(root);
    if (strncmp(real, root, length) != 0 || real[length] != '/')
        return error_set(error, THINGSPACE_POLICY, "%s leads out of the policy's folder", path);
    return THINGSPACE_OK;
}

static thingspace_status find_file(char **out, const char *folder, const char *path,
                                   thingspace_error *error)
{
    cleanup_text char *joined = folder ? text_format("%s/%s", folder, path) : text_copy(path);
    cleanup_text char *real = joined ? realpath(joined, NULL) : NULL;
    if (!joined || (!real && errno == ENOMEM))
        return error_memory(error);
    if (!real)
        return error_errno(error, THINGSPACE_POLICY, errno, "%s", path);
    thingspace_status status = folder ? check_inside(real, folder, path, error) : THINGSPACE_OK;
    if (status != THINGSPACE_OK)
        return status;
    *out = real;
    real = NULL;
    return THINGSPACE_OK;
}

static thingspace_status read_descriptor(int descriptor, const char *path, buffer *out,
                                         thingspace_error *error)
{
    int cause = file_read_all(descriptor, out);
    if (cause != 0)
        return error_errno(error, THINGSPACE_POLICY, cause, "%s", path);
    if (out->status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (out->status != THINGSPACE_OK)
        return error_set(error, THINGSPACE_POLICY, "%s is larger than %zu KiB", path,
                         out->maximum / 1024);
    return THINGSPACE_OK;
}

static thingspace_status read_regular(const char *real, const char *path, buffer *out,
                                      thingspace_error *error)
{
    struct stat found;
    int descriptor = open(real, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0)
        return error_errno(error, THINGSPACE_POLICY, errno, "%s", path);
    thingspace_status status;
    if (fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode))
        status = read_descriptor(descriptor, path, out, error);
    else
        status = error_set(error, THINGSPACE_POLICY, "%s is not a regular file", path);
    close(descriptor);
    return status;
}

thingspace_status policy_file_read(const char *folder, const char *path, buffer *out,
                                   thingspace_error *error)
{
    cleanup_text char *real = NULL;
    thingspace_status status = find_file(&real, folder, path, error);
    return status == THINGSPACE_OK ? read_regular(real, path, out, error) : status;
}

static thingspace_status read_below(const script *self, const char *path, buffer *out,
                                    thingspace_error *error)
{
    if (!self->loading)
        return error_set(error, THINGSPACE_POLICY,
                         "files are read at load only: call this outside of functions");
    if (!self->folder)
        return error_set(error, THINGSPACE_POLICY, "this policy has no folder to read files from");
    if (!path || !*path || policy_file_leaves_folder(path))
        return error_set(error, THINGSPACE_POLICY,
                         "a file is named relative to the policy's folder, without '..'");
    return policy_file_read(self->folder, path, out, error);
}

/* What the policy is made of. By name: the order in which a script reads may be that of a table. */
static thingspace_status note_file(const script *self, const char *path, thingspace_error *error)
{
    if (!self->files)
        return THINGSPACE_OK;
    digest *noted = map_get(self->files, path);
    if (!noted) {
        noted = calloc(1, sizeof(*noted));
        if (!noted || map_set(self->files, path, noted) != THINGSPACE_OK) {
            free(noted);
            return error_memory(error);
        }
    }
    digest_add(noted, "file", self->held_file.data, self->held_file.size);
    return THINGSPACE_OK;
}

/* Who can write a list of accounts can name another endpoint for them. */
static thingspace_status warn_of_file(const script *self, const char *path, thingspace_error *error)
{
    bool here = text_equal(self->folder, ".");
    cleanup_text char *file = here ? text_copy(path) : text_format("%s/%s", self->folder, path);
    if (!file)
        return error_memory(error);
    script_file_warn(file, "file", self->log);
    return THINGSPACE_OK;
}

/* Reads the file named by the first argument into `held_file`; returns that name. may raise */
static const char *hold_file(lua_State *L, script *self)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const char *path = policy_table_text(L, 1);
    buffer_dispose(&self->held_file);
    buffer_init(&self->held_file, LIMIT_POLICY_FILE);
    if (read_below(self, path, &self->held_file, &error) != THINGSPACE_OK ||
        warn_of_file(self, path, &error) != THINGSPACE_OK ||
        note_file(self, path, &error) != THINGSPACE_OK)
        runtime_raise(L, &error);
    runtime_charge(L, self->held_file.size);
    return path;
}

/* --- CSV --- */

/* may raise */
static void raise_in(lua_State *L, const char *path, thingspace_error *error)
{
    if (error->kind == THINGSPACE_POLICY)
        error_prefix(error, "%s", path);
    runtime_raise(L, error);
}

/* Pushes a table of the names of the columns. may raise */
static void push_columns(lua_State *L, const csv *from)
{
    lua_createtable(L, (int)from->column_count, 0);
    for (size_t i = 0; i < from->column_count; i++) {
        lua_pushlstring(L, from->columns[i].text, from->columns[i].size);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* Pushes the row as a table; the names are those of the table at `columns`. may raise */
static void push_row(lua_State *L, int columns, const csv *from)
{
    lua_createtable(L, 0, (int)from->column_count);
    for (size_t i = 0; i < from->column_count; i++) {
        lua_rawgeti(L, columns, (lua_Integer)i + 1);
        lua_pushlstring(L, from->cells[i].text, from->cells[i].size);
        lua_rawset(L, -3);
    }
}

/* may raise */
static void push_rows(lua_State *L, script *self, const char *path)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    csv *from = self->held_csv;
    bool more = true;
    push_columns(L, from);
    int columns = lua_gettop(L);
    lua_newtable(L);
    for (lua_Integer i = 1;; i++) {
        if (csv_next(from, &more, &error) != THINGSPACE_OK)
            raise_in(L, path, &error);
        if (!more)
            return;
        push_row(L, columns, from);
        lua_rawseti(L, -2, i);
        runtime_charge(L, from->column_count * 16);
    }
}

/* thingspace.csv(path): a list of rows. may raise */
static int csv_function(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    script *self = lua_touserdata(L, lua_upvalueindex(1));
    const char *path = hold_file(L, self);
    free(self->held_csv);
    self->held_csv = malloc(sizeof(*self->held_csv));
    if (!self->held_csv)
        return runtime_raise_memory(L);
    if (csv_open(self->held_csv, self->held_file.data, self->held_file.size, &error) !=
        THINGSPACE_OK)
        raise_in(L, path, &error);
    push_rows(L, self, path);
    buffer_dispose(&self->held_file);
    return 1;
}

/* --- JSON --- */

/* thingspace.json_file(path): the document's value. may raise */
static int json_function(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    script *self = lua_touserdata(L, lua_upvalueindex(1));
    const char *path = hold_file(L, self);
    json_free(self->held_json);
    self->held_json = NULL;
    thingspace_status status =
        json_parse(&self->held_json, buffer_text(&self->held_file), self->held_file.size, &error);
    if (status == THINGSPACE_PROTOCOL)
        error.kind = THINGSPACE_POLICY;
    if (status != THINGSPACE_OK)
        raise_in(L, path, &error);
    buffer_dispose(&self->held_file);
    runtime_push_json(L, self->held_json);
    json_free(self->held_json);
    self->held_json = NULL;
    return 1;
}

/* may raise */
void policy_files_open(lua_State *L, script *self)
{
    static const luaL_Reg functions[] = {
        {"csv", csv_function}, {"json_file", json_function}, {NULL, NULL}};
    lua_pushlightuserdata(L, self);
    luaL_setfuncs(L, functions, 1);
}
