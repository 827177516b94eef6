/* SPDX-License-Identifier: MIT */
/*
 * Ending a session at the service, and revoking the bearer when that is asked for:
 * under the token file's lock, so that no fetch is under way. What the service
 * ended is forgotten; what could not be ended is kept, and the error says so.
 * Belongs to its authorisation; runs from the transport's loop.
 */
#ifndef LOGOUT_H
#define LOGOUT_H

#include "auth/waiters.h"

typedef struct logout logout;

/* Begins soon, for a member of the ring's logouts. Expected: MEMORY. Owned: logout_free. */
thingspace_status logout_new(logout **out, authorisation *handle, bool revoke,
                             thingspace_error *error);
/* Ends the exchange and gives the lock back. */
void logout_free(logout *self);
void logout_on_deadline(timer *fired, void *authorisation);

#endif
