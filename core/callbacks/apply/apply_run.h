/* SPDX-License-Identifier: MIT */
/*
 * The accounts of a plan that have changes, many at once: each is read again, and each of its
 * changes is carried out when it differs as planned. What fails because the service cannot be
 * reached for now, or has too much to do, is put back and tried again a little later, so that a
 * blip is not told of a thousand times. Blocking; on the client's thread.
 */
#ifndef APPLY_RUN_H
#define APPLY_RUN_H

#include "callbacks/apply/apply.h"

/*
 * Looks at all changes and carries out none: those that differ as planned are APPLY_AS_KNOWN, those
 * that do not are counted, but for what is as planned already or cannot be read. What is declared
 * is told to apply->ours. Expected: REFUSED (some are stale), CANCELLED, NETWORK, MEMORY.
 */
thingspace_status apply_check(apply *apply, thingspace_error *error);
/* Carries out all that are not over. Expected: CANCELLED (nothing more was begun), LOCAL, NETWORK
 * (no transport), MEMORY; all that went well or not is told. */
thingspace_status apply_run(apply *apply, thingspace_error *error);

#endif
