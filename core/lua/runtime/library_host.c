/* SPDX-License-Identifier: MIT */
/*
 * The table `thingspace` that every script sees: log, json, digests, time, random numbers, the
 * names of the callback services, and the settings of the command line. The policy and plugins add
 * theirs.
 */
#include <config.h>
#include <sodium.h>
#include <thingspace/services.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "lua/runtime/library.h"
#include "lua/runtime/runtime_inside.h"

/* Bytes of a digest between two looks at the clock. */
#define DIGEST_PIECE 65536

/* Stack: the arguments. Leaves them as one text with blanks between. */
static const char *join_arguments(lua_State *L)
{
    int count = lua_gettop(L);
    luaL_Buffer text;
    for (int i = 1; i <= count; i++) {
        library_push_text(L, i, NULL);
        lua_replace(L, i);
    }
    luaL_buffinit(L, &text);
    for (int i = 1; i <= count; i++) {
        size_t size;
        const char *argument = lua_tolstring(L, i, &size);
        if (size > LIMIT_LOG_LINE) /* the line is cut there */
            size = LIMIT_LOG_LINE;
        runtime_charge(L, size);
        luaL_addlstring(&text, argument, size);
        if (i < count)
            luaL_addchar(&text, ' ');
    }
    luaL_pushresult(&text);
    return lua_tostring(L, -1);
}

static int host_log(lua_State *L)
{
    runtime *runtime = runtime_of(L);
    if (++runtime->logged > runtime->limits->log_lines)
        return 0;
    const char *text = join_arguments(L);
    log_write(&runtime->log, THINGSPACE_LOG_INFO, "%s: %s", runtime->name, text);
    return 0;
}

void library_host_end_log(runtime *runtime)
{
    unsigned most = runtime->limits->log_lines;
    if (runtime->logged > most)
        log_write(&runtime->log, THINGSPACE_LOG_INFO, "%s: %u suppressed", runtime->name,
                  runtime->logged - most);
}

static int host_time(lua_State *L)
{
    const int64_t *set = runtime_of(L)->time_ms;
    lua_pushinteger(L, set && *set >= 0 ? *set : clock_wall_ms());
    return 1;
}

void library_host_set_time(runtime *runtime, const int64_t *time_ms)
{
    runtime->time_ms = time_ms;
}

static const unsigned char *check_bytes(lua_State *L, int index, size_t *size)
{
    const char *bytes = luaL_checklstring(L, index, size);
    runtime_charge(L, *size * 4); /* 4 ns a byte, about */
    return (const unsigned char *)bytes;
}

static int push_hex(lua_State *L, const unsigned char *bytes, size_t size)
{
    char text[2 * crypto_hash_sha256_BYTES + 1];
    sodium_bin2hex(text, sizeof(text), bytes, size);
    lua_pushstring(L, text);
    return 1;
}

/* Digests are made piece by piece, so that the clock is looked at meanwhile. */
static size_t next_piece(lua_State *L, size_t left)
{
    size_t size = left < DIGEST_PIECE ? left : DIGEST_PIECE;
    runtime_charge(L, size * 4); /* 4 ns a byte, about */
    return size;
}

static int host_sha256(lua_State *L)
{
    size_t size;
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    const unsigned char *bytes = (const unsigned char *)luaL_checklstring(L, 1, &size);
    crypto_hash_sha256_init(&state);
    for (size_t done = 0, piece; done < size; done += piece) {
        piece = next_piece(L, size - done);
        crypto_hash_sha256_update(&state, bytes + done, piece);
    }
    crypto_hash_sha256_final(&state, digest);
    return push_hex(L, digest, sizeof(digest));
}

/* HMAC-SHA-256: key, text. */
static int host_hmac(lua_State *L)
{
    size_t key_size, size;
    unsigned char digest[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    const unsigned char *key = check_bytes(L, 1, &key_size);
    const unsigned char *bytes = (const unsigned char *)luaL_checklstring(L, 2, &size);
    crypto_auth_hmacsha256_init(&state, key, key_size);
    for (size_t done = 0, piece; done < size; done += piece) {
        piece = next_piece(L, size - done);
        crypto_auth_hmacsha256_update(&state, bytes + done, piece);
    }
    crypto_auth_hmacsha256_final(&state, digest);
    return push_hex(L, digest, sizeof(digest));
}

static int host_base64(lua_State *L)
{
    size_t size;
    const unsigned char *bytes = check_bytes(L, 1, &size);
    size_t room = sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_ORIGINAL);
    luaL_Buffer out;
    char *text = luaL_buffinitsize(L, &out, room);
    sodium_bin2base64(text, room, bytes, size, sodium_base64_VARIANT_ORIGINAL);
    luaL_pushresultsize(&out, room - 1);
    return 1;
}

static void push_services(lua_State *L)
{
    lua_newtable(L);
    for (size_t i = 0; i < thingspace_service_count(); i++) {
        lua_pushstring(L, thingspace_service_at(i)->name);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

void library_host_push(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"base64", host_base64},
        {"hmac", host_hmac},
        {"log", host_log},
        {"random", library_random},
        {"sha256", host_sha256},
        {"time_ms", host_time},
        {NULL, NULL},
    };
    luaL_newlib(L, functions);
    library_json_push(L);
    lua_setfield(L, -2, "json");
    push_services(L);
    lua_setfield(L, -2, "services");
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &runtime_key_settings);
    lua_setfield(L, -2, "settings");
}

typedef struct setting {
    const char *name, *value;
} setting;

static int add_setting(lua_State *L)
{
    const setting *setting = lua_touserdata(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &runtime_key_settings);
    lua_pushstring(L, setting->value);
    lua_setfield(L, -2, setting->name);
    return 0;
}

thingspace_status runtime_set_setting(runtime *runtime, const char *name, const char *value,
                                      thingspace_error *error)
{
    setting setting = {name, value};
    return runtime_enter(runtime, add_setting, &setting, "settings", &limits_configure, error);
}
