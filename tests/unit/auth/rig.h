/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the keyring stand on: a simulator, a client side of our own with
 * a fresh state directory, and outcomes that count how often they were called.
 */
#ifndef RIG_H
#define RIG_H

#include "check.h"
#include <thingspace/simulator.h>
#include "auth/keyring.h"
#include "base/clock.h"

typedef struct side { /* one process's half */
    state *state;
    transport *transport;
    endpoint *endpoint;
    credential *credential;
    keyring *keyring;
} side;

typedef struct rig {
    thingspace_simulator *simulator;
    char folder[300];
    side side;
} rig;

typedef struct outcome {
    unsigned calls;
    thingspace_status status;
    thingspace_error error;
    tokens tokens;
} outcome;

/* `options` NULL: the defaults. A failure ends the test program. */
void rig_start(rig *rig, const thingspace_simulator_options *options);
void rig_stop(rig *rig);
#define cleanup_rig __attribute__((cleanup(rig_stop)))

void side_open(side *side, const char *folder, const char *url, bool no_token_cache);
void side_close(side *side);
#define cleanup_side __attribute__((cleanup(side_close)))
void side_set_user(side *side, const char *name, const char *username, const char *password);
void side_set_secret(side *side, const char *secret);

void outcome_free(outcome *outcome);
#define cleanup_outcome __attribute__((cleanup(outcome_free)))
#define OUTCOME_INIT                                                                               \
    {                                                                                              \
        0, THINGSPACE_OK, THINGSPACE_ERROR_INIT,                                                   \
        {                                                                                          \
            NULL, 0, NULL, 0                                                                       \
        }                                                                                          \
    }
keyring_done outcome_note; /* `user` is an outcome */

/* Runs the loop until the outcome was called `calls` times; false after 20 s. */
bool side_wait(side *side, const outcome *outcome, unsigned calls);
void side_run(side *side, int64_t ms);
/* Asks for tokens and waits for the answer. */
void side_ask(side *side, outcome *out, const tokens *refused, int64_t wait_ms);

void rig_fault(rig *rig, const char *rule);
#define RIG_TOKENS "POST /api/ts/v1/oauth2/token"
#define RIG_LOGINS "POST /api/m2m/v1/session/login"
/* How many requests of that method and path arrived, those that met a fault too. */
long long rig_sent(rig *rig, const char *request);
/* A number of the simulator's state: "requestCount", "revokes", ... */
long long rig_count(rig *rig, const char *name);

#endif
