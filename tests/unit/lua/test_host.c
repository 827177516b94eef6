/* SPDX-License-Identifier: MIT */
/* The table `thingspace`: JSON that keeps what it is
 * given, log lines that are counted, digests, settings. */
#include <config.h>
#include "script.h"

/* Enough time for a program under a sanitizer; three lines of log. */
static const runtime_limits patient = {900, 0, 4 << 20, 256 << 10, 3};

static const expectation encoded[] = {
    {"{}", "{}"},
    {"{1, 2, 'x', true}", "[1,2,\"x\",true]"},
    {"{b = 1, a = {c = thingspace.json.null}}", "{\"a\":{\"c\":null},\"b\":1}"},
    {"thingspace.json.array({})", "[]"},
    {"thingspace.json.decode('[]')", "[]"},
    {"thingspace.json.decode('{\"a\":[],\"b\":{}}')", "{\"a\":[],\"b\":{}}"},
    {"9007199254740993", "9007199254740993"},
    {"math.mininteger", "-9223372036854775808"},
    {"3.0", "3"},
    {"2^53", "9007199254740992"},
    {"0.1", "0.1"},
    {"1 / 3", "0.3333333333333333"},
    {"1e100", "1e+100"},
    {"'\\u{e4}\\n\"\\\\'", "\"\xc3\xa4\\u000a\\\"\\\\\""},
    {"thingspace.json.decode('123456789012345678901234567890')",
     "\"123456789012345678901234567890\""},
    {"thingspace.json.decode('0.1234567890123456789')", "\"0.1234567890123456789\""},
    {"thingspace.json.decode('0.00012345678901234567')", "0.00012345678901234567"},
    {"thingspace.json.decode('1.50')", "1.5"},
    {"thingspace.json.decode('-9223372036854775808')", "-9223372036854775808"},
    {"thingspace.json.decode(' {\"a\" : [1, 2.5, \"x\", null, true]} ')",
     "{\"a\":[1,2.5,\"x\",null,true]}"},
    {"setmetatable({1, 2}, {__index = function() return 7 end, __len = function() return 9 end})",
     "[1,2]"},
};

static void json_keeps_numbers_lists_and_null(void)
{
    for (size_t i = 0; i < sizeof(encoded) / sizeof(encoded[0]); i++) {
        cleanup_script script script = SCRIPT_INIT;
        char text[512];
        snprintf(text, sizeof(text), "return thingspace.json.encode(%s)", encoded[i].expression);
        CHECK_OK(script_run(&script, text, &patient));
        CHECK_TEXT(script.answer, encoded[i].text);
    }
}

static const expectation not_json[] = {
    {"thingspace.json.encode(0 / 0)", "infinite or not a number"},
    {"thingspace.json.encode(1 / 0)", "infinite or not a number"},
    {"thingspace.json.encode(type)", "a function cannot be JSON"},
    {"thingspace.json.encode({1, nil, 3})", "with gaps"},
    {"thingspace.json.encode({[1] = 1, [3] = 1})", "a table with a number as key cannot be JSON"},
    {"thingspace.json.encode({1, a = 2})", "both list entries and names"},
    {"thingspace.json.encode({[{}] = 1})", "a table with a table as key"},
    {"thingspace.json.encode({[1.5] = 1})", "a table with a number as key"},
    {"thingspace.json.encode('\\xff')", "not UTF-8"},
    {"thingspace.json.encode('a\\0b')", "a text with a NUL"},
    {"(function() local t = {} t.t = t return thingspace.json.encode(t) end)()", "deeper than 64"},
    {"(function() local t = {} for i = 1, 70 do t = {t} end return thingspace.json.encode(t) "
     "end)()",
     "deeper than 64"},
    {"(function() local t, s = {}, ('x'):rep(1e5) for i = 1, 9 do t[i] = s end return"
     " thingspace.json.encode(t) end)()",
     "the JSON is too long"},
    {"(function() local t, u = {}, {} for i = 1, 1000 do t[i] = 1 end for i = 1, 200 do u[i] = t "
     "end"
     " return thingspace.json.encode(u) end)()",
     "more than 100000 values"},
    {"thingspace.json.decode('{')", "not JSON: "},
    {"thingspace.json.decode('{\"a\":1,\"a\":2}')", "not JSON: "},
    {"thingspace.json.decode('nan')", "not JSON: "},
    {"thingspace.json.decode('')", "not JSON: "},
    {"thingspace.json.decode(('['):rep(100))", "not JSON: "},
    {"thingspace.json.decode()", "bad argument #1"},
    {"thingspace.json.encode()", "bad argument #1"},
};

static void what_cannot_be_json_is_a_bounded_error(void)
{
    for (size_t i = 0; i < sizeof(not_json) / sizeof(not_json[0]); i++)
        if (!script_refuses(&not_json[i], &patient, __FILE__, __LINE__))
            return;
}

typedef struct lines {
    unsigned count;
    char last[256];
} lines;

static void keep_line(void *user, thingspace_log_level level, const char *line)
{
    lines *lines = user;
    (void)level;
    lines->count++;
    snprintf(lines->last, sizeof(lines->last), "%s", line);
}

static void log_lines_are_counted_and_escaped(void)
{
    cleanup_script script script = SCRIPT_INIT;
    lines lines = {0, ""};
    log_target target = {keep_line, &lines, THINGSPACE_LOG_DEBUG};
    CHECK_OK(script_load(&script, "local n = 0 return function() n = n + 1 if n == 1 then"
                                  " return thingspace.log('a', 1, nil, {}, 'b\\nc') end"
                                  " for i = 1, 1000 do thingspace.log(i) end end"));
    runtime_set_log(script.runtime, &target);
    CHECK_OK(script_call(&script, &patient));
    CHECK_INT(lines.count, 1);
    CHECK_TEXT(lines.last, "fleet.lua: a 1 nil table b\\nc");
    CHECK_OK(script_call(&script, &patient));
    CHECK_INT(lines.count, 5);
    CHECK_TEXT(lines.last, "fleet.lua: 997 suppressed");
}

