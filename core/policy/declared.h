/* SPDX-License-Identifier: MIT */
/* Whether a name was declared, with a message that shows what was. Pure; any thread. */
#ifndef DECLARED_H
#define DECLARED_H

#include <thingspace/error.h>
#include "base/map.h"

/* `kind`: "endpoint", "credential". Expected: POLICY. A URL in place of a name is not repeated. */
thingspace_status declared_check(const map *declared, const char *kind, const char *name,
                                 thingspace_error *error);

#endif
