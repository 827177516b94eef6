/* SPDX-License-Identifier: MIT */
/* It wants a secret, which compiled plugins do not get. */
#include <thingspace/plugin.h>

static const thingspace_plugin_option options[] = {
    {"a", "secret", 0, NULL, NULL},
    {NULL, NULL, 0, NULL, NULL},
};

THINGSPACE_PLUGIN(.options = options, .name = "a", .version = "1")
