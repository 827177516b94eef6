/* SPDX-License-Identifier: MIT */
/* The request before it is sent: what its setters take, and that frozen is frozen. */
#include "check.h"
#include <stdio.h>
#include "base/limits.h"
#include "http/request.h"

static void cleanup_request(request **self)
{
    request_free(*self);
}
#define owned_request __attribute__((cleanup(cleanup_request))) request

static void a_new_request_speaks_json(void)
{
    owned_request *one = NULL;
    CHECK_OK(request_new(&one, "POST", NULL));
    CHECK_TEXT(request_method(one), "POST");
    CHECK_TEXT(request_path(one), "/");
    CHECK_TEXT(headers_find(request_headers(one), "content-type")->value, "application/json");
    CHECK_TEXT(headers_find(request_headers(one), "accept")->value, "application/json");
    CHECK(request_json(one) == NULL);
}

static void odd_methods_are_refused(void)
{
    static const char *const methods[] = {"", "get", "GET /x", "A\r\nB", "ABCDEFGHIJKLMNOP"};
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        owned_request *one = NULL;
        CHECK_STATUS(request_new(&one, methods[i], NULL), THINGSPACE_USAGE);
    }
}

static void paths_that_lead_elsewhere_are_refused(void)
{
    static const char *const bad[] = {
        "",     "a",    "/../session/login", "/a/..", "/a/./b", "/a/%2e%2E/b", "/a/.%2e", "/a?b",
        "/a#b", "/a b", "/a\r\nb",           "/a%2",  "/a%zz",  "/\xc3\xa4",   "/a\\b",   "/a/%2e",
    };
    static const char *const good[] = {"/", "/a/b", "/a%2Fb", "/a...b/.../x.y", "/callbacks/1-2"};
    owned_request *one = NULL;
    CHECK_OK(request_new(&one, "GET", NULL));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_STATUS(request_set_path(one, bad[i], NULL), THINGSPACE_USAGE);
    CHECK_TEXT(request_path(one), "/");
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        CHECK_OK(request_set_path(one, good[i], NULL));
        CHECK_TEXT(request_path(one), good[i]);
    }
}

static void the_query_is_encoded_in_order(void)
{
    owned_request *one = NULL;
    cleanup_buffer buffer out;
    buffer_init(&out, LIMIT_URL);
    CHECK_OK(request_new(&one, "GET", NULL));
    CHECK_OK(request_set_path(one, "/x", NULL));
    CHECK_OK(request_set_query(one, "a", "1", NULL));
    CHECK_OK(request_set_query(one, "b&", "x y=\n", NULL));
    CHECK_OK(request_set_query(one, "c", "", NULL));
    CHECK_OK(request_set_query(one, "a", "2", NULL));
    CHECK_OK(request_set_query(one, "c", NULL, NULL));
    CHECK_OK(request_set_query(one, "absent", NULL, NULL));
    CHECK_OK(request_write_url(one, &out, "https://h"));
    CHECK_TEXT(buffer_text(&out), "https://h/x?a=2&b%26=x%20y%3D%0A");
}

static void a_shown_query_hides_secrets(void)
{
    owned_request *one = NULL;
    cleanup_buffer buffer out;
    buffer_init(&out, LIMIT_URL);
    CHECK_OK(request_new(&one, "GET", NULL));
    request_show_query(one, &out);
    CHECK_TEXT(buffer_text(&out), "");
    CHECK_OK(request_set_query(one, "b&", "x y", NULL));
    CHECK_OK(request_set_query(one, "Password", "p", NULL));
    request_show_query(one, &out);
    CHECK_OK(out.status);
    CHECK_TEXT(buffer_text(&out), "?b%26=x%20y&Password=***");
}

static void there_is_a_last_parameter(void)
{
    owned_request *one = NULL;
    char name[16];
    CHECK_OK(request_new(&one, "GET", NULL));
    for (int i = 0; i < LIMIT_REQUEST_PARAMETERS; i++) {
        snprintf(name, sizeof(name), "n%d", i);
        CHECK_OK(request_set_query(one, name, "", NULL));
    }
    CHECK_STATUS(request_set_query(one, "more", "", NULL), THINGSPACE_USAGE);
    CHECK_OK(request_set_query(one, "n0", "again", NULL));
    CHECK_STATUS(request_set_query(one, "", "x", NULL), THINGSPACE_USAGE);
}

static void fields_of_the_attempt_cannot_be_set(void)
{
    static const char *const names[] = {"host",          "Content-Length", "Transfer-Encoding",
                                        "AUTHORIZATION", "VZ-M2M-Token",   "Accept-Encoding"};
    owned_request *one = NULL;
    CHECK_OK(request_new(&one, "GET", NULL));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        CHECK_STATUS(request_set_header(one, names[i], "x", NULL), THINGSPACE_USAGE);
    CHECK_STATUS(request_set_header(one, "X-A", "a\r\nb", NULL), THINGSPACE_USAGE);
    CHECK_OK(request_set_header(one, "X-A", "b", NULL));
    CHECK_TEXT(headers_find(request_headers(one), "x-a")->value, "b");
    CHECK_OK(request_remove_header(one, "x-a", NULL));
    CHECK(headers_find(request_headers(one), "x-a") == NULL);
}

