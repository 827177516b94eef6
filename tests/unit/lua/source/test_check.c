/* SPDX-License-Identifier: MIT */
/*
 * What a check reports, and what it does not: each rule by a script that breaks it, and plugins as
 * people write them that break none.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/limits.h"
#include "examples.h"
#include "lua/plugin/plugin_script.h"

/* --- Each rule --- */

static const example names[] = {
    {HEAD("local x = ipair({})"),
     "2 error unknown-global: there is no 'ipair'; did you mean 'ipairs'?\n"},
    {HEAD("local account = call.account return acount"),
     "2 error unknown-global: there is no 'acount'; did you mean 'account'?\n"},
    {HEAD("print(call.id)"),
     "2 error unknown-global: 'print' is not there for plugins: use thingspace.log\n"},
    {HEAD("thingspace.log(os.time())"),
     "2 error unknown-global: 'os' is not there for plugins: use "
     "thingspace.time_ms for the time\n"},
    {HEAD("local t = thingspace t.logg('x')"),
     "2 error unknown-member: there is no 'thingspace.logg'; did you mean 'log'?\n"},
    {HEAD("return ('x'):rep(2), string.reps('x', 2)"),
     "2 error unknown-member: there is no 'string.reps'; did you mean 'rep'?\n"},
    {HEAD("thingspace.state:incr('x')"),
     "2 error unknown-member: there is no 'thingspace.state.incr'; thingspace-plugin(7) lists what "
     "plugins have\n"},
    {HEAD("local s = thingspace.secret.file('x')"),
     "2 error unknown-member: 'thingspace.secret.file' is not there for plugins: only the "
     "operator's policy has it; take the value as an option of the plugin's row\n"},
    {HEAD("local s = thingspace.csv('x')"),
     "2 error unknown-member: 'thingspace.csv' is not there for plugins: only the operator's "
     "policy has it; take the value as an option of the plugin's row\n"},
    {HEAD("count = 1"), "2 error global-assignment: assignment to the global 'count' raises in a "
                        "call; write local count, or keep it in thingspace.state\n"},
    {HEAD("local a = acount + acount"), "2 error unknown-global: there is no 'acount'; "
                                        "thingspace-plugin(7) lists what plugins have\n"},
    {"count = 1\n" HEAD("local x = count"),
     "1 warning global-assignment: 'count' becomes a global; write local count\n"},
    {"function f() end\n" HEAD("f()"),
     "1 warning global-assignment: 'f' becomes a global; write local f\n"},
    {"local n = 0\n" HEAD("n = n + 1"),
     "3 warning module-local: assignment to 'n', a local of the whole script: it survives the "
     "call; use thingspace.state\n"},
    {"local t = {}\n" HEAD("t[#t + 1] = call.id\nt.x.y = 1\ntable.insert(t, 1) t.z = 2"),
     "3 warning module-local: change of the table 't', a local of the whole script: it survives "
     "the call; use thingspace.state\n"
     "4 warning module-local: change of the table 't', a local of the whole script: it survives "
     "the call; use thingspace.state\n"
     "5 warning module-local: change of the table 't', a local of the whole script: it survives "
     "the call; use thingspace.state\n"},
};

static const example verdicts[] = {
    {HEAD("thingspace.deny('a', 'b')"),
     "2 error verdict-not-returned: thingspace.deny(...) only makes a verdict: write return "
     "thingspace.deny(...)\n"},
    {"local deny = thingspace.deny\n" HEAD("if call.service then deny('a', 'b') end"),
     "3 error verdict-not-returned: thingspace.deny(...) only makes a verdict: write return "
     "thingspace.deny(...)\n"},
    {HEAD("local v = thingspace.stop() if v then return nil end"),
     "2 warning verdict-not-returned: the verdict in 'v' is never returned: write return v\n"},
    {HEAD("local v v = thingspace.wait(5)"),
     "2 warning verdict-not-returned: the verdict in 'v' is never returned: write return v\n"},
    {"local function refuse() return thingspace.deny('a', 'b') end\n" HEAD("refuse()"),
     "3 warning verdict-not-returned: the function may return a verdict, which is lost here: "
     "return it\n"},
    {BEGIN "hooks = { check = function() return thingspace.wait(1) end } }",
     "1 error verdict-not-allowed: a hook of phase 'check' cannot answer thingspace.wait\n"},
    {HEAD("if call.service then return false end return (nil)"),
     "2 error verdict-not-allowed: a hook returns nil or a verdict, not a boolean: write return "
     "thingspace.deny(code, text) to refuse the call\n"},
    {HEAD("local answer = 'deny' return answer, 'no'"),
     "2 error verdict-not-allowed: a hook returns nil or a verdict, not a string: write return "
     "thingspace.deny(code, text) to refuse the call\n"},
    {"local function check() return {} end\n" BEGIN "hooks = { audit = check } }",
     "1 error verdict-not-allowed: a hook returns nil or a verdict, not a table\n"},
    {"local function is_ours() return true end\n" HEAD("if is_ours() then return nil, 'no' end"),
     ""},
};

