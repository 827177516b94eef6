/* SPDX-License-Identifier: MIT */
/*
 * Reading a secret from a descriptor, and the rules for its text, which files,
 * commands and variables have in common. Every error is AUTH (or MEMORY), begins
 * with `what` ("file /etc/x") and never quotes the bytes. Any thread.
 */
#ifndef SECRET_READ_H
#define SECRET_READ_H

#include <stdint.h>
#include "base/buffer.h"
#include "base/secret.h"

/* A buffer for the bytes: room for a secret and its line end. */
void secret_read_init(buffer *bytes);

/* Reads to the end. `descriptor` may be blocking or not; a pipe is waited for until `deadline_ms`
 * on the monotonic clock. */
thingspace_status secret_read_all(int descriptor, buffer *bytes, int64_t deadline_ms,
                                  const char *what, thingspace_error *error);

/* Drops one final line end, checks the rest, and makes it a secret; empties `bytes` in any case. */
thingspace_status secret_read_finish(thingspace_secret **out, buffer *bytes, const char *what,
                                     thingspace_error *error);

#endif
