/* SPDX-License-Identifier: MIT */
/*
 * The matcher against stock Lua's: same answers and same complaints, for pairs written by hand and
 * for random ones from a fixed seed. And what stock Lua does not have: a budget.
 */
#include <config.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include "check.h"
#include "lua/runtime/limits.h"
#include "lua/runtime/pattern.h"

typedef struct text {
    char bytes[4096];
    size_t size;
} text;

static void add(text *out, const char *bytes, size_t size)
{
    if (size > sizeof(out->bytes) - 1 - out->size)
        size = sizeof(out->bytes) - 1 - out->size;
    memcpy(out->bytes + out->size, bytes, size);
    out->size += size;
    out->bytes[out->size] = '\0';
}

static void add_number(text *out, long long number)
{
    char digits[32];
    add(out, digits, (size_t)snprintf(digits, sizeof(digits), "%lld;", number));
}

static void add_error(text *out, const char *message)
{
    out->size = 0;
    add(out, "error: ", 7);
    add(out, message, strlen(message));
}

/* All matches with their ranges and captures, as gmatch finds them; or the first, as find does. */
static void match_here(text *out, const char *subject, size_t size, const char *pattern_text,
                       bool all)
{
    pattern pattern;
    pattern_result result;
    out->size = 0;
    pattern_init(&pattern, subject, size, pattern_text, strlen(pattern_text), !all);
    while ((result = pattern_next(&pattern)) == PATTERN_FOUND) {
        if (!all) {
            add_number(out, pattern.start - subject + 1);
            add_number(out, pattern.end - subject);
        }
        for (unsigned i = 0; i < (pattern.count == 0 && all ? 1 : pattern.count); i++) {
            pattern_capture capture;
            if (!pattern_get(&pattern, i, &capture)) {
                add_error(out, pattern.error);
                return;
            }
            if (capture.size == PATTERN_POSITION)
                add_number(out, capture.start - subject + 1);
            else
                add(out, capture.start, (size_t)capture.size);
            add(out, ",", 1);
        }
        if (!all)
            return;
    }
    if (result == PATTERN_FAILED)
        add_error(out, pattern.error);
}

/* The same by stock Lua; the script gives everything as one text. */
static const char stock_script[] =
    "local function show(v) return math.type(v) and v .. ';' or v end\n"
    "local function one(s, p) local r, out = table.pack(s:find(p)), ''\n"
    "  for i = 1, r[1] and r.n or 0 do out = out .. show(r[i]) .. (i > 2 and ',' or '') end\n"
    "  return out end\n"
    "local function all(s, p) local out = ''\n"
    "  local f = s:gmatch(p)\n"
    "  while true do local r = table.pack(f())\n"
    "    if r.n == 0 then return out end\n"
    "    for i = 1, r.n do out = out .. show(r[i]) .. ',' end end end\n"
    "return function(s, p, every) local ok, r = pcall(every and all or one, s, p)\n"
    "  return ok and r or 'error: ' .. r:gsub('^%[string.-%]:%d+: ', '') end\n";

static void match_stock(lua_State *L, text *out, const char *subject, size_t size,
                        const char *pattern, bool all)
{
    size_t length;
    lua_pushvalue(L, 1);
    lua_pushlstring(L, subject, size);
    lua_pushstring(L, pattern);
    lua_pushboolean(L, all);
    lua_call(L, 3, 1);
    const char *answer = lua_tolstring(L, -1, &length);
    out->size = 0;
    add(out, answer, length);
    lua_settop(L, 1);
}

static lua_State *open_stock(void)
{
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    if (luaL_dostring(L, stock_script) != LUA_OK)
        printf("# %s\n", lua_tostring(L, -1));
    return L;
}

static void close_stock(lua_State **L)
{
    lua_close(*L);
}
#define cleanup_stock __attribute__((cleanup(close_stock)))

static bool agree(lua_State *L, const char *subject, size_t size, const char *pattern)
{
    static text ours, stock;
    for (int all = 0; all < 2; all++) {
        if (!all && pattern_is_plain(pattern, strlen(pattern)))
            continue; /* stock find searches those as they are */
        match_here(&ours, subject, size, pattern, all);
        match_stock(L, &stock, subject, size, pattern, all);
        if (ours.size != stock.size || memcmp(ours.bytes, stock.bytes, stock.size) != 0)
            return check_report(false, __FILE__, __LINE__,
                                "%s of \"%s\" in \"%s\": \"%s\", stock Lua: \"%s\"",
                                all ? "all" : "first", pattern, subject, ours.bytes, stock.bytes);
    }
    return true;
}

