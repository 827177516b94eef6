/* SPDX-License-Identifier: MIT */
/*
 * Bytes from and to files, as a whole: what an interrupted system call or a short write left is
 * gone on with. The state directory has its own rules (state.h), and so have secrets
 * (secret_read.h). Any thread.
 */
#ifndef FILE_H
#define FILE_H

#include "base/buffer.h"

/* Appends all there is; the chunk that it passes through is wiped. 0, or an errno; 0 as well when
 * `out` has failed, which its status tells. */
int file_read_all(int descriptor, buffer *out);
/* 0, or an errno. */
int file_write_all(int descriptor, const void *bytes, size_t size);

/* False: a device, a pipe or a folder, or a link that leads to one; a rename would put a file in
 * its place. */
bool file_is_replaceable(const char *path);
/*
 * Written aside, synced and renamed over what was there, so that no reader sees half of it; mode
 * 0600. `what` says what it is in errors. Expected: LOCAL (also where it is not replaceable),
 * MEMORY.
 */
thingspace_status file_replace(const char *path, const void *bytes, size_t size, const char *what,
                               thingspace_error *error);

#endif
