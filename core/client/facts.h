/* SPDX-License-Identifier: MIT */
/*
 * Two flat objects, the same thing as two policies have it, compared member by member. Any thread.
 */
#ifndef FACTS_H
#define FACTS_H

#include "base/json.h"

/* Where each policy lies: its files are named from there. NULL: nowhere. Borrowed. */
typedef struct facts_folders {
    const char *old, *new;
} facts_folders;

/* Adds {"name","from","to"} to the array `fields` for each member that differs; null is absent.
 * `*status` becomes MEMORY when out of memory. */
void facts_compare(json *fields, const json *old, const json *new, thingspace_status *status);
/* The same, but a file that both have at the same place of their folders is no difference, and the
 * others are told from there: the fact "script", and where a secret comes from ("file PATH"). */
void facts_compare_places(json *fields, const json *old, const json *new,
                          const facts_folders *folders, thingspace_status *status);

#endif
