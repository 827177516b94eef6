/* SPDX-License-Identifier: MIT */
/*
 * The library that scripts see: which names it has, that what it shares with stock Lua gives the
 * same, what it refuses, that nothing is shared between scripts, and what the table `thingspace`
 * does.
 */
#include <config.h>
#include <lauxlib.h>
#include <locale.h>
#include <lualib.h>
#include "lua/runtime/runtime_inside.h"
#include "script.h"

/* Enough time for a program under a sanitizer. */
static const runtime_limits patient = {900, 0, 4 << 20, 256 << 10, 20};

/* The list that thingspace-policy(5) documents; the policy adds its own to `thingspace`. */
static const char *const documented[] = {
    "_G",
    "_VERSION",
    "assert",
    "error",
    "getmetatable",
    "ipairs",
    "math",
    "next",
    "pairs",
    "pcall",
    "rawequal",
    "rawget",
    "rawlen",
    "rawset",
    "select",
    "setmetatable",
    "string",
    "table",
    "thingspace",
    "tonumber",
    "tostring",
    "type",
    "utf8",
    "math.abs",
    "math.acos",
    "math.asin",
    "math.atan",
    "math.ceil",
    "math.cos",
    "math.deg",
    "math.exp",
    "math.floor",
    "math.fmod",
    "math.huge",
    "math.log",
    "math.max",
    "math.maxinteger",
    "math.min",
    "math.mininteger",
    "math.modf",
    "math.pi",
    "math.rad",
    "math.sin",
    "math.sqrt",
    "math.tan",
    "math.tointeger",
    "math.type",
    "math.ult",
    "string.byte",
    "string.char",
    "string.find",
    "string.format",
    "string.gmatch",
    "string.gsub",
    "string.len",
    "string.lower",
    "string.match",
    "string.rep",
    "string.reverse",
    "string.sub",
    "string.upper",
    "table.concat",
    "table.insert",
    "table.move",
    "table.pack",
    "table.remove",
    "table.sort",
    "table.unpack",
    "thingspace.base64",
    "thingspace.hmac",
    "thingspace.json",
    "thingspace.log",
    "thingspace.random",
    "thingspace.services",
    "thingspace.settings",
    "thingspace.sha256",
    "thingspace.time_ms",
    "utf8.char",
    "utf8.charpattern",
    "utf8.codepoint",
    "utf8.codes",
    "utf8.len",
    "utf8.offset",
};

typedef struct names {
    unsigned found;
    char stranger[128];
} names;

static bool is_documented(const char *name)
{
    for (size_t i = 0; i < sizeof(documented) / sizeof(documented[0]); i++)
        if (strcmp(documented[i], name) == 0)
            return true;
    return false;
}

static void visit(lua_State *L, names *names, const char *prefix)
{
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        char name[128];
        snprintf(name, sizeof(name), "%s%s", prefix, lua_tostring(L, -2));
        if (is_documented(name))
            names->found++;
        else
            snprintf(names->stranger, sizeof(names->stranger), "%s", name);
        lua_pop(L, 1);
    }
}

static int visit_all(lua_State *L)
{
    static const char *const parts[] = {"math", "string", "table", "thingspace", "utf8"};
    names *names = lua_touserdata(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &runtime_key_globals);
    visit(L, names, "");
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        char prefix[32];
        snprintf(prefix, sizeof(prefix), "%s.", parts[i]);
        lua_getfield(L, -1, parts[i]);
        visit(L, names, prefix);
        lua_pop(L, 1);
    }
    return 0;
}

static void the_globals_are_those_that_are_documented(void)
{
    cleanup_script script script = SCRIPT_INIT;
    names names = {0, ""};
    CHECK_OK(runtime_new(&script.runtime, "fleet.lua", &script.error));
    CHECK_OK(runtime_enter(script.runtime, visit_all, &names, NULL, &patient, &script.error));
    CHECK_TEXT(names.stranger, "");
    CHECK_INT(names.found, sizeof(documented) / sizeof(documented[0]));
}

