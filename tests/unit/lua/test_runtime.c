/* SPDX-License-Identifier: MIT */
/*
 * The containment: deadlines, instructions, memory, what is refused as code, and how failures are
 * told. The attacks are those of the checklist; each must end within its deadline and 5 ms of CPU.
 */
#include <config.h>
#include <lauxlib.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include "base/clock.h"
#include "base/limits.h"
#include "lua/runtime.h"
#include "script.h"
#if defined(__has_include)
#    if __has_include(<valgrind/valgrind.h>)
#        include <valgrind/valgrind.h>
#    endif
#endif

/* How much slower than real a checked program may be. */
static double slowness(void)
{
#ifdef RUNNING_ON_VALGRIND
    if (RUNNING_ON_VALGRIND)
        return 100;
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return 20;
#else
    return 1;
#endif
}

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Only the deadline counts. */
static const runtime_limits deadline_alone = {20, 0, 4 << 20, 256 << 10, 20};
/* The caps of a hook, and time enough for a program under a sanitizer. */
static const runtime_limits patient = {900, 0, 4 << 20, 256 << 10, 20};

typedef struct attack {
    const char *name, *body;
} attack;

static const attack endless[] = {
    {"loop", "while true do end"},
    {"loop under pcall", "while true do pcall(function() while true do end end) end"},
    {"nested pcall",
     "local function f() pcall(f) while true do end end while true do pcall(f) end"},
    {"error in pcall", "while true do pcall(error, 'x') end"},
    {"metamethod", "local t = setmetatable({}, {__index = function() while true do end end})"
                   " return t.x"},
    {"metamethod chain", "local t = {} for i = 1, 1990 do t = setmetatable({}, {__index = t}) end"
                         " while true do local a = t.a, t.b, t.c, t.d, t.e, t.f, t.g, t.h end"},
    {"order function", "local t = {} for i = 1, 1000 do t[i] = i end"
                       " table.sort(t, function() while true do end end)"},
    {"many sorts", "local t = {} for i = 1, 8000 do t[i] = i % 7 end"
                   " while true do table.sort(t) end"},
    {"tostring",
     "return tostring(setmetatable({}, {__tostring = function() while true do end end}))"},
    {"late __close",
     "local m = {} local x <close> = nil"
     " m.y = 1 local v = setmetatable({}, m) m.__close = function() while true do end end"
     " local z <close> = v while true do end"},
    {"exponential pattern", "local s = ('a'):rep(1e5)"
                            " while true do pcall(s.find, s, ('a*'):rep(20) .. 'b') end"},
    {"exponential method",
     "local s = ('a'):rep(3e4) while true do s:match('(.-)(.-)(.-)(.-)b') end"},
    {"exponential gsub", "local s = ('a'):rep(1e5) while true do s:gsub('.-.-.-b', '') end"},
    {"gmatch", "local s = ('a'):rep(1e5) for a in s:gmatch('.-.-b') do end"},
    {"frontier and balance", "local s = ('('):rep(1e5) while true do pcall(s.find, s, '%b()') end"},
    {"plain find", "local s, n = ('a'):rep(2e5), ('a'):rep(1e5) .. 'b'"
                   " while true do s:find(n, 1, true) end"},
    {"plain find as pattern", "local s, n = ('a'):rep(2e5), ('a'):rep(1e5) .. 'b'"
                              " while true do s:find(n) end"},
    {"upper", "local s = ('a'):rep(2e5) while true do s:upper() end"},
    {"reverse", "local s = ('a'):rep(2e5) while true do s:reverse() end"},
    {"rep", "while true do ('ab'):rep(1e5) end"},
    {"sub", "local s = ('a'):rep(2e5) while true do s:sub(2) end"},
    {"concatenation", "local s = ('a'):rep(1e5) while true do local t = s .. 'x' end"},
    {"comparison", "local s, t = ('a'):rep(2e5) .. 'b', ('a'):rep(2e5) .. 'c'"
                   " while true do local x = s < t, s < t, s < t, s < t, s < t, s < t end"},
    {"comparison with NULs",
     "local s, t = ('\\0'):rep(2e5) .. 'b', ('\\0'):rep(2e5) .. 'c'"
     " while true do local x = s < t, s < t, s < t, s < t, s < t, s < t end"},
    {"equality", "local s, t = ('a'):rep(2e5) .. 'b', ('a'):rep(2e5) .. 'c'"
                 " while true do local x = s == t, s == t, s == t, s == t, s == t end"},
    {"long keys", "local s, k = ('a'):rep(2e5), {} while true do k[s .. 'x'] = nil"
                  " local v = k[s .. 'y'] end"},
    {"table concat", "local t = {} for i = 1, 8000 do t[i] = 'abcdefgh' end"
                     " while true do table.concat(t) end"},
    {"insert in front", "local t = {} while true do for i = 1, 8000 do table.insert(t, 1, i) end"
                        " t = {} end"},
    {"remove in front", "while true do local t = {} for i = 1, 8000 do t[i] = i end"
                        " for i = 1, 8000 do table.remove(t, 1) end end"},
    {"table move", "local t = {} for i = 1, 8000 do t[i] = i end"
                   " while true do table.move(t, 1, 8000, 2) end"},
    {"unpack", "local t = {} for i = 1, 3900 do t[i] = i end"
               " while true do table.unpack(t) end"},
    {"empty table", "local t = {} for i = 1, 8000 do t['k' .. i] = i end"
                    " for i = 1, 8000 do t['k' .. i] = nil end while true do next(t) end"},
    {"format", "local s = ('a'):rep(2e5) while true do ('%s'):format(s) end"},
    {"format of numbers", "while true do ('%99.99f'):format(1e308) end"},
    {"tostring of numbers", "while true do local s = 1.5 .. '' end"},
    {"memory refused",
     "local t = {} for i = 1, 40000 do t[i % 15000] = {i} end"
     " while true do pcall(string.rep, 'x', 262000) pcall(string.rep, 'x', 3e5) end"},
    {"heap full",
     "local t, n = {}, 0"
     " local function grow() for i = 1, 1e9 do local x = {} for j = 1, 200 do x[j] = {} end"
     " n = n + 1 t[n] = x end end"
     " while true do pcall(grow) end"},
    {"garbage", "while true do local t = {{}, {}, {}, {}} end"},
    {"json",
     "local s = '[' .. ('1,'):rep(1e5) .. '1]' while true do pcall(thingspace.json.decode, s) end"},
    {"json record", "local t = {} for i = 1, 3000 do t['k' .. i] = i end"
                    " while true do thingspace.json.encode(t) end"},
    {"digest", "local s = ('a'):rep(2e5) while true do thingspace.sha256(s) end"},
    {"utf8", "local s = ('a'):rep(2e5) while true do utf8.len(s) end"},
    {"log", "local s = ('a'):rep(1e5) while true do thingspace.log(s) end"},
};

