/* SPDX-License-Identifier: MIT */
/* The fault rules in order, with their counts. Under the model's lock. */
#ifndef SIMULATOR_FAULTS_H
#define SIMULATOR_FAULTS_H

#include "fault_rule.h"

struct faults {
    fault_rule **rules;
    long long *matched; /* how often each rule matched */
    size_t count;
};

/* Expected: USAGE, MEMORY. */
thingspace_status faults_add(struct faults *faults, const char *rule, thingspace_error *error);
/* One rule a line; empty lines are skipped. Those
 * before a bad one stay. Expected: USAGE, MEMORY. */
thingspace_status faults_add_lines(struct faults *faults, const char *lines,
                                   thingspace_error *error);
void faults_clear(struct faults *faults);

/* The rule for this request, with one more reference; NULL when none applies. Counts the match. */
fault_rule *faults_take(struct faults *faults, const char *method, const char *path);
/* Adds "faults" to the state. Expected: MEMORY. */
thingspace_status faults_describe(const struct faults *faults, json *state);

#endif
