/* SPDX-License-Identifier: MIT */
/*
 * The lock-out latch. ThingSpace locks a user after five failed logins in a row
 * and only its support unlocks. The latch counts the logins of one (host of the login
 * URL, UWS username) that were sent and not known to have succeeded, in a file shared by
 * all processes, and stops well before the fifth. Other spellings of a user or a URL
 * (letter case, port 443, another path) are counted together, since the service may do so:
 *
 *   - each login is entered, and synced to disk, BEFORE it is sent, so that one that
 *     was killed or timed out counts; success empties the file;
 *   - a password that was refused is not sent again (it is remembered as a keyed digest);
 *   - from two entries on, a login leaves only with a password that is not among them;
 *   - at four entries none leaves. `auth unlatch` empties the file.
 *
 * Whoever uses it holds the latch's lock from latch_open to the login's outcome. One
 * thread at a time. What is written fails with LOCAL or MEMORY.
 */
#ifndef LATCH_H
#define LATCH_H

#include "auth/state_name.h"
#include "base/secret.h"
#include "base/state.h"

#define LATCH_CAREFUL 2 /* from here on: only a changed password */
#define LATCH_CLOSED  4 /* from here on: none; the service locks at five */

typedef struct latch latch;

/*
 * Reads the file; the lock must be held (latch_lock_name names it). Expected: LOCAL (unreadable or
 * damaged: then no login), MEMORY. Owned: latch_close.
 */
thingspace_status latch_open(latch **out, state *state, const char *login_url,
                             const thingspace_secret *username, thingspace_error *error);
void latch_close(latch *latch);

/* The name of the lock for state_try_lock. */
void latch_lock_name(char out[STATE_NAME_SIZE], const char *login_url,
                     const thingspace_secret *username);

unsigned latch_count(const latch *latch);
/* OK, or LATCHED with what to do. */
thingspace_status latch_check(const latch *latch, const thingspace_secret *password,
                              thingspace_error *error);
/* Enters a login that is about to be sent; durable on
 * return. Expected: LOCAL, MEMORY: then do not send. */
thingspace_status latch_raise(latch *latch, const thingspace_secret *password,
                              thingspace_error *error);
/* What became of the login entered last: refused; certain that no byte left; success. The last one
 * is also what `auth unlatch` does. */
thingspace_status latch_refused(latch *latch, thingspace_error *error);
thingspace_status latch_not_sent(latch *latch, thingspace_error *error);
thingspace_status latch_clear(latch *latch, thingspace_error *error);
/* Empties the file whatever it holds, a damaged one too, with the lock held. *before: entries. */
thingspace_status latch_repair(state *state, const char *login_url,
                               const thingspace_secret *username, unsigned *before,
                               thingspace_error *error);

#endif
