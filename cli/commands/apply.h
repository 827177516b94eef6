/* SPDX-License-Identifier: MIT */
/* What the files of `thingspace apply` share. One thread. */
#ifndef CLI_COMMANDS_APPLY_H
#define CLI_COMMANDS_APPLY_H

#include "cli/session.h"

/* --- apply_question.c: before anything is changed --- */

/* How many changes there are to make with these flags (THINGSPACE_PRUNE, ...). */
size_t apply_question_count(const thingspace_plan *plan, unsigned flags);
/* "28 additions, 12 changes and 3 removals": free(). NULL when out of memory. */
char *apply_question_phrase(const thingspace_plan *plan, unsigned flags);
/* Asks at the terminal. Expected: CANCELLED (no, or interrupted), LOCAL, MEMORY. */
thingspace_status apply_question_ask(const thingspace_plan *plan, const json *document,
                                     unsigned flags, thingspace_error *error);

/* --- apply_run.c: doing it, and telling what became of it --- */

/* Returns the exit status. `flags` as above; `document` is the plan's JSON. */
int apply_do(session *session, thingspace_plan *plan, const json *document, unsigned flags);

#endif
