/* SPDX-License-Identifier: MIT */
/*
 * What a hostile or broken plugin tries besides wasting time and memory (test_plugin_attacks.c): to
 * reach what is not its own, to send what cannot be sent, to see secrets. The numbers are those of
 * the list of attacks that the plugin host must survive.
 */
#include "lua/plugin/plugin_inside.h"
#include "plugin_fixture.h"

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
    CHECK_FAILURES(rows);
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
    CHECK(strstr(rig.error.message, "stale handle: the request means the hook that runs") != NULL);
    CHECK_STATUS(runtime_enter(self->runtime, use_method, self, NULL, &limits_hook, &rig.error),
                 THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "stale handle: the request means the hook that runs") != NULL);
}

static void line_17_a_forged_handle_is_a_type_error(void)
{
    static const rig_case rows[] = {
        {"request.set_header({}, 'X', 'y')", "not the request"},
        {"request.set_header(nil, 'X', 'y')", "not the request"},
        {"request.set_header('request', 'X', 'y')", "not the request"},
        {"request.set_header(call, 'X', 'y')", "not the request"},
        {"request.set_header(thingspace.state, 'X', 'y')", "not the request"},
        {"request.set_header(thingspace.json.null, 'X', 'y')", "not the request"},
        {"request.set_header(setmetatable({}, { __index = request }), 'X', 'y')",
         "not the request"},
        {"thingspace.state.set(request, 'X', 'y')", "call it with a colon"},
        {"return setmetatable({}, { __index = thingspace })", "returned a table"},
        {"return thingspace.state", "returned a userdata"},
    };
    CHECK_FAILURES(rows);
}

static void line_18_odd_arguments_are_clean_errors(void)
{
    static const rig_case rows[] = {
        {"request:header()", "header: name is missing"},
        {"request:header(nil)", "header: name must be text, not nil"},
        {"request:header(0/0)", "header: name must be text, not a number"},
        {"request:header('a', 'b')", "too many arguments"},
        {"request:set_header('X-A', 1e400)", "value must be text, not a number"},
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
    CHECK_FAILURES(rows);
}

static void line_18_large_integers_stay_exact(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(
        rig_request(&rig, "request:set_json{ 9007199254740993 } thingspace.log(request:text())"));
    CHECK_TEXT(rig.logged, "p.lua: [9007199254740993]\n");
}

/* What a hook did not touch is sent as it came. */
static void line_18_untouched_numbers_keep_their_digits(void)
{
    static const char text[] = "{\"a\":1.10,\"b\":[1.0,2e3,-0.0,100],\"c\":1.50,\"d\":7.0,"
                               "\"e\":123456789012345678901234.50,\"f\":\"1.10\"}";
    cleanup_rig rig rig = {0};
    json *body = NULL;
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(json_parse(&body, text, sizeof(text) - 1, &rig.error));
    CHECK_OK(request_set_json(rig.request, body, &rig.error));
    CHECK_OK(rig_request(&rig, "local b = request:json() b.c = b.c + 1 b.d = 8 b.g = b.a\n"
                               "request:set_json(b) thingspace.log(request:text())"));
    CHECK_TEXT(rig.logged, "p.lua: {\"a\":1.10,\"b\":[1.0,2e3,-0.0,100],\"c\":2.5,\"d\":8,"
                           "\"e\":123456789012345678901234.50,\"f\":\"1.10\",\"g\":1.1}\n");
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
    CHECK_FAILURES(rows);
}

static void line_19_nothing_of_a_refused_field_is_kept(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(rig_request(&rig, "pcall(request.set_header, request, 'X-A', 'b\\nX-B: c')"));
    CHECK(rig_header(&rig, "X-A") == NULL);
    CHECK_INT(request_headers(rig.request)->count, 2);
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
        {"thingspace.setting.x = 1", "there is no thingspace.setting; did you mean 'settings'?"},
        {"thingspace.secret.nmaed('x')",
         "there is no thingspace.secret.nmaed; did you mean 'named'?"},
        {"assert(thingspace.csv == nil and thingspace.secret.file == nil) error('nil')", "nil"},
        {"setmetatable(thingspace, {})", "cannot change a protected metatable"},
        {"thingspace.secret.named('x')", "the row gives no secret 'x'"},
    };
    CHECK_FAILURES(rows);
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
    CHECK_FAILURES(rows);
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
    CHECK_FAILURES(rows);
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
    CHECK_FAILURES(rows);
}

