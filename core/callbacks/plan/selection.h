/* SPDX-License-Identifier: MIT */
/*
 * What a plan is about: accounts by names, patterns and tags, services by names, patterns and
 * groups. Borrows from the policy and the options, which must outlive it. One thread at a time.
 */
#ifndef SELECTION_H
#define SELECTION_H

#include <thingspace/plan.h>
#include "client/client.h"

typedef struct selection {
    const char **accounts; /* declared ones in their order, then others as they were named */
    size_t count, capacity;
    const char *const *services; /* names, patterns, "@groups"; NULL: all */
    const policy *policy;        /* whose groups they are */
} selection;

/* Expected: USAGE (a pattern or tags that match nothing, an unknown group), POLICY (a name that
 * nobody declared), MEMORY. Owned: selection_dispose. */
thingspace_status selection_init(selection *out, const generation *generation,
                                 const thingspace_plan_options *options, thingspace_error *error);
void selection_dispose(selection *selection);
#define cleanup_selection __attribute__((cleanup(selection_dispose)))

/* `selection` NULL: all. */
bool selection_has_service(const selection *selection, const char *service);

#endif
