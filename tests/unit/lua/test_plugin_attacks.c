/* SPDX-License-Identifier: MIT */
/*
 * What a hostile or broken plugin tries, and what must happen: the hook fails, its changes are
 * undone, everybody else goes on. The numbers are those of the list of attacks that the plugin host
 * must survive. CHECK_VERBOSE=1 shows how long each endless one took.
 */
#include <pthread.h>
#include "base/limits.h"
#include "lua/plugin_inside.h"
#include "plugin_fixture.h"
#include "script.h"

static const plugin_limits deadline_alone = {.deadline_ms = 20, .instructions = 1000000000000};

/* Runs the cases as hooks of the phase; all must fail with PLUGIN and the message of their row, and
 * the second, innocent instance must go on. */
static void run_cases(phase phase, const rig_case *rows, size_t count)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load_cases(&rig, phase_of(phase)->name, "", rows, count, ""));
    for (size_t row = 0; row < count; row++) {
        rig_pick(&rig, row);
        thingspace_status status = rig_run(&rig, phase);
        if (status == THINGSPACE_MEMORY && check_allocation_failed())
            return;
        if (!check_report(status == THINGSPACE_PLUGIN && strstr(rig.error.message, rows[row].text),
                          __FILE__, __LINE__, "%s: \"%s\", should have \"%s\"", rows[row].code,
                          rig.error.message, rows[row].text))
            return;
    }
}

#define RUN_CASES(rows) run_cases(PHASE_REQUEST, rows, sizeof(rows) / sizeof(*(rows)))

/* --- CPU --- */

/* CPU time of one run that ended at its deadline, the best of three; -1: it did something else. */
static double time_row(rig *rig)
{
    double best = -1;
    for (int run = 0; run < 3 && (best < 0 || best > 25 * script_slowness()); run++) {
        double begin = script_cpu_ms();
        if (rig_run(rig, PHASE_REQUEST) != THINGSPACE_PLUGIN ||
            !strstr(rig->error.message, "the request hook ran over its deadline of 20 ms"))
            return -1;
        double took = script_cpu_ms() - begin;
        best = best < 0 || took < best ? took : best;
    }
    return best;
}

static void end_in_time(const rig_case *rows, size_t count)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    rig.row->limits = deadline_alone;
    CHECK_OK(rig_load_cases(&rig, "request", "", rows, count, ""));
    CHECK_OK(rig_load(&rig, RIG_PLUGIN "check = function() thingspace.log('fine') end" RIG_END));
    for (size_t row = 0; row < count; row++) {
        rig_pick(&rig, row);
        double took = time_row(&rig);
        if (getenv("CHECK_VERBOSE"))
            printf("# %6.2f ms: %s\n", took, rows[row].code);
        if (!check_report(took >= 0 && took <= 25 * script_slowness(), __FILE__, __LINE__,
                          "%s: %.1f ms, \"%s\"", rows[row].code, took, rig.error.message))
            return;
        rig.logged[0] = '\0';
        CHECK_OK(rig_run(&rig, PHASE_CHECK));
        CHECK_TEXT(rig.logged, "p.lua: fine\n");
    }
}

static void line_01_endless_loops_end_at_the_deadline(void)
{
    static const rig_case rows[] = {
        {"while true do end", ""},
        {"while true do pcall(function() while true do end end) end", ""},
        {"local function f() pcall(f) while true do end end while true do pcall(f) end", ""},
        {"while true do pcall(request.header, request, 'X') end", ""},
        {"while true do pcall(request.header, {}, 'X') end", ""},
        {"while true do local a = request:header('X-None') end", ""},
        {"while true do local a = call.account end", ""},
        {"while true do pcall(function() return call.acount end) end", ""},
        {"while true do pcall(request.set_header, request, 'X-A', 'b') end", ""},
        {"local s = ('a'):rep(2e5) while true do pcall(request.set_header, request, 'X', s) end",
         ""},
        {"local s = ('a'):rep(2e5) while true do request:header(s) end", ""},
        {"local t = {} for i = 1, 500 do t[i] = ('a'):rep(200) end request:set_json(t)"
         " while true do request:text() end",
         ""},
        {"local t = {} for i = 1, 500 do t[i] = i end request:set_json(t)"
         " while true do request:json() end",
         ""},
        {"local t = {} for i = 1, 500 do t[i] = i end while true do pcall(request.set_json, "
         "request, t) end",
         ""},
        {"while true do pcall(request.set_query, request, 'a', 'b') end", ""},
        {"while true do thingspace.state:add('n') end", ""},
        {"local s = ('a'):rep(60000) while true do thingspace.state:set('n', s) end", ""},
        {"while true do call.vars.x = 1 end", ""},
        {"while true do thingspace.take('a', 1e6, 1e6) end", ""},
        {"while true do pcall(thingspace.deny, 'a') end", ""},
        {"local t = {} for i = 1, 500 do t[i] = i end"
         " while true do pcall(thingspace.reply, { json = t }) end",
         ""},
        {"while true do thingspace.log('x') end", ""},
    };
    end_in_time(rows, sizeof(rows) / sizeof(*rows));
}

