/* SPDX-License-Identifier: MIT */
/*
 * The listener that a call would send, as its hooks left it: checked by the levels of the account.
 * On the client's thread.
 */
#ifndef LISTENER_GUARD_H
#define LISTENER_GUARD_H

#include "client/call.h"

/* OK for calls that send none. Warnings go to the client's log, those of plans once each. Expected:
 * USAGE (refused; call_error says why), MEMORY. */
thingspace_status listener_guard_check(call *call);

/* What the client keeps for it. */
void listener_guard_dispose(listener_guard *guard);

#endif
