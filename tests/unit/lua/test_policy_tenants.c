/* SPDX-License-Identifier: MIT */
/* Tenants: what the operator's rows grant, what their scripts may say, and who fails when. */
#include <unistd.h>
#include "tenant_fixture.h"

/* --- Whose script decides --- */

static void each_account_is_decided_by_its_owner(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_decision decision acme = {0}, north = {0}, own = {0};
    CHECK_OK(fixture_load_tenants(&p,
                                  "return { resolve = function(account, row)"
                                  " return { timeout_ms = 9000, tags = { of = account } } end }",
                                  &error));
    CHECK_OK(policy_resolve(p, &acme, "1-1", &error));
    CHECK_TEXT(acme.tenant->name, "acme");
    CHECK_TEXT(acme.endpoint->name, "production");
    CHECK_TEXT(acme.credential->name, "acme");
    CHECK_INT(acme.timeout_ms, 9000);
    CHECK_TEXT(json_get_string(acme.tags, "of"), "1-1");
    CHECK_OK(policy_resolve(p, &north, "2-1", &error));
    CHECK_TEXT(north.tenant->name, "north");
    CHECK_TEXT(north.endpoint->name, "lab");
    CHECK_TEXT(north.credential->name, "spare"); /* the operator's row went to its script */
    CHECK_INT(north.timeout_ms, 7000);
    CHECK_OK(policy_resolve(p, &own, "own", &error));
    CHECK(own.tenant == NULL);
    CHECK_TEXT(own.credential->name, "environment");
}

static void a_script_with_a_list_has_just_those(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_decision decision found = {0}, refused = {0};
    CHECK_OK(fixture_load_tenants(
        &p, "return { accounts = { '1-7', { account = '1-8', timeout_ms = 3 } } }", &error));
    CHECK_INT(policy_account_count(p), 5);
    CHECK_TEXT(policy_account(p, 0), "1-1");
    CHECK_TEXT(policy_account(p, 1), "2-1");
    CHECK_TEXT(policy_account(p, 2), "own");
    CHECK_TEXT(policy_account(p, 3), "1-7");
    CHECK_TEXT(policy_account(p, 4), "1-8");
    CHECK_OK(policy_resolve(p, &found, "1-8", &error));
    CHECK_INT(found.timeout_ms, 3);
    CHECK_STATUS(policy_resolve(p, &refused, "1-1", &error), THINGSPACE_POLICY);
    CHECK(strstr(error.message, "tenant acme: ") == error.message);
    CHECK(strstr(error.message, "policy 'acme' does not declare account 1-1") != NULL);
}

static void a_script_without_a_list_has_what_matches(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_decision decision listed = {0}, other = {0}, unknown = {0}, acme = {0};
    CHECK_OK(fixture_load_tenants(&p, "return {}", &error));
    CHECK_INT(policy_account_count(p), 3);
    CHECK_OK(policy_resolve(p, &listed, "1-1", &error));
    CHECK_STATUS(policy_resolve(p, &acme, "1-2", &error), THINGSPACE_POLICY); /* no resolve */
    CHECK_OK(policy_resolve(p, &other, "2-2", &error));                       /* north's resolve */
    CHECK_TEXT(other.credential->name, "north");
    CHECK_STATUS(policy_resolve(p, &unknown, "3-1", &error), THINGSPACE_POLICY);
}

static void nil_means_unknown_only_for_accounts_that_nobody_lists(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_decision decision listed = {0}, unknown = {0};
    CHECK_OK(fixture_load_tenants(&p, "return { resolve = function() end }", &error));
    CHECK_OK(policy_resolve(p, &listed, "1-1", &error));
    CHECK_STATUS(policy_resolve(p, &unknown, "1-2", &error), THINGSPACE_POLICY);
    CHECK(strstr(error.message, "tenant acme: ") == error.message);
}

