/* SPDX-License-Identifier: MIT */
/*
 * The login and logout of a UWS user, and reading the session token. A login is
 * marked as one that must not be sent twice. Pure; any thread.
 */
#ifndef LOGIN_REQUEST_H
#define LOGIN_REQUEST_H

#include "auth/auth_request.h"

/* Expected: AUTH (not UTF-8), MEMORY. */
thingspace_status login_request_build(auth_request *out, const char *url, thingspace_secret *bearer,
                                      thingspace_secret *username, thingspace_secret *password,
                                      thingspace_error *error);
thingspace_status login_request_build_logout(auth_request *out, const char *url,
                                             thingspace_secret *bearer, thingspace_secret *session,
                                             thingspace_error *error);

/* The body of a 200. Expected: PROTOCOL, MEMORY. */
thingspace_status login_request_read(thingspace_secret **session, const buffer *body,
                                     thingspace_error *error);

#endif
