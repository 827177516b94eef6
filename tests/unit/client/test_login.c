/* SPDX-License-Identifier: MIT */
/* Logging in and out by hand, and emptying the latch, as a C program does it. */
#include <config.h>
#include <stdlib.h>
#include "check.h"
#include "service.h"

#define ACCOUNT "0000123456-00001"

static void a_logout_ends_the_session_and_leaves_the_bearer(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(thingspace_auth_login(service.client, NULL, NULL));
    CHECK_OK(thingspace_auth_logout(service.client, NULL, 0, NULL));
    CHECK_INT(service_number(&service, "revokes"), 0);
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK_INT(service_number(&service, "tokenRequests"), 1);
    CHECK_INT(service_number(&service, "logins"), 2);
}

static void a_logout_that_revokes_ends_the_bearer_too(void)
{
    cleanup_service service;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(thingspace_auth_login(service.client, "environment", NULL));
    CHECK_OK(thingspace_auth_logout(service.client, "environment", THINGSPACE_REVOKE, NULL));
    CHECK_INT(service_number(&service, "revokes"), 1);
    CHECK_OK(thingspace_list(service.client, NULL, ACCOUNT, NULL));
    CHECK_INT(service_number(&service, "tokenRequests"), 2);
}

static void unlatching_tells_how_many_failures_it_forgot(void)
{
    cleanup_service service;
    unsigned cleared = 9;
    CHECK_OK(service_start_alone(&service, NULL));
    setenv("THINGSPACE_PASSWORD", "wrong", 1);
    CHECK_OK(service_client(&service, &service.client, NULL));
    CHECK_STATUS(thingspace_auth_login(service.client, NULL, NULL), THINGSPACE_AUTH);
    CHECK_STATUS(thingspace_auth_login(service.client, NULL, NULL), THINGSPACE_LATCHED);
    CHECK_INT(service_number(&service, "loginRequests"), 1);
    CHECK_OK(thingspace_auth_unlatch(service.client, NULL, &cleared, NULL));
    CHECK_INT(cleared, 1);
    CHECK_OK(thingspace_auth_unlatch(service.client, NULL, &cleared, NULL));
    CHECK_INT(cleared, 0);
    CHECK_STATUS(thingspace_auth_login(service.client, NULL, NULL), THINGSPACE_AUTH);
    CHECK_OK(thingspace_auth_unlatch(service.client, NULL, NULL, NULL));
}

static void a_credential_that_nobody_declared_is_refused(void)
{
    cleanup_service service;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    unsigned cleared = 9;
    CHECK_OK(service_start(&service, NULL));
    CHECK_STATUS(thingspace_auth_login(service.client, "nobody", &error), THINGSPACE_USAGE);
    CHECK(strstr(error.message, "nobody") != NULL);
    CHECK_STATUS(thingspace_auth_logout(service.client, "nobody", 0, NULL), THINGSPACE_USAGE);
    CHECK_STATUS(thingspace_auth_unlatch(service.client, "nobody", &cleared, NULL),
                 THINGSPACE_USAGE);
    CHECK_INT(cleared, 0);
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_logout_ends_the_session_and_leaves_the_bearer),
    CHECK_CASE_ONCE(a_logout_that_revokes_ends_the_bearer_too),
    CHECK_CASE_ONCE(unlatching_tells_how_many_failures_it_forgot),
    CHECK_CASE_ONCE(a_credential_that_nobody_declared_is_refused),
};

CHECK_MAIN(cases)
