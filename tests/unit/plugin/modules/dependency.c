/* SPDX-License-Identifier: MIT */
/* What entry_in_dependency.c is linked to: a plugin itself. */
#include <thingspace/plugin.h>

extern THINGSPACE_PLUGIN_EXPORT int dependency_is_used;
int dependency_is_used;

THINGSPACE_PLUGIN(.name = "dependency", .version = "1")