static void an_account_of_two_tenants_is_refused_with_both(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_decision decision found = {0};
    check_file("acme.lua", "return { accounts = { '1-1' } }");
    check_file("north.lua", NORTH_SCRIPT);
    CHECK_OK(fixture_load(&p,
                          FLEET " tenants = { acme = { " ACME_ROW " }, north = { script = "
                                "'north.lua', accounts = { '*-1' } } } }",
                          &error));
    CHECK_STATUS(policy_resolve(p, &found, "1-1", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "account 1-1 matches the accounts of tenant acme and of tenant "
                              "north: make their patterns exclude each other");
    CHECK_STATUS(policy_resolve(p, &found, "3-1", &error), THINGSPACE_POLICY);
    CHECK_OK(policy_resolve(p, &found, "own", &error));
}

/* --- What is granted --- */

/* A script of acme's, and the beginning of the error that account 1-1 has. */
typedef struct refusal {
    const char *script, *message;
} refusal;

#define RESOLVE(answer) "return { resolve = function() return " answer " end }"

static void what_is_not_granted_is_refused_in_a_call(void)
{
    static const refusal rows[] = {
        {RESOLVE("{ endpoint = 'lab' }"),
         "tenant acme: %s/acme.lua:1: resolve(1-1): endpoint 'lab' is not granted: granted are "
         "production"},
        {RESOLVE("{ endpoint = 'https://evil.example' }"),
         "tenant acme: %s/acme.lua:1: resolve(1-1): endpoint is a URL where a name belongs: "
         "granted are production"},
        {RESOLVE("{ credential = 'north' }"),
         "tenant acme: %s/acme.lua:1: resolve(1-1): credential 'north' is not granted: granted are "
         "acme"},
        {RESOLVE("{ credential = 'environment' }"),
         "tenant acme: %s/acme.lua:1: resolve(1-1): credential 'environment' is not granted: "
         "granted are acme"},
        {RESOLVE("{ tags = { t = ('x'):rep(70000) } }"),
         "tenant acme: %s/acme.lua:1: resolve(1-1): the tags hold more than 64 KiB"},
        {RESOLVE("{ url = 'x' }"),
         "tenant acme: %s/acme.lua:1: resolve(1-1): unknown member "
         "'url'; known are: endpoint, credential, timeout_ms, tags, checks"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_policy policy *p = NULL;
        decision found;
        char expected[512];
        snprintf(expected, sizeof(expected), rows[i].message, check_folder());
        CHECK_OK(fixture_load_tenants(&p, rows[i].script, &error));
        CHECK_STATUS(policy_resolve(p, &found, "1-1", &error), THINGSPACE_POLICY);
        CHECK_TEXT(error.message, expected);
        CHECK_INT(error.line, 1);
        CHECK(strstr(error.file, "acme.lua") != NULL);
        CHECK_TEXT(error.account, "1-1");
    }
}

static void without_a_name_there_must_be_one_that_is_granted(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    decision found;
    check_file("acme.lua", "return {}");
    check_file("north.lua", "return {}");
    CHECK_OK(fixture_load(&p,
                          FLEET " tenants = { acme = { script = 'acme.lua', accounts = { '1-*' },"
                                " endpoints = { 'production', 'lab' } }, north = { script ="
                                " 'north.lua', accounts = { '2-*' } } } }",
                          &error));
    CHECK_STATUS(policy_resolve(p, &found, "1-1", &error), THINGSPACE_POLICY);
    CHECK(strstr(error.message, "2 endpoints are granted: resolve must name one") != NULL);
    CHECK_STATUS(policy_resolve(p, &found, "2-1", &error), THINGSPACE_POLICY);
    CHECK(strstr(error.message, "no endpoint is granted: ") != NULL);
}

static void listeners_must_match_the_granted_urls(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_desired_listeners desired_listeners good = {0}, bad = {0};
    CHECK_OK(fixture_load_tenants(
        &p,
        "return { resolve = function() return {} end, listeners = function(account)\n"
        " local host = account == '1-1' and 'hooks.acme.example' or 'evil.example/.acme.example'\n"
        " return { CarrierService = { url = 'https://' .. host .. '/?token=t0ken',\n"
        "   password = thingspace.secret.named('hook') } } end }",
        &error));
    CHECK_OK(policy_listeners(p, &good, "1-1", &error));
    CHECK_INT(good.count, 1);
    CHECK(good.items[0].password != NULL);
    CHECK_STATUS(policy_listeners(p, &bad, "1-2", &error), THINGSPACE_POLICY);
    CHECK(strstr(error.message, "tenant acme: ") == error.message);
    CHECK(strstr(error.message,
                 "listeners(1-2): CarrierService: the URL https://evil.example/.acme.example/ "
                 "is not granted: granted "
                 "are https://*.acme.example/*") != NULL);
    CHECK(strstr(error.message, "t0ken") == NULL);
    CHECK(bad.count == 0);
}

/* Names are the script's: neither the operator's groups nor those of other tenants count. */
static void a_script_has_groups_of_its_own(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_desired_listeners desired_listeners own = {0}, others = {0};
    check_file("north.lua", NORTH_SCRIPT);
    check_file("acme.lua", "return { groups = { usage = { 'CarrierService', 'DeviceUsage' } },\n"
                           " resolve = function() return {} end, listeners = function(account)\n"
                           " return { ['@' .. (account == '1-1' and 'usage' or 'fleet')] =\n"
                           "   { url = 'https://hooks.acme.example/{service}' } } end }");
    CHECK_OK(fixture_load(&p,
                          FLEET " groups = { fleet = { 'NiddService' } },"
                                " tenants = { acme = { " ACME_ROW " }, north = { " NORTH_ROW
                                " } } }",
                          &error));
    CHECK_OK(policy_listeners(p, &own, "1-1", &error));
    CHECK_INT(own.count, 2);
    CHECK_TEXT(own.items[0].url, "https://hooks.acme.example/CarrierService");
    CHECK_TEXT(own.items[1].service, "DeviceUsage");
    CHECK_STATUS(policy_listeners(p, &others, "1-2", &error), THINGSPACE_POLICY);
    CHECK(strstr(error.message, "group 'fleet' is not declared") != NULL);
}

static void rows_of_plugins_stay_within_the_grant(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    CHECK_OK(fixture_load_tenants(
        &p,
        "return { plugins = { { 'headers', options = { key = thingspace.secret.named('hook') } },"
        " { 'guard', limits = { deadline_ms = 5 } }, { 'headers', name = 'b', grant = {} } } }",
        &error));
    const policy *own = policy_tenant_at(p, 0)->own;
    CHECK(own != NULL);
    CHECK_INT(policy_plugin_count(own), 3);
    CHECK_INT(policy_plugin_count(p), 0);
    const plugin_row *headers = policy_plugin_at(own, 0);
    CHECK_TEXT(headers->tenant, "acme");
    CHECK_INT(headers->grant, CAPABILITY_REQUEST_HEADERS_WRITE);
    CHECK_INT(headers->limits.deadline_ms, 10);
    CHECK(map_get(headers->secrets, "key") != NULL);
    CHECK_INT(policy_plugin_at(own, 1)->limits.deadline_ms, 5);
    CHECK_INT(policy_plugin_at(own, 2)->grant, 0);
}

/* --- A script that does not load --- */

static void a_script_that_says_too_much_breaks_its_tenant_alone(void)
{
    static const refusal rows[] = {
        {"return { endpoints = {} }", ": a tenant cannot declare endpoints: ask the operator"},
        {"return { credentials = {} }", ": a tenant cannot declare credentials: ask the operator"},
        {"return { tenants = {} }", ": a tenant cannot declare tenants: ask the operator"},
        {"return { owns = {} }", ": a tenant cannot declare owns: ask the operator"},
        {"return { acounts = {} }", ": unknown member 'acounts'; did you mean 'accounts'?"},
        {"return 7", ": the script must return a table: return { name = \"...\", ... }"},
        {"return {", ":1: "},
        {"error('x')", ":1: x"},
        {"error()", ":1: the error value is a nil, not a text"},
        {"error(setmetatable({}, { __tostring = function() while true do end end }))",
         ":1: the error value is a table, not a text"},
        {"\033Lua", ": is bytecode"},
        {"return thingspace.csv('x.csv')", ":1: attempt to call a nil value (field 'csv')"},
        {"return thingspace.json_file('x.json')",
         ":1: attempt to call a nil value (field 'json_file')"},
        {"return thingspace.secret.file('hook')", ":1: attempt to call a nil value (field 'file')"},
        {"return thingspace.secret.env('HOME')", ":1: attempt to call a nil value (field 'env')"},
        {"return thingspace.setting", ":1: there is no thingspace.setting; did you mean "
                                      "'settings'?"},
        {"return { name = thingspace.settings.a.b }", ":1: "},
        {"return { listeners = thingspace.secret.named('hok') }",
         ":1: secret 'hok' is not granted; did you mean 'hook'?"},
        {"local x = thingspace.secret.named('blue')",
         ":1: secret 'blue' is not granted: granted are hook"},
        {"return { accounts = { '1-1', '2-1' } }",
         ": accounts[2]: account 2-1 is not granted: granted are 1-*"},
        {"return { accounts = { { account = '1-1', endpoint = 'lab' } } }",
         ": accounts[1]: account 1-1: endpoint 'lab' is not granted: granted are production"},
        {"return { accounts = { { account = '1-1', credential = 'north' } } }",
         ": accounts[1]: account 1-1: credential 'north' is not granted: granted are acme"},
        {"local t = {} for i = 1, 10001 do t[i] = '1-' .. i end return { accounts = t }",
         ": accounts[10001]: more than 10000 accounts: the operator can list them"},
        {"return { plugins = { { 'audit' } } }",
         ": plugins[1]: plugin 'audit' is not granted: granted are guard, headers"},
        {"return { plugins = { { '../headers.lua' } } }",
         ": plugins[1]: plugin '../headers.lua' is not granted: granted are guard, headers"},
        {"return { plugins = { { 'guard', grant = { 'request:reply' } } } }",
         ": plugins[1]: capability 'request:reply' is not granted for plugin 'guard'"},
        {"return { plugins = { { 'guard', limits = { deadline_ms = 11 } } } }",
         ": plugins[1]: limits: deadline_ms cannot be raised above the 10 that the operator gives"},
        {"return { plugins = { { 'guard', limits = { log_lines = 21 } } } }",
         ": plugins[1]: limits: log_lines cannot be raised above the 20 that the operator gives"},
        {"local big, t = ('x'):rep(2e5), {} for i = 1, 1000 do t[i] = { account = '1-' .. i, b = "
         "big } end return { accounts = t }",
         ": accounts[42]: the rows of this script hold more than 8 MiB"},
        {"local big, t = ('x'):rep(2e5), {} for i = 1, 1000 do t[i] = { 'guard', options = { b = "
         "big } } end return { plugins = t }",
         ": plugins[42]: the rows of this script hold more than 8 MiB"},
        {"while true do end", ":1: load ran "},
        {"local t = {} for i = 1, 1e7 do t[i] = ('x'):rep(1e5) .. i end", ":1: load ran "},
        {"local function f() return 1 + f() end f()", ":1: "},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_policy policy *p = NULL;
        decision found = {0};
        cleanup_decision decision north = {0}, own = {0};
        char expected[512];
        snprintf(expected, sizeof(expected), "tenant acme: %s/acme.lua%s", check_folder(),
                 rows[i].message);
        CHECK_OK(fixture_load_tenants(&p, rows[i].script, &error));
        CHECK_STATUS(policy_resolve(p, &found, "1-1", &error), THINGSPACE_POLICY);
        if (!check_report(strncmp(error.message, expected, strlen(expected)) == 0, __FILE__,
                          __LINE__, "%s: %s", rows[i].script, error.message))
            return;
        CHECK(strstr(error.file, "acme.lua") != NULL);
        CHECK_INT(policy_account_count(p), 3);
        CHECK_OK(policy_resolve(p, &north, "2-1", &error));
        CHECK_OK(policy_resolve(p, &own, "own", &error));
    }
}

static void a_script_that_cannot_be_read_breaks_its_tenant_alone(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_decision decision found = {0};
    char link[512];
    snprintf(link, sizeof(link), "%s/out.lua", check_folder());
    unlink(link);
    CHECK_INT(symlink("/etc/hostname", link), 0);
    CHECK_OK(fixture_load(&p,
                          FLEET " tenants = { a = { script = 'none.lua', accounts = { '1-*' } },"
                                " b = { script = 'out.lua', accounts = { '2-*' } },"
                                " c = { script = '/dev/zero', accounts = { '3-*' } } } }",
                          &error));
    CHECK_STATUS(policy_resolve(p, &found, "1-1", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "tenant a: none.lua: No such file or directory");
    CHECK_STATUS(policy_resolve(p, &found, "2-1", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "tenant b: out.lua leads out of the policy's folder");
    CHECK_STATUS(policy_resolve(p, &found, "3-1", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "tenant c: /dev/zero is not a regular file");
    CHECK_OK(policy_resolve(p, &found, "own", &error));
    unlink(link);
}

/* --- What a script sees --- */

static void a_script_sees_nothing_of_the_operator_or_of_others(void)
{
    static const char *const settings[] = {"simulator=http://127.0.0.1:8080", NULL};
    static const char spy[] =
        "shared = 'of ' .. (shared or 'nobody')\n"
        "assert(next(thingspace.settings) == nil, 'settings')\n"
        "for name in pairs(thingspace.secret) do assert(name == 'named', name) end\n"
        "assert(thingspace.csv == nil and thingspace.json_file == nil, 'files')\n"
        "string.format('%s', tostring(thingspace.secret.named('hook')))\n"
        "assert(tostring(thingspace.secret.named('hook')) == '***', 'text')\n"
        "return { resolve = function() return { tags = { shared = shared } } end }";
    const policy_script_options options = {.settings = settings};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_decision decision acme = {0}, north = {0};
    check_file("acme.lua", spy);
    check_file("north.lua", spy);
    fixture_clear_environment();
    CHECK_OK(policy_script_load_text(
        &p, "p.lua",
        "shared = 'the operator' " FLEET " tenants = { acme = { " ACME_ROW
        " }, north = { " NORTH_ROW ", secrets = { hook = thingspace.secret.file('other') } } },"
        " resolve = function() return { tags = { shared = shared } } end }",
        check_folder(), &options, &error));
    CHECK_OK(policy_resolve(p, &acme, "1-1", &error));
    CHECK_TEXT(json_get_string(acme.tags, "shared"), "of nobody");
    CHECK_STATUS(policy_resolve(p, &north, "2-2", &error), THINGSPACE_POLICY); /* two endpoints */
    CHECK(strstr(error.message, "2 endpoints are granted") != NULL);
}

/* Answers that lie when they are asked twice are read raw, once. */
static void lying_tables_are_read_raw(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_decision decision found = {0};
    CHECK_OK(fixture_load_tenants(
        &p,
        "local n = 0 local lying = { __index = function(t, name) n = n + 1\n"
        " return name == 'endpoint' and 'lab' or 'north' end,\n"
        " __pairs = function() error('asked') end, __len = function() return 1e9 end }\n"
        "return setmetatable({ resolve = function()\n"
        " return setmetatable({ timeout_ms = 11 }, lying) end }, lying)",
        &error));
    CHECK_OK(policy_resolve(p, &found, "1-1", &error));
    CHECK_TEXT(found.endpoint->name, "production");
    CHECK_TEXT(found.credential->name, "acme");
    CHECK_INT(found.timeout_ms, 11);
}

/* --- The operator's rows --- */

#define ROW(members) FLEET " tenants = { acme = { " members " } } }"

static void a_wrong_row_is_refused_by_name(void)
{
    static const fixture_refusal rows[] = {
        {FLEET " tenants = { 'acme' } }",
         "p.lua: tenants: a member without a name: write name = value (found number 1)"},
        {FLEET " tenants = { acme = 'x' } }", "p.lua: tenants.acme: a tenant is a table: { script "
                                              "= \"...\", accounts = { ... } }"},
        {ROW("accounts = { '1-*' }"), "p.lua: tenants.acme: the tenant has no script: give script "
                                      "= \"tenants/acme.lua\""},
        {ROW("script = '../acme.lua', accounts = { '1-*' }"),
         "p.lua: tenants.acme: script: a file is named relative to the policy's folder, without "
         "'..'"},
        {ROW("script = 'acme.lua'"), "p.lua: tenants.acme: the tenant has no accounts: give "
                                     "accounts = { \"0000123456-*\" }"},
        {ROW("script = 'acme.lua', acounts = { '1-*' }"),
         "p.lua: tenants.acme: unknown member 'acounts'; did you mean 'accounts'?"},
        {ROW("script = 'acme.lua', accounts = '1-*'"),
         "p.lua: tenants.acme: accounts must be a list of texts, without holes"},
        {ROW("script = 'acme.lua', accounts = { '' }"),
         "p.lua: tenants.acme: accounts[1]: an empty text names nothing: remove it"},
        {ROW("script = 'acme.lua', accounts = { '1-*' }, endpoints = { 'lap' }"),
         "p.lua: tenants.acme: endpoint 'lap' is not declared; did you mean 'lab'?; declared: "
         "production, environment, lab"},
        {ROW("script = 'acme.lua', accounts = { '1-*' }, credentials = { 'acm' }"),
         "p.lua: tenants.acme: credential 'acm' is not declared; did you mean 'acme'?; declared: "
         "environment, acme, north, spare"},
        {ROW("script = 'acme.lua', accounts = { '1-*' }, urls = { 'hooks.acme.example' }"),
         "p.lua: tenants.acme: urls[1]: not a pattern of URLs: it begins with neither https:// "
         "nor http://; write one like https://*.example.com/*"},
        {ROW("script = 'acme.lua', accounts = { '1-*' }, secrets = { hook = 'plain' }"),
         "p.lua: tenants.acme: secrets.hook: secrets are handles: thingspace.secret.file(\"...\") "
         "or another"},
        {ROW("script = 'acme.lua', accounts = { '1-*' }, secrets = { k = "
             "thingspace.secret.registered }"),
         "p.lua: tenants.acme: secrets.k: secret.registered is for listeners alone"},
        {ROW("script = 'acme.lua', accounts = { '1-*' }, plugins = { 'headers' }"),
         "p.lua: tenants.acme: plugins: a member without a name: write name = value (found number "
         "1)"},
        {ROW("script = 'acme.lua', accounts = { '1-*' }, plugins = { headers = true }"),
         "p.lua: tenants.acme: plugins.headers: grant must be a list of texts, without holes"},
        {ROW("script = 'acme.lua', accounts = { '1-*' }, limits = { deadline_ms = 'x' }"),
         "p.lua: tenants.acme: limits: deadline_ms must be a whole number from 1 to 60000"},
    };
    CHECK_REFUSED(rows)
}

static const check_case cases[] = {
    CHECK_CASE(each_account_is_decided_by_its_owner),
    CHECK_CASE(a_script_with_a_list_has_just_those),
    CHECK_CASE(a_script_without_a_list_has_what_matches),
    CHECK_CASE_ONCE(nil_means_unknown_only_for_accounts_that_nobody_lists),
    CHECK_CASE(an_account_of_two_tenants_is_refused_with_both),
    CHECK_CASE_ONCE(what_is_not_granted_is_refused_in_a_call),
    CHECK_CASE(without_a_name_there_must_be_one_that_is_granted),
    CHECK_CASE(listeners_must_match_the_granted_urls),
    CHECK_CASE(a_script_has_groups_of_its_own),
    CHECK_CASE(rows_of_plugins_stay_within_the_grant),
    CHECK_CASE_ONCE(a_script_that_says_too_much_breaks_its_tenant_alone),
    CHECK_CASE_ONCE(a_script_that_cannot_be_read_breaks_its_tenant_alone),
    CHECK_CASE_ONCE(a_script_sees_nothing_of_the_operator_or_of_others),
    CHECK_CASE_ONCE(lying_tables_are_read_raw),
    CHECK_CASE_ONCE(a_wrong_row_is_refused_by_name),
};

CHECK_MAIN(cases)
