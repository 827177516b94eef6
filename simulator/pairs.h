/* SPDX-License-Identifier: MIT */
/* Names and values in the order they came: header lines. Owned copies; one thread at a time. */
#ifndef SIMULATOR_PAIRS_H
#define SIMULATOR_PAIRS_H

#include <stddef.h>
#include <thingspace/status.h>

struct pair {
    char *name;
    char *value;
};

struct pairs {
    struct pair *items;
    size_t count;
};

/* Expected: MEMORY, PROTOCOL (more than LIMIT_SIM_HEADERS). */
thingspace_status pairs_add(struct pairs *pairs, const char *name, const char *value);
/* The first value of that name, letter case ignored; NULL when absent. */
const char *pairs_get(const struct pairs *pairs, const char *name);
void pairs_forget(struct pairs *pairs);

#endif