static const example handles[] = {
    {HEAD("request:set_header('A', 'b')"),
     "2 error missing-capability: request:set_header needs a capability: add "
     "\"request.headers:write\" to the manifest's capabilities\n"},
    {HEAD("request:set_query('a', 'b') request:set_query('a', nil)"),
     "2 error missing-capability: request:set_query needs a capability: add "
     "\"request.query:write\" "
     "to the manifest's capabilities\n"},
    {HEAD("local r = request if r:text() ~= '' then r:set_json({}) end"),
     "2 error missing-capability: request:text needs a capability: add \"request.body:read\" to "
     "the manifest's capabilities\n"
     "2 error missing-capability: request:set_json needs a capability: add \"request.body:write\" "
     "to the manifest's capabilities\n"},
    {HEAD("local ok, body = pcall(request.json, request)"),
     "2 error missing-capability: request:json needs a capability: add \"request.body:read\" to "
     "the manifest's capabilities\n"},
    {"local function tag(to) to:set_header('A', 'b') end\n" HEAD("tag(request)"),
     "1 error missing-capability: request:set_header needs a capability: add "
     "\"request.headers:write\" to the manifest's capabilities\n"},
    {HEAD("return thingspace.reply{ status = 200 }"),
     "2 error missing-capability: thingspace.reply needs a capability: add \"request:reply\" to "
     "the manifest's capabilities\n"},
    {BEGIN "hooks = { response = function(call, response) response:remove_header('A')\n"
           "response:set_json(response:json()) end,\n"
           "error = function(call, failure) failure:set_code('x') end } }",
     "1 error missing-capability: response:remove_header needs a capability: add "
     "\"response.headers:write\" to the manifest's capabilities\n"
     "2 error missing-capability: response:json needs a capability: add \"response.body:read\" to "
     "the manifest's capabilities\n"
     "2 error missing-capability: response:set_json needs a capability: add "
     "\"response.body:write\" to the manifest's capabilities\n"
     "3 error missing-capability: failure:set_code needs a capability: add \"error:write\" to the "
     "manifest's capabilities\n"},
    {BEGIN "capabilities = { 'request.headers:write',\n'error:write' }, hooks = { request = "
           "function(call, request) request:set_header('A', 'b') end } }",
     "2 warning unused-capability: the capability \"error:write\" is declared and not used: remove "
     "it\n"},
    {BEGIN "capabilities = { 'request.headers:write' }, hooks = { check = function(call, request)\n"
           "request:set_header('A', 'b') end } }",
     "2 error wrong-phase: the request is final in check: move set_header to a request hook\n"},
    {HEAD("return request:heder('A')"),
     "2 error unknown-member: the request has no 'heder'; did you mean 'header'?\n"},
    {HEAD("return call.acount"),
     "2 error unknown-member: the call has no 'acount'; did you mean 'account'?\n"},
    {BEGIN "hooks = { audit = function(event) return event.acount end } }",
     "1 error unknown-member: the event has no 'acount'; did you mean 'account'?\n"},
    {HEAD("return request.header('A')"),
     "2 error dot-for-colon: a method is called with a colon: write request:header(...)\n"},
    {HEAD("return request:path()"),
     "2 error not-a-method: 'path' of the request is a value: write request.path\n"},
    {BEGIN "hooks = { error = function(call, failure) failure.message = 'x' end } }",
     "1 error read-only: 'message' of the failure cannot be assigned: write "
     "failure:set_message(...)\n"},
    {"local function tag(message) message:set_header('A', 'b') end\n" BEGIN
     "capabilities = { 'request.headers:write' }, hooks = {\n"
     "request = function(call, request) tag(request) end,\n"
     "response = function(call, response) tag(response) end } }",
     "1 error missing-capability: response:set_header needs a capability: add "
     "\"response.headers:write\" to the manifest's capabilities\n"},
    {"local function show(message) return message.status or message.path, message.stats end\n" BEGIN
     "hooks = { request = function(call, request) return show(request) end,\n"
     "response = function(call, response) return show(response) end } }",
     "1 error unknown-member: the response has no 'stats'; did you mean 'status'?\n"},
    {HEAD("request.path = '/'"),
     "2 error read-only: 'path' of the request cannot be assigned; thingspace-plugin(7) tells what "
     "can be changed and how\n"},
};

