/* SPDX-License-Identifier: MIT */
/* The dispatcher: verdicts, owners, transactions, failure policies, audit. */
#include "fake.h"
#include <stdio.h>
#include "base/clock.h"
#include "base/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Which hooks ran: each adds its instance's name. */
static char ran[64];

static void note(const view *view)
{
    size_t size = strlen(ran);
    snprintf(ran + size, sizeof(ran) - size, "%s", view->running->name);
}

static thingspace_status pass(view *view, verdict *out, thingspace_error *error)
{
    (void)out, (void)error;
    note(view);
    return THINGSPACE_OK;
}

static thingspace_status stop(view *view, verdict *out, thingspace_error *error)
{
    out->kind = VERDICT_STOP;
    return pass(view, out, error);
}

static thingspace_status wait(view *view, verdict *out, thingspace_error *error)
{
    note(view);
    return verdict_set_wait(out, 250, error);
}

static thingspace_status deny(view *view, verdict *out, thingspace_error *error)
{
    verdict_set_deny(out, "NOT_NOW", "closed at night");
    return pass(view, out, error);
}

static thingspace_status reply(view *view, verdict *out, thingspace_error *error)
{
    note(view);
    return verdict_set_reply(out, 200, NULL, error);
}

static thingspace_status forged(view *view, verdict *out, thingspace_error *error)
{
    out->kind = VERDICT_COUNT;
    return pass(view, out, error);
}

static thingspace_status fail(view *view, verdict *out, thingspace_error *error)
{
    (void)out;
    note(view);
    error_set(error, THINGSPACE_USAGE, "a.lua:3: broken");
    error_set_place(error, "a.lua", 3);
    return THINGSPACE_PLUGIN;
}

static thingspace_status add_state(view *view, thingspace_error *error)
{
    const scalar one = {.type = SCALAR_INTEGER, .integer = 1};
    scalar sum;
    scalars *both[] = {instance_state(view->running), view_vars(view)};
    for (size_t i = 0; i < COUNT(both); i++) {
        if (!both[i])
            return error_memory(error);
        thingspace_status status = scalars_add(both[i], "n", 1, &one, &sum, error);
        if (status)
            return status;
    }
    return THINGSPACE_OK;
}

static thingspace_status count_run(view *view, verdict *out, thingspace_error *error)
{
    (void)out;
    return add_state(view, error);
}

static void a_dry_run_leaves_the_state_as_it_was(void)
{
    const fake_plugin counter = {.name = "counter", .every = count_run};
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, &counter, 1));
    CHECK_OK(fake_call_make(&call));
    call.view.dry_run = true;
    CHECK_OK(fake_run(&call, &chain, PHASE_REQUEST) == DISPATCH_DONE ? THINGSPACE_OK
                                                                     : call.error.kind);
    CHECK_INT(scalars_count(chain.items[0]->state), 0);
    CHECK_INT(scalars_count(call.view.vars[0]), 1);
    call.view.dry_run = false;
    CHECK_OK(fake_run(&call, &chain, PHASE_REQUEST) == DISPATCH_DONE ? THINGSPACE_OK
                                                                     : call.error.kind);
    CHECK_INT(scalars_count(chain.items[0]->state), 1);
}

/* Changes what it may in the request phase, and its state and vars. */
static thingspace_status change_all(view *view, verdict *out, thingspace_error *error)
{
    thingspace_status status = add_state(view, error);
    if (!status)
        status = view_set_request_header(view, "X-By", view->running->name, error);
    if (!status)
        status = view_remove_request_header(view, "Accept", error);
    if (!status)
        status = view_set_request_query(view, "by", view->running->name, error);
    return status ? status : pass(view, out, error);
}

static thingspace_status change_and_fail(view *view, verdict *out, thingspace_error *error)
{
    thingspace_status status = change_all(view, out, error);
    if (!status)
        status = verdict_set_reply(out, 200, NULL, error);
    return status ? status : fail(view, out, error);
}

static long long count_of(scalars *scalars)
{
    scalar value;
    scalars_get(scalars, "n", 1, &value);
    return value.type == SCALAR_INTEGER ? value.integer : 0;
}

/* --- verdicts --- */

