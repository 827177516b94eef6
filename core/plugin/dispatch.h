/* SPDX-License-Identifier: MIT */
/*
 * The one place where hooks run. Each hook is a transaction: its changes stay when it succeeds and
 * are undone when it fails; then its instance's `on_error` decides. A phase can be left for a wait
 * and gone on with later. Not re-entrant: a hook cannot make its own call run hooks. The client's
 * thread.
 */
#ifndef PLUGIN_DISPATCH_H
#define PLUGIN_DISPATCH_H

#include "plugin/chain.h"
#include "plugin/view.h"

typedef struct dispatch {
    const chain *chain;
    phase phase;
    size_t next; /* index of the hook to run */
    bool stopped_operator, stopped_tenant;
} dispatch;

typedef enum dispatch_outcome {
    DISPATCH_DONE,
    DISPATCH_WAIT,   /* wait verdict->wait_ms, then dispatch_run again (a dry run need not wait) */
    DISPATCH_REPLY,  /* request phase: verdict->reply is the answer; the other request hooks are
                        skipped, check hooks still run */
    DISPATCH_FAILED, /* the error is set: DENIED, PLUGIN (or MEMORY, LOCAL), with the hook's names
                      */
} dispatch_outcome;

void dispatch_begin(dispatch *dispatch, const chain *chain, phase phase);
/*
 * Runs the hooks that are left. `out` is initialised and disposed of by the caller; `*by` (may be
 * NULL) tells the instance behind WAIT, REPLY and FAILED. In the error and audit phase failures are
 * counted and logged, never DISPATCH_FAILED, except those of an audit instance that is `required`.
 */
dispatch_outcome dispatch_run(dispatch *dispatch, view *view, verdict *out, const instance **by,
                              const log_target *log, thingspace_error *error);

#endif
