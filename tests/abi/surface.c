/* SPDX-License-Identifier: MIT */
/*
 * Every type of thingspace/plugin.h, as one object whose debugging information is compared with
 * what was released: see tests/integration/build/abi.sh. A function for each type, because a change
 * that does no harm (a new value of an enumeration) would hide another one in the same function.
 * It is compiled and looked at, never run.
 */
#include <thingspace/plugin.h>

#define SURFACE(type)                                                                              \
    extern THINGSPACE_PLUGIN_EXPORT void surface_##type(type *shown);                              \
    void surface_##type(type *shown)                                                               \
    {                                                                                              \
        (void)shown;                                                                               \
    }

SURFACE(thingspace_plugin)
SURFACE(thingspace_plugin_option)
SURFACE(thingspace_hook)
SURFACE(thingspace_host)
SURFACE(thingspace_hook_result)
SURFACE(thingspace_hook_text_field)
SURFACE(thingspace_hook_number_field)
