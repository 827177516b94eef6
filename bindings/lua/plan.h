/* SPDX-License-Identifier: MIT */
/*
 * What the files of plans share: plan.c (plans as objects), apply.c, import.c, and audience.c,
 * which tells functions of the script what happens meanwhile. Functions may raise, but for what the
 * library calls; threads: the client's.
 */
#ifndef BINDING_PLAN_H
#define BINDING_PLAN_H

#include "core.h"

/* ---- audience.c ---- */

/* References in the client's table, LUA_NOREF: nobody is told. `changes`: the list of them. */
typedef struct audience {
    box *box;
    int progress, done, unread, skipped, changes;
} audience;

audience audience_nobody(box *box);
/* The function of that name in the options, for the client at index 1. */
int audience_take(lua_State *L, int options, const char *what, const char *name);
void audience_dismiss(lua_State *L, const audience *self);
/* What the library calls, with the audience as its user pointer. */
void audience_progress(void *user, size_t done, size_t total, size_t failed);
void audience_changed(void *user, const thingspace_change *change);
void audience_unread(void *user, const char *account, const thingspace_error *error);
void audience_skipped(void *user, const char *account, const char *service, const char *api,
                      const char *why);

/* ---- plan.c, apply.c ---- */

/* The argument, which must be a plan. */
thingspace_plan *plan_at(lua_State *L, int index);
/* The options that plan:check has as well. */
void apply_read(lua_State *L, int index, const char *what, thingspace_apply_options *out);

#endif
