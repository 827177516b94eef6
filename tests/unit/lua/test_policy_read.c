/* SPDX-License-Identifier: MIT */
/* The table of a policy script: every member read, everything else refused by name. */
#include "base/text.h"
#include "policy_fixture.h"

static void the_smallest_policy_needs_a_name_and_accounts(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    CHECK_OK(
        fixture_load(&loaded, "return { name = 'q', accounts = { 'TestAccount-2' } }", &error));
    CHECK_TEXT(policy_name(loaded), "q");
    CHECK_TEXT(policy_script(loaded), "p.lua");
    CHECK_INT(policy_account_count(loaded), 1);
    CHECK_TEXT(policy_account(loaded, 0), "TestAccount-2");
    CHECK_TEXT(policy_default_endpoint(loaded)->name, "production");
    CHECK(policy_credential(loaded, "environment") != NULL);
}

static void everything_that_can_be_declared_is_read(void)
{
    static const char text[] =
        "local secret = thingspace.secret\n"
        "return { name = 'fleet',\n"
        "  endpoints = { lab = { url = 'http://127.0.0.1:8080' },\n"
        "    far = { api = 'https://a.example/api/m2m/v1', token = 'https://b.example/t' } },\n"
        "  credentials = { north = secret.dir('north'),\n"
        "    acme = { key = 'a1b2', secret = secret.file('acme.secret') } },\n"
        "  accounts = { '0000123456-00001', { account = '0000123456-00002', endpoint = 'lab',\n"
        "    credential = 'acme', timeout_ms = 500, more = { 1, 2 } } },\n"
        "  owns = { 'https://hooks.example.com/*' } }\n";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    CHECK_OK(fixture_load(&loaded, text, &error));
    CHECK_TEXT(policy_endpoint(loaded, "lab")->api, "http://127.0.0.1:8080/api/m2m/v1");
    CHECK(policy_endpoint(loaded, "far") != NULL);
    CHECK(policy_credential(loaded, "north")->password != NULL);
    CHECK(policy_credential(loaded, "acme")->key != NULL);
    CHECK(policy_credential(loaded, "acme")->username == NULL);
    CHECK(policy_row(loaded, "0000123456-00001") == NULL);
    CHECK_INT(json_count(json_get(row_tree(policy_row(loaded, "0000123456-00002")), "more")), 2);
    CHECK_INT(policy_owned_count(loaded), 1);
    CHECK_TEXT(policy_owned(loaded, 0), "https://hooks.example.com/*");
}

static void the_row_decides_without_resolve(void)
{
    static const char text[] =
        "return { name = 'f', endpoints = { lab = { url = 'http://127.0.0.1:8080' } },\n"
        "  accounts = { 'a', { account = 'b', endpoint = 'lab', timeout_ms = '750' },\n"
        "    { account = 'c', endpoint = '', credential = '', timeout_ms = '' } } }\n";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    CHECK_OK(fixture_load(&loaded, text, &error));
    decision a, b, c;
    CHECK_OK(policy_resolve(loaded, &a, "a", &error));
    CHECK_TEXT(a.endpoint->name, "production");
    CHECK_TEXT(a.credential->name, "environment");
    CHECK_OK(policy_resolve(loaded, &b, "b", &error));
    CHECK_TEXT(b.endpoint->name, "lab");
    CHECK_INT(b.timeout_ms, 750);
    CHECK_OK(policy_resolve(loaded, &c, "c", &error));
    CHECK_TEXT(c.endpoint->name, "production");
    CHECK_INT(c.timeout_ms, 0);
}

