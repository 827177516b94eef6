/* SPDX-License-Identifier: MIT */
/* What hooks may answer, and that anything else fails them. */
#include "plugin_fixture.h"

static void deny_fails_the_call_with_code_and_text(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_STATUS(rig_request(&rig, "return thingspace.deny('WINDOW', 'not on Sundays')"),
                 THINGSPACE_DENIED);
    CHECK_TEXT(rig.error.code, "WINDOW");
    CHECK_TEXT(rig.error.message, "test: not on Sundays");
}

static void deny_needs_a_code_only(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_STATUS(rig_request(&rig, "return thingspace.deny('WINDOW')"), THINGSPACE_DENIED);
    CHECK_TEXT(rig.error.code, "WINDOW");
}

static void wait_tells_how_long(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_request(&rig, "return thingspace.wait(250)"));
    CHECK_INT(rig.verdict.kind, VERDICT_WAIT);
    CHECK_INT(rig.verdict.wait_ms, 250);
}

static void stop_skips_the_later_hooks(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, RIG_REQUEST("return thingspace.stop()")));
    CHECK_OK(rig_load(&rig, RIG_REQUEST("request:set_header('X-Late', 'y')")));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK(rig_header(&rig, "X-Late") == NULL);
}

static void reply_has_status_body_and_header_fields(void)
{
    static const char code[] = "return thingspace.reply{ status = 202, json = { a = { 1 } },\n"
                               "  headers = { ['X-B'] = 'c', ['X-A'] = 'b' } }";
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_request(&rig, code));
    CHECK_INT(rig.verdict.kind, VERDICT_REPLY);
    CHECK_INT(rig.verdict.reply->status, 202);
    CHECK_TEXT(buffer_text(&rig.verdict.reply->body), "{\"a\":[1]}");
    CHECK_TEXT(response_header(rig.verdict.reply, "x-a"), "b");
    CHECK_INT(rig.verdict.reply->header_count, 2);
}

static void an_empty_reply_is_status_200(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_request(&rig, "return thingspace.reply{}"));
    CHECK_INT(rig.verdict.reply->status, 200);
    CHECK_INT(rig.verdict.reply->body.size, 0);
}

static void reply_needs_its_capability(void)
{
    static const char text[] = "return { name = 'test', version = '1.0.0', api = 1, hooks = {\n"
                               "request = function() return thingspace.reply{} end } }";
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
    CHECK_TEXT(rig.error.message,
               "test: request hook: p.lua:2: the plugin lacks capability request:reply: "
               "declare it in the manifest and grant it in the row");
}

static void anything_else_fails_the_hook(void)
{
    static const rig_case rows[] = {
        {"return {}", "p.lua:12: the request hook returned a table; return nil or a verdict"},
        {"return true", "returned a boolean; return nil or a verdict"},
        {"return false", "returned a boolean"},
        {"return 'x'", "returned a string"},
        {"return call", "returned a userdata"},
        {"return call.vars", "returned a userdata"},
        {"return nil, 'no room'", "p.lua:12: no room"},
        {"return nil, {}", "p.lua:12: table"},
    };
    CHECK_FAILURES(rows);
}

static void a_verdict_must_be_returned(void)
{
    static const rig_case rows[] = {
        {"thingspace.deny('A')",
         "deny was called and its verdict not returned: write `return thingspace.deny(...)`"},
        {"thingspace.reply{}", "reply was called and its verdict not returned"},
        {"return thingspace.stop(), 1",
         "the request hook returned more than its verdict: return the verdict alone"},
        {"thingspace.wait(1)", "wait was called and its verdict not returned"},
        {"thingspace.stop()", "stop was called and its verdict not returned"},
        {"thingspace.deny('A') return nil, 'x'", "deny was called and its verdict not returned"},
        {"return thingspace.deny('A'), 'x'", "returned more than its verdict"},
        {"thingspace.deny('A') return thingspace.stop()", "a second verdict"},
        {"local v = thingspace.deny('A') pcall(thingspace.stop) return v",
         "the request hook made more than one verdict"},
    };
    CHECK_FAILURES(rows);
}

static void a_verdict_counts_in_its_own_run_only(void)
{
    static const char text[] = "local kept\n" RIG_REQUEST(
        "if kept then return kept end kept = thingspace.stop() return kept");
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "returned the verdict of an earlier run") != NULL);
}