static void what_leaves_the_limits_is_absent(void)
{
    static const char *const absent[] = {
        "xpcall",      "coroutine",     "collectgarbage",  "load",        "loadstring",
        "loadfile",    "dofile",        "require",         "io",          "os",
        "debug",       "package",       "print",           "warn",        "string.dump",
        "string.pack", "string.unpack", "string.packsize", "math.random", "math.randomseed",
    };
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        cleanup_script script script = SCRIPT_INIT;
        char text[64];
        snprintf(text, sizeof(text), "return %s == nil", absent[i]);
        CHECK_OK(script_run(&script, text, &patient));
        CHECK_TEXT(script.answer, "true");
    }
}

/* Each gives a text; stock Lua must give the same. */
static const char *const shared[] = {
    "string.byte('abc', 1, -1)",
    "('abc'):byte(-1)",
    "select('#', ('abc'):byte(4))",
    "('abc'):byte(0)",
    "select('#', ('abc'):byte(2, 1))",
    "('x'):byte(math.mininteger)",
    "string.char()",
    "string.char(72, 0, 255):len()",
    "('abc'):sub(2)",
    "('abc'):sub(-2, -2)",
    "('abc'):sub(0)",
    "('abc'):sub(3, 2)",
    "('abc'):sub(math.mininteger, math.maxinteger)",
    "('abc'):sub(-100, 2)",
    "('aBc\\xc4'):upper()",
    "('aBc\\xc4'):lower()",
    "('abc'):reverse()",
    "('ab'):rep(3)",
    "('ab'):rep(3, '-')",
    "('ab'):rep(0)",
    "('ab'):rep(-1)",
    "(''):rep(1e9)",
    "('ab'):rep(1, '-')",
    "#'a\\0b'",
    "('a\\0b'):len()",
    "('hello'):find('l')",
    "('hello'):find('l', -2)",
    "('hello'):find('')",
    "('hello'):find('', 6)",
    "tostring(('hello'):find('', 7))",
    "('a.b'):find('.', 1, true)",
    "('a.b'):find('%.')",
    "('hello'):find('(l)(l)')",
    "('a)b'):find(')')",
    "tostring(('x'):find('y'))",
    "('a\\0b'):find('\\0')",
    "('key = 1'):match('^(%w+)%s*=%s*(%d+)$')",
    "('  x '):match('^%s*(.-)%s*$')",
    "('x'):match('()')",
    "tostring(('x'):match('y'))",
    "('hello'):match('.', -1)",
    "('hello'):match('l+', 3)",
    "('hello world'):gsub('o', '0')",
    "('hello'):gsub('', '-')",
    "('hello'):gsub('l', '%0%0')",
    "('hello'):gsub('(h)(e)', '%2%1')",
    "('hello'):gsub('l', '%%')",
    "('abc'):gsub('%w', '%1')",
    "('abc'):gsub('^a', 'x')",
    "('aaa'):gsub('^a', 'x')",
    "('hello'):gsub('l', {l = 'L'})",
    "('hello'):gsub('l', {})",
    "('hello'):gsub('.', function(c) if c == 'l' then return 1 end end)",
    "('hello'):gsub('l', 'x', 1)",
    "('hello'):gsub('l', 'x', 0)",
    "('hello'):gsub('l', false and 1 or 7)",
    "('abc'):gsub('b*', '-')",
    "('a b c'):gsub('%s', '')",
    "('abc'):gsub('()', '%1')",
    "(function() local t = {} for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do t[#t + 1] = k .. v "
    "end return"
    " table.concat(t, ',') end)()",
    "(function() local t = {} for w in ('one two'):gmatch('%a+') do t[#t + 1] = w end return"
    " table.concat(t, ',') end)()",
    "(function() local n = 0 for w in ('abc'):gmatch('') do n = n + 1 end return n end)()",
    "(function() local n = 0 for w in ('^a^a'):gmatch('^a') do n = n + 1 end return n end)()",
    "(function() local t = {} for w in ('abcabc'):gmatch('b', 3) do t[#t + 1] = w end return #t "
    "end)()",
    "('%d %5d %-5d| %05d %+d %i %u'):format(1, 2, 3, 4, 5, 6, 7)",
    "('%x %X %#x %o'):format(255, 255, 255, 8)",
    "('%.3f %10.2f %e %g %G'):format(1.5, 2.25, 1e100, 1e20, 1e-10)",
    "('%a'):format(0.5)",
    "('%s %10s|%-10s|%.2s'):format('a', 'b', 'c', 'def')",
    "('%5s|%s'):format(true, nil)",
    "('%c%c'):format(72, 105)",
    "('%%'):format()",
    "('%d'):format(3.0)",
    "('%d'):format('10')",
    "('%s'):format(1.0)",
    "('%s'):format(2^53)",
    "('%5.1s|'):format('xyz')",
    "('%99.99f'):format(1 / 3)",
    "('%.0f'):format(0.5)",
    "('%i'):format(-0)",
    "('%s'):format(setmetatable({}, {__tostring = function() return 'me' end}))",
    "('% d'):format(5)",
    "('%s'):format(('x'):rep(500)):len()",
    "('%.20s'):format('abc')",
    "('%-5c|'):format(65)",
    "table.concat({1, 2, 'x'}, ', ')",
    "table.concat({}, 'x')",
    "table.concat({1, 2, 3}, '-', 2, 3)",
    "table.concat({1, 2, 3}, '-', 3, 2)",
    "table.concat({1.5, 'a'})",
    "(function() local t = {1, 2} table.insert(t, 3) table.insert(t, 1, 0) return table.concat(t, "
    "',') end)()",
    "(function() local t = {1, 2, 3} local r = table.remove(t) .. table.remove(t, 1) return r .. "
    "#t end)()",
    "tostring(table.remove({}))",
    "tostring(table.remove({}, 0))",
    "(function() local t = {1} return"
    " tostring(table.remove(t, 2)) .. #t end)()",
    "table.unpack({1, 2, 3})",
    "table.unpack({1, 2, 3}, 2)",
    "table.unpack({1, 2, 3}, 2, 3)",
    "tostring(table.unpack({}, 1, 2))",
    "table.pack(1, nil, 3).n",
    "table.concat(table.move({1, 2, 3}, 2, 3, 1), ',')",
    "table.concat(table.move({1, 2, 3}, 1, 3, 2), ',')",
    "table.concat(table.move({1, 2, 3}, 1, 3, 3, {9, 9}), ',')",
    "#table.move({1, 2, 3}, 1, 0, 5)",
    "(function() local t = {5, 3, 9, 1, 7, 3, 3} table.sort(t) return table.concat(t, ',') end)()",
    "(function() local t = {'b', 'a', 'c'} table.sort(t, function(a, b) return a > b end) return"
    " table.concat(t, ',') end)()",
    "(function() local t = {} for i = 1, 500 do t[i] = i * 7919 % 503 end table.sort(t) for i = 2, "
    "500 do"
    " assert(t[i - 1] <= t[i]) end return 'sorted' end)()",
    "(function() local t = {2} table.sort(t) table.sort({}) return t[1] end)()",
    "tonumber('10')",
    "tonumber(' 0x1F ')",
    "tonumber('1e2')",
    "tostring(tonumber('x'))",
    "tonumber('ff', 16)",
    "tonumber('-zz', 36)",
    "tostring(tonumber('8', 8))",
    "tostring(tonumber('', 10))",
    "tonumber(' 11 ', 2)",
    "tostring(tonumber('1 1', 2))",
    "tonumber(5)",
    "tostring(tonumber({}))",
    "tonumber('0x')==nil",
    "tonumber('7fffffffffffffff', 16)",
    "tonumber('ffffffffffffffff', 16)",
    "tostring(tonumber('1\\0', 10))",
    "tostring(1)",
    "tostring(1.0)",
    "tostring(-0.0)",
    "tostring(nil)",
    "tostring(true)",
    "tostring(1e15)",
    "tostring(2^53 + 1)",
    "tostring(math.mininteger)",
    "tostring(1 / 0)",
    "tostring('x')",
    "select('#')",
    "select('#', nil, nil)",
    "select(2, 'a', 'b', 'c')",
    "select(-1, 'a', 'b')",
    "select('#', select(5, 1))",
    "type(nil)",
    "type(type)",
    "rawequal('a', 'a')",
    "rawlen({1, 2})",
    "rawlen('abc')",
    "rawget(setmetatable({}, {__index = {x = 1}}), 'x') == nil",
    "next({})==nil",
    "next({7})",
    "(function() local n = 0 for i, v in ipairs({1, 2, nil, 4}) do n = n + v end return n end)()",
    "(function() local n = 0 for k, v in pairs({a = 1, b = 2}) do n = n + v end return n end)()",
    "(function() local t = setmetatable({}, {__pairs = function() return next, {5}, nil end}) for "
    "k, v in"
    " pairs(t) do return v end end)()",
    "(function() local t = setmetatable({}, {__index = function(t, i) return i < 4 and i or nil "
    "end})"
    " local n = 0 for i in ipairs(t) do n = n + i end return n end)()",
    "pcall(error, 'x')",
    "select(2, pcall(error, {}))~=nil",
    "pcall(function() return 1, 2 end)",
    "select(2, pcall(error))==nil",
    "pcall(pcall, error, 'e')",
    "assert(1, 2)",
    "getmetatable({})==nil",
    "getmetatable(setmetatable({}, {__metatable = 'mine'}))",
    "pcall(setmetatable, setmetatable({},"
    " {__metatable = 1}), {})==false",
    "10 // 3",
    "7 % -3",
    "1e308 * 10",
    "'a' .. 1 .. 2.0",
    "'a' < 'b'",
    "'a\\0b' < 'a\\0c'",
    "#'\\u{20AC}'",
    "math.floor(-1.5)",
    "math.tointeger(3.0)",
    "math.max(1, 2.5)",
    "math.type(1)",
    "math.ult(1, -1)",
    "utf8.char(228, 8364)",
    "utf8.len('\\u{e4}x')",
    "utf8.codepoint('\\u{e4}')",
    "tostring(utf8.len('\\xff'))",
    "utf8.offset('a\\u{e4}b', 3)",
    "_VERSION",
    "_G._VERSION",
    "_G._G == _G",
};

