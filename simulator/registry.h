/* SPDX-License-Identifier: MIT */
/* The listeners of one account with one API, in the order of their registration. */
#ifndef SIMULATOR_REGISTRY_H
#define SIMULATOR_REGISTRY_H

#include <thingspace/simulator.h>
#include <stdbool.h>
#include "base/json.h"

struct listener {
    char *service;
    char *url;
    char *username; /* "": none */
    char *password;
    bool soap;
    json *more; /* members that its API keeps beside these; NULL: none */
};

struct registry {
    char *api; /* NULL: connectivity */
    char *account;
    struct listener *items;
    size_t count;
};

/* `api` may be NULL. NULL: out of memory. */
struct registry *registry_new(const char *api, const char *account);
void registry_free(void *registry);

/* NULL when absent. */
struct listener *registry_find(const struct registry *registry, const char *service);
/* Registers, or replaces in its place. Expected: MEMORY, USAGE (too many). */
thingspace_status registry_put(struct registry *registry,
                               const thingspace_simulator_listener *listener);
void registry_remove(struct registry *registry, struct listener *listener);

/* Appends the listeners as the list shows them;
 * `all`: those of SOAP too, marked. Expected: MEMORY. */
thingspace_status registry_write(const struct registry *registry, json *array, bool all,
                                 bool omit_empty);

#endif
