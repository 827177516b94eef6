/* SPDX-License-Identifier: MIT */
/*
 * What scripts find in the table `thingspace`: the annotations for editors and the reference page
 * thingspace-plugin(7) are made from it. A test compares the names with what the state of a real
 * plugin has. Constants: any thread.
 */
#ifndef PLUGIN_HOST_FUNCTIONS_H
#define PLUGIN_HOST_FUNCTIONS_H

#include <stddef.h>

/* Who has it. */
enum {
    HOST_POLICY = 1, /* the operator's policy, while it loads */
    HOST_TENANT = 2,
    HOST_PLUGIN = 4,
    HOST_ALL = HOST_POLICY | HOST_TENANT | HOST_PLUGIN
};

typedef struct host_function {
    const char *name;       /* below `thingspace`: "json.encode", "state:get" */
    const char *parameters; /* LuaCATS: "code: string, text?: string"; NULL: a value */
    const char *type;       /* of what it returns, or of the value; NULL: nothing */
    unsigned users;         /* HOST_POLICY, ... */
    const char *doc;
} host_function;

size_t host_function_count(void);
/* `index` is below host_function_count(). */
const host_function *host_function_at(size_t index);

#endif
