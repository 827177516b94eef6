/* SPDX-License-Identifier: MIT */
/*
 * One block holds the chain and the lists of all phases. Each owner's instances are sorted once;
 * a phase then picks those that have its hook, from the front or from the back. Immutable
 * afterwards: any thread.
 */
#include <config.h>
#include <stdint.h>
#include <stdlib.h>
#include "plugin/chain.h"

typedef struct placed {
    instance *instance;
    size_t row;
} placed;

/* The instances of one owner, sorted; owned. */
typedef struct sorted {
    placed *items;
    size_t count;
} sorted;

static int compare(const void *left, const void *right)
{
    const placed *a = left, *b = right;
    if (a->instance->priority != b->instance->priority)
        return a->instance->priority < b->instance->priority ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

static bool sort(sorted *out, const instance_list *list)
{
    *out = (sorted){.items = NULL};
    if (!list || list->count == 0)
        return true;
    out->items = calloc(list->count, sizeof(*out->items));
    if (!out->items)
        return false;
    out->count = list->count;
    for (size_t i = 0; i < list->count; i++)
        out->items[i] = (placed){list->items[i], i};
    qsort(out->items, out->count, sizeof(*out->items), compare);
    return true;
}

static size_t count_hooks(const sorted *owner)
{
    size_t count = 0;
    for (size_t i = 0; i < owner->count; i++)
        for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++)
            count += (owner->items[i].instance->manifest.hooks & PHASE_BIT(phase)) != 0;
    return count;
}

static void pick(chain_phase *out, const sorted *owner, phase phase)
{
    bool reverse = phase_of(phase)->reverse;
    for (size_t i = 0; i < owner->count; i++) {
        instance *item = owner->items[reverse ? owner->count - 1 - i : i].instance;
        if (item->manifest.hooks & PHASE_BIT(phase))
            out->items[out->count++] = item;
    }
}

static chain *make(const sorted *operator_instances, const sorted *tenant)
{
    size_t count = count_hooks(operator_instances) + count_hooks(tenant);
    if (count > (SIZE_MAX - sizeof(chain)) / sizeof(instance *))
        return NULL;
    chain *made = calloc(1, sizeof(*made) + count * sizeof(instance *));
    instance **room = made ? (instance **)(void *)(made + 1) : NULL;
    for (phase phase = PHASE_FIRST_HOOK; made && phase < PHASE_COUNT; phase++) {
        chain_phase *out = &made->phases[phase];
        bool tenant_first = phase_of(phase)->tenant_first;
        out->items = room;
        pick(out, tenant_first ? tenant : operator_instances, phase);
        pick(out, tenant_first ? operator_instances : tenant, phase);
        room += out->count;
    }
    return made;
}

thingspace_status chain_new(chain **out, const instance_list *operator_instances,
                            const instance_list *tenant)
{
    sorted operators, tenants = {.items = NULL};
    *out = NULL;
    if (sort(&operators, operator_instances) && sort(&tenants, tenant))
        *out = make(&operators, &tenants);
    free(operators.items);
    free(tenants.items);
    return *out ? THINGSPACE_OK : THINGSPACE_MEMORY;
}

void chain_free(chain *self)
{
    free(self);
}
