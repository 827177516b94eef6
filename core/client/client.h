/* SPDX-License-Identifier: MIT */
/*
 * The client's inside: what one call shares with the others. The network side
 * (transport, state directory, keyring) is opened by the first call that needs
 * it, so that looking at a policy touches neither.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdatomic.h>
#include <thingspace/client.h>
#include "auth/keyring.h"
#include "client/budget.h"
#include "client/generation.h"
#include "client/window.h"

typedef struct call call;

/* What policy and plugins are made from, once and again by a reload: a copy of the options. */
typedef struct load_source {
    char *policy_file, *policy_text, *policy_name, *policy_folder;
    thingspace_ask_function *ask;
    void *ask_user;
    char **settings, **plugins; /* end with NULL; NULL: none */
    map *secrets;               /* name -> secret_source *; NULL: none */
    char *plugin_path;
} load_source;

/* What a function of the policy is asked; borrowed while it runs. */
typedef struct policy_question {
    const policy *policy;
    const char *account;
    const row *row; /* NULL: it has none */
} policy_question;

/* See listener_guard.h. */
typedef struct listener_guard {
    secret_source *username_from, *password_from; /* references, of the UWS user */
    thingspace_secret *username, *password;       /* what they held; NULL: not known */
    int64_t until_ms;                             /* then they are read again */
    map *told;                                    /* warnings of plans */
} listener_guard;

struct thingspace_client {
    generation
        *generation;  /* the present one; whoever works with it for longer holds a reference */
    instance **added; /* by this program: one reference of each, in order; NULL: none */
    size_t added_count;
    load_source source;
    char *reason;                         /* of changes, for audit hooks; NULL: none */
    char plan_id[33];                     /* of the apply that runs, the same; "": none */
    thingspace_resolve_function *resolve; /* NULL: the policy decides; see functions.h */
    void *resolve_user;
    thingspace_listeners_function *listeners; /* NULL: the policy declares */
    void *listeners_user;
    const policy_question *asking; /* what one of them is asked now; NULL: none is */
    log_target log;
    long long timeout_ms; /* 0: see client_timeout_ms */
    bool no_token_cache;
    bool foreign_loop;
    char *state_dir, *ca_file, *proxy; /* NULL: the default, none */

    _Atomic(transport *) transport; /* NULL until the first call; see interrupted */
    state *state;
    thingspace_error state_error;
    int64_t tidy_ns; /* time of the state directory without a record of an unfinished change; 0:
                        unknown */
    keyring *keyring;
    budgets budgets;
    windows windows;
    listener_guard guard;

    call *calls;           /* in flight, a doubly linked list */
    atomic_size_t pending; /* read by any thread */
    uint64_t ids;          /* of calls: the state of their generator; 0: not seeded yet */

    unsigned forks;           /* when it was made: see base/forks.h */
    _Atomic(uintptr_t) owner; /* who is inside; 0: nobody */
    unsigned depth;           /* how deep, on that thread */
    unsigned looping;         /* inside the loop: blocking functions are refused */
    bool in_hook;             /* a plugin runs: it cannot call its own client */
    bool doomed;              /* freed inside a callback */
    atomic_int interrupted;   /* set by any thread or a signal handler: lock-free */
};

/*
 * Every public function brackets its work with these two. Expected: USAGE (another thread is
 * inside, or a hook). After client_leave the client may be gone.
 */
thingspace_status client_enter(thingspace_client *client, thingspace_error *error);
void client_leave(thingspace_client *client);
/* The same for what functions of the policy may use. */
thingspace_status client_enter_asked(thingspace_client *client, thingspace_error *error);

/* Makes the transport. Expected: MEMORY, NETWORK, LOCAL. */
thingspace_status client_open_transport(thingspace_client *client, thingspace_error *error);
/* Makes the keyring; a state directory that cannot be used is the error of each login. */
thingspace_status client_open_keyring(thingspace_client *client, thingspace_error *error);

/* Takes the reference of a generation that was made, in place of the present one. */
void client_turn_over(thingspace_client *client, generation *made);

/* Phase resolve: the policy of `by`, which the answer borrows from. Expected: POLICY, MEMORY. */
thingspace_status client_resolve(const generation *by, decision *out, const char *account,
                                 thingspace_error *error);

/* What one call may take: what the client was made
 * with, the decision (may be NULL), the default. */
int64_t client_timeout_ms(const thingspace_client *client, const decision *decision);

/* Whether a blocking function may run now. Expected: USAGE (foreign loop, inside a callback). */
thingspace_status client_check_blocking(const thingspace_client *client, thingspace_error *error);

/* Own loop: runs until *done, an interruption, or nothing is left to wait for. Expected: USAGE,
 * what the transport says. */
thingspace_status client_run_until(thingspace_client *client, const bool *done,
                                   thingspace_error *error);

#endif
