/* SPDX-License-Identifier: MIT */
/*
 * Reading the text of a script from its file, no more of it than LIMIT_SCRIPT. One that every user
 * can write is read with a warning, not refused: some mounts and some CI runners give all files
 * that mode. Any thread.
 */
#ifndef LUA_SCRIPT_FILE_H
#define LUA_SCRIPT_FILE_H

#include "base/buffer.h"
#include "base/log.h"

/* Expected: `kind` (more than LIMIT_SCRIPT bytes, with the name as the error's file). */
thingspace_status script_file_check_size(const char *name, size_t size, thingspace_status kind,
                                         thingspace_error *error);

/*
 * Appends to `out`, which has LIMIT_SCRIPT as its maximum; `what` is "plugin" in messages; `log`,
 * for the warning, may be NULL.
 * Expected: LOCAL (cannot be read), `kind` (too long), MEMORY.
 */
thingspace_status script_file_read(buffer *out, const char *path, const char *what,
                                   thingspace_status kind, const log_target *log,
                                   thingspace_error *error);

/* The warning alone, of a script that is read in another way. */
void script_file_warn(const char *path, const char *what, const log_target *log);

#endif
