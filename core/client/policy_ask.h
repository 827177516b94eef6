/* SPDX-License-Identifier: MIT */
/*
 * Asking the policy about one account after the other, to look at it. A tenant's script that a
 * limit stops would then rest, and its other accounts be told by that rest alone: here it is asked
 * again, and after some stops the others are told why it was stopped. On the client's thread.
 */
#ifndef POLICY_ASK_H
#define POLICY_ASK_H

#include "client/generation.h"

typedef struct policy_asker {
    const generation *generation; /* borrowed */
    map *stops;                   /* name of a tenant -> what stopped it */
} policy_asker;

/* Expected: MEMORY. */
thingspace_status policy_asker_init(policy_asker *self, const generation *generation);
/* The tenants that were stopped rest now. */
void policy_asker_dispose(policy_asker *self);

/*
 * Decision and listeners of the account, which is `tenant`'s (NULL: the operator's); both are to be
 * disposed, also on failure. `*after` becomes the account at which the tenant was stopped when this
 * one was not asked because of that, else NULL. Expected: what client_resolve says.
 */
thingspace_status policy_asker_ask(policy_asker *self, const char *account, tenant *tenant,
                                   decision *out, desired_listeners *listeners, const char **after,
                                   thingspace_error *error);

/* Adds what is known of a failure of `tenant`'s (NULL: the operator's) script or plugins: "kind",
 * "account", "plugin", "instance", "phase", "file", "line", and "script". */
void policy_asker_put_error(json *object, const policy *policy, const tenant *tenant,
                            const thingspace_error *error, thingspace_status *status);

#endif
