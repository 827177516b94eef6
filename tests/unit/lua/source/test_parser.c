/* SPDX-License-Identifier: MIT */
/*
 * The parser that never runs what it reads: it takes what Lua takes and refuses what Lua refuses,
 * within bounded time and memory, and knows which local a name means.
 */
#include <config.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/buffer.h"
#include "base/limits.h"
#include "base/text.h"
#include "../hostile_text.h"
#include "lua/source/parser.h"
#include "../script.h"

/* As a script may be written, right or wrong: both parsers must agree on each. */
static const char *const snippets[] = {
    "",
    ";;;",
    "return",
    "return;",
    "return 1;;",
    "return 1 local x",
    "local a <const> = 1 return a",
    "local a <const> = 1 a = 2",
    "local a <close> = nil",
    "local a <close>, b <close> = nil",
    "local a <final> = 1",
    "local a < const > = 5 local function f() a = 1 end",
    "local a <const>, b = 1, 2 b = a",
    "goto done do local x end ::done::",
    "goto done local x ::done::",
    "goto done local x ::done:: print(x)",
    "goto done local x ::done:: ; ::other::",
    "do goto done end local x ::done:: return",
    "::a:: goto a",
    "goto a",
    "do ::a:: end goto a",
    "::a:: ::a::",
    "::a:: do ::a:: end",
    "do ::a:: end do ::a:: end",
    "do ::a:: end ::a::",
    "::a:: local function f() ::a:: goto a end",
    "::a:: local function f() goto a end",
    "while true do break end",
    "break",
    "while true do local function f() break end end",
    "if x then break end",
    "for i = 1, 3 do if i then break end end",
    "repeat local x = 1 until x",
    "repeat goto continue local x ::continue:: until x",
    "repeat goto continue local x = 1 ::continue:: until true",
    "for i = 1, 2 do goto continue local x ::continue:: end",
    "for i = 1 do end",
    "for i = 1, 2, 3, 4 do end",
    "for i in pairs(x) do end",
    "for a.b in pairs(x) do end",
    "for a, b, c in next, {} do local a = b end",
    "for i = 1, 2, 3 do i = 4 end",
    "local function f(...) return ... end",
    "local function f() return ... end",
    "local function f(a, ...) return select('#', ...) end",
    "local function f(..., a) end",
    "local function f(a,) end",
    "local function f(a b) end",
    "return ...",
    "function a.b.c:d(x) return self, x end",
    "function a:b.c() end",
    "function a.b() return self end",
    "local function a.b() end",
    "function f() end f = 1",
    "a.b.c = 1",
    "a.b:c() = 1",
    "a:b().c = 1",
    "f() = 1",
    "(a) = 1",
    "(a).b = 1",
    "(f())",
    "(f)()",
    "a",
    "a.b",
    "1 = a",
    "a, b = 1",
    "a, f() = 1",
    "a, b",
    "a, b.c, d[1] = 1, 2, f()",
    "a = b = c",
    "a += 1",
    "a != b",
    "x = a ~= b and a <= b or a >= b == (a < b)",
    "f{1, 2; 3, a = 4, ['b'] = 5, [6] = 7,}",
    "f{,}",
    "f{1,,2}",
    "f{;}",
    "f{a = 1 b = 2}",
    "f{[1] 2}",
    "f{[1 + 1] = {}, x.y, x = x}",
    "f'text' f\"text\" f[[text]] f{} f()",
    "f 1",
    "f:g'x':h{}:i(1)",
    "f:g",
    "f:g.h()",
    "f:1()",
    "x = 'a\\n\\r\\t\\\\\\'\\\"\\a\\b\\f\\v\\x41\\65\\065\\u{48}\\u{7FFFFFFF}\\z   b'",
    "x = '\\q'",
    "x = '\\x4'",
    "x = '\\xg0'",
    "x = '\\256'",
    "x = '\\255\\0007'",
    "x = '\\u{}'",
    "x = '\\u{80000000}'",
    "x = '\\u{110000}'",
    "x = '\\u48'",
    "x = '\\u{48'",
    "x = 'a\\\nb'",
    "x = 'a\\\r\nb' y = 1",
    "x = 'a\nb'",
    "x = 'a",
    "x = 'a\\",
    "x = \"a'",
    "x = 'a\\z \n\t  b'",
    "x = [[a]] y = [==[a]]b]=]c]==]",
    "x = [==[a]=]",
    "x = [=a",
    "x = a[b[1]] y = a[ [[k]] ]",
    "x = a[[[k]]]",
    "--[[ comment\n]] x = 1",
    "--[==[ ]] ]==] x = 1",
    "--[[ never ends",
    "--[=x not long\nx = 1",
    "-- ends with the text",
    "--",
    "x = 1 --[[]] --[[]]y = 2",
    "x = 0 y = 00 z = 1.",
    "x = .5 y = 3. z = 3.e2 w = 3e-2",
    "x = 0x10 y = 0xA.8p1 z = 0x.8p-3 w = 0x1P+4",
    "x = 0x",
    "x = 0xg",
    "x = 0x.p1",
    "x = 1e",
    "x = 1e+",
    "x = 1..2",
    "x = 1 ..2",
    "x = 1.2.3",
    "x = 3x",
    "x = 3_",
    "x = 0x1p",
    "x = 0x1e+1",
    "x = 1e5e5",
    "x = 08 y = 1E+5",
    "x = 99999999999999999999999999 y = 0xffffffffffffffffffff",
    "x = 9223372036854775808 y = -9223372036854775808",
    "x = a.5",
    "x = a .5",
    "x = a..'b'..1 ..2",
    "x = 2^-3^2 y = -2^2 z = not not a",
    "x = -  - 1 y = - -1 z = ~~1",
    "x = a // b % c & d | e ~ f << 1 >> 2",
    "x = #a + -b * ~c",
    "x = a and",
    "x = and a",
    "x = (a",
    "x = a)",
    "x = a b = 1",
    "if a then elseif b then else end",
    "if a then else elseif b then end",
    "if a end",
    "if a then",
    "while a do",
    "do do end",
    "end",
    "do return 1 end",
    "if a then return end",
    "if a then return 1, 2; end",
    "local x = function() return end local y = x",
    "local function f() local function g() return f, g end end",
    "local local x",
    "local x, = 1",
    "local x = 1, 2, 3",
    "local 1 = x",
    "local function end",
    "local nil = 1",
    "local goto = 1",
    "goto = 1",
    "goto 1",
    "::a",
    "::1::",
    ":: a ::",
    "a.end = 1",
    "a.and()",
    "x = {end = 1}",
    "x = {['end'] = 1, function() end, ...}",
    "\xef\xbb\xbfreturn 1",
    "return \xe4",
    "x = '\xe4\xff'",
    "x = @",
    "x = $1",
    "x = a ? b : c",
    "x = !a",
    "x = `a`",
    "# comment",
    "\f\v\t x = 1 \r\n y = 2 \n\r z = 3",
    "local _ENV = {} x = 1",
    "local _ENV <const> = {} x = 1",
    "_ENV = nil",
    "f\n(g)",
    "return function(...) local a, b = ... return {...}, (...) end",
    "return return",
    "return 1,",
    "x = function end",
    "x = function(a) return a",
    "f(function() end, {}, 'x', ...)",
    "f(a,)",
    "f(,a)",
    "x = a.b['c'].d(e):f'g'.h",
    "x = a..",
    "x = ..a",
    "local t <const> = {} t.x = 1",
    "local t <const> = {} function t.f() end",
    "local t <const> = {} function t() end",
};