static const example manifests[] = {
    {"local x = 1",
     "1 error manifest: the script must end in return { name = \"...\", version = \"1.0.0\", api = "
     "1, hooks = { ... } }\n"},
    {"\nreturn 'x'",
     "2 error manifest: the script must end in return { name = \"...\", version = \"1.0.0\", api = "
     "1, hooks = { ... } }\n"},
    {"return setmetatable({}, {})",
     "1 warning manifest: what the script returns is computed: its manifest and hooks cannot be "
     "checked; return a table constructor\n"},
    {"return { " HOOK " }", "1 error manifest: the manifest needs name\n"
                            "1 error manifest: the manifest needs version\n"
                            "1 error manifest: the manifest needs api\n"},
    {"return { name = 'x',\nversion = 1.0,\napi = 2 }",
     "1 error manifest: the plugin has no hooks: write hooks = { request = function(call, request) "
     "... end }\n"
     "2 error manifest: version must be a text in quotes\n"
     "3 error manifest: the plugin was written for api 2, and this library has api 1: install the "
     "version of one that fits the other\n"},
    {BEGIN HOOK ", option = {}, author = 'me' }",
     "1 error manifest: the manifest has no member 'option'; did you mean 'options'?\n"
     "1 error manifest: the manifest has no member 'author'; remove it\n"},
    {BEGIN "hooks = { requests = print_it, configure = function() end, check = 5 } }",
     "1 error manifest: hook 'requests' is not known; did you mean 'request'?\n"
     "1 error manifest: 'configure' is no hook: it stands beside hooks, not among them\n"
     "1 error manifest: check must be a function\n"
     "1 error unknown-global: there is no 'print_it'; thingspace-plugin(7) lists what plugins "
     "have\n"},
    {BEGIN HOOK ", capabilities = { 'request.header:write', 5 } }",
     "1 error manifest: capability 'request.header:write' is not known; did you mean "
     "'request.headers:write'?\n"
     "1 error manifest: capabilities must be a list of texts\n"},
    {BEGIN HOOK ", options = { a = { type = 'text' },\n b = { typ = 'string' },\n c = 'string' "
                "} }",
     "1 error manifest: option 'a': its type must be string, number, integer, boolean, table or "
     "secret, not 'text'\n"
     "2 error manifest: an option has no member 'typ'; did you mean 'type'?\n"
     "2 error manifest: option 'b': its type must be string, number, integer, boolean, table or "
     "secret, not ''\n"
     "3 error manifest: option 'c' must be a table: { type = \"string\", doc = \"...\" }\n"},
    {"local M = { name = 'x', version = '1', api = 1, hooks = {} }\n"
     "function M.hooks:request(call, request) end\nreturn M",
     "2 error manifest: a hook is called without self: write a dot, not a colon, before request\n"},
    {BEGIN HOOK ", configure = 'x' }", "1 error manifest: configure must be a function\n"},
    {"return {\n  name = \n}", "3 error syntax: unexpected symbol near '}'\n"},
    {"\x1bLua", "1 error syntax: is bytecode; only the text of a script is loaded\n"},
    {"local key = thingspace.secret.file('k')\nreturn { name = 'x', endpoints = {}, resolve = 1 }",
     "2 error manifest: this is a policy, not a plugin: use `thingspace policy check`, with the "
     "operator's policy for a tenant's script\n"},
    {"local M = {}\nfunction M.listeners(account) return {} end\nreturn M",
     "1 error manifest: this is a policy, not a plugin: use `thingspace policy check`, with the "
     "operator's policy for a tenant's script\n"},
};