static void each_phase_takes_its_verdicts_alone(void)
{
    static const struct {
        fake_hook *hook;
        const char *name;
        dispatch_outcome outcome;
        unsigned phases;
    } rows[] = {
        {stop, "stop", DISPATCH_DONE,
         PHASE_BIT(PHASE_REQUEST) | PHASE_BIT(PHASE_RESPONSE) | PHASE_BIT(PHASE_ERROR) |
             PHASES_INBOUND},
        {wait, "wait", DISPATCH_WAIT,
         PHASE_BIT(PHASE_REQUEST) | PHASE_BIT(PHASE_RESPONSE) | PHASE_BIT(PHASE_DELIVER)},
        {reply, "reply", DISPATCH_REPLY, PHASE_BIT(PHASE_REQUEST)},
        {deny, "deny", DISPATCH_FAILED,
         PHASE_BIT(PHASE_REQUEST) | PHASE_BIT(PHASE_CHECK) | PHASE_BIT(PHASE_RESPONSE) |
             PHASES_INBOUND},
        {forged, "so", DISPATCH_FAILED, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++) {
            const fake_plugin plugin = {.name = "a", .every = rows[i].hook, .required = true};
            cleanup_fake_chain fake_chain chain = {.count = 0};
            cleanup_fake_call fake_call call = {.lines = 0};
            CHECK_OK(fake_chain_make(&chain, &plugin, 1));
            CHECK_OK(fake_call_make(&call));
            bool allowed = rows[i].phases & PHASE_BIT(phase);
            dispatch_outcome outcome = fake_run(&call, &chain, phase);
            CHECK_OK(fake_status());
            if (allowed) {
                CHECK_INT(outcome, rows[i].outcome);
                CHECK_INT(chain.items[0]->failures, 0);
                continue;
            }
            CHECK_INT(outcome, phase == PHASE_ERROR ? DISPATCH_DONE : DISPATCH_FAILED);
            CHECK_INT(chain.items[0]->failures, 1);
            char told[64];
            snprintf(told, sizeof(told), "%s cannot answer %s", phase_of(phase)->name,
                     rows[i].name);
            CHECK(strstr(outcome == DISPATCH_FAILED ? call.error.message : call.line, told));
        }
}

static void a_denial_names_the_instance_and_its_code(void)
{
    static const fake_plugin plugin = {.name = "guard", .every = deny, .on_error = ON_ERROR_SKIP};
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, &plugin, 1));
    CHECK_OK(fake_call_make(&call));
    CHECK_INT(fake_run(&call, &chain, PHASE_CHECK), DISPATCH_FAILED);
    CHECK_INT(call.error.kind, THINGSPACE_DENIED);
    CHECK_TEXT(call.error.message, "guard: closed at night");
    CHECK_TEXT(call.error.code, "NOT_NOW");
    CHECK_TEXT(call.error.plugin, "fake");
    CHECK_TEXT(call.error.instance, "guard");
    CHECK_TEXT(call.error.phase, "check");
    CHECK(call.by == chain.items[0]);
    CHECK_INT(chain.items[0]->failures, 0);
}

static void a_reply_needs_the_capability_and_ends_the_phase(void)
{
    static const fake_plugin plugins[] = {
        {.name = "a",
         .every = reply,
         .without = CAPABILITY_REQUEST_REPLY,
         .on_error = ON_ERROR_SKIP},
        {.name = "b", .every = reply},
        {.name = "c", .every = pass},
    };
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, plugins, COUNT(plugins)));
    CHECK_OK(fake_call_make(&call));
    ran[0] = '\0';
    dispatch_outcome outcome = fake_run(&call, &chain, PHASE_REQUEST);
    CHECK_OK(fake_status());
    CHECK_INT(outcome, DISPATCH_REPLY);
    CHECK(call.by == chain.items[1]);
    CHECK(call.verdict.reply != NULL);
    CHECK_TEXT(ran, "ab");
    CHECK(strstr(call.line, "lacks capability request:reply"));
}

