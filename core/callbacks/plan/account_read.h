/* SPDX-License-Identifier: MIT */
/*
 * One account, read for a comparison: decided, its listeners listed with each API that matters, and
 * what it declares sent through the hooks as dry runs. A plan reads many at once, an apply reads
 * each again before it changes anything. On the client's thread.
 */
#ifndef ACCOUNT_READ_H
#define ACCOUNT_READ_H

#include "callbacks/plan/blocked.h"
#include "callbacks/plan/plan_compare.h"
#include "client/client.h"
#include "client/result.h"

typedef struct account_read account_read; /* valid until account_read_free */

/* A declared listener, and what hooks made of it. */
typedef struct account_wanted {
    const desired_listener *listener;
    const char *url;                /* to be registered; see desired_listener_url */
    const thingspace_result *probe; /* its request is what would be sent; NULL: not decided */
    const thingspace_error *error;  /* why it is not decided; NULL: it is, or it is not selected */
    thingspace_secret *password;    /* as declared, or the registered one; NULL: none */
} account_wanted;

/* What one list call told, and what is declared there. */
typedef struct account_listed {
    const thingspace_result *listed;
    const plan_account *account;  /* for plan_compare */
    const account_wanted *wanted; /* as many as account->wanted_count, in that order */
} account_listed;

/*
 * The account is read, or `error` (NULL for OK) says why it cannot be. From the loop, once; the
 * receiver frees it, here or later.
 */
typedef void account_read_done(account_read *read, const thingspace_error *error, void *user);

/* What all that are read by one run share; borrowed, outlives them. */
typedef struct account_reader {
    thingspace_client *client;
    generation *generation;
    const selection *selection; /* NULL: all services */
    const char *const *apis;    /* to be listed, declared or not; ends with NULL; NULL: none */
    const blocked *blocked;     /* NULL: nothing is */
} account_reader;

/* Expected: MEMORY, NETWORK, CANCELLED; `done` is not called then. All else is told to it. */
thingspace_status account_read_start(account_read **out, const account_reader *reader,
                                     const char *account, account_read_done *done, void *user,
                                     thingspace_error *error);
/* `done` runs before this returns, with CANCELLED. */
void account_read_cancel(account_read *read);
void account_read_free(account_read *read);

/* It failed because tokens ended that others were served with: another try may do better. */
static inline bool account_read_lost_tokens(const thingspace_error *error)
{
    return error->kind == THINGSPACE_AUTH && error->retriable;
}

const char *account_read_name(const account_read *read);
const decision *account_read_decision(const account_read *read);
size_t account_read_count(const account_read *read); /* of lists; 0: it cannot be read */
account_listed account_read_at(const account_read *read, size_t index);

/* What would be sent, before hooks; borrows from `read`. */
thingspace_request account_read_request(const account_read *read, const account_wanted *wanted);
/* Of one that is decided; borrows from `read`. */
blocked_key account_read_key(const account_read *read, const account_wanted *wanted);
/* Tells `ours` where what is declared leads, as it is and as hooks left it. Expected: MEMORY. */
thingspace_status account_read_hear(const account_read *read, ours *ours);

#endif
