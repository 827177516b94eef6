/* SPDX-License-Identifier: MIT */
/*
 * One generation of what decides: the policy, the plugin instances of its rows and those that this
 * process added, and the order in which hooks run for the operator's and for each tenant's calls. A
 * reload makes a new one aside, and so does adding; a call keeps the one it began with. Counted by
 * reference; the client's thread.
 */
#ifndef GENERATION_H
#define GENERATION_H

#include "plugin/chain.h"
#include "policy/policy.h"

typedef struct generation generation;

typedef struct generation_options {
    const char *const
        *plugins; /* --plugin: "FILE[,JSON]", ends with NULL; NULL: none; run after the rows */
    instance_options instances; /* borrowed: search path, settings, log */
    instance_list added;        /* by this process; after the operator's; references are taken */
} generation_options;

/*
 * Takes the policy, also on failure. Loads every instance of the operator's rows (a failure refuses
 * the generation) and of the tenants' (a failure marks the tenant broken). Expected: PLUGIN, USAGE,
 * LOCAL (a file that was loaded cannot be read for the digest), MEMORY.
 */
thingspace_status generation_new(generation **out, policy *policy,
                                 const generation_options *options, thingspace_error *error);
/* The same policy and instances, and `added` in place of what `old` has of this process. Expected:
 * PLUGIN (a name in use), MEMORY. */
thingspace_status generation_change(generation **out, const generation *old,
                                    const instance_list *added, thingspace_error *error);
generation *generation_ref(generation *generation);
void generation_free(generation *generation); /* gives one reference back; NULL is allowed */
void generation_cleanup(generation **generation);
#define cleanup_generation __attribute__((cleanup(generation_cleanup)))

policy *generation_policy(const generation *generation);
/* Of the policy and of the plugins: name, version and file of each, and the options of --plugin. */
const digest *generation_digest(const generation *generation);
/* `tenant` NULL: calls that the operator's policy decides. NULL when no hook runs at all. */
const chain *generation_chain(const generation *generation, const tenant *tenant);
/* All instances, the operator's first, in the order of the rows. */
size_t generation_instance_count(const generation *generation);
instance *generation_instance(const generation *generation, size_t index);

#endif
