/* SPDX-License-Identifier: MIT */
/* The table of callback services: complete, in order, open; and the suggestions. */
#include "check.h"
#include "base/limits.h"
#include "catalogue/service.h"

static void the_original_page_had_thirteen(void)
{
    size_t seed = 0;
    for (size_t i = 0; i < thingspace_service_count(); i++)
        seed += (size_t)thingspace_service_at(i)->seed;
    CHECK_INT(seed, 13);
    CHECK(thingspace_service_count() >= 23);
}

static void rows_are_whole_sendable_and_in_alphabetical_order(void)
{
    for (size_t i = 0; i < thingspace_service_count(); i++) {
        const thingspace_service_info *row = thingspace_service_at(i);
        CHECK_OK(service_check(row->name, NULL));
        CHECK(row->delivers[0] && row->where[0] && row->note);
        CHECK(i == 0 || strcmp(thingspace_service_at(i - 1)->name, row->name) < 0);
        CHECK(thingspace_service_find(row->name) == row);
    }
    CHECK(thingspace_service_at(thingspace_service_count()) == NULL);
}

static void an_unknown_name_is_not_found_and_can_be_sent(void)
{
    CHECK(thingspace_service_find("TomorrowService") == NULL);
    CHECK(thingspace_service_find("carrierservice") == NULL);
    CHECK(thingspace_service_find(NULL) == NULL);
    CHECK_OK(service_check("TomorrowService", NULL));
    CHECK_OK(service_check("a.b-c_9", NULL));
}

static void what_no_path_segment_carries_is_refused(void)
{
    static const char *const bad[] = {"",    ".",   "..",  "a/b",      "a b", "a\n",
                                      "a%2", "a?b", "a#b", "\xc3\xa4", "a'b"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_STATUS(service_check(bad[i], NULL), THINGSPACE_USAGE);
    CHECK_STATUS(service_check(NULL, NULL), THINGSPACE_USAGE);
    char name[LIMIT_SERVICE + 2];
    memset(name, 'a', sizeof(name));
    name[LIMIT_SERVICE] = '\0';
    CHECK_OK(service_check(name, NULL));
    name[LIMIT_SERVICE] = 'a';
    name[LIMIT_SERVICE + 1] = '\0';
    CHECK_STATUS(service_check(name, NULL), THINGSPACE_USAGE);
    CHECK(service_suggest(name) == NULL);
}

static void the_name_that_was_meant_is_suggested(void)
{
    static const struct {
        const char *name, *suggestion;
    } table[] = {
        {"CarrierServise", "CarrierService"},
        {"carrierservice", "CarrierService"},
        {"AlertsService", "AlertService"},
        {"qos", "QoS"},
        {"NIDDService", "NiddService"},
        {"PromoChange", "PromoChanges"},
        {"DeviceServices", "DeviceService"},
        {"CarrierService", NULL},
        {"abc", NULL},
        {"TomorrowService", NULL},
        {"", NULL},
        {NULL, NULL},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        CHECK_TEXT(service_suggest(table[i].name), table[i].suggestion);
}

static void queued_messages_are_mentioned_with_the_command_that_starts_them(void)
{
    const char *hint = thingspace_service_after_register("EnhancedConnectivityService");
    CHECK(hint && strstr(hint, "thingspace call ACCOUNT PUT '/sms/{account}/startCallbacks'"));
    CHECK(thingspace_service_after_register("CarrierService") == NULL);
    CHECK(thingspace_service_after_register(NULL) == NULL);
}

static const check_case cases[] = {
    CHECK_CASE(the_original_page_had_thirteen),
    CHECK_CASE(rows_are_whole_sendable_and_in_alphabetical_order),
    CHECK_CASE(an_unknown_name_is_not_found_and_can_be_sent),
    CHECK_CASE(what_no_path_segment_carries_is_refused),
    CHECK_CASE(the_name_that_was_meant_is_suggested),
    CHECK_CASE(queued_messages_are_mentioned_with_the_command_that_starts_them),
};
CHECK_MAIN(cases)
