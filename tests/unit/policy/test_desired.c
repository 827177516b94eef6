/* SPDX-License-Identifier: MIT */
/* Desired listeners keep one order, and say what cannot be sent. Near names, too. */
#include <stdio.h>
#include "base/text.h"
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

static void a_service_is_declared_once_for_each_api(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    static char service[] = "Fota", url[] = "https://hooks.example.com/";
    static const char *const apis[] = {"software-v3", NULL, "software-v1"};
    desired_listener listener = {.service = service, .url = url};
    cleanup_desired_listeners desired_listeners all = {0};
    for (size_t i = 0; i < 3; i++) {
        listener.api = apis[i];
        CHECK_OK(desired_listeners_add(&all, &listener, &error));
    }
    CHECK_STATUS(desired_listeners_add(&all, &listener, &error), THINGSPACE_POLICY);
    CHECK_INT(all.count, 3);
    CHECK(!all.items[0].api);
    CHECK_TEXT(all.items[1].api, "software-v1");
    CHECK_TEXT(all.items[2].api, "software-v3");
}

static void count_warning(void *user, const char *service, const char *text)
{
    *(int *)user += strcmp(service, "CarrierService") == 0 && strncmp(text, "port: ", 6) == 0;
}

static char kept[300];

static void keep_warning(void *user, const char *service, const char *text)
{
    (void)user, (void)service;
    snprintf(kept, sizeof(kept), "%s", text);
}

static void what_will_probably_fail_is_a_warning(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    static char service[] = "CarrierService", wrong[] = "a/b";
    desired_listener listener = {.service = service, .url = odd_url};
    int warnings = 0;
    CHECK_OK(desired_listener_check(&listener, NULL, count_warning, &warnings, &error));
    CHECK_INT(warnings, 1);
    CHECK_OK(desired_listener_check(&listener, NULL, NULL, NULL, &error));
    static char misspelt[] = "CarrierServise";
    listener.service = misspelt;
    static char plain[] = "https://hooks.example.com/";
    listener.url = plain;
    CHECK_OK(desired_listener_check(&listener, NULL, keep_warning, NULL, &error));
    CHECK_TEXT(kept, "callback service 'CarrierServise' is not in the catalogue; did you mean "
                     "CarrierService?");
    listener.api = "software-v1";
    CHECK_OK(desired_listener_check(&listener, NULL, keep_warning, NULL, &error));
    CHECK_TEXT(kept, "callback service 'CarrierServise' is not known of the software-v1 API; did "
                     "you mean Fota?");
    listener.service = wrong;
    CHECK_STATUS(desired_listener_check(&listener, NULL, NULL, NULL, &error), THINGSPACE_USAGE);
}

/* --- Templates --- */

static char carrier[] = "CarrierService", template[] = "https://h.example/{account}/{service}";
static char with_token[] = "https://h.example/{token}";

static thingspace_status make_key(secret_source **out, const char *text)
{
    thingspace_secret *key;
    thingspace_status status = thingspace_secret_new(&key, text, strlen(text), NULL);
    if (status == THINGSPACE_OK)
        status = secret_source_value(out, key, "file url.key", NULL);
    if (status == THINGSPACE_OK)
        thingspace_secret_free(key);
    return status;
}

static void templates_expand_without_their_secret(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_desired_listeners desired_listeners all = {0};
    desired_listener from = {.service = carrier, .url = template};
    CHECK_OK(desired_listener_check(&from, NULL, NULL, NULL, &error));
    CHECK_OK(desired_listeners_add(&all, &from, &error));
    CHECK_OK(desired_listeners_expand(&all, "a b", &error));
    CHECK_TEXT(all.items[0].url, "https://h.example/a%20b/CarrierService");
}

static void a_template_that_grows_too_long_is_refused(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_desired_listeners desired_listeners all = {0};
    char url[8000], name[400];
    memset(url, 'x', sizeof(url));
    memcpy(url, "https://h/", 10);
    memcpy(url + sizeof(url) - 10, "{account}", 10);
    memset(name, '/', sizeof(name));
    name[sizeof(name) - 1] = '\0';
    desired_listener from = {.service = carrier, .url = url};
    CHECK_OK(desired_listeners_add(&all, &from, &error));
    CHECK_STATUS(desired_listeners_expand(&all, name, &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "CarrierService: the URL is longer than 8192 bytes when it is "
                              "expanded; shorten it");
}

/* printf 'connectivity A CarrierService' | openssl dgst -sha256 -hmac KEY, 24 bytes of it. */
static void a_token_is_what_others_compute_too(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_desired_listeners desired_listeners all = {0};
    desired_listener from = {.service = carrier, .url = with_token};
    cleanup_text char *url = NULL, *other = NULL;
    CHECK_OK(make_key(&from.token, "0123456789abcdef"));
    thingspace_status status = desired_listeners_add(&all, &from, &error);
    secret_source_free(from.token);
    CHECK_OK(status);
    CHECK_OK(desired_listeners_expand(&all, "A", &error));
    CHECK_TEXT(all.items[0].url, with_token);
    CHECK_OK(desired_listener_url(&url, &all.items[0], "A", NULL, &error));
    CHECK_TEXT(url, "https://h.example/DKCrTWElAAYFy-N05hVucBEgPbyIN_Dc");
    CHECK_OK(desired_listener_url(&other, &all.items[0], "B", NULL, &error));
    CHECK(!text_equal(url, other));
}

static void a_token_needs_a_secret_of_sixteen_bytes(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    desired_listener from = {.service = carrier, .url = with_token};
    char *made = NULL;
    CHECK_STATUS(desired_listener_check(&from, NULL, NULL, NULL, &error), THINGSPACE_USAGE);
    CHECK_TEXT(error.message, "the URL has {token} and no secret for it: add token = "
                              "thingspace.secret.file(\"url.key\")");
    CHECK_STATUS(desired_listener_url(&made, &from, "A", NULL, &error), THINGSPACE_USAGE);
    CHECK_OK(make_key(&from.token, "0123456789abcde"));
    thingspace_status status = desired_listener_url(&made, &from, "A", NULL, &error);
    secret_source_free(from.token);
    CHECK(made == NULL);
    CHECK_STATUS(status, THINGSPACE_AUTH);
    CHECK_TEXT(error.message, "the secret of {token} (file url.key) has fewer than 16 bytes: make "
                              "one with `openssl rand -hex 32`");
}

static const check_case cases[] = {
    CHECK_CASE(templates_expand_without_their_secret),
    CHECK_CASE(a_template_that_grows_too_long_is_refused),
    CHECK_CASE(a_token_is_what_others_compute_too),
    CHECK_CASE(a_token_needs_a_secret_of_sixteen_bytes),
    CHECK_CASE(they_are_sorted_by_service),
    CHECK_CASE(a_service_is_declared_once),
    CHECK_CASE(a_service_is_declared_once_for_each_api),
    CHECK_CASE(what_will_probably_fail_is_a_warning),
};

CHECK_MAIN(cases)
