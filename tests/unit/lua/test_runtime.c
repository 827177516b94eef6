/* SPDX-License-Identifier: MIT */
/*
 * The containment: deadlines, instructions, memory, what is refused as code, and how failures are
 * told. The attacks are those of the checklist; each must end within its deadline and 5 ms of CPU.
 */
#include <config.h>
#include <lauxlib.h>
#include <pthread.h>
#include "base/limits.h"
#include "script.h"

/* The caps of a hook, and time enough for a program under a sanitizer. */
static const runtime_limits patient = {900, 0, 4 << 20, 256 << 10, 20};

typedef struct attack {
    const char *name, *body;
} attack;

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

static void a_table_or_stack_that_grows_too_large_is_told_with_its_line(void)
{
    cleanup_script script script = SCRIPT_INIT;
    CHECK_STATUS(
        script_run(&script,
                   "return function()\n local t = {}\n for i = 1, 1e9 do\n t[i] = i\n end end",
                   &patient),
        THINGSPACE_POLICY);
    CHECK(script.error.line == 3 || script.error.line == 4);
    CHECK_STATUS(
        script_run(&script,
                   "return function()\n local function f()\n return 1 + f() end\n return f() end",
                   &patient),
        THINGSPACE_POLICY);
    CHECK(script.error.line == 2 || script.error.line == 3);
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
    pthread_attr_setstacksize(&attributes, script_slowness() > 1 ? 8 << 20 : 512 << 10);
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

static void *run_often(void *argument)
{
    int *good = argument;
    for (int i = 0; i < 50; i++) {
        cleanup_script script script = SCRIPT_INIT;
        *good += script_run(&script, "return function() local s = ('x'):rep(5000) return #s end",
                            &patient) == THINGSPACE_OK &&
                 strcmp(script.answer, "5000") == 0;
    }
    return NULL;
}

static void eight_threads_have_eight_runtimes(void)
{
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    int good[THREADS] = {0};
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, run_often, &good[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(good[i], 50);
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
    double begin = script_cpu_ms();
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        cleanup_script script script = SCRIPT_INIT;
        fill(text, LIMIT_SCRIPT, pieces[i]);
        memcpy(text, "return", 6 * (pieces[i][0] == '('));
        CHECK_STATUS(script_load(&script, text), THINGSPACE_POLICY);
    }
    CHECK(script_cpu_ms() - begin < 1000 * script_slowness());
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

static void what_does_not_compile_is_told_with_its_line(void)
{
    cleanup_script script script = SCRIPT_INIT;
    CHECK_STATUS(script_load(&script, "return {\n a = ,\n}"), THINGSPACE_POLICY);
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
    double begin = script_cpu_ms();
    size_t size = 0;
    for (int i = 0; i < ROUNDS; i++) {
        cleanup_script script script = SCRIPT_INIT;
        CHECK_OK(runtime_new(&script.runtime, "fleet.lua", &script.error));
        size = runtime_memory(script.runtime);
    }
    double took = (script_cpu_ms() - begin) * 1000 / ROUNDS;
    printf("# a state: %zu bytes, %.1f us\n", size, took);
    CHECK(size < 25 * 1024);
    CHECK(took < 500 * script_slowness());
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(what_is_too_large_fails_and_the_state_is_usable_afterwards),
    CHECK_CASE_ONCE(out_of_memory_names_the_limit_and_the_line),
    CHECK_CASE_ONCE(a_table_or_stack_that_grows_too_large_is_told_with_its_line),
    CHECK_CASE_ONCE(memory_of_the_load_does_not_count_in_calls),
    CHECK_CASE_ONCE(ten_thousand_calls_leave_no_memory_behind),
    CHECK_CASE_ONCE(recursion_through_c_fits_a_small_stack),
    CHECK_CASE_ONCE(eight_threads_have_eight_runtimes),
    CHECK_CASE(bytecode_is_refused),
    CHECK_CASE_ONCE(scripts_too_large_for_the_compiler_are_refused_quickly),
    CHECK_CASE(a_script_of_more_than_256_kib_is_not_compiled),
    CHECK_CASE(what_does_not_compile_is_told_with_its_line),
    CHECK_CASE(a_byte_order_mark_is_skipped),
    CHECK_CASE(failures_tell_script_line_and_reason),
    CHECK_CASE(a_long_script_name_is_told_in_full),
    CHECK_CASE(the_kind_of_failures_can_be_chosen),
    CHECK_CASE(errors_of_c_keep_their_kind),
    CHECK_CASE(entering_twice_is_refused),
    CHECK_CASE_ONCE(a_new_state_is_small_and_quick_to_make),
};
CHECK_MAIN(cases)
