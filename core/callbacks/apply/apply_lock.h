/* SPDX-License-Identifier: MIT */
/*
 * One apply at a time for a state directory. The kernel frees the lock of a process that dies; a
 * small file beside it says who holds it, and means nothing when nobody does. On the client's
 * thread.
 */
#ifndef APPLY_LOCK_H
#define APPLY_LOCK_H

#include "base/state.h"

/* `reason` may be NULL. Expected: REFUSED (another run, and who), LOCAL, MEMORY. Held until
 * apply_unlock. */
thingspace_status apply_lock(state *state, state_lock *lock, const char *plan_id,
                             const char *reason, thingspace_error *error);
void apply_unlock(state *state, state_lock *lock); /* one that is not held is left alone */

#endif
