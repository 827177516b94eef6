/* SPDX-License-Identifier: MIT */
/*
 * The details of a failure. An error is a plain struct that the caller owns,
 * usually on the stack: filling it never allocates, so that out of memory can
 * be reported too. Text is NUL-terminated UTF-8, cut at the array's end, with
 * control characters escaped; it never holds a secret.
 */
#ifndef THINGSPACE_ERROR_H
#define THINGSPACE_ERROR_H

#include <stddef.h>
#include <thingspace/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct thingspace_error {
    size_t size;              /* sizeof(thingspace_error), set by THINGSPACE_ERROR_INIT */
    thingspace_status kind;   /* THINGSPACE_OK when nothing failed */
    int http_status;          /* status of the answer that decided, 0 when there was none */
    int retriable;            /* 1: the same call may succeed later without a change */
    long long retry_after_ms; /* what the service asked for, in milliseconds; 0 when nothing */
    int line;                 /* line in `file`, 0 when it does not apply */
    char message[512];        /* one line: what was wrong and what to do */
    char code[128];           /* the service's own error code, as sent; "" when none */
    char account[128];        /* the account concerned; "" when none */
    char plugin[64];          /* plugin, instance and phase of a failed hook; "" when none */
    char instance[64];
    char phase[16];
    char file[256];   /* script or file concerned; "" when none */
    char tenant[128]; /* whose row, script or instance failed; "" the operator's */
} thingspace_error;

/* Initialiser for a thingspace_error on the stack: all but the size is zero. What C says in short,
 * compilers do without a copy of the whole struct in each object; C++ wants all of it. */
#ifdef __cplusplus
#    define THINGSPACE_ERROR_INIT                                                                  \
        {                                                                                          \
            sizeof(thingspace_error), THINGSPACE_OK, 0, 0, 0, 0, "", "", "", "", "", "", "", ""    \
        }
#else
#    define THINGSPACE_ERROR_INIT                                                                  \
        {                                                                                          \
            .size = sizeof(thingspace_error)                                                       \
        }
#endif

#ifdef __cplusplus
}
#endif
#endif
