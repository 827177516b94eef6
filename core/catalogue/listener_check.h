/* SPDX-License-Identifier: MIT */
/*
 * What can be known of a listener before it is registered. What can never be sent as it is meant
 * (no URL, a control character, bytes that are not UTF-8) is an error. All else has a name and a
 * level, which the operator chooses: refused, warned about, or not looked at. A warning's text
 * begins with the name ("port: ..."). Texts never quote username, password or the URL. Any thread.
 */
#ifndef LISTENER_CHECK_H
#define LISTENER_CHECK_H

#include <thingspace/error.h>
#include "base/json.h"
#include "base/secret.h"

/* The names: "characters", "port", "private-host", "plain-http", "length", "credentials". */
#define LISTENER_CHECKS 6

typedef enum listener_level {
    LISTENER_DEFAULT, /* nobody said: each test has its own */
    LISTENER_IGNORE,
    LISTENER_WARN,
    LISTENER_REFUSE,
} listener_level;

/* A listener_level for each check. All zero: the defaults. */
typedef struct listener_levels {
    unsigned char of[LISTENER_CHECKS];
} listener_levels;

/* Sets one by its name and the level's. Expected: USAGE (what was probably meant). */
thingspace_status listener_levels_set(listener_levels *levels, const char *check, const char *level,
                                      thingspace_error *error);
/* Takes over what `nearer` says. */
void listener_levels_override(listener_levels *levels, const listener_levels *nearer);
/* Takes over what `other` says where it is stricter. */
void listener_levels_tighten(listener_levels *levels, const listener_levels *other);
/* Of one check by its name, "credentials" and the like; the name must be right. */
listener_level listener_levels_get(const listener_levels *levels, const char *check);

/* {"port":"ignore"}: those that somebody gave. NULL: out of memory. Owned: json_free. */
json *listener_levels_json(const listener_levels *levels);

/* What is to be registered, all borrowed. */
typedef struct listener_facts {
    const char *url;
    const char *username;              /* NULL: none */
    const thingspace_secret *password; /* NULL: none, or not known */
    const listener_levels *levels;     /* NULL: the defaults */
    /* Of the user whose session sends it; NULL: not known. */
    const thingspace_secret *uws_username, *uws_password;
} listener_facts;

/* `text` is one line, borrowed for the call. */
typedef void listener_warn_function(void *user, const char *text);

/* Whether it can be sent at all, whatever the levels say. Expected: USAGE. */
thingspace_status listener_check_sendable(const listener_facts *facts, thingspace_error *error);

/* That, and the checks. `warn` may be NULL. Expected: USAGE. Warnings come only with OK. */
thingspace_status listener_check(const listener_facts *facts, listener_warn_function *warn,
                                 void *user, thingspace_error *error);

#endif