static bool ends_in_time(const attack *attack, bool print)
{
    cleanup_script script script = SCRIPT_INIT;
    char text[2048];
    snprintf(text, sizeof(text), "return function() %s end", attack->body);
    if (script_load(&script, text) != THINGSPACE_OK)
        return check_report(false, __FILE__, __LINE__, "%s: %s", attack->name,
                            script.error.message);
    double begin = cpu_ms();
    thingspace_status status = script_call(&script, &deadline_alone);
    double took = cpu_ms() - begin;
    if (print)
        printf("# %-24s %6.2f ms: %s\n", attack->name, took, script.error.message);
    if (status != THINGSPACE_POLICY || !strstr(script.error.message, "deadline of 20 ms"))
        return check_report(false, __FILE__, __LINE__, "%s: %s, %s", attack->name,
                            thingspace_status_name(status), script.error.message);
    return check_report(took <= 25 * slowness(), __FILE__, __LINE__, "%s ended after %.1f ms",
                        attack->name, took);
}

static void no_attack_outlives_its_deadline_by_5_ms(void)
{
    bool print = getenv("CHECK_VERBOSE") != NULL;
    for (size_t i = 0; i < sizeof(endless) / sizeof(endless[0]); i++)
        if (!ends_in_time(&endless[i], print))
            return;
}

