/* SPDX-License-Identifier: MIT */
/* A client without a network, and hooks of the program that are added to it. */
#ifndef ADDED_H
#define ADDED_H

#include <thingspace/plugin.h>
#include <thingspace/plugins.h>
#include "check.h"
#include "plugged.h"

/* What hooks of a test write down. */
typedef struct seen {
    unsigned runs, destroyed;
    thingspace_client *client; /* to be misused inside a hook */
    thingspace_status inside[3];
    char text[600];
} seen;

#define ADDED_PLUGIN(...)                                                                          \
    {                                                                                              \
        .size = sizeof(thingspace_plugin), .major = THINGSPACE_PLUGIN_MAJOR,                       \
        .minor = THINGSPACE_PLUGIN_MINOR, .name = "own", .version = "1.0.0", __VA_ARGS__           \
    }

#define ONE_ROW "return { name = 'p', accounts = { 'Account-1' }, plugins = { { './one.lua' } } }"
#define NO_ROW  "return { name = 'p', accounts = { 'Account-1' } }"

/* Sets X-Own in the phase request, and does nothing in response; both count in their `seen`, and so
 * does its end. */
extern const thingspace_plugin added_marking;
int added_nothing(void *self, thingspace_hook *hook);
void added_destroy(void *self);

thingspace_status added_add(thingspace_client *client, const thingspace_plugin *plugin,
                            const char *name, unsigned priority, seen *seen,
                            thingspace_error *error);
/* Its folder has one.lua, a plugin that does nothing. */
thingspace_status added_client(thingspace_client **out, const char *policy);
/* thingspace_plugin_explain of a registration. */
thingspace_status added_explain(thingspace_client *client, char **out);

void added_text_cleanup(char **text);
#define cleanup_added_text __attribute__((cleanup(added_text_cleanup)))

#endif
