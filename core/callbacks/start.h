/* SPDX-License-Identifier: MIT */
/* What the public functions that take a thingspace_request share. */
#ifndef START_H
#define START_H

#include <thingspace/callbacks.h>

/* Copies the members that the caller's version of the struct has, the rest is empty; the method is
 * the operation's own, but for THINGSPACE_CALL. Texts are borrowed. */
void start_copy_request(thingspace_request *out, const thingspace_request *given);
/* thingspace_call_start for callers inside the library, which are inside the client already;
 * `flags` as below. */
thingspace_status start_begin(thingspace_client *client, thingspace_pending **out,
                              const thingspace_request *request, unsigned flags,
                              thingspace_done *done, void *user, thingspace_error *error);
/* thingspace_perform for callers inside the library: CALL_... of client/call.h may be in `flags`,
 * which replace those of the request. */
thingspace_status start_perform(thingspace_client *client, thingspace_result **out,
                                const thingspace_request *request, unsigned flags,
                                thingspace_error *error);

#endif
