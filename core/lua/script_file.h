/* SPDX-License-Identifier: MIT */
/* Reading the text of a script from its file, no more of it than a script may have. Any thread. */
#ifndef LUA_SCRIPT_FILE_H
#define LUA_SCRIPT_FILE_H

#include "base/buffer.h"

/*
 * Appends to `out`, which has LIMIT_SCRIPT as its maximum; `what` is "plugin" in messages.
 * Expected: LOCAL (cannot be read), `kind` (too long), MEMORY.
 */
thingspace_status script_file_read(buffer *out, const char *path, const char *what,
                                   thingspace_status kind, thingspace_error *error);

#endif
