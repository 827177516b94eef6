/* SPDX-License-Identifier: MIT */
/* What outlives a hook: thingspace.state, call.vars, and the buckets of thingspace.take. */
#include "plugin_fixture.h"

static void state_holds_scalars_between_calls(void)
{
    static const char text[] = RIG_PLUGIN
        "request = function() local s = thingspace.state\n"
        "s:set('text', 'a\\0b') s:set('yes', true) s:set('half', 0.5) s:set('gone', 1)\n"
        "s:set('gone', nil) s:add('n') s:add('n', 4) end,\n"
        "check = function() local s = thingspace.state\n"
        "thingspace.log(#s:get('text'), s:get('yes'), s:get('half'), s:get('gone'), s:get('n'),\n"
        "s:add('sum', 1.5), s) end" RIG_END;
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_OK(rig_run(&rig, PHASE_CHECK));
    CHECK_TEXT(rig.logged, "p.lua: 3 true 0.5 nil 5 1.5 state\n");
}

static void what_a_failed_hook_stored_is_undone(void)
{
    static const char text[] =
        RIG_PLUGIN "request = function(call) thingspace.state:add('n') call.vars.n = 1\n"
                   "error('no') end,\n"
                   "check = function(call) thingspace.log(thingspace.state:get('n'), call.vars.n)\n"
                   "end" RIG_END;
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
    CHECK_OK(rig_run(&rig, PHASE_CHECK));
    CHECK_TEXT(rig.logged, "p.lua: nil nil\n");
}

static void state_survives_a_kill(void)
{
    static const char text[] =
        RIG_PLUGIN "request = function() thingspace.state:add('n')\n"
                   "thingspace.log(thingspace.state:get('n')) end,\n"
                   "check = function() thingspace.state:add('n') while true do end end" RIG_END;
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_STATUS(rig_run(&rig, PHASE_CHECK), THINGSPACE_PLUGIN);
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_TEXT(rig.logged, "p.lua: 1\np.lua: 2\n");
}

static void instances_share_no_state_but_variables(void)
{
    static const char text[] =
        RIG_REQUEST("thingspace.log(thingspace.state:add('n'), call.vars.n) call.vars.n = 'first'");
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_TEXT(rig.logged, "p.lua: 1 nil\np.lua: 1 first\n");
}

static void take_tells_how_long_to_wait(void)
{
    static const char text[] =
        RIG_REQUEST("local t = thingspace.take thingspace.log(t('a', 1, 2), t('a', 1, 2),\n"
                    "t('a', 1, 2) > 900, t('b', 1, 1))");
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_TEXT(rig.logged, "p.lua: 0 0 true 0\n");
}

static void a_dry_run_reserves_nothing(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    rig.view.dry_run = true;
    CHECK_OK(rig_request(&rig, "local t = thingspace.take\n"
                               "thingspace.log(t('a', 1, 1), t('a', 1, 1), call.dry_run)"));
    CHECK_TEXT(rig.logged, "p.lua: 0 0 true\n");
}

static void what_state_and_take_refuse(void)
{
    static const rig_case rows[] = {
        {"thingspace.state.get('a')", "call it with a colon: thingspace.state:get(key)"},
        {"thingspace.state.set({}, 'a', 1)",
         "call it with a colon: thingspace.state:set(key, value)"},
        {"thingspace.state:get()", "the key of thingspace.state is missing"},
        {"thingspace.state:get({})", "the key of thingspace.state must be text, not a table"},
        {"thingspace.state:set('a', {})",
         "thingspace.state holds texts, numbers, booleans and nil, not a table"},
        {"thingspace.state:set('a', function() end)", "not a function"},
        {"thingspace.state:set('a', 1, 2)", "too many arguments: write state:set(key, value)"},
        {"thingspace.state:set(('k'):rep(300), 1)", "p.lua:"},
        {"thingspace.state:add('a', 'b')", "state:add: the amount must be a number, not a string"},
        {"thingspace.state:set('t', 'x') thingspace.state:add('t')", "p.lua:"},
        {"thingspace.state.x = 1",
         "'x' of the state cannot be assigned: what may change has a method"},
        {"thingspace.take()", "take: the key is missing"},
        {"thingspace.take('a', 'b', 1)", "take: the rate must be a number, not a string"},
        {"thingspace.take('a', 1)", "take: the burst is missing"},
        {"thingspace.take('a', 0/0, 1)", "p.lua:"},
        {"thingspace.take('a', 0, 1)", "p.lua:"},
        {"thingspace.take('a', 1, -1)", "p.lua:"},
        {"thingspace.take('a', 1, 1/0)", "p.lua:"},
    };
    CHECK_FAILURES(rows);
}

static void state_and_variables_have_limits(void)
{
    static const rig_case rows[] = {
        {"for i = 1, 5000 do thingspace.state:set('k' .. i, i) end", "p.lua:2: "},
        {"for i = 1, 5000 do call.vars['k' .. i] = i end", "p.lua:3: "},
    };
    CHECK_FAILURES(rows);
}

static void outside_hooks_there_is_no_state(void)
{
    static const char state[] = "thingspace.state:set('a', 1)\n" RIG_REQUEST("");
    static const char take[] = "thingspace.take('a', 1, 1)\n" RIG_REQUEST("");
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_STATUS(rig_load(&rig, state), THINGSPACE_PLUGIN);
    CHECK_TEXT(rig.error.message, "p.lua:1: thingspace.state is for hooks: no hook runs");
    CHECK_STATUS(rig_load(&rig, take), THINGSPACE_PLUGIN);
    CHECK_TEXT(rig.error.message, "p.lua:1: thingspace.take is for hooks: no hook runs");
}

static const check_case cases[] = {
    CHECK_CASE(state_holds_scalars_between_calls),
    CHECK_CASE(what_a_failed_hook_stored_is_undone),
    CHECK_CASE_ONCE(state_survives_a_kill),
    CHECK_CASE(instances_share_no_state_but_variables),
    CHECK_CASE(take_tells_how_long_to_wait),
    CHECK_CASE(a_dry_run_reserves_nothing),
    CHECK_CASE(what_state_and_take_refuse),
    CHECK_CASE_ONCE(state_and_variables_have_limits),
    CHECK_CASE(outside_hooks_there_is_no_state),
};

CHECK_MAIN(cases)
