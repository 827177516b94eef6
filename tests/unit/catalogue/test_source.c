/* SPDX-License-Identifier: MIT */
/* The addresses that callback messages come from. */
#include "check.h"
#include <thingspace/services.h>
#include "catalogue/host.h"

static size_t count_of(const char *api)
{
    size_t count = 0;
    for (size_t i = 0; i < thingspace_source_count(); i++)
        count += strcmp(thingspace_source_at(i)->api, api) == 0;
    return count;
}

static void each_api_has_its_published_list(void)
{
    CHECK_INT(count_of("connectivity"), 8);
    CHECK_INT(count_of("location"), 1);
    CHECK_INT(count_of("software-management"), 8);
    CHECK_INT(thingspace_source_count(), 17);
    CHECK(thingspace_source_at(17) == NULL);
}

static void every_row_is_a_public_address_once_for_each_api(void)
{
    for (size_t i = 0; i < thingspace_source_count(); i++) {
        const thingspace_source_info *row = thingspace_source_at(i);
        CHECK_INT(host_classify(row->address), HOST_PUBLIC);
        CHECK(row->note[0]);
        for (size_t j = 0; j < i; j++)
            CHECK(strcmp(thingspace_source_at(j)->api, row->api) != 0 ||
                  strcmp(thingspace_source_at(j)->address, row->address) != 0);
    }
}

static const check_case cases[] = {
    CHECK_CASE(each_api_has_its_published_list),
    CHECK_CASE(every_row_is_a_public_address_once_for_each_api),
};
CHECK_MAIN(cases)
