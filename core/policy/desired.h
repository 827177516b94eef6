/* SPDX-License-Identifier: MIT */
/* What a policy declares to be registered for one account. Owned by whoever asked for it. */
#ifndef DESIRED_H
#define DESIRED_H

#include "base/secret_source.h"
#include "catalogue/listener_check.h"

typedef struct desired_listener {
    char *service;
    char *url;                /* may be a template; see catalogue/url_template.h */
    secret_source *token;     /* the key of {token}; NULL: none is named */
    char *username;           /* NULL: none is sent */
    secret_source *password;  /* NULL: none wanted */
    bool password_registered; /* secret.registered: whatever is registered now */
    size_t group;    /* 1 + the place of its group in the script's answer; 0: named by itself */
    const char *api; /* a name of the table of APIs, constant; NULL: connectivity */
} desired_listener;

typedef struct desired_listeners {
    desired_listener *items; /* sorted by service and API */
    size_t count;
} desired_listeners;

/* Takes copies and one reference of `password`; keeps
 * the order. Expected: MEMORY, POLICY (declared twice). */
thingspace_status desired_listeners_add(desired_listeners *listeners, const desired_listener *from,
                                        thingspace_error *error);
/* Expands what is known without a secret: {account} and {service}. Expected: MEMORY, POLICY (too
 * long). */
thingspace_status desired_listeners_expand(desired_listeners *listeners, const char *account,
                                           thingspace_error *error);
void desired_listeners_dispose(desired_listeners *listeners);
#define cleanup_desired_listeners __attribute__((cleanup(desired_listeners_dispose)))

/*
 * The URL to be registered, owned: {token} is computed, for which its secret is read. Expected:
 * AUTH (no secret, or one that cannot be used), USAGE (too long), MEMORY.
 */
thingspace_status desired_listener_url(char **out, const desired_listener *listener,
                                       const char *account, const log_target *log,
                                       thingspace_error *error);

/* `text` is one line that begins with the check's name ("port: ..."), or
 * of a service that is not known; borrowed for the call. */
typedef void desired_warn_function(void *user, const char *service, const char *text);

/* Whether service, URL and username can be sent to that API, whatever the checks say; the password
 * is not read. Expected: USAGE. */
thingspace_status desired_listener_check_sendable(const desired_listener *listener,
                                                  thingspace_error *error);
/*
 * That, and the checks by `levels` (NULL: the defaults), but for those of what only a secret tells.
 * `warn` (may be NULL) hears what will probably fail. Expected: USAGE.
 */
thingspace_status desired_listener_check(const desired_listener *listener,
                                         const listener_levels *levels, desired_warn_function *warn,
                                         void *user, thingspace_error *error);

#endif
