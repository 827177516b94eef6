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

static const check_case cases[] = {
    CHECK_CASE(every_variant_of_a_name_is_found_the_documented_one_first),
};
CHECK_MAIN(cases)
