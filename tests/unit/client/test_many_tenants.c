/* SPDX-License-Identifier: MIT */
/*
 * Two hundred tenants of whom ten attack, each in another way: what the others' scripts decide is
 * what they decide without them, their calls succeed, and each attacker fails for itself. The
 * attackers' scripts are left out of the policy by a setting.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <thingspace/policy.h>
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "check.h"
#include "service.h"

#define TENANTS  200
#define EACH     20 /* every twentieth attacks */
#define HOSTILES (TENANTS / EACH)

static const char operators[] =
    "local tenants, accounts = {}, {}\n"
    "for i = 1, 200 do\n"
    "  local name = ('t%03d'):format(i)\n"
    "  if thingspace.settings.attack == 'yes' or i % 20 ~= 0 then\n"
    "    tenants[name] = { script = name .. '.lua', accounts = { name .. '-*' },\n"
    "      endpoints = { 'environment' }, credentials = { 'environment' },\n"
    "      urls = { 'https://' .. name .. '.example.com/*' },\n"
    "      plugins = { headers = { 'request.headers:write' } } }\n"
    "    accounts[#accounts + 1] = name .. '-1'\n"
    "  end\n"
    "end\n"
    "return { name = 'many', accounts = accounts, tenants = tenants }\n";

/* With the tenant's name, twice. */
static const char good[] = "local function url(a) return 'https://%s.example.com/' .. a end\n"
                           "return {\n"
                           "  resolve = function(account, row)\n"
                           "    return { timeout_ms = 5000 + #account, tags = { of = '%s' } }\n"
                           "  end,\n"
                           "  listeners = function(account)\n"
                           "    return { CarrierService = { url = url(account) } }\n"
                           "  end,\n"
                           "}\n";

static const struct {
    const char *script;
    const char *failure; /* of its account's decision or listeners */
} attacks[HOSTILES] = {
    {"while true do pcall(function() while true do end end) end", ": load ran "},
    {"return { resolve = function() while true do end end }", ": the script ran "},
    {"return { resolve = function() local t = { 'x' } while true do"
     " t[#t + 1] = t[#t] .. t[#t] end end }",
     "the script ran "},
    {"local function deep(n) return 1 + deep(n + 1) end"
     " return { listeners = function() return deep(1) end }",
     "the script ran "},
    {"return { resolve = function()"
     " error(setmetatable({}, { __tostring = function() while true do end end })) end }",
     "the error value is a table, not a text"},
    {"return { accounts = { 't001-1' } }", "account t001-1 is not granted"},
    {"return { listeners = function() return"
     " { CarrierService = { url = 'https://t001.example.com/.t140.example.com/' } } end }",
     "is not granted"},
    {"return { resolve = function() return { endpoint = 'production' } end }",
     "endpoint 'production' is not granted"},
    {"local lying = { __index = function() return 'production' end, __len = function() return"
     " 1e9 end, __pairs = function() while true do end end }"
     " return { resolve = function()"
     " return setmetatable({ endpoint = setmetatable({}, lying) }, lying) end }",
     "endpoint must be text, not a table"},
    {"return { plugins = { { 'headers', grant = { 'request.headers:write', 'request:reply' } } } }",
     "capability 'request:reply' is not granted"},
};

static bool attacks_here(int i)
{
    return i % EACH == 0;
}

static void name_account(char *out, size_t size, int i)
{
    snprintf(out, size, "t%03d-1", i);
}

static void write_scripts(void)
{
    static bool written;
    for (int i = 1; i <= TENANTS && !written; i++) {
        char file[24], name[16], text[600];
        snprintf(name, sizeof(name), "t%03d", i);
        snprintf(file, sizeof(file), "%s.lua", name);
        snprintf(text, sizeof(text), good, name, name);
        check_file(file, attacks_here(i) ? attacks[i / EACH - 1].script : text);
    }
    written = true;
}

static thingspace_status load(service *service, thingspace_client **out, bool attack)
{
    const char *const settings[] = {attack ? "attack=yes" : "attack=no", NULL};
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    write_scripts();
    options.policy_text = operators;
    options.policy_folder = check_folder();
    options.settings = settings;
    return service_client(service, out, &options);
}

static bool says_the_same(thingspace_client *a, thingspace_client *b, const char *account)
{
    char *first = NULL, *second = NULL;
    bool same = thingspace_policy_eval(a, &first, account, NULL) == THINGSPACE_OK &&
                thingspace_policy_eval(b, &second, account, NULL) == THINGSPACE_OK &&
                strcmp(first, second) == 0;
    thingspace_text_free(first);
    thingspace_text_free(second);
    return same;
}

