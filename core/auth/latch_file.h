/* SPDX-License-Identifier: MIT */
/*
 * The latch's file: {"version":1,"entries":[{"password":HEX,"refused":BOOL,
 * "time":MS}]}, oldest first. Plain structs; any thread that holds the lock.
 */
#ifndef LATCH_FILE_H
#define LATCH_FILE_H

#include "auth/latch.h"

typedef struct latch_entry {
    uint8_t password[SECRET_DIGEST_SIZE]; /* keyed digest */
    bool refused;                         /* false: what became of it is not known */
    int64_t time_ms;                      /* wall clock */
} latch_entry;

typedef struct latch_entries {
    unsigned count;
    latch_entry items[LATCH_CLOSED];
} latch_entries;

/* An absent file has no entries. Expected: LOCAL (damaged too), MEMORY. */
thingspace_status latch_file_read(latch_entries *out, state *state, const char *name,
                                  thingspace_error *error);
thingspace_status latch_file_write(const latch_entries *entries, state *state, const char *name,
                                   thingspace_error *error);

#endif
