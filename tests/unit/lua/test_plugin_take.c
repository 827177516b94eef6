/* SPDX-License-Identifier: MIT */
/* What hooks may ask of the host and what is refused: take with a longest wait, URL patterns,
 * handles of another phase, and secrets in a dry run. */
#include "plugin_fixture.h"
#include "base/secret_source.h"
#include "plugin/trace.h"

/* Ten years for one token: what the clock does meanwhile makes no difference. */
static void a_wait_that_is_longer_than_allowed_takes_nothing(void)
{
    static const char text[] =
        RIG_REQUEST("local function t(longest) return thingspace.take('a', 3e-9, 1, longest) end\n"
                    "thingspace.log(t(0), t(0) > 1e9, t(0) > 1e9, t() < 4e11, t(3600000) > 5e11)");
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_TEXT(rig.logged, "p.lua: 0 true true true true\n");
}

static void what_take_and_url_matches_refuse(void)
{
    static const rig_case rows[] = {
        {"thingspace.take('a', 1, 1, 3600001)", "the longest wait is 0 to 3600000 milliseconds"},
        {"thingspace.take('a', 1, 1, -1)", "the longest wait is 0 to 3600000 milliseconds"},
        {"thingspace.take('a', 1, 1, 0/0)", "the longest wait is 0 to 3600000 milliseconds"},
        {"thingspace.url_matches('example.com', 'https://example.com/')", "not a pattern of URLs"},
    };
    CHECK_FAILURES(rows);
}

/* The request is still there in the response phase, its handle is not offered. */
static void a_handle_that_was_kept_is_stale_in_another_phase(void)
{
    static const char text[] =
        "local kept\n" RIG_PLUGIN "request = function(call, request) kept = request end,\n"
        "response = function(call, response) thingspace.log(pcall(kept.header, kept, 'X-A'))\n"
        "kept = response end,\n"
        "check = function() thingspace.log(pcall(kept.header, kept, 'X-A')) end" RIG_END;
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_OK(rig_run(&rig, PHASE_RESPONSE));
    CHECK(strstr(rig.logged, "false stale handle: request.header belongs to the phase request"));
    rig.logged[0] = '\0';
    CHECK_OK(rig_run(&rig, PHASE_CHECK));
    CHECK(strstr(rig.logged, "false stale handle: response.header belongs to the phase response"));
}

static void free_source(void *source)
{
    secret_source_free(source);
}

static thingspace_status give_missing_secret(plugin_row *row)
{
    secret_source *source = NULL;
    thingspace_status status = map_new(&row->secrets, free_source);
    if (status == THINGSPACE_OK)
        status = secret_source_file(&source, NULL, "/nowhere/at/all", NULL);
    if (status == THINGSPACE_OK)
        status = map_set(row->secrets, "password", source);
    if (status != THINGSPACE_OK)
        secret_source_free(source);
    return status;
}

/* The file is not there: whoever reads it fails. */
static void what_a_dry_run_shows_asks_for_no_secret(void)
{
    static const char text[] =
        "return { name = 'test', version = '1.0.0', api = 1, capabilities = { "
        "'request.body:write' },\n"
        "options = { password = { type = 'secret' } },\n"
        "hooks = { request = function(call, request)\n"
        "request:set_json{ password = thingspace.secret.named('password') } end } }";
    cleanup_rig rig rig = {0};
    trace trace;
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(give_missing_secret(rig.row));
    CHECK_OK(rig_load(&rig, text));
    rig.view.dry_run = true;
    trace_init(&trace);
    rig.view.trace = &trace;
    thingspace_status shown = rig_run(&rig, PHASE_REQUEST);
    rig.view.trace = NULL;
    trace_dispose(&trace);
    CHECK_OK(shown);
    CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "/nowhere/at/all") != NULL);
}

static const check_case cases[] = {
    CHECK_CASE(a_wait_that_is_longer_than_allowed_takes_nothing),
    CHECK_CASE(what_take_and_url_matches_refuse),
    CHECK_CASE(a_handle_that_was_kept_is_stale_in_another_phase),
    CHECK_CASE(what_a_dry_run_shows_asks_for_no_secret),
};
CHECK_MAIN(cases)
