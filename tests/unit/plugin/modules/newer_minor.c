/* SPDX-License-Identifier: MIT */
/* A plugin of a minor version that is not yet made. */
#include <thingspace/plugin.h>

#pragma GCC diagnostic ignored "-Woverride-init"

THINGSPACE_PLUGIN(.minor = THINGSPACE_PLUGIN_MINOR + 1, .name = "newer-minor", .version = "1")
