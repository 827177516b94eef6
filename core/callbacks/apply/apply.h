/* SPDX-License-Identifier: MIT */
/*
 * What the files of one apply share: the plan with what has become of each of its changes. On the
 * client's thread, for as long as thingspace_apply runs.
 */
#ifndef APPLY_H
#define APPLY_H

#include "callbacks/intent.h"
#include "callbacks/plan/account_read.h"

/* Of one change. */
typedef enum apply_state {
    APPLY_WAITS,    /* to be looked at */
    APPLY_AS_KNOWN, /* a loaded plan's: looked at once, and differs as planned */
    APPLY_BEGUN,
    APPLY_TOLD, /* it is over */
} apply_state;

typedef struct apply {
    thingspace_client *client;
    thingspace_plan *plan;
    thingspace_apply_options options;
    generation *generation;
    blocked *blocked;
    ours ours; /* of a loaded plan; its `hosts` are NULL otherwise */
    unsigned char *states;
    size_t told;
    size_t cancelled, takeovers; /* of those that are told: not begun; skipped */
    size_t lost_keys;            /* signing keys that answers carried, of them the first... */
    size_t first_lost_key;       /* ...change */
    thingspace_apply_counts counts;
    thingspace_error first; /* failure that was told; OK: none */
} apply;

/* apply_tell.c: each once for a change; `error` of what failed or was skipped. */
void apply_tell_done(apply *apply, size_t index);
/* It was as planned already. */
void apply_tell_unchanged(apply *apply, size_t index);
void apply_tell_failed(apply *apply, size_t index, const thingspace_error *error);
void apply_tell_skipped(apply *apply, size_t index, const thingspace_error *error);
/* All that are not over. */
void apply_tell_rest(apply *apply, const thingspace_error *error);
/* A repair_told; `user` is the apply. */
void apply_tell_repair(const intent *intent, const char *url, const thingspace_error *error,
                       void *user);
const char *apply_action_name(const plan_change *change);

/* Whether the URL that a change leaves is as much ours, or a stranger's, as it was planned. */
bool apply_is_ours_still(const apply *apply, const plan_change *change);

#endif