static bool lua_takes(const char *text, size_t size)
{
    cleanup_script script script = SCRIPT_INIT;
    if (runtime_new(&script.runtime, "x.lua", &script.error) != THINGSPACE_OK)
        return false;
    return runtime_compile(script.runtime, text, size, &limits_policy_load, &script.error) ==
           THINGSPACE_OK;
}

static bool we_take(const char *text, size_t size)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_source_tree source_tree *tree = NULL;
    return source_parse(&tree, text, size, &error) == THINGSPACE_OK;
}

static void both_parsers_agree_on_every_snippet(void)
{
    for (size_t i = 0; i < sizeof(snippets) / sizeof(snippets[0]); i++) {
        bool expected = lua_takes(snippets[i], strlen(snippets[i]));
        bool taken = we_take(snippets[i], strlen(snippets[i]));
        CHECK(check_report(taken == expected, __FILE__, __LINE__, "\"%s\" is %s", snippets[i],
                           taken ? "taken" : "refused"));
    }
}

/* The text as it is cut at each byte: half a script is a script or is not. */
static void both_parsers_agree_on_every_beginning(void)
{
    static const char text[] =
        "local t <const> = { name = 'a\\x41\\u{20AC}', [ [[k]] ] = 0x1p4, 3.5e-1; }\n"
        "for i = 1, #t do if i // 2 ~= 1 then goto next end t[i] = -i ^ 2 .. '' ::next:: end\n"
        "local function f(a, ...) repeat local b = a or ... until b == nil return f(b, ...) end\n"
        "--[==[ long ]] ]==] return { hooks = { request = function(c, r) r:set('x') end } }";
    for (size_t size = 0; size < sizeof(text); size++)
        CHECK(check_report(lua_takes(text, size) == we_take(text, size), __FILE__, __LINE__,
                           "%zu bytes", size));
}