static void instructions_are_limited_without_a_clock(void)
{
    static const runtime_limits few = {10000, 10000, 4 << 20, 256 << 10, 20};
    cleanup_script script script = SCRIPT_INIT;
    CHECK_STATUS(script_run(&script,
                            "return function()\n local n = 0\n while true do n = n + 1 end end",
                            &few),
                 THINGSPACE_POLICY);
    CHECK_TEXT(script.error.message,
               "fleet.lua:3: resolve ran too many instructions (limit 10000)");
}

static void a_killed_script_stays_stopped_and_others_go_on(void)
{
    static const runtime_limits few = {10000, 10000, 4 << 20, 256 << 10, 20};
    cleanup_script script killed = SCRIPT_INIT, other = SCRIPT_INIT;
    CHECK_OK(script_load(&other, "return function() return 'fine' end"));
    CHECK_STATUS(script_run(&killed, "return function() while true do end end", &few),
                 THINGSPACE_POLICY);
    CHECK(runtime_is_dead(killed.runtime));
    CHECK_STATUS(script_call(&killed, &limits_hook), THINGSPACE_POLICY);
    CHECK_TEXT(killed.error.message, "fleet.lua: was stopped by a limit and must be loaded again");
    CHECK_OK(script_call(&other, &limits_hook));
    CHECK_TEXT(other.answer, "fine");
    CHECK(!runtime_is_dead(other.runtime));
}

static void a_kill_at_load_names_the_load(void)
{
    static const runtime_limits few = {10000, 10000, 4 << 20, 256 << 10, 20};
    static const char text[] = "while true do pcall(error) end";
    cleanup_script script script = SCRIPT_INIT;
    CHECK_OK(runtime_new(&script.runtime, "fleet.lua", &script.error));
    CHECK_STATUS(runtime_load(script.runtime, text, strlen(text), &few, &script.error),
                 THINGSPACE_POLICY);
    CHECK_TEXT(script.error.message, "fleet.lua:1: load ran too many instructions (limit 10000)");
}

static void sleep_ms(long ms)
{
    struct timespec pause = {0, ms * 1000000};
    nanosleep(&pause, NULL);
}

/* A C body that is not scheduled for a while, between two pieces of script. */
static int pause_body(lua_State *L)
{
    runtime_push_value(L);
    lua_call(L, 0, 0);
    sleep_ms(*(long *)lua_touserdata(L, 1));
    runtime_push_value(L);
    lua_call(L, 0, 0);
    return 0;
}

static void a_thread_that_was_not_scheduled_is_not_killed(void)
{
    cleanup_script script script = SCRIPT_INIT;
    long ms = 60;
    CHECK_OK(script_load(&script, "return function() for i = 1, 10000 do end end"));
    CHECK_OK(
        runtime_enter(script.runtime, pause_body, &ms, "resolve", &limits_hook, &script.error));
}

static void ten_times_the_deadline_of_wall_time_is_final(void)
{
    cleanup_script script script = SCRIPT_INIT;
    long ms = 230;
    CHECK_OK(script_load(&script, "return function() for i = 1, 10000 do end end"));
    CHECK_STATUS(
        runtime_enter(script.runtime, pause_body, &ms, "resolve", &limits_hook, &script.error),
        THINGSPACE_POLICY);
    CHECK(strstr(script.error.message, "deadline"));
}