static void line_01_an_endless_load_or_configure_ends(void)
{
    static const char load[] = "while true do end";
    static const char configure[] =
        "return { name = 'test', version = '1.0.0', api = 1, hooks = {},"
        "\nconfigure = function() while true do end end }";
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_STATUS(rig_load(&rig, load), THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "p.lua:1: load ran") != NULL);
    CHECK_STATUS(rig_load(&rig, configure), THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "p.lua:2: configure ran") != NULL);
}

/* What a plugin finds in thingspace, in order. */
static const char host_text[] =
    "local names = {}\n"
    "local function list(t, prefix) for k in next, t do names[#names + 1] = prefix .. k end end\n"
    "list(thingspace, 'thingspace.') list(thingspace.secret, 'thingspace.secret.')\n"
    "table.sort(names)\n" RIG_REQUEST("thingspace.log(table.concat(names, ' '))");

static void line_02_the_host_has_what_is_documented_and_no_more(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, host_text));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_TEXT(rig.logged,
               "p.lua: thingspace.base64 thingspace.deny thingspace.hmac thingspace.json "
               "thingspace.log thingspace.random thingspace.reply thingspace.secret "
               "thingspace.secret.named thingspace.services thingspace.settings thingspace.sha256 "
               "thingspace.state thingspace.stop thingspace.take thingspace.time_ms "
               "thingspace.url_matches thingspace.wait\n");
}

static void line_02_what_leaves_the_limits_is_absent(void)
{
    static const rig_case rows[] = {
        {"xpcall(1)", "attempt to call a nil value (global 'xpcall')"},
        {"coroutine.wrap(1)", "attempt to index a nil value (global 'coroutine')"},
        {"collectgarbage()", "attempt to call a nil value (global 'collectgarbage')"},
        {"load('x')", "attempt to call a nil value (global 'load')"},
        {"dofile('x')", "attempt to call a nil value (global 'dofile')"},
        {"require('x')", "attempt to call a nil value (global 'require')"},
        {"io.open('x')", "attempt to index a nil value (global 'io')"},
        {"os.exit()", "attempt to index a nil value (global 'os')"},
        {"debug.sethook()", "attempt to index a nil value (global 'debug')"},
        {"package.path = ''", "attempt to index a nil value (global 'package')"},
        {"string.dump(string.dump)", "attempt to call a nil value (field 'dump')"},
    };
    RUN_CASES(rows);
}

static void line_03_finalizers_are_refused(void)
{
    static const rig_case rows[] = {
        {"setmetatable({}, { __gc = function() end })", "'__gc' is not allowed"},
        {"setmetatable({}, { __close = function() end })", "'__close' is not allowed"},
        {"setmetatable({}, { __mode = 'k' })", "'__mode' is not allowed"},
        {"setmetatable(request, {})", "table expected"},
    };
    RUN_CASES(rows);
}

/* --- Memory --- */

static void line_08_memory_runs_out_and_the_state_goes_on(void)
{
    static const rig_case rows[] = {
        {"local s = ('x'):rep(9e6)", "ran out of memory (limit 8 MiB for one text, table or"},
        {"local s = 'x' while true do s = s .. s end", "ran out of memory"},
        {"local t = {} while true do t[#t + 1] = {} end", "ran"},
        {"local t = {} for i = 1, 1e7 do t[i] = i end", "ran"},
        {"return table.unpack({}, 1, 1e7)", "p.lua:"},
        {"local t = {} while true do t = { t, ('x'):rep(100000) .. #t } end", "ran"},
        {"local t = {} for i = 1, 90000 do t[i] = 'abcdefghijklmnop' end"
         " request:set_json{ t, t, t, t }",
         "p.lua:"},
    };
    RUN_CASES(rows);
}

static void line_08_a_hook_after_one_that_ran_out_of_memory_works(void)
{
    static const char text[] = RIG_REQUEST(
        "if call.attempt == 1 then local s = ('x'):rep(6e7) end thingspace.log('fine')");
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    plugin_script *self = rig.instances[0]->self;
    const runtime *before = self->runtime;
    rig.view.attempt = 1;
    CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
    rig.view.attempt = 0;
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_TEXT(rig.logged, "p.lua: fine\n");
    CHECK(self->runtime == before);
}

