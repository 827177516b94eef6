/* SPDX-License-Identifier: MIT */
/* What policy check, eval and diff say of policies with tenants; no network. */
#include <config.h>
#include <stdlib.h>
#include <thingspace/policy.h>
#include "base/json.h"
#include "check.h"
#include "service.h"

static void release_text(char **text)
{
    thingspace_text_free(*text);
}

#define cleanup_api_text __attribute__((cleanup(release_text)))

#define POLICY(members) "return { name = 'p', credentials = { acme = { key = 'k' } }, " members " }"
#define ACME                                                                                       \
    " tenants = { acme = { script = 'acme.lua', accounts = { '1-*' }, endpoints = { 'production' " \
    "}, credentials = { 'acme' }, urls = { 'https://acme.example.com/*' } } }"

static thingspace_status make(thingspace_client **out, const char *policy, thingspace_error *error)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    unsetenv("THINGSPACE_URL");
    setenv("THINGSPACE_KEY", "k", 1);
    unsetenv("THINGSPACE_POLICY");
    options.policy_text = policy;
    options.policy_name = "p.lua";
    options.policy_folder = check_folder();
    options.state_dir = check_folder();
    return thingspace_client_new(out, &options, error);
}

static json *parse(const char *text)
{
    json *document = NULL;
    (void)json_parse_own(&document, text, strlen(text), NULL);
    return document;
}

static void a_decision_says_whose_script_it_is(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_api_text char *first = NULL, *second = NULL;
    check_file("acme.lua", "return {}");
    CHECK_OK(make(&client, POLICY("accounts = { '1-1', '2-1' }," ACME), NULL));
    CHECK_OK(thingspace_policy_eval(client, &first, "1-1", NULL));
    cleanup_json json *tenants = parse(first);
    CHECK_MADE(tenants);
    CHECK_TEXT(json_get_string(tenants, "tenant"), "acme");
    CHECK(strstr(json_get_string(tenants, "script"), "/acme.lua") != NULL);
    CHECK_OK(thingspace_policy_eval(client, &second, "2-1", NULL));
    cleanup_json json *operators = parse(second);
    CHECK_MADE(operators);
    CHECK(json_get(operators, "tenant") == NULL);
    CHECK_TEXT(json_get_string(operators, "script"), "p.lua");
}

