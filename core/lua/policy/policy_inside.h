/* SPDX-License-Identifier: MIT */
/*
 * What the files of a Lua policy share. The script object is the back-end of its
 * policy; it keeps the script's text, because a runtime that was killed is made
 * again by the next call. What a C function holds while Lua may leave it hangs on
 * `held_*`, one of each: freed by the next user or with the script. An operator's
 * policy and a tenant's script are the same thing with another script_kind.
 */
#ifndef LUA_POLICY_INSIDE_H
#define LUA_POLICY_INSIDE_H

#include <lua.h>
#include "base/map.h"
#include "lua/policy/csv.h"
#include "lua/policy/policy_script.h"
#include "lua/runtime/runtime.h"

/* Bits: whose scripts have a member in their table. */
typedef enum script_owner {
    SCRIPT_OPERATOR = 1,
    SCRIPT_TENANT = 2,
} script_owner;

typedef struct script script;

/* What a script may, besides what its row grants. */
typedef struct script_kind {
    script_owner owner;
    void (*open)(lua_State *L, script *self); /* adds to the table `thingspace`. Raises. */
} script_kind;

/* Who is loaded. */
typedef struct script_identity {
    const script_kind *kind;
    const char *name;   /* in messages: the path */
    const char *folder; /* NULL: no files */
    tenant *tenant;     /* whose script it is; NULL: the operator's. Outlives the script. */
} script_identity;

struct script {
    const script_kind *kind;
    const tenant *tenant;
    runtime_limits load_limits, call_limits;
    char *name;
    char *folder;
    char *text;
    size_t size;
    char **settings; /* "NAME=VALUE", ends with NULL */
    const log_target *log;
    runtime *runtime;          /* NULL or dead: made again when it is needed */
    bool loading;              /* files are read at load only */
    map *files;                /* name to digest *, until the policy is made; then NULL */
    const policy *policy;      /* whose back-end it is; for its groups */
    bool open;                 /* no accounts are declared: `resolve` knows them */
    bool stopped;              /* a limit stopped the last run */
    const map *secrets;        /* of the program; NULL: none */
    bool resolves;             /* the program does */
    map *variables;            /* secret.env: name to source, for a second load after a wipe */
    secret_source *registered; /* the mark behind secret.registered */
    buffer held_file;
    csv *held_csv;
    json *held_json;
    secret_source *held_source;
    plugin_row *held_row;
    tenant *held_tenant;
};

/* What the entries share: their input, and a result that is not a Lua error. */
typedef struct policy_entry {
    script *script;
    const char *account;
    const row *row; /* NULL: the script gets nil */
    int line;       /* where the script's function begins; 0: it has none */
    thingspace_status status;
    thingspace_error *error; /* never NULL */
} policy_entry;

/* --- policy_script.c --- */
/* Loads the text, which is taken, and reads its table. Expected: POLICY, USAGE, MEMORY. */
thingspace_status policy_script_open(policy **out, const script_identity *identity, buffer *text,
                                     const policy_script_options *options, thingspace_error *error);
/*
 * Runs `body` for one account, with `entry` as its argument; loads the script again when it was
 * killed. Failures of the script and of `entry` come out as "SCRIPT:LINE: WHAT(ACCOUNT): reason".
 */
thingspace_status policy_script_enter(script *self, runtime_body *body, policy_entry *entry,
                                      const char *what, thingspace_error *error);
/* Calls the script's function `name`. True: it answered a table, which is on top. Raises. */
bool policy_script_call(lua_State *L, policy_entry *entry, const char *name);

/* --- policy_table.c: tables are read raw; metatables of scripts have no say --- */
/* Pushes table[name] and returns its type. Raises. */
int policy_table_push(lua_State *L, int index, const char *name);
/* The text at `index` (UTF-8, no zero byte), borrowed while the value stands; NULL for all else. */
const char *policy_table_text(lua_State *L, int index);
/* Pushes memory that holds the table's names, sorted.
 * Expected: POLICY (a member without a name). Raises. */