static void *run_deep(void *user)
{
    static const rig_case rows[] = {
        {"local function f() return 1 + f() end f()", "p.lua:"},
        {"local function f(s) return (s:gsub('.', f)) end f('x')", "p.lua:"},
        {"local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k .. "
         "'x']"
         " end local x = t.a",
         "p.lua:"},
        {"local function f() pcall(f) end f() error('back')", "p.lua:"},
        {"local t = {} for i = 1, 1e5 do t = { t } end request:set_json(t)", "p.lua:"},
        {"local f f = function(a, b) table.sort({ 3, 2, 1 }, f) return false end f()", "p.lua:"},
        {"local m = {} m.__tostring = function(t) return tostring(t) end"
         " thingspace.log(setmetatable({}, m))",
         "p.lua:"},
    };
    (void)user;
    RUN_CASES(rows);
    return NULL;
}

static void line_09_deep_recursion_on_a_small_stack_is_an_error(void)
{
    pthread_t thread;
    pthread_attr_t attributes;
    CHECK_INT(pthread_attr_init(&attributes), 0);
    CHECK_INT(pthread_attr_setstacksize(&attributes, (size_t)(512 * 1024 * script_slowness())), 0);
    CHECK_INT(pthread_create(&thread, &attributes, run_deep, NULL), 0);
    pthread_attr_destroy(&attributes);
    pthread_join(thread, NULL);
}

static thingspace_status set_answer(rig *rig, size_t size)
{
    buffer_clear(&rig->response.body);
    buffer_append_byte(&rig->response.body, '"');
    for (size_t i = 0; i < size / 16; i++)
        buffer_append_text(&rig->response.body, "aaaaaaaaaaaaaaaa");
    return buffer_append_byte(&rig->response.body, '"');
}

static void line_10_a_large_body_enters_only_when_asked_for(void)
{
    static const char text[] =
        RIG_PLUGIN "response = function(call, response) if call.attempt == 1 then return nil, "
                   "#response:text() "
                   "end if call.attempt == 2 then return nil, #response:json() end\n"
                   "thingspace.log(response.status, response:header('X-Kind')) end" RIG_END;
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    rig.row->limits.allocation_bytes = 64 * 1024;
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(set_answer(&rig, 200 * 1024));
    CHECK_OK(rig_run(&rig, PHASE_RESPONSE));
    CHECK_TEXT(rig.logged, "p.lua: 201 test\n");
    for (rig.view.attempt = 1; rig.view.attempt <= 2; rig.view.attempt++) {
        CHECK_STATUS(rig_run(&rig, PHASE_RESPONSE), THINGSPACE_PLUGIN);
        CHECK(strstr(rig.error.message,
                     "the body has 200 KiB, more than the 64 KiB that this instance may hold") !=
              NULL);
    }
    rig.view.attempt = 0;
    CHECK_OK(rig_run(&rig, PHASE_RESPONSE));
}

static void line_10_a_body_up_to_the_cap_can_be_read(void)
{
    static const char text[] = RIG_PLUGIN
        "response = function(call, response) thingspace.log(#response:json()) end" RIG_END;
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    rig.row->limits.deadline_ms = 10000;
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(set_answer(&rig, 2 * 1024 * 1024));
    CHECK_OK(rig_run(&rig, PHASE_RESPONSE));
    CHECK_TEXT(rig.logged, "p.lua: 2097152\n");
}

static void line_10_a_large_request_body_is_a_phase_error(void)
{
    static const rig_case rows[] = {
        {"request:text()", "p.lua:"},
        {"local t = request:json()", "ran out of memory (limit 16 KiB for one text"},
    };
    cleanup_rig rig rig = {0};
    char text[20001];
    CHECK_OK(rig_begin(&rig));
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    json *body = json_new_string(text);
    CHECK_MADE(body);
    CHECK_OK(request_set_json(rig.request, body, &rig.error));
    rig.row->limits.allocation_bytes = 16 * 1024;
    CHECK_OK(rig_load_cases(&rig, "request", "", rows, 2, ""));
    for (size_t row = 0; row < 2; row++) {
        rig_pick(&rig, row);
        CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
        CHECK(strstr(rig.error.message, rows[row].text) != NULL);
    }
}

/* A hook of every kind of work. */
#define BUSY                                                                                       \
    "local body = request:json() body.n = call.attempt request:set_json(body)\n"                   \
    "request:set_header('X-A', call.id) request:set_query('q', request:header('Accept'))\n"        \
    "thingspace.state:add('n') call.vars.x = #request:text() thingspace.take('a', 1000, 1000)\n"   \
    "thingspace.state:set('t', 'x' .. thingspace.random(10))"

static void run_calls(rig *rig, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        rig->view.attempt = i;
        CHECK_OK(rig_run(rig, PHASE_REQUEST));
        view_dispose(&rig->view);
        rig->view.account = "a-1";
        rig->view.operation = "register";
        rig->view.request = rig->request;
        rig->view.id_bits = i;
    }
}

static size_t held_by(const rig *rig)
{
    plugin_script *self = rig->instances[0]->self;
    lua_gc(*(lua_State **)self->runtime, LUA_GCCOLLECT);
    return runtime_memory(self->runtime);
}

