/* SPDX-License-Identifier: MIT */
/* Hooks as they run: their order, their failures, limits of the row, and states made again. */
#include "base/clock.h"
#include "base/limits.h"
#include "lua/policy/row_limits.h"
#include "plugin_fixture.h"

#define HEAD "return { name = 'test', version = '1.0.0', api = 1, "

static void each_phase_runs_its_hook(void)
{
    static const char text[] =
        HEAD "hooks = { request = function() thingspace.log('request') end,\n"
             "response = function() thingspace.log('response') end,\n"
             "error = function() thingspace.log('error') end,\n"
             "audit = function() thingspace.log('audit') end } }";
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++)
        CHECK_OK(rig_run(&rig, phase));
    CHECK_TEXT(rig.logged, "p.lua: request\np.lua: response\np.lua: error\np.lua: audit\n");
    CHECK_INT(rig.instances[0]->runs, 4);
}

static void two_instances_of_one_text_share_no_state(void)
{
    static const char text[] = "local n = 0\n" RIG_REQUEST("n = n + 1 thingspace.log(n)");
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_TEXT(rig.logged, "p.lua: 1\np.lua: 1\np.lua: 2\np.lua: 2\n");
}

static void a_failure_names_file_line_and_hook(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_STATUS(rig_request(&rig, "\n\nlocal x = nil + 1"), THINGSPACE_PLUGIN);
    CHECK_TEXT(rig.error.message, "test: request hook: p.lua:4: attempt to perform arithmetic on a "
                                  "nil value");
    CHECK_TEXT(rig.error.file, "p.lua");
    CHECK_INT(rig.error.line, 4);
    CHECK_TEXT(rig.error.instance, "test");
    CHECK_TEXT(rig.error.phase, "request");
    CHECK_TEXT(rig.error.account, "a-1");
}

static void a_failed_hook_is_undone_and_others_are_kept(void)
{
    static const char text[] =
        RIG_REQUEST("request:set_header('X-Bad', 'y') request:set_json{} request:set_query('a', "
                    "'b') error('no')");
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, RIG_REQUEST("request:set_header('X-Good', 'y')")));
    CHECK_OK(rig_load(&rig, text));
    CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
    CHECK_TEXT(rig_header(&rig, "X-Good"), "y");
    CHECK(rig_header(&rig, "X-Bad") == NULL);
    CHECK(request_query(rig.request, "a") == NULL);
    CHECK_TEXT(json_get_string(request_json(rig.request), "name"), "CarrierService");
}

static void instances_of_one_file_are_told_apart_in_the_log(void)
{
    static const char text[] = HEAD "hooks = { request = function() thingspace.log('here') end } }";
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    rig.row->name = text_copy("again");
    CHECK_OK(rig.row->name ? THINGSPACE_OK : THINGSPACE_MEMORY);
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_TEXT(rig.logged, "p.lua: here\nagain: p.lua: here\n");
}

/* The option tells it how often it may be configured. */
#define REBUILT                                                                                    \
    HEAD "hooks = { request = function(call) thingspace.log('run')\n"                              \
         "  if call.attempt == 1 then while true do end end end },\n"                              \
         "configure = function() thingspace.log('configured') end }"

static void a_killed_state_is_made_again_by_the_next_hook(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, REBUILT));
    rig.view.attempt = 1;
    CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "the request hook ran") != NULL);
    rig.view.attempt = 0;
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_TEXT(rig.logged, "p.lua: configured\np.lua: run\np.lua: configured\np.lua: run\n"
                           "p.lua: run\n");
}

/* Wall time alone makes it fail: the second load comes after a time that the first wrote down. */
static void a_state_that_cannot_be_made_again_fails_its_hooks(void)
{
    static const char text[] =
        "local limit = tonumber(thingspace.settings.until_ms)\n" HEAD
        "hooks = { request = function(call) while true do end end },\n"
        "configure = function() if thingspace.time_ms() > limit then error('too late') end end }";
    char setting[64];
    const char *settings[] = {setting, NULL};
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    snprintf(setting, sizeof(setting), "until_ms=%lld", (long long)clock_wall_ms() + 60000);
    rig.options.settings = settings;
    CHECK_OK(rig_load(&rig, text));
    CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
    clock_shift_wall(120000);
    thingspace_status second = rig_run(&rig, PHASE_REQUEST), third = rig_run(&rig, PHASE_REQUEST);
    clock_shift_wall(-120000);
    CHECK_STATUS(second, THINGSPACE_PLUGIN);
    CHECK_STATUS(third, THINGSPACE_PLUGIN);
    CHECK_TEXT(rig.error.message, "test: request hook: p.lua:3: too late");
    CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "the request hook ran") != NULL);
}

