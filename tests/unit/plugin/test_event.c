/* SPDX-License-Identifier: MIT */
/* What audit hooks are told, as JSON: all of it, in order, nothing secret, nothing invented. */
#include "fake.h"
#include "base/text.h"

static thingspace_status tag(view *view, verdict *out, thingspace_error *error)
{
    (void)out;
    return view_set_request_header(view, "X-Team", "blue", error);
}

static const fake_plugin plugin = {.name = "tag", .every = tag};

static void a_call_that_failed_is_told_whole(void)
{
    static const event_attempt attempts[] = {{"token", 200, THINGSPACE_OK, 12},
                                             {"send", 0, THINGSPACE_TIMEOUT, 5000}};
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, &plugin, 1));
    CHECK_OK(fake_call_make(&call));
    CHECK_OK(request_set_path(call.request, "/callbacks/0000123456-00001", NULL));
    dispatch_outcome outcome = fake_run(&call, &chain, PHASE_REQUEST);
    CHECK_OK(fake_status());
    CHECK_INT(outcome, DISPATCH_DONE);
    call.view.service = "CarrierService";
    call.view.url = "https://a";
    call.view.tenant = "south";
    call.view.plan = "0123";
    call.view.reason = "ticket \xff 7";
    const event event = {.view = &call.view,
                         .status = THINGSPACE_SERVICE,
                         .error = &call.failure,
                         .http_status = 400,
                         .time_ms = 1700000000000,
                         .duration_ms = 5012,
                         .attempts = attempts,
                         .attempt_count = 2,
                         .replied_by = "cache"};
    cleanup_json json *made = event_json(&event);
    CHECK_MADE(made);
    cleanup_text char *text = NULL;
    CHECK_OK(json_write_text(&text, made));
    CHECK_TEXT(text,
               "{\"id\":\"0123456789abcdef\",\"time_ms\":1700000000000,\"duration_ms\":5012,"
               "\"account\":\"0000123456-00001\",\"operation\":\"register\","
               "\"service\":\"CarrierService\",\"url\":\"https://a\",\"method\":\"POST\","
               "\"path\":\"/callbacks/0000123456-00001\",\"tenant\":\"south\","
               "\"kind\":\"service\",\"message\":\"it said no\",\"status\":400,\"code\":\"E1\","
               "\"reason\":\"ticket \\\\xff 7\",\"plan\":\"0123\",\"replied_by\":\"cache\","
               "\"attempts\":["
               "{\"what\":\"token\",\"status\":200,\"kind\":\"ok\",\"ms\":12},"
               "{\"what\":\"send\",\"kind\":\"timeout\",\"ms\":5000}],\"changes\":["
               "{\"instance\":\"tag\",\"phase\":\"request\",\"field\":\"request.headers.X-Team\","
               "\"before\":null,\"after\":\"blue\"}]}");
}

static void a_change_of_a_tenants_hook_names_the_tenant(void)
{
    static const fake_plugin plugin = {.name = "tag", .every = tag, .tenant = "south"};
    cleanup_fake_chain fake_chain chain = {.count = 0};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_chain_make(&chain, &plugin, 1));
    CHECK_OK(fake_call_make(&call));
    dispatch_outcome outcome = fake_run(&call, &chain, PHASE_REQUEST);
    CHECK_OK(fake_status());
    CHECK_INT(outcome, DISPATCH_DONE);
    const event event = {.view = &call.view, .status = THINGSPACE_OK};
    cleanup_json json *made = event_changes_json(&event);
    CHECK_MADE(made);
    cleanup_text char *text = NULL;
    CHECK_OK(json_write_text(&text, made));
    CHECK_TEXT(text, "[{\"instance\":\"tag\",\"tenant\":\"south\",\"phase\":\"request\","
                     "\"field\":\"request.headers.X-Team\",\"before\":null,"
                     "\"after\":\"blue\"}]");
}

static void what_is_absent_is_left_out(void)
{
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_call_make(&call));
    call.view.request = NULL;
    call.view.plan = "";
    const event event = {.view = &call.view, .status = THINGSPACE_OK};
    cleanup_json json *made = event_json(&event);
    CHECK_MADE(made);
    cleanup_text char *text = NULL;
    CHECK_OK(json_write_text(&text, made));
    CHECK_TEXT(text, "{\"id\":\"0123456789abcdef\",\"time_ms\":0,\"duration_ms\":0,"
                     "\"account\":\"0000123456-00001\",\"operation\":\"register\",\"kind\":\"ok\","
                     "\"attempts\":[],\"changes\":[]}");
}

static const check_case cases[] = {
    CHECK_CASE(a_call_that_failed_is_told_whole),
    CHECK_CASE(a_change_of_a_tenants_hook_names_the_tenant),
    CHECK_CASE(what_is_absent_is_left_out),
};
CHECK_MAIN(cases)
