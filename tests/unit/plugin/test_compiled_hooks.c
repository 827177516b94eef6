/* SPDX-License-Identifier: MIT */
/* Hooks of compiled plugins: what they see, what they may change, and what they may return. */
#include <dlfcn.h>
#include <stdlib.h>
#include "base/text.h"
#include "compiled_call.h"
#include "plugin/dispatch.h"

/* --- what hooks see --- */

static void each_phase_shows_its_fields_and_no_others(void)
{
#define CALL                                                                                       \
    " 1=0000123456-00001 2=register 3=CarrierService 4=https://a.example 5=0123456789abcdef"
    static const struct {
        phase phase;
        const char *wanted;
    } rows[] = {
        {PHASE_REQUEST, "good: request x:" CALL " 6=POST 7=/a/b 24=because 25=lab 26=p1 #1=2\n"},
        {PHASE_CHECK, "good: check x:" CALL " 6=POST 7=/a/b 24=because 25=lab 26=p1 #1=2\n"},
        {PHASE_RESPONSE, "good: response x:" CALL " 24=because 25=lab 26=p1 #1=2 #3=200\n"},
        {PHASE_ERROR,
         "good: error x:" CALL " 8=service 9=no 10=CODE 24=because 25=lab 26=p1 #1=2 #4=400\n"},
        {PHASE_AUDIT, "good: audit x: 11=0123456789abcdef 12=0000123456-00001 13=register "
                      "14=CarrierService 15=https://a.example 16=POST 17=/a/b 19=service 20=no "
                      "21=CODE 22=because 27=p1 #5=1700000000000 #6=12 #7=400\n"},
        {PHASE_ACCEPT, "good: accept x:" CALL " #1=2\n"},
        {PHASE_MESSAGE, "good: message x:" CALL " #1=2\n"},
        {PHASE_DELIVER, "good: deliver x:" CALL " #1=2\n"},
    };
    cleanup_compiled_call compiled_call call;
    cleanup_instance instance *made = NULL;
    CHECK_OK(compiled_call_init(&call));
    CHECK_OK(compiled_call_answer(&call));
    compiled_call_fail(&call);
    CHECK_OK(compiled_load_options(&made, "good", "{\"text\":\"x\"}", NULL));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        compiled_log[0] = '\0';
        CHECK_OK(compiled_call_run(&call, made, rows[i].phase));
        CHECK_TEXT(compiled_log, rows[i].wanted);
    }
}

static void absent_fields_are_absent(void)
{
    cleanup_compiled_call compiled_call call;
    cleanup_instance instance *made = NULL;
    CHECK_OK(compiled_call_init(&call));
    CHECK_OK(compiled_load_options(&made, "good", "{\"text\":\"x\"}", NULL));
    call.event = (event){.view = &call.view};
    call.view.event = &call.event;
    call.view.service = call.view.url = call.view.plan = call.view.reason = NULL;
    call.view.request = NULL;
    compiled_log[0] = '\0';
    CHECK_OK(compiled_call_run(&call, made, PHASE_AUDIT));
    CHECK_TEXT(compiled_log,
               "good: audit x: 11=0123456789abcdef 12=0000123456-00001 13=register 19=ok\n");
}

static void a_plugin_of_the_previous_header_works(void)
{
    cleanup_compiled_call compiled_call call;
    cleanup_instance instance *made = NULL;
    CHECK_OK(compiled_call_init(&call));
    CHECK_OK(compiled_load_options(&made, "previous", "{\"team\":\"red\"}", NULL));
    CHECK_INT(made->manifest.hooks, PHASE_BIT(PHASE_REQUEST) | PHASE_BIT(PHASE_AUDIT));
    CHECK_OK(compiled_call_run(&call, made, PHASE_REQUEST));
    CHECK_TEXT(compiled_call_header(&call, "X-Team"), "red");
    compiled_call_fail(&call);
    CHECK_OK(compiled_call_run(&call, made, PHASE_AUDIT));
}

/* --- what hooks return --- */

