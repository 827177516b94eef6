/* SPDX-License-Identifier: MIT */
/*
 * See generation.h. Owns the chains: one for the operator's calls, one for each tenant that has
 * instances of its own. An owner without hooks has no chain, so that its calls ask nobody. Policy
 * and instances are shared with the generation that differs in what this process added. Loading
 * from the rows is generation_load.c.
 */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/text.h"
#include "client/generation_inside.h"

/* ---- life ---- */

generation *generation_make(policy *policy)
{
    generation *made = calloc(1, sizeof(*made));
    if (!made) {
        policy_free(policy);
        return NULL;
    }
    made->references = 1;
    made->policy = policy;
    return made;
}

static void destroy(generation *self)
{
    map_free(self->tenants);
    chain_free(self->operators);
    for (size_t i = 0; i < self->count; i++)
        instance_free(self->instances[i]);
    free(self->instances);
    policy_free(self->policy);
    free(self);
}

generation *generation_ref(generation *self)
{
    self->references++;
    return self;
}

void generation_free(generation *self)
{
    if (self && --self->references == 0)
        destroy(self);
}

void generation_cleanup(generation **self)
{
    generation_free(*self);
}

/* ---- instances ---- */

thingspace_status generation_add(generation *self, instance *made, thingspace_error *error)
{
    if (self->count == self->capacity) {
        size_t capacity = self->capacity ? self->capacity * 2 : 8;
        instance **items = realloc(self->instances, capacity * sizeof(*items));
        if (!items) {
            instance_free(made);
            return error_memory(error);
        }
        self->instances = items;
        self->capacity = capacity;
    }
    self->instances[self->count++] = made;
    return THINGSPACE_OK;
}

const instance *generation_find_name(const generation *self, size_t first, const char *name)
{
    for (size_t i = first; i < self->count; i++)
        if (text_equal(self->instances[i]->name, name))
            return self->instances[i];
    return NULL;
}

thingspace_status generation_refuse_name(const instance *other, const instance *made,
                                         thingspace_error *error)
{
    return error_set(error, THINGSPACE_PLUGIN,
                     "%s and %s: two instances are called '%s'; give one of them another `name`",
                     other->place, made->place, made->name);
}

thingspace_status generation_take_added(generation *self, const instance_list *added,
                                        thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; status == THINGSPACE_OK && i < added->count; i++) {
        instance *item = added->items[i];
        const instance *other = generation_find_name(self, 0, item->name);
        if (other)
            return generation_refuse_name(other, item, error);
        status = generation_add(self, instance_ref(item), error);
    }
    self->added = added->count;
    self->of_operator = self->count;
    return status;
}

/* ---- chains ---- */

static bool is_empty(const chain *chain)
{
    for (int phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++)
        if (chain_has(chain, phase))
            return false;
    return true;
}

/* Of the operator's instances, and those of a tenant. */
static thingspace_status make_chain(chain **out, const generation *self,
                                    const instance_list *tenants, thingspace_error *error)
{
    const instance_list operators = {self->instances, self->of_operator};
    thingspace_status status = chain_new(out, &operators, tenants);
    if (status != THINGSPACE_OK)
        return error_memory(error);
    if (is_empty(*out)) {
        chain_free(*out);
        *out = NULL;
    }
    return THINGSPACE_OK;
}

static void free_chain(void *value)
{
    chain_free(value);
}

static thingspace_status keep_chain(generation *self, const char *tenant, chain *chain,
                                    thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    if (!self->tenants)
        status = map_new(&self->tenants, free_chain);
    if (status == THINGSPACE_OK)
        status = map_set(self->tenants, tenant, chain);
    if (status == THINGSPACE_OK)
        return status;
    chain_free(chain);
    return error_memory(error);
}

/* How many of the instances that begin there are of the same tenant. */
static size_t count_same(const generation *self, size_t first)
{
    size_t count = 1;
    while (first + count < self->count &&
           text_equal(self->instances[first + count]->tenant, self->instances[first]->tenant))
        count++;
    return count;
}

static thingspace_status make_chains(generation *self, thingspace_error *error)
{
    thingspace_status status = make_chain(&self->operators, self, NULL, error);
    for (size_t at = self->of_operator, count; status == THINGSPACE_OK && at < self->count;
         at += count) {
        chain *made = NULL;
        count = count_same(self, at);
        const instance_list tenants = {self->instances + at, count};
        status = make_chain(&made, self, &tenants, error);
        if (status == THINGSPACE_OK && made)
            status = keep_chain(self, tenants.items[0]->tenant, made, error);
    }
    return status;
}

/* ---- making ---- */

thingspace_status generation_finish(generation **out, generation *made, thingspace_status status,
                                    thingspace_error *error)
{
    if (status == THINGSPACE_OK)
        status = make_chains(made, error);
    if (status == THINGSPACE_OK)
        *out = made;
    else
        generation_free(made);
    return status;
}

/* Shares the instances from `from` on, up to `to`. */
static thingspace_status share(generation *self, const generation *with, size_t from, size_t to,
                               thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = from; status == THINGSPACE_OK && i < to; i++)
        status = generation_add(self, instance_ref(with->instances[i]), error);
    return status;
}

thingspace_status generation_change(generation **out, const generation *old,
                                    const instance_list *added, thingspace_error *error)
{
    *out = NULL;
    generation *made = generation_make(policy_ref(old->policy));
    if (!made)
        return error_memory(error);
    made->digest = old->digest;
    thingspace_status status = share(made, old, 0, old->of_operator - old->added, error);
    if (status == THINGSPACE_OK)
        status = generation_take_added(made, added, error);
    if (status == THINGSPACE_OK)
        status = share(made, old, old->of_operator, old->count, error);
    return generation_finish(out, made, status, error);
}

/* ---- looking ---- */

policy *generation_policy(const generation *self)
{
    return self->policy;
}

const chain *generation_chain(const generation *self, const tenant *tenant)
{
    const chain *own = tenant && self->tenants ? map_get(self->tenants, tenant->name) : NULL;
    return own ? own : self->operators;
}

size_t generation_instance_count(const generation *self)
{
    return self->count;
}

instance *generation_instance(const generation *self, size_t index)
{
    return self->instances[index];
}

const digest *generation_digest(const generation *self)
{
    return &self->digest;
}
