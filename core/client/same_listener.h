/* SPDX-License-Identifier: MIT */
/*
 * Whether a call is, as its hooks left it, still about the account and the service that it was
 * made for, and sends what was planned. On the client's thread.
 */
#ifndef SAME_LISTENER_H
#define SAME_LISTENER_H

#include "client/call.h"

/* Calls whose path their caller wrote are about anything. Expected: PLUGIN; call_error
 * says what differs. */
thingspace_status same_listener_check(call *call);

#endif
