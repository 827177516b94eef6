/* SPDX-License-Identifier: MIT */
/* The body that --data names: JSON itself, @FILE, or @- for standard input. It may hold secrets. */
#ifndef CLI_DATA_H
#define CLI_DATA_H

#include "base/buffer.h"

/* `out` is a secret buffer that the caller disposes of. Expected: LOCAL (unreadable), USAGE (too
 * long), MEMORY. */
thingspace_status data_read(buffer *out, const char *text, thingspace_error *error);

#endif