static const attack greedy[] = {
    {"huge string", "return ('x'):rep(1e9)"},
    {"large string", "return ('x'):rep(3e5)"},
    {"doubling", "local s = 'x' while true do s = s .. s end"},
    {"table", "local t = {} for i = 1, 1e9 do t[i] = i end"},
    {"many strings", "local t = {} for i = 1, 300 do t[i] = ('x'):rep(1e5) .. i end"},
    {"unpack", "local t = {} t[1] = 1 return table.unpack(t, 1, 1e7)"},
    {"recursion", "local function f() return 1 + f() end return f()"},
    {"endless concat", "local t = {} for i = 1, 1000 do t[i] = ('x'):rep(1000) end"
                       " return table.concat(t)"},
    {"gsub", "return ('x'):rep(1e5):gsub('x', 'xxxx')"},
    {"base64", "return thingspace.base64(('x'):rep(2.5e5))"},
    {"format", "return ('%s%s%s'):format(('x'):rep(1e5), ('x'):rep(1e5), ('x'):rep(1e5))"},
};

static void what_is_too_large_fails_and_the_state_is_usable_afterwards(void)
{
    for (size_t i = 0; i < sizeof(greedy) / sizeof(greedy[0]); i++) {
        cleanup_script script script = SCRIPT_INIT;
        char text[512];
        snprintf(text, sizeof(text),
                 "local n = 0 return function() n = n + 1 if n == 2 then return 'fine' end %s end",
                 greedy[i].body);
        CHECK_STATUS(script_run(&script, text, &patient), THINGSPACE_POLICY);
        CHECK(!runtime_is_dead(script.runtime));
        CHECK_OK(script_call(&script, &patient));
        CHECK_TEXT(script.answer, "fine");
    }
}

static void out_of_memory_names_the_limit_and_the_line(void)
{
    cleanup_script script script = SCRIPT_INIT;
    CHECK_STATUS(script_run(&script,
                            "return function()\n local t = {}\n while true do t[#t + 1 & 1023] = "
                            "('x'):rep(9000) .. #t end end",
                            &patient),
                 THINGSPACE_POLICY);
    CHECK_TEXT(script.error.message, "fleet.lua:3: resolve ran out of memory (limit 4 MiB)");
    CHECK_TEXT(script.error.file, "fleet.lua");
    CHECK_INT(script.error.line, 3);
    CHECK_STATUS(script_run(&script, "return function() return ('x'):rep(3e5) end", &patient),
                 THINGSPACE_POLICY);
    CHECK_TEXT(script.error.message,
               "fleet.lua:1: resolve ran out of memory (limit 256 KiB for one text, "
               "table or the stack)");
}

static void memory_of_the_load_does_not_count_in_calls(void)
{
    cleanup_script script script = SCRIPT_INIT;
    CHECK_OK(script_run(&script,
                        "local big = {} for i = 1, 200000 do big[i] = {i} end "
                        "return function() return #big + #('x'):rep(100000) end",
                        &limits_hook));
    CHECK_TEXT(script.answer, "300000");
    CHECK(runtime_memory(script.runtime) > 8 << 20);
}

static void ten_thousand_calls_leave_no_memory_behind(void)
{
    cleanup_script script script = SCRIPT_INIT;
    CHECK_OK(script_load(
        &script, "return function() local t = {} for i = 1, 20 do t[i] = {i, tostring(i)} end"
                 " return table.concat({'a', #t}) end"));
    size_t before = 0;
    for (int i = 0; i < 10000; i++) {
        CHECK_OK(script_call(&script, &limits_hook));
        if (i == 200)
            before = runtime_memory(script.runtime);
    }
    /* Between two collections the heap may double; it must not grow beyond. */
    CHECK(runtime_memory(script.runtime) < before * 2 + 65536);
}

