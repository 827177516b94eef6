/* SPDX-License-Identifier: MIT */
/*
 * thingspace.secret: handles that say where a secret comes from. No function here
 * reads a file or runs a command: that happens when the secret is used, in C. Only
 * variables are read at once, because the command wipes them. Runs inside entries.
 */
#include <config.h>
#include <lauxlib.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "lua/policy/policy_inside.h"
#include "lua/runtime/missing.h"

/* Words of a secret command. */
#define MOST_ARGUMENTS 64

/* may raise */
static void raise(lua_State *L, const char *message)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_set(&error, THINGSPACE_POLICY, "%s", message);
    runtime_raise(L, &error);
}

/* The first argument as text. may raise */
static const char *take_text(lua_State *L, const char *message)
{
    const char *text = policy_table_text(L, 1);
    if (!text || !*text || lua_gettop(L) != 1)
        raise(L, message);
    return text;
}

/* A place to make a source in: it is freed with the script, whatever raises. */
static secret_source **hold(script *self)
{
    secret_source_free(self->held_source);
    self->held_source = NULL;
    return &self->held_source;
}

/* Pushes the handle of what was made, or raises its failure. may raise */
static int push_held(lua_State *L, script *self, thingspace_status status, thingspace_error *error)
{
    if (status == THINGSPACE_USAGE || status == THINGSPACE_AUTH)
        error->kind = THINGSPACE_POLICY;
    if (status != THINGSPACE_OK)
        return runtime_raise(L, error);
    runtime_push_secret(L, self->held_source);
    hold(self);
    return 1;
}

/* may raise */
static void need_folder(lua_State *L, const script *self)
{
    if (!self->folder)
        raise(L, "this policy has no folder: use secret.env or secret.credential");
}

/* may raise */
static int file_function(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    script *self = lua_touserdata(L, lua_upvalueindex(1));
    const char *path = take_text(L, "secret.file takes the name of a file");
    need_folder(L, self);
    return push_held(L, self, secret_source_file(hold(self), self->folder, path, &error), &error);
}

/* A table of four handles. may raise */
static int dir_function(lua_State *L)
{
    static const char *const parts[] = {"key", "secret", "username", "password"};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    script *self = lua_touserdata(L, lua_upvalueindex(1));
    const char *path = take_text(L, "secret.dir takes the name of a folder");
    need_folder(L, self);
    lua_createtable(L, 0, 4);
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        const char *file = lua_pushfstring(L, "%s/%s", path, parts[i]);
        push_held(L, self, secret_source_file(hold(self), self->folder, file, &error), &error);
        lua_setfield(L, -3, parts[i]);
        lua_pop(L, 1);
    }
    return 1;
}

static thingspace_status read_variable(script *self, const char *name, thingspace_error *error)
{
    secret_source *known = map_get(self->variables, name);
    if (known) {
        *hold(self) = secret_source_ref(known);
        return THINGSPACE_OK;
    }
    thingspace_status status = secret_source_env(hold(self), name, error);
    if (status != THINGSPACE_OK)
        return status;
    if (map_set(self->variables, name, secret_source_ref(self->held_source)) == THINGSPACE_OK)
        return THINGSPACE_OK;
    secret_source_free(self->held_source); /* the reference that the map did not take */
    return error_memory(error);
}

/* may raise */
static int env_function(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    script *self = lua_touserdata(L, lua_upvalueindex(1));
    const char *name = take_text(L, "secret.env takes the name of a variable");
    return push_held(L, self, read_variable(self, name, &error), &error);
}

/* may raise */
static int credential_function(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    script *self = lua_touserdata(L, lua_upvalueindex(1));
    const char *name = take_text(L, "secret.credential takes a name in $CREDENTIALS_DIRECTORY");
    return push_held(L, self, secret_source_credential(hold(self), name, &error), &error);
}

/* The words stay in the table while they are used. may raise */
static void take_arguments(lua_State *L, const char **words)
{
    static const char usage[] =
        "secret.command takes a list of words: secret.command { \"pass\", \"show\", \"acme\" }";
    size_t count = 0;
    if (!lua_istable(L, 1) || !policy_table_is_list(L, 1, &count) || count == 0 ||
        count > MOST_ARGUMENTS)
        raise(L, usage);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, 1, (lua_Integer)i + 1);
        words[i] = policy_table_text(L, -1);
        lua_pop(L, 1);
        if (!words[i])
            raise(L, usage);
    }
    words[count] = NULL;
}

/* may raise */
static int command_function(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    script *self = lua_touserdata(L, lua_upvalueindex(1));
    const char *words[MOST_ARGUMENTS + 1];
    take_arguments(L, words);
    need_folder(L, self);
    return push_held(L, self, secret_source_command(hold(self), self->folder, words, &error),
                     &error);
}

/* thingspace.secret.named(name): a handle of a secret of the program. may raise */
static int named_function(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    script *self = lua_touserdata(L, lua_upvalueindex(1));
    const char *name = take_text(L, "secret.named takes the name of a secret of the program");
    secret_source *source = self->secrets ? map_get(self->secrets, name) : NULL;
    if (source) {
        runtime_push_secret(L, source);
        return 1;
    }
    error_set(&error, THINGSPACE_POLICY,
              "the program gives no secret '%.64s': it has to be in the client's option `secrets`",
              name);
    return runtime_raise(L, &error);
}

/* may raise */
void policy_secrets_open(lua_State *L, script *self)
{
    static const luaL_Reg functions[] = {{"file", file_function},
                                         {"dir", dir_function},
                                         {"env", env_function},
                                         {"command", command_function},
                                         {"credential", credential_function},
                                         {"named", named_function},
                                         {NULL, NULL}};
    lua_newtable(L);
    lua_pushlightuserdata(L, self);
    luaL_setfuncs(L, functions, 1);
    runtime_push_secret(L, self->registered);
    lua_setfield(L, -2, "registered");
    missing_tell(L, "thingspace.secret");
    lua_setfield(L, -2, "secret");
}