static int stock_text(lua_State *L, const char *expression, char *out, size_t size)
{
    char text[1024];
    snprintf(text, sizeof(text),
             "local r = table.pack(%s) for i = 1, r.n do r[i] = tostring(r[i]) end return "
             "table.concat(r, '|')",
             expression);
    int status = luaL_dostring(L, text);
    snprintf(out, size, "%s", lua_tostring(L, -1));
    lua_settop(L, 0);
    return status;
}

static bool is_as_stock(lua_State *L, const char *expression)
{
    cleanup_script script script = SCRIPT_INIT;
    char text[1024], expected[2048];
    if (stock_text(L, expression, expected, sizeof(expected)) != LUA_OK)
        return check_report(false, __FILE__, __LINE__, "%s: %s", expression, expected);
    snprintf(text, sizeof(text),
             "local r = table.pack(%s) for i = 1, r.n do r[i] = tostring(r[i]) end return "
             "table.concat(r, '|')",
             expression);
    if (script_run(&script, text, &patient) != THINGSPACE_OK)
        return check_report(false, __FILE__, __LINE__, "%s: %s", expression, script.error.message);
    return check_report(strcmp(script.answer, expected) == 0, __FILE__, __LINE__,
                        "%s is \"%s\", stock Lua: \"%s\"", expression, script.answer, expected);
}

