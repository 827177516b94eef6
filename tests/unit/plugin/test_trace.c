/* SPDX-License-Identifier: MIT */
/* The trace: which hooks ran, what each answered and changed; no more runs than the limit, and none
 * at all when one is missing. */
#include "fake.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"

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

static thingspace_status wait(view *view, verdict *out, thingspace_error *error)
{
    (void)view;
    return verdict_set_wait(out, 250, error);
}

static thingspace_status deny(view *view, verdict *out, thingspace_error *error)
{
    (void)view, (void)error;
    verdict_set_deny(out, "NOT_NOW", "closed at night");
    return THINGSPACE_OK;
}

static thingspace_status fail(view *view, verdict *out, thingspace_error *error)
{
    (void)view, (void)out;
    return error_set(error, THINGSPACE_PLUGIN, "a.lua:3: broken");
}

static thingspace_status change_request(view *view, verdict *out, thingspace_error *error)
{
    (void)out;
    thingspace_status status = view_set_request_header(view, "X-By", view->running->name, error);
    if (!status)
        status = view_remove_request_header(view, "Accept", error);
    return status ? status : view_set_request_query(view, "by", view->running->name, error);
}

static thingspace_status change_and_fail(view *view, verdict *out, thingspace_error *error)
{
    thingspace_status status = change_request(view, out, error);
    return status ? status : fail(view, out, error);
}

static json *take_trace(fake_call *call, const fake_chain *chain)
{
    trace trace;
    trace_init(&trace);
    call->view.trace = &trace;
    dispatch dispatch;
    dispatch_begin(&dispatch, chain->chain, PHASE_REQUEST);
    while (dispatch_run(&dispatch, &call->view, &call->verdict, NULL, NULL, &call->error) ==
           DISPATCH_WAIT)
        continue;
    json *made = trace_json(&trace, &call->view);
    call->view.trace = NULL;
    trace_dispose(&trace);
    return made;
}

/* Times are dropped, also how long it rests: they differ. */
static char *trace_text(json *list)
{
    char *text = NULL;
    for (const json *item = json_first(list); item; item = json_next(item))
        json_remove((json *)item, "us");
    for (const json *item = json_first(list); item; item = json_next(item))
        if (text_starts_with(json_get_string(item, "note"), "rests for another "))
            json_remove((json *)item, "note");
    json_write_text(&text, list);
    for (char *quote = text; quote && (quote = strchr(quote, '"'));)
        *quote = '\'';
    return text;
}

/* With single quotes for double ones. */
static const char expected_trace[] =
    "[{'plugin':'fake','instance':'a','phase':'request','verdict':'none','changes':["
    "{'field':'request.headers.X-By','before':null,'after':'a'},"
    "{'field':'request.headers.Accept','before':'application/json','after':null},"
    "{'field':'request.query.by','before':null,'after':'a'}]},"
    "{'plugin':'fake','instance':'b','phase':'request','verdict':'failed',"
    "'note':'a.lua:3: broken','changes':[]},"
    "{'plugin':'fake','instance':'c','phase':'request','verdict':'rested','changes':[]},"
    "{'plugin':'fake','instance':'d','tenant':'south','phase':'request','verdict':'wait',"
    "'wait_ms':250,'changes':[]},"
    "{'plugin':'fake','instance':'e','tenant':'south','phase':'request','verdict':'deny',"
    "'note':'closed at night','changes':[]}]";

static void the_trace_tells_who_ran_and_changed_what(void)
{
    static const fake_plugin plugins[] = {
        {.name = "a", .every = change_request},
        {.name = "b", .every = change_and_fail, .on_error = ON_ERROR_SKIP},
        {.name = "c", .every = pass},
        {.name = "d", .every = wait, .tenant = "south"},
        {.name = "e", .every = deny, .tenant = "south"},
    };
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, plugins, sizeof(plugins) / sizeof(plugins[0])));
    CHECK_OK(fake_call_make(&call));
    chain.items[2]->rests_until_ms = clock_monotonic_ms() + 60000;
    cleanup_json json *list = take_trace(&call, &chain);
    CHECK_MADE(list);
    CHECK_OK(fake_status());
    CHECK(json_get(json_first(list), "us") != NULL);
    const json *rested = json_next(json_next(json_first(list)));
    CHECK(text_starts_with(json_get_string(rested, "note"), "rests for another "));
    cleanup_text char *text = trace_text(list);
    CHECK_MADE(text);
    CHECK_TEXT(text, expected_trace);
    CHECK_TEXT(call.error.message, "e (tenant south): closed at night");
    CHECK_TEXT(call.error.instance, "e");
    CHECK_TEXT(call.error.tenant, "south");
}

static thingspace_status wait_and_fail(view *view, verdict *out, thingspace_error *error)
{
    thingspace_status status = wait(view, out, error);
    return status ? status : fail(view, out, error);
}

static void what_a_failed_hook_answered_is_not_in_the_trace(void)
{
    static const fake_plugin plugin = {
        .name = "a", .every = wait_and_fail, .on_error = ON_ERROR_SKIP};
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, &plugin, 1));
    CHECK_OK(fake_call_make(&call));
    cleanup_json json *list = take_trace(&call, &chain);
    CHECK_MADE(list);
    CHECK_OK(fake_status());
    CHECK_TEXT(json_get_string(json_first(list), "verdict"), "failed");
    CHECK(json_get(json_first(list), "wait_ms") == NULL);
}

static const check_case cases[] = {
    CHECK_CASE(the_trace_tells_who_ran_and_changed_what),
    CHECK_CASE(what_a_failed_hook_answered_is_not_in_the_trace),
    CHECK_CASE_ONCE(a_trace_with_a_hole_is_none),
};
CHECK_MAIN(cases)
