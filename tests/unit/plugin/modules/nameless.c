/* SPDX-License-Identifier: MIT */
/* Its manifest is refused. */
#include <thingspace/plugin.h>

THINGSPACE_PLUGIN(.version = "1")
