/* SPDX-License-Identifier: MIT */
/*
 * What an account declares, as hooks make it: each declared listener becomes a register that is not
 * sent. A listener that cannot be decided keeps its error, and the others go on. On the client's
 * thread.
 */
#ifndef ACCOUNT_PROBE_H
#define ACCOUNT_PROBE_H

#include "callbacks/plan/selection.h"
#include "client/result.h"

typedef struct account_probes account_probes;

/* One declared listener on its way through the hooks. */
typedef struct account_probe {
    account_probes *probes;
    thingspace_pending *pending;
    thingspace_result *result;   /* NULL: not selected, or it could not begin */
    thingspace_error *error;     /* owned: why it could not begin; NULL: it did */
    char *url;                   /* see desired_listener_url */
    thingspace_secret *password; /* as declared, or the registered one; NULL: none */
} account_probe;

/* What it takes; all is borrowed until the probes are disposed of. */
typedef struct account_probe_input {
    thingspace_client *client;
    const char *account;
    const desired_listeners *desired;
    const selection *selection;       /* NULL: all services */
    thingspace_result *const *listed; /* what is registered, for `secret.registered` */
    size_t listed_count;
} account_probe_input;

/* All are over: once, also from account_probes_start. The receiver may dispose of them. */
typedef void account_probes_done(void *user);

struct account_probes {
    account_probe_input input;
    account_probe *items;   /* one for each that is declared; NULL: not begun */
    size_t left;            /* under way */
    thingspace_error error; /* of the run: CANCELLED or MEMORY; OK: none */
    account_probes_done *done;
    void *user;
};

void account_probes_start(account_probes *probes, const account_probe_input *input,
                          account_probes_done *done, void *user);
/* `done` runs before this returns, with CANCELLED; nothing when none is under way. */
void account_probes_cancel(account_probes *probes);
void account_probes_dispose(account_probes *probes);

/* The body that would be sent; NULL: not decided. */
const json *account_probe_body(const account_probe *probe);
/* Why it is not decided; NULL: it is, or it is not selected. */
const thingspace_error *account_probe_error(const account_probe *probe);

/* The register of a declared listener, before hooks; borrows all. */
thingspace_request account_probe_request(const char *account, const desired_listener *listener,
                                         const char *url, thingspace_secret *password);

#endif
