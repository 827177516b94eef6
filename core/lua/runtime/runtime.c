/* SPDX-License-Identifier: MIT */
/*
 * The life of a runtime and its one protected entry. What an entry reports is noted in the struct
 * `failure` at the place where it happens (by the message handler, or by the allocator, for out of
 * memory has no handler), so that reporting needs no memory of the state. One thread at a time.
 */
#include <config.h>
#include <lauxlib.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "lua/runtime/library.h"
#include "lua/runtime/runtime_inside.h"

/* Where the message handler lies. */
#define HANDLER_INDEX 1

const char runtime_key_value, runtime_key_environment, runtime_key_globals, runtime_key_host,
    runtime_key_settings;

runtime *runtime_of(lua_State *L)
{
    return *(runtime **)lua_getextraspace(L);
}

bool runtime_is_dead(const runtime *runtime)
{
    return runtime->dead;
}

bool runtime_was_refused_memory(const runtime *runtime)
{
    return runtime->memory.refused;
}

size_t runtime_memory(const runtime *runtime)
{
    return runtime->memory.used;
}

void runtime_set_user(runtime *runtime, void *user)
{
    runtime->user = user;
}

void *runtime_user(lua_State *L)
{
    return runtime_of(L)->user;
}

void runtime_set_kind(runtime *runtime, thingspace_status kind)
{
    runtime->kind = kind;
}

void runtime_set_most_kept(runtime *runtime, size_t bytes)
{
    runtime->most_kept = bytes;
}

void runtime_set_log(runtime *runtime, const log_target *log)
{
    runtime->log = *log;
}

int runtime_line(lua_State *L)
{
    lua_Debug frame;
    for (int level = 0; lua_getstack(L, level, &frame); level++)
        if (lua_getinfo(L, "Sl", &frame) && frame.currentline > 0)
            return frame.currentline;
    return 0;
}

/* The allocator calls this for large blocks and for refusals; the line is where memory ran out. */
static void take_care(void *user, bool steady)
{
    runtime *runtime = user;
    if (!runtime->entered)
        return;
    guard_be_careful(&runtime->guard, runtime->L,
                     runtime->memory.huge_string ? GUARD_CARE_HUGE : GUARD_CARE_LARGE);
    if (runtime->memory.refused || runtime->memory.failed)
        runtime->failure.line = steady ? runtime_line(runtime->L) : runtime->guard.last_line;
}

/* Takes "name:12: " off the text, when it begins so, and tells the line. */
static const char *strip_place(const runtime *runtime, const char *text, int *line)
{
    size_t length = strlen(runtime->chunk + 1);
    if (strncmp(text, runtime->chunk + 1, length) != 0 || text[length] != ':')
        return text;
    char *end;
    long number = strtol(text + length + 1, &end, 10);
    if (number <= 0 || strncmp(end, ": ", 2) != 0)
        return text;
    *line = (int)number;
    return end + 2;
}

static void note_value(lua_State *L, runtime *runtime, int index)
{
    failure *failure = &runtime->failure;
    if (lua_type(L, index) == LUA_TSTRING) {
        const char *text = strip_place(runtime, lua_tostring(L, index), &failure->line);
        snprintf(failure->message, sizeof(failure->message), "%s", text);
    } else if (lua_type(L, index) == LUA_TNUMBER) {
        double number = lua_tonumber(L, index);
        snprintf(failure->message, sizeof(failure->message), "%.14g", isnan(number) ? NAN : number);
    } else {
        snprintf(failure->message, sizeof(failure->message), "the error value is a %s, not a text",
                 luaL_typename(L, index));
    }
}

/* The message handler: runs no script code, needs no memory. */
static int note_failure(lua_State *L)
{
    runtime *runtime = runtime_of(L);
    failure *failure = &runtime->failure;
    failure->line = runtime_line(L);
    if (!failure->noted && runtime->guard.killed == GUARD_ALIVE)
        note_value(L, runtime, 1);
    failure->noted = true;
    return 1;
}

static void set_message(failure *failure, const char *text)
{
    snprintf(failure->message, sizeof(failure->message), "%s", text);
}

