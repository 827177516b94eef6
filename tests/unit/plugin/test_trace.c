/* SPDX-License-Identifier: MIT */
/* The trace: no more runs than the limit, and none at all when one is missing. */
#include "fake.h"
#include "base/limits.h"

static void dispose(trace *trace)
{
    trace_dispose(trace);
}

static thingspace_status pass(view *view, verdict *out, thingspace_error *error)
{
    (void)view, (void)out, (void)error;
    return THINGSPACE_OK;
}

static void a_trace_with_a_hole_is_none(void)
{
    static const fake_plugin plugin = {.name = "a", .every = pass};
    __attribute__((cleanup(dispose))) trace trace;
    cleanup_instance instance *instance = NULL;
    cleanup_fake_call fake_call call = {.lines = 0};
    trace_init(&trace);
    CHECK_OK(fake_instance(&instance, &plugin, 0));
    CHECK_OK(fake_call_make(&call));
    const trace_run run = {.instance = instance, .phase = PHASE_REQUEST};
    for (size_t i = 0; i < LIMIT_TRACE_RUNS; i++)
        CHECK_OK(trace_add(&trace, &run));
    CHECK_INT(trace.count, LIMIT_TRACE_RUNS);
    CHECK_STATUS(trace_add(&trace, &run), THINGSPACE_MEMORY);
    CHECK_INT(trace.count, LIMIT_TRACE_RUNS);
    cleanup_json json *list = trace_json(&trace, &call.view);
    CHECK(list == NULL);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_trace_with_a_hole_is_none),
};
CHECK_MAIN(cases)
