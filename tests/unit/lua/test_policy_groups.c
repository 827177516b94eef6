/* SPDX-License-Identifier: MIT */
/* Groups of services, tags in rows, and levels of checks, as policies write them. */
#include <stdio.h>
#include "base/text.h"
#include "policy/groups.h"
#include "policy_fixture.h"

#define HEAD                                                                                       \
    "return { name = 'fleet', accounts = { 'a' },\n"                                               \
    "  groups = { usage = { 'DeviceUsage', 'CarrierService' }, other = { 'DeviceUsage' },\n"       \
    "    far = { 'Location' } },\n"
#define URL "url = 'https://hooks.example.com/{service}'"

/* "SERVICE URL-PATH;..." of account `a`. */
static thingspace_status list(char *out, size_t size, const char *answer, thingspace_error *error)
{
    cleanup_policy policy *loaded = NULL;
    cleanup_desired_listeners desired_listeners found = {0};
    cleanup_text char *text = text_format(HEAD "listeners = function() return %s end }", answer);
    size_t used = 0;
    *out = '\0';
    if (!text)
        return THINGSPACE_MEMORY;
    thingspace_status status = fixture_load(&loaded, text, error);
    if (status == THINGSPACE_OK)
        status = policy_listeners(loaded, &found, "a", error);
    for (size_t i = 0; i < found.count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s;", strrchr(found.items[i].url, '/'));
    return status;
}

static void a_group_stands_for_its_services(void)
{
    static const struct {
        const char *answer, *expected;
    } rows[] = {
        {"{ ['@usage'] = { " URL " } }", "/CarrierService;/DeviceUsage;"},
        {"{ ['@usage'] = { " URL " }, NiddService = { " URL " } }",
         "/CarrierService;/DeviceUsage;/NiddService;"},
        {"{ ['@usage'] = { " URL " }, DeviceUsage = { url = 'https://hooks.example.com/own' } }",
         "/CarrierService;/own;"},
        {"{ ['@usage'] = { " URL " }, ['@other'] = { " URL " }, DeviceUsage = { " URL " } }",
         "/CarrierService;/DeviceUsage;"},
        {"{ ['@far'] = { " URL ", api = 'location' } }", "/Location;"},
        {"{ ['@all'] = { " URL ", api = 'location' } }", "/DeviceLocation;/Location;"},
        {"{ ['@all'] = { " URL ", api = 'software-v3' } }", "/Fota;"},
    };
    char seen[1000];
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_OK(list(seen, sizeof(seen), rows[i].answer, &error));
        CHECK_TEXT(seen, rows[i].expected);
    }
    CHECK_OK(list(seen, sizeof(seen), "{ ['@all'] = { " URL " } }", NULL));
    CHECK(strstr(seen, "/CarrierService;") && strstr(seen, "/NiddService;"));
}

static void a_wrong_group_says_which(void)
{
    static const fixture_refusal rows[] = {
        {"{ ['@usge'] = { " URL " } }",
         "@usge: group 'usge' is not declared; did you mean 'usage'?; declared: far, other, usage"},
        {"{ ['@other'] = { " URL " }, ['@usage'] = { " URL " } }",
         "@usage: DeviceUsage is in @other, too: name it by itself, or keep it in one"},
        {"{ ['@usage'] = { " URL ", api = 'software-v3' } }",
         "@usage: DeviceUsage: the software-v3 API has one listener for an account; its "
         "callback service is Fota"},
        {"{ ['@usage'] = 'x' }", "@usage: a listener is a table: { url = \"https://...\" }"},
    };
    char seen[100];
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_STATUS(list(seen, sizeof(seen), rows[i].text, &error), THINGSPACE_POLICY);
        const char *reason = strstr(error.message, "listeners(a): ");
        CHECK(reason != NULL);
        CHECK_TEXT(reason + strlen("listeners(a): "), rows[i].message);
    }
}

#define POLICY(members) "return { name = 'f', accounts = { 'a' }, " members " }"

static void what_is_no_group_or_check_is_refused_at_load(void)
{
    static const fixture_refusal rows[] = {
        {POLICY("groups = { all = { 'X' } }"),
         "p.lua: groups.all: services[1]: group 'all' is built in: take another name"},
        {POLICY("groups = { u = { 'a/b' } }"),
         "p.lua: groups.u: services[1]: the callback service's name has a character that cannot be "
         "sent, at position 2; only letters, digits and . _ - can"},
        {POLICY("groups = { u = { 'X', 'X' } }"),
         "p.lua: groups.u: services[2]: X is there twice: keep one"},
        {POLICY("groups = { u = {} }"),
         "p.lua: groups.u: a group is a list of services: { \"DeviceUsage\", ... }"},
        {POLICY("checks = { prt = 'warn' }"),
         "p.lua: checks: there is no check 'prt'; did you mean 'port'?"},
        {POLICY("checks = { port = true }"),
         "p.lua: checks: port must be \"refuse\", \"warn\" or \"ignore\""},
        {POLICY("checks = { 'port' }"),
         "p.lua: checks must be a table: { port = \"refuse\", [\"plain-http\"] = \"ignore\" }"},
        {"return { name = 'f', accounts = { { account = 'a', tags = 'x=1;x=2' } } }",
         "p.lua: accounts[1]: account a: tags: 'x' is there twice: keep one"},
        {"return { name = 'f', accounts = { { account = 'a', tags = '=1' } } }",
         "p.lua: accounts[1]: account a: tags: a value has no name: write name=value;name=value"},
        {"return { name = 'f', accounts = { { account = 'a', tags = 7 } } }",
         "p.lua: accounts[1]: account a: tags must be a table of named values, or text: "
         "\"name=value;name=value\""},
        {"return { name = 'f', accounts = { { account = 'a', checks = 'port' } } }",
         "p.lua: accounts[1]: account a: checks: port must be \"refuse\", \"warn\" or \"ignore\""},
    };
    CHECK_REFUSED(rows);
}

