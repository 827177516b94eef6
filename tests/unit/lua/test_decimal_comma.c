/* SPDX-License-Identifier: MIT */
/*
 * Scripts in a process whose locale has a decimal comma: numbers are read and written with a point
 * in every place, and the process keeps its locale. All other tests of scripts run in it too:
 * `make check-comma`.
 */
#include <config.h>
#include "base/text.h"
#include "script.h"

/* Enough time for a program under a sanitizer. */
static const runtime_limits patient = {900, 0, 4 << 20, 256 << 10, 20};

static const expectation numbers[] = {
    {"1.5 + 1", "2.5"},
    {"1e-1", "0.1"},
    {"0x1.8p1", "3.0"},
    {"2.5 .. ' ' .. 1e100", "2.5 1e+100"},
    {"tostring(-0.25)", "-0.25"},
    {"tostring(3.0)", "3.0"},
    {"tonumber('3.5')", "3.5"},
    {"tonumber('  1e2  ')", "100.0"},
    {"tostring(tonumber('3,5'))", "nil"},
    {"tostring(tonumber('1.000,5'))", "nil"},
    {"math.floor('2.5')", "2"},
    {"math.type(tonumber('1.0'))", "float"},
    {"('x'):rep(2, 1.5)", "x1.5x"},
    {"table.concat({1.5, 2}, ' ')", "1.5 2"},
};

static const expectation formats[] = {
    {"('%.1f'):format(1.5)", "1.5"},       {"('%8.3f|'):format(-1234567.25)", "-1234567.250|"},
    {"('%g'):format(0.1)", "0.1"},         {"('%e'):format(1.5)", "1.500000e+00"},
    {"('%a'):format(1.5)", "0x1.8p+0"},    {"('%s'):format(1.5)", "1.5"},
    {"('%i'):format(1234567)", "1234567"},
};

static const expectation texts[] = {
    {"thingspace.json.encode(0.1)", "0.1"},
    {"thingspace.json.encode({1.25, 1e300, 3.0})", "[1.25,1e+300,3]"},
    {"thingspace.json.decode('4.5') + 0", "4.5"},
    {"thingspace.json.decode('[1.5e2]')[1]", "150.0"},
    {"thingspace.json.encode(thingspace.json.decode('[1.50,-0.5]'))", "[1.5,-0.5]"},
    {"('a,b.c'):match('[.]') .. ('1,5'):gsub(',', '.')", ".1.5"},
    {"('\xc3\xa4\xc3\x84i'):upper()", "\xc3\xa4\xc3\x84I"},
    {"('\xc3\x84I'):lower()", "\xc3\x84i"},
    {"tostring(('\xe4'):find('%a'))", "nil"},
    {"tostring('\xc3\xa4' < 'b')", "false"},
    {"thingspace.random() < 1.0", "true"},
    {"tostring(os)", "nil"},
};

/* Each in a runtime of its own. */
static void check_all(const expectation *expected, size_t count)
{
    if (!check_decimal_comma())
        return;
    for (size_t i = 0; i < count; i++)
        if (!script_gives(&expected[i], &patient, __FILE__, __LINE__))
            return;
}

static void numbers_are_read_and_written_with_a_point(void)
{
    check_all(numbers, sizeof(numbers) / sizeof(numbers[0]));
}

static void formats_have_a_point(void)
{
    check_all(formats, sizeof(formats) / sizeof(formats[0]));
}

static void json_and_texts_know_no_locale(void)
{
    check_all(texts, sizeof(texts) / sizeof(texts[0]));
}

static const expectation refused[] = {
    {"thingspace.json.decode('4,5')", "not JSON: "},
    {"'3,5' + 1", "attempt to perform arithmetic on a string value"},
    {"thingspace.random(1.5)", "no integer representation"},
    {"error(1.5)", "fleet.lua:1: 1.5"},
};

static void a_comma_is_no_number(void)
{
    if (!check_decimal_comma())
        return;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        if (!script_refuses(&refused[i], &patient, __FILE__, __LINE__))
            return;
}

static bool writes_a_comma(void)
{
    char text[16];
    snprintf(text, sizeof(text), "%.1f", 1.5);
    return strcmp(text, "1,5") == 0;
}

static void the_process_keeps_its_locale(void)
{
    cleanup_script script script = SCRIPT_INIT;
    if (!check_decimal_comma())
        return;
    CHECK(writes_a_comma());
    CHECK_OK(script_run(&script, "return function() return 1.5 end", &patient));
    CHECK(writes_a_comma());
    CHECK_STATUS(script_run(&script, "return function() error('x') end", &patient),
                 THINGSPACE_POLICY);
    CHECK(writes_a_comma());
    CHECK_STATUS(script_load(&script, "return 1,5.5.5"), THINGSPACE_POLICY);
    CHECK(writes_a_comma());
}

/* What a hook does to the body of a call. */
static int copy_body(lua_State *L)
{
    json **tree = lua_touserdata(L, 1);
    runtime_push_json(L, *tree);
    json_free(*tree);
    *tree = NULL;
    runtime_to_body(L, -1, true);
    *tree = runtime_take_json(L, -1);
    return 0;
}

static void a_body_goes_through_a_script_unchanged(void)
{
    static const char text[] = "{\"a\":1.25,\"b\":[9007199254740993,\"1,5\",2.5]}";
    cleanup_script script script = SCRIPT_INIT;
    cleanup_json json *tree = NULL;
    cleanup_text char *written = NULL;
    if (!check_decimal_comma())
        return;
    CHECK_OK(runtime_new(&script.runtime, "fleet.lua", &script.error));
    CHECK_OK(json_parse(&tree, text, strlen(text), &script.error));
    CHECK_OK(runtime_enter(script.runtime, copy_body, &tree, NULL, &patient, &script.error));
    CHECK_OK(json_write_text(&written, tree));
    CHECK_TEXT(written, text);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(numbers_are_read_and_written_with_a_point),
    CHECK_CASE_ONCE(formats_have_a_point),
    CHECK_CASE_ONCE(json_and_texts_know_no_locale),
    CHECK_CASE_ONCE(a_comma_is_no_number),
    CHECK_CASE(the_process_keeps_its_locale),
    CHECK_CASE(a_body_goes_through_a_script_unchanged),
};
CHECK_MAIN(cases)
