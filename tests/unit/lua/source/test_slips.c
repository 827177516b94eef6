/* SPDX-License-Identifier: MIT */
/* What is right in Lua and not what its author meant, and the advice that a check gives then. */
#include <config.h>
#include "examples.h"

/* What is right in Lua, and not what is meant. */
static const example meant[] = {
    {BEGIN "hooks = { audit = function(call, event) return event.id end } }",
     "1 warning hook-parameters: a hook of phase 'audit' gets (event), so 'call' is the event: "
     "write function(event)\n"},
    {BEGIN "hooks = { audit = function(record, failure) end } }",
     "1 warning hook-parameters: a hook of phase 'audit' gets (event), so 'failure' is always nil: "
     "write function(event)\n"},
    {BEGIN "hooks = {\nresponse = function(call, request,\nresponse) end } }",
     "2 warning hook-parameters: a hook of phase 'response' gets (call, response), so 'request' is "
     "the response: write function(call, response)\n"},
    {BEGIN "hooks = { check = function(request) return request.method end } }",
     "1 warning hook-parameters: a hook of phase 'check' gets (call, request), so 'request' is the "
     "call: write function(call, request)\n"
     "1 error unknown-member: the call has no 'method'; the request has it: a hook of phase "
     "'check' gets (call, request)\n"},
    {"local function f(call, it, more) end\n" BEGIN "hooks = { request = f, check = f } }",
     "1 warning hook-parameters: a hook of phase 'request' gets (call, request), so 'more' is "
     "always nil: write function(call, request)\n"},
    {"local function f(call, response) end\n" BEGIN "hooks = { request = f, response = f,\n"
     "error = function(_, message) end } }",
     ""},
    {BEGIN HOOK ", configure = function(options, call) end }",
     "1 warning hook-parameters: configure gets (options), so 'call' is always nil: write "
     "function(options)\n"},
    {BEGIN "hooks = {} }", "1 warning manifest: the table of hooks is empty, so the plugin does "
                           "nothing: write hooks = { request = function(call, request) ... end "
                           "}\n"},
    {BEGIN "hooks = { check = function() end,\n['check'] = function() end } }",
     "2 warning duplicate-key: 'check' stands in this table twice, and the value of line 1 is "
     "lost: "
     "remove one\n"},
    {BEGIN HOOK ", options = { a = { type = 'string',\n type = 'table' } } }",
     "2 warning duplicate-key: 'type' stands in this table twice, and the value of line 1 is lost: "
     "remove one\n"},
    {"local a, b = { x = 1, y = { x = 2 } }, { x = 3 }\n" HEAD("return nil, a.x .. b.x"), ""},
    {BEGIN "hooks = { reqest = function(call, request) end }, capabilities = {\n"
           "'request.headers:write' } }",
     "1 error manifest: hook 'reqest' is not known; did you mean 'request'?\n"},
    {BEGIN "hooks = { request = function(call, request) request:set_heder('A', 'b') end },\n"
           "capabilities = { 'request.headers:write' } }",
     "1 error unknown-member: the request has no 'set_heder'; did you mean 'set_header'?\n"},
    {BEGIN "hooks = { request = function() return thingspace.replay { status = 200 } end },\n"
           "capabilities = { 'request:reply' } }",
     "1 error unknown-member: there is no 'thingspace.replay'; did you mean 'reply'?\n"},
    {HEAD("if call.operation == 'delete' then return nil end"),
     "2 warning unknown-operation: there is no operation 'delete', so this is always the same; in "
     "this phase known are: register, list, deregister, call\n"},
    {HEAD("local operation = call.operation return operation ~= 'lsit' and nil"),
     "2 warning unknown-operation: there is no operation 'lsit'; did you mean 'list'?\n"},
    {BEGIN "hooks = { audit = function(event) if 'LIST' == event.operation then end end } }",
     "1 warning unknown-operation: there is no operation 'LIST'; did you mean 'list'?\n"},
    {HEAD("return nil, call.operation == 'call' and call.operation .. 'x' or call.id == 'delete'"),
     ""},
    {BEGIN "hooks = { deliver = function(call) return nil, call.operation == 'deliver' end } }",
     ""},
    {HEAD("call = nil\nreturn call.operation == call.id"), ""},
};