/* The second load comes after a minute, as above. */
static void a_state_that_is_made_again_has_the_same_hooks(void)
{
    static const char text[] =
        "local late = thingspace.time_ms() > tonumber(thingspace.settings.until_ms)\n" HEAD
        "hooks = { request = function(call) while true do end end,\n"
        "check = not late and function() end or nil } }";
    char setting[64];
    const char *settings[] = {setting, NULL};
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    snprintf(setting, sizeof(setting), "until_ms=%lld", (long long)clock_wall_ms() + 60000);
    rig.options.settings = settings;
    CHECK_OK(rig_load(&rig, text));
    CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
    clock_shift_wall(120000);
    thingspace_status second = rig_run(&rig, PHASE_CHECK);
    clock_shift_wall(-120000);
    CHECK_STATUS(second, THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "other hooks than when it was loaded first") != NULL);
}

/* Bodies are large: whoever may have them may hold a text as long. */
static void only_those_who_may_have_bodies_hold_long_texts(void)
{
    static const char *const declared[] = {"", "'request.body:read'"};
    for (size_t i = 0; i < 2; i++) {
        char text[400];
        cleanup_rig rig rig = {0};
        CHECK_OK(rig_begin(&rig));
        snprintf(text, sizeof(text),
                 HEAD "capabilities = { %s }, hooks = { request = function() local text = "
                      "('x'):rep(400 * 1024) end } }",
                 declared[i]);
        CHECK_OK(rig_load(&rig, text));
        CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), i ? THINGSPACE_OK : THINGSPACE_PLUGIN);
    }
}

static void numbers_are_random_by_call_and_phase(void)
{
    static const char text[] =
        HEAD "hooks = { request = function() thingspace.log(thingspace.random(1000000)) end,\n"
             "check = function() thingspace.log(thingspace.random(1000000)) end } }";
    char first[sizeof(((rig *)NULL)->logged)];
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    snprintf(first, sizeof(first), "%s", rig.logged);
    rig.logged[0] = '\0';
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_TEXT(rig.logged, first);
    rig.logged[0] = '\0';
    CHECK_OK(rig_run(&rig, PHASE_CHECK));
    CHECK(strcmp(rig.logged, first) != 0);
    rig.logged[0] = '\0';
    rig.view.id_bits++;
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK(strcmp(rig.logged, first) != 0);
}

static void the_row_sets_limits(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    rig.row->limits.instructions = 5000;
    CHECK_STATUS(rig_request(&rig, "for i = 1, 6000 do end"), THINGSPACE_PLUGIN);
    CHECK_TEXT(rig.error.message,
               "test: request hook: p.lua:2: the request hook ran too many instructions (limit "
               "5000)");
}

static void limits_of_a_row_override_the_defaults(void)
{
    plugin_limits row = {0};
    runtime_limits limits = row_limits_instance(&row, 0);
    CHECK_INT(limits.deadline_ms, limits_hook.deadline_ms);
    CHECK_INT(limits.allocation, limits_hook.allocation);
    limits = row_limits_instance(&row, CAPABILITY_REQUEST_BODY_READ);
    CHECK_INT(limits.allocation, LIMIT_REQUEST_BODY);
    CHECK(limits.memory > limits_hook.memory);
    limits =
        row_limits_instance(&row, CAPABILITY_REQUEST_BODY_READ | CAPABILITY_RESPONSE_BODY_WRITE);
    CHECK_INT(limits.allocation, LIMIT_REQUEST_BODY);
    CHECK(limits.memory > limits_hook.memory + LIMIT_RESPONSE_BODY);
    row = (plugin_limits){.deadline_ms = 5,
                          .memory_bytes = 4096,
                          .allocation_bytes = 1024,
                          .log_lines = 1,
                          .instructions = 7};
    limits = row_limits_instance(&row, CAPABILITY_RESPONSE_BODY_READ);
    CHECK_INT(limits.deadline_ms, 5);
    CHECK_INT(limits.memory, 4096);
    CHECK_INT(limits.allocation, 1024);
    CHECK_INT(limits.log_lines, 1);
    CHECK_INT(limits.instructions, 7);
    limits = row_limits_loading(&row);
    CHECK_INT(limits.deadline_ms, limits_configure.deadline_ms);
    CHECK_INT(limits.memory, 4096);
}

static const check_case cases[] = {
    CHECK_CASE(each_phase_runs_its_hook),
    CHECK_CASE(two_instances_of_one_text_share_no_state),
    CHECK_CASE(a_failure_names_file_line_and_hook),
    CHECK_CASE(a_failed_hook_is_undone_and_others_are_kept),
    CHECK_CASE(instances_of_one_file_are_told_apart_in_the_log),
    CHECK_CASE_ONCE(a_killed_state_is_made_again_by_the_next_hook),
    CHECK_CASE_ONCE(a_state_that_cannot_be_made_again_fails_its_hooks),
    CHECK_CASE_ONCE(a_state_that_is_made_again_has_the_same_hooks),
    CHECK_CASE(only_those_who_may_have_bodies_hold_long_texts),
    CHECK_CASE(numbers_are_random_by_call_and_phase),
    CHECK_CASE(the_row_sets_limits),
    CHECK_CASE(limits_of_a_row_override_the_defaults),
};

CHECK_MAIN(cases)
