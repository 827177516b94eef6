/* SPDX-License-Identifier: MIT */
/* Which names carry secrets, and what becomes of such members. */
#include "check.h"
#include "base/text.h"
#include "catalogue/sensitive.h"

static void header_fields_are_known_by_name_or_ending(void)
{
    static const struct {
        const char *name;
        bool sensitive;
    } rows[] = {
        {"Set-Cookie", true},
        {"COOKIE", true},
        {"authorization", true},
        {"vz-m2m-token", true},
        {"Proxy-Authorization", true},
        {"X-Api-Key", true},
        {"X-Any-SECRET", true},
        {"X-Hub-Signature", true},
        {"X-Access-Token", true},
        {"Key", false},
        {"Monkey", false},
        {"X-Key-Id", false},
        {"WWW-Authenticate", false},
        {"Content-Type", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK(sensitive_header(rows[i].name) == rows[i].sensitive);
}

static void what_is_secret_by_name_or_kind_is_shown_as_the_mask(void)
{
    CHECK_TEXT(sensitive_shown("X-Api-Key", "k", false), "***");
    CHECK_TEXT(sensitive_shown("Accept", "k", true), "***");
    CHECK_TEXT(sensitive_shown("Accept", "k", false), "k");
    CHECK(!sensitive_shown("X-Api-Key", NULL, true));
}

static void members_become_secrets_at_any_depth(void)
{
    static const char text[] =
        "{\"a\":1,\"PASSWORD\":\"x\",\"b\":[{\"sessionToken\":\"y\",\"c\":{\"signingKey\":\"z\"}}],"
        "\"password\":\"\",\"access_token\":7,\"client_secret\":\"v\",\"refresh_token\":\"w\"}";
    cleanup_json json *tree = NULL;
    cleanup_text char *shown = NULL;
    CHECK_OK(json_parse(&tree, text, sizeof(text) - 1, NULL));
    CHECK_OK(sensitive_mark(tree));
    CHECK(secret_equal_text(json_secret(json_get(tree, "PASSWORD")), "x"));
    CHECK_OK(json_write_text(&shown, tree));
    CHECK_TEXT(shown, "{\"a\":1,\"PASSWORD\":\"***\",\"b\":[{\"sessionToken\":\"***\","
                      "\"c\":{\"signingKey\":\"***\"}}],\"password\":\"\",\"access_token\":7,"
                      "\"client_secret\":\"***\",\"refresh_token\":\"***\"}");
    CHECK_OK(sensitive_mark(NULL));
}

static void all_strings_in_a_list_or_an_object_that_is_a_secret_are_secrets(void)
{
    static const char text[] = "{\"sessionToken\":[\"x\",7,[\"y\"],\"\"],"
                               "\"password\":{\"value\":\"z\",\"of\":null},\"a\":[\"b\"]}";
    cleanup_json json *tree = NULL;
    cleanup_text char *shown = NULL;
    CHECK_OK(json_parse(&tree, text, sizeof(text) - 1, NULL));
    CHECK_OK(sensitive_mark(tree));
    CHECK_OK(json_write_text(&shown, tree));
    CHECK_TEXT(shown, "{\"sessionToken\":[\"***\",7,[\"***\"],\"\"],"
                      "\"password\":{\"value\":\"***\",\"of\":null},\"a\":[\"b\"]}");
    CHECK_OK(sensitive_check(tree, NULL));
    thingspace_secret *secret = json_secret(json_first(json_get(tree, "sessionToken")));
    CHECK_OK(json_append((json *)json_get(tree, "a"), json_new_secret(secret)));
    CHECK_STATUS(sensitive_check(tree, NULL), THINGSPACE_PLUGIN);
}

static void parameters_are_secret_by_either_list(void)
{
    CHECK(sensitive_parameter("access_token"));
    CHECK(sensitive_parameter("Password"));
    CHECK(sensitive_parameter("x-api-key"));
    CHECK(!sensitive_parameter("accountName"));
}

static const check_case cases[] = {
    CHECK_CASE(header_fields_are_known_by_name_or_ending),
    CHECK_CASE(what_is_secret_by_name_or_kind_is_shown_as_the_mask),
    CHECK_CASE(members_become_secrets_at_any_depth),
    CHECK_CASE(all_strings_in_a_list_or_an_object_that_is_a_secret_are_secrets),
    CHECK_CASE(parameters_are_secret_by_either_list),
};
CHECK_MAIN(cases)
