/* SPDX-License-Identifier: MIT */
/*
 * Two flat objects, the same thing as two policies have it, compared member by member. Any thread.
 */
#ifndef FACTS_H
#define FACTS_H

#include "base/json.h"

/* Adds {"name","from","to"} to the array `fields` for each member that differs; null is absent.
 * `*status` becomes MEMORY when out of memory. */
void facts_compare(json *fields, const json *old, const json *new, thingspace_status *status);

#endif
