/* SPDX-License-Identifier: MIT */
/* Errors of policy check and diff: from their documents to what standard error tells. One thread.
 */
#ifndef CLI_COMMANDS_POLICY_ERRORS_H
#define CLI_COMMANDS_POLICY_ERRORS_H

#include "cli/session.h"

/* The object for output_fail of a row of "errors"; `message` in place of the row's. NULL when out
 * of memory. Owned. */
json *policy_errors_make(const json *row, const char *message);

/* For people: those that differ by the account alone are one, with their number and the first
 * accounts. Owned; NULL when out of memory. */
json *policy_errors_group(const json *errors);

#endif
