/* SPDX-License-Identifier: MIT */
/*
 * The API's shape as data: hosts, paths, header names, and the names under which
 * ThingSpace APIs send the same member. Constant data and pure functions; any thread.
 */
#ifndef API_H
#define API_H

#include <stdbool.h>
#include "base/json.h"

/* The production deployment; a URL of an endpoint is this plus one of the paths. */
#define API_PRODUCTION  "https://thingspace.verizon.com"
#define API_BASE_PATH   "/api/m2m/v1"
#define API_TOKEN_PATH  "/api/ts/v1/oauth2/token"
#define API_REVOKE_PATH "/api/ts/v1/oauth2/revoke"

/* Below API_BASE_PATH. */
#define API_LOGIN_PATH  "/session/login"
#define API_LOGOUT_PATH "/session/logout"
/* API_CALLBACKS_PATH ["/" ACCOUNT [API_CALLBACKS_NAME SERVICE]], below each API's base */
#define API_CALLBACKS_PATH "/callbacks"
#define API_CALLBACKS_NAME "/name/"

#define API_SESSION_HEADER "VZ-M2M-Token"
/* What the portal tells people to use with the vendor's own simulator for /callbacks. */
#define API_TEST_ACCOUNT "TestAccount-2"

typedef enum api_member_kind {
    API_ACCOUNT, /* accountName, aname, account */
    API_SERVICE, /* serviceName, name */
    API_URL,     /* url, endpoint */
} api_member_kind;

/* The member under the first of its names that holds a string; NULL when none does. Borrowed. */
const char *api_member(const json *object, api_member_kind kind);

/* Whether a URL leads to the login, however its path is written (encoded, in another case). */
bool api_is_login(const char *url);

#endif
