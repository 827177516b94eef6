/* SPDX-License-Identifier: MIT */
/*
 * One row of a policy's `plugins`, as C data: which plugin, under which name, with which options,
 * rights and limits. Owned by its policy. One thread at a time.
 */
#ifndef PLUGIN_ROW_H
#define PLUGIN_ROW_H

#include <stdint.h>
#include "base/map.h"
#include "base/secret_source.h"
#include "plugin/capability.h"

#define PLUGIN_PRIORITY_DEFAULT 5000
#define PLUGIN_PRIORITY_MOST    10000

typedef enum on_error {
    ON_ERROR_FAIL,       /* the call fails */
    ON_ERROR_SKIP,       /* the hook is undone, the call goes on */
    ON_ERROR_QUARANTINE, /* the same, and the instance rests: 1 s, 2 s, 4 s, ... 5 min */
    ON_ERROR_COUNT,
} on_error;

/* 0: the default of lua/runtime/limits.h. Compiled plugins have no limits. */
typedef struct plugin_limits {
    int64_t deadline_ms;
    uint64_t instructions;
    size_t memory_bytes;
    size_t allocation_bytes;
    unsigned log_lines;
} plugin_limits;

typedef struct plugin_row {
    char *plugin; /* as written: a name on the search path, or a file */
    char *folder; /* files are relative to it; NULL: the current folder */
    char *name;   /* of the instance; NULL: the manifest's */
    char *tenant; /* whose row; NULL: the operator's */
    char *place;  /* for messages: "fleet.lua: plugins[2]" */
    unsigned priority;
    on_error on_error;
    bool required; /* a failed audit hook fails the call */
    json *options; /* object, or NULL: none */
    map *secrets;  /* option name -> secret_source *, or NULL: none */
    capability_set grant;
    bool grant_written;  /* the row has one; else a tenant's is all that it was given */
    bool grant_declared; /* whatever the manifest declares: --plugin, hooks of this process */
    plugin_limits limits;
} plugin_row;

/* A row with the defaults; `plugin`, `place` are copied. Expected: MEMORY. Owned: plugin_row_free.
 */
thingspace_status plugin_row_new(plugin_row **out, const char *plugin, const char *place);
void plugin_row_free(plugin_row *row);
void plugin_row_cleanup(plugin_row **row);
#define cleanup_plugin_row __attribute__((cleanup(plugin_row_cleanup)))

/* Whether a plugin or an instance may be called so. `name` may be NULL. */
bool plugin_row_name_is_usable(const char *name);
#define PLUGIN_NAME_RULE "a small letter, then up to 62 small letters, digits and hyphens"

/* "fail", "skip", "quarantine"; ON_ERROR_COUNT when there is none of that name. */
on_error on_error_find(const char *name);
const char *on_error_name(on_error on_error);

/*
 * `--plugin FILE[,JSON OPTIONS]`: a row that grants what is declared. A comma followed by `{`
 * begins the options. Expected: USAGE, MEMORY.
 */
thingspace_status plugin_row_parse(plugin_row **out, const char *text, thingspace_error *error);

#endif
