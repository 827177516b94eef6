/* SPDX-License-Identifier: MIT */
/* Its option has a type that there is not. */
#include <thingspace/plugin.h>

static const thingspace_plugin_option options[] = {
    {"a", "int", 0, NULL, NULL},
    {NULL, NULL, 0, NULL, NULL},
};

THINGSPACE_PLUGIN(.options = options, .name = "a", .version = "1")
