/* SPDX-License-Identifier: MIT */
/*
 * What runs that died left half done: a listener that was removed in order to be registered anew,
 * and was not. It is registered now, as the intent record says: the new one, and where that is
 * refused the old one. Hooks are told of it and change nothing: they have seen it. Blocking; on the
 * client's thread.
 */
#ifndef REPAIR_H
#define REPAIR_H

#include "callbacks/intent.h"

/* What became of one that was not registered any more. `url`: what is registered now, NULL:
 * nothing, and `error` says why; the record stays then. All is borrowed. */
typedef void repair_told(const intent *intent, const char *url, const thingspace_error *error,
                         void *user);

/*
 * Every record of an account that the client's policy sends to the endpoint of the record. Told to
 * `told` (may be NULL) and to the log. A repair that fails is no failure of this: `told` has it.
 * Without records this costs reading the state directory. Expected: CANCELLED, MEMORY, USAGE (a
 * foreign loop, inside a callback), NETWORK (no transport).
 */
thingspace_status repair_all(thingspace_client *client, repair_told *told, void *user,
                             thingspace_error *error);

/* That listener is not wanted any more: no record brings it back. Expected: MEMORY; what else
 * goes wrong is told to the log. */
thingspace_status repair_forget(thingspace_client *client, const char *account, const char *api,
                                const char *service, thingspace_error *error);

#endif
