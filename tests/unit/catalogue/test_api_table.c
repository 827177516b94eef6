/* SPDX-License-Identifier: MIT */
/* The table of APIs: no row lacks what the operations need of it, and names are found or guessed.
 */
#include "check.h"
#include "catalogue/api_table.h"

static const api_row *row_at(size_t index)
{
    const api_row *row = NULL;
    (void)api_row_find(&row, thingspace_api_at(index)->name, NULL);
    return row;
}

static void every_row_is_complete(void)
{
    for (size_t i = 0; i < thingspace_api_count(); i++) {
        const api_row *row = row_at(i);
        CHECK(row->info.name[0] && strncmp(row->info.path, "/api/", 5) == 0);
        CHECK(row->info.path[strlen(row->info.path) - 1] != '/');
        CHECK(row->url_member != NULL);
        CHECK(strcmp(row->update_method, "POST") == 0 || strcmp(row->update_method, "PUT") == 0);
        CHECK(row->registered != API_REPLY_SUCCESS && row->removed != API_REPLY_LIST);
    }
}

/* Otherwise two accounts, or two services, would be one on the wire. */
static void every_row_says_where_account_and_service_are(void)
{
    for (size_t i = 0; i < thingspace_api_count(); i++) {
        const api_row *row = row_at(i);
        CHECK(row->account_in_path != (row->account_query != NULL));
        CHECK(!row->account_member || !row->account_in_path);
        CHECK(!row->service_in_path || row->account_in_path);
        bool names_service = row->service_in_path || row->service_query;
        CHECK(names_service == (row->service_member != NULL));
        CHECK(!(row->service_in_path && row->service_query));
        CHECK(row->service_member || (row->info.services[0] && !row->info.services[1]));
        CHECK(row->info.services[0] || api_row_is_default(row));
    }
}

static void no_two_rows_have_a_name_or_a_path_in_common(void)
{
    for (size_t i = 0; i < thingspace_api_count(); i++)
        for (size_t k = 0; k < i; k++) {
            CHECK(strcmp(thingspace_api_at(i)->name, thingspace_api_at(k)->name) != 0);
            CHECK(strcmp(thingspace_api_at(i)->path, thingspace_api_at(k)->path) != 0);
        }
    CHECK_INT(thingspace_api_count(), 7);
    CHECK(thingspace_api_at(7) == NULL);
}

static void no_name_is_connectivity(void)
{
    const api_row *row;
    CHECK_OK(api_row_find(&row, NULL, NULL));
    CHECK(api_row_is_default(row));
    CHECK_TEXT(row->info.name, "connectivity");
    CHECK(api_row_name(row) == NULL && api_row_is(row, NULL) && api_row_is(row, "connectivity"));
    CHECK(!api_row_is(row, "location") && !api_row_is(row_at(1), NULL));
    CHECK_TEXT(api_row_name(row_at(1)), row_at(1)->info.name);
    CHECK_OK(api_row_find(&row, "connectivity", NULL));
    CHECK(api_row_is_default(row));
    CHECK_OK(api_row_find(&row, "location", NULL));
    CHECK(!api_row_is_default(row));
}

static void an_unknown_name_is_refused_with_the_one_that_was_meant(void)
{
    const api_row *row;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(api_row_find(&row, "locaton", &error), THINGSPACE_USAGE);
    CHECK_TEXT(error.message, "there is no api 'locaton'; did you mean location?");
    CHECK_STATUS(api_row_find(&row, "weather-and-more", &error), THINGSPACE_USAGE);
    for (size_t i = 0; i < thingspace_api_count(); i++)
        CHECK(strstr(error.message, thingspace_api_at(i)->name) != NULL);
    CHECK_STATUS(api_row_find(&row, "", &error), THINGSPACE_USAGE);
    CHECK_STATUS(api_row_find(&row, "Location", &error), THINGSPACE_USAGE);
}

static thingspace_status check_service(const char *api, const char *service)
{
    const api_row *row;
    thingspace_status status = api_row_find(&row, api, NULL);
    return status == THINGSPACE_OK ? api_row_check_service(row, service, NULL) : status;
}

static void a_name_that_the_wire_has_no_place_for_is_refused(void)
{
    CHECK_OK(check_service("software-v2", "Fota"));
    CHECK_STATUS(check_service("software-v2", "CarrierService"), THINGSPACE_USAGE);
    CHECK_STATUS(check_service("software-v3", NULL), THINGSPACE_USAGE);
    CHECK_OK(check_service("software-v1", "CarrierService"));
    CHECK_OK(check_service("location", "SomethingNew"));
    CHECK_STATUS(check_service("location", "a/b"), THINGSPACE_USAGE);
}

static thingspace_status check_credentials(const char *api, const char *username, bool password)
{
    const api_row *row;
    thingspace_status status = api_row_find(&row, api, NULL);
    return status == THINGSPACE_OK ? api_row_check_credentials(row, username, password, NULL)
                                   : status;
}

static void credentials_are_refused_where_they_cannot_be_sent(void)
{
    CHECK_OK(check_credentials(NULL, "acme", true));
    CHECK_OK(check_credentials("software-v1", "acme", true));
    CHECK_OK(check_credentials("location", NULL, false));
    CHECK_OK(check_credentials("location", "", false));
    CHECK_STATUS(check_credentials("location", "acme", false), THINGSPACE_USAGE);
    CHECK_STATUS(check_credentials("diagnostics", NULL, true), THINGSPACE_USAGE);
    CHECK_STATUS(check_credentials("software-v3", "acme", false), THINGSPACE_USAGE);
}

static void services_are_known_of_the_api_that_has_them(void)
{
    const api_row *connectivity, *location;
    CHECK_OK(api_row_find(&connectivity, NULL, NULL));
    CHECK_OK(api_row_find(&location, "location", NULL));
    CHECK(api_row_knows_service(connectivity, "CarrierService"));
    CHECK(!api_row_knows_service(connectivity, "Location"));
    CHECK(api_row_knows_service(location, "DeviceLocation"));
    CHECK(!api_row_knows_service(location, "CarrierService"));
}

static const check_case cases[] = {
    CHECK_CASE(every_row_is_complete),
    CHECK_CASE(every_row_says_where_account_and_service_are),
    CHECK_CASE(no_two_rows_have_a_name_or_a_path_in_common),
    CHECK_CASE(no_name_is_connectivity),
    CHECK_CASE(an_unknown_name_is_refused_with_the_one_that_was_meant),
    CHECK_CASE(a_name_that_the_wire_has_no_place_for_is_refused),
    CHECK_CASE(credentials_are_refused_where_they_cannot_be_sent),
    CHECK_CASE(services_are_known_of_the_api_that_has_them),
};
CHECK_MAIN(cases)
