/* SPDX-License-Identifier: MIT */
/* The default of its option is not JSON. */
#include <thingspace/plugin.h>

static const thingspace_plugin_option options[] = {
    {"a", "string", 0, "blue", NULL},
    {NULL, NULL, 0, NULL, NULL},
};

THINGSPACE_PLUGIN(.options = options, .name = "a", .version = "1")