static void arguments_are_checked(void)
{
    static const rig_case rows[] = {
        {"return thingspace.deny()", "deny: code is missing"},
        {"return thingspace.deny('a', {})", "deny: text must be text, not a table"},
        {"return thingspace.deny('a', 'b', 'c')", "too many arguments: write thingspace.deny("},
        {"return thingspace.stop(1)", "too many arguments: write thingspace.stop()"},
        {"return thingspace.wait()", "wait: the number of milliseconds is missing"},
        {"return thingspace.wait('1')",
         "wait: the number of milliseconds must be a number, not a string"},
        {"return thingspace.wait(-1)", "a hook can wait 0 to"},
        {"return thingspace.wait(0/0)", "a hook can wait 0 to 3600000 milliseconds, not nan"},
        {"return thingspace.wait(1/0)", "a hook can wait 0 to"},
        {"return thingspace.reply()", "table expected"},
        {"return thingspace.reply{ sttus = 1 }", "unknown member 'sttus'; did you mean 'status'?"},
        {"return thingspace.reply{ status = 99 }", "status must be an integer from 200 to 599"},
        {"return thingspace.reply{ status = 200.5 }", "status must be an integer from 200 to 599"},
        {"return thingspace.reply{ json = function() end }", "a function cannot be JSON"},
        {"return thingspace.reply{ headers = 1 }", "headers must be a table of names and values"},
        {"return thingspace.reply{ headers = { 'a' } }", "a member without a name"},
        {"return thingspace.reply{ headers = { a = 1 } }", "a header's value must be text"},
        {"return thingspace.reply{ headers = { ['a b'] = 'c' } }", "p.lua:"},
        {"return thingspace.reply{ headers = { a = 'b\\r\\nc: d' } }", "p.lua:"},
        {"local t = {} for i = 1, 257 do t['x' .. i] = 'y' end "
         "return thingspace.reply{ headers = t }",
         "a reply has at most 256 header fields, of 65536 bytes together"},
        {"local t = {} for i = 1, 9 do t['x' .. i] = ('y'):rep(8000) end "
         "return thingspace.reply{ headers = t }",
         "a reply has at most 256 header fields, of 65536 bytes together"},
    };
    CHECK_FAILURES(rows);
}

static void a_reply_that_was_refused_is_not_kept(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_request(&rig, "pcall(thingspace.reply, { headers = { a = '\\n' } })"));
    CHECK_INT(rig.verdict.kind, VERDICT_NONE);
    CHECK(rig.verdict.reply == NULL);
}

typedef struct phase_case {
    const char *hook, *code;
    phase phase;
    const char *message;
} phase_case;

static void each_phase_takes_its_own_verdicts(void)
{
    static const phase_case rows[] = {
        {"check", "return thingspace.reply{}", PHASE_CHECK,
         "thingspace.reply is no answer in the check phase"},
        {"check", "return thingspace.wait(1)", PHASE_CHECK,
         "thingspace.wait is no answer in the check phase"},
        {"audit", "return thingspace.stop()", PHASE_AUDIT,
         "thingspace.stop is no answer in the audit phase"},
        {"response", "return thingspace.reply{}", PHASE_RESPONSE,
         "thingspace.reply is no answer in the response phase"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char text[1024];
        cleanup_rig rig rig = {0};
        CHECK_OK(rig_begin(&rig));
        snprintf(text, sizeof(text), RIG_PLUGIN "%s = function() %s end" RIG_END, rows[i].hook,
                 rows[i].code);
        rig.row->required = true;
        CHECK_OK(rig_load(&rig, text));
        CHECK_STATUS(rig_run(&rig, rows[i].phase), THINGSPACE_PLUGIN);
        CHECK(strstr(rig.error.message, rows[i].message) != NULL);
    }
}

static void outside_hooks_there_are_no_verdicts(void)
{
    static const char at_load[] = "thingspace.stop()\n" RIG_REQUEST("");
    static const char in_configure[] =
        "return { name = 'test', version = '1.0.0', api = 1, hooks = {},\n"
        "configure = function() return thingspace.deny('A') end }";
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_STATUS(rig_load(&rig, at_load), THINGSPACE_PLUGIN);
    CHECK_TEXT(rig.error.message, "p.lua:1: thingspace.stop is for hooks: no hook runs");
    CHECK_STATUS(rig_load(&rig, in_configure), THINGSPACE_PLUGIN);
    CHECK_TEXT(rig.error.message, "p.lua:2: thingspace.deny is for hooks: no hook runs");
}

static const check_case cases[] = {
    CHECK_CASE(deny_fails_the_call_with_code_and_text),
    CHECK_CASE(deny_needs_a_code_only),
    CHECK_CASE(wait_tells_how_long),
    CHECK_CASE(stop_skips_the_later_hooks),
    CHECK_CASE(reply_has_status_body_and_header_fields),
    CHECK_CASE(an_empty_reply_is_status_200),
    CHECK_CASE(reply_needs_its_capability),
    CHECK_CASE(anything_else_fails_the_hook),
    CHECK_CASE(a_verdict_must_be_returned),
    CHECK_CASE(a_verdict_counts_in_its_own_run_only),
    CHECK_CASE(arguments_are_checked),
    CHECK_CASE(a_reply_that_was_refused_is_not_kept),
    CHECK_CASE(each_phase_takes_its_own_verdicts),
    CHECK_CASE(outside_hooks_there_are_no_verdicts),
};

CHECK_MAIN(cases)
