/* SPDX-License-Identifier: MIT */
/*
 * Which header fields and JSON members carry passwords, tokens or keys, by their names, and what is
 * shown in their place: one list for everything that redacts. Pure; any thread.
 */
#ifndef SENSITIVE_H
#define SENSITIVE_H

#include <stdbool.h>
#include "base/json.h"

/* What stands where a secret is not shown; json_write has the same. */
#define SENSITIVE_MASK "***"

/* Set-Cookie, Authorization, the session token, and what ends with -key, -token, -secret or
 * -signature (signing keys of the sister services); case is ignored. */
bool sensitive_header(const char *name);
/* What to show of a header field or parameter: its value (NULL: absent), or the mask when the name
 * says that it is a secret, or `secret` does. Borrowed. */
const char *sensitive_shown(const char *name, const char *value, bool secret);
/* password, sessionToken, access_token, ...; case is ignored. */
bool sensitive_member(const char *name);

/* The same of a parameter of a query: by either list. */
bool sensitive_parameter(const char *name);

/*
 * Makes secret nodes of the strings of such members, at any depth, and of all strings in a list or
 * an object that is one; empty ones stay. Expected:
 * MEMORY (some may be marked then).
 */
thingspace_status sensitive_mark(json *tree);
/* Whether each secret node of what a hook gives is such a member: a body is written out and read
 * again, and a secret has to be one again. Expected: PLUGIN. */
thingspace_status sensitive_check(const json *body, thingspace_error *error);

#endif
