/* SPDX-License-Identifier: MIT */
/* Members of an account's row, columns of a CSV file, that are probably misspelt. Pure; any thread.
 */
#ifndef ROW_NAMES_H
#define ROW_NAMES_H

#include "policy/row.h"

/* `name` is one typing error away from `meant`, which decides. Both are borrowed for the call. */
typedef void row_names_function(void *user, const char *name, const char *meant);

/* Tells of each such member. `row` may be NULL. */
void row_names_check(const row *row, row_names_function *tell, void *user);

#endif
