/* SPDX-License-Identifier: MIT */
/*
 * A secret: bytes in locked memory that is left out of core files and wiped
 * when freed. It has no printable form. Counted by reference; the count and
 * the memory behind it may be used from any thread.
 */
#ifndef THINGSPACE_SECRET_H
#define THINGSPACE_SECRET_H

#include <stddef.h>
#include <thingspace/error.h>
#include <thingspace/log.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct thingspace_secret thingspace_secret;

/*
 * Copies `size` bytes into locked memory; the caller wipes its own copy.
 * Owned: free `*out` with thingspace_secret_free. Expected: THINGSPACE_MEMORY,
 * THINGSPACE_USAGE (longer than 64 KiB). Any thread.
 */
THINGSPACE_API thingspace_status thingspace_secret_new(thingspace_secret **out, const void *bytes,
                                                       size_t size, thingspace_error *error);

/*
 * Reads a file or a pipe, as secret files of a policy are read: readable by others draws a warning
 * (through `log`, may be NULL), writable by others is refused; one final line end is dropped, any
 * other line break or a NUL is refused; a pipe is waited for up to 10 seconds. Owned: free `*out`
 * with thingspace_secret_free. Expected: THINGSPACE_LOCAL (cannot be read, empty, malformed),
 * THINGSPACE_USAGE (`path` is NULL or empty), THINGSPACE_MEMORY. Any thread.
 */
THINGSPACE_API thingspace_status thingspace_secret_from_file(thingspace_secret **out,
                                                             const char *path,
                                                             thingspace_log_function *log,
                                                             void *log_user,
                                                             thingspace_error *error);

/* One more owner of the same secret; returns `secret`. NULL gives NULL. Any thread. */
THINGSPACE_API thingspace_secret *thingspace_secret_ref(thingspace_secret *secret);

/* Gives up one ownership; the last one wipes the bytes. NULL is allowed. Any thread. */
THINGSPACE_API void thingspace_secret_free(thingspace_secret *secret);

#ifdef __cplusplus
}
#endif
#endif
