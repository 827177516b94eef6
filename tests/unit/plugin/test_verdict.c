/* SPDX-License-Identifier: MIT */
/* Verdicts: what hooks may answer is bounded, and replaced as a whole. */
#include <config.h>
#include <math.h>
#include "check.h"
#include "base/limits.h"
#include "plugin/verdict.h"

#define OWNED_VERDICT(name)                                                                        \
    __attribute__((cleanup(verdict_dispose))) verdict name;                                        \
    verdict_init(&name)

static void a_new_verdict_is_none(void)
{
    OWNED_VERDICT(given);
    CHECK_INT(given.kind, VERDICT_NONE);
    CHECK_TEXT(given.code, "");
    CHECK_TEXT(given.text, "");
    CHECK(given.reply == NULL);
}

static void a_wait_is_rounded_up(void)
{
    OWNED_VERDICT(given);
    CHECK_OK(verdict_set_wait(&given, 0.25, NULL));
    CHECK_INT(given.kind, VERDICT_WAIT);
    CHECK_INT(given.wait_ms, 1);
    CHECK_OK(verdict_set_wait(&given, LIMIT_PLUGIN_WAIT_MS, NULL));
    CHECK_INT(given.wait_ms, 3600000);
    CHECK_OK(verdict_set_wait(&given, 0, NULL));
    CHECK_INT(given.wait_ms, 0);
}

static void a_wait_that_is_none_is_refused(void)
{
    const double bad[] = {-1, -0.001, NAN, INFINITY, -INFINITY, 3600000.5, 1e300};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        OWNED_VERDICT(given);
        CHECK_STATUS(verdict_set_wait(&given, bad[i], NULL), THINGSPACE_PLUGIN);
        CHECK_INT(given.kind, VERDICT_NONE);
    }
}

static void a_denial_is_one_safe_line(void)
{
    OWNED_VERDICT(given);
    verdict_set_deny(&given, "WINDOW", "closed\nuntil \x1b[31m6");
    CHECK_INT(given.kind, VERDICT_DENY);
    CHECK_TEXT(given.code, "WINDOW");
    CHECK_TEXT(given.text, "closed\\nuntil \\x1b[31m6");
    verdict_set_deny(&given, NULL, NULL);
    CHECK_TEXT(given.code, "");
    CHECK_TEXT(given.text, "");
}

static void a_long_denial_is_cut(void)
{
    OWNED_VERDICT(given);
    char text[1000];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    verdict_set_deny(&given, text, text);
    CHECK_INT(strlen(given.code), sizeof(given.code) - 1);
    CHECK(strcmp(given.text + sizeof(given.text) - 4, "...") == 0);
}

static void a_reply_carries_status_and_body(void)
{
    OWNED_VERDICT(given);
    cleanup_json json *body = json_new_string("done");
    CHECK_MADE(body);
    json *taken = body;
    body = NULL;
    CHECK_OK(verdict_set_reply(&given, 0, taken, NULL));
    CHECK_INT(given.kind, VERDICT_REPLY);
    CHECK_INT(given.reply->status, 200);
    CHECK_TEXT(buffer_text(&given.reply->body), "\"done\"");
    CHECK_OK(verdict_set_reply(&given, 404, NULL, NULL));
    CHECK_INT(given.reply->status, 404);
    CHECK_INT(given.reply->body.size, 0);
}

static void reply_with_secret(const char *name, thingspace_status expected)
{
    OWNED_VERDICT(given);
    thingspace_status status = THINGSPACE_OK;
    thingspace_secret *secret = NULL;
    CHECK_OK(thingspace_secret_new(&secret, "s3cret", 6, NULL));
    json *body = json_new_object();
    json_put(body, name, json_new_secret(secret), &status);
    thingspace_secret_free(secret);
    CHECK_MADE(body);
    if (status != THINGSPACE_OK)
        json_free(body);
    CHECK_OK(status);
    CHECK_STATUS(verdict_set_reply(&given, 200, body, NULL), expected);
    if (expected == THINGSPACE_OK)
        CHECK_TEXT(buffer_text(&given.reply->body), "{\"password\":\"s3cret\"}");
}

static void secrets_of_a_reply_go_on_as_they_are_where_they_are_known(void)
{
    reply_with_secret("password", THINGSPACE_OK);
    reply_with_secret("username", THINGSPACE_PLUGIN);
}

static void a_reply_with_a_status_that_is_none_is_refused(void)
{
    const int bad[] = {-200, 1, 100, 199, 600, 2000};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        OWNED_VERDICT(given);
        json *body = json_new_object();
        CHECK_MADE(body);
        CHECK_STATUS(verdict_set_reply(&given, bad[i], body, NULL), THINGSPACE_PLUGIN);
        CHECK_INT(given.kind, VERDICT_NONE);
    }
}

static void a_later_answer_replaces_a_reply(void)
{
    OWNED_VERDICT(given);
    CHECK_OK(verdict_set_reply(&given, 200, NULL, NULL));
    verdict_set_deny(&given, "A", "no");
    CHECK_INT(given.kind, VERDICT_DENY);
    CHECK(given.reply == NULL);
}

static const check_case cases[] = {
    CHECK_CASE(a_new_verdict_is_none),
    CHECK_CASE(a_wait_is_rounded_up),
    CHECK_CASE(a_wait_that_is_none_is_refused),
    CHECK_CASE(a_denial_is_one_safe_line),
    CHECK_CASE(a_long_denial_is_cut),
    CHECK_CASE(a_reply_carries_status_and_body),
    CHECK_CASE(secrets_of_a_reply_go_on_as_they_are_where_they_are_known),
    CHECK_CASE(a_reply_with_a_status_that_is_none_is_refused),
    CHECK_CASE(a_later_answer_replaces_a_reply),
};
CHECK_MAIN(cases)
