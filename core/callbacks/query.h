/* SPDX-License-Identifier: MIT */
/* The query that a caller wrote behind a path, taken apart: parameters are data,
 * and encoded anew when they are sent. Any thread. */
#ifndef QUERY_H
#define QUERY_H

#include "http/request.h"

/* `text` is NAME=VALUE&..., percent-encoded, without the question mark. Expected: USAGE (no value,
 * a name twice, `+`, a bad escape), MEMORY. */
thingspace_status query_set(request *out, const char *text, thingspace_error *error);

#endif