static const char *const subjects[] = {
    "",
    "a",
    "hello world",
    "0000123456-00001",
    "THE (quick) fox",
    "key = value",
    "  trimmed\t\n ",
    "f(a(b)c)d(e",
    "aaab",
    "x^2 $5 100% [z] a-b",
    "\xc3\xa9t\xc3\xa9 \x80\xff",
    "one,two,,three",
    "https://hooks.example.com:9001/cb?x=1",
    "]]--[[",
    "abcabcabc",
};

static const char *const patterns[] = {
    "",
    "a",
    "l+",
    "(l)(o)",
    ".",
    ".-",
    ".*",
    "^",
    "$",
    "^$",
    "^.*$",
    "%d+",
    "^%d+%-%d+$",
    "(%d+)-(%d+)",
    "%((%a+)%)",
    "()%a+()",
    "^(%w+)%s*=%s*(%w+)$",
    "^%s*(.-)%s*$",
    "%b()",
    "%b((",
    "%bxx",
    "%f[%a]%a+",
    "%f[%w]",
    "%f[^%z]",
    "a-b",
    "a*",
    "a?b",
    "a?a?a?aaa",
    "[abc]+",
    "[^abc]+",
    "[a-c]",
    "[%a_][%w_]*",
    "[]]",
    "[^]]",
    "[]-a]",
    "[a-]",
    "[-a]",
    "[%-x]",
    "[%]]",
    "[^%s]+",
    "[%d%.]+",
    "(a)%1",
    "(.)%1",
    "(..)(.)%2",
    "%%",
    "%$",
    "%^",
    "a$b",
    "a^b",
    "x^2",
    "$5",
    "([^,]*)",
    "([^,]+)",
    "^(%a+)://([^/:]+):?(%d*)(/?.*)$",
    "%A+",
    "%C",
    "%D+",
    "%G",
    "%L+",
    "%P+",
    "%S+",
    "%U+",
    "%W+",
    "%X+",
    "%c",
    "%g+",
    "%l+",
    "%p",
    "%s",
    "%u+",
    "%w+",
    "%x+",
    "((a)(b))",
    "(a*(.)%w(%s*))",
    "()",
    "()()",
    "(()a())",
    "\xc3\xa9",
    "[\x80-\xff]+",
    "[\xc3][\x80-\xbf]",
    "%",
    "a%",
    "[",
    "[a",
    "[^",
    "[%",
    "[a%",
    "[]",
    "[^]",
    "(",
    "(a",
    ")",
    "a)",
    "(()",
    "%1",
    "(%1)",
    "%0",
    "%9",
    "(a)%2",
    "%b",
    "%bx",
    "%f",
    "%fa",
    "%f[",
    "%f[a",
    "(((((((((((((((((((((((((((((((((a",
    "%z",
    "%k",
    "[%k]",
    "a**",
    "a+*",
    "^^",
    "^*",
    "*",
    "+a",
    "-",
    "?",
    "(^a)",
    "a|b",
    "\\d",
    "[[:alpha:]]",
    "[a-%z]",
    "[z-a]",
};

static void answers_are_those_of_stock_lua(void)
{
    cleanup_stock lua_State *L = open_stock();
    for (size_t s = 0; s < sizeof(subjects) / sizeof(subjects[0]); s++)
        for (size_t p = 0; p < sizeof(patterns) / sizeof(patterns[0]); p++)
            if (!agree(L, subjects[s], strlen(subjects[s]), patterns[p]))
                return;
}

static unsigned long seed;

static unsigned next_random(unsigned below)
{
    seed = (seed * 6364136223846793005UL + 1442695040888963407UL) & 0xffffffffffffffffUL;
    return (unsigned)(seed >> 33) % below;
}

static void make_random(text *out, const char *const *pieces, unsigned count, unsigned most)
{
    out->size = 0;
    add(out, "", 0);
    for (unsigned n = next_random(most + 1); n > 0; n--) {
        const char *piece = pieces[next_random(count)];
        add(out, piece, strlen(piece));
    }
}

static void random_patterns_are_matched_as_stock_lua_does(void)
{
    static const char *const items[] = {
        "a",  "b", "c",     ".",      "%a",  "%d", "[ab]", "[^a]", "[a-c]", "%w",      "(",  ")",
        "()", "*", "+",     "-",      "?",   "^",  "$",    "%b()", "%f[a]", "%1",      "%2", "%",
        "[",  "]", "[^b-]", "[%d%s]", "%s*", "(a", ".-)",  "%(",   "-",     "%f[^%w]",
    };
    static const char *const words[] = {"a", "b", "c", "ab", "(", ")",
                                        "1", " ", "-", "aa", "^", "%"};
    cleanup_stock lua_State *L = open_stock();
    text pattern, subject;
    seed = 20240607;
    for (int n = 0; n < 20000; n++) {
        make_random(&pattern, items, sizeof(items) / sizeof(items[0]), 8);
        make_random(&subject, words, sizeof(words) / sizeof(words[0]), 12);
        if (!agree(L, subject.bytes, subject.size, pattern.bytes))
            return;
    }
}

