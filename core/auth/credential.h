/* SPDX-License-Identifier: MIT */
/*
 * A credential: application key and secret, UWS username and password, under one
 * name. It holds where each comes from; the secrets themselves are read when used.
 * Belongs to the policy; one thread at a time.
 */
#ifndef CREDENTIAL_H
#define CREDENTIAL_H

#include "base/secret_source.h"

typedef struct credential {
    char *name;
    secret_source *key, *secret;        /* of the application */
    secret_source *username, *password; /* of the UWS user */
} credential;

/* A part may be missing (NULL) until it is needed. Owned: credential_free. Expected: MEMORY. */
thingspace_status credential_new(credential **out, const char *name, thingspace_error *error);
void credential_free(credential *credential);

#define CREDENTIAL_PARTS(X) X(key) X(secret) X(username) X(password)

#endif