static void what_is_shared_with_stock_lua_gives_the_same(void)
{
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    setlocale(LC_ALL, "C"); /* which stock Lua follows */
    for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
        if (!is_as_stock(L, shared[i]))
            break;
    lua_close(L);
}

static const expectation refused[] = {
    {"setmetatable({}, {__gc = function() end})", "a metatable with '__gc' is not allowed here"},
    {"setmetatable({}, {__close = function() end})",
     "a metatable with '__close' is not allowed here"},
    {"setmetatable({}, {__mode = 'k'})", "a metatable with '__mode' is not allowed here"},
    {"setmetatable({}, {__call = next})", "a metatable with '__call' is not allowed here"},
    {"(function() local m = {} local t = setmetatable({}, m) m.__call = t t() end)()",
     "attempt to call a table value"},
    {"('x'):rep(1 << 62)", "bad argument #1 to 'rep' (resulting string too large)"},
    {"('x'):rep(2, ('y'):rep(60000)):rep(1e6)",
     "bad argument #1 to 'rep' (resulting string too large)"},
    {"table.move({}, 1, math.maxinteger, 2)",
     "bad argument #3 to 'move' (too many elements to move)"},
    {"table.move({}, math.mininteger, math.maxinteger, 2)",
     "bad argument #3 to 'move' (too many elements to move)"},
    {"table.move({1}, 1, 2, math.maxinteger)",
     "bad argument #4 to 'move' (destination wrap around)"},
    {"table.unpack({}, 1, 1e7)", "too many results to unpack"},
    {"table.unpack({}, math.mininteger, math.maxinteger)", "too many results to unpack"},
    {"table.concat({}, 'x', 1, math.maxinteger)",
     "invalid value (at index 1) in table for 'concat'"},
    {"table.concat({1, {}}, 'x')", "invalid value (at index 2) in table for 'concat'"},
    {"table.insert({1, 2}, 5, 0)", "bad argument #2 to 'insert' (position out of bounds)"},
    {"table.insert({}, 1, 2, 3)", "wrong number of arguments to 'insert'"},
    {"table.insert({})", "wrong number of arguments to 'insert'"},
    {"table.remove({1, 2}, 7)", "bad argument #2 to 'remove' (position out of bounds)"},
    {"table.sort({1, 'x', 2})", "attempt to compare"},
    {"table.sort({1, 2}, 5)", "bad argument #2 to 'sort' (function expected, got number)"},
    {"('x'):rep(5000):byte(1, -1)", "string slice too long"},
    {"string.char(256)", "bad argument #1 to 'char' (value out of range)"},
    {"string.char(-1)", "bad argument #1 to 'char' (value out of range)"},
    {"('%p'):format({})", "invalid conversion '%p' to 'format'"},
    {"('%q'):format('x')", "invalid conversion '%q' to 'format'"},
    {"('%100d'):format(1)", "invalid conversion '%100d' to 'format'"},
    {"('%.100f'):format(1)", "invalid conversion '%.100f' to 'format'"},
    {"('%'):format()", "invalid conversion '%' to 'format'"},
    {"('%d'):format(1.5)", "number has no integer representation"},
    {"('%d'):format(0 / 0)", "number has no integer representation"},
    {"('%d'):format(2^63)", "number has no integer representation"},
    {"('%d'):format()", "bad argument #1 to 'format' (value expected)"},
    {"('%n'):format(1)", "invalid conversion '%n' to 'format'"},
    {"('%*d'):format(1, 2)", "invalid conversion '%*d' to 'format'"},
    {"('x'):rep(0 / 0)", "number has no integer representation"},
    {"('x'):sub(1 / 0)", "number has no integer representation"},
    {"('x'):gsub('x', '%2')", "invalid capture index"},
    {"('x'):gsub('x', '%a')", "invalid use of '%' in replacement string"},
    {"('x'):gsub('x', '%')", "invalid use of '%' in replacement string"},
    {"('x'):gsub('x', function() return {} end)", "invalid replacement value (a table)"},
    {"('x'):gsub('x', true)", "string/function/table expected, got boolean"},
    {"('x'):rep(40):find(('(x)'):rep(33))", "too many captures"},
    {"('x'):find('[')", "malformed pattern (missing ']')"},
    {"select(0)", "bad argument #1 to 'select' (index out of range)"},
    {"tonumber('1', 37)", "bad argument #2 to 'tonumber' (base out of range)"},
    {"'10' + 1", "attempt to perform arithmetic on a string value"},
    {"rawset(_G, 'x', 1)", "this table cannot be changed"},
    {"rawset(_ENV, 'x', 1)", "this table cannot be changed"},
    {"table.insert(_G, 1)", "this table cannot be changed"},
    {"setmetatable(_G, {})", "cannot change a protected metatable"},
    {"tostring(setmetatable({}, {__tostring = function() return 1 end}))",
     "'__tostring' must return a string"},
    {"utf8.char(-1)", "value out of range"},
    {"utf8.codepoint(('x'):rep(2e5), 1, -1)", "string slice too long"},
    {"setmetatable('x', {})", "bad argument #1 to 'setmetatable' (table expected, got string)"},
    {"thingspace.base64()", "bad argument #1 to 'base64' (string expected, got no value)"},
    {"thingspace.services.x.y", "attempt to index a nil value"},
};

