/* SPDX-License-Identifier: MIT */
/*
 * What the library itself asks about callback services. Names are an open set:
 * an unknown one is sent, with a suggestion, and only what no path segment could
 * carry is refused. Pure functions over constant data; any thread.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include <thingspace/error.h>
#include <thingspace/services.h>

/* Whether the name can be sent at all. Expected: USAGE. */
thingspace_status service_check(const char *name, thingspace_error *error);

/* The known name that was probably meant; NULL when `name` is known or nothing is near. */
const char *service_suggest(const char *name);

#endif