static void zero_bytes_are_bytes_like_others(void)
{
    static const char subject[] = "a\0b\0\0c";
    cleanup_stock lua_State *L = open_stock();
    static const char *const tried[] = {"[^a]+", "%z+", ".", "%c+", "%f[%z]", "b.+c", "[^%z]+"};
    for (size_t i = 0; i < sizeof(tried) / sizeof(tried[0]); i++)
        CHECK(agree(L, subject, sizeof(subject) - 1, tried[i]));
}

static const char *complaint_of(const char *subject, size_t size, const char *pattern_text)
{
    static pattern pattern;
    pattern_init(&pattern, subject, size, pattern_text, strlen(pattern_text), true);
    return pattern_next(&pattern) == PATTERN_FAILED ? pattern.error : NULL;
}

static void exponential_patterns_run_out_of_their_budget(void)
{
    char subject[300];
    memset(subject, 'a', sizeof(subject));
    CHECK_TEXT(complaint_of(subject, sizeof(subject), "a*a*a*a*a*a*b"), "pattern too expensive");
    CHECK_TEXT(complaint_of(subject, sizeof(subject), "(a*)(a-)(a*)(a-)%1b"),
               "pattern too expensive");
    CHECK_TEXT(complaint_of(subject, sizeof(subject), ".-.-.-.-.-.-b"), "pattern too expensive");
    CHECK_TEXT(
        complaint_of(subject, 30, "a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?b"),
        "pattern too expensive");
}

static void the_budget_is_enough_for_honest_work(void)
{
    static char subject[256 * 1024];
    memset(subject, 'a', sizeof(subject));
    CHECK(complaint_of(subject, sizeof(subject), "[b-z]") == NULL);
    CHECK(complaint_of(subject, sizeof(subject), "^%w+$") == NULL);
    CHECK(complaint_of(subject, sizeof(subject), "b*c") == NULL);
}

static void a_long_set_costs_its_length(void)
{
    static char subject[20000], set[3000];
    memset(subject, 'a', sizeof(subject));
    memset(set, 'b', sizeof(set) - 1);
    set[0] = '[';
    set[sizeof(set) - 2] = ']';
    CHECK_TEXT(complaint_of(subject, sizeof(subject), set), "pattern too expensive");
}

static void nesting_is_bounded(void)
{
    char deep[1300];
    for (size_t i = 0; i < 300; i++)
        memcpy(deep + 4 * i, "a?b-", 5);
    CHECK_TEXT(complaint_of("aaaa", 4, deep), "pattern too complex");
}

static void count_steps(void *user, size_t steps)
{
    *(size_t *)user += steps;
}

static void steps_are_reported_while_it_runs(void)
{
    char subject[200];
    size_t steps = 0;
    pattern pattern;
    memset(subject, 'a', sizeof(subject));
    pattern_init(&pattern, subject, sizeof(subject), "a*a*a*a*b", 9, true);
    pattern.report = count_steps;
    pattern.user = &steps;
    CHECK_INT(pattern_next(&pattern), PATTERN_FAILED);
    CHECK_INT(steps + pattern.unreported + pattern.budget, RUNTIME_PATTERN_STEPS);
    CHECK(steps > RUNTIME_PATTERN_STEPS - 10000);
}

static void plain_texts_are_told_from_patterns(void)
{
    CHECK(pattern_is_plain("abc/:_ ]", 8));
    CHECK(pattern_is_plain("a\0b", 3));
    CHECK(!pattern_is_plain("a.b", 3));
    CHECK(!pattern_is_plain("a\0%", 3));
}

static const check_case cases[] = {
    CHECK_CASE(answers_are_those_of_stock_lua),
    CHECK_CASE(random_patterns_are_matched_as_stock_lua_does),
    CHECK_CASE(zero_bytes_are_bytes_like_others),
    CHECK_CASE(exponential_patterns_run_out_of_their_budget),
    CHECK_CASE(the_budget_is_enough_for_honest_work),
    CHECK_CASE(a_long_set_costs_its_length),
    CHECK_CASE(nesting_is_bounded),
    CHECK_CASE(steps_are_reported_while_it_runs),
    CHECK_CASE(plain_texts_are_told_from_patterns),
};
CHECK_MAIN(cases)