/* --- tags --- */

static thingspace_status tags_of(char **out, const char *row, const char *more,
                                 thingspace_error *error)
{
    cleanup_policy policy *loaded = NULL;
    cleanup_decision decision decision = {0};
    cleanup_text char *text = text_format(
        "return { name = 'f', accounts = { { account = 'a', tags = %s } }, %s }", row, more);
    *out = NULL;
    if (!text)
        return THINGSPACE_MEMORY;
    thingspace_status status = fixture_load(&loaded, text, error);
    if (status == THINGSPACE_OK)
        status = policy_resolve(loaded, &decision, "a", error);
    if (status == THINGSPACE_OK && decision.tags)
        status = json_write_text(out, decision.tags);
    return status;
}

static void tags_of_a_row_count_where_resolve_answers_none(void)
{
    static const struct {
        const char *row, *more, *expected;
    } rows[] = {
        {"'region=eu;tier=gold'", "", "{\"region\":\"eu\",\"tier\":\"gold\"}"},
        {"' region = eu ;; pilot ; '", "", "{\"region\":\"eu\",\"pilot\":true}"},
        {"{ region = 'eu' }", "", "{\"region\":\"eu\"}"},
        {"'a=b=c'", "", "{\"a\":\"b=c\"}"},
        {"''", "", NULL},
        {"{}", "", "{}"},
        {"'region=eu'", "resolve = function() return { timeout_ms = 7 } end",
         "{\"region\":\"eu\"}"},
        {"'region=eu'", "resolve = function() return { tags = { mine = 1 } } end", "{\"mine\":1}"},
        {"'region=eu'", "resolve = function() return { tags = {} } end", "{}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_text char *tags = NULL;
        CHECK_OK(tags_of(&tags, rows[i].row, rows[i].more, &error));
        CHECK_TEXT(tags, rows[i].expected);
    }
}

static void tags_have_a_maximum(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_text char *tags = NULL;
    CHECK_STATUS(tags_of(&tags, "{ x = ('x'):rep(65536) }", "", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "p.lua: accounts[1]: account a: the tags hold more than 64 KiB");
}

/* --- checks --- */

static void the_nearest_level_of_a_check_holds(void)
{
    static const char text[] =
        "return { name = 'f', checks = { port = 'refuse', length = 'ignore' },\n"
        "  accounts = { 'a', { account = 'b', checks = { port = 'ignore' } },\n"
        "    { account = 'c', checks = 'port=warn; plain-http=refuse' }, { account = 'd' } },\n"
        "  resolve = function(account) if account == 'd' or account == 'c' then\n"
        "    return { checks = { port = 'ignore' } } end end }";
    static const struct {
        const char *account;
        listener_level port, http, length;
    } rows[] = {
        {"a", LISTENER_REFUSE, LISTENER_DEFAULT, LISTENER_IGNORE},
        {"b", LISTENER_IGNORE, LISTENER_DEFAULT, LISTENER_IGNORE},
        {"c", LISTENER_IGNORE, LISTENER_REFUSE, LISTENER_IGNORE},
        {"d", LISTENER_IGNORE, LISTENER_DEFAULT, LISTENER_IGNORE},
    };
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    CHECK_OK(fixture_load(&loaded, text, &error));
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        cleanup_decision decision decision = {0};
        CHECK_OK(policy_resolve(loaded, &decision, rows[i].account, &error));
        CHECK_INT(listener_levels_get(&decision.checks, "port"), rows[i].port);
        CHECK_INT(listener_levels_get(&decision.checks, "plain-http"), rows[i].http);
        CHECK_INT(listener_levels_get(&decision.checks, "length"), rows[i].length);
    }
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_group_stands_for_its_services),
    CHECK_CASE_ONCE(a_wrong_group_says_which),
    CHECK_CASE_ONCE(what_is_no_group_or_check_is_refused_at_load),
    CHECK_CASE_ONCE(tags_of_a_row_count_where_resolve_answers_none),
    CHECK_CASE_ONCE(tags_have_a_maximum),
    CHECK_CASE(the_nearest_level_of_a_check_holds),
};

CHECK_MAIN(cases)