int runtime_raise(lua_State *L, const thingspace_error *error)
{
    failure *failure = &runtime_of(L)->failure;
    lua_pushstring(L, error->message); /* may itself raise */
    set_message(failure, error->message);
    failure->kind = error->kind;
    failure->noted = true;
    return lua_error(L);
}

int runtime_raise_memory(lua_State *L)
{
    runtime_of(L)->memory.failed = true;
    lua_pushlightuserdata(L, NULL);
    return lua_error(L);
}

static void describe_size(char *out, size_t size, size_t bytes)
{
    if (bytes >= 1024 * 1024 && bytes % (1024 * 1024) == 0)
        snprintf(out, size, "%zu MiB", bytes / (1024 * 1024));
    else
        snprintf(out, size, "%zu KiB", bytes / 1024);
}

static void describe_refusal(runtime *runtime, const char *what)
{
    char size[32];
    bool block = runtime->memory.refused_block;
    describe_size(size, sizeof(size),
                  block ? runtime->limits->allocation : runtime->limits->memory);
    snprintf(runtime->failure.message, sizeof(runtime->failure.message),
             "%s ran out of memory (limit %s%s)", what, size,
             block ? " for one text, table or the stack" : "");
}

static void describe_kill(runtime *runtime, const char *what)
{
    failure *failure = &runtime->failure;
    failure->line = runtime->guard.line;
    if (runtime->guard.killed == GUARD_DEADLINE)
        snprintf(failure->message, sizeof(failure->message), "%s ran over its deadline of %lld ms",
                 what, (long long)runtime->limits->deadline_ms);
    else
        snprintf(failure->message, sizeof(failure->message),
                 "%s ran too many instructions (limit %llu)", what,
                 (unsigned long long)runtime->limits->instructions);
}

/* Buffers of the auxiliary library report a refusal as a plain text. */
static bool is_memory(const runtime *runtime, int status)
{
    return status == LUA_ERRMEM ||
           (runtime->memory.refused && strcmp(runtime->failure.message, "not enough memory") == 0);
}

static void describe(runtime *runtime, int status, const char *what)
{
    if (runtime->guard.killed != GUARD_ALIVE)
        describe_kill(runtime, what);
    else if (is_memory(runtime, status))
        describe_refusal(runtime, what);
    else if (status == LUA_ERRERR)
        set_message(&runtime->failure, "the stack overflowed");
}

static thingspace_status report(runtime *runtime, int status, const char *what,
                                thingspace_error *error)
{
    failure *failure = &runtime->failure;
    if (runtime->memory.failed)
        return error_memory(error);
    describe(runtime, status, what);
    thingspace_status kind = failure->kind == THINGSPACE_OK ? runtime->kind : failure->kind;
    if (kind == THINGSPACE_MEMORY)
        return error_memory(error);
    if (failure->line > 0)
        error_set(error, kind, "%s:%d: %s", runtime->name, failure->line, failure->message);
    else
        error_set(error, kind, "%s: %s", runtime->name, failure->message);
    error_set_place(error, runtime->name, failure->line);
    return kind;
}

static thingspace_status refuse(const runtime *runtime, const char *reason, thingspace_error *error)
{
    error_set(error, runtime->kind, "%s: %s", runtime->name, reason);
    error_set_place(error, runtime->name, 0);
    return runtime->kind;
}

/* The message handler lies at the bottom of the stack for the life of the state, what is kept above
 * it. What is pushed needs no memory. A call that went well leaves nothing. */
static int call_protected(lua_State *L, runtime_body *body, void *arg)
{
    lua_pushcfunction(L, body);
    lua_pushlightuserdata(L, arg);
    return lua_pcall(L, 1, 0, HANDLER_INDEX);
}

/* Straight into the script, which spares a frame and the registry. */
static int call_kept(runtime *runtime, const runtime_function *function)
{
    lua_State *L = runtime->L;
    int top = HANDLER_INDEX + runtime->kept_count;
    for (int i = 0; i < function->count; i++)
        lua_pushvalue(L, function->kept[i]);
    int status = lua_pcall(L, function->count - 1, LUA_MULTRET, HANDLER_INDEX);
    if (status != LUA_OK || (lua_gettop(L) == top && !*function->judge_anyway))
        return status;
    lua_settop(L, top + 2);
    lua_pushcfunction(L, function->judge);
    lua_insert(L, top + 1);
    return lua_pcall(L, 2, 0, HANDLER_INDEX);
}

