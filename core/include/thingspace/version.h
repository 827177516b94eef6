/* SPDX-License-Identifier: MIT */
/* The version of these headers, and of the library that is loaded. */
#ifndef THINGSPACE_VERSION_H
#define THINGSPACE_VERSION_H

#include <thingspace/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define THINGSPACE_VERSION_MAJOR 0
#define THINGSPACE_VERSION_MINOR 1
#define THINGSPACE_VERSION_PATCH 0

/* "0.1.0", of the library at run time. Any thread. */
THINGSPACE_API const char *thingspace_version(void);

#ifdef __cplusplus
}
#endif
#endif
