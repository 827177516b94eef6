/* SPDX-License-Identifier: MIT */
/* resolve and listeners of a policy script: what they may answer, and what failing does. */
#include "base/text.h"
#include "policy_fixture.h"

#define HEAD                                                                                       \
    "local calls = 0\n"                                                                            \
    "return { name = 'f', endpoints = { lab = { url = 'http://127.0.0.1:8080' } },\n"              \
    "  accounts = { 'a', { account = 'b', endpoint = 'lab', size = 'big' } },\n"

static void resolve_decides_and_nil_leaves_it_to_the_row(void)
{
    static const char text[] =
        HEAD "resolve = function(account, row) if row then return nil end\n"
             "  return { endpoint = 'lab', timeout_ms = 100, tags = { who = account } } end }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_decision decision a = {0}, b = {0};
    CHECK_OK(fixture_load(&loaded, text, &error));
    CHECK_OK(policy_resolve(loaded, &a, "a", &error));
    CHECK_TEXT(a.endpoint->name, "lab");
    CHECK_INT(a.timeout_ms, 100);
    CHECK_TEXT(json_get_string(a.tags, "who"), "a");
    CHECK_OK(policy_resolve(loaded, &b, "b", &error));
    CHECK_TEXT(b.endpoint->name, "lab");
    CHECK_INT(b.timeout_ms, 0);
}

static void without_accounts_resolve_knows_them(void)
{
    static const char text[] = "return { name = 'f', resolve = function(account)\n"
                               "  if account == 'a' then return {} end end }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_decision decision a = {0}, b = {0};
    CHECK_OK(fixture_load(&loaded, text, &error));
    CHECK_INT(policy_account_count(loaded), 0);
    CHECK_OK(policy_resolve(loaded, &a, "a", &error));
    CHECK_TEXT(a.endpoint->name, "production");
    CHECK_STATUS(policy_resolve(loaded, &b, "b", &error), THINGSPACE_POLICY);
}

