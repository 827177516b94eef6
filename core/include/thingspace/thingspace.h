/* SPDX-License-Identifier: MIT */
/* Everything. Each of these headers also compiles alone, as C99 and as C++11. */
#ifndef THINGSPACE_THINGSPACE_H
#define THINGSPACE_THINGSPACE_H

#include <thingspace/auth.h>
#include <thingspace/callbacks.h>
#include <thingspace/client.h>
#include <thingspace/error.h>
#include <thingspace/log.h>
#include <thingspace/plan.h>
#include <thingspace/plugins.h>
#include <thingspace/policy.h>
#include <thingspace/secret.h>
#include <thingspace/services.h>
#include <thingspace/status.h>
#include <thingspace/version.h>

#endif
