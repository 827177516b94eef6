/* SPDX-License-Identifier: MIT */
/*
 * All that the stand-in knows, behind one lock. The functions below take the lock
 * themselves; those of tokens, sessions, callbacks, faults and journal do not.
 */
#ifndef SIMULATOR_MODEL_H
#define SIMULATOR_MODEL_H

#include <pthread.h>
#include <stdint.h>
#include <thingspace/simulator.h>
#include "callbacks.h"
#include "faults.h"
#include "journal.h"
#include "sessions.h"
#include "tokens.h"

struct model {
    pthread_mutex_t mutex;
    int64_t clock_ms; /* how far the model's clock was set forward */
    int latency_ms;
    struct tokens tokens;
    struct sessions sessions;
    struct callbacks callbacks;
    struct faults faults;
    struct journal journal;
};

/* `options` is complete (see options.c). Expected: USAGE, MEMORY. */
thingspace_status model_init(struct model *model, const thingspace_simulator_options *options,
                             thingspace_error *error);
void model_dispose(struct model *model);

int64_t model_now_ms(const struct model *model);

/* The caller holds the lock. Expected: USAGE, MEMORY. */
thingspace_status model_add_credential(struct model *model, const char *key, const char *secret,
                                       const char *username, const char *password,
                                       const char *const *accounts, thingspace_error *error);

/* The whole state; the caller holds the lock. Expected: MEMORY. */
thingspace_status model_describe(const struct model *model, buffer *out);

/* Journal and faults for a request that is complete; `*rule` NULL or owned. Expected: MEMORY. */
thingspace_status model_arrive(struct model *model, const struct request *request,
                               fault_rule **rule);
/* Its answer begins. Once for each that arrived. */
void model_depart(struct model *model);
/* Ends the tokens of the request that the rule names. */
void model_expire(struct model *model, const fault_rule *rule, const struct request *request);
/* Carries out the request. Expected: MEMORY. */
thingspace_status model_operate(struct model *model, const struct request *request,
                                struct answer *answer);

#endif
