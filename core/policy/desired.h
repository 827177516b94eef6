/* SPDX-License-Identifier: MIT */
/* What a policy declares to be registered for one account. Owned by whoever asked for it. */
#ifndef DESIRED_H
#define DESIRED_H

#include "base/secret_source.h"

typedef struct desired_listener {
    char *service;
    char *url;
    char *username;           /* NULL: none is sent */
    secret_source *password;  /* NULL: none wanted */
    bool password_registered; /* secret.registered: whatever is registered now */
} desired_listener;

typedef struct desired_listeners {
    desired_listener *items; /* sorted by service */
    size_t count;
} desired_listeners;

/* Takes copies and one reference of `password`; keeps the order. Expected: MEMORY, POLICY (declared
 * twice). */
thingspace_status desired_listeners_add(desired_listeners *listeners, const desired_listener *from,
                                        thingspace_error *error);
void desired_listeners_dispose(desired_listeners *listeners);

#endif
