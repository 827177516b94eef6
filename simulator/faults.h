/* SPDX-License-Identifier: MIT */
/* The fault rules in order, with their counts. Under the model's lock. */
#ifndef SIMULATOR_FAULTS_H
#define SIMULATOR_FAULTS_H

#include <stdint.h>
#include "fault_rule.h"

struct fault_entry {
    fault_rule *rule;
    long long matched, used;
};

struct faults {
    struct fault_entry *entries;
    size_t count;
    unsigned seed;   /* of the chances; 0 does as well as any */
    uint64_t random; /* where their sequence is */
};

/* The sequence of chances begins; it does not depend on the rules, but on the order of requests. */
void faults_seed(struct faults *faults, unsigned seed);

/* Expected: USAGE, MEMORY. */
thingspace_status faults_add(struct faults *faults, const char *rule, thingspace_error *error);
/* One rule a line; empty lines are skipped. Those
 * before a bad one stay. Expected: USAGE, MEMORY. */
thingspace_status faults_add_lines(struct faults *faults, const char *lines,
                                   thingspace_error *error);
/* The seed stays, and the place in its sequence. */
void faults_clear(struct faults *faults);

/* The rule for this request, with one more reference; NULL when none applies. Counts the match. */
fault_rule *faults_take(struct faults *faults, const char *method, const char *path);
/* Adds "faults" and "faultUses" to the state. Expected: MEMORY. */
thingspace_status faults_describe(const struct faults *faults, json *state);

#endif