static void names_that_are_wrong_are_found(void)
{
    check_examples(names, COUNT(names));
}

static void lost_verdicts_are_found(void)
{
    check_examples(verdicts, COUNT(verdicts));
}

static void wrong_uses_of_arguments_are_found(void)
{
    check_examples(handles, COUNT(handles));
}

static void wrong_manifests_are_found(void)
{
    check_examples(manifests, COUNT(manifests));
}

static void a_check_survives_out_of_memory(void)
{
    check_examples(handles, 1);
    check_examples(manifests + 8, 1);
}

/* --- Plugins as people write them --- */

static const char *const good[] = {
    /* Fixed headers, from options. */
    "-- SPDX-License-Identifier: MIT\n"
    "local wanted = {}\n"
    "return {\n"
    "  name = 'headers', version = '1.0.0', api = 1,\n"
    "  capabilities = { 'request.headers:write' },\n"
    "  options = { set = { type = 'table', required = true, doc = 'header -> value' },\n"
    "              remove = { type = 'table', default = {}, doc = 'headers' } },\n"
    "  configure = function(options)\n"
    "    for name, value in pairs(options.set) do\n"
    "      assert(type(value) == 'string', 'set.' .. name .. ' must be text')\n"
    "      wanted[#wanted + 1] = { name = name, value = value }\n"
    "    end\n"
    "    table.sort(wanted, function(a, b) return a.name < b.name end)\n"
    "  end,\n"
    "  hooks = { request = function(call, request)\n"
    "    for _, header in ipairs(wanted) do request:set_header(header.name, header.value) end\n"
    "  end },\n"
    "}\n",
    /* A guard with helpers and early returns. */
    "local deny, log <const> = thingspace.deny, thingspace.log\n"
    "local rules\n"
    "local function matches(url, patterns)\n"
    "  for _, pattern in ipairs(patterns) do\n"
    "    if url:find(pattern) then return true end\n"
    "  end\n"
    "  return false\n"
    "end\n"
    "local function refuse(call, why, ...)\n"
    "  log('refused', call.account, why:format(...))\n"
    "  return deny('not-allowed', why:format(...))\n"
    "end\n"
    "local function prepare(options)\n"
    "  rules = { urls = options.urls, operations = {} }\n"
    "  for _, operation in ipairs(options.operations) do rules.operations[operation] = true end\n"
    "end\n"
    "return {\n"
    "  name = 'guard', version = '2.1', api = 1,\n"
    "  options = { urls = { type = 'table' }, operations = { type = 'table' } },\n"
    "  configure = prepare,\n"
    "  hooks = {\n"
    "    check = function(call, request)\n"
    "      if not rules.operations[call.operation] then\n"
    "        return refuse(call, 'operation %s', call.operation)\n"
    "      end\n"
    "      if call.url and not matches(call.url, rules.urls) then\n"
    "        return refuse(call, 'URL %s of %s', call.url, request.path)\n"
    "      end\n"
    "    end,\n"
    "  },\n"
    "}\n",
    /* Waits for a token, in the style of modules. */
    "local M = { name = 'rate-limit', version = '1.0.0', api = 1 }\n"
    "M.options = { rate = { type = 'number', default = 10 }, burst = { type = 'integer', default = "
    "20 } }\n"
    "local rate, burst = 10, 20\n"
    "function M.configure(options)\n"
    "  rate, burst = options.rate, options.burst\n"
    "end\n"
    "M.hooks = {}\n"
    "function M.hooks.request(call)\n"
    "  local ms = thingspace.take(call.account, rate, burst)\n"
    "  if ms > 0 then\n"
    "    local verdict = thingspace.wait(ms)\n"
    "    return verdict\n"
    "  end\n"
    "end\n"
    "return M\n",
    /* Answers itself, counts in the state, reads bodies. */
    "local json, state = thingspace.json, thingspace.state\n"
    "local names = {}\n"
    "for name in ('a b c'):gmatch('%a') do names[name] = true end\n"
    "('x y'):gsub('%a', function(letter) names[#names + 1] = letter end)\n"
    "local function rewrite(body)\n"
    "  if type(body) ~= 'table' then return nil end\n"
    "  body.url = body.url and body.url:gsub('^http:', 'https:') or json.null\n"
    "  return body\n"
    "end\n"
    "return {\n"
    "  name = 'rewrite', version = '0.1', api = 1,\n"
    "  capabilities = { 'request.body:read', 'request.body:write', 'request:reply',\n"
    "                   'response.body:read', 'error:write' },\n"
    "  hooks = {\n"
    "    request = function(call, request)\n"
    "      local ok, body = pcall(request.json, request)\n"
    "      if not ok then return nil, 'unreadable body' end\n"
    "      local changed = rewrite(body)\n"
    "      if changed then request:set_json(changed) end\n"
    "      call.vars.seen = (call.vars.seen or 0) + 1\n"
    "      if call.tags.cached == 'yes' and state:get(call.account) then\n"
    "        return thingspace.reply { status = 200, json = json.decode(state:get(call.account)) "
    "}\n"
    "      end\n"
    "    end,\n"
    "    response = function(call, response)\n"
    "      local copy = response:json()\n"
    "      if response.status == 200 and copy then state:set(call.account, json.encode(copy)) end\n"
    "      state:add('answers', 1)\n"
    "    end,\n"
    "    error = function(call, failure)\n"
    "      if failure.kind == 'timeout' then\n"
    "        failure:set_message(('%s after %d attempts'):format(failure.message, call.attempt))\n"
    "      end\n"
    "    end,\n"
    "    audit = function(event)\n"
    "      for i, attempt in ipairs(event.attempts) do thingspace.log(i, attempt.what) end\n"
    "    end,\n"
    "  },\n"
    "}\n",
    /* Hooks that are chosen, and an argument that goes where the check cannot see. */
    "local handlers = {}\n"
    "for _, name in ipairs({ 'register', 'list' }) do\n"
    "  handlers[name] = function(request) request:set_header('X-Operation', name) end\n"
    "end\n"
    "return {\n"
    "  name = 'chosen', version = '1', api = 1,\n"
    "  capabilities = { 'request.headers:write' },\n"
    "  hooks = { request = function(call, request)\n"
    "    local handler = handlers[call.operation]\n"
    "    if handler then return handler(request) end\n"
    "  end },\n"
    "}\n",
    /* A counter that another function resets at load, goto, attribs, an environment of its own. */
    "local limit <const> = thingspace.settings.limit or 3\n"
    "local ready = false\n"
    "local function setup() ready = true end\n"
    "setup()\n"
    "local function walk(list, found)\n"
    "  for i = 1, #list do\n"
    "    if not list[i] then goto continue end\n"
    "    found[#found + 1] = list[i]\n"
    "    ::continue::\n"
    "  end\n"
    "  return found\n"
    "end\n"
    "local check\n"
    "check = function(call) return ready and #walk({ call.id }, {}) < limit end\n"
    "return { name = 'walk', version = '1', api = 1, hooks = {\n"
    "  check = function(call) if not check(call) then return thingspace.deny('x', 'y') end end } "
    "}\n",
};