static void a_return_outside_the_closed_set_fails_the_hook(void)
{
    static const struct {
        const char *act, *wanted;
    } rows[] = {
        {"bad-return", "acts.so: it returned 42: return 0"},
        {"unmade-verdict", "acts.so: it returned 3 and made no such verdict"},
        {"forgotten-verdict", "acts.so: it made a verdict and did not return it: return what "
                              "thingspace_hook_deny answers"},
        {"other-verdict", "it made a verdict and did not return it"},
        {"two-verdicts", "it made 2 verdicts"},
        {"fail", "acts.so: the\\nreason"},
        {"silent-fail", "acts.so: it failed without a reason"},
        {"wait-too-long", "milliseconds"},
        {"bad-reply", "thingspace_hook_reply: not valid JSON"},
        {"long-reply", "a reply has at most 256 header fields, of 65536 bytes together"},
        {"edit-badly", "nothing at /no/parent can be set"},
        {"edit-no-json", "thingspace_hook_set_request_member, \"/a\": not valid JSON"},
        {"nameless", "a name is missing"},
    };
    cleanup_compiled_call compiled_call call;
    CHECK_OK(compiled_call_init(&call));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        thingspace_status status = compiled_call_act(&call, rows[i].act, PHASE_REQUEST);
        CHECK(status != THINGSPACE_OK);
        if (status == THINGSPACE_MEMORY && check_allocation_failed())
            return;
        if (!strstr(call.error.message, rows[i].wanted))
            CHECK_TEXT(call.error.message, rows[i].wanted);
        CHECK_TEXT(call.error.file, compiled_module("acts"));
    }
}

static void verdicts_reach_the_dispatcher(void)
{
    cleanup_compiled_call compiled_call call;
    CHECK_OK(compiled_call_init(&call));
    CHECK_OK(compiled_call_act(&call, "deny", PHASE_CHECK));
    CHECK_INT(call.verdict.kind, VERDICT_DENY);
    CHECK_TEXT(call.verdict.code, "window");
    CHECK_TEXT(call.verdict.text, "not before 22:00");
    CHECK_OK(compiled_call_act(&call, "stop", PHASE_REQUEST));
    CHECK_INT(call.verdict.kind, VERDICT_STOP);
    CHECK_OK(compiled_call_act(&call, "wait", PHASE_REQUEST));
    CHECK_INT(call.verdict.kind, VERDICT_WAIT);
    CHECK_INT(call.verdict.wait_ms, 1500);
    CHECK_OK(compiled_call_act(&call, "reply", PHASE_REQUEST));
    CHECK_INT(call.verdict.kind, VERDICT_REPLY);
    CHECK_INT(call.verdict.reply->status, 201);
    CHECK_TEXT(buffer_text(&call.verdict.reply->body), "{\"a\":1}");
}

/* --- what hooks change --- */

static thingspace_status body_text(const request *request, char **out)
{
    return json_write_text(out, request_json(request));
}

static void a_request_is_changed_part_by_part(void)
{
    cleanup_compiled_call compiled_call call;
    cleanup_text char *text = NULL;
    CHECK_OK(compiled_call_init(&call));
    CHECK_OK(request_set_header(call.request, "X-Gone", "1", NULL));
    CHECK_OK(compiled_call_act(&call, "edit", PHASE_REQUEST));
    CHECK_TEXT(compiled_call_header(&call, "X-Team"), "blue");
    CHECK(compiled_call_header(&call, "X-Gone") == NULL);
    CHECK_OK(body_text(call.request, &text));
    CHECK_TEXT(text,
               "{\"url\":\"https://a.example\",\"tags\":[{\"x\":1.50}],\"password\":\"***\"}");
    CHECK_INT(json_type_of(json_get(request_json(call.request), "password")), JSON_SECRET);
}

static void what_a_failed_hook_changed_is_undone(void)
{
    cleanup_compiled_call compiled_call call;
    cleanup_instance instance *made = NULL;
    cleanup_text char *before = NULL, *after = NULL;
    chain *chain = NULL;
    dispatch dispatch;
    CHECK_OK(compiled_call_init(&call));
    CHECK_OK(compiled_load_act(&made, "edit-and-fail"));
    CHECK_OK(body_text(call.request, &before));
    const instance_list list = {&made, 1};
    CHECK_OK(chain_new(&chain, &list, NULL));
    dispatch_begin(&dispatch, chain, PHASE_REQUEST);
    dispatch_outcome outcome =
        dispatch_run(&dispatch, &call.view, &call.verdict, NULL, NULL, &call.error);
    chain_free(chain);
    CHECK_INT(outcome, DISPATCH_FAILED);
    CHECK_STATUS(call.error.kind, THINGSPACE_PLUGIN);
    CHECK_TEXT(call.error.message, "acts: request hook: acts.so: second thoughts");
    CHECK(compiled_call_header(&call, "X-Team") == NULL);
    CHECK_OK(body_text(call.request, &after));
    CHECK_TEXT(after, before);
}

