/* SPDX-License-Identifier: MIT */
/* A plugin of a major version that this library does not know. */
#include <thingspace/plugin.h>

#pragma GCC diagnostic ignored "-Woverride-init"

THINGSPACE_PLUGIN(.major = THINGSPACE_PLUGIN_MAJOR + 1, .name = "wrong-major", .version = "1")