static void plugins_as_people_write_them_have_no_findings(void)
{
    for (size_t i = 0; i < COUNT(good); i++) {
        cleanup_json json *checked = NULL;
        CHECK_OK(check(&checked, good[i]));
        cleanup_text char *lines = lines_of(checked);
        CHECK_TEXT(lines, "");
    }
}

static void check_file_has_no_error(const char *path)
{
    static char text[LIMIT_SCRIPT];
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_json json *checked = NULL;
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(text, 1, sizeof(text), file) : 0;
    if (file)
        fclose(file);
    CHECK_OK(source_check(&checked, path, text, size, &error));
    cleanup_text char *lines = lines_of(checked);
    check_report(lines && !strstr(lines, " error "), __FILE__, __LINE__, "%s: %s", path, lines);
}

static void plugins_that_ship_have_no_errors(void)
{
    char command[600], path[512];
    const char *source = getenv("srcdir");
    snprintf(command, sizeof(command),
             "find '%s/plugins' -name '*.lua' ! -name '*_test.lua' 2>/dev/null",
             source ? source : ".");
    FILE *list = popen(command, "r");
    CHECK(list != NULL);
    while (fgets(path, sizeof(path), list)) {
        path[strcspn(path, "\n")] = '\0';
        check_file_has_no_error(path);
    }
    pclose(list);
}