static void line_11_ten_thousand_calls_leave_memory_as_it_was(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, RIG_REQUEST(BUSY)));
    run_calls(&rig, 100);
    size_t before = held_by(&rig);
    run_calls(&rig, 10000);
    size_t after = held_by(&rig);
    if (getenv("CHECK_VERBOSE"))
        printf("# %zu bytes before, %zu after\n", before, after);
    CHECK(after <= before + before / 20);
    CHECK(after >= before - before / 20);
}

static void line_12_every_allocation_may_fail(void)
{
    static const char text[] =
        "return { name = 'test', version = '1.0.0', api = 1, capabilities = {" RIG_ALL "},\n"
        "options = { a = { type = 'string', default = 'x', doc = 'what' } },\n"
        "configure = function(o) local t = { o.a } end,\n"
        "hooks = { request = function(call, request) " BUSY " return thingspace.reply{ json = {},\n"
        "  headers = { A = 'b' } } end,\n"
        "check = function(call, request) if call.vars.x == 1 then return thingspace.deny('a') end\n"
        "end,\n"
        "response = function(call, response) response:set_header('X-A', 'b')\n"
        "  response:set_json{ #response:text(), response:json() } end,\n"
        "error = function(call, failure) failure:set_message('x') failure:set_code('y') end,\n"
        "audit = function(event) local a = { event.attempts, event.changes, event.path } end,\n"
        "message = function(call, message) local j = message:json() end } }";
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++)
        CHECK_OK(rig_run(&rig, phase));
    CHECK_TEXT(rig.failure.message, "x");
}

/* --- Code and isolation --- */

static void line_15_what_scripts_share_cannot_be_reached(void)
{
    static const rig_case rows[] = {
        {"getmetatable('').__index = nil", "attempt to index a nil value"},
        {"string.upper = 1 return nil, ('a'):upper()", "p.lua:"},
        {"_G.x = 1", "assignment to global 'x' after the load"},
        {"_ENV.x = 1", "assignment to global 'x' after the load"},
        {"rawset(_G, 'x', 1)", "this table cannot be changed"},
        {"setmetatable(_G, {})", "cannot change a protected metatable"},
        {"return nil, tostring(getmetatable(request)) .. tostring(getmetatable(call.vars))",
         "nilnil"},
        {"for k in pairs(request) do end", "p.lua:"},
        {"rawset(request, 'a', 1)", "p.lua:"},
        {"rawget(request, '__name')", "p.lua:"},
        {"next(request)", "p.lua:"},
    };
    RUN_CASES(rows);
}

static void line_16_globals_are_closed_and_nothing_is_shared(void)
{
    static const char first[] =
        "shared = 1 string.upper = function() return 'stolen' end\n" RIG_REQUEST("counter = 1");
    static const char second[] =
        RIG_REQUEST("thingspace.log(shared, ('a'):upper(), string.upper('b'))");
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, first));
    CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "assignment to global 'counter' after the load") != NULL);
    rig.instances[0]->on_error = ON_ERROR_SKIP;
    CHECK_OK(rig_load(&rig, second));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK(strstr(rig.logged, "p.lua: nil A B\n") != NULL);
}

static void line_17_a_kept_handle_means_the_running_hook(void)
{
    static const char text[] =
        "local kept_call, kept\n" RIG_PLUGIN
        "request = function(call, request) kept_call, kept = call, request end,\n"
        "check = function(call, request) thingspace.log(kept_call.account, kept == request,\n"
        "  kept_call == call, kept:header('Accept')) end,\n"
        "response = function() return nil, kept.method end,\n"
        "error = function() kept:set_header('X', 'y') end,\n"
        "audit = function() thingspace.log(kept_call.account) end" RIG_END;
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    rig.instances[0]->required = true;
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    rig.view.account = "b-2";
    CHECK_OK(rig_run(&rig, PHASE_CHECK));
    CHECK_TEXT(rig.logged, "p.lua: b-2 true true application/json\n");
    CHECK_STATUS(rig_run(&rig, PHASE_RESPONSE), THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "stale handle: request.method belongs to") != NULL);
    rig.logged[0] = '\0';
    CHECK_OK(rig_run(&rig, PHASE_ERROR));
    CHECK(strstr(rig.logged, "stale handle: request.set_header belongs to") != NULL);
    CHECK_STATUS(rig_run(&rig, PHASE_AUDIT), THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "stale handle: call.account belongs to") != NULL);
    CHECK(rig_header(&rig, "X") == NULL);
}

/* A function that reads the handle runs again when the state is made anew, and at no other time
 * outside of hooks. */
static int use_handle(lua_State *L)
{
    plugin_script *self = lua_touserdata(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, self->references[HANDLE_REQUEST]);
    lua_getfield(L, -1, "method");
    return 0;
}