static void an_account_nobody_declared_is_refused(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    decision decided;
    CHECK_OK(fixture_load(&loaded, "return { name = 'f', accounts = { 'a' } }", &error));
    CHECK_STATUS(policy_resolve(loaded, &decided, "b", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "p.lua: policy 'f' does not declare account b: add it to `accounts`");
    CHECK_TEXT(error.account, "b");
}

#define NAMED "return { name = 'f', "
#define WITH  "return { name = 'f', accounts = { 'a' }, "

static void a_wrong_member_is_refused_by_name(void)
{
    static const fixture_refusal rows[] = {
        {"return 7", "p.lua: the script must return a table: return { name = \"...\", ... }"},
        {"return {}", "p.lua: the policy needs a name: name = \"fleet\""},
        {"return { name = '', accounts = {} }", "p.lua: the policy needs a name: name = \"fleet\""},
        {"return { name = 7, accounts = {} }", "p.lua: name must be text, not a number"},
        {"return { name = 'a\\nb', accounts = {} }",
         "p.lua: name must be one line of at most 120 bytes"},
        {NAMED "acounts = {} }", "p.lua: unknown member 'acounts'; did you mean 'accounts'?"},
        {NAMED "'x' }", "p.lua: a member without a name: write name = value (found number 1)"},
        {NAMED "}", "p.lua: the policy declares no accounts: give accounts = { ... } or resolve"},
        {WITH "tenants = 'x' }", "p.lua: tenants must be a table, not a string"},
        {WITH "plugins = 'x' }", "p.lua: plugins must be a table, not a string"},
        {WITH "resolve = 'x' }", "p.lua: resolve must be a function, not a string"},
        {WITH "owns = 'x' }", "p.lua: owns must be a table, not a string"},
        {WITH "owns = { 1 } }",
         "p.lua: owns[1]: not a pattern of URLs: it is empty; write one like "
         "https://*.example.com/*"},
    };
    CHECK_REFUSED(rows)
}

static void a_wrong_endpoint_is_refused_by_name(void)
{
    static const fixture_refusal rows[] = {
        {WITH "endpoints = { lab = 'http://x' } }",
         "p.lua: endpoints.lab: an endpoint is a table: { url = \"https://...\" }"},
        {WITH "endpoints = { lab = { ulr = 'http://x' } } }",
         "p.lua: endpoints.lab: unknown member 'ulr'; did you mean 'url'?"},
        {WITH "endpoints = { lab = { address = 'http://x' } } }",
         "p.lua: endpoints.lab: unknown member 'address'; known are: url, api, token, insecure, "
         "private, window"},
        {WITH "endpoints = { lab = { } } }",
         "p.lua: endpoints.lab: give url, or both api and token"},
        {WITH
         "endpoints = { lab = { url = 'https://x.example', token = 'https://x.example/t' } } }",
         "p.lua: endpoints.lab: give url, or both api and token"},
        {WITH "endpoints = { lab = { url = 'https://x.example', insecure = 1 } } }",
         "p.lua: endpoints.lab: insecure must be true or false"},
        {WITH "endpoints = { production = { url = 'https://x.example' } } }",
         "p.lua: endpoints.production: endpoint 'production' is built in: take another name"},
    };
    CHECK_REFUSED(rows)
}

static void an_endpoint_that_cannot_be_trusted_is_refused(void)
{
    static const char *const urls[] = {"file:///etc/passwd",    "gopher://x.example",
                                       "https://u:p@x.example", "https://x.example:0",
                                       "http://x.example",      "https://[::ffff:10.0.0.1]"};
    for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_policy policy *loaded = NULL;
        cleanup_text char *text =
            text_format(WITH "endpoints = { lab = { url = '%s' } } }", urls[i]);
        CHECK_MADE(text);
        CHECK_STATUS(fixture_load(&loaded, text, &error), THINGSPACE_POLICY);
        CHECK(text_starts_with(error.message, "p.lua: endpoints.lab: "));
    }
}

static void a_wrong_credential_is_refused_by_name(void)
{
    static const fixture_refusal rows[] = {
        {WITH "credentials = { x = 'y' } }",
         "p.lua: credentials.x: a credential is thingspace.secret.dir(\"...\") or a table with "
         "key, secret, username, password"},
        {WITH "credentials = { x = { keys = 'y' } } }",
         "p.lua: credentials.x: unknown member 'keys'; did you mean 'key'?"},
        {WITH "credentials = { x = { key = 7 } } }",
         "p.lua: credentials.x: key: neither a handle of thingspace.secret nor text"},
        {WITH "credentials = { x = { key = thingspace.secret.registered } } }",
         "p.lua: credentials.x: key: secret.registered is for listeners alone"},
        {WITH "credentials = { environment = {} } }",
         "p.lua: credentials.environment: credential 'environment' is built in: take another "
         "name"},
    };
    CHECK_REFUSED(rows)
}