static void a_broken_tenant_is_one_error_and_one_for_each_account(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_api_text char *text = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    check_file("acme.lua", "return {}\nerror(");
    CHECK_OK(make(&client, POLICY("accounts = { '1-1', '1-2', '2-1' }," ACME), NULL));
    CHECK_STATUS(thingspace_policy_check(client, &text, &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "the policy fails for 2 of its accounts");
    cleanup_json json *document = parse(text);
    CHECK_MADE(document);
    const json *errors = json_get(document, "errors");
    CHECK_INT(json_count(errors), 3);
    const json *broken = json_first(errors), *account = json_next(broken);
    CHECK(json_get(broken, "accountName") == NULL);
    CHECK_TEXT(json_get_string(broken, "tenant"), "acme");
    CHECK(strstr(json_get_string(broken, "script"), "/acme.lua") != NULL);
    CHECK(json_get(broken, "line") != NULL);
    CHECK_TEXT(json_get_string(account, "accountName"), "1-1");
    CHECK_TEXT(json_get_string(account, "tenant"), "acme");
    CHECK_INT(json_count(json_get(document, "decisions")), 1);
    CHECK(strstr(text, "\"accounts\":3,\"failed\":2,") != NULL);
    CHECK(strstr(text, "\"accounts\":2,\"failed\":2}]") != NULL);
    CHECK_TEXT(json_get_string(account, "kind"), "policy");
    CHECK_TEXT(json_get_string(account, "account"), "1-1");
    CHECK(strstr(json_get_string(account, "file"), "/acme.lua") != NULL);
}

/* What a limit stops is asked again: an account that loops does not hide those after it. Where all
 * of them loop, those that are not asked tell what stopped the others, and at which. */
static void a_rest_that_the_check_caused_tells_nothing(void)
{
    static const char policy[] =
        POLICY("accounts = { '1-1', '1-2', '1-3', '1-4', '1-5' }, tenants = { acme = { script = "
               "'acme.lua', accounts = { '1-*' }, endpoints = { 'production' }, credentials = { "
               "'acme' }, limits = { instructions = 20000 } } }");
    cleanup_client thingspace_client *client = NULL, *other = NULL;
    cleanup_api_text char *one = NULL, *all = NULL, *decision = NULL;
    check_file("acme.lua", "return { resolve = function(account)\n"
                           "while account == '1-2' do end end }");
    CHECK_OK(make(&client, policy, NULL));
    CHECK_STATUS(thingspace_policy_check(client, &one, NULL), THINGSPACE_POLICY);
    cleanup_json json *document = parse(one);
    CHECK_MADE(document);
    CHECK_INT(json_count(json_get(document, "errors")), 1);
    CHECK_INT(json_count(json_get(document, "decisions")), 4);
    check_file("acme.lua", "return { resolve = function()\nwhile true do end end }");
    CHECK_OK(make(&other, policy, NULL));
    CHECK_STATUS(thingspace_policy_check(other, &all, NULL), THINGSPACE_POLICY);
    CHECK(strstr(all, "rests for") == NULL);
    CHECK(strstr(all, "\"accountName\":\"1-5\",\"tenant\":\"acme\",\"message\":\"tenant acme: ") !=
          NULL);
    CHECK(strstr(all, "\"after\":\"1-3\"") != NULL);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(thingspace_policy_eval(other, &decision, "1-1", &error), THINGSPACE_POLICY);
    CHECK(strstr(error.message, "tenant acme rests for another") == error.message);
    CHECK_TEXT(error.tenant, "acme");
}

static void a_broken_tenant_without_accounts_is_an_error_too(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_api_text char *text = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    check_file("acme.lua", "return { owns = {} }");
    CHECK_OK(make(&client, POLICY("accounts = { '2-1' }," ACME), NULL));
    CHECK_STATUS(thingspace_policy_check(client, &text, &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "the policy fails for 1 of its tenants");
}

/* The generation loads it, after the policy: the tenant breaks all the same. */
static void a_plugin_that_does_not_load_breaks_its_tenant(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_api_text char *text = NULL, *decision = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    check_file("acme.lua", "return { plugins = { { './bad.lua' } } }");
    check_file("bad.lua", "error('no')");
    CHECK_OK(make(&client,
                  POLICY("accounts = { '1-1', '2-1' }, tenants = { acme = { script = 'acme.lua', "
                         "accounts = { '1-*' }, plugins = { ['./bad.lua'] = {} } } }"),
                  NULL));
    CHECK_STATUS(thingspace_policy_check(client, &text, NULL), THINGSPACE_POLICY);
    cleanup_json json *document = parse(text);
    CHECK_MADE(document);
    CHECK_INT(json_count(json_get(document, "errors")), 2);
    const json *broken = json_first(json_get(document, "errors"));
    CHECK(strstr(json_get_string(broken, "message"), "tenant acme: ") ==
          json_get_string(broken, "message"));
    CHECK_STATUS(thingspace_policy_eval(client, &decision, "1-1", &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "tenant acme: ") == error.message);
    CHECK(strstr(error.message, "bad.lua:1: no") != NULL);
    CHECK_TEXT(error.tenant, "acme");
    CHECK_OK(thingspace_policy_eval(client, &decision, "2-1", &error));
}

#define LISTENERS(url, more)                                                                       \
    "listeners = function(account) return { CarrierService = { url = 'https://" url                \
    "/' .. account " more "} } end"

static thingspace_status compare(char **out, const char *before, const char *after,
                                 thingspace_error *error)
{
    cleanup_client thingspace_client *old = NULL, *client = NULL;
    *out = NULL;
    thingspace_status status = make(&old, before, error);
    if (status == THINGSPACE_OK)
        status = make(&client, after, error);
    return status == THINGSPACE_OK ? thingspace_policy_diff(old, client, out, error) : status;
}

#define NO_TENANTS ",\"tenants\":{\"added\":[],\"removed\":[],\"changed\":[]}}"
#define NO_PLUGINS                                                                                 \
    ",\"plugins\":{\"added\":[],\"removed\":[],\"changed\":[],\"order\":[]}" NO_TENANTS

static void diff_tells_what_changes(void)
{
    cleanup_api_text char *text = NULL;
    CHECK_OK(compare(&text,
                     POLICY("accounts = { 'a', 'b', 'c' }, " LISTENERS(
                         "h.example.com", ", password = thingspace.secret.credential('one') ")),
                     POLICY("accounts = { 'b', { account = 'c', credential = 'acme', timeout_ms = "
                            "7 }, 'd' }, listeners = function(account) if account == 'c' then "
                            "return { NiddService = { url = 'https://n.example.com/' } } end "
                            "return { CarrierService = { url = 'https://h.example.com/b', password "
                            "= thingspace.secret.credential('two') } } end"),
                     NULL));
    cleanup_json json *document = parse(text);
    CHECK_MADE(document);
    CHECK_INT(json_count(json_get(document, "errors")), 0);
    const char *expected =
        "{\"added\":[\"d\"],\"removed\":[\"a\"],\"changed\":["
        "{\"accountName\":\"b\",\"fields\":[{\"name\":\"listeners.CarrierService.password\","
        "\"from\":\"credential one\",\"to\":\"credential two\"}]},"
        "{\"accountName\":\"c\",\"fields\":["
        "{\"name\":\"credential\",\"from\":\"environment\",\"to\":\"acme\"},"
        "{\"name\":\"timeout_ms\",\"from\":30000,\"to\":7},"
        "{\"name\":\"listeners.CarrierService.url\",\"from\":\"https://h.example.com/c\",\"to\":"
        "null},"
        "{\"name\":\"listeners.CarrierService.password\",\"from\":\"credential one\",\"to\":null},"
        "{\"name\":\"listeners.NiddService.url\",\"from\":null,\"to\":\"https://n.example.com/\"}"
        "]}],\"errors\":[]" NO_PLUGINS;
    CHECK_TEXT(text, expected);
}

static void diff_tells_another_token_and_other_checks(void)
{
    cleanup_api_text char *text = NULL;
    CHECK_OK(
        compare(&text,
                POLICY("accounts = { 'a' }, " LISTENERS(
                    "h.example.com", ", token = thingspace.secret.credential('one') ")),
                POLICY("accounts = { { account = 'a', checks = { port = 'ignore' } } }, " LISTENERS(
                    "h.example.com", ", token = thingspace.secret.credential('two') ")),
                NULL));
    CHECK_TEXT(text, "{\"added\":[],\"removed\":[],\"changed\":[{\"accountName\":\"a\",\"fields\":["
                     "{\"name\":\"checks\",\"from\":{},\"to\":{\"port\":\"ignore\"}},"
                     "{\"name\":\"listeners.CarrierService.token\",\"from\":\"credential one\","
                     "\"to\":\"credential two\"}]}],\"errors\":[]" NO_PLUGINS);
}

static void diff_tells_another_username_and_where_a_password_stays(void)
{
    cleanup_api_text char *text = NULL;
    CHECK_OK(compare(
        &text,
        POLICY("accounts = { 'a' }, " LISTENERS("h.example.com",
                                                ", username = 'one', password = "
                                                "thingspace.secret.credential('one') ")),
        POLICY("accounts = { 'a' }, " LISTENERS(
            "h.example.com", ", username = 'two', password = thingspace.secret.registered ")),
        NULL));
    CHECK_TEXT(text,
               "{\"added\":[],\"removed\":[],\"changed\":[{\"accountName\":\"a\",\"fields\":["
               "{\"name\":\"listeners.CarrierService.username\",\"from\":\"one\",\"to\":"
               "\"two\"},{\"name\":\"listeners.CarrierService.password\",\"from\":"
               "\"credential one\",\"to\":\"what is registered\"}]}],\"errors\":[]" NO_PLUGINS);
}

static void diff_tells_another_api(void)
{
    cleanup_api_text char *text = NULL;
    CHECK_OK(compare(&text,
                     POLICY("accounts = { 'a' }, listeners = function() return { Fota = { url = "
                            "'https://h.example.com/1', api = 'software-v1' } } end"),
                     POLICY("accounts = { 'a' }, listeners = function() return { Fota = { url = "
                            "'https://h.example.com/1', api = 'software-v2' } } end"),
                     NULL));
    CHECK_TEXT(text, "{\"added\":[],\"removed\":[],\"changed\":[{\"accountName\":\"a\",\"fields\":["
                     "{\"name\":\"listeners.Fota.api\",\"from\":\"software-v1\",\"to\":"
                     "\"software-v2\"}]}],\"errors\":[]" NO_PLUGINS);
}

static void eval_tells_the_checks_that_were_given(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_client thingspace_client *client = NULL;
    cleanup_api_text char *text = NULL;
    CHECK_OK(make(&client,
                  POLICY("checks = { port = 'refuse', length = 'warn' },"
                         " accounts = { { account = 'a', checks = { port = 'ignore' } } }"),
                  &error));
    CHECK_OK(thingspace_policy_eval(client, &text, "a", &error));
    CHECK(strstr(text, "\"checks\":{\"port\":\"ignore\",\"length\":\"warn\"}") != NULL);
}

#define FOTA "listeners = function() return { Fota = "

static void diff_tells_apis_that_share_a_service_apart(void)
{
    cleanup_api_text char *text = NULL;
    CHECK_OK(compare(&text,
                     POLICY("accounts = { 'a' }, " FOTA
                            "{ { url = 'https://h.example.com/1', api = 'software-v1' },"
                            "  { url = 'https://h.example.com/2', api = 'software-v2' } } } end"),
                     POLICY("accounts = { 'a' }, " FOTA
                            "{ { url = 'https://h.example.com/1', api = 'software-v1' },"
                            "  { url = 'https://h.example.com/3', api = 'software-v2' } } } end"),
                     NULL));
    CHECK_TEXT(text, "{\"added\":[],\"removed\":[],\"changed\":[{\"accountName\":\"a\","
                     "\"fields\":[{\"name\":\"listeners.Fota (software-v2).url\","
                     "\"from\":\"https://h.example.com/2\",\"to\":\"https://h.example.com/3\"}]"
                     "}],\"errors\":[]" NO_PLUGINS);
}

static void equal_policies_differ_in_nothing(void)
{
    cleanup_api_text char *text = NULL;
    CHECK_OK(compare(&text, POLICY("accounts = { 'a' }"), POLICY("accounts = { 'a' }"), NULL));
    CHECK_TEXT(text, "{\"added\":[],\"removed\":[],\"changed\":[],\"errors\":[]" NO_PLUGINS);
}

static void diff_goes_on_past_an_account_that_fails(void)
{
    cleanup_api_text char *text = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(compare(&text, POLICY("accounts = { 'a', 'b' }"),
                         POLICY("accounts = { 'a', 'b' }, resolve = function(account) if account "
                                "== 'a' then error('no') end return { credential = 'acme' } end"),
                         &error),
                 THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "a policy fails for 1 of the accounts");
    cleanup_json json *document = parse(text);
    CHECK_MADE(document);
    const json *failure = json_first(json_get(document, "errors"));
    CHECK_TEXT(json_get_string(failure, "policy"), "new");
    CHECK_TEXT(json_get_string(failure, "accountName"), "a");
    CHECK_TEXT(json_get_string(failure, "message"), "p.lua:1: resolve(a): no");
    CHECK_INT(json_count(json_get(document, "changed")), 1);
}

static void an_account_that_goes_to_a_tenant_differs(void)
{
    cleanup_api_text char *text = NULL;
    check_file("acme.lua", "return {}");
    CHECK_OK(
        compare(&text, POLICY("accounts = { '1-1' }"), POLICY("accounts = { '1-1' }," ACME), NULL));
    CHECK(strstr(text, "{\"name\":\"tenant\",\"from\":null,\"to\":\"acme\"}") != NULL);
    CHECK(strstr(text, "{\"name\":\"script\",\"from\":\"p.lua\"") != NULL);
}

static void another_place_of_an_endpoint_differs(void)
{
    cleanup_api_text char *text = NULL;
    CHECK_OK(compare(&text,
                     POLICY("accounts = { { account = 'a', endpoint = 'lab' } }, "
                            "endpoints = { lab = { url = 'https://one.example.com' } }"),
                     POLICY("accounts = { { account = 'a', endpoint = 'lab' } }, "
                            "endpoints = { lab = { private = true, "
                            "token = 'https://two.example.com/t/token', "
                            "api = 'https://one.example.com/api/m2m/v1', window = 3 } }"),
                     NULL));
    CHECK(strstr(text, "endpoint.api") == NULL);
    CHECK(strstr(text, "{\"name\":\"endpoint.token\",\"from\":\"https://one.example.com/api/ts/"
                       "v1/oauth2/token\",\"to\":\"https://two.example.com/t/token\"}") != NULL);
    CHECK(strstr(text, "{\"name\":\"endpoint.private\",\"from\":false,\"to\":true}") != NULL);
    CHECK(strstr(text, "{\"name\":\"endpoint.window\",\"from\":null,\"to\":3}") != NULL);
}

/* Two plugins; `one` takes options, whose password nobody may see. */
static void write_plugins(void)
{
    check_file("one.lua", "return { name = 'one', version = '1', api = 1, hooks = {}, options = { "
                          "password = { type = 'string' }, key = { type = 'secret' }, "
                          "host = { type = 'string' } } }");
    check_file("two.lua", "return { name = 'two', version = '1', api = 1, hooks = {} }");
}

static void diff_tells_what_changes_of_plugins(void)
{
    cleanup_api_text char *text = NULL;
    write_plugins();
    CHECK_OK(compare(&text,
                     POLICY("accounts = { 'a' }, plugins = { { './one.lua', options = { password = "
                            "'hunter2', host = 'a', "
                            "key = thingspace.secret.credential('one') } }, { './two.lua' }, "
                            "{ './two.lua', name = 'gone' } }"),
                     POLICY("accounts = { 'a' }, plugins = { { './two.lua' }, { './one.lua', "
                            "on_error = 'skip', options = { "
                            "password = 'hunter3', host = 'b', "
                            "key = thingspace.secret.credential('two') } }, "
                            "{ './two.lua', name = 'fresh' } }"),
                     NULL));
    CHECK_TEXT(text,
               "{\"added\":[],\"removed\":[],\"changed\":[],\"errors\":[],\"plugins\":{"
               "\"added\":[{\"instance\":\"fresh\",\"plugin\":\"two\"}],"
               "\"removed\":[{\"instance\":\"gone\",\"plugin\":\"two\"}],"
               "\"changed\":[{\"instance\":\"one\",\"plugin\":\"one\",\"fields\":["
               "{\"name\":\"on_error\",\"from\":\"fail\",\"to\":\"skip\"},"
               "{\"name\":\"options.host\",\"from\":\"a\",\"to\":\"b\"},"
               "{\"name\":\"options.password\",\"from\":\"***\",\"to\":\"***\"},"
               "{\"name\":\"options.key\",\"from\":\"credential one\",\"to\":\"credential two\"}"
               "]}],\"order\":[{\"from\":[\"one\",\"two\"],\"to\":[\"two\",\"one\"]}]}" NO_TENANTS);
}

static void diff_tells_of_a_tenants_plugins(void)
{
    static const char policy[] =
        POLICY("accounts = { '1-1' }, tenants = { acme = { script = 'acme.lua', accounts = { "
               "'1-*' }, endpoints = { 'production' }, credentials = { 'acme' }, "
               "plugins = { ['./two.lua'] = {} } } }");
    cleanup_client thingspace_client *old = NULL, *client = NULL;
    cleanup_api_text char *text = NULL;
    write_plugins();
    check_file("acme.lua", "return { plugins = { { './two.lua' } } }");
    CHECK_OK(make(&old, policy, NULL));
    check_file("acme.lua", "return { plugins = { { './two.lua', priority = 7 } } }");
    CHECK_OK(make(&client, policy, NULL));
    CHECK_OK(thingspace_policy_diff(old, client, &text, NULL));
    CHECK(strstr(text, "{\"instance\":\"two\",\"tenant\":\"acme\",\"plugin\":\"two\",\"fields\":["
                       "{\"name\":\"priority\",\"from\":5000,\"to\":7}]}") != NULL);
}

#define ROW(members)                                                                               \
    POLICY("accounts = { '2-1' }, tenants = { acme = { script = 'acme.lua', " members " } }")

static void diff_tells_what_a_tenants_row_grants_besides(void)
{
    cleanup_api_text char *text = NULL;
    check_file("acme.lua", "return {}");
    CHECK_OK(compare(
        &text,
        ROW("accounts = { '1-*' }, endpoints = { 'production' }, credentials = { 'acme' }, "
            "urls = { 'https://b.example.com/*', 'https://a.example.com/*' }, "
            "secrets = { hook = thingspace.secret.credential('one') }, "
            "plugins = { tag = {} }, limits = { deadline_ms = 10 }"),
        ROW("accounts = { '1-*', '3-*' }, endpoints = { 'production', 'environment' }, "
            "credentials = { 'environment' }, "
            "urls = { 'https://a.example.com/*', 'https://*.example.com/*' }, "
            "secrets = { hook = thingspace.secret.credential('two') }, "
            "plugins = { tag = { 'request.headers:write' } }, limits = { deadline_ms = 20 }"),
        NULL));
    CHECK_TEXT(
        strstr(text, ",\"tenants\""),
        ",\"tenants\":{\"added\":[],\"removed\":[],\"changed\":[{\"name\":\"acme\",\"fields\":["
        "{\"name\":\"accounts\",\"from\":[\"1-*\"],\"to\":[\"1-*\",\"3-*\"]},"
        "{\"name\":\"endpoints\",\"from\":[\"production\"],\"to\":[\"environment\",\"production\"]}"
        ","
        "{\"name\":\"credentials\",\"from\":[\"acme\"],\"to\":[\"environment\"]},"
        "{\"name\":\"urls\",\"from\":[\"https://a.example.com/*\",\"https://b.example.com/*\"],"
        "\"to\":[\"https://*.example.com/*\",\"https://a.example.com/*\"]},"
        "{\"name\":\"secrets.hook\",\"from\":\"credential one\",\"to\":\"credential two\"},"
        "{\"name\":\"plugins.tag\",\"from\":[],\"to\":[\"request.headers:write\"]},"
        "{\"name\":\"limits.deadline_ms\",\"from\":10,\"to\":20}]}]}}");
}

/* A list in another order is the same. */
static void diff_tells_new_and_gone_tenants_and_what_the_policy_owns(void)
{
    cleanup_api_text char *text = NULL;
    check_file("acme.lua", "return {}");
    CHECK_OK(compare(&text,
                     ROW("accounts = { '1-*' } }, gone = { script = 'acme.lua', accounts = { '4-*' "
                         "} }, same = { script = 'acme.lua', accounts = { '5-*', '6-*' }"),
                     "return { name = 'p', accounts = { '2-1' }, owns = { "
                     "'https://h.example.com/*' }, tenants = { acme = { script = 'acme.lua', "
                     "accounts = { '1-*' } }, same = { script = 'acme.lua', accounts = { '6-*', "
                     "'5-*' } }, fresh = { script = 'acme.lua', accounts = { '4-*' } } } }",
                     NULL));
    CHECK_TEXT(strstr(text, ",\"tenants\""),
               ",\"tenants\":{\"added\":[\"fresh\"],\"removed\":[\"gone\"],\"changed\":[]},"
               "\"owns\":{\"from\":[],\"to\":[\"https://h.example.com/*\"]}}");
}

static void what_a_tenants_row_gives_for_nothing_is_told(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_api_text char *text = NULL;
    write_plugins();
    check_file("acme.lua", "return { plugins = { { './two.lua' } } }");
    CHECK_OK(make(&client,
                  POLICY("accounts = { '1-1', '1-2', '2-1' }, tenants = { acme = { script = "
                         "'acme.lua', accounts = { '1-*', '2-.*' }, endpoints = { 'production' }, "
                         "credentials = { 'acme' }, plugins = { ['./two.lua'] = {}, "
                         "['./one.lua'] = {}, headrs = {} } } }"),
                  NULL));
    CHECK_OK(thingspace_policy_check(client, &text, NULL));
    CHECK(strstr(text, "/acme.lua\",\"accounts\":2}]") != NULL);
    CHECK(strstr(text, "{\"tenant\":\"acme\",\"message\":\"accounts: '2-.*' matches no declared "
                       "account; it is a glob, ") != NULL);
    CHECK(strstr(text, "{\"tenant\":\"acme\",\"message\":\"plugins: plugin 'headrs' was not found "
                       "as headrs.lua") != NULL);
    CHECK(strstr(text, "\"message\":\"plugins: './one.lua' is granted, and its script has no row "
                       "for it\"}") != NULL);
    CHECK(strstr(text, "'./two.lua'") == NULL);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_decision_says_whose_script_it_is),
    CHECK_CASE_ONCE(a_broken_tenant_is_one_error_and_one_for_each_account),
    CHECK_CASE_ONCE(a_rest_that_the_check_caused_tells_nothing),
    CHECK_CASE_ONCE(a_broken_tenant_without_accounts_is_an_error_too),
    CHECK_CASE_ONCE(a_plugin_that_does_not_load_breaks_its_tenant),
    CHECK_CASE(diff_tells_what_changes),
    CHECK_CASE(diff_tells_another_token_and_other_checks),
    CHECK_CASE(diff_tells_another_username_and_where_a_password_stays),
    CHECK_CASE(diff_tells_another_api),
    CHECK_CASE(eval_tells_the_checks_that_were_given),
    CHECK_CASE(diff_tells_apis_that_share_a_service_apart),
    CHECK_CASE(equal_policies_differ_in_nothing),
    CHECK_CASE(diff_goes_on_past_an_account_that_fails),
    CHECK_CASE_ONCE(an_account_that_goes_to_a_tenant_differs),
    CHECK_CASE(another_place_of_an_endpoint_differs),
    CHECK_CASE(diff_tells_what_changes_of_plugins),
    CHECK_CASE_ONCE(diff_tells_of_a_tenants_plugins),
    CHECK_CASE(diff_tells_what_a_tenants_row_grants_besides),
    CHECK_CASE_ONCE(diff_tells_new_and_gone_tenants_and_what_the_policy_owns),
    CHECK_CASE(what_a_tenants_row_gives_for_nothing_is_told),
};

CHECK_MAIN(cases)