static int use_method(lua_State *L)
{
    plugin_script *self = lua_touserdata(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, self->references[HANDLE_REQUEST]);
    lua_getfield(L, -1, "header");
    lua_insert(L, -2);
    lua_pushliteral(L, "Accept");
    lua_call(L, 2, 1);
    return 0;
}

static void line_17_outside_a_hook_every_handle_is_stale(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, RIG_REQUEST("")));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    plugin_script *self = rig.instances[0]->self;
    CHECK_STATUS(runtime_enter(self->runtime, use_handle, self, NULL, &limits_hook, &rig.error),
                 THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "stale handle: a request means the hook that runs") != NULL);
    CHECK_STATUS(runtime_enter(self->runtime, use_method, self, NULL, &limits_hook, &rig.error),
                 THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "stale handle: a request means the hook that runs") != NULL);
}

static void line_17_a_forged_handle_is_a_type_error(void)
{
    static const rig_case rows[] = {
        {"request.set_header({}, 'X', 'y')", "not a request"},
        {"request.set_header(nil, 'X', 'y')", "not a request"},
        {"request.set_header('request', 'X', 'y')", "not a request"},
        {"request.set_header(call, 'X', 'y')", "not a request"},
        {"request.set_header(thingspace.state, 'X', 'y')", "not a request"},
        {"request.set_header(thingspace.json.null, 'X', 'y')", "not a request"},
        {"request.set_header(setmetatable({}, { __index = request }), 'X', 'y')", "not a request"},
        {"thingspace.state.set(request, 'X', 'y')", "call it with a colon"},
        {"return setmetatable({}, { __index = thingspace })", "returned a table"},
        {"return thingspace.state", "returned a userdata"},
    };
    RUN_CASES(rows);
}

static void line_18_odd_arguments_are_clean_errors(void)
{
    static const rig_case rows[] = {
        {"request:header()", "header: name must be text, not no value"},
        {"request:header(nil)", "header: name must be text, not nil"},
        {"request:header(0/0)", "header: name must be text, not number"},
        {"request:header('a', 'b')", "too many arguments"},
        {"request:set_header('X-A', 1e400)", "value must be text, not number"},
        {"request:set_header('X-A\\0', 'b')", "name has a zero byte"},
        {"request:set_query('a\\0', 'b')", "name has a zero byte"},
        {"request:set_json{ 0/0 }", "cannot be JSON"},
        {"request:set_json{ 1/0 }", "cannot be JSON"},
        {"request:set_json{ [-1] = 1 }", "cannot be JSON"},
        {"request:set_json{ a = 'b\\0c' }", "a NUL cannot be JSON"},
        {"request:json(1)", "too many arguments"},
        {"request:text({})", "too many arguments"},
        {"thingspace.wait(2^53 + 1)", "a hook can wait 0 to"},
        {"thingspace.take('a', -1, 1)", "p.lua:"},
        {"thingspace.take('a', 1/0, 1)", "p.lua:"},
        {"thingspace.reply{ status = 2^53 + 1 }", "status must be an integer"},
        {"thingspace.reply{ status = 0/0 }", "status must be an integer"},
    };
    RUN_CASES(rows);
}

static void line_18_large_integers_stay_exact(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(
        rig_request(&rig, "request:set_json{ 9007199254740993 } thingspace.log(request:text())"));
    CHECK_TEXT(rig.logged, "p.lua: [9007199254740993]\n");
}

/* --- Outputs --- */

static void line_19_header_fields_that_cannot_be_sent_are_refused(void)
{
    static const rig_case rows[] = {
        {"request:set_header('X-A', 'b\\r\\nX-B: c')", "p.lua:"},
        {"request:set_header('X-A', 'b\\nc')", "p.lua:"},
        {"request:set_header('X-A', ' b')", "p.lua:"},
        {"request:set_header('X-A', 'b\\0')", "zero byte"},
        {"request:set_header('X A', 'b')", "p.lua:"},
        {"request:set_header('X:A', 'b')", "p.lua:"},
        {"request:set_header('', 'b')", "p.lua:"},
        {"request:set_header('X-A\\r\\n', 'b')", "p.lua:"},
        {"request:set_header('X-A', ('b'):rep(10000))", "p.lua:"},
        {"for i = 1, 100 do request:set_header('X-' .. i, 'b') end", "p.lua:"},
        {"return thingspace.reply{ headers = { ['X-A'] = 'b\\r\\nX-B: c' } }", "p.lua:"},
    };
    cleanup_rig rig rig = {0};
    RUN_CASES(rows);
    CHECK_OK(rig_begin(&rig));
    CHECK_STATUS(rig_request(&rig, rows[0].code), THINGSPACE_PLUGIN);
    CHECK(rig_header(&rig, "X-A") == NULL);
}