static void every_script_that_ships_is_taken(void)
{
    static const char *const folders[] = {"scripts", "plugins"};
    const char *source = getenv("srcdir");
    size_t found = 0;
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        char command[600], path[512];
        snprintf(command, sizeof(command), "find '%s/%s' -name '*.lua' 2>/dev/null",
                 source ? source : ".", folders[i]);
        FILE *list = popen(command, "r");
        CHECK(list != NULL);
        while (fgets(path, sizeof(path), list)) {
            static char text[LIMIT_SCRIPT];
            path[strcspn(path, "\n")] = '\0';
            FILE *file = fopen(path, "r");
            size_t size = file ? fread(text, 1, sizeof(text), file) : 0;
            if (file)
                fclose(file);
            check_report(size > 0 && we_take(text, size), __FILE__, __LINE__, "%s", path);
            found++;
        }
        pclose(list);
    }
    CHECK(found >= 2);
}

static void a_failure_tells_line_and_reason(void)
{
    static const struct {
        const char *text, *message;
        int line;
    } cases[] = {
        {"x = 1\ny = = 2", "unexpected symbol near '='", 2},
        {"if a then\n\n", "'end' expected (to close 'if' at line 1) near the end of the text", 3},
        {"x = 'a\n", "a string is not finished on its line", 1},
        {"\n\nbreak", "break outside of a loop near 'break'", 3},
        {"local a <const> = 1\na = 2", "assignment to the constant 'a'", 2},
        {"goto x", "no visible label 'x' for goto", 1},
        {"f(\n1", "')' expected (to close '(' at line 1) near the end of the text", 2},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_source_tree source_tree *tree = NULL;
        CHECK_STATUS(source_parse(&tree, cases[i].text, strlen(cases[i].text), &error),
                     THINGSPACE_POLICY);
        CHECK_TEXT(error.message, cases[i].message);
        CHECK_INT(error.line, cases[i].line);
        CHECK(tree == NULL);
    }
}

/* --- Scopes --- */

static const source_node *name_at(const source_tree *tree, const char *name, size_t which)
{
    for (const source_node *node = tree->nodes; node; node = node->following)
        if (node->kind == SOURCE_NAME && text_equal(node->as.name.name->text, name))
            if (which-- == 0)
                return node;
    return NULL;
}

static void a_name_means_the_innermost_local_that_is_visible(void)
{
    static const char text[] = "local a = a\n"
                               "do local a = 2 f(a) end\n"
                               "local function g(a) return a end\n"
                               "local a = a\n"
                               "for a = a, 2 do f(a) end\n"
                               "return a";
    static const int lines[] = {0, 2, 3, 1, 4, 5, 4};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_source_tree source_tree *tree = NULL;
    CHECK_OK(source_parse(&tree, text, strlen(text), &error));
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        const source_node *node = name_at(tree, "a", i);
        CHECK(node != NULL);
        CHECK_INT(node->as.name.local ? node->as.name.local->line : 0, lines[i]);
    }
    CHECK(name_at(tree, "g", 0) == NULL);
    CHECK(name_at(tree, "f", 0)->as.name.local == NULL);
}

static void locals_know_their_value_and_how_often_they_change(void)
{
    static const char text[] = "local a, b, c = 1, f()\n"
                               "local d\n"
                               "d = function() b = 2 end\n";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_source_tree source_tree *tree = NULL;
    CHECK_OK(source_parse(&tree, text, strlen(text), &error));
    const source_local *a = tree->locals, *b = a->following, *c = b->following, *d = c->following;
    CHECK(a->value->kind == SOURCE_NUMBER && a->value->as.number == 1);
    CHECK(b->value->kind == SOURCE_CALL);
    CHECK_INT(b->assignments, 1);
    CHECK(!c->value && c->assignments > 1);
    CHECK_INT(d->assignments, 1);
    CHECK(!d->value && d->stored->kind == SOURCE_FUNCTION);
}

