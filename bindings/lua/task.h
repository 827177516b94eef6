/* SPDX-License-Identifier: MIT */
/*
 * A task, for the files that move it: task.c (what scripts do with it), resume.c (its coroutine
 * goes on), lost.c (errors nobody waits for) and loop.c (what drives the client). All of it belongs
 * to the client's lua_State and its thread.
 */
#ifndef BINDING_TASK_H
#define BINDING_TASK_H

#include "core.h"

/* The user values of a task: its coroutine, its client, then the table of results (n, ...), or the
 * error, and the list of tasks that wait. */
enum { TASK_COROUTINE = 1, TASK_CLIENT, TASK_OUTCOME, TASK_WAITERS, TASK_VALUES = TASK_WAITERS };

enum { COROUTINE = 1, CLIENT, OUTCOME, WAITERS, VALUES = WAITERS };

typedef enum task_state {
    TASK_RUNNING,
    TASK_CALLING,
    TASK_WAITING,
    TASK_READY, /* what it waited for is over */
    TASK_DONE,
    TASK_FAILED
} task_state;

struct task {
    box *box;
    task_state state;
    thingspace_pending *pending;
    thingspace_operation operation;
    thingspace_result *result; /* of the call that is over, for the coroutine */
    thingspace_status outcome; /* for what waited: OK, or CANCELLED */
    const task *awaited;
    int reference;
    int arguments; /* of the first resume */
    bool cancelled, observed;
};

/* ---- task.c ---- */

bool task_is_over(const task *self);

/* ---- resume.c ---- */

/* For box_call and box_try, with the task: it goes on with `arguments` values that are in its
 * coroutine already, then those that this made ready. */
int resume_task(lua_State *L);

/* ---- lost.c ---- */

/* The error of the task at `index` is nobody's: the loop raises it. */
void lost_add(lua_State *L, int index);
/* The error of the task at `index` is told. */
void lost_tell(lua_State *L, int index);
/* Raises what is nobody's, if there is such: one as it is, of several one error that has them. */
void lost_raise(lua_State *L, const box *box);

/* ---- loop.c ---- */

/* Works until no call is in flight, or so long; -1 is for ever. */
void loop_run(lua_State *L, box *box, long long wait_ms);

#endif
