/* SPDX-License-Identifier: MIT */
/*
 * What a plugin says of itself, in Lua and in C alike, and the check of a row's options against it.
 * One thread at a time.
 */
#ifndef PLUGIN_MANIFEST_H
#define PLUGIN_MANIFEST_H

#include "plugin/capability.h"
#include "plugin/phase.h"
#include "plugin/row.h"

#define MANIFEST_API 1

typedef enum option_type {
    OPTION_TYPE_STRING,
    OPTION_TYPE_NUMBER,
    OPTION_TYPE_INTEGER,
    OPTION_TYPE_BOOLEAN,
    OPTION_TYPE_TABLE,  /* list or named values */
    OPTION_TYPE_SECRET, /* a handle: secret.file(...) in the operator's policy */
    OPTION_TYPE_COUNT,
} option_type;

typedef struct manifest_option {
    char *name;
    option_type type;
    bool required;
    json *by_default; /* NULL: none */
    char *doc;        /* NULL: none */
} manifest_option;

typedef struct manifest {
    char *name, *version;
    capability_set capabilities; /* declared */
    capability_set optional;     /* of those, what it can do without */
    unsigned hooks;              /* PHASE_BITs */
    manifest_option *options;
    size_t option_count;
} manifest;

void manifest_init(manifest *manifest);
void manifest_dispose(manifest *manifest);
#define cleanup_manifest __attribute__((cleanup(manifest_dispose)))

/* All copy. Expected: PLUGIN (what is wrong with it), MEMORY. */
thingspace_status manifest_set_name(manifest *manifest, const char *name, const char *version,
                                    thingspace_error *error);
/* `api` must be MANIFEST_API. */
thingspace_status manifest_check_api(long long api, thingspace_error *error);
/* One that ends with `?` is used when it is granted, not needed. */
thingspace_status manifest_add_capability(manifest *manifest, const char *text,
                                          thingspace_error *error);
/* `phase` is a phase of hooks by name ("request"). */
thingspace_status manifest_add_hook(manifest *manifest, const char *phase, thingspace_error *error);
/* Takes `by_default`, also on failure; `type` by name ("string"); `doc` may be NULL. */
thingspace_status manifest_add_option(manifest *manifest, const char *name, const char *type,
                                      bool required, json *by_default, const char *doc,
                                      thingspace_error *error);
const char *option_type_name(option_type type);

/*
 * The row's options against the schema: unknown names (with the nearest), wrong types, missing ones
 * are refused; defaults are filled in. `*out`: an owned object without the secrets, which stay in
 * row->secrets. Expected: PLUGIN, MEMORY.
 */
thingspace_status manifest_fill_options(const manifest *manifest, const plugin_row *row, json **out,
                                        thingspace_error *error);
/* Whether the row grants what is declared and not optional. Expected: PLUGIN (which one is missing,
 * and where to grant it). */
thingspace_status manifest_check_grant(const manifest *manifest, const plugin_row *row,
                                       thingspace_error *error);

#endif
