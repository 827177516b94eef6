/* SPDX-License-Identifier: MIT */
/* A tenant's script that a limit stopped: it rests, is loaded again, and nobody else notices. */
#include "base/clock.h"
#include "tenant_fixture.h"

static void count_line(void *user, thingspace_log_level level, const char *text)
{
    if (level == THINGSPACE_LOG_WARNING && strstr(text, "tenant acme rests for "))
        ++*(int *)user;
}

static thingspace_status load_logged(policy **out, const char *acme, const log_target *log,
                                     thingspace_error *error)
{
    const policy_script_options options = {.log = log};
    check_file("acme.lua", acme);
    check_file("north.lua", NORTH_SCRIPT);
    fixture_clear_environment();
    return policy_script_load_text(out, "p.lua", TENANTS, check_folder(), &options, error);
}

/* Every bad one is stopped by a limit, and each way is one. */
static void a_script_that_was_stopped_rests(void)
{
    static const struct {
        const char *body, *message;
    } rows[] = {
        {"while true do end", "the script ran "},
        {"while true do pcall(function() while true do end end) end", "the script ran "},
        {"local t = ('x'):rep(3e5)", "out of memory"},
        {"local function f() return 1 + f() end f()", "the script ran "},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_policy policy *p = NULL;
        decision found;
        cleanup_decision decision north = {0};
        char script[400];
        int warnings = 0;
        const log_target log = {count_line, &warnings, THINGSPACE_LOG_WARNING};
        snprintf(script, sizeof(script), "return { resolve = function() %s end }", rows[i].body);
        CHECK_OK(load_logged(&p, script, &log, &error));
        CHECK_STATUS(policy_resolve(p, &found, "1-1", &error), THINGSPACE_POLICY);
        CHECK(strstr(error.message, "tenant acme: ") == error.message);
        if (!check_report(strstr(error.message, rows[i].message) != NULL, __FILE__, __LINE__, "%s",
                          error.message))
            return;
        CHECK_INT(warnings, 1);
        CHECK_STATUS(policy_resolve(p, &found, "1-2", &error), THINGSPACE_POLICY);
        CHECK(strstr(error.message, "tenant acme rests for another 1 s after: ") == error.message);
        CHECK(strstr(error.message, rows[i].message) != NULL);
        CHECK_INT(warnings, 1);
        CHECK_OK(policy_resolve(p, &north, "2-1", &error));
    }
}

static void the_rest_doubles_and_a_good_run_ends_it(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    decision found;
    CHECK_OK(fixture_load_tenants(&p,
                                  "return { resolve = function(account)"
                                  " if account == '1-9' then error('no') end"
                                  " while account == '1-1' do end return {} end }",
                                  &error));
    tenant *acme = policy_tenant_at(p, 0);
    for (int i = 0; i < 3; i++) {
        int64_t before_ms = clock_monotonic_ms();
        CHECK_STATUS(policy_resolve(p, &found, "1-1", &error), THINGSPACE_POLICY);
        CHECK(acme->rests_until_ms >= before_ms + (1000 << i));
        CHECK(acme->rests_until_ms <= clock_monotonic_ms() + (1000 << i));
        acme->rests_until_ms = 0; /* the rest is over */
    }
    CHECK_STATUS(policy_resolve(p, &found, "1-9", &error), THINGSPACE_POLICY);
    CHECK_INT(acme->bad_in_row, 3); /* an error is neither */
    CHECK_INT(acme->rests_until_ms, 0);
    CHECK_OK(policy_resolve(p, &found, "1-2", &error));
    decision_dispose(&found);
    CHECK_INT(acme->bad_in_row, 0);
}

static void a_script_that_was_stopped_is_loaded_again(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_decision decision found = {0};
    cleanup_desired_listeners desired_listeners listeners = {0};
    CHECK_OK(fixture_load_tenants(&p,
                                  "return { resolve = function(account)"
                                  " while account == '1-1' do end return {} end,"
                                  " listeners = function() return { CarrierService = {"
                                  " url = 'https://h.acme.example/x',"
                                  " password = thingspace.secret.named('hook') } } end }",
                                  &error));
    CHECK_STATUS(policy_resolve(p, &found, "1-1", &error), THINGSPACE_POLICY);
    policy_tenant_at(p, 0)->rests_until_ms = 0;
    CHECK_OK(policy_listeners(p, &listeners, "1-2", &error));
    CHECK(listeners.items[0].password != NULL);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_script_that_was_stopped_rests),
    CHECK_CASE_ONCE(the_rest_doubles_and_a_good_run_ends_it),
    CHECK_CASE_ONCE(a_script_that_was_stopped_is_loaded_again),
};

CHECK_MAIN(cases)