/* --- Hostile texts --- */

typedef struct hostile_case {
    hostile_text text;
    bool taken; /* by our parser; what Lua takes is a question of its memory too */
} hostile_case;

static const hostile_case hostile[] = {
    {{"", "(", ""}, false},
    {{"x = ", "{", ""}, false},
    {{"x = ", "-", "1"}, false},
    {{"x = ", "a..", "a"}, false},
    {{"x = 1", "+1", ""}, true},
    {{"x = a", ".a", ""}, true},
    {{"f", "()", ""}, true},
    {{"x = {", "{},", "}"}, true},
    {{"x = {", "a=1,", "}"}, true},
    {{"", "local a;", ""}, false},
    {{"", "do local a end ", ""}, true},
    {{"", "do ", ""}, false},
    {{"", "::a::", ""}, false},
    {{"", "do goto a end ", ""}, false},
    {{"", "do goto a ::a:: end ", ""}, true},
    {{"", "a=a ", ""}, true},
    {{"", "function f() end ", ""}, true},
    {{"", "f=function()", ""}, false},
    {{"", ";", ""}, true},
    {{"", "a,", "a=1"}, false},
    {{"x = '", "\\u{7FFFFFFF}", "'"}, true},
    {{"x = [", "=", ""}, false},
    {{"x = [[", "]=", "]]"}, true},
    {{"--[[", "]=", "]]"}, true},
    {{"--", "[", ""}, false},
    {{"x = 1", "1", ""}, true},
    {{"x = 0x", "f", "p1"}, true},
    {{"return ", "a,", "a"}, true},
    {{"if a then ", "elseif a then ", "end"}, true},
    {{"", "if a then else ", ""}, false},
    {{"", "x", ""}, false},
};

static void hostile_text_ends_soon(void)
{
    for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
        size_t size = 0;
        cleanup_text char *text = hostile_text_make(&hostile[i].text, &size);
        CHECK(text != NULL);
        double before = script_cpu_ms();
        bool taken = we_take(text, size);
        double spent = script_cpu_ms() - before;
        check_report(taken == hostile[i].taken, __FILE__, __LINE__, "%s%s...: %s",
                     hostile[i].text.before, hostile[i].text.unit, taken ? "taken" : "refused");
        check_report(spent < 100 * script_slowness(), __FILE__, __LINE__, "%s%s...: %.0f ms",
                     hostile[i].text.before, hostile[i].text.unit, spent);
    }
}

static void nesting_is_bounded_as_in_lua(void)
{
    static const struct {
        const char *open, *close;
    } nests[] = {{"(", ")"}, {"{", "}"}, {"-", ""}, {"function() return ", " end"}, {"f(", ")"}};
    for (size_t i = 0; i < sizeof(nests) / sizeof(nests[0]); i++)
        for (size_t depth = 20; depth < 400; depth += 60) {
            char text[16384] = "return ";
            for (size_t j = 0; j < depth; j++)
                strcat(text, nests[i].open);
            strcat(text, i == 1 ? "" : "1");
            for (size_t j = 0; j < depth; j++)
                strcat(text, nests[i].close);
            check_report(lua_takes(text, strlen(text)) == we_take(text, strlen(text)), __FILE__,
                         __LINE__, "%zu times %s", depth, nests[i].open);
        }
}

static void too_long_a_text_is_refused(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_source_tree source_tree *tree = NULL;
    cleanup_text char *text = calloc(1, LIMIT_SCRIPT + 1);
    CHECK_MADE(text);
    memset(text, ';', LIMIT_SCRIPT + 1);
    CHECK_STATUS(source_parse(&tree, text, LIMIT_SCRIPT + 1, &error), THINGSPACE_POLICY);
    CHECK_OK(source_parse(&tree, text, LIMIT_SCRIPT, &error));
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(both_parsers_agree_on_every_snippet),
    CHECK_CASE_ONCE(both_parsers_agree_on_every_beginning),
    CHECK_CASE_ONCE(every_script_that_ships_is_taken),
    CHECK_CASE(a_failure_tells_line_and_reason),
    CHECK_CASE(a_name_means_the_innermost_local_that_is_visible),
    CHECK_CASE(locals_know_their_value_and_how_often_they_change),
    CHECK_CASE_ONCE(hostile_text_ends_soon),
    CHECK_CASE_ONCE(nesting_is_bounded_as_in_lua),
    CHECK_CASE(too_long_a_text_is_refused),
};

CHECK_MAIN(cases)
