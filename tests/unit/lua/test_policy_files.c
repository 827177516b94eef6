/* SPDX-License-Identifier: MIT */
/* csv, json_file and secrets of a policy: read at load, below its folder, never shown. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/limits.h"
#include "base/text.h"
#include "policy_fixture.h"

static void accounts_come_from_a_csv_file(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    check_file("accounts.csv", "account,credential,timeout_ms\n0000123456-00001,,250\n"
                               "\"0000123456-00002\",environment,\n");
    CHECK_OK(fixture_load(
        &loaded, "return { name = 'f', accounts = thingspace.csv('accounts.csv') }", &error));
    CHECK_INT(policy_account_count(loaded), 2);
    CHECK_TEXT(policy_account(loaded, 0), "0000123456-00001");
    CHECK_TEXT(row_get_text(policy_row(loaded, "0000123456-00001"), "timeout_ms"), "250");
    cleanup_decision decision decided = {0};
    CHECK_OK(policy_resolve(loaded, &decided, "0000123456-00001", &error));
    CHECK_INT(decided.timeout_ms, 250);
}

/* What reading the rows left behind must not count against the first call. */
static void a_long_file_leaves_room_for_the_calls(void)
{
    enum { ROWS = 70000 };
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_decision decision decided = {0};
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_POLICY_FILE);
    buffer_append_text(&text, "account,customer,services\n");
    for (int i = 0; i < ROWS; i++)
        buffer_append_format(&text, "0000%06d-00001,north,CarrierService DeviceUsage\n", i);
    CHECK_OK(text.status);
    check_file("long.csv", buffer_text(&text));
    CHECK_OK(fixture_load(&loaded,
                          "return { name = 'f', accounts = thingspace.csv('long.csv'),\n"
                          "  resolve = function() return { timeout_ms = 7 } end }",
                          &error));
    CHECK_INT(policy_account_count(loaded), ROWS);
    CHECK_OK(policy_resolve(loaded, &decided, "0000069999-00001", &error));
    CHECK_INT(decided.timeout_ms, 7);
}

static void accounts_come_from_a_json_file(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    check_file("accounts.json",
               "[\"a\", {\"account\": \"b\", \"id\": 12345678901234567890, \"n\": 7}]");
    CHECK_OK(fixture_load(&loaded,
                          "return { name = 'f', accounts = thingspace.json_file('accounts.json') }",
                          &error));
    CHECK_INT(policy_account_count(loaded), 2);
    const json *row = row_tree(policy_row(loaded, "b"));
    long long n = 0;
    CHECK(json_integer(json_get(row, "n"), &n) && n == 7);
    const json *id = json_get(row, "id");
    CHECK_TEXT(json_string(id) ? json_string(id) : json_number(id), "12345678901234567890");
}

static void files_outside_the_folder_are_refused(void)
{
    static const char *const paths[] = {"/etc/passwd", "../x.csv",   "a/../../x.csv", "..", "",
                                        "out.csv",     "sub/out.csv"};
    char link[512], folder[512];
    snprintf(link, sizeof(link), "%s/out.csv", check_folder());
    snprintf(folder, sizeof(folder), "%s/sub", check_folder());
    CHECK(symlink("/etc/passwd", link) == 0);
    CHECK(symlink("/etc", folder) == 0);
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_policy policy *loaded = NULL;
        cleanup_text char *text =
            text_format("return { name = 'f', accounts = thingspace.csv('%s') }", paths[i]);
        CHECK_MADE(text);
        CHECK_STATUS(fixture_load(&loaded, text, &error), THINGSPACE_POLICY);
        CHECK(text_starts_with(error.message, "p.lua:1: "));
    }
}

static void links_inside_the_folder_are_followed(void)
{
    char link[512];
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    check_file("real.csv", "account\nx\n");
    snprintf(link, sizeof(link), "%s/inside.csv", check_folder());
    CHECK(symlink("real.csv", link) == 0);
    CHECK_OK(fixture_load(&loaded, "return { name = 'f', accounts = thingspace.csv 'inside.csv' }",
                          &error));
    CHECK_TEXT(policy_account(loaded, 0), "x");
}