static void a_secret_that_was_read_goes_back_as_it_was(void)
{
    cleanup_compiled_call compiled_call call;
    CHECK_OK(compiled_call_init(&call));
    const json *before = json_get(request_json(call.request), "password");
    cleanup_secret thingspace_secret *password = thingspace_secret_ref(json_secret(before));
    CHECK_OK(compiled_call_act(&call, "edit-whole", PHASE_REQUEST));
    const json *after = json_get(request_json(call.request), "password");
    CHECK_INT(json_type_of(after), JSON_SECRET);
    CHECK(secret_equal(json_secret(after), password));
}

static void changing_outside_of_its_phase_fails(void)
{
    cleanup_compiled_call compiled_call call;
    CHECK_OK(compiled_call_init(&call));
    CHECK_OK(compiled_call_answer(&call));
    CHECK_STATUS(compiled_call_act(&call, "edit", PHASE_CHECK), THINGSPACE_PLUGIN);
    CHECK(strstr(call.error.message, "belongs to the phase request, and this is check") != NULL);
    CHECK_STATUS(compiled_call_act(&call, "edit-response", PHASE_REQUEST), THINGSPACE_PLUGIN);
    CHECK_STATUS(compiled_call_act(&call, "edit-failure", PHASE_REQUEST), THINGSPACE_PLUGIN);
    CHECK_STATUS(compiled_call_act(&call, "edit-whole", PHASE_RESPONSE), THINGSPACE_PLUGIN);
}

static void a_message_has_no_request_to_change(void)
{
    cleanup_compiled_call compiled_call call;
    CHECK_OK(compiled_call_init(&call));
    request *request = call.view.request;
    call.view.request = NULL;
    thingspace_status status = compiled_call_act(&call, "edit-badly", PHASE_MESSAGE);
    call.view.request = request;
    CHECK_STATUS(status, THINGSPACE_PLUGIN);
    CHECK(strstr(call.error.message, "belongs to the phase request, and this is message") != NULL);
}

static void there_is_no_event_before_the_audit(void)
{
    cleanup_compiled_call compiled_call call;
    CHECK_OK(compiled_call_init(&call));
    CHECK_OK(compiled_call_act(&call, "early-event", PHASE_REQUEST));
}

static void changing_without_the_capability_fails(void)
{
    cleanup_compiled_call compiled_call call;
    cleanup_instance instance *made = NULL;
    CHECK_OK(compiled_call_init(&call));
    CHECK_OK(compiled_load_act(&made, "edit"));
    made->granted = CAPABILITY_REQUEST_HEADERS_WRITE;
    CHECK_STATUS(compiled_call_run(&call, made, PHASE_REQUEST), THINGSPACE_PLUGIN);
    CHECK(strstr(call.error.message, "request.query:write") != NULL);
}

static void an_answer_is_changed(void)
{
    cleanup_compiled_call compiled_call call;
    CHECK_OK(compiled_call_init(&call));
    CHECK_OK(compiled_call_answer(&call));
    CHECK_OK(compiled_call_act(&call, "edit-response", PHASE_RESPONSE));
    CHECK_TEXT(response_header(&call.response, "X-Seen"), "yes");
    CHECK_TEXT(buffer_text(&call.response.body), "{\"a\":1,\"b\":[2]}");
}

static void a_failure_gets_other_words(void)
{
    cleanup_compiled_call compiled_call call;
    CHECK_OK(compiled_call_init(&call));
    compiled_call_fail(&call);
    CHECK_OK(compiled_call_act(&call, "edit-failure", PHASE_ERROR));
    CHECK_TEXT(call.failure.message, "other words");
    CHECK_TEXT(call.failure.code, "OTHER");
    CHECK_INT(call.failure.kind, THINGSPACE_SERVICE);
}

static void everything_is_read_with_secrets_hidden(void)
{
    cleanup_compiled_call compiled_call call;
    CHECK_OK(compiled_call_init(&call));
    CHECK_OK(compiled_call_answer(&call));
    compiled_call_fail(&call);
    CHECK_OK(compiled_call_act(&call, "read-all", PHASE_CHECK));
    CHECK_TEXT(compiled_log, "acts: blue|3|1|-|\"***\"|[\"a\"]|-|-|-|-|-|\n");
    CHECK_OK(compiled_call_act(&call, "read-all", PHASE_RESPONSE));
    CHECK_TEXT(compiled_log, "acts: blue|3|-|-|-|-|b|\"c\"|-|-|-|\n");
    CHECK_OK(compiled_call_act(&call, "read-all", PHASE_MESSAGE));
    CHECK_TEXT(compiled_log, "acts: blue|3|-|-|-|-|-|-|b|\"c\"|-|\n");
    CHECK_OK(compiled_call_act(&call, "read-all", PHASE_AUDIT));
    CHECK_TEXT(compiled_log, "acts: -|-|-|-|-|-|-|-|-|-|\"service\"|\n");
}

