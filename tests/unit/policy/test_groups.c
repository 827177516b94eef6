/* SPDX-License-Identifier: MIT */
/* Groups of services, and rows with tags and checks, without a script. */
#include "base/text.h"
#include "check.h"
#include "policy/groups.h"

static thingspace_status make(policy **out, const char *row_text, thingspace_error *error)
{
    json *row = NULL;
    thingspace_status status = policy_new(out, "fleet", NULL, error);
    if (status == THINGSPACE_OK)
        status = json_parse(&row, row_text, strlen(row_text), error);
    return status == THINGSPACE_OK ? policy_add_account(*out, "a", row, error) : status;
}

static void a_group_has_its_services_in_order(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    const api_row *api;
    CHECK_OK(make(&p, "{}", &error));
    CHECK_OK(api_row_find(&api, NULL, &error));
    CHECK_STATUS(groups_check(p, "@u", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "group 'u' is not declared: add it to groups = { ... }, or use @all");
    CHECK_OK(groups_add(p, "u", "B", &error));
    CHECK_OK(groups_add(p, "u", "A", &error));
    CHECK_STATUS(groups_add(p, "u", "A", &error), THINGSPACE_POLICY);
    CHECK_STATUS(groups_add(p, "all", "A", &error), THINGSPACE_POLICY);
    CHECK_OK(groups_check(p, "@u", &error));
    CHECK_OK(groups_check(p, "@all", &error));
    CHECK_TEXT(groups_service(p, "@u", api, 0), "B");
    CHECK_TEXT(groups_service(p, "@u", api, 1), "A");
    CHECK(groups_service(p, "@u", api, 2) == NULL);
    CHECK(groups_has(p, "@all", api, "CarrierService"));
    CHECK(!groups_has_anywhere(p, "@u", "CarrierService"));
}

static void a_row_with_wrong_tags_or_checks_is_refused(void)
{
    static const struct {
        const char *row, *message;
    } rows[] = {
        {"{\"tags\":\"a=1;a=2\"}", "account a: tags: 'a' is there twice: keep one"},
        {"{\"tags\":\"=1\"}", "account a: tags: a value has no name: write name=value;name=value"},
        {"{\"tags\":[1]}", "account a: tags must be a table of named values, or text: "
                           "\"name=value;name=value\""},
        {"{\"checks\":\"port=off\"}",
         "account a: checks: port must be \"refuse\", \"warn\" or \"ignore\""},
        {"{\"checks\":{\"prt\":\"warn\"}}",
         "account a: checks: there is no check 'prt'; did you mean 'port'?"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_policy policy *p = NULL;
        CHECK_STATUS(make(&p, rows[i].row, &error), THINGSPACE_POLICY);
        CHECK_TEXT(error.message, rows[i].message);
    }
}

static void good_tags_and_checks_are_kept(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    CHECK_OK(make(&p, "{\"tags\":\"a=1; b\",\"checks\":{\"port\":\"ignore\"}}", &error));
    CHECK_INT(policy_account_count(p), 1);
}

static const check_case cases[] = {
    CHECK_CASE(a_group_has_its_services_in_order),
    CHECK_CASE(a_row_with_wrong_tags_or_checks_is_refused),
    CHECK_CASE(good_tags_and_checks_are_kept),
};

CHECK_MAIN(cases)
