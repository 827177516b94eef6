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

/* Takes references to the sources of `from` in place of its own. */
void credential_share(credential *self, const credential *from);

/* The secret of one part now, owned; `what` names the part in errors. Expected: AUTH, MEMORY. */
thingspace_status credential_resolve(const credential *self, secret_source *part, const char *what,
                                     thingspace_secret **out, const log_target *log,
                                     thingspace_error *error);
/* Where a part comes from, for errors. Borrowed. */
const char *credential_place(const secret_source *part);

#define CREDENTIAL_PARTS(X) X(key) X(secret) X(username) X(password)

#endif
