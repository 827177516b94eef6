/* SPDX-License-Identifier: MIT */
/* The actions of `thingspace plugin`, one a file, and what they share. One thread. */
#ifndef CLI_COMMANDS_PLUGIN_H
#define CLI_COMMANDS_PLUGIN_H

#include "cli/session.h"

int plugin_run_new(session *session);
int plugin_run_check(session *session);
int plugin_run_list(session *session);
int plugin_run_explain(session *session);
int plugin_run_test(session *session);

/* False when an option of another action was given, which was then told. */
bool plugin_takes_options(session *session, int *exit_status);

/* A text or a number of an object; "" when absent. */
const char *plugin_member(const json *object, const char *name);
/* An array of texts with ", " between, or `none` when it is empty; for free(). */
char *plugin_join(const json *array, const char *none);

/* What is wrong with several files: one failure decides alone, several are summed up under the kind
 * of the first. */
typedef struct plugin_failures {
    thingspace_error first;
    json *errors;
    size_t count;
} plugin_failures;

void plugin_failures_add(plugin_failures *failures, const thingspace_error *error);
/* Shows them and frees; returns the exit status, 0 when there are none. */
int plugin_failures_end(plugin_failures *failures, session *session, size_t of, const char *what);

#endif
