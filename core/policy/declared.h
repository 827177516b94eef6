/* SPDX-License-Identifier: MIT */
/* What was declared under a name, or a message that shows what was. Pure; any thread. */
#ifndef DECLARED_H
#define DECLARED_H

#include <thingspace/error.h>
#include "base/map.h"

/*
 * The map's value under `name`; NULL when there is none: the error is then POLICY. `kind`:
 * "endpoint", "credential". A URL in place of a name is not repeated.
 */
void *declared_find(const map *declared, const char *kind, const char *name,
                    thingspace_error *error);

#endif
