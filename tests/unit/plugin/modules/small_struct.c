/* SPDX-License-Identifier: MIT */
/* A plugin whose struct ends before that of version 1.0 does. */
#include <thingspace/plugin.h>

#pragma GCC diagnostic ignored "-Woverride-init"

THINGSPACE_PLUGIN(.size = offsetof(thingspace_plugin, audit), .name = "small-struct",
                  .version = "1")
