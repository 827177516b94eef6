/* SPDX-License-Identifier: MIT */
/* What an endpoint's URLs derive from, and which are refused. */
#include "check.h"
#include "http/endpoint.h"

static void cleanup_endpoint(endpoint **self)
{
    endpoint_free(*self);
}
#define owned_endpoint __attribute__((cleanup(cleanup_endpoint))) endpoint

static void all_urls_derive_from_the_host(void)
{
    static const char *const urls[] = {"https://api.example", "https://api.example/",
                                       "https://api.example///"};
    for (size_t i = 0; i < 3; i++) {
        owned_endpoint *one = NULL;
        CHECK_OK(endpoint_new(&one, "lab", &(endpoint_options){.url = urls[i]}, NULL));
        CHECK_TEXT(one->name, "lab");
        CHECK_TEXT(one->api, "https://api.example/api/m2m/v1");
        CHECK_TEXT(one->token, "https://api.example/api/ts/v1/oauth2/token");
        CHECK_TEXT(one->revoke, "https://api.example/api/ts/v1/oauth2/revoke");
    }
}

static void the_other_apis_are_beside_one_that_ends_as_usual(void)
{
    static const struct {
        const char *api;
        size_t size;
    } rows[] = {
        {"https://a.example/api/m2m/v1", sizeof("https://a.example") - 1},
        {"https://a.example/gate/api/m2m/v1/", sizeof("https://a.example/gate") - 1},
        {"https://a.example/api/m2m/v2", 0},
        {"https://a.example/", 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        owned_endpoint *one = NULL;
        endpoint_options options = {.api = rows[i].api, .token = "https://t.example/token"};
        CHECK_OK(endpoint_new(&one, "lab", &options, NULL));
        CHECK_INT(one->root_size, rows[i].size);
    }
}

static void both_urls_may_be_given(void)
{
    owned_endpoint *one = NULL;
    endpoint_options options = {.api = "https://a.example/x/",
                                .token = "https://t.example/oauth/token/"};
    CHECK_OK(endpoint_new(&one, "lab", &options, NULL));
    CHECK_TEXT(one->api, "https://a.example/x");
    CHECK_TEXT(one->token, "https://t.example/oauth/token");
    CHECK_TEXT(one->revoke, "https://t.example/oauth/revoke");
}

static void half_of_the_urls_is_refused(void)
{
    static const endpoint_options rows[] = {
        {0},
        {.api = "https://a.example"},
        {.token = "https://a.example/token"},
        {.url = "https://a.example", .api = "https://a.example"},
        {.url = "https://a.example", .api = "https://a.example", .token = "https://a.example/t"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        owned_endpoint *one = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_STATUS(endpoint_new(&one, "lab", &rows[i], &error), THINGSPACE_USAGE);
        CHECK_TEXT(error.message, "endpoint lab: give both api and token, or url alone");
        CHECK(one == NULL);
    }
}

static void unsafe_urls_are_refused_by_name(void)
{
    static const endpoint_options rows[] = {
        {.url = "http://api.example"},
        {.url = "https://10.0.0.1"},
        {.url = "file:///etc/passwd"},
        {.url = "gopher://api.example"},
        {.url = "https://user@api.example"},
        {.url = "https://[::ffff:10.0.0.1]"},
        {.url = "https://2130706433"},
        {.url = "https://api.example/?a=b"},
        {.api = "https://a.example", .token = "http://a.example/token"},
        {.api = "http://a.example", .token = "https://a.example/token"},
        {.api = "https://a.example", .token = "https://a.example"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        owned_endpoint *one = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_STATUS(endpoint_new(&one, "lab", &rows[i], &error), THINGSPACE_USAGE);
        CHECK(strncmp(error.message, "endpoint lab: ", 14) == 0);
    }
}

static void permissions_and_loopback_open_what_they_say(void)
{
    static const endpoint_options rows[] = {
        {.url = "http://api.example", .insecure = true},
        {.url = "https://10.0.0.1", .private_allowed = true},
        {.url = "http://127.0.0.1:8080"},
        {.url = "http://[::1]:8080"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        owned_endpoint *one = NULL;
        CHECK_OK(endpoint_new(&one, "lab", &rows[i], NULL));
        CHECK_INT(one->insecure, rows[i].insecure);
        CHECK_INT(one->private_allowed, rows[i].private_allowed);
    }
}

static const check_case cases[] = {
    CHECK_CASE(all_urls_derive_from_the_host),
    CHECK_CASE(the_other_apis_are_beside_one_that_ends_as_usual),
    CHECK_CASE(both_urls_may_be_given),
    CHECK_CASE(half_of_the_urls_is_refused),
    CHECK_CASE(unsafe_urls_are_refused_by_name),
    CHECK_CASE(permissions_and_loopback_open_what_they_say),
};
CHECK_MAIN(cases)