static void wrong_arguments_are_clean_errors(void)
{
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        if (!script_refuses(&refused[i], &patient, __FILE__, __LINE__))
            return;
}

static const expectation values[] = {
    {"tostring(0/0) .. ' ' .. tostring(-(0/0)) .. ' ' .. tostring(-1/0)", "nan nan -inf"},
    {"('%g %.1f %g'):format(0/0, -(0/0), -1/0)", "nan nan -inf"},
    /* A metatable that gets its __mode late makes nothing weak. */
    {"(function() local m = {} local t = setmetatable({}, m) m.__mode = 'k' rawset(m, '__mode', "
     "'k')"
     " t[{}] = 1 for i = 1, 1e5 do local x = { i } end return next(t) ~= nil end)()",
     "true"},
    {"tostring({})", "table"},
    {"tostring(print or type)", "function"},
    {"('%s'):format({})", "table"},
    {"tostring(thingspace.json.null)", "null"},
    {"tostring(getmetatable(''))", "nil"},
    {"tostring(getmetatable(_G))", "false"},
    {"tostring(undefined_name)", "nil"},
    {"tostring(next(_G))", "nil"},
    {"rawlen(setmetatable({1, 2}, {__len = function() return 1e9 end}))", "2"},
    {"table.concat(setmetatable({1, 2}, {__len = function() return 1e9 end}))", "12"},
    {"select('#', table.unpack(setmetatable({1, 2}, {__len = function() return 1e9 end})))", "2"},
    {"tostring(table.remove(setmetatable({}, {__len = function() return 1e9 end})))", "nil"},
    {"(function() local t = setmetatable({}, {__len = function() return 1e9 end}) table.insert(t, "
     "5) return"
     " t[1] end)()",
     "5"},
    {"(function() local t = {3, 1, 2} table.sort(t, function() return true end) return #t end)()",
     "3"},
    {"tostring(tonumber(('1'):rep(300)))", "nil"},
    {"(function() string.upper = function() return 'mine' end return ('x'):upper() end)()", "mine"},
    {"(function() local ok, e = pcall(string.rep) return e end)()",
     "bad argument #1 to '?' (string expected, got no value)"},
    {"(function() local x = {} local ok, e = pcall(error, x) return e == x end)()", "true"},
};

