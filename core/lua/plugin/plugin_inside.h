/* SPDX-License-Identifier: MIT */
/*
 * What the files of Lua plugins share: the object behind an instance, and what its functions of C
 * need to know of the hook that runs. `view` is set while a hook runs and NULL else: every handle
 * is stale then. What C holds while Lua may leave it hangs on `held_*`, freed when the entry ends.
 * One thread at a time.
 */
#ifndef LUA_PLUGIN_INSIDE_H
#define LUA_PLUGIN_INSIDE_H

#include <lauxlib.h>
#include "lua/plugin/handle.h"
#include "lua/plugin/plugin_script.h"
#include "lua/runtime/runtime_inside.h"
#include "plugin/view.h"

/* References of the registry; LUA_NOREF: there is none. */
typedef struct plugin_hook {
    int function;
    int first, second;     /* handles; an audit hook has one */
    runtime_function call; /* the same, ready to be called */
} plugin_hook;

typedef struct plugin_script {
    char *name;   /* in messages: the file */
    char *called; /* by its row; NULL: as the plugin is */
    char *text;
    size_t size;
    char **settings; /* "NAME=VALUE", ends with NULL */
    const log_target *log;
    const int64_t *time_ms; /* of instance_options */
    json *options;          /* filled, for configure; NULL while it loads for the first time */
    map *secrets;           /* name -> secret_source *, of the row */
    instance *instance;     /* whose back-end this is; NULL while it loads for the first time */
    runtime_limits configuring, running;

    /* The state: NULL or dead, then the next hook makes it again. */
    runtime *runtime;
    int64_t rests_until_ms; /* it is not made again before; monotonic */
    int configure;
    plugin_hook hooks[PHASE_COUNT];
    void *handles[HANDLE_COUNT]; /* the blocks of the userdata; NULL: no hook gets it */
    int references[HANDLE_COUNT];
    void *state, *answer; /* those of thingspace.state, and of every verdict */
    int vars_reference, answer_reference;

    /* The hook that runs. */
    view *view;
    verdict *verdict;
    phase phase;
    unsigned made; /* verdicts */
    thingspace_status outcome;
    thingspace_error error; /* of `outcome`; and room for what is raised at once */
    bool holds;             /* something is held */
    buffer held_text;
    json *held_json;
} plugin_script;

/* The object behind the state: runtime_user, without a call on the way of every handle. */
static inline plugin_script *plugin_script_of(lua_State *L)
{
    return (*(runtime **)lua_getextraspace(L))->user;
}

/* --- plugin_manifest.c --- */
/*
 * Reads the script's value, raw and once: what it says of itself into `out`, its functions into the
 * object. The table is let go of. Runs an entry. Expected: PLUGIN, MEMORY.
 */
thingspace_status plugin_manifest_read(plugin_script *self, manifest *out, thingspace_error *error);

/* --- plugin_host.c --- */
/* A runtime_body: adds what plugins have to the table `thingspace`; its argument is the object. */
runtime_body plugin_host_open;

/* --- plugin_state.c --- */
/* Adds `state` to the table on top. Raises. */
void plugin_state_open(lua_State *L, plugin_script *self);
/* Makes the userdata behind call.vars. Raises. */
void plugin_vars_open(lua_State *L, plugin_script *self);

/* --- plugin_verdict.c --- */
/* Adds stop, reply, deny and wait to the table on top. Raises. */
void plugin_verdict_open(lua_State *L, plugin_script *self);
/*
 * Judges the two values on top, which `what` returned, and pushes nothing: what is wrong with them
 * becomes outcome and error of the object, for its function of this reference. Raises (memory).
 */
void plugin_verdict_judge(lua_State *L, plugin_script *self, int function, const char *what);

/* --- plugin_value.c: arguments and bodies; all raise --- */
/* Raises what is in the object's error unless the status is OK; 0 then. */
int plugin_check(lua_State *L, thingspace_status status);
/* A text, which may have zero bytes; a number. `what` is "take: the key". */
const char *plugin_check_key(lua_State *L, int index, size_t *size, const char *what);
double plugin_check_number(lua_State *L, int index, const char *what);
/* A text without zero bytes; `what` is "set_header: name". */
const char *plugin_check_text(lua_State *L, int index, const char *what);
/* Refuses more than `most` arguments; `usage` is "request:header(name)". */
void plugin_check_count(lua_State *L, int most, const char *usage);
/* The view of the hook that runs; `what` is "take". */
view *plugin_check_view(lua_State *L, const char *what);
/* Refuses an answer that the hook may not read or the state could not hold, before it is read. */
void plugin_check_body_size(lua_State *L, const view *view, field_id field);
/* Pushes the tree, nil for NULL; 1. */
int plugin_push_body(lua_State *L, const json *body);
/* The tree made of the value: the caller's. A number that is where it was in `found` (NULL: there
 * was none), and was not changed, keeps its digits. */
json *plugin_take_body(lua_State *L, int index, const json *found, const char *what);
/* Empty, within the state's limits; held. Does not raise. */
buffer *plugin_hold_text(plugin_script *self);
/* Pushes that text; 1. */
int plugin_push_held(lua_State *L, plugin_script *self);
/* Takes `json`, which is freed when the entry ends. Does not raise. */
void plugin_hold_json(plugin_script *self, json *json);
/* Frees what is held. Does not raise. */
void plugin_release(plugin_script *self);

#endif