static void vars_are_read_as_text(void)
{
    cleanup_compiled_call compiled_call call;
    cleanup_instance instance *made = NULL;
    static const scalar count = {.type = SCALAR_INTEGER, .integer = 3};
    static const scalar half = {.type = SCALAR_NUMBER, .number = 0.5};
    static const scalar yes = {.type = SCALAR_BOOLEAN, .boolean = true};
    scalar line;
    CHECK_OK(compiled_call_init(&call));
    CHECK_OK(compiled_load_act(&made, "vars"));
    scalars *vars = view_vars(&call.view);
    CHECK_MADE(vars);
    CHECK_OK(scalars_set(vars, "count", 5, &count, NULL));
    CHECK_OK(scalars_set(vars, "half", 4, &half, NULL));
    CHECK_OK(scalars_set(vars, "yes", 3, &yes, NULL));
    CHECK_OK(compiled_call_run(&call, made, PHASE_REQUEST));
    scalars_get(vars, "line", 4, &line);
    CHECK_TEXT(line.text, "3 0.5 true");
    scalars_get(vars, "count", 5, &line);
    CHECK_INT(line.type, SCALAR_NIL);
}

static void a_hook_that_is_kept_is_stale(void)
{
    cleanup_compiled_call compiled_call call;
    cleanup_instance instance *made = NULL;
    CHECK_OK(compiled_call_init(&call));
    CHECK_OK(compiled_load_act(&made, "keep"));
    CHECK_OK(compiled_call_run(&call, made, PHASE_REQUEST));
    void *object = dlopen(compiled_module("acts"), RTLD_NOW | RTLD_LOCAL);
    CHECK(object != NULL);
    int (*stale)(void);
    *(void **)&stale = dlsym(object, "acts_stale");
    dlclose(object);
    CHECK(stale && stale() == 1);
    call.view.running = made; /* as while a hook of another instance runs */
    bool still = stale() == 1;
    call.view.running = NULL;
    CHECK(still);
}

/* Without a body there is nothing that the pointer is looked up in. */
static void a_missing_pointer_is_refused_without_a_body_too(void)
{
    cleanup_compiled_call compiled_call call;
    CHECK_OK(compiled_call_init(&call));
    CHECK_OK(compiled_call_answer(&call));
    CHECK_OK(request_set_json(call.request, NULL, NULL));
    buffer_clear(&call.response.body);
    CHECK_STATUS(compiled_call_act(&call, "pointerless", PHASE_REQUEST), THINGSPACE_PLUGIN);
    CHECK(strstr(call.error.message, "a name is missing") != NULL);
    CHECK_STATUS(compiled_call_act(&call, "pointerless-response", PHASE_RESPONSE),
                 THINGSPACE_PLUGIN);
    CHECK(strstr(call.error.message, "a name is missing") != NULL);
}

static void options_and_folder_are_read_in_create(void)
{
    static const char *const acts[] = {"late-options", "late-folder"};
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        cleanup_compiled_call compiled_call call;
        CHECK_OK(compiled_call_init(&call));
        CHECK_STATUS(compiled_call_act(&call, acts[i], PHASE_REQUEST), THINGSPACE_PLUGIN);
        CHECK(strstr(call.error.message, "options and folder are read in create") != NULL);
    }
}

static const check_case cases[] = {
    CHECK_CASE(each_phase_shows_its_fields_and_no_others),
    CHECK_CASE(absent_fields_are_absent),
    CHECK_CASE(a_plugin_of_the_previous_header_works),
    CHECK_CASE(a_return_outside_the_closed_set_fails_the_hook),
    CHECK_CASE(verdicts_reach_the_dispatcher),
    CHECK_CASE(a_request_is_changed_part_by_part),
    CHECK_CASE(what_a_failed_hook_changed_is_undone),
    CHECK_CASE(a_secret_that_was_read_goes_back_as_it_was),
    CHECK_CASE(changing_outside_of_its_phase_fails),
    CHECK_CASE(a_message_has_no_request_to_change),
    CHECK_CASE(there_is_no_event_before_the_audit),
    CHECK_CASE(changing_without_the_capability_fails),
    CHECK_CASE(an_answer_is_changed),
    CHECK_CASE(a_failure_gets_other_words),
    CHECK_CASE(everything_is_read_with_secrets_hidden),
    CHECK_CASE(vars_are_read_as_text),
    CHECK_CASE(a_hook_that_is_kept_is_stale),
    CHECK_CASE(a_missing_pointer_is_refused_without_a_body_too),
    CHECK_CASE(options_and_folder_are_read_in_create),
};
CHECK_MAIN(cases)