thingspace_status policy_table_names(lua_State *L, int index, const char ***out, size_t *count,
                                     thingspace_error *error);
/* Calls `read` for each member of the table that is the policy's `what`, sorted by name, with its
 * value on top. Errors say "WHAT.NAME: ...". Raises. */
typedef thingspace_status policy_member_function(lua_State *L, const char *name, script *self,
                                                 policy *to, thingspace_error *error);
thingspace_status policy_table_each(lua_State *L, int index, const char *what,
                                    policy_member_function *read, script *self, policy *to,
                                    thingspace_error *error);
/* Calls `take` for each text of the list at `index`, which may be nil. Errors say "WHAT[n]: ...".
 * Raises. */
typedef thingspace_status policy_text_function(void *to, const char *text, thingspace_error *error);
thingspace_status policy_table_each_text(lua_State *L, int index, const char *what,
                                         policy_text_function *take, void *to,
                                         thingspace_error *error);
/* Refuses members that are not in `known` (ends with NULL), with the nearest one. Raises. */
thingspace_status policy_table_check(lua_State *L, int index, const char *const *known,
                                     thingspace_error *error);
/* table[name] as text into *out, which stays on the
 * stack (one value is pushed); NULL when absent. Raises. */
thingspace_status policy_table_read_text(lua_State *L, int index, const char *name,
                                         const char **out, thingspace_error *error);
/* Whether the table is a list 1..n without holes and other members; tells n. */
bool policy_table_is_list(lua_State *L, int index, size_t *count);

/* --- the parts; all raise --- */
/* Reads the script's value into `out`; what went right stays in it on failure. */
thingspace_status policy_read(lua_State *L, script *self, policy **out,
                              const environment_options *environment, thingspace_error *error);
typedef thingspace_status policy_table_function(lua_State *L, int index, script *self, policy *to,
                                                thingspace_error *error);
policy_table_function policy_read_accounts, policy_read_credentials, policy_read_plugins,
    policy_read_tenants, policy_read_groups, policy_read_checks;
/* The table of checks at `index`. Expected: POLICY. */
thingspace_status policy_checks_read(lua_State *L, int index, listener_levels *out,
                                     thingspace_error *error);
/* The table or nil at `index`: members that are not given stay as they are. */
thingspace_status policy_read_limits(lua_State *L, int index, plugin_limits *out,
                                     thingspace_error *error);
/* Whether `wanted` stays within `most`. Expected: POLICY (which member is above it). */
thingspace_status policy_check_limits(const plugin_limits *wanted, const plugin_limits *most,
                                      thingspace_error *error);
/* A policy_text_function for a capability_set. */
thingspace_status policy_add_capability(void *set, const char *text, thingspace_error *error);
/* A text that names something in messages. Expected: POLICY. */
thingspace_status policy_check_name(const char *name, thingspace_error *error);
/* Add their functions to the table on top. */
void policy_files_open(lua_State *L, script *self);
void policy_secrets_open(lua_State *L, script *self);

/* --- policy_files.c --- */
/* Appends a regular file to `out`: `path` below `folder`, which no link may leave; `folder` NULL:
 * any path. Expected: POLICY, MEMORY. */
thingspace_status policy_file_read(const char *folder, const char *path, buffer *out,
                                   thingspace_error *error);
/* Whether the path is absolute or has a part "..". */
bool policy_file_leaves_folder(const char *path);

/* --- tenant_script.c --- */
/* Loads the scripts of all tenants of the policy. One that fails breaks its tenant alone. Expected:
 * MEMORY. */
thingspace_status tenant_script_load_all(policy *policy, const char *folder, const log_target *log,
                                         thingspace_error *error);

/* --- the back-end --- */
thingspace_status policy_resolve_run(void *self, decision_names *out, const char *account,
                                     const row *row, thingspace_error *error);
thingspace_status policy_listeners_run(void *self, desired_listeners *out, const char *account,
                                       const row *row, thingspace_error *error);

#endif
