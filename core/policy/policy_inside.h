/* SPDX-License-Identifier: MIT */
/* What is inside a policy, for the files of this room that make it up. Others use policy.h. */
#ifndef POLICY_INSIDE_H
#define POLICY_INSIDE_H

#include "policy/policy.h"
#include "policy/row_store.h"

typedef struct kept {
    void *memory;
    void (*free_memory)(void *memory);
    struct kept *next;
} kept;

struct policy {
    unsigned references;
    char *name;
    char *script;
    digest digest; /* of what was read */
    map *endpoints, *credentials;
    row_store *rows;
    map *accounts; /* name -> row, or a mark in place of one; the names lie in `rows` */
    map *owned;    /* the keys are the patterns */
    map *groups;   /* name -> map whose keys are services; see groups.h */
    listener_levels checks;
    const endpoint *default_endpoint;
    plugin_row **plugins;
    size_t plugin_count;
    map *tenants;
    map *owners;          /* every declared account -> whose it is; empty without tenants */
    const tenant *tenant; /* whose policy this is; NULL: the operator's */
    size_t weight;        /* of a tenant's rows */
    policy_backend backend;
    void *backend_self;
    policy_backend functions; /* of the program, in place of the back-end's */
    void *functions_self;
    bool open;
    bool inherits;
    kept *kept;
};

/* Adds under a name that messages can show. Takes `value` when it is OK. Expected: POLICY (twice,
 * no name), MEMORY. */
thingspace_status policy_add_named(map *into, const char *kind, const char *name, void *value,
                                   thingspace_error *error);
/* What a tenant's script lets us hold is its own limit's business, not the machine's. Expected:
 * POLICY (too much). */
thingspace_status policy_weigh(policy *policy, size_t bytes, thingspace_error *error);
thingspace_status groups_init(map **groups);
/* An account was declared: notes whose it is, when there are tenants. Expected: MEMORY. */
thingspace_status owners_add(policy *policy, const char *account, thingspace_error *error);

#endif