static const expectation values[] = {
    {"#thingspace.services >= 13", "true"},
    {"math.type(thingspace.time_ms())", "integer"},
    {"thingspace.sha256('abc')",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"thingspace.hmac('Jefe', 'what do ya want for nothing?')",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"thingspace.base64('')", ""},
    {"thingspace.base64('f')", "Zg=="},
    {"thingspace.base64('foobar\\0')", "Zm9vYmFyAA=="},
};

static void digests_time_and_services_are_given(void)
{
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        if (!script_gives(&values[i], &patient, __FILE__, __LINE__))
            return;
}

static const expectation ranges[] = {
    {"math.type(thingspace.random())", "float"},
    {"math.type(thingspace.random(3))", "integer"},
    {"thingspace.random(1)", "1"},
    {"thingspace.random(7.0) <= 7", "true"},
    {"thingspace.random(-5, -5)", "-5"},
    {"thingspace.random(2^53) <= 2^53", "true"},
    {"(function() local low, high = 1, 0 for i = 1, 2000 do local r = thingspace.random()"
     " low, high = math.min(low, r), math.max(high, r) end"
     " return low >= 0 and low < 0.05 and high > 0.95 and high < 1 end)()",
     "true"},
    {"(function() local seen = {} for i = 1, 2000 do seen[thingspace.random(-2, 3)] = true end"
     " local n = 0 for k in pairs(seen) do n = n + 1 assert(k >= -2 and k <= 3) end return n "
     "end)()",
     "6"},
    {"(function() local n = 0 for i = 1, 3000 do"
     " if thingspace.random(-2^53, 2^53) < 0 then n = n + 1 end end"
     " return n > 1200 and n < 1800 end)()",
     "true"},
};

static const expectation no_ranges[] = {
    {"thingspace.random(0)", "interval is empty"},
    {"thingspace.random(-1)", "interval is empty"},
    {"thingspace.random(2, 1)", "interval is empty"},
    {"thingspace.random(0 / 0)", "no integer representation"},
    {"thingspace.random(1 / 0)", "no integer representation"},
    {"thingspace.random(1.5)", "no integer representation"},
    {"thingspace.random((1 << 53) + 1)", "beyond 2^53"},
    {"thingspace.random(math.mininteger, math.maxinteger)", "beyond 2^53"},
    {"thingspace.random('x')", "number expected"},
    {"thingspace.random(nil)", "number expected"},
    {"thingspace.random({})", "number expected"},
    {"thingspace.random(1, 2, 3)", "at most two numbers"},
};

static void random_numbers_are_within_their_range(void)
{
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (!script_gives(&ranges[i], &patient, __FILE__, __LINE__))
            return;
    for (size_t i = 0; i < sizeof(no_ranges) / sizeof(no_ranges[0]); i++)
        if (!script_refuses(&no_ranges[i], &patient, __FILE__, __LINE__))
            return;
}

static const char five_numbers[] = "return function() local t = {} for i = 1, 5 do"
                                   " t[i] = thingspace.random(1000000) end"
                                   " return table.concat(t, ' ') end";

static void a_seed_decides_what_comes(void)
{
    cleanup_script script first = SCRIPT_INIT, second = SCRIPT_INIT;
    CHECK_OK(script_load(&first, five_numbers));
    CHECK_OK(script_load(&second, five_numbers));
    CHECK_OK(script_call(&first, &patient));
    CHECK_OK(script_call(&second, &patient));
    CHECK(strcmp(first.answer, second.answer) != 0);
    for (uint64_t seed = 0; seed < 3; seed++) {
        runtime_seed(first.runtime, seed);
        CHECK_OK(script_call(&first, &patient));
        CHECK(strcmp(first.answer, second.answer) != 0);
        runtime_seed(second.runtime, seed);
        CHECK_OK(script_call(&second, &patient));
        CHECK_TEXT(first.answer, second.answer);
    }
}

static void settings_are_seen(void)
{
    cleanup_script script script = SCRIPT_INIT;
    CHECK_OK(runtime_new(&script.runtime, "fleet.lua", &script.error));
    CHECK_OK(runtime_set_setting(script.runtime, "colour", "blue", &script.error));
    CHECK_OK(script_load(&script, "return thingspace.settings.colour .. #thingspace.settings"));
    CHECK_OK(script_call(&script, &patient));
    CHECK_TEXT(script.answer, "blue0");
}

static void json_goes_there_and_back(void)
{
    cleanup_script script script = SCRIPT_INIT;
    CHECK_OK(script_load(&script,
                         "local json = thingspace.json return function()"
                         " return json.encode(json.decode('{\"a\":[1,{\"b\":null}]}')) end"));
    CHECK_OK(script_call(&script, &patient));
    CHECK_TEXT(script.answer, "{\"a\":[1,{\"b\":null}]}");
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(json_keeps_numbers_lists_and_null),
    CHECK_CASE_ONCE(what_cannot_be_json_is_a_bounded_error),
    CHECK_CASE(json_goes_there_and_back),
    CHECK_CASE(log_lines_are_counted_and_escaped),
    CHECK_CASE_ONCE(digests_time_and_services_are_given),
    CHECK_CASE_ONCE(random_numbers_are_within_their_range),
    CHECK_CASE(a_seed_decides_what_comes),
    CHECK_CASE(settings_are_seen),
};
CHECK_MAIN(cases)