static void *recurse(void *argument)
{
    *(thingspace_status *)argument = THINGSPACE_OK;
    static const char *const bodies[] = {
        "local function f() return (('x'):gsub('x', f)) end return f()",
        "local function f() local t = {3, 2, 1} table.sort(t, function(a, b) f() return a < b end) "
        "end f()",
        "local function f() return tostring(setmetatable({}, {__tostring = f})) end return f()",
        "local function f() local ok, e = pcall(f) if not ok then error(e, 0) end end f()",
        "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k .. "
        "'x'] end return t.x",
    };
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        cleanup_script script script = SCRIPT_INIT;
        char text[512];
        snprintf(text, sizeof(text), "return function() %s end", bodies[i]);
        if (script_run(&script, text, &patient) != THINGSPACE_POLICY)
            *(thingspace_status *)argument = THINGSPACE_INTERNAL;
    }
    return NULL;
}

static void recursion_through_c_fits_a_small_stack(void)
{
    pthread_attr_t attributes;
    pthread_t thread;
    thingspace_status status = THINGSPACE_INTERNAL;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, slowness() > 1 ? 8 << 20 : 512 << 10);
    CHECK_INT(pthread_create(&thread, &attributes, recurse, &status), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    CHECK_OK(status);
}

static int keep_bytes(lua_State *L, const void *bytes, size_t size, void *out)
{
    (void)L;
    return buffer_append(out, bytes, size) == THINGSPACE_OK ? 0 : 1;
}

static void bytecode_is_refused(void)
{
    cleanup_script script script = SCRIPT_INIT;
    cleanup_buffer buffer code = {0};
    buffer_init(&code, 65536);
    lua_State *stock = luaL_newstate();
    CHECK_MADE(stock);
    luaL_loadstring(stock, "return 1");
    int failed = lua_dump(stock, keep_bytes, &code, 0);
    lua_close(stock);
    if (failed && check_allocation_failed())
        return;
    CHECK_OK(runtime_new(&script.runtime, "fleet.lua", &script.error));
    CHECK_STATUS(
        runtime_load(script.runtime, code.data, code.size, &limits_policy_load, &script.error),
        THINGSPACE_POLICY);
    CHECK_TEXT(script.error.message, "fleet.lua: is bytecode; only the text of a script is loaded");
}

static void fill(char *text, size_t size, const char *piece)
{
    size_t length = strlen(piece), at = 0;
    for (; at + length < size; at += length)
        memcpy(text + at, piece, length);
    text[at] = '\0';
}

static void scripts_too_large_for_the_compiler_are_refused_quickly(void)
{
    static char text[LIMIT_SCRIPT + 2];
    static const char *const pieces[] = {
        "(",     "local a\n",     "{",          "x=", "do ", "a.",  "1 .. ", "- ", "goto a ",
        "::a::", "function f() ", "if x then ", "[[", "\"",  "--[["};
    double begin = cpu_ms();
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        cleanup_script script script = SCRIPT_INIT;
        fill(text, LIMIT_SCRIPT, pieces[i]);
        memcpy(text, "return", 6 * (pieces[i][0] == '('));
        CHECK_STATUS(script_load(&script, text), THINGSPACE_POLICY);
    }
    CHECK(cpu_ms() - begin < 1000 * slowness());
}

static void a_script_of_more_than_256_kib_is_not_compiled(void)
{
    static char text[LIMIT_SCRIPT + 2];
    cleanup_script script script = SCRIPT_INIT;
    fill(text, sizeof(text), " ");
    CHECK_STATUS(script_load(&script, text), THINGSPACE_POLICY);
    CHECK_TEXT(script.error.message,
               "fleet.lua: the script is longer than 256 KiB; read data from a file instead");
}

static void checking_a_script_does_not_run_it(void)
{
    static const char text[] = "while true do end";
    static const char wrong[] = "return {\n a = ,\n}";
    cleanup_script script script = SCRIPT_INIT;
    CHECK_OK(runtime_new(&script.runtime, "fleet.lua", &script.error));
    CHECK_OK(runtime_check(script.runtime, text, strlen(text), &script.error));
    CHECK_STATUS(runtime_check(script.runtime, wrong, strlen(wrong), &script.error),
                 THINGSPACE_POLICY);
    CHECK_TEXT(script.error.message, "fleet.lua:2: unexpected symbol near ','");
    CHECK_INT(script.error.line, 2);
}

