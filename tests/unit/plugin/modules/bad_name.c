/* SPDX-License-Identifier: MIT */
/* Its manifest is refused. */
#include <thingspace/plugin.h>

THINGSPACE_PLUGIN(.name = "Not A Name", .version = "1")