static void what_is_no_file_is_refused(void)
{
    static const fixture_refusal rows[] = {
        {"return thingspace.csv('absent.csv')", "p.lua:1: absent.csv: No such file or directory"},
        {"return thingspace.csv(7)",
         "p.lua:1: a file is named relative to the policy's folder, without '..'"},
        {"return thingspace.csv('.')", "p.lua:1: . leads out of the policy's folder"},
        {"return thingspace.csv('bad.csv')",
         "p.lua:1: bad.csv: line 2: 2 cells, but line 1 names 1 columns"},
        {"return thingspace.json_file('bad.csv')",
         "p.lua:1: bad.csv: not valid JSON: unexpected character at offset 0"},
    };
    check_file("bad.csv", "account\n1,2\n");
    CHECK_REFUSED(rows)
}

static void files_are_not_read_after_the_load(void)
{
    static const char text[] =
        "return { name = 'f', resolve = function() thingspace.csv('accounts.csv') end }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_decision decision decided = {0};
    check_file("accounts.csv", "account\nx\n");
    CHECK_OK(fixture_load(&loaded, text, &error));
    CHECK_STATUS(policy_resolve(loaded, &decided, "a", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "p.lua:1: resolve(a): files are read at load only: call this outside "
                              "of functions");
}

static void a_policy_without_folder_reads_no_files(void)
{
    static const char *const calls[] = {"csv('a')", "json_file('a')", "secret.file('a')",
                                        "secret.dir('a')", "secret.command { 'a' }"};
    for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_policy policy *loaded = NULL;
        cleanup_text char *text = text_format("return thingspace.%s", calls[i]);
        CHECK_MADE(text);
        CHECK_STATUS(policy_script_load_text(&loaded, "p.lua", text, NULL, NULL, &error),
                     THINGSPACE_POLICY);
        CHECK(strstr(error.message, "has no folder") != NULL);
    }
}

/* The secret behind a part, as text that the test may compare. */
static thingspace_status part_is(secret_source *part, const char *expected, bool *same,
                                 thingspace_error *error)
{
    cleanup_secret thingspace_secret *value = NULL;
    thingspace_status status = secret_source_resolve(part, &value, NULL, error);
    *same = status == THINGSPACE_OK && strcmp(secret_bytes(value), expected) == 0;
    return status;
}

static void handles_lead_to_secrets(void)
{
    static const char text[] =
        "local secret = thingspace.secret\n"
        "return { name = 'f', accounts = {}, credentials = {\n"
        "  a = { key = 'plain', secret = secret.file('s'), username = secret.env('WHO_AM_I'),\n"
        "        password = secret.command { '/bin/echo', 'said' } },\n"
        "  b = { key = secret.credential('unit') } } }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    bool same;
    check_file("s", "in a file\n");
    setenv("WHO_AM_I", "in a variable", 1);
    CHECK_OK(fixture_load(&loaded, text, &error));
    unsetenv("WHO_AM_I");
    const credential *a = policy_credential(loaded, "a");
    CHECK_OK(part_is(a->key, "plain", &same, &error));
    CHECK(same);
    CHECK_OK(part_is(a->secret, "in a file", &same, &error));
    CHECK(same);
    CHECK_OK(part_is(a->username, "in a variable", &same, &error));
    CHECK(same);
    CHECK_OK(part_is(a->password, "said", &same, &error));
    CHECK(same);
    CHECK_STATUS(part_is(policy_credential(loaded, "b")->key, "", &same, &error), THINGSPACE_AUTH);
}

