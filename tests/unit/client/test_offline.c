/* SPDX-License-Identifier: MIT */
/* What a client does without a network: dry runs and policies, also while allocations fail. */
#include <config.h>
#include <stdlib.h>
#include "base/json.h"
#include "check.h"
#include "service.h"

static const char policy_text[] =
    "return { name = 'test', accounts = { 'TestAccount-2', { account = '0000123456-00001', team = "
    "'blue' } },\n"
    "  resolve = function(account, row) return { timeout_ms = 1234, tags = { team = row and "
    "row.team } } end,\n"
    "  listeners = function(account) return { CarrierService = { url = 'http://10.0.0.1:1234/' .. "
    "account, username = account } } end }";

typedef struct text_holder {
    char *text;
} text_holder;

static void release_text(text_holder *holder)
{
    thingspace_text_free(holder->text);
}

#define cleanup_text_holder __attribute__((cleanup(release_text))) text_holder

static thingspace_status make_client(thingspace_client **out, const char *text)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    setenv("THINGSPACE_URL", "http://127.0.0.1:9", 1);
    setenv("THINGSPACE_KEY", "k", 1);
    unsetenv("THINGSPACE_POLICY");
    options.policy_text = text;
    return thingspace_client_new(out, &options, NULL);
}

static void a_dry_run_shows_the_request_redacted(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_result thingspace_result *result = NULL;
    cleanup_json json *preview = NULL;
    CHECK_OK(make_client(&client, NULL));
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_REGISTER;
    request.flags = THINGSPACE_DRY_RUN;
    request.account = "TestAccount-2";
    request.service = "CarrierService";
    request.url = "https://hooks.example.com/cb";
    request.username = "u";
    CHECK_OK(thingspace_perform(client, &result, &request, NULL));
    const char *text = thingspace_result_preview(result);
    CHECK_OK(json_parse(&preview, text, strlen(text), NULL));
    CHECK_TEXT(json_get_string(preview, "method"), "POST");
    CHECK_TEXT(json_get_string(preview, "url"),
               "http://127.0.0.1:9/api/m2m/v1/callbacks/TestAccount-2");
    const json *headers = json_get(preview, "headers");
    CHECK_TEXT(json_get_string(headers, "Authorization"), "Bearer ***");
    CHECK_TEXT(json_get_string(headers, "VZ-M2M-Token"), "***");
    CHECK_TEXT(json_get_string(headers, "Content-Type"), "application/json");
    CHECK_TEXT(json_get_string(json_get(preview, "body"), "username"), "u");
    CHECK_INT(json_type_of(json_get(preview, "hooks")), JSON_ARRAY);
}

static void a_policy_is_evaluated_for_one_account(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_text_holder out = {NULL};
    cleanup_json json *eval = NULL;
    CHECK_OK(make_client(&client, policy_text));
    CHECK_OK(thingspace_policy_eval(client, &out.text, "0000123456-00001", NULL));
    CHECK_OK(json_parse(&eval, out.text, strlen(out.text), NULL));
    long long timeout = 0;
    CHECK_TEXT(json_get_string(eval, "accountName"), "0000123456-00001");
    CHECK_TEXT(json_get_string(eval, "credential"), "environment");
    CHECK(json_integer(json_get(eval, "timeout_ms"), &timeout));
    CHECK_INT(timeout, 1234);
    CHECK_TEXT(json_get_string(json_get(eval, "tags"), "team"), "blue");
    CHECK_INT(json_count(json_get(eval, "listeners")), 1);
}

static void a_policy_is_checked_for_all_accounts(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_text_holder out = {NULL};
    cleanup_json json *report = NULL;
    CHECK_OK(make_client(&client, policy_text));
    CHECK_OK(thingspace_policy_check(client, &out.text, NULL));
    CHECK_OK(json_parse(&report, out.text, strlen(out.text), NULL));
    CHECK_INT(json_count(json_get(report, "decisions")), 2);
    CHECK_INT(json_count(json_get(report, "errors")), 0);
    /* port, private host and plain http, for each of two listeners */
    CHECK_INT(json_count(json_get(report, "warnings")), 6);
}

static void a_policy_that_fails_for_one_account_names_it(void)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_text_holder out = {NULL};
    cleanup_json json *report = NULL;
    CHECK_OK(make_client(&client, "return { name = 'x', accounts = { 'a', 'b' },\n"
                                  "resolve = function(account)\n"
                                  "  if account == 'b' then error('no luck') end\n"
                                  "end }"));
    CHECK_STATUS(thingspace_policy_check(client, &out.text, NULL), THINGSPACE_POLICY);
    CHECK_OK(json_parse(&report, out.text, strlen(out.text), NULL));
    CHECK_INT(json_count(json_get(report, "decisions")), 1);
    const json *error = json_first(json_get(report, "errors"));
    CHECK_TEXT(json_get_string(error, "accountName"), "b");
    CHECK(strstr(json_get_string(error, "message"), "no luck") != NULL);
    long long line = 0;
    CHECK(json_integer(json_get(error, "line"), &line));
    CHECK_INT(line, 3);
}

static void a_broken_policy_makes_no_client(void)
{
    cleanup_client thingspace_client *client = NULL;
    CHECK_STATUS(make_client(&client, "return {"), THINGSPACE_POLICY);
    CHECK_STATUS(make_client(&client, "return 7"), THINGSPACE_POLICY);
    CHECK_STATUS(make_client(&client, "while true do end"), THINGSPACE_POLICY);
    CHECK(client == NULL);
}

static const check_case cases[] = {
    CHECK_CASE(a_dry_run_shows_the_request_redacted),
    CHECK_CASE(a_policy_is_evaluated_for_one_account),
    CHECK_CASE(a_policy_is_checked_for_all_accounts),
    CHECK_CASE(a_policy_that_fails_for_one_account_names_it),
    CHECK_CASE_ONCE(a_broken_policy_makes_no_client),
};

CHECK_MAIN(cases)