static void a_byte_order_mark_is_skipped(void)
{
    cleanup_script script script = SCRIPT_INIT;
    CHECK_OK(script_run(&script, "\xef\xbb\xbfreturn 'marked'", &limits_hook));
    CHECK_TEXT(script.answer, "marked");
}

typedef struct complaint {
    const char *text, *message;
} complaint;

static const complaint complaints[] = {
    {"return function()\n local x\n return x.y end",
     "fleet.lua:3: attempt to index a nil value (local 'x')"},
    {"return function()\n error('boom') end", "fleet.lua:2: boom"},
    {"return function()\n error('boom', 0) end", "fleet.lua:2: boom"},
    {"local function f() error('boom', 2) end\nreturn function()\n f()\n end", "fleet.lua:3: boom"},
    {"return function()\n error() end", "fleet.lua:2: the error value is a nil, not a text"},
    {"return function()\n error({}) end", "fleet.lua:2: the error value is a table, not a text"},
    {"return function()\n error(42) end", "fleet.lua:2: 42"},
    {"return function() error(thingspace.json.null) end",
     "fleet.lua:1: the error value is a userdata, not a text"},
    {"return function() error(setmetatable({}, {__tostring = function() while true do end end})) "
     "end",
     "fleet.lua:1: the error value is a table, not a text"},
    {"return function() error('two\\nlines\\27[31m') end", "fleet.lua:1: two\\nlines\\x1b[31m"},
    {"return function() error('other.lua:7: no') end", "fleet.lua:1: other.lua:7: no"},
    {"return function() assert(false, 'why') end", "fleet.lua:1: why"},
    {"return function() assert(nil) end", "fleet.lua:1: assertion failed!"},
    {"return function()\n string.rep() end",
     "fleet.lua:2: bad argument #1 to 'rep' (string expected, got no value)"},
};

static void failures_tell_script_line_and_reason(void)
{
    for (size_t i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++) {
        cleanup_script script script = SCRIPT_INIT;
        CHECK_STATUS(script_run(&script, complaints[i].text, &limits_hook), THINGSPACE_POLICY);
        CHECK_TEXT(script.error.message, complaints[i].message);
        CHECK_TEXT(script.error.file, "fleet.lua");
    }
}

static void a_long_script_name_is_told_in_full(void)
{
    static const char name[] =
        "/a/very/long/path/to/some/folder/that/holds/many/policies/of/a/fleet.lua";
    static const char text[] = "\nlocal x = nil + 1";
    char expected[256];
    cleanup_script script script = SCRIPT_INIT;
    CHECK_OK(runtime_new(&script.runtime, name, &script.error));
    CHECK_STATUS(
        runtime_load(script.runtime, text, strlen(text), &limits_policy_load, &script.error),
        THINGSPACE_POLICY);
    snprintf(expected, sizeof(expected), "%s:2: attempt to perform arithmetic on a nil value",
             name);
    CHECK_TEXT(script.error.message, expected);
}

static void the_kind_of_failures_can_be_chosen(void)
{
    cleanup_script script script = SCRIPT_INIT;
    CHECK_OK(script_load(&script, "return function() error('x') end"));
    runtime_set_kind(script.runtime, THINGSPACE_PLUGIN);
    CHECK_STATUS(script_call(&script, &limits_hook), THINGSPACE_PLUGIN);
}

static int raise_body(lua_State *L)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error.kind = THINGSPACE_AUTH;
    snprintf(error.message, sizeof(error.message), "key is not set");
    return runtime_raise(L, &error);
}

static int host_body(lua_State *L)
{
    runtime_push_host(L);
    lua_pushcfunction(L, raise_body);
    lua_setfield(L, -2, "fail");
    return 0;
}

