/* SPDX-License-Identifier: MIT */
/*
 * Policies written in Lua: runs the script once in a limited state, reads its table into
 * C data (raw, once), and keeps the state for `resolve` and `listeners`. One thread at a time.
 */
#ifndef POLICY_SCRIPT_H
#define POLICY_SCRIPT_H

#include "base/log.h"
#include "policy/environment.h"

typedef struct policy_script_options {
    const char *const *settings; /* "NAME=VALUE", ends with NULL; NULL: none */
    environment_options environment;
    const map *secrets;    /* name -> secret_source *: thingspace.secret.named; NULL: none. Borrowed
                              for the policy's life */
    bool resolves;         /* the program decides: the script may declare no accounts */
    const log_target *log; /* borrowed for the policy's life */
} policy_script_options;

/* Expected: POLICY (with file and line), LOCAL (cannot be read), MEMORY. Owned: policy_free. */
thingspace_status policy_script_load(policy **out, const char *path,
                                     const policy_script_options *options, thingspace_error *error);
/* `folder`: where its files and secrets are; NULL: it may read none. */
thingspace_status policy_script_load_text(policy **out, const char *name, const char *text,
                                          const char *folder, const policy_script_options *options,
                                          thingspace_error *error);

#endif