static void stop_skips_hooks_of_the_same_owner_alone(void)
{
    static const fake_plugin plugins[] = {
        {.name = "a", .every = stop},
        {.name = "b", .every = pass},
        {.name = "p", .tenant = "t", .every = pass},
        {.name = "q", .tenant = "t", .every = stop},
        {.name = "r", .tenant = "t", .every = pass},
    };
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, plugins, COUNT(plugins)));
    CHECK_OK(fake_call_make(&call));
    ran[0] = '\0';
    CHECK_INT(fake_run(&call, &chain, PHASE_REQUEST), DISPATCH_DONE);
    CHECK_TEXT(ran, "apq");
    ran[0] = '\0';
    CHECK_INT(fake_run(&call, &chain, PHASE_RESPONSE), DISPATCH_DONE);
    CHECK_TEXT(ran, "rqba");
}

static void after_a_wait_the_next_hook_runs(void)
{
    static const fake_plugin plugins[] = {{.name = "a", .every = change_all},
                                          {.name = "b", .every = wait},
                                          {.name = "c", .every = pass}};
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    dispatch dispatch;
    CHECK_OK(fake_chain_make(&chain, plugins, COUNT(plugins)));
    CHECK_OK(fake_call_make(&call));
    ran[0] = '\0';
    dispatch_begin(&dispatch, chain.chain, PHASE_REQUEST);
    dispatch_outcome outcome =
        dispatch_run(&dispatch, &call.view, &call.verdict, NULL, NULL, &call.error);
    CHECK_OK(fake_status());
    CHECK_INT(outcome, DISPATCH_WAIT);
    CHECK_INT(call.verdict.wait_ms, 250);
    CHECK_TEXT(view_request_header(&call.view, "X-By"), "a");
    CHECK(call.view.running == NULL);
    CHECK_INT(dispatch_run(&dispatch, &call.view, &call.verdict, NULL, NULL, NULL), DISPATCH_DONE);
    CHECK_INT(call.verdict.kind, VERDICT_NONE);
    CHECK_TEXT(ran, "abc");
}

/* --- failures --- */

static void each_policy_in_each_phase_does_what_is_documented(void)
{
    for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++)
        for (on_error policy = ON_ERROR_FAIL; policy < ON_ERROR_COUNT; policy++)
            for (int required = 0; required < 2; required++) {
                const fake_plugin plugins[] = {
                    {.name = "a", .every = fail, .on_error = policy, .required = required},
                    {.name = "b", .every = pass},
                };
                bool open = phase == PHASE_ERROR || phase == PHASE_AUDIT;
                bool fatal = open ? phase == PHASE_AUDIT && required : policy == ON_ERROR_FAIL;
                cleanup_fake_chain fake_chain chain = {.count = 0};
                cleanup_fake_call fake_call call = {.lines = 0};
                CHECK_OK(fake_chain_make(&chain, plugins, 2));
                CHECK_OK(fake_call_make(&call));
                ran[0] = '\0';
                CHECK_INT(fake_run(&call, &chain, phase), fatal ? DISPATCH_FAILED : DISPATCH_DONE);
                CHECK_INT(strlen(ran), fatal && !open && !phase_of(phase)->reverse ? 1 : 2);
                CHECK_INT(chain.items[0]->failures, 1);
                CHECK_INT(call.lines, !fatal);
                CHECK(fatal == (call.by == chain.items[0]));
                CHECK(fatal == (call.error.kind == THINGSPACE_PLUGIN));
                CHECK(instance_rests(chain.items[0], clock_monotonic_ms()) ==
                      (policy == ON_ERROR_QUARANTINE));
            }
}

static void a_failure_names_plugin_instance_phase_and_place(void)
{
    static const fake_plugin plugin = {.name = "tag", .every = fail};
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, &plugin, 1));
    CHECK_OK(fake_call_make(&call));
    CHECK_INT(fake_run(&call, &chain, PHASE_RESPONSE), DISPATCH_FAILED);
    CHECK_INT(call.error.kind, THINGSPACE_PLUGIN);
    CHECK_TEXT(call.error.message, "tag: response hook: a.lua:3: broken");
    CHECK_TEXT(call.error.plugin, "fake");
    CHECK_TEXT(call.error.instance, "tag");
    CHECK_TEXT(call.error.phase, "response");
    CHECK_TEXT(call.error.file, "a.lua");
    CHECK_INT(call.error.line, 3);
    CHECK_TEXT(call.error.account, "0000123456-00001");
}

