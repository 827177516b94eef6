/* SPDX-License-Identifier: MIT */
/*
 * UWS users and their sessions: login, logout, idle expiry, the lock after failed
 * logins in a row, password reset. Under the model's lock.
 */
#ifndef SIMULATOR_SESSIONS_H
#define SIMULATOR_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>
#include "answer.h"
#include "base/map.h"
#include "request.h"

struct user;

struct sessions {
    map *users;
    map *sessions;
    int64_t idle_ms;
    int lockout_failures;
    int dead_status; /* HTTP status of session errors */
    bool login_ends_older;
    long long login_requests;
    long long logins;
    long long refused_logins;
};

/* Expected of both: MEMORY. */
thingspace_status sessions_init(struct sessions *sessions);
thingspace_status sessions_add(struct sessions *sessions, const char *username,
                               const char *password, const char *const *accounts);
void sessions_dispose(struct sessions *sessions);

/* Every session has been idle too long. */
void sessions_expire(struct sessions *sessions);
/* That which the request presents has been idle too long. */
void sessions_expire_presented(struct sessions *sessions, const struct request *request);
/* No session was ever made, nobody is locked, the counts
 * are 0; passwords as they were added. Expected: MEMORY. */
thingspace_status sessions_reset(struct sessions *sessions);

/* The endpoints below /session. `user` NULL: the
 * sandbox, which accepts anything. Expected: MEMORY. */
thingspace_status sessions_login(struct sessions *sessions, int64_t now_ms,
                                 const struct request *request, bool sandbox,
                                 struct answer *answer);
thingspace_status sessions_logout(struct sessions *sessions, const struct request *request,
                                  struct answer *answer);
thingspace_status sessions_reset_password(struct user *user, const struct request *request,
                                          struct answer *answer);

/*
 * The user whose live session the request names, and notes the use. NULL when the
 * answer was filled with the refusal. Expected: MEMORY.
 */
thingspace_status sessions_check(struct sessions *sessions, int64_t now_ms,
                                 const struct request *request, struct user **out,
                                 struct answer *answer);

bool sessions_user_has_account(const struct user *user, const char *account);
/* Whether the text is that user's name or password, which a listener must not carry. */
bool sessions_user_is_known_by(const struct user *user, const char *text);

/* Adds failedLogins, lockedUsers and mostFailedLogins to the state. Expected: MEMORY. */
thingspace_status sessions_describe(const struct sessions *sessions, json *state);

#endif