int runtime_keep(runtime *runtime, int reference)
{
    for (int i = 0; i < runtime->kept_count; i++)
        if (runtime->kept[i] == reference)
            return HANDLER_INDEX + 1 + i;
    if (runtime->kept_count == RUNTIME_KEPT)
        return 0;
    lua_rawgeti(runtime->L, LUA_REGISTRYINDEX, reference);
    runtime->kept[runtime->kept_count++] = reference;
    return HANDLER_INDEX + runtime->kept_count;
}

/* When half of the room is gone that the last collection left. Lua by itself would wait for the
 * cap, for what a load holds is much more; and what it collects when it is refused memory is not
 * finalized, so that the handles of thousands of calls would fill the room for good. */
static void collect(runtime *runtime)
{
    const allocator *memory = &runtime->memory;
    if (runtime->collected > memory->used)
        runtime->collected = memory->used;
    size_t room = memory->cap > runtime->collected ? memory->cap - runtime->collected : 0;
    if (memory->used - runtime->collected <= room / 2)
        return;
    lua_gc(runtime->L, LUA_GCCOLLECT);
    runtime->collected = memory->used;
}

/* Whether more is held for the next entry than may be. It takes as long as what this entry made,
 * and the little that was held before it. */
static bool keeps_too_much(runtime *runtime)
{
    const allocator *memory = &runtime->memory;
    if (runtime->most_kept == 0 || memory->used <= runtime->base + runtime->most_kept)
        return false;
    lua_gc(runtime->L, LUA_GCCOLLECT);
    runtime->collected = memory->used;
    return memory->used > runtime->base + runtime->most_kept;
}

static guard_care care_of(const allocator *memory)
{
    if (!memory->large_string && memory->large <= memory->large_at_load)
        return GUARD_CARE_NONE;
    return memory->huge_string ? GUARD_CARE_HUGE : GUARD_CARE_LARGE;
}

static void begin(runtime *runtime, const runtime_limits *limits)
{
    allocator *memory = &runtime->memory;
    size_t most = SIZE_MAX - runtime->base;
    runtime->failure.noted = false;
    runtime->failure.line = 0;
    runtime->failure.kind = THINGSPACE_OK;
    runtime->failure.message[0] = '\0';
    runtime->limits = limits;
    runtime->logged = 0;
    runtime->entered = true;
    allocator_begin(memory, runtime->base + (limits->memory < most ? limits->memory : most),
                    limits->allocation);
    collect(runtime);
    guard_begin(&runtime->guard, runtime->L, limits, care_of(memory));
}

static thingspace_status refuse_entry(const runtime *runtime, thingspace_error *error)
{
    if (runtime->dead)
        return refuse(runtime, "was stopped by a limit and must be loaded again", error);
    return refuse(runtime, "is already running; a script cannot call itself through the library",
                  error);
}

static thingspace_status fail(runtime *runtime, int status, const char *what,
                              thingspace_error *error)
{
    lua_settop(runtime->L, HANDLER_INDEX + runtime->kept_count); /* drops the error value */
    return report(runtime, status, what ? what : "the script", error);
}

/* What went well before fails for it. The state is of no use: nothing takes away what it keeps. */
static int refuse_kept(runtime *runtime, int status, const char *what)
{
    char size[32];
    runtime->dead = true;
    if (status != LUA_OK)
        return status;
    describe_size(size, sizeof(size), runtime->most_kept);
    runtime->failure.line = 0;
    snprintf(runtime->failure.message, sizeof(runtime->failure.message),
             "%s ran out of memory (limit %s for what is kept from call to call)",
             what ? what : "the script", size);
    return LUA_ERRRUN;
}

static thingspace_status end(runtime *runtime, int status, const char *what,
                             thingspace_error *error)
{
    runtime->entered = false;
    runtime->dead = runtime->guard.killed != GUARD_ALIVE;
    if (!runtime->dead && keeps_too_much(runtime))
        status = refuse_kept(runtime, status, what);
    if (runtime->logged > runtime->limits->log_lines)
        library_host_end_log(runtime);
    return status == LUA_OK ? THINGSPACE_OK : fail(runtime, status, what, error);
}

