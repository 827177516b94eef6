/* SPDX-License-Identifier: MIT */
/*
 * Rules for account names. They are text, usually `0000123456-00001`, and end up
 * as one segment of a path: what could leave that segment is refused, and the
 * rest is percent-encoded. Pure functions; any thread.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <thingspace/error.h>
#include "base/buffer.h"

/* Whether the account can be sent. Expected: USAGE. NULL counts as empty. */
thingspace_status account_check(const char *account, thingspace_error *error);

/* A sentence about a name that looks mistaken (lost
 * leading zeros); NULL otherwise. Never an error. */
const char *account_hint(const char *account);

/* Appends the account as one path segment; only unreserved characters stay as they are. */
thingspace_status account_encode(buffer *out, const char *account);

#endif
