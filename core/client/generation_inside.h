/* SPDX-License-Identifier: MIT */
/*
 * What generation.c and generation_load.c share: a generation that is being made, instance by
 * instance in the order of the rows, until generation_finish sorts them into chains. The client's
 * thread.
 */
#ifndef GENERATION_INSIDE_H
#define GENERATION_INSIDE_H

#include "client/generation.h"

struct generation {
    unsigned references;
    policy *policy;       /* one reference */
    digest digest;        /* of all that was read; what this process added is not in it */
    instance **instances; /* one reference of each: the operator's, what was added, the tenants' */
    size_t count, capacity;
    size_t of_operator; /* how many are the operator's, */
    size_t added;       /* of those, the last ones: added by this process */
    chain *operators;   /* NULL: no hook */
    map *tenants;       /* name -> chain *; NULL: no tenant has instances */
};

/* One without instances. Takes the policy, also on failure; NULL out of memory. */
generation *generation_make(policy *policy);
/* Takes the instance, also on failure. Expected: MEMORY. */
thingspace_status generation_add(generation *generation, instance *made, thingspace_error *error);
/* Ends the operator's instances with those of this process, whose references are taken. Expected:
 * PLUGIN (a name in use), MEMORY. */
thingspace_status generation_take_added(generation *generation, const instance_list *added,
                                        thingspace_error *error);
/* Makes the chains and hands `made` over when `status` is OK and stays so; else frees it. Expected:
 * MEMORY, besides `status`. */
thingspace_status generation_finish(generation **out, generation *made, thingspace_status status,
                                    thingspace_error *error);

/* `first`: where the instances of the same owner begin. NULL: nobody is called so. */
const instance *generation_find_name(const generation *generation, size_t first, const char *name);
/* PLUGIN: both places and the name that they share. */
thingspace_status generation_refuse_name(const instance *other, const instance *made,
                                         thingspace_error *error);

#endif