static void a_variable_survives_the_second_load(void)
{
    static const char text[] =
        "local hook = thingspace.secret.env('WHO_AM_I')\n"
        "return { name = 'f', accounts = { 'a', 'b' }, listeners = function(account)\n"
        "  if account == 'b' then while true do end end\n"
        "  return { X = { url = 'https://hooks.example.com/', password = hook } } end }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_desired_listeners desired_listeners first = {0}, second = {0};
    bool same;
    setenv("WHO_AM_I", "in a variable", 1);
    CHECK_OK(fixture_load(&loaded, text, &error));
    unsetenv("WHO_AM_I");
    CHECK_STATUS(policy_listeners(loaded, &first, "b", &error), THINGSPACE_POLICY);
    CHECK_OK(policy_listeners(loaded, &second, "a", &error));
    CHECK_OK(part_is(second.items[0].password, "in a variable", &same, &error));
    CHECK(same);
}

static void wrong_secrets_are_refused(void)
{
    static const fixture_refusal rows[] = {
        {"thingspace.secret.fiel('k')",
         "p.lua:1: there is no thingspace.secret.fiel; did you mean 'file'?"},
        {"thingspace.secret.vault('k')", "p.lua:1: attempt to call a nil value (field 'vault')"},
        {"return thingspace.setting.site",
         "p.lua:1: there is no thingspace.setting; did you mean 'settings'?"},
        {"thingspace.secret.file()", "p.lua:1: secret.file takes the name of a file"},
        {"thingspace.secret.file('a', 'b')", "p.lua:1: secret.file takes the name of a file"},
        {"thingspace.secret.dir('')", "p.lua:1: secret.dir takes the name of a folder"},
        {"thingspace.secret.command('pass show')",
         "p.lua:1: secret.command takes a list of words: secret.command { \"pass\", \"show\", "
         "\"acme\" }"},
        {"thingspace.secret.command {}",
         "p.lua:1: secret.command takes a list of words: secret.command { \"pass\", \"show\", "
         "\"acme\" }"},
    };
    CHECK_REFUSED(rows)
}

static void a_secret_has_no_text(void)
{
    static const char text[] = "local s = thingspace.secret.env('WHO_AM_I')\n"
                               "assert(tostring(s) == '***')\n"
                               "assert(not pcall(function() return s .. '' end))\n"
                               "assert(not pcall(function() return #s end))\n"
                               "assert(not string.format('%s', s):find('canary'))\n"
                               "local good, json = pcall(thingspace.json.encode, { s })\n"
                               "assert(not tostring(json):find('canary'))\n"
                               "return { name = 'f', accounts = {} }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    setenv("WHO_AM_I", "canary", 1);
    thingspace_status status = fixture_load(&loaded, text, &error);
    unsetenv("WHO_AM_I");
    CHECK_TEXT(error.message, "");
    CHECK_OK(status);
}

static void the_script_comes_from_a_file(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL, *absent = NULL;
    check_file("names.csv", "account\nx\n");
    const char *path =
        check_file("policy.lua", "return { name = 'f', accounts = thingspace.csv('names.csv') }");
    fixture_clear_environment();
    CHECK_OK(policy_script_load(&loaded, path, NULL, &error));
    CHECK_TEXT(policy_script(loaded), path);
    CHECK_TEXT(policy_account(loaded, 0), "x");
    CHECK_STATUS(policy_script_load(&absent, "/nowhere/policy.lua", NULL, &error),
                 THINGSPACE_LOCAL);
}

static const check_case cases[] = {
    CHECK_CASE(accounts_come_from_a_csv_file),
    CHECK_CASE_ONCE(a_long_file_leaves_room_for_the_calls),
    CHECK_CASE(accounts_come_from_a_json_file),
    CHECK_CASE_ONCE(files_outside_the_folder_are_refused),
    CHECK_CASE_ONCE(links_inside_the_folder_are_followed),
    CHECK_CASE_ONCE(what_is_no_file_is_refused),
    CHECK_CASE_ONCE(files_are_not_read_after_the_load),
    CHECK_CASE_ONCE(a_policy_without_folder_reads_no_files),
    CHECK_CASE_ONCE(handles_lead_to_secrets),
    CHECK_CASE_ONCE(a_variable_survives_the_second_load),
    CHECK_CASE_ONCE(wrong_secrets_are_refused),
    CHECK_CASE_ONCE(a_secret_has_no_text),
    CHECK_CASE(the_script_comes_from_a_file),
};

CHECK_MAIN(cases)