/* An empty hook takes 45 ns, of which Lua's protected call alone is 30: mind what is added. */
thingspace_status runtime_enter(runtime *runtime, runtime_body *body, void *arg, const char *what,
                                const runtime_limits *limits, thingspace_error *error)
{
    if (runtime->dead || runtime->entered)
        return refuse_entry(runtime, error);
    begin(runtime, limits);
    locale_t before = uselocale(runtime->locale);
    int status = call_protected(runtime->L, body, arg);
    uselocale(before);
    return end(runtime, status, what, error);
}

thingspace_status runtime_call(runtime *runtime, const runtime_function *function, const char *what,
                               const runtime_limits *limits, thingspace_error *error)
{
    if (runtime->dead || runtime->entered)
        return refuse_entry(runtime, error);
    begin(runtime, limits);
    locale_t before = uselocale(runtime->locale);
    int status = call_kept(runtime, function);
    uselocale(before);
    return end(runtime, status, what, error);
}

void runtime_charge(lua_State *L, size_t steps)
{
    guard_charge(&runtime_of(L)->guard, L, steps);
}

void runtime_push_value(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &runtime_key_value);
}

void runtime_push_host(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &runtime_key_host);
}

static lua_State *new_state(allocator *memory)
{
#if LUA_VERSION_NUM >= 505
    return lua_newstate(allocator_resize, memory, randombytes_random());
#else
    return lua_newstate(allocator_resize, memory);
#endif
}

static bool set_name(runtime *runtime, const char *name)
{
    size_t length = strlen(name);
    size_t room = sizeof(runtime->chunk) - 2 - 4; /* Lua cuts longer ones by itself */
    runtime->name = text_copy(name);
    if (length <= room)
        snprintf(runtime->chunk, sizeof(runtime->chunk), "=%s", name);
    else
        snprintf(runtime->chunk, sizeof(runtime->chunk), "=...%s", name + length - (room - 3));
    return runtime->name != NULL;
}

static thingspace_status open_state(runtime *runtime, thingspace_error *error)
{
    static const runtime_limits making = {1000, 0, RUNTIME_STATE_MEMORY, RUNTIME_STATE_MEMORY, 0};
    allocator_begin(&runtime->memory, RUNTIME_STATE_MEMORY, RUNTIME_STATE_MEMORY);
    runtime->L = new_state(&runtime->memory);
    if (!runtime->L)
        return error_memory(error);
    *(struct runtime **)lua_getextraspace(runtime->L) = runtime;
    lua_pushcfunction(runtime->L, note_failure); /* at HANDLER_INDEX; needs no memory */
    runtime->memory.careful = take_care;
    runtime->memory.user = runtime;
    thingspace_status status =
        runtime_enter(runtime, library_open, NULL, "the library", &making, error);
    runtime->base = runtime->memory.used;
    return status;
}

static void seed(runtime *runtime)
{
    uint64_t seed;
    randombytes_buf(&seed, sizeof(seed));
    runtime_seed(runtime, seed);
}

thingspace_status runtime_new(runtime **out, const char *name, thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = runtime_check_lua(error);
    if (status != THINGSPACE_OK)
        return status;
    if (sodium_init() < 0)
        return error_set(error, THINGSPACE_INTERNAL, "libsodium cannot be initialised");
    runtime *runtime = calloc(1, sizeof(*runtime));
    if (!runtime)
        return error_memory(error);
    runtime->kind = THINGSPACE_POLICY;
    seed(runtime);
    runtime->locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!set_name(runtime, name) || !runtime->locale)
        status = error_memory(error);
    else
        status = open_state(runtime, error);
    if (status == THINGSPACE_OK)
        *out = runtime;
    else
        runtime_free(runtime);
    return status;
}

void runtime_free(runtime *runtime)
{
    if (!runtime)
        return;
    if (runtime->L) {
        allocator_begin(&runtime->memory, SIZE_MAX, SIZE_MAX);
        lua_close(runtime->L);
    }
    if (runtime->locale)
        freelocale(runtime->locale);
    free(runtime->name);
    free(runtime);
}
