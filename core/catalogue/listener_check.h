/* SPDX-License-Identifier: MIT */
/*
 * What can be known of a listener before it is registered: errors for what the
 * service refuses or what would not arrive as meant, warnings for what probably
 * fails. Each check is a row of one table and has a name; a warning's text begins
 * with it ("port: ..."). Texts never quote username, password or the URL. Any thread.
 */
#ifndef LISTENER_CHECK_H
#define LISTENER_CHECK_H

#include <thingspace/error.h>
#include "base/secret.h"

/* `text` is one line, borrowed for the call. */
typedef void listener_warn_function(void *user, const char *text);

/*
 * Checks what is to be registered. `username` and `password` may be NULL (none
 * wanted); `warn` may be NULL. Expected: USAGE. Warnings come only with OK.
 */
thingspace_status listener_check(const char *url, const char *username,
                                 const thingspace_secret *password, listener_warn_function *warn,
                                 void *user, thingspace_error *error);

#endif
