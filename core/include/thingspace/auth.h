/* SPDX-License-Identifier: MIT */
/*
 * Tokens and the lock-out latch, for people: what `thingspace auth` does. A credential is one that
 * the policy declares; NULL means every one in use. Blocking, own loop only.
 */
#ifndef THINGSPACE_AUTH_H
#define THINGSPACE_AUTH_H

#include <thingspace/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Makes sure that there are tokens. Expected: AUTH,
 * LATCHED, LOCAL, USAGE (no such credential), NETWORK, ... */
THINGSPACE_API thingspace_status thingspace_auth_login(thingspace_client *client,
                                                       const char *credential,
                                                       thingspace_error *error);

#define THINGSPACE_REVOKE 1u /* the bearer too: breaks every process that shares the key */

/* Ends the session at the service and forgets it. */
THINGSPACE_API thingspace_status thingspace_auth_logout(thingspace_client *client,
                                                        const char *credential, unsigned flags,
                                                        thingspace_error *error);

/*
 * JSON, freed with thingspace_text_free:
 * [{"credential","endpoint","bearer":"valid|expired|none|unknown","session":...,
 * "bearerExpires","sessionUsed" (ISO 8601, or null),"failed":N,"latched":bool,"message"?,
 * "stateDir","persists":bool,"memoryLocked":bool}]. No network.
 */
THINGSPACE_API thingspace_status thingspace_auth_status(thingspace_client *client, char **out,
                                                        const char *credential,
                                                        thingspace_error *error);

/* Empties the latch; `*cleared` (may be NULL) tells how many failed logins it had counted. */
THINGSPACE_API thingspace_status thingspace_auth_unlatch(thingspace_client *client,
                                                         const char *credential, unsigned *cleared,
                                                         thingspace_error *error);

#ifdef __cplusplus
}
#endif
#endif
