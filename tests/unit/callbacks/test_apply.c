/* SPDX-License-Identifier: MIT */
/* An apply over the simulator: what is done, what is left, what is refused. */
#include <config.h>
#include "callbacks/fleet.h"

static hearing told;

static void what_is_planned_is_done_and_told_once(void)
{
    cleanup_service service;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(fleet_add(&service, "B", "CarrierService", OLD "b", NULL));
    CHECK_OK(fleet_run(&service, 0, &told, NULL));
    CHECK(strstr(told.text, "A CarrierService add done;") != NULL);
    CHECK(strstr(told.text, "B CarrierService change done;") != NULL);
    CHECK_INT(told.count, 2);
    CHECK_TEXT(fleet_registered(&service),
               "A CarrierService " OURS "A ;B CarrierService " OURS "B ;");
    CHECK_OK(fleet_run(&service, 0, &told, NULL));
    CHECK_INT(told.count, 0);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(what_is_planned_is_done_and_told_once),
};

CHECK_MAIN(cases)