static void errors_of_c_keep_their_kind(void)
{
    cleanup_script script script = SCRIPT_INIT;
    CHECK_OK(runtime_new(&script.runtime, "fleet.lua", &script.error));
    CHECK_OK(runtime_enter(script.runtime, host_body, NULL, NULL, &limits_hook, &script.error));
    CHECK_OK(script_load(&script, "local n = 0 return function() n = n + 1\n"
                                  " if n == 1 then thingspace.fail() end\n"
                                  " pcall(thingspace.fail)\n"
                                  " error('other') end"));
    CHECK_STATUS(script_call(&script, &limits_hook), THINGSPACE_AUTH);
    CHECK_TEXT(script.error.message, "fleet.lua:2: key is not set");
    CHECK_STATUS(script_call(&script, &limits_hook), THINGSPACE_POLICY);
    CHECK_TEXT(script.error.message, "fleet.lua:4: other");
}

static int enter_again(lua_State *L)
{
    script *script = lua_touserdata(L, 1);
    thingspace_status status = script_call(script, &limits_hook);
    if (status != THINGSPACE_OK)
        return luaL_error(L, "%s", script->error.message);
    return 0;
}

static void entering_twice_is_refused(void)
{
    cleanup_script script script = SCRIPT_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(script_load(&script, "return 1"));
    CHECK_STATUS(runtime_enter(script.runtime, enter_again, &script, "hook", &limits_hook, &error),
                 THINGSPACE_POLICY);
    CHECK(strstr(error.message, "is already running"));
}

static void a_new_state_is_small_and_quick_to_make(void)
{
    enum { ROUNDS = 200 };
    double begin = cpu_ms();
    size_t size = 0;
    for (int i = 0; i < ROUNDS; i++) {
        cleanup_script script script = SCRIPT_INIT;
        CHECK_OK(runtime_new(&script.runtime, "fleet.lua", &script.error));
        size = runtime_memory(script.runtime);
    }
    double took = (cpu_ms() - begin) * 1000 / ROUNDS;
    printf("# a state: %zu bytes, %.1f us\n", size, took);
    CHECK(size < 32 * 1024);
    CHECK(took < 500 * slowness());
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(no_attack_outlives_its_deadline_by_5_ms),
    CHECK_CASE(instructions_are_limited_without_a_clock),
    CHECK_CASE(a_killed_script_stays_stopped_and_others_go_on),
    CHECK_CASE(a_kill_at_load_names_the_load),
    CHECK_CASE_ONCE(a_thread_that_was_not_scheduled_is_not_killed),
    CHECK_CASE_ONCE(ten_times_the_deadline_of_wall_time_is_final),
    CHECK_CASE_ONCE(what_is_too_large_fails_and_the_state_is_usable_afterwards),
    CHECK_CASE_ONCE(out_of_memory_names_the_limit_and_the_line),
    CHECK_CASE_ONCE(memory_of_the_load_does_not_count_in_calls),
    CHECK_CASE_ONCE(ten_thousand_calls_leave_no_memory_behind),
    CHECK_CASE_ONCE(recursion_through_c_fits_a_small_stack),
    CHECK_CASE(bytecode_is_refused),
    CHECK_CASE_ONCE(scripts_too_large_for_the_compiler_are_refused_quickly),
    CHECK_CASE(a_script_of_more_than_256_kib_is_not_compiled),
    CHECK_CASE(checking_a_script_does_not_run_it),
    CHECK_CASE(a_byte_order_mark_is_skipped),
    CHECK_CASE(failures_tell_script_line_and_reason),
    CHECK_CASE(a_long_script_name_is_told_in_full),
    CHECK_CASE(the_kind_of_failures_can_be_chosen),
    CHECK_CASE(errors_of_c_keep_their_kind),
    CHECK_CASE(entering_twice_is_refused),
    CHECK_CASE_ONCE(a_new_state_is_small_and_quick_to_make),
};
CHECK_MAIN(cases)
