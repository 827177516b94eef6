/* SPDX-License-Identifier: MIT */
/*
 * Filling a thingspace_error. Every function accepts a NULL error, escapes
 * control characters, cuts at the array's end, and returns the kind so that a
 * failure is one line: `return error_set(error, THINGSPACE_USAGE, "...");`.
 * The error is the caller's; nothing here allocates. Any thread.
 */
#ifndef ERROR_H
#define ERROR_H

#include <thingspace/error.h>

/* Starts the error afresh: clears every member, then sets kind and message. */
thingspace_status error_set(thingspace_error *error, thingspace_status kind, const char *format,
                            ...) __attribute__((format(printf, 3, 4)));

/* error_set for out of memory; needs none. */
thingspace_status error_memory(thingspace_error *error);

/* error_set for `what: strerror(errno_value)`. */
thingspace_status error_errno(thingspace_error *error, thingspace_status kind, int errno_value,
                              const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Puts "text: " before the message. */
void error_prefix(thingspace_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void error_set_code(thingspace_error *error, const char *code);
void error_set_account(thingspace_error *error, const char *account);
void error_set_place(thingspace_error *error, const char *file, int line);
/* Which hook failed: plugin, instance and phase. */
void error_set_hook(thingspace_error *error, const char *plugin, const char *instance,
                    const char *phase);
/* Whose instance that is; NULL: the operator's. */
void error_set_tenant(thingspace_error *error, const char *tenant);
void error_set_http(thingspace_error *error, int http_status);

/* Empties the error (kind OK), keeps `size`. */
void error_clear(thingspace_error *error);
/* Copies all members that both sizes know. */
void error_copy(thingspace_error *out, const thingspace_error *error);

#endif
