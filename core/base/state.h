/* SPDX-License-Identifier: MIT */
/*
 * The state directory: small files shared by all processes of one user. Files
 * are mode 0600, replaced as a whole (written aside, synced, renamed, folder
 * synced), read without following links; locks are flock(2) on `NAME.lock`, which
 * the kernel frees when a process dies. Names are [A-Za-z0-9._-]+. Many processes
 * may use one directory. A `state` does not change once it is open: any thread.
 * Unless said otherwise the expected errors are LOCAL and MEMORY.
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buffer.h"

typedef struct state state;
typedef struct state_lock {
    int descriptor; /* -1: not held */
} state_lock;

#define STATE_LOCK_INIT                                                                            \
    {                                                                                              \
        -1                                                                                         \
    }

/*
 * Opens or makes (0700) the directory. Expected: LOCAL (not a directory, owned by
 * another, writable by others, cannot be written), MEMORY.
 */
thingspace_status state_open(state **out, const char *path, thingspace_error *error);
void state_close(state *state);
const char *state_path(const state *state);
/* False on tmpfs and ramfs: what is kept there is gone after a restart. */
bool state_persists(const state *state);

/* THINGSPACE_STATE_DIR, STATE_DIRECTORY (its first entry), /var/lib/thingspace as root,
 * $XDG_STATE_HOME/thingspace, ~/.local/state/thingspace. Owned text; NULL out of memory. */
char *state_default_path(void);

/* An absent file is OK and leaves `out` empty with *found false. */
thingspace_status state_read(state *state, const char *name, buffer *out, bool *found,
                             thingspace_error *error);
/* Durable when it returns OK; the old content stays on every failure. */
thingspace_status state_write(state *state, const char *name, const void *bytes, size_t size,
                              thingspace_error *error);
thingspace_status state_remove(state *state, const char *name, thingspace_error *error);
/* Sets the time of last use to now, and tells it (wall clock, ms); absent: false. */
bool state_touch(state *state, const char *name);
bool state_time(state *state, const char *name, int64_t *out_ms);

/* Does not wait: *held says whether the lock is ours now. Expected: LOCAL, MEMORY. */
thingspace_status state_try_lock(state *state, const char *name, state_lock *lock, bool *held,
                                 thingspace_error *error);
void state_unlock(state_lock *lock);
/* The same for a lock whose name nobody needs again: its file goes, too. */
void state_unlock_and_remove(state *state, const char *name, state_lock *lock);

/*
 * The files whose names begin with `prefix` and end with `suffix`, at most LIMIT_STATE_NAMES, in no
 * order; a list that ends with NULL, freed with text_list_free, or NULL when there are none.
 */
thingspace_status state_names(state *state, char ***out, const char *prefix, const char *suffix,
                              thingspace_error *error);

/* When a file was last added, replaced or removed, in nanoseconds of the wall clock; 0: unknown.
 * Two changes within some milliseconds may have the same time. */
int64_t state_changed_ns(const state *state);

#endif
