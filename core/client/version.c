/* SPDX-License-Identifier: MIT */
/* The version of the library that is loaded. */
#include <config.h>
#include <thingspace/version.h>

const char *thingspace_version(void)
{
    return PACKAGE_VERSION;
}