/* Answers of resolve, and the message of the call. */
static void an_answer_outside_the_closed_set_fails_the_call(void)
{
    static const fixture_refusal rows[] = {
        {"'lab'", "the answer must be nil or a table, not a string"},
        {"nil, 'not today'", "not today"},
        {"{ endpoint = 'https://evil.example' }",
         "endpoint is a URL where a name belongs: name one of: production, environment, lab"},
        {"{ endpoint = 'lap' }",
         "endpoint 'lap' is not declared; did you mean 'lab'?; declared: production, environment, "
         "lab"},
        {"{ credential = 'x' }", "credential 'x' is not declared; declared: environment"},
        {"{ credential = '' }", "credential is empty: leave it out"},
        {"{ endpoint = 7 }", "endpoint must be text, not a number"},
        {"{ endpont = 'lab' }", "unknown member 'endpont'; did you mean 'endpoint'?"},
        {"{ timeout_ms = 0 }", "timeout_ms must be a whole number, 1 to 3600000 milliseconds"},
        {"{ timeout_ms = 1.5 }", "timeout_ms must be a whole number, 1 to 3600000 milliseconds"},
        {"{ timeout_ms = '10' }", "timeout_ms must be a whole number, 1 to 3600000 milliseconds"},
        {"{ tags = { 1, 2 } }", "tags must be a table of named values"},
        {"{ tags = 'x' }", "tags must be a table of named values"},
        {"error('no')", "no"},
        {"account.x.y", "attempt to index a nil value (field 'x')"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_policy policy *loaded = NULL;
        cleanup_decision decision decided = {0};
        cleanup_text char *text =
            text_format(HEAD "resolve = function(account, row)\n return %s end }", rows[i].text);
        cleanup_text char *message = text_format("resolve(a): %s", rows[i].message);
        CHECK_MADE(text);
        CHECK_MADE(message);
        CHECK_OK(fixture_load(&loaded, text, &error));
        CHECK_STATUS(policy_resolve(loaded, &decided, "a", &error), THINGSPACE_POLICY);
        const char *place = error.line == 4 ? "p.lua:4: " : "p.lua:5: ";
        CHECK(text_starts_with(error.message, place));
        CHECK_TEXT(error.message + strlen(place), message);
        CHECK_TEXT(error.file, "p.lua");
        CHECK_TEXT(error.account, "a");
    }
}

static void cyclic_and_deep_tags_are_bounded_errors(void)
{
    static const char text[] =
        HEAD "resolve = function(account)\n"
             "  local t = {}; if account == 'a' then t.t = t else local c = t\n"
             "  for i = 1, 500 do c.c = {}; c = c.c end end return { tags = t } end }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_decision decision decided = {0};
    CHECK_OK(fixture_load(&loaded, text, &error));
    CHECK_STATUS(policy_resolve(loaded, &decided, "a", &error), THINGSPACE_POLICY);
    CHECK_STATUS(policy_resolve(loaded, &decided, "b", &error), THINGSPACE_POLICY);
}

static void a_call_that_loops_fails_alone(void)
{
    static const char text[] = HEAD
        "resolve = function(account) if account == 'a' then while true do end end return {} end }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_decision decision decided = {0};
    CHECK_OK(fixture_load(&loaded, text, &error));
    for (int i = 0; i < 2; i++) {
        CHECK_STATUS(policy_resolve(loaded, &decided, "a", &error), THINGSPACE_POLICY);
        CHECK(text_starts_with(error.message, "p.lua:4: resolve(a): the script ran "));
        CHECK_OK(policy_resolve(loaded, &decided, "b", &error));
    }
}

static void a_call_that_eats_memory_fails_alone(void)
{
    static const char text[] =
        HEAD "resolve = function(account) local t = {}\n"
             "  if account == 'a' then for i = 1, 1e9 do t[i] = { i } end end return {} end }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_decision decision decided = {0};
    CHECK_OK(fixture_load(&loaded, text, &error));
    CHECK_STATUS(policy_resolve(loaded, &decided, "a", &error), THINGSPACE_POLICY);
    CHECK_OK(policy_resolve(loaded, &decided, "b", &error));
}

static void a_killed_script_starts_afresh(void)
{
    static const char text[] =
        HEAD "resolve = function(account) calls = calls + 1\n"
             "  if calls == 2 then while true do end end return { timeout_ms = calls } end }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_decision decision decided = {0};
    CHECK_OK(fixture_load(&loaded, text, &error));
    CHECK_OK(policy_resolve(loaded, &decided, "a", &error));
    CHECK_STATUS(policy_resolve(loaded, &decided, "a", &error), THINGSPACE_POLICY);
    CHECK_OK(policy_resolve(loaded, &decided, "a", &error));
    CHECK_INT(decided.timeout_ms, 1);
}

static void listeners_come_sorted_with_handles(void)
{
    static const char text[] = HEAD
        "listeners = function(account, row) local base = 'https://hooks.example.com/'\n"
        "  return { NiddService = { url = base .. 'n', password = thingspace.secret.registered },"
        "  CarrierService = { url = base .. account, username = row and row.size,\n"
        "    password = thingspace.secret.file('hook') }, DeviceUsage = { url = base } } end }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_desired_listeners desired_listeners found = {0};
    CHECK_OK(fixture_load(&loaded, text, &error));
    CHECK_OK(policy_listeners(loaded, &found, "b", &error));
    CHECK_INT(found.count, 3);
    CHECK_TEXT(found.items[0].service, "CarrierService");
    CHECK_TEXT(found.items[0].url, "https://hooks.example.com/b");
    CHECK_TEXT(found.items[0].username, "big");
    CHECK(found.items[0].password && !found.items[0].password_registered);
    CHECK_TEXT(found.items[1].service, "DeviceUsage");
    CHECK(!found.items[1].username && !found.items[1].password);
    CHECK(!found.items[2].password && found.items[2].password_registered);
}

/* The file of the token's key is not there: it is not read. */
static void templates_are_expanded_and_the_token_waits(void)
{
    static const char text[] =
        HEAD "listeners = function() return { NiddService = { token = "
             "thingspace.secret.file('no/such.key'),\n"
             "    url = 'https://hooks.example.com/{service}/{account}?t={token}' } } end }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_desired_listeners desired_listeners found = {0};
    cleanup_text char *url = NULL;
    CHECK_OK(fixture_load(&loaded, text, &error));
    CHECK_OK(policy_listeners(loaded, &found, "b", &error));
    CHECK_TEXT(found.items[0].url, "https://hooks.example.com/NiddService/b?t={token}");
    CHECK_STATUS(desired_listener_url(&url, &found.items[0], "b", NULL, &error), THINGSPACE_AUTH);
}

static void a_policy_without_listeners_declares_none(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_desired_listeners desired_listeners found = {0};
    CHECK_OK(fixture_load(&loaded, HEAD "}", &error));
    CHECK_OK(policy_listeners(loaded, &found, "a", &error));
    CHECK_INT(found.count, 0);
}

static void a_wrong_listener_is_refused_by_service(void)
{
    static const fixture_refusal rows[] = {
        {"'x'", "the answer must be nil or a table, not a string"},
        {"{ X = 'https://hooks.example.com' }",
         "X: a listener is a table: { url = \"https://...\" }"},
        {"{ X = {} }", "X: the listener has no url"},
        {"{ X = { url = 'https://hooks.example.com/', pasword = 1 } }",
         "X: unknown member 'pasword'; did you mean 'password'?"},
        {"{ X = { url = 'https://hooks.example.com/', password = 'hunter2' } }",
         "X: passwords are secret handles: thingspace.secret.file(\"...\") or another"},
        {"{ X = { url = 'https://hooks.example.com/', username = 7 } }",
         "X: username must be text, not a number"},
        {"{ X = { url = 'https://hooks.example.com/{acount}' } }",
         "X: the URL has an unknown placeholder {acount}; known are {account}, {service} and "
         "{token}"},
        {"{ X = { url = 'https://hooks.example.com/{token}' } }",
         "X: the URL has {token} and no secret for it: add token = "
         "thingspace.secret.file(\"url.key\")"},
        {"{ X = { url = 'https://hooks.example.com/', token = 'hunter2' } }",
         "X: token is a secret handle: thingspace.secret.file(\"url.key\") or another"},
        {"{ X = { url = 'https://hooks.example.com/', token = thingspace.secret.registered } }",
         "X: token is a secret handle: thingspace.secret.file(\"url.key\") or another"},
        {"{ X = { url = 'https://hooks.example.com/', api = 'locaton' } }",
         "X: there is no api 'locaton'; did you mean location?"},
        {"{ X = { url = 'https://hooks.example.com/', api = 'location', username = 'me' } }",
         "X: listeners of the location API have no username and password; leave them out"},
        {"{ X = { url = 'https://hooks.example.com/', api = 'software-v3' } }",
         "X: the software-v3 API has one listener for an account; its callback service is Fota"},
        {"{ X = { 7 } }", "X[1]: a listener is a table: { url = \"https://...\" }"},
        {"{ Fota = { { url = 'https://hooks.example.com/', api = 'software-v1' }, {} } }",
         "Fota[2]: the listener has no url"},
        {"{ Fota = { { url = 'https://a.example.com/' }, { url = 'https://b.example.com/' } } }",
         "Fota[2]: Fota is declared twice: keep one"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_policy policy *loaded = NULL;
        cleanup_desired_listeners desired_listeners found = {0};
        cleanup_text char *text =
            text_format(HEAD "listeners = function() return %s end }", rows[i].text);
        cleanup_text char *message = text_format("p.lua:4: listeners(a): %s", rows[i].message);
        CHECK_MADE(text);
        CHECK_MADE(message);
        CHECK_OK(fixture_load(&loaded, text, &error));
        CHECK_STATUS(policy_listeners(loaded, &found, "a", &error), THINGSPACE_POLICY);
        CHECK_TEXT(error.message, message);
        CHECK_INT(found.count, 0);
    }
}

static void a_listener_may_be_of_another_api(void)
{
    static const char text[] = HEAD "listeners = function() return {\n"
                                    "  A = { url = 'https://hooks.example.com/' },\n"
                                    "  B = { url = 'https://hooks.example.com/', api = "
                                    "'connectivity' },\n"
                                    "  Fota = { url = 'https://hooks.example.com/', api = "
                                    "'software-v2' } } end }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_desired_listeners desired_listeners found = {0};
    CHECK_OK(fixture_load(&loaded, text, &error));
    CHECK_OK(policy_listeners(loaded, &found, "a", &error));
    CHECK_INT(found.count, 3);
    CHECK(found.items[0].api == NULL);
    CHECK(found.items[1].api == NULL);
    CHECK_TEXT(found.items[2].api, "software-v2");
}

static void apis_that_share_a_service_are_a_list(void)
{
    static const char text[] = HEAD "listeners = function() return { Fota = {\n"
                                    "  { url = 'https://hooks.example.com/2', api = "
                                    "'software-v2' },\n"
                                    "  { url = 'https://hooks.example.com/1', api = "
                                    "'software-v1' } } } end }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_desired_listeners desired_listeners found = {0};
    CHECK_OK(fixture_load(&loaded, text, &error));
    CHECK_OK(policy_listeners(loaded, &found, "a", &error));
    CHECK_INT(found.count, 2);
    CHECK_TEXT(found.items[0].api, "software-v1");
    CHECK_TEXT(found.items[0].url, "https://hooks.example.com/1");
    CHECK_TEXT(found.items[1].api, "software-v2");
}

static void a_listener_that_cannot_be_sent_is_a_policy_error(void)
{
    static const char *const answers[] = {"{ ['a/b'] = { url = 'https://hooks.example.com/' } }",
                                          "{ X = { url = 'ftp://hooks.example.com/' } }"};
    for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_policy policy *loaded = NULL;
        cleanup_desired_listeners desired_listeners found = {0};
        cleanup_text char *text =
            text_format(HEAD "listeners = function() return %s end }", answers[i]);
        CHECK_MADE(text);
        CHECK_OK(fixture_load(&loaded, text, &error));
        CHECK_STATUS(policy_listeners(loaded, &found, "a", &error), THINGSPACE_POLICY);
        CHECK(text_starts_with(error.message, "p.lua:4: listeners(a): "));
    }
}

static const check_case cases[] = {
    CHECK_CASE(resolve_decides_and_nil_leaves_it_to_the_row),
    CHECK_CASE_ONCE(without_accounts_resolve_knows_them),
    CHECK_CASE_ONCE(an_answer_outside_the_closed_set_fails_the_call),
    CHECK_CASE_ONCE(cyclic_and_deep_tags_are_bounded_errors),
    CHECK_CASE_ONCE(a_call_that_loops_fails_alone),
    CHECK_CASE_ONCE(a_call_that_eats_memory_fails_alone),
    CHECK_CASE_ONCE(a_killed_script_starts_afresh),
    CHECK_CASE(listeners_come_sorted_with_handles),
    CHECK_CASE(templates_are_expanded_and_the_token_waits),
    CHECK_CASE(a_listener_may_be_of_another_api),
    CHECK_CASE(apis_that_share_a_service_are_a_list),
    CHECK_CASE_ONCE(a_policy_without_listeners_declares_none),
    CHECK_CASE_ONCE(a_wrong_listener_is_refused_by_service),
    CHECK_CASE_ONCE(a_listener_that_cannot_be_sent_is_a_policy_error),
};

CHECK_MAIN(cases)
