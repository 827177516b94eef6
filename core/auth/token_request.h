/* SPDX-License-Identifier: MIT */
/*
 * The OAuth2 request for a bearer token (client_credentials), the request that
 * revokes one, and reading the answer. Pure; any thread.
 */
#ifndef TOKEN_REQUEST_H
#define TOKEN_REQUEST_H

#include "auth/auth_request.h"

/* Used when the answer does not say how long the bearer lives. */
#define BEARER_LIFE_MS (3600 * 1000LL)
/* A life beyond this is cut to it: after a day one more request does no harm. */
#define BEARER_LIFE_LONGEST_MS (24 * 3600 * 1000LL)

/* Expected: AUTH (the key cannot be sent), MEMORY. */
thingspace_status token_request_build(auth_request *out, const char *url,
                                      const thingspace_secret *key, const thingspace_secret *secret,
                                      thingspace_error *error);
/* Revokes `bearer`. */
thingspace_status token_request_build_revoke(auth_request *out, const char *url,
                                             const thingspace_secret *key,
                                             const thingspace_secret *secret,
                                             const thingspace_secret *bearer,
                                             thingspace_error *error);

/* The body of a 200. Expected: PROTOCOL, MEMORY. */
thingspace_status token_request_read(thingspace_secret **bearer, int64_t *life_ms,
                                     const buffer *body, thingspace_error *error);

#endif