static const example options_read[] = {
    {BEGIN HOOK ", options = { team = { type = 'string' } }, configure = function(options)\n"
                "local name = options.taem end }",
     "2 warning unknown-option: the manifest has no option 'taem'; did you mean 'team'?\n"},
    {"local kept\n" BEGIN
     "options = { team = { type = 'string' } }, configure = function(options)\n"
     "kept = options end, hooks = { request = function(call)\nreturn nil, kept.colour end } }",
     "4 warning unknown-option: the manifest has no option 'colour', so it is always nil: declare "
     "it in options\n"},
    {BEGIN HOOK ", configure = function(options)\nassert(options.x) end }",
     "2 warning unknown-option: the manifest has no option 'x', so it is always nil: declare it in "
     "options\n"},
    {BEGIN HOOK ", configure = function(o) o.x = o.x or 1 for k in pairs(o) do o.x = k end end }",
     ""},
    {BEGIN HOOK ", configure = function(o) setmetatable(o, {}) return nil, o.x end }", ""},
    {BEGIN HOOK ", configure = function(o, ...) o[...] = 1 return nil, o.x end }", ""},
    {"local t = {} t[#t] = 1\n" BEGIN HOOK ", options = t, configure = function(o) return nil, o.x "
     "end }",
     ""},
    {BEGIN HOOK ", configure = function(o)\nreturn false end }",
     "2 error verdict-not-allowed: configure returns nothing, or nil and a text, not a boolean\n"},
};

static const example colons[] = {
    {HEAD("thingspace.state.set('a', 1)"),
     "2 error dot-for-colon: a method is called with a colon: write thingspace.state:set(...)\n"},
    {"local state = thingspace.state\n" HEAD("local n = state.get('a')\nstate:set('a', n)"),
     "3 error dot-for-colon: a method is called with a colon: write thingspace.state:get(...)\n"},
    {"local state = thingspace.state\n" HEAD("state.set(state, 'a', pcall(state.get, state, 'a'))"),
     ""},
    {HEAD("thingspace.state.x = 1"),
     "2 error read-only: nothing can be assigned to members of thingspace.state: write "
     "thingspace.state:set(key, value)\n"},
    {HEAD("thingspace:log('x')"), "2 warning not-a-method: 'thingspace.log' is a function, not a "
                                  "method: write thingspace.log(...)\n"},
    {BEGIN "capabilities = { 'request.headers:write' }, hooks = { request = function(call, "
           "request)\nrequest.set_header('A', 'b') end } }",
     "2 error dot-for-colon: a method is called with a colon: write request:set_header(...)\n"},
    {"local id = call.id\n" HEAD("return nil, options.x"),
     "1 error unknown-global: 'call' is no global: hooks get it as a parameter, and hand it to "
     "other functions\n"
     "3 error unknown-global: 'options' is no global: only configure gets them; keep what hooks "
     "need in a local of the file\n"},
    {"return {\n  name = 'x'\n  hooks = {}\n}",
     "3 error syntax: '}' expected (to close '{' at line 1) near 'hooks'; a comma may be missing "
     "before it\n"},
    {"return { 1 'x' }", "1 error syntax: '}' expected near ''x''; a comma may be missing before "
                         "it\n"},
    {"return {\n  name = 'x'\nend", "3 error syntax: '}' expected (to close '{' at line 1) near "
                                    "'end'\n"},
    {"return { a.b = 1 }", "1 error syntax: '}' expected near '='\n"},
    {"return { 1", "1 error syntax: '}' expected near <eof>\n"},
};

static void what_is_not_meant_is_found(void)
{
    check_examples(meant, COUNT(meant));
}

static void options_that_are_not_declared_are_found(void)
{
    check_examples(options_read, COUNT(options_read));
}

static void a_dot_for_a_colon_and_other_slips_are_found(void)
{
    check_examples(colons, COUNT(colons));
}

static void slips_survive_out_of_memory(void)
{
    check_examples(meant, 4);
    check_examples(options_read, 1);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(what_is_not_meant_is_found),
    CHECK_CASE_ONCE(options_that_are_not_declared_are_found),
    CHECK_CASE_ONCE(a_dot_for_a_colon_and_other_slips_are_found),
    CHECK_CASE(slips_survive_out_of_memory),
};

CHECK_MAIN(cases)
