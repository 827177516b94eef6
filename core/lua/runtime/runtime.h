/* SPDX-License-Identifier: MIT */
/*
 * One script in one limited Lua state. The state has a reduced library in which every function is
 * bounded, a cap on its memory and on each block, and a hook that looks at the clock. A script may
 * fail its own call; it cannot stop the process, see a secret, or reach another script.
 *
 * Every touch of the state happens inside runtime_enter: outside it, lua_* functions may abort the
 * process when memory runs out. A function whose comment says "raises" may leave through longjmp:
 * what it owns must hang on a userdata or on the struct behind `arg`. A runtime is used by one
 * thread at a time.
 */
#ifndef LUA_RUNTIME_H
#define LUA_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <lua.h>
#include "base/json.h"
#include "base/log.h"
#include "base/secret_source.h"
#include "lua/runtime/limits.h"

typedef struct runtime runtime;

/* Runs inside the protected entry, as a lua_CFunction
 * does; `arg` is lua_touserdata(L, 1). May raise. */
typedef int runtime_body(lua_State *L);

/*
 * Whether the Lua of this process is the one that this library was built for; touches no state.
 * runtime_new makes it first, and so does whoever wants to know it without a script. Expected:
 * LOCAL (the message names the other one's file).
 */
thingspace_status runtime_check_lua(thingspace_error *error);

/*
 * An empty state with its library. `name` is the script's name in messages. Expected: MEMORY, LOCAL
 * (runtime_check_lua).
 */
thingspace_status runtime_new(runtime **out, const char *name, thingspace_error *error);
void runtime_free(runtime *runtime);

/* The status of the script's failures; THINGSPACE_POLICY at first. */
void runtime_set_kind(runtime *runtime, thingspace_status kind);
/* Whatever belongs to the script: runtime_user gives it to functions of C; NULL at first. */
void runtime_set_user(runtime *runtime, void *user);
/* What may be held from entry to entry, above what the load held: an entry that leaves more fails,
 * and the script is dead. 0, at first: all that the limits of the entry allow. After the load. */
void runtime_set_most_kept(runtime *runtime, size_t bytes);
/* Where thingspace.log goes; copied; nowhere at first. */
void runtime_set_log(runtime *runtime, const log_target *log);
/* Adds NAME = VALUE to thingspace.settings; before the load. Expected: MEMORY, the kind. */
thingspace_status runtime_set_setting(runtime *runtime, const char *name, const char *value,
                                      thingspace_error *error);

/* From here on thingspace.random gives the numbers of this seed; at first those of a random one. */
void runtime_seed(runtime *runtime, uint64_t seed);

/*
 * Compiles the text (never bytecode) and runs it under the limits; its first result is kept as the
 * script's value. From then on writing a global raises, and memory is counted from what is held
 * now. Once per runtime.
 */
thingspace_status runtime_load(runtime *runtime, const char *text, size_t size,
                               const runtime_limits *limits, thingspace_error *error);

/* Compiles as the load would, and runs nothing: for whoever wants to know what is wrong. */
thingspace_status runtime_compile(runtime *runtime, const char *text, size_t size,
                                  const runtime_limits *limits, thingspace_error *error);

/*
 * The one door: runs `body` protected and limited. `what` names the work in messages ("resolve"),
 * may be NULL. On failure the message is "NAME:LINE: reason", file and line are set, and the status
 * is the kind of the runtime; MEMORY only when the machine's memory failed; what runtime_raise was
 * given keeps its own kind.
 */
thingspace_status runtime_enter(runtime *runtime, runtime_body *body, void *arg, const char *what,
                                const runtime_limits *limits, thingspace_error *error);

/*
 * The same door for what a script has that is called often: `kept` are the function and its
 * arguments. Its results, made two, are the arguments of `judge`, which is called only when there
 * are any or *judge_anyway is not 0, in the same entry. May raise.
 */
typedef struct runtime_function {
    int kept[3];
    int count;
    runtime_body *judge;
    const unsigned *judge_anyway;
} runtime_function;
thingspace_status runtime_call(runtime *runtime, const runtime_function *function, const char *what,
                               const runtime_limits *limits, thingspace_error *error);
/* Outside of an entry: a number for what this reference of the registry is, for runtime_call; 0:
 * there is no room for more. */
int runtime_keep(runtime *runtime, int reference);

/* After the script was killed for its deadline or instructions, or kept too much: every entry
 * fails, load it into a new one. */
bool runtime_is_dead(const runtime *runtime);
/* Whether the last entry asked for more memory than its limits allow, caught or not. */
bool runtime_was_refused_memory(const runtime *runtime);
/* Bytes that the state holds, for reports and tests. */
size_t runtime_memory(const runtime *runtime);

/* --- inside a body --- */

runtime *runtime_of(lua_State *L);
void *runtime_user(lua_State *L);
/* Pushes the script's value (nil before the load). */
void runtime_push_value(lua_State *L);
/* Pushes the table `thingspace`, to add functions to
 * it before the load (raw: lua_setfield is fine). */
void runtime_push_host(lua_State *L);

/* Counts byte steps of C work against the deadline. Raises. */
void runtime_charge(lua_State *L, size_t steps);
/* Raises `error`: its kind and message come out of
 * runtime_enter (a script's pcall may catch it). */
int runtime_raise(lua_State *L, const thingspace_error *error);
/* Raises out of memory for an allocation of C; no script catches it. */
int runtime_raise_memory(lua_State *L);

/* Pushes a handle of the source and takes one more reference of it. Raises. */
void runtime_push_secret(lua_State *L, secret_source *source);
/* The same for a secret that has no source. Raises. */
void runtime_push_secret_value(lua_State *L, thingspace_secret *secret);
/* Whether the value is a handle, of whichever of the two. */
bool runtime_is_secret(lua_State *L, int index);
/* The source behind the handle, borrowed; NULL when the value is no handle of a source. */
secret_source *runtime_to_secret(lua_State *L, int index);
/*
 * The secret behind the handle as it is now, owned: do not raise before it is freed. NULL: no
 * handle. Without `reveal` (dry runs) sources are not read and give "***". Raises: a source that
 * fails gives its own kind and message.
 */
thingspace_secret *runtime_take_secret(lua_State *L, int index, bool reveal);

/* Pushes the tree as Lua values: null is thingspace.json.null, arrays are marked as such, secrets
 * become handles. Raises. */
void runtime_push_json(lua_State *L, const json *node);
/* Whether a number is too long for Lua, which gets its text. Does not raise. */
bool runtime_is_long_number(const json *node);
/* The tree made of the value, borrowed from a userdata that is pushed to hold it; a secret becomes
 * the text "***". Raises. */
json *runtime_to_json(lua_State *L, int index);
/* The same for what is sent: a secret becomes a secret node, by runtime_take_secret. Raises. */
json *runtime_to_body(lua_State *L, int index, bool reveal);
/* Takes the tree out of that userdata: the caller frees it. */
json *runtime_take_json(lua_State *L, int index);
/* Pushes a bounded text for any value without running
 * script code: for messages. Raises (memory). */
const char *runtime_push_text(lua_State *L, int index);

#endif
