/* SPDX-License-Identifier: MIT */
/* A point in time as people write it. Pure; any thread. */
#ifndef CLI_MOMENT_H
#define CLI_MOMENT_H

#include <stdbool.h>

/* "2026-11-23T14:10:00Z", "2026-11-23T14:10:00.5+01:00" (RFC 3339), or milliseconds since 1970,
 * which is what `*out` gets; above 0. */
bool moment_read(const char *text, long long *out);

#endif
