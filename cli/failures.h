/* SPDX-License-Identifier: MIT */
/*
 * Failures of a command that does many things: collected, and summed up at its end. None is 0; when
 * something else succeeded they are `partial`; otherwise the first one decides. Being interrupted
 * beats all. Owned: failures_dispose. One thread.
 */
#ifndef CLI_FAILURES_H
#define CLI_FAILURES_H

#include "cli/output.h"

typedef struct failures {
    json *errors;
    size_t count;
    size_t successes;
    bool cancelled;
    thingspace_error first;
} failures;

void failures_begin(failures *failures);
void failures_add(failures *failures, const thingspace_error *error);
/* Shows them; `what` is what there were several of ("accounts"). Returns the exit status. */
int failures_show(const failures *failures, output *output, const char *what);
void failures_dispose(failures *failures);

#endif
