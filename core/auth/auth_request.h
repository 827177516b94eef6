/* SPDX-License-Identifier: MIT */
/*
 * One request of this room, ready for the transport: a token request, a login, a
 * logout or a revocation. It owns the body that the transport borrows, so it must
 * outlive the exchange. One thread at a time.
 */
#ifndef AUTH_REQUEST_H
#define AUTH_REQUEST_H

#include "http/transport.h"

typedef struct auth_request {
    char *url;
    headers fields;
    headers tokens;
    buffer body;           /* a secret one */
    bool fresh_connection; /* must not be sent twice */
} auth_request;

void auth_request_init(auth_request *self);
void auth_request_dispose(auth_request *self); /* empty and usable again */

/* Empties it, sets URL, Content-Type and Accept. Expected: USAGE, MEMORY. */
thingspace_status auth_request_begin(auth_request *self, const char *url, const char *content_type,
                                     thingspace_error *error);
/* Expected: AUTH (the key has a colon), MEMORY. */
thingspace_status auth_request_set_basic(auth_request *self, const thingspace_secret *key,
                                         const thingspace_secret *secret, thingspace_error *error);
/* `session` may be NULL. Expected: USAGE, MEMORY. */
thingspace_status auth_request_set_tokens(auth_request *self, thingspace_secret *bearer,
                                          thingspace_secret *session, thingspace_error *error);
/* Whether the body could be built. Expected: MEMORY, USAGE (too long). */
thingspace_status auth_request_check_body(const auth_request *self, thingspace_error *error);

/* POSTs it. `out`, `done` and errors are those of transport_send. */
thingspace_status auth_request_send(const auth_request *self, exchange **out, transport *transport,
                                    bool private_allowed, int64_t deadline_ms, exchange_done *done,
                                    void *user, thingspace_error *error);

#endif