static bool fails_for_itself(thingspace_client *client, int i, const char *account)
{
    char *text = NULL, begin[32];
    thingspace_error error = THINGSPACE_ERROR_INIT;
    snprintf(begin, sizeof(begin), "tenant t%03d: ", i);
    bool good = thingspace_policy_eval(client, &text, account, &error) == THINGSPACE_POLICY &&
                text_starts_with(error.message, begin) && strstr(error.message, begin + 7) &&
                strstr(error.message, attacks[i / EACH - 1].failure);
    thingspace_text_free(text);
    return check_report(good, __FILE__, __LINE__, "%s: %s", account, error.message);
}

static void the_others_decide_what_they_decide_without_them(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *quiet = NULL, *attacked = NULL;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(load(&service, &quiet, false));
    int64_t start = clock_monotonic_ms();
    CHECK_OK(load(&service, &attacked, true));
    int64_t loaded = clock_monotonic_ms();
    for (int i = 1; i <= TENANTS; i++) {
        char account[16];
        name_account(account, sizeof(account), i);
        if (attacks_here(i) && !fails_for_itself(attacked, i, account))
            return;
        if (!attacks_here(i) && !check_report(says_the_same(quiet, attacked, account), __FILE__,
                                              __LINE__, "%s is decided otherwise", account))
            return;
    }
    int64_t end = clock_monotonic_ms();
    printf("# load %lld ms, decisions %lld ms\n", (long long)(loaded - start),
           (long long)(end - loaded));
    CHECK(end - start < 100000);
}

static thingspace_status report(thingspace_client *client, json **out)
{
    char *text = NULL;
    thingspace_status status = thingspace_policy_check(client, &text, NULL);
    if (text && json_parse_own(out, text, strlen(text), NULL) != THINGSPACE_OK)
        status = THINGSPACE_INTERNAL;
    thingspace_text_free(text);
    return status;
}

static void check_counts_the_failures_of_the_attackers_alone(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *attacked = NULL;
    cleanup_json json *document = NULL;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(load(&service, &attacked, true));
    CHECK_STATUS(report(attacked, &document), THINGSPACE_POLICY);
    CHECK_INT(json_count(json_get(document, "decisions")), TENANTS - HOSTILES);
    /* three did not load, which is told once more for each of them */
    CHECK_INT(json_count(json_get(document, "errors")), HOSTILES + 3);
    const json *decision = json_first(json_get(document, "decisions"));
    CHECK_TEXT(json_get_string(decision, "tenant"), "t001");
    CHECK(strstr(json_get_string(decision, "script"), "/t001.lua") != NULL);
}

typedef struct tally {
    unsigned good, refused, other;
} tally;

static void count(thingspace_result *result, void *user)
{
    tally *tally = user;
    thingspace_status status = thingspace_result_status(result);
    if (status == THINGSPACE_OK)
        tally->good++;
    else if (status == THINGSPACE_POLICY)
        tally->refused++;
    else
        tally->other++;
    thingspace_result_free(result);
}

/* The attackers' calls come first and again and again, in the same loop. */
static void their_calls_succeed_while_the_attackers_calls_are_in_flight(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *attacked = NULL;
    tally others = {0}, hostile = {0};
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(load(&service, &attacked, true));
    int64_t start = clock_monotonic_ms();
    for (int round = 0; round < 3; round++)
        for (int i = TENANTS; i >= 1; i--) {
            char account[16], url[64];
            thingspace_request request = THINGSPACE_REQUEST_INIT;
            name_account(account, sizeof(account), i);
            snprintf(url, sizeof(url), "https://t%03d.example.com/%d", attacks_here(i) ? 1 : i,
                     round);
            request.operation = THINGSPACE_REGISTER;
            request.account = account;
            request.service = "CarrierService";
            request.url = url;
            CHECK_OK(thingspace_call_start(attacked, NULL, &request, count,
                                           attacks_here(i) ? &hostile : &others, NULL));
        }
    CHECK_OK(thingspace_client_run(attacked, -1, NULL));
    printf("# calls %lld ms\n", (long long)(clock_monotonic_ms() - start));
    CHECK_INT(others.good, 3 * (TENANTS - HOSTILES));
    CHECK_INT(hostile.refused, 3 * HOSTILES);
    CHECK_INT(others.refused + others.other + hostile.good + hostile.other, 0);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(the_others_decide_what_they_decide_without_them),
    CHECK_CASE_ONCE(check_counts_the_failures_of_the_attackers_alone),
    CHECK_CASE_ONCE(their_calls_succeed_while_the_attackers_calls_are_in_flight),
};

CHECK_MAIN(cases)
