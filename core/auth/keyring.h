/* SPDX-License-Identifier: MIT */
/*
 * The tokens of one client: for each (endpoint, credential) a small state machine that
 * fetches a bearer and a session token once for all calls that wait (single flight), here
 * through a queue and between processes through a lock file that is polled by a timer.
 *
 *   idle -> lock -> read the file again -> token request -> latch lock -> login -> write
 *        -> wake all that wait
 *
 * Rules: a bearer is used until it expires or is refused (asking early only gives the same
 * one); a session until it is refused or was idle for 20 minutes; a token that the service refused
 * is replaced once, by whatever the file holds by now or else by a new one. When a fetch fails, all
 * that wait fail with its error, and the next fetch begins only after a back-off. One
 * thread, that of the transport.
 */
#ifndef KEYRING_H
#define KEYRING_H

#include "auth/credential.h"
#include "auth/token_file.h"
#include "http/endpoint.h"
#include "http/transport.h"

typedef struct keyring keyring;
typedef struct authorisation authorisation; /* one call that waits for tokens */

typedef struct keyring_options {
    transport *transport; /* all borrowed for the keyring's life */
    state *state;         /* NULL: every login fails with state_error */
    const thingspace_error *state_error;
    bool no_token_cache; /* tokens stay in memory; lock and latch do not */
    const log_target *log;
} keyring_options;

/* OK: `tokens` (borrowed) may be used now. Otherwise `error` says why not. */
typedef void keyring_done(thingspace_status status, const tokens *tokens,
                          const thingspace_error *error, void *user);

/* Expected: MEMORY. Owned: keyring_free. */
thingspace_status keyring_new(keyring **out, const keyring_options *options,
                              thingspace_error *error);
void keyring_free(keyring *keyring); /* who still waits is not called */

/* The tokens when they are at hand and believed good: takes references into `out`. No I/O. */
bool keyring_at_hand(keyring *keyring, const endpoint *endpoint, const credential *credential,
                     tokens *out);

/*
 * Gets tokens, then calls `done` (from the transport's loop, never before this returns).
 * `refused`: tokens (either member may be NULL) that the service has just refused; NULL when none.
 * Errors given to `done`: AUTH, LATCHED, LOCAL, TIMEOUT (`deadline_ms` passed), NETWORK, TLS,
 * PROTOCOL, SERVICE, MEMORY.
 */
thingspace_status keyring_authorise(keyring *keyring, authorisation **out, const endpoint *endpoint,
                                    credential *credential, const tokens *refused,
                                    int64_t deadline_ms, keyring_done *done, void *user,
                                    thingspace_error *error);
void keyring_cancel(authorisation *authorisation);

/* One exchange for tokens that ended while an authorisation waited, whoever caused it. */
typedef struct keyring_exchange {
    const char *what;         /* "token", "login" */
    int http_status;          /* 0: no answer */
    thingspace_status status; /* OK: it gave a token */
    int64_t ms;
} keyring_exchange;

/* Gets the `user` of the authorisation; must not call the keyring. */
typedef void keyring_exchange_seen(const keyring_exchange *exchange, void *user);

/* Tells `seen` of each exchange from now on; also of one that the waiting ends before, by its
 * deadline (TIMEOUT) or by keyring_cancel (CANCELLED). */
void keyring_watch(authorisation *authorisation, keyring_exchange_seen *seen);

/* The service accepted these tokens now: keeps the time of last use (on disk once a minute). */
void keyring_used(keyring *keyring, const endpoint *endpoint, const credential *credential);
/* It did so within the last minute: key and login are right, whatever it says of a token now. */
bool keyring_is_in_use(keyring *keyring, const endpoint *endpoint, const credential *credential);
/* The first tokens came a few seconds ago: it may not have had the time. */
bool keyring_is_new(keyring *keyring, const endpoint *endpoint, const credential *credential);

/* Ends the session at the service and forgets it; with `revoke` the
 * bearer too. `tokens` in `done` is NULL. Errors as above. */
thingspace_status keyring_logout(keyring *keyring, authorisation **out, const endpoint *endpoint,
                                 credential *credential, bool revoke, int64_t deadline_ms,
                                 keyring_done *done, void *user, thingspace_error *error);

typedef struct keyring_status {
    bool bearer_valid, session_valid; /* as far as the file tells */
    bool bearer_known, session_known;
    int64_t bearer_expires_ms, session_used_ms; /* wall clock; 0 when not known */
    unsigned failed;                            /* entries of the latch */
    bool latched;                               /* none leaves with the present password */
} keyring_status;
/* From the files alone, no network. Expected: AUTH (key or username missing), LOCAL, MEMORY. */
thingspace_status keyring_read_status(keyring *keyring, const endpoint *endpoint,
                                      credential *credential, keyring_status *out,
                                      thingspace_error *error);
/* Empties the latch; *before tells how many entries it had. Waits for the latch's
 * lock up to 5 s. Expected: TIMEOUT (the lock is held), AUTH, LOCAL, MEMORY. */
thingspace_status keyring_unlatch(keyring *keyring, const endpoint *endpoint,
                                  credential *credential, unsigned *before,
                                  thingspace_error *error);

#endif