static void line_26_error_values_of_all_kinds_are_text(void)
{
    static const rig_case rows[] = {
        {"error(0/0)", "p.lua:2: nan"},
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
    CHECK_FAILURES(rows);
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
        "request:set_json{ url = 'u', password = s, accessToken = b } "
        "thingspace.log(request:text())\n"
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
    CHECK(strstr(rig.logged, "{\"accessToken\":\"***\",\"password\":\"***\",\"url\":\"u\"}") !=
          NULL);
    size_t lines = 0;
    for (const char *at = rig.logged; *at; at++)
        lines += *at == '\n';
    CHECK_INT(lines, 43);
}

static void line_27_set_json_takes_secrets_back(void)
{
    static const char code[] =
        SECRETS "request:set_json{ password = b, other = { { Password = s } } }";
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
    CHECK_TEXT(buffer_text(&sent), "{\"other\":[{\"Password\":\"canary\"}],\"password\":\"body\"}");
}

/* What is echoed, shown or read again would be plain text. */
static void line_27_a_secret_stands_only_where_it_is_known_again(void)
{
    static const char *const codes[] = {
        "request:set_json{ url = s }",
        "request:set_json{ passwords = { s } }",
        "request:set_json(s)",
        "return thingspace.reply{ json = { { username = s } } }",
        "return thingspace.reply{ json = s }",
        "pcall(thingspace.reply, { json = { username = s } }) error('a secret stands')",
    };
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        cleanup_rig rig rig = {0};
        char text[1024];
        snprintf(
            text, sizeof(text),
            "return { name = 'test', version = '1.0.0', api = 1, capabilities = {" RIG_ALL
            "},\noptions = { hook = { type = 'secret' } },\nhooks = {\n"
            "request = function(call, request) local s = thingspace.secret.named('hook') %s end,\n"
            "response = function(call, response) response:set_json{ username = "
            "thingspace.secret.named('hook') } end } }",
            codes[i]);
        CHECK_OK(rig_begin(&rig));
        CHECK_OK(give_secret(&rig));
        CHECK_OK(rig_load(&rig, text));
        CHECK_STATUS(rig_run(&rig, PHASE_REQUEST), THINGSPACE_PLUGIN);
        CHECK(strstr(rig.error.message, "a secret stands") != NULL);
        CHECK_STATUS(rig_run(&rig, PHASE_RESPONSE), THINGSPACE_PLUGIN);
        CHECK(strstr(rig.error.message, "a secret stands") != NULL);
    }
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
    CHECK_CASE(line_15_what_scripts_share_cannot_be_reached),
    CHECK_CASE(line_16_globals_are_closed_and_nothing_is_shared),
    CHECK_CASE(line_17_a_kept_handle_means_the_running_hook),
    CHECK_CASE(line_17_outside_a_hook_every_handle_is_stale),
    CHECK_CASE(line_17_a_forged_handle_is_a_type_error),
    CHECK_CASE(line_18_odd_arguments_are_clean_errors),
    CHECK_CASE(line_18_large_integers_stay_exact),
    CHECK_CASE(line_18_untouched_numbers_keep_their_digits),
    CHECK_CASE(line_19_header_fields_that_cannot_be_sent_are_refused),
    CHECK_CASE(line_19_nothing_of_a_refused_field_is_kept),
    CHECK_CASE(line_20_fields_that_frame_or_authorise_are_refused),
    CHECK_CASE(line_22_secrets_and_files_are_the_policys_alone),
    CHECK_CASE(line_22a_a_verdict_that_is_not_returned_fails_the_hook),
    CHECK_CASE(line_23_tables_are_read_raw_and_once),
    CHECK_CASE_ONCE(line_24_tables_that_are_no_json_are_bounded_errors),
    CHECK_CASE(line_25_a_return_outside_of_the_set_fails_the_hook),
    CHECK_CASE(line_26_error_values_of_all_kinds_are_text),
    CHECK_CASE(line_27_a_secret_never_becomes_text),
    CHECK_CASE(line_27_set_json_takes_secrets_back),
    CHECK_CASE(line_27_a_secret_stands_only_where_it_is_known_again),
    CHECK_CASE(line_29_secrets_of_answers_are_redacted),
    CHECK_CASE_ONCE(line_32_a_kill_undoes_its_hook_and_keeps_earlier_ones),
};

CHECK_MAIN(cases)
