/* SPDX-License-Identifier: MIT */
/*
 * How a change is recorded: for journal*.c and the view's files alone. A change is begun before
 * anything is altered, so that recording it afterwards cannot fail. One thread at a time.
 */
#ifndef PLUGIN_JOURNAL_INSIDE_H
#define PLUGIN_JOURNAL_INSIDE_H

#include "plugin/view.h"

static inline const char *change_name(const change *change)
{
    return change->long_name ? change->long_name : change->short_name;
}

static inline const change *journal_at(const journal *journal, size_t place)
{
    return place < JOURNAL_FIRST ? &journal->first[place] : &journal->more[place - JOURNAL_FIRST];
}

/*
 * Room for a change of the running hook, which is not counted yet: `before` is to be filled, then
 * journal_commit or journal_abandon. `name` is that of a header or parameter, else "". Expected:
 * PLUGIN (too many changes), MEMORY.
 */
thingspace_status journal_begin(view *view, change_kind kind, const char *name, change **out,
                                thingspace_error *error);
void journal_abandon(change *change);
/* `bytes`: of what is kept in `before`. */
void journal_commit(view *view, size_t bytes);
/* Whether the running hook has changed this before: what was there at its start is kept already.
 * For kinds without a name. */
bool journal_has(const view *view, change_kind kind);

/* json_write (nothing for NULL) whose failure is one of the plugin. */
thingspace_status view_write_body(buffer *out, const json *body, unsigned flags,
                                  thingspace_error *error);

/* Exchanges the answer's body and what was parsed of it. */
void view_swap_body(view *view, view_body *body);
void view_body_dispose(view_body *body);

#endif