static void wrong_accounts_are_refused_with_their_place(void)
{
    static const fixture_refusal rows[] = {
        {NAMED "accounts = { 'a', 12345600001 } }",
         "p.lua: accounts[2]: account names are text: quote them, or their leading zeros are "
         "lost"},
        {NAMED "accounts = { { account = 7 } } }",
         "p.lua: accounts[1]: account names are text: quote them, or their leading zeros are "
         "lost"},
        {NAMED "accounts = { a = {} } }",
         "p.lua: accounts must be a list of names or rows: { \"0000123456-00001\", ... }"},
        {NAMED "accounts = { 'a', nil, 'b' } }",
         "p.lua: accounts must be a list of names or rows: { \"0000123456-00001\", ... }"},
        {NAMED "accounts = { { name = 'a' } } }",
         "p.lua: accounts[1]: the row has no member (or column) account"},
        {NAMED "accounts = { 'a', 'b', { account = 'a' } } }",
         "p.lua: accounts[3]: account a is declared twice, first in accounts[1]"},
        {NAMED "accounts = { { account = 'a', endpoint = 'lab' } } }",
         "p.lua: accounts[1]: account a: endpoint 'lab' is not declared; declared: production, "
         "environment"},
        {NAMED "accounts = { { account = 'a', endpoint = 'prodution' } } }",
         "p.lua: accounts[1]: account a: endpoint 'prodution' is not declared; did you mean "
         "'production'?; declared: production, environment"},
        {NAMED "accounts = { { account = 'a', credential = 'https://x.example' } } }",
         "p.lua: accounts[1]: account a: credential is a URL where a name belongs: name one of: "
         "environment"},
        {NAMED "accounts = { { account = 'a', timeout_ms = '1.5' } } }",
         "p.lua: accounts[1]: account a: timeout_ms must be a whole number, 1 to 3600000 "
         "milliseconds"},
    };
    CHECK_REFUSED(rows)
}

static void an_account_that_cannot_be_sent_is_refused(void)
{
    static const char *const names[] = {"", "..", "../../session/login", "a\\0b", "a?b", "%2e"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_policy policy *loaded = NULL;
        cleanup_text char *text = text_format(NAMED "accounts = { '%s' } }", names[i]);
        CHECK_MADE(text);
        thingspace_status status = fixture_load(&loaded, text, &error);
        if (status != THINGSPACE_OK)
            CHECK_STATUS(status, THINGSPACE_POLICY);
        else
            CHECK(i >= 4); /* one encoded segment is the other good answer */
    }
}

static void tables_are_read_without_their_metatables(void)
{
    static const char text[] = "local n = 0\n"
                               "return setmetatable({ name = 'f', accounts = { 'a' } },\n"
                               "  { __index = function(t, k) n = n + 1; return 'x' .. n end })\n";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    decision decided;
    CHECK_OK(fixture_load(&loaded, text, &error));
    CHECK_OK(policy_resolve(loaded, &decided, "a", &error));
}

static void a_script_that_fails_or_loops_is_not_loaded(void)
{
    static const fixture_refusal rows[] = {
        {"return {", "p.lua:1: unexpected symbol near <eof>"},
        {"local x\nreturn x.y", "p.lua:2: attempt to index a nil value (local 'x')"},
    };
    CHECK_REFUSED(rows)
}

static void settings_reach_the_script(void)
{
    static const char *const settings[] = {"who=a=b", NULL};
    static const char *const wrong[] = {"who", NULL};
    policy_script_options options = {.settings = settings};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL, *other = NULL;
    const char *text = "return { name = thingspace.settings.who, accounts = {} }";
    fixture_clear_environment();
    CHECK_OK(policy_script_load_text(&loaded, "p.lua", text, NULL, &options, &error));
    CHECK_TEXT(policy_name(loaded), "a=b");
    options.settings = wrong;
    CHECK_STATUS(policy_script_load_text(&other, "p.lua", text, NULL, &options, &error),
                 THINGSPACE_USAGE);
}

static const check_case cases[] = {
    CHECK_CASE(the_smallest_policy_needs_a_name_and_accounts),
    CHECK_CASE(everything_that_can_be_declared_is_read),
    CHECK_CASE(the_row_decides_without_resolve),
    CHECK_CASE_ONCE(an_account_nobody_declared_is_refused),
    CHECK_CASE_ONCE(a_wrong_member_is_refused_by_name),
    CHECK_CASE_ONCE(a_wrong_endpoint_is_refused_by_name),
    CHECK_CASE_ONCE(an_endpoint_that_cannot_be_trusted_is_refused),
    CHECK_CASE_ONCE(a_wrong_credential_is_refused_by_name),
    CHECK_CASE_ONCE(wrong_accounts_are_refused_with_their_place),
    CHECK_CASE_ONCE(an_account_that_cannot_be_sent_is_refused),
    CHECK_CASE_ONCE(tables_are_read_without_their_metatables),
    CHECK_CASE_ONCE(a_script_that_fails_or_loops_is_not_loaded),
    CHECK_CASE(settings_reach_the_script),
};

CHECK_MAIN(cases)