static thingspace_status fail_silently(view *view, verdict *out, thingspace_error *error)
{
    (void)view, (void)out, (void)error;
    return THINGSPACE_PLUGIN;
}

static void a_failure_without_words_gets_none_of_another_hook(void)
{
    static const fake_plugin plugins[] = {
        {.name = "a", .every = fail, .on_error = ON_ERROR_SKIP},
        {.name = "b", .every = fail_silently},
    };
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, plugins, COUNT(plugins)));
    CHECK_OK(fake_call_make(&call));
    CHECK_INT(fake_run(&call, &chain, PHASE_REQUEST), DISPATCH_FAILED);
    CHECK_TEXT(call.error.message, "b: request hook: the hook failed without a reason");
}

static void a_failed_hook_is_undone_and_others_are_kept(void)
{
    static const fake_plugin plugins[] = {
        {.name = "a", .every = change_all},
        {.name = "b", .every = change_and_fail, .on_error = ON_ERROR_SKIP},
    };
    cleanup_fake_chain fake_chain both = {.count = 0}, first = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0}, expected = {.lines = 0};
    CHECK_OK(fake_chain_make(&both, plugins, 2));
    CHECK_OK(fake_chain_make(&first, plugins, 1));
    CHECK_OK(fake_call_make(&call));
    dispatch_outcome outcome = fake_run(&call, &both, PHASE_REQUEST);
    CHECK_OK(fake_status());
    CHECK_INT(outcome, DISPATCH_DONE);
    CHECK_OK(fake_call_make(&expected));
    outcome = fake_run(&expected, &first, PHASE_REQUEST);
    CHECK_OK(fake_status());
    CHECK_INT(outcome, DISPATCH_DONE);
    cleanup_text char *text = fake_request_text(&call);
    CHECK_MADE(text);
    cleanup_text char *expected_text = fake_request_text(&expected);
    CHECK_MADE(expected_text);
    CHECK_TEXT(text, expected_text);
    CHECK_INT(count_of(both.items[0]->state), 1);
    CHECK_INT(count_of(both.items[1]->state), 0);
    CHECK_INT(count_of(call.view.vars[0]), 1);
    CHECK(call.verdict.reply == NULL);
}

static void failures_are_logged_when_their_number_has_doubled(void)
{
    static const fake_plugin plugin = {.name = "a", .every = fail, .on_error = ON_ERROR_SKIP};
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, &plugin, 1));
    CHECK_OK(fake_call_make(&call));
    for (int i = 0; i < 100; i++)
        CHECK_INT(fake_run(&call, &chain, PHASE_REQUEST), DISPATCH_DONE);
    CHECK_INT(call.lines, 7); /* 1, 2, 4, ... 64 */
    CHECK_INT(chain.items[0]->failures, 100);
    CHECK(strstr(call.line, "a: request hook: a.lua:3: broken (skipped, 64 failed so far)"));
}

static void an_instance_in_quarantine_rests_and_comes_back(void)
{
    static const fake_plugin plugins[] = {
        {.name = "a", .every = pass, .on_error = ON_ERROR_QUARANTINE, .hooks[PHASE_CHECK] = fail},
    };
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, plugins, 1));
    CHECK_OK(fake_call_make(&call));
    instance *instance = chain.items[0];
    ran[0] = '\0';
    CHECK_INT(fake_run(&call, &chain, PHASE_CHECK), DISPATCH_DONE);
    CHECK(strstr(call.line,
                 "a: check hook: a.lua:3: broken (skipped, 1 failed so far; it rests for 1 s)"));
    CHECK_INT(fake_run(&call, &chain, PHASE_REQUEST), DISPATCH_DONE);
    CHECK_TEXT(ran, "a");
    CHECK_INT(instance->skipped, 1);
    instance->rests_until_ms = clock_monotonic_ms();
    CHECK_INT(fake_run(&call, &chain, PHASE_REQUEST), DISPATCH_DONE);
    CHECK_TEXT(ran, "aa");
    CHECK_INT(instance->bad_in_row, 0);
    CHECK_INT(instance->rests_until_ms, 0);
}