static void line_20_fields_that_frame_or_authorise_are_refused(void)
{
    static const char *const names[] = {"Host",          "Content-Length", "Transfer-Encoding",
                                        "Authorization", "VZ-M2M-Token",   "host"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        char code[128];
        cleanup_rig rig rig = {0};
        CHECK_OK(rig_begin(&rig));
        snprintf(code, sizeof(code), "request:set_header('%s', 'x')", names[i]);
        CHECK_STATUS(rig_request(&rig, code), THINGSPACE_PLUGIN);
        CHECK(rig_header(&rig, names[i]) == NULL);
    }
}

static void line_22_secrets_and_files_are_the_policys_alone(void)
{
    static const rig_case rows[] = {
        {"thingspace.secret.file('/etc/passwd')", "attempt to call a nil value (field 'file')"},
        {"thingspace.secret.env('HOME')", "attempt to call a nil value (field 'env')"},
        {"thingspace.secret.dir('x')", "attempt to call a nil value (field 'dir')"},
        {"thingspace.secret.command{ 'id' }", "attempt to call a nil value (field 'command')"},
        {"thingspace.secret.credential('x')", "attempt to call a nil value (field 'credential')"},
        {"thingspace.csv('x')", "attempt to call a nil value (field 'csv')"},
        {"thingspace.json_file('x')", "attempt to call a nil value (field 'json_file')"},
        {"thingspace.secret.named('x')", "the row gives no secret 'x'"},
    };
    RUN_CASES(rows);
}

static void line_22a_a_verdict_that_is_not_returned_fails_the_hook(void)
{
    static const rig_case rows[] = {
        {"thingspace.deny('A')", "deny was called and its verdict not returned"},
        {"thingspace.reply{}", "reply was called and its verdict not returned"},
        {"thingspace.stop()", "stop was called and its verdict not returned"},
        {"thingspace.wait(1)", "wait was called and its verdict not returned"},
        {"pcall(thingspace.deny, 'A')", "deny was called and its verdict not returned"},
        {"return { thingspace.deny('A') }", "deny was called and its verdict not returned"},
    };
    RUN_CASES(rows);
}

static void line_23_tables_are_read_raw_and_once(void)
{
    static const char text[] =
        "local n = 0\n"
        "local liar = { __index = function(t, k) n = n + 1 return n % 2 == 0 and 'x' or 'y' end,\n"
        "  __len = function() return 100 end, __pairs = function() error('called') end }\n"
        "return setmetatable({ name = 'test', version = '1.0.0', api = 1,\n"
        "  capabilities = setmetatable({ 'request:reply' }, liar),\n"
        "  options = setmetatable({}, liar), hooks = setmetatable({\n"
        "  request = function() return thingspace.reply(setmetatable({ status = 201,\n"
        "    headers = setmetatable({ A = 'b' }, liar), json = setmetatable({ 1 }, liar) }, "
        "liar))\n"
        "  end }, liar) }, liar)";
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, text));
    CHECK_INT(rig.instances[0]->granted, CAPABILITY_REQUEST_REPLY);
    CHECK_INT(rig.instances[0]->manifest.hooks, PHASE_BIT(PHASE_REQUEST));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_INT(rig.verdict.reply->status, 201);
    CHECK_TEXT(buffer_text(&rig.verdict.reply->body), "[1]");
    CHECK_INT(rig.verdict.reply->header_count, 1);
}

static void line_24_tables_that_are_no_json_are_bounded_errors(void)
{
    static const rig_case rows[] = {
        {"local t = {} t.t = t request:set_json(t)", "deeper than 64 (or a table holds itself)"},
        {"local t = {} for i = 1, 100 do t = { t } end request:set_json(t)", "deeper than 64"},
        {"request:set_json{ [1000000] = 1 }", "cannot be JSON"},
        {"request:set_json{ 1, nil, 3 }", "a list with gaps cannot be JSON"},
        {"request:set_json{ 1, a = 2 }", "cannot be JSON"},
        {"request:set_json{ [{}] = 2 }", "cannot be JSON"},
        {"local t = {} for i = 1, 300000 do t[i] = true end request:set_json(t)", "p.lua:"},
        {"return thingspace.reply{ json = { call } }", "a userdata cannot be JSON"},
    };
    RUN_CASES(rows);
}

static void line_25_a_return_outside_of_the_set_fails_the_hook(void)
{
    static const rig_case rows[] = {
        {"return {}", "the request hook returned a table; return nil or a verdict"},
        {"return 1", "the request hook returned a number"},
        {"return true, thingspace.deny('A')", "deny was called and its verdict not returned"},
        {"return nil, 'out of ports'", "out of ports"},
        {"return thingspace.stop", "the request hook returned a function"},
    };
    RUN_CASES(rows);
}

