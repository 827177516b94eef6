/* SPDX-License-Identifier: MIT */
/*
 * One fault rule: parsed from its line, matched, applied to an answer. Counted by
 * reference, because an answer may still be under way when its rule is removed.
 */
#ifndef SIMULATOR_FAULT_RULE_H
#define SIMULATOR_FAULT_RULE_H

#include <stdatomic.h>
#include "answer.h"

/* The chance of what always happens. */
#define FAULT_CERTAIN 1000000

/* Numbers are -1 when the rule does not have the word. */
typedef struct fault_rule {
    atomic_int references;
    char *text; /* as it was written */
    char *method;
    char *path;
    long long status;
    long long huge;
    long long delay_ms;
    long long cut;
    long long drip;
    long long times;
    long long skip;
    long long chance; /* of a million */
    bool garbage;
    bool close;
    bool reset;
    bool after;
    bool expire_bearer;
    bool expire_session;
    bool redirect;
    char *body;
    char *location;
    char *raw;
    struct pairs headers;
} fault_rule;

/* Expected: USAGE, MEMORY. */
thingspace_status fault_rule_parse(fault_rule **out, const char *text, thingspace_error *error);
fault_rule *fault_rule_ref(fault_rule *rule);
void fault_rule_release(fault_rule *rule); /* NULL is allowed */

bool fault_rule_matches(const fault_rule *rule, const char *method, const char *path);
/* Whether the operation is not carried out. */
bool fault_rule_replaces(const fault_rule *rule);
/* Changes status, headers and body. What concerns the
 * connection is left to exchange.c. Expected: MEMORY. */
thingspace_status fault_rule_apply(const fault_rule *rule, struct answer *answer);

#endif
