/* SPDX-License-Identifier: MIT */
/*
 * Which hooks ran, for `plugin explain` and --dry-run: a list kept only when a view has one. With
 * the journal it tells which hook changed which field. One thread at a time.
 */
#ifndef PLUGIN_TRACE_H
#define PLUGIN_TRACE_H

#include <stdint.h>
#include "plugin/instance.h"

typedef struct trace_run {
    const instance *instance;
    phase phase;
    verdict_kind verdict;
    int64_t wait_ms;
    int64_t duration_ns;
    size_t from, to; /* of the journal */
    bool failed, rested;
    char note[256]; /* why it failed, how long it rests, or the text of a denial; "" */
} trace_run;

typedef struct trace {
    trace_run *items;
    size_t count, capacity;
    bool lost; /* one could not be kept: there is no trace then */
} trace;

void trace_init(trace *trace);
void trace_dispose(trace *trace);
/* Cuts and escapes. */
void trace_note(trace_run *run, const char *text);
/* Expected: MEMORY; the trace is lost then. */
thingspace_status trace_add(trace *trace, const trace_run *run);
/*
 * [{"plugin","instance","tenant"?,"phase","verdict","wait_ms"?,"us","note"?,"changes":[{"field",
 * "before","after"}]}], redacted. The verdict of a hook that failed or rested is "failed",
 * "rested". Owned; NULL when out of memory.
 */
json *trace_json(const trace *trace, const view *view);

#endif