static void line_26_error_values_of_all_kinds_are_text(void)
{
    static const rig_case rows[] = {
        {"error()", "the error value is a nil, not a text"},
        {"error({})", "the error value is a table, not a text"},
        {"error(request)", "the error value is a userdata, not a text"},
        {"error(setmetatable({}, { __tostring = function() while true do end end }))",
         "the error value is a table, not a text"},
        {"error(42)", "42"},
        {"error(true)", "the error value is a boolean, not a text"},
        {"error('a\\nb\\27[1m')", "a\\nb\\x1b[1m"},
        {"return nil, setmetatable({}, { __tostring = function() while true do end end })",
         "p.lua:"},
        {"return nil, ('x'):rep(1000)", "xxx"},
    };
    RUN_CASES(rows);
}

/* --- Secrets --- */

static thingspace_status give_secret(rig *rig)
{
    thingspace_secret *secret = NULL;
    secret_source *source = NULL;
    thingspace_status status = map_new(&rig->row->secrets, (void (*)(void *))secret_source_free);
    if (status == THINGSPACE_OK)
        status = thingspace_secret_new(&secret, "canary", 6, &rig->error);
    if (status == THINGSPACE_OK)
        status = secret_source_value(&source, secret, "test", &rig->error);
    thingspace_secret_free(secret);
    if (status == THINGSPACE_OK)
        status = map_set(rig->row->secrets, "hook", source);
    if (status != THINGSPACE_OK)
        secret_source_free(source);
    return status;
}

/* `s` is a secret of the row, `b` one of the body. */
#define SECRETS "local s, b = thingspace.secret.named('hook'), request:json().password "

static void line_27_a_secret_never_becomes_text(void)
{
    static const char text[] =
        "return { name = 'test', version = '1.0.0', api = 1, capabilities = {" RIG_ALL "},\n"
        "options = { hook = { type = 'secret' } },\n"
        "hooks = { request = function(call, request) " SECRETS
        "local function try(f, ...) local ok, x = pcall(f, ...) thingspace.log(tostring(x)) end\n"
        "for _, x in ipairs{ s, b } do\n"
        "try(tostring, x) try(string.format, '%s', x) try(string.format, '%q', x)\n"
        "try(function() return x .. '' end) try(function() return #x end)\n"
        "try(function() return x == 'canary' end) try(function() return x < 'd' end)\n"
        "try(thingspace.json.encode, { x }) try(error, x) try(function() return ({ [x] = 1 })[x] "
        "end)\n"
        "try(string.upper, x) try(thingspace.sha256, x) try(table.concat, { x })\n"
        "try(request.set_header, request, 'X-A', x) try(request.set_query, request, 'a', x)\n"
        "try(thingspace.state.set, thingspace.state, 'a', x)\n"
        "try(thingspace.state.set, thingspace.state, x, 1)\n"
        "try(function() call.vars.x = x end) try(thingspace.take, x, 1, 1)\n"
        "try(request.header, request, x) try(thingspace.deny, x)\n"
        "end\n"
        "request:set_json{ url = 'u', password = s, token = b } thingspace.log(request:text())\n"
        "error(s) end } }";
    static const char with_password[] = "{\"password\":\"canary\"}";
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(give_secret(&rig));
    CHECK_OK(request_set_text(rig.request, with_password, strlen(with_password), &rig.error));
    rig.row->limits.log_lines = 100;
    CHECK_OK(rig_load(&rig, text));
    CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
    CHECK(strstr(rig.logged, "canary") == NULL);
    CHECK(strstr(rig.error.message, "canary") == NULL);
    CHECK(strstr(rig.logged, "{\"password\":\"***\",\"token\":\"***\",\"url\":\"u\"}") != NULL);
    size_t lines = 0;
    for (const char *at = rig.logged; *at; at++)
        lines += *at == '\n';
    CHECK_INT(lines, 43);
}

static void line_27_set_json_takes_secrets_back(void)
{
    static const char code[] = SECRETS "request:set_json{ password = b, other = { s } }";
    static const char with_password[] = "{\"password\":\"body\"}";
    cleanup_rig rig rig = {0};
    cleanup_buffer buffer sent;
    buffer_init_secret(&sent, 4096);
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(give_secret(&rig));
    CHECK_OK(request_set_text(rig.request, with_password, strlen(with_password), &rig.error));
    char text[1024];
    snprintf(text, sizeof(text),
             "return { name = 'test', version = '1.0.0', api = 1, capabilities = {" RIG_ALL "},\n"
             "options = { hook = { type = 'secret' } },\n"
             "hooks = { request = function(call, request) %s end } }",
             code);
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK_OK(request_write_body(rig.request, &sent, JSON_REVEAL));
    CHECK_TEXT(buffer_text(&sent), "{\"other\":[\"canary\"],\"password\":\"body\"}");
}

