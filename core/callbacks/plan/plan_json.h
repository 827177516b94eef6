/* SPDX-License-Identifier: MIT */
/* A plan as the JSON of thingspace/plan.h, and back. Pure; any thread. */
#ifndef PLAN_JSON_H
#define PLAN_JSON_H

#include "base/json.h"
#include "callbacks/plan/plan.h"

/* Owned text, free(). Expected: MEMORY. */
thingspace_status plan_json_write(const thingspace_plan *plan, bool with_cells, char **out);
/* Finished, without cells, its id that of what was read. Expected: USAGE (no plan, or its id is
 * another), MEMORY. */
thingspace_status plan_json_read(thingspace_plan **out, const json *document,
                                 thingspace_error *error);

#endif
