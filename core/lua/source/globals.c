/* SPDX-License-Identifier: MIT */
/* See globals.h. Paths are the keys of a map; the value tells whether members are known. */
#include <config.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/map.h"
#include "base/text.h"
#include "lua/plugin/plugin_inside.h"
#include "lua/runtime/runtime_inside.h"
#include "lua/source/globals.h"

#define PATH_DEPTH 3 /* thingspace.json.encode */
#define PATH_BYTES 256

struct source_globals {
    map *paths;
};

/* Values of the map: all members are known, of a table or as methods of an object; or not. */
static char table_mark, object_mark, open_mark;

typedef struct collection {
    map *paths;
    char path[PATH_BYTES];
    thingspace_status status;
} collection;

static void add_path(collection *to, char *mark)
{
    thingspace_status status = map_set(to->paths, to->path, mark);
    if (to->status == THINGSPACE_OK)
        to->status = status;
}

/* A table without members by name is one that gets them later: settings, services. */
static bool has_names(lua_State *L, int table)
{
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING) {
            lua_pop(L, 1);
            return true;
        }
    }
    return false;
}

/* Pushes the table of what the value on top has by name: itself, or its methods. */
static bool push_members(lua_State *L)
{
    if (lua_istable(L, -1))
        lua_pushvalue(L, -1);
    else if (!lua_isuserdata(L, -1) || luaL_getmetafield(L, -1, "__index") == LUA_TNIL)
        return false;
    if (lua_istable(L, -1) && has_names(L, lua_gettop(L)))
        return true;
    lua_pop(L, 1);
    return false;
}

/* Adds the members of the table on top, and theirs; pops it. Raises. */
static void collect(lua_State *L, collection *to, int depth)
{
    int table = lua_gettop(L);
    size_t length = strlen(to->path);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    lua_pushnil(L);
    while (lua_next(L, table)) {
        if (lua_type(L, -2) == LUA_TSTRING) {
            snprintf(to->path + length, sizeof(to->path) - length, "%s%s", length ? "." : "",
                     lua_tostring(L, -2));
            bool object = lua_isuserdata(L, -1);
            bool closed = depth < PATH_DEPTH && strcmp(to->path, "_G") != 0 && push_members(L);
            add_path(to, !closed ? &open_mark : object ? &object_mark : &table_mark);
            if (closed)
                collect(L, to, depth + 1);
            to->path[length] = '\0';
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static int collect_globals(lua_State *L)
{
    collection *to = lua_touserdata(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &runtime_key_globals);
    collect(L, to, 1);
    return 0;
}

/* What plugins have besides: the same functions, without an instance behind them. */
static thingspace_status add_plugin_host(runtime *runtime, thingspace_error *error)
{
    plugin_script nobody = {0};
    runtime_set_user(runtime, &nobody);
    thingspace_status status =
        runtime_enter(runtime, plugin_host_open, &nobody, "load", &limits_policy_load, error);
    runtime_set_user(runtime, NULL);
    return status;
}

thingspace_status source_globals_new(source_globals **out, runtime *runtime,
                                     thingspace_error *error)
{
    collection collection = {0};
    source_globals *made = calloc(1, sizeof(*made));
    *out = NULL;
    if (!made || map_new(&made->paths, NULL) != THINGSPACE_OK) {
        free(made);
        return error_memory(error);
    }
    collection.paths = made->paths;
    thingspace_status status = add_plugin_host(runtime, error);
    if (status == THINGSPACE_OK)
        status = runtime_enter(runtime, collect_globals, &collection, "load", &limits_policy_load,
                               error);
    if (status == THINGSPACE_OK && collection.status != THINGSPACE_OK)
        status = error_memory(error);
    if (status == THINGSPACE_OK)
        *out = made;
    else
        source_globals_free(made);
    return status;
}

void source_globals_free(source_globals *globals)
{
    if (!globals)
        return;
    map_free(globals->paths);
    free(globals);
}

bool source_globals_has(const source_globals *globals, const char *path)
{
    return map_get(globals->paths, path) != NULL;
}

bool source_globals_is_closed(const source_globals *globals, const char *path)
{
    const char *mark = map_get(globals->paths, path);
    return mark == &table_mark || mark == &object_mark;
}

bool source_globals_is_object(const source_globals *globals, const char *path)
{
    return map_get(globals->paths, path) == &object_mark;
}

void source_globals_offer(const source_globals *globals, const char *path, nearest *nearest)
{
    size_t length = strlen(path);
    for (size_t i = 0; i < map_count(globals->paths); i++) {
        const char *key = map_key(globals->paths, i);
        const char *name = length ? key + length + 1 : key;
        if (strncmp(key, path, length) == 0 && (!length || key[length] == '.') &&
            !strchr(name, '.'))
            nearest_offer(nearest, name);
    }
}

#define POLICY_ONLY                                                                                \
    "only the operator's policy has it; take the value as an option of the plugin's row"
#define ONE_FILE "a plugin is one file and loads no other code"

const char *source_globals_absent(const char *path)
{
    static const struct {
        const char *path, *reason;
    } absent[] = {
        {"thingspace.secret.file", POLICY_ONLY},
        {"thingspace.secret.dir", POLICY_ONLY},
        {"thingspace.secret.env", POLICY_ONLY},
        {"thingspace.secret.command", POLICY_ONLY},
        {"thingspace.secret.credential", POLICY_ONLY},
        {"thingspace.secret.registered", POLICY_ONLY},
        {"thingspace.csv", POLICY_ONLY},
        {"thingspace.json_file", POLICY_ONLY},
        {"print", "use thingspace.log"},
        {"require", ONE_FILE},
        {"dofile", ONE_FILE},
        {"loadfile", ONE_FILE},
        {"load", "text cannot become code; write a function"},
        {"loadstring", "text cannot become code; write a function"},
        {"package", ONE_FILE},
        {"io", "plugins have no files; use thingspace.log, or options of the row"},
        {"os", "use thingspace.time_ms for the time"},
        {"debug", "plugins do not have it"},
        {"coroutine", "plugins do not have it; to wait, return thingspace.wait(ms)"},
        {"xpcall", "use pcall"},
        {"collectgarbage", "memory is the host's concern"},
        {"unpack", "use table.unpack"},
        {"math.random", "use thingspace.random"},
        {"math.randomseed", "thingspace.random is seeded for each call"},
        {"math.pow", "use the operator ^"},
        {"table.getn", "use the operator #"},
        {"string.dump", "plugins do not have it"},
    };
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
        if (text_equal(absent[i].path, path))
            return absent[i].reason;
    return NULL;
}