static void line_29_secrets_of_answers_are_redacted(void)
{
    static const char answer[] = "{\"sessionToken\":\"canary\",\"password\":\"canary\",\"a\":1}";
    static const char text[] = RIG_PLUGIN
        "response = function(call, response) local t = response:json()\n"
        "thingspace.log(response:header('Set-Cookie'), response:header('VZ-M2M-Token'),\n"
        "  t.sessionToken, t.password, response:text()) end" RIG_END;
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(response_add_header(&rig.response, "VZ-M2M-Token", 12, "canary", 6));
    buffer_clear(&rig.response.body);
    CHECK_OK(buffer_append_text(&rig.response.body, answer));
    CHECK_OK(rig_load(&rig, text));
    CHECK_OK(rig_run(&rig, PHASE_RESPONSE));
    CHECK_TEXT(rig.logged, "p.lua: *** *** *** *** "
                           "{\"sessionToken\":\"***\",\"password\":\"***\",\"a\":1}\n");
}

/* --- Life --- */

static void line_32_a_kill_undoes_its_hook_and_keeps_earlier_ones(void)
{
    static const char bad[] = RIG_REQUEST(
        "request:set_header('X-Good', 'stolen') request:set_header('X-Bad', 'y')\n"
        "request:set_json{} call.vars.x = 2 thingspace.state:add('n') while true do end");
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_load(&rig, RIG_REQUEST("request:set_header('X-Good', 'y') call.vars.x = 1")));
    CHECK_OK(rig_load(&rig, bad));
    rig.instances[1]->on_error = ON_ERROR_SKIP;
    CHECK_OK(rig_load(&rig, RIG_REQUEST("thingspace.log(call.vars.x, request:header('X-Good'))")));
    CHECK_OK(rig_run(&rig, PHASE_REQUEST));
    CHECK(strstr(rig.logged, "p.lua: 1 y\n") != NULL);
    CHECK(strstr(rig.logged, "the request hook ran") != NULL);
    CHECK(rig_header(&rig, "X-Bad") == NULL);
    CHECK_TEXT(json_get_string(request_json(rig.request), "name"), "CarrierService");
    scalar n;
    scalars_get(instance_state(rig.instances[1]), "n", 1, &n);
    CHECK_INT(n.type, SCALAR_NIL);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(line_01_endless_loops_end_at_the_deadline),
    CHECK_CASE_ONCE(line_01_an_endless_load_or_configure_ends),
    CHECK_CASE(line_02_the_host_has_what_is_documented_and_no_more),
    CHECK_CASE(line_02_what_leaves_the_limits_is_absent),
    CHECK_CASE(line_03_finalizers_are_refused),
    CHECK_CASE_ONCE(line_08_memory_runs_out_and_the_state_goes_on),
    CHECK_CASE_ONCE(line_08_a_hook_after_one_that_ran_out_of_memory_works),
    CHECK_CASE_ONCE(line_09_deep_recursion_on_a_small_stack_is_an_error),
    CHECK_CASE_ONCE(line_10_a_large_body_enters_only_when_asked_for),
    CHECK_CASE_ONCE(line_10_a_body_up_to_the_cap_can_be_read),
    CHECK_CASE(line_10_a_large_request_body_is_a_phase_error),
    CHECK_CASE_ONCE(line_11_ten_thousand_calls_leave_memory_as_it_was),
    CHECK_CASE(line_12_every_allocation_may_fail),
    CHECK_CASE(line_15_what_scripts_share_cannot_be_reached),
    CHECK_CASE(line_16_globals_are_closed_and_nothing_is_shared),
    CHECK_CASE(line_17_a_kept_handle_means_the_running_hook),
    CHECK_CASE(line_17_outside_a_hook_every_handle_is_stale),
    CHECK_CASE(line_17_a_forged_handle_is_a_type_error),
    CHECK_CASE(line_18_odd_arguments_are_clean_errors),
    CHECK_CASE(line_18_large_integers_stay_exact),
    CHECK_CASE(line_19_header_fields_that_cannot_be_sent_are_refused),
    CHECK_CASE(line_20_fields_that_frame_or_authorise_are_refused),
    CHECK_CASE(line_22_secrets_and_files_are_the_policys_alone),
    CHECK_CASE(line_22a_a_verdict_that_is_not_returned_fails_the_hook),
    CHECK_CASE(line_23_tables_are_read_raw_and_once),
    CHECK_CASE_ONCE(line_24_tables_that_are_no_json_are_bounded_errors),
    CHECK_CASE(line_25_a_return_outside_of_the_set_fails_the_hook),
    CHECK_CASE(line_26_error_values_of_all_kinds_are_text),
    CHECK_CASE(line_27_a_secret_never_becomes_text),
    CHECK_CASE(line_27_set_json_takes_secrets_back),
    CHECK_CASE(line_29_secrets_of_answers_are_redacted),
    CHECK_CASE_ONCE(line_32_a_kill_undoes_its_hook_and_keeps_earlier_ones),
};

CHECK_MAIN(cases)