static void a_text_body_is_kept_byte_for_byte(void)
{
    static const char text[] = " {\"b\" : 1.50,\n\"a\":[1e2 ]} ";
    owned_request *one = NULL;
    cleanup_buffer buffer out;
    buffer_init_secret(&out, 1000);
    CHECK_OK(request_new(&one, "POST", NULL));
    CHECK_OK(request_set_text(one, text, strlen(text), NULL));
    CHECK_TEXT(json_number(json_get(request_json(one), "b")), "1.50");
    CHECK_OK(request_write_body(one, &out, JSON_REVEAL));
    CHECK_TEXT(buffer_text(&out), text);
}

static void a_body_that_is_not_json_changes_nothing(void)
{
    owned_request *one = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(request_new(&one, "POST", NULL));
    CHECK_OK(request_set_text(one, "[1]", 3, NULL));
    CHECK_STATUS(request_set_text(one, "{password", 9, &error), THINGSPACE_USAGE);
    CHECK(strncmp(error.message, "the body is not JSON: ", 22) == 0);
    CHECK(strstr(error.message, "password") == NULL);
    CHECK_INT(error.kind, THINGSPACE_USAGE);
    CHECK_INT(json_count(request_json(one)), 1);
}

static void a_tree_replaces_a_text(void)
{
    owned_request *one = NULL;
    cleanup_buffer buffer out;
    buffer_init_secret(&out, 1000);
    CHECK_OK(request_new(&one, "POST", NULL));
    CHECK_OK(request_set_text(one, "[1]", 3, NULL));
    json *body = json_new_object();
    CHECK_MADE(body);
    CHECK_OK(request_set_json(one, body, NULL));
    CHECK_OK(request_write_body(one, &out, JSON_PLAIN));
    CHECK_TEXT(buffer_text(&out), "{}");
    buffer_clear(&out);
    CHECK_OK(request_set_json(one, NULL, NULL));
    CHECK_OK(request_write_body(one, &out, JSON_PLAIN));
    CHECK_TEXT(buffer_text(&out), "");
}

static void secrets_show_only_when_revealed(void)
{
    owned_request *one = NULL;
    cleanup_secret thingspace_secret *secret = NULL;
    cleanup_buffer buffer out;
    buffer_init_secret(&out, 1000);
    CHECK_OK(request_new(&one, "POST", NULL));
    CHECK_OK(thingspace_secret_new(&secret, "hidden", 6, NULL));
    json *body = json_new_object();
    CHECK_MADE(body);
    thingspace_status status = json_set(body, "p", json_new_secret(secret));
    CHECK_OK(request_set_json(one, body, NULL));
    CHECK_OK(status);
    CHECK_OK(request_write_body(one, &out, JSON_PLAIN));
    CHECK(strstr(buffer_text(&out), "hidden") == NULL);
    buffer_clear(&out);
    CHECK_OK(request_write_body(one, &out, JSON_REVEAL));
    CHECK_TEXT(buffer_text(&out), "{\"p\":\"hidden\"}");
}

static void frozen_is_frozen(void)
{
    owned_request *one = NULL;
    CHECK_OK(request_new(&one, "POST", NULL));
    request_freeze(one);
    CHECK_STATUS(request_set_path(one, "/a", NULL), THINGSPACE_INTERNAL);
    CHECK_STATUS(request_set_header(one, "A", "b", NULL), THINGSPACE_INTERNAL);
    CHECK_STATUS(request_remove_header(one, "Accept", NULL), THINGSPACE_INTERNAL);
    CHECK_STATUS(request_set_query(one, "a", "b", NULL), THINGSPACE_INTERNAL);
    CHECK_STATUS(request_set_json(one, json_new_object(), NULL), THINGSPACE_INTERNAL);
    CHECK_STATUS(request_set_text(one, "{}", 2, NULL), THINGSPACE_INTERNAL);
    CHECK_TEXT(request_path(one), "/");
    CHECK(request_json(one) == NULL);
}

static const check_case cases[] = {
    CHECK_CASE(a_new_request_speaks_json),
    CHECK_CASE(odd_methods_are_refused),
    CHECK_CASE(paths_that_lead_elsewhere_are_refused),
    CHECK_CASE(the_query_is_encoded_in_order),
    CHECK_CASE(a_shown_query_hides_secrets),
    CHECK_CASE(there_is_a_last_parameter),
    CHECK_CASE(fields_of_the_attempt_cannot_be_set),
    CHECK_CASE(a_text_body_is_kept_byte_for_byte),
    CHECK_CASE(a_body_that_is_not_json_changes_nothing),
    CHECK_CASE(a_tree_replaces_a_text),
    CHECK_CASE(secrets_show_only_when_revealed),
    CHECK_CASE(frozen_is_frozen),
};
CHECK_MAIN(cases)
