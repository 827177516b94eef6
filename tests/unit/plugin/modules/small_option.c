/* SPDX-License-Identifier: MIT */
/* A plugin whose options are smaller than those of version 1.0. */
#include <thingspace/plugin.h>

#pragma GCC diagnostic ignored "-Woverride-init"

static const thingspace_plugin_option options[] = {{NULL, NULL, 0, NULL, NULL}};

THINGSPACE_PLUGIN(.option_size = 8, .options = options, .name = "small-option", .version = "1")
