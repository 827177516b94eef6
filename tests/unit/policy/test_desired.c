/* SPDX-License-Identifier: MIT */
/* Desired listeners keep one order, and say what cannot be sent. Near names, too. */
#include "check.h"
#include "policy/desired.h"

static char url[] = "https://hooks.example.com/";
static char odd_url[] = "https://hooks.example.com:8443/";

static thingspace_status add(desired_listeners *to, const char *service, thingspace_error *error)
{
    desired_listener from = {.service = (char *)(size_t)service, .url = url};
    return desired_listeners_add(to, &from, error);
}

static void they_are_sorted_by_service(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_desired_listeners desired_listeners all = {0};
    CHECK_OK(add(&all, "b", &error));
    CHECK_OK(add(&all, "c", &error));
    CHECK_OK(add(&all, "a", &error));
    CHECK_INT(all.count, 3);
    CHECK_TEXT(all.items[0].service, "a");
    CHECK_TEXT(all.items[1].service, "b");
    CHECK_TEXT(all.items[2].service, "c");
}

static void a_service_is_declared_once(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_desired_listeners desired_listeners all = {0};
    CHECK_OK(add(&all, "a", &error));
    CHECK_STATUS(add(&all, "a", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "a is declared twice: keep one");
}

static void count_warning(void *user, const char *service, const char *text)
{
    *(int *)user += strcmp(service, "CarrierService") == 0 && strncmp(text, "port: ", 6) == 0;
}

static void what_will_probably_fail_is_a_warning(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    static char service[] = "CarrierService", wrong[] = "a/b";
    desired_listener listener = {.service = service, .url = odd_url};
    int warnings = 0;
    CHECK_OK(desired_listener_check(&listener, count_warning, &warnings, &error));
    CHECK_INT(warnings, 1);
    CHECK_OK(desired_listener_check(&listener, NULL, NULL, &error));
    listener.service = wrong;
    CHECK_STATUS(desired_listener_check(&listener, NULL, NULL, &error), THINGSPACE_USAGE);
}

static const check_case cases[] = {
    CHECK_CASE(they_are_sorted_by_service),
    CHECK_CASE(a_service_is_declared_once),
    CHECK_CASE(what_will_probably_fail_is_a_warning),
};

CHECK_MAIN(cases)
