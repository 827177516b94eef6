/* SPDX-License-Identifier: MIT */
/* Member names that ThingSpace APIs do not agree on. */
#include "check.h"
#include "catalogue/api.h"

typedef struct expectation {
    const char *text;
    const char *account, *service, *url;
} expectation;

static const expectation table[] = {
    {"{\"accountName\":\"1\",\"serviceName\":\"S\",\"url\":\"u\"}", "1", "S", "u"},
    {"{\"aname\":\"1\",\"name\":\"S\",\"url\":\"u\"}", "1", "S", "u"},
    {"{\"account\":\"1\",\"name\":\"S\",\"endpoint\":\"u\"}", "1", "S", "u"},
    {"{\"name\":\"S\",\"serviceName\":\"T\"}", NULL, "T", NULL},
    {"{\"accountName\":7,\"aname\":\"1\"}", "1", NULL, NULL},
    {"{\"ACCOUNTNAME\":\"1\"}", NULL, NULL, NULL},
    {"[]", NULL, NULL, NULL},
};

static void every_variant_of_a_name_is_found_the_documented_one_first(void)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        cleanup_json json *object = NULL;
        CHECK_OK(json_parse(&object, table[i].text, strlen(table[i].text), NULL));
        CHECK_TEXT(api_member(object, API_ACCOUNT), table[i].account);
        CHECK_TEXT(api_member(object, API_SERVICE), table[i].service);
        CHECK_TEXT(api_member(object, API_URL), table[i].url);
    }
}

static const char *const logins[] = {
    "https://example.com/api/m2m/v1/session/login",
    "https://example.com/api/m2m/v1/session/login?x=1",
    "https://example.com/api/m2m/v1//session//login/",
    "https://example.com/api/m2m/v1/SESSION/Login",
    "https://example.com/api/m2m/v1/session/%6cogin",
    "https://example.com/api/m2m/v1/session/%6Cogin",
    "https://example.com/api/m2m/v1/session%2flogin",
    "https://example.com/api/m2m/v1/session%5Clogin",
    "https://example.com/api/m2m/v1/session;a=b/login;c",
    "https://example.com/api/m2m/v1/session/./login",
    "https://example.com/api/m2m/v1/session/x/../login",
};

static const char *const others[] = {
    "https://example.com/api/m2m/v1/session/logout",
    "https://example.com/api/m2m/v1/session/login-much-longer-than-it",
    "https://example.com/api/m2m/v1/sessions/login",
    "https://example.com/api/m2m/v1/callbacks/login",
    "https://example.com/api/m2m/v1/x?y=/session/login",
    "https://example.com/api/m2m/v1/session/%",
    "https://example.com/api/m2m/v1/session/%6",
    "",
};

static void the_login_is_known_however_its_path_is_written(void)
{
    for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++)
        CHECK_TEXT(api_is_login(logins[i]) ? logins[i] : "not known", logins[i]);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        CHECK_TEXT(api_is_login(others[i]) ? "taken for it" : others[i], others[i]);
}

static const check_case cases[] = {
    CHECK_CASE(every_variant_of_a_name_is_found_the_documented_one_first),
    CHECK_CASE(the_login_is_known_however_its_path_is_written),
};
CHECK_MAIN(cases)
