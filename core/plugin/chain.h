/* SPDX-License-Identifier: MIT */
/*
 * The order in which the hooks of one owner's calls run, computed once per generation: by priority,
 * then by row; the operator's instances around the tenant's. Borrows the instances. Immutable: any
 * thread.
 */
#ifndef PLUGIN_CHAIN_H
#define PLUGIN_CHAIN_H

#include "plugin/instance.h"

typedef struct chain_phase {
    instance **items;
    size_t count;
} chain_phase;

typedef struct chain {
    chain_phase phases[PHASE_COUNT];
} chain;

typedef struct instance_list {
    instance **items; /* in the order of the rows */
    size_t count;
} instance_list;

/* `tenant` may be NULL: calls that the operator's policy decides. Expected: MEMORY. Owned:
 * chain_free. */
thingspace_status chain_new(chain **out, const instance_list *operator_instances,
                            const instance_list *tenant);
void chain_free(chain *chain);

/* Whether any hook runs in the phase: what a phase without hooks costs. `chain` may be NULL. */
static inline bool chain_has(const chain *chain, phase phase)
{
    return chain && chain->phases[phase].count > 0;
}

#endif
