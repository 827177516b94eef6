/* SPDX-License-Identifier: MIT */
/*
 * Text becomes a running script: compiled (text only, bytecode could break the machine), given its
 * own environment, run once. After that its globals are closed and memory is counted from what is
 * held.
 */
#include <config.h>
#include <lauxlib.h>
#include <string.h>
#include "base/error.h"
#include "lua/runtime/library.h"
#include "lua/runtime/runtime_inside.h"
#include "lua/runtime/script_file.h"

typedef struct chunk {
    const char *text;
    size_t size;
    bool given;
} chunk;

static const char *read_chunk(lua_State *L, void *data, size_t *size)
{
    (void)L;
    chunk *chunk = data;
    *size = chunk->given ? 0 : chunk->size;
    chunk->given = true;
    return chunk->text;
}

/* Whether the message is about a table constructor, and what it met could be its next field. */
static bool lacks_comma(const char *message)
{
    static const char *const ends[] = {"'end'", "'return'", "'local'", "'then'",  "'do'",
                                       "'if'",  "'for'",    "'while'", "'else'",  "'until'",
                                       "'in'",  "'repeat'", "'goto'",  "'break'", "'elseif'"};
    const char *closing = message ? strstr(message, "'}' expected") : NULL;
    const char *met = closing ? strstr(closing, " near '") : NULL;
    if (!met)
        return false;
    met += strlen(" near ");
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (strcmp(met, ends[i]) == 0)
            return false;
    char first = met[1];
    return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') ||
           (first >= '0' && first <= '9') || (first && strchr("_\"'[{", first));
}

/* Pushes the compiled function. Raises. */
static void compile(lua_State *L, chunk *chunk)
{
    if (chunk->size > 0 && chunk->text[0] == LUA_SIGNATURE[0])
        luaL_error(L, "is bytecode; only the text of a script is loaded");
    int status = lua_load(L, read_chunk, chunk, runtime_of(L)->chunk, "t");
    if (status == LUA_ERRSYNTAX && lacks_comma(lua_tostring(L, -1))) {
        lua_pushliteral(L, "; a comma may be missing before it");
        lua_concat(L, 2);
    }
    if (status != LUA_OK)
        lua_error(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &runtime_key_environment);
    if (!lua_setupvalue(L, -2, 1))
        lua_pop(L, 1);
}

static int compile_chunk(lua_State *L)
{
    compile(L, lua_touserdata(L, 1));
    return 0;
}

static int run_chunk(lua_State *L)
{
    compile(L, lua_touserdata(L, 1));
    lua_call(L, 0, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &runtime_key_value);
    lua_gc(L, LUA_GCCOLLECT);
    return 0;
}

/* Editors may put a byte order mark before the text. */
static chunk chunk_of(const char *text, size_t size)
{
    bool mark = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
    return (chunk){.text = text + (mark ? 3 : 0), .size = size - (mark ? 3 : 0)};
}

thingspace_status runtime_load(runtime *runtime, const char *text, size_t size,
                               const runtime_limits *limits, thingspace_error *error)
{
    thingspace_status status = script_file_check_size(runtime->name, size, runtime->kind, error);
    chunk chunk = chunk_of(text, size);
    if (status == THINGSPACE_OK)
        status = runtime_enter(runtime, run_chunk, &chunk, "load", limits, error);
    if (status != THINGSPACE_OK)
        return status;
    runtime->loaded = true;
    runtime->base = runtime->memory.used;
    runtime->memory.large_at_load = runtime->memory.large;
    return THINGSPACE_OK;
}

thingspace_status runtime_compile(runtime *runtime, const char *text, size_t size,
                                  const runtime_limits *limits, thingspace_error *error)
{
    thingspace_status status = script_file_check_size(runtime->name, size, runtime->kind, error);
    chunk chunk = chunk_of(text, size);
    if (status == THINGSPACE_OK)
        status = runtime_enter(runtime, compile_chunk, &chunk, "load", limits, error);
    return status;
}