static void what_differs_from_stock_lua_is_as_intended(void)
{
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        if (!script_gives(&values[i], &patient, __FILE__, __LINE__))
            return;
}

static void globals_may_be_set_by_the_load_alone(void)
{
    cleanup_script script script = SCRIPT_INIT;
    CHECK_OK(script_run(&script, "name = 'set' return function() return name end", &patient));
    CHECK_TEXT(script.answer, "set");
    CHECK_STATUS(script_run(&script, "return function()\n name = 1 end", &patient),
                 THINGSPACE_POLICY);
    CHECK_TEXT(script.error.message,
               "fleet.lua:2: assignment to global 'name' after the load; use a local");
    CHECK_STATUS(script_run(&script, "name = 1 return function()\n _G.name = 2 end", &patient),
                 THINGSPACE_POLICY);
    CHECK_STATUS(script_run(&script, "return function()\n _ENV.name = 2 end", &patient),
                 THINGSPACE_POLICY);
}

static void two_scripts_share_nothing(void)
{
    cleanup_script script first = SCRIPT_INIT, second = SCRIPT_INIT;
    CHECK_OK(script_load(&first, "name = 'first' string.len = nil table.concat = nil tostring = nil"
                                 " thingspace.log = nil return function() return name end"));
    CHECK_OK(script_load(&second, "return function() return tostring(name) .. #table.concat({'a'})"
                                  " .. ('xy'):len() .. type(thingspace.log) end"));
    CHECK_OK(script_call(&first, &patient));
    CHECK_TEXT(first.answer, "first");
    CHECK_OK(script_call(&second, &patient));
    CHECK_TEXT(second.answer, "nil12function");
}

static const check_case cases[] = {
    CHECK_CASE(the_globals_are_those_that_are_documented),
    CHECK_CASE_ONCE(what_leaves_the_limits_is_absent),
    CHECK_CASE_ONCE(what_is_shared_with_stock_lua_gives_the_same),
    CHECK_CASE_ONCE(wrong_arguments_are_clean_errors),
    CHECK_CASE_ONCE(what_differs_from_stock_lua_is_as_intended),
    CHECK_CASE(globals_may_be_set_by_the_load_alone),
    CHECK_CASE(two_scripts_share_nothing),
};
CHECK_MAIN(cases)