static void what_fails_in_a_dry_run_rests_for_no_real_call(void)
{
    static const fake_plugin plugins[] = {
        {.name = "a", .every = pass, .on_error = ON_ERROR_QUARANTINE, .hooks[PHASE_CHECK] = fail},
    };
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, plugins, 1));
    CHECK_OK(fake_call_make(&call));
    instance *instance = chain.items[0];
    ran[0] = '\0';
    call.view.dry_run = true;
    CHECK_INT(fake_run(&call, &chain, PHASE_CHECK), DISPATCH_DONE);
    CHECK(strstr(call.line, "a: check hook: a.lua:3: broken (skipped, 1 failed so far)"));
    call.view.dry_run = false;
    CHECK_INT(fake_run(&call, &chain, PHASE_REQUEST), DISPATCH_DONE);
    CHECK_TEXT(ran, "aa");
    CHECK_INT(fake_run(&call, &chain, PHASE_CHECK), DISPATCH_DONE);
    instance->rests_until_ms = clock_monotonic_ms();
    call.view.dry_run = true;
    CHECK_INT(fake_run(&call, &chain, PHASE_REQUEST), DISPATCH_DONE);
    CHECK_INT(instance->bad_in_row, 1); /* nor does it end one */
}

static void a_required_audit_hook_fails_the_call_after_all_have_run(void)
{
    static const fake_plugin plugins[] = {
        {.name = "a", .every = fail, .required = true},
        {.name = "b", .every = pass},
        {.name = "c", .every = fail, .required = true},
    };
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, plugins, COUNT(plugins)));
    CHECK_OK(fake_call_make(&call));
    ran[0] = '\0';
    CHECK_INT(fake_run(&call, &chain, PHASE_AUDIT), DISPATCH_FAILED);
    CHECK_TEXT(ran, "abc");
    CHECK(call.by == chain.items[0]);
    CHECK_TEXT(call.error.instance, "a");
}

static void a_required_audit_hook_has_no_rest(void)
{
    static const fake_plugin plugin = {
        .name = "a", .every = fail, .on_error = ON_ERROR_QUARANTINE, .required = true};
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, &plugin, 1));
    CHECK_OK(fake_call_make(&call));
    for (int i = 0; i < 2; i++)
        CHECK_INT(fake_run(&call, &chain, PHASE_AUDIT), DISPATCH_FAILED);
    CHECK_INT(fake_run(&call, &chain, PHASE_REQUEST), DISPATCH_DONE);
    CHECK_INT(chain.items[0]->skipped, 1);
}

static thingspace_status be_local(view *view, verdict *out, thingspace_error *error)
{
    (void)view, (void)out;
    return error_set(error, THINGSPACE_LOCAL, "cannot write audit.jsonl");
}

static void a_local_failure_keeps_its_kind(void)
{
    static const fake_plugin plugin = {.name = "audit", .every = be_local};
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, &plugin, 1));
    CHECK_OK(fake_call_make(&call));
    CHECK_INT(fake_run(&call, &chain, PHASE_CHECK), DISPATCH_FAILED);
    CHECK_INT(call.error.kind, THINGSPACE_LOCAL);
}

static const check_case cases[] = {
    CHECK_CASE(each_phase_takes_its_verdicts_alone),
    CHECK_CASE(a_denial_names_the_instance_and_its_code),
    CHECK_CASE(a_reply_needs_the_capability_and_ends_the_phase),
    CHECK_CASE(stop_skips_hooks_of_the_same_owner_alone),
    CHECK_CASE(after_a_wait_the_next_hook_runs),
    CHECK_CASE(each_policy_in_each_phase_does_what_is_documented),
    CHECK_CASE(a_failure_names_plugin_instance_phase_and_place),
    CHECK_CASE(a_failure_without_words_gets_none_of_another_hook),
    CHECK_CASE(a_failed_hook_is_undone_and_others_are_kept),
    CHECK_CASE(failures_are_logged_when_their_number_has_doubled),
    CHECK_CASE(an_instance_in_quarantine_rests_and_comes_back),
    CHECK_CASE(what_fails_in_a_dry_run_rests_for_no_real_call),
    CHECK_CASE(a_dry_run_leaves_the_state_as_it_was),
    CHECK_CASE(a_required_audit_hook_fails_the_call_after_all_have_run),
    CHECK_CASE(a_required_audit_hook_has_no_rest),
    CHECK_CASE(a_local_failure_keeps_its_kind),
};
CHECK_MAIN(cases)
