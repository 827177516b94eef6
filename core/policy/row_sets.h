/* SPDX-License-Identifier: MIT */
/*
 * The members of an account's row that hold several values: `tags` and `checks`. Each is a table,
 * or the cell of a CSV file: "region=eu;tier=gold". A name alone is a tag that is true. Pure; any
 * thread.
 */
#ifndef ROW_SETS_H
#define ROW_SETS_H

#include "catalogue/listener_check.h"
#include "policy/row.h"

/* *out NULL: there are none. Owned. `row` may be NULL. Expected: POLICY (what is wrong), MEMORY. */
thingspace_status row_read_tags(json **out, const row *row, thingspace_error *error);
/* Overrides `levels` with what the row says. Expected: POLICY, MEMORY. */
thingspace_status row_read_checks(listener_levels *levels, const row *row, thingspace_error *error);
/* The same from a table of levels by names. Expected: POLICY. */
thingspace_status row_sets_checks(listener_levels *levels, const json *tree,
                                  thingspace_error *error);
/* Whether a row's tags and checks can be read. Expected: POLICY, MEMORY. */
thingspace_status row_check_sets(const row *row, thingspace_error *error);

#endif
