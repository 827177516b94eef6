/* SPDX-License-Identifier: MIT */
/*
 * The named points of a call at which plugins run, and what each allows. Phases `configure` and
 * `resolve` have no hooks of plugins; they are here because errors name them. Constants: any
 * thread.
 */
#ifndef PLUGIN_PHASE_H
#define PLUGIN_PHASE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/json.h"

typedef enum phase {
    PHASE_CONFIGURE,
    PHASE_RESOLVE,
    PHASE_REQUEST,
    PHASE_CHECK,
    PHASE_RESPONSE,
    PHASE_ERROR,
    PHASE_AUDIT,
    PHASE_ACCEPT, /* this and the next two: of callback messages, for the listener */
    PHASE_MESSAGE,
    PHASE_DELIVER,
    PHASE_COUNT,
} phase;

#define PHASE_FIRST_HOOK PHASE_REQUEST
#define PHASE_BIT(phase) (1u << (phase))

/* What a hook may answer besides nil. */
typedef enum verdict_kind {
    VERDICT_NONE,
    VERDICT_STOP,  /* skips the later hooks of the same owner in this phase */
    VERDICT_REPLY, /* answers in place of the service */
    VERDICT_DENY,  /* ends the call with DENIED */
    VERDICT_WAIT,  /* parks the call, then goes on with the next hook */
    VERDICT_COUNT,
} verdict_kind;

#define VERDICT_BIT(kind) (1u << (kind))

typedef struct phase_traits {
    const char *name;
    bool reverse;      /* the last row runs first */
    bool tenant_first; /* the tenant's hooks run before the operator's */
    bool fails_closed; /* a failed hook fails the call, unless its instance says otherwise */
    unsigned verdicts; /* VERDICT_BITs that are allowed */
} phase_traits;

/* The row of `phase`, which is below PHASE_COUNT. */
const phase_traits *phase_of(phase phase);
/* PHASE_COUNT when there is none of that name. */
phase phase_find(const char *name);
/* The phases whose bits are in `set`, as a JSON array of names; NULL when out of memory. */
json *phase_set_json(unsigned set);
const char *verdict_name(verdict_kind kind); /* "none", "stop", ... */

#endif
