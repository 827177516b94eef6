/* SPDX-License-Identifier: MIT */
/*
 * Patterns of URLs, for `urls` of a tenant and `owns` of a policy: SCHEME://HOST[:PORT]/PATH with
 * `*` for any text within one part. A star in the host cannot reach into the path, a URL is
 * compared as weburl_split reads it (case of the host, default port), and a path with `..`, `%2e`
 * or a backslash matches no pattern. Pure; any thread.
 */
#ifndef URL_PATTERN_H
#define URL_PATTERN_H

#include <stdbool.h>
#include <thingspace/error.h>

/* Expected: USAGE (not a pattern: what is wrong with it). */
thingspace_status url_pattern_check(const char *pattern, thingspace_error *error);
/* False too when either cannot be read. */
bool url_pattern_matches(const char *pattern, const char *url);

#endif