/* Whether a plugin loads and configures, granted what it declares. */
static thingspace_status load(const char *text, const char *options, thingspace_error *error)
{
    static const instance_options silent = {0};
    cleanup_plugin_row plugin_row *row = NULL;
    instance *made = NULL;
    thingspace_status status = plugin_row_new(&row, "x.lua", "test");
    if (status == THINGSPACE_OK)
        status = json_parse(&row->options, options, strlen(options), error);
    if (status != THINGSPACE_OK)
        return status;
    row->grant_declared = true;
    status = plugin_script_load_text(&made, row, "x.lua", text, strlen(text), &silent, error);
    instance_free(made);
    return status;
}

static void what_the_check_passes_loads_too(void)
{
    static const char *const options[COUNT(good)] = {"{\"set\":{\"X-Team\":\"blue\"}}",
                                                     "{\"urls\":[\"x\"],\"operations\":[\"list\"]}",
                                                     "{}",
                                                     "{}",
                                                     "{}",
                                                     "{}"};
    for (size_t i = 0; i < COUNT(good); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        thingspace_status status = load(good[i], options[i], &error);
        check_report(status == THINGSPACE_OK, __FILE__, __LINE__, "%s", error.message);
    }
}

static void what_the_check_refuses_as_a_manifest_does_not_load(void)
{
    for (size_t i = 0; i < COUNT(manifests); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        if (strstr(manifests[i].findings, " error manifest:") &&
            !strstr(manifests[i].findings, "without self"))
            CHECK(check_report(load(manifests[i].text, "{}", &error) == THINGSPACE_PLUGIN, __FILE__,
                               __LINE__, "%s", manifests[i].text));
    }
}

static void the_manifest_is_told(void)
{
    cleanup_json json *checked = NULL;
    cleanup_text char *text = NULL;
    CHECK_OK(check(&checked, "local M = { name = 'a\\nb', version = '1.2', api = 1 }\n"
                             "M.capabilities = { 'error:write' }\n"
                             "M.hooks = { audit = function() end, error = function(call, failure) "
                             "failure:set_code('x') end }\n"
                             "return M"));
    json_remove(checked, "findings");
    CHECK_OK(json_write_text(&text, checked));
    CHECK_TEXT(text, "{\"file\":\"x.lua\",\"name\":\"a\\\\nb\",\"version\":\"1.2\","
                     "\"capabilities\":[\"error:write\"],\"hooks\":[\"error\",\"audit\"]}");
}

static void nothing_of_the_script_runs(void)
{
    cleanup_json json *checked = NULL;
    CHECK_OK(check(&checked, "while true do end\nerror('ran')"));
    CHECK_INT(json_count(json_get(checked, "findings")), 1);
    CHECK_TEXT(json_get_string(json_first(json_get(checked, "findings")), "rule"), "manifest");
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(names_that_are_wrong_are_found),
    CHECK_CASE_ONCE(lost_verdicts_are_found),
    CHECK_CASE_ONCE(wrong_uses_of_arguments_are_found),
    CHECK_CASE_ONCE(wrong_manifests_are_found),
    CHECK_CASE(a_check_survives_out_of_memory),
    CHECK_CASE_ONCE(plugins_as_people_write_them_have_no_findings),
    CHECK_CASE_ONCE(plugins_that_ship_have_no_errors),
    CHECK_CASE_ONCE(what_the_check_passes_loads_too),
    CHECK_CASE_ONCE(what_the_check_refuses_as_a_manifest_does_not_load),
    CHECK_CASE(the_manifest_is_told),
    CHECK_CASE_ONCE(nothing_of_the_script_runs),
};

CHECK_MAIN(cases)
