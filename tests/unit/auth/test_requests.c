/* SPDX-License-Identifier: MIT */
/* What the token and login requests send, and which answers they take. */
#include "check.h"
#include "auth/answer.h"
#include "auth/login_request.h"
#include "auth/token_request.h"
#include "base/limits.h"

#define cleanup_request __attribute__((cleanup(auth_request_dispose)))

static thingspace_status make_secret(thingspace_secret **out, const char *text)
{
    return thingspace_secret_new(out, text, strlen(text), NULL);
}

static void a_token_request_has_basic_and_a_form(void)
{
    cleanup_request auth_request request;
    cleanup_secret thingspace_secret *key = NULL, *secret = NULL;
    auth_request_init(&request);
    CHECK_OK(make_secret(&key, "Aladdin"));
    CHECK_OK(make_secret(&secret, "open sesame"));
    CHECK_OK(token_request_build(&request, "http://h/token", key, secret, NULL));
    const header *basic = headers_find(&request.tokens, "authorization");
    CHECK_TEXT(basic->value, "Basic ");
    CHECK_TEXT(secret_bytes(basic->secret), "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    CHECK_TEXT(buffer_text(&request.body), "grant_type=client_credentials");
    CHECK_TEXT(headers_find(&request.fields, "content-type")->value,
               "application/x-www-form-urlencoded");
    CHECK(!request.fresh_connection);
}

static void a_key_with_a_colon_is_refused(void)
{
    cleanup_request auth_request request;
    cleanup_secret thingspace_secret *key = NULL;
    auth_request_init(&request);
    CHECK_OK(make_secret(&key, "a:b"));
    CHECK_STATUS(token_request_build(&request, "http://h/token", key, key, NULL), THINGSPACE_AUTH);
}

static void a_login_is_sent_once_with_escaped_json(void)
{
    cleanup_request auth_request request;
    cleanup_secret thingspace_secret *bearer = NULL, *user = NULL, *password = NULL;
    auth_request_init(&request);
    CHECK_OK(make_secret(&bearer, "b"));
    CHECK_OK(make_secret(&user, "u\"ser"));
    CHECK_OK(make_secret(&password, "p\\w"));
    CHECK_OK(login_request_build(&request, "http://h/login", bearer, user, password, NULL));
    CHECK_TEXT(buffer_text(&request.body), "{\"username\":\"u\\\"ser\",\"password\":\"p\\\\w\"}");
    CHECK(request.body.secret);
    CHECK(request.fresh_connection);
    CHECK_TEXT(headers_find(&request.tokens, "authorization")->value, "Bearer ");
}

static void a_password_that_is_not_utf8_is_refused(void)
{
    cleanup_request auth_request request;
    cleanup_secret thingspace_secret *good = NULL, *bad = NULL;
    auth_request_init(&request);
    CHECK_OK(make_secret(&good, "good"));
    CHECK_OK(make_secret(&bad, "\xff"));
    CHECK_STATUS(login_request_build(&request, "http://h/login", good, good, bad, NULL),
                 THINGSPACE_AUTH);
}

static void a_revocation_encodes_the_token(void)
{
    cleanup_request auth_request request;
    cleanup_secret thingspace_secret *key = NULL, *bearer = NULL;
    auth_request_init(&request);
    CHECK_OK(make_secret(&key, "k"));
    CHECK_OK(make_secret(&bearer, "a+b/c="));
    CHECK_OK(token_request_build_revoke(&request, "http://h/revoke", key, key, bearer, NULL));
    CHECK_TEXT(buffer_text(&request.body), "grant_type=client_credentials&token=a%2Bb%2Fc%3D");
}

static const struct {
    const char *body;
    thingspace_status status;
    long long life_ms;
} answers[] = {
    {"{\"access_token\":\"t\",\"expires_in\":10}", THINGSPACE_OK, 10000},
    {"{\"access_token\":\"t\"}", THINGSPACE_OK, BEARER_LIFE_MS},
    {"{\"access_token\":\"t\",\"expires_in\":0}", THINGSPACE_OK, BEARER_LIFE_MS},
    {"{\"access_token\":\"t\",\"expires_in\":-5}", THINGSPACE_OK, BEARER_LIFE_MS},
    {"{\"access_token\":\"t\",\"expires_in\":\"x\"}", THINGSPACE_OK, BEARER_LIFE_MS},
    {"{\"access_token\":\"t\",\"expires_in\":9000000000000000000}", THINGSPACE_OK,
     BEARER_LIFE_LONGEST_MS},
    {"{\"Access_Token\":\"t\"}", THINGSPACE_PROTOCOL, 0},
    {"{\"access_token\":\"\"}", THINGSPACE_PROTOCOL, 0},
    {"{\"access_token\":\"a b\"}", THINGSPACE_PROTOCOL, 0},
    {"{\"access_token\":\"a\\r\\nX: y\"}", THINGSPACE_PROTOCOL, 0},
    {"{\"access_token\":5}", THINGSPACE_PROTOCOL, 0},
    {"{\"access_token\":\"a\",\"access_token\":\"b\"}", THINGSPACE_PROTOCOL, 0},
    {"<html>", THINGSPACE_PROTOCOL, 0},
    {"", THINGSPACE_PROTOCOL, 0},
};

static void token_answers_are_read_strictly(void)
{
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        cleanup_buffer buffer body;
        cleanup_secret thingspace_secret *bearer = NULL;
        int64_t life_ms = 0;
        buffer_init_secret(&body, 1000);
        CHECK_OK(buffer_append_text(&body, answers[i].body));
        CHECK_STATUS(token_request_read(&bearer, &life_ms, &body, NULL), answers[i].status);
        if (answers[i].status == THINGSPACE_OK)
            CHECK_INT(life_ms, answers[i].life_ms);
    }
}

static void a_token_of_the_longest_size_is_read(void)
{
    cleanup_buffer buffer body;
    cleanup_secret thingspace_secret *session = NULL;
    static char text[LIMIT_SECRET_BYTES + 1];
    memset(text, 'x', LIMIT_SECRET_BYTES);
    buffer_init_secret(&body, 2 * LIMIT_SECRET_BYTES);
    CHECK_OK(buffer_append_text(&body, "{\"sessionToken\":\""));
    CHECK_OK(buffer_append_text(&body, text));
    CHECK_OK(buffer_append_text(&body, "\"}"));
    CHECK_OK(login_request_read(&session, &body, NULL));
    CHECK_INT(secret_size(session), LIMIT_SECRET_BYTES);
}

static const check_case cases[] = {
    CHECK_CASE(a_token_request_has_basic_and_a_form),
    CHECK_CASE(a_key_with_a_colon_is_refused),
    CHECK_CASE(a_login_is_sent_once_with_escaped_json),
    CHECK_CASE(a_password_that_is_not_utf8_is_refused),
    CHECK_CASE(a_revocation_encodes_the_token),
    CHECK_CASE(token_answers_are_read_strictly),
    CHECK_CASE(a_token_of_the_longest_size_is_read),
};
CHECK_MAIN(cases)
