/* SPDX-License-Identifier: MIT */
/* The token cache: round trips, damage, names. */
#include "check.h"
#include <stdio.h>
#include <stdlib.h>
#include "auth/token_file.h"
#include "base/clock.h"
#include "base/limits.h"

static void close_state(state **state)
{
    state_close(*state);
}
#define cleanup_state  __attribute__((cleanup(close_state)))
#define cleanup_tokens __attribute__((cleanup(tokens_dispose)))

static thingspace_status fresh_state(state **out)
{
    static unsigned number;
    char path[400];
    snprintf(path, sizeof(path), "%s/state%u", check_folder(), number++);
    return state_open(out, path, NULL);
}

static thingspace_status make_secret(thingspace_secret **out, const char *text)
{
    return thingspace_secret_new(out, text, strlen(text), NULL);
}

static void what_is_written_is_read(void)
{
    cleanup_state state *in = NULL;
    cleanup_tokens tokens written = {NULL, 12345, NULL, 0};
    cleanup_tokens tokens found = {NULL, 0, NULL, 0};
    CHECK_OK(fresh_state(&in));
    CHECK_OK(make_secret(&written.bearer, "the-bearer"));
    CHECK_OK(make_secret(&written.session, "the-session"));
    CHECK_OK(token_file_write(&written, in, "tokens", NULL));
    CHECK_OK(token_file_read(&found, in, "tokens", NULL));
    CHECK(secret_equal(found.bearer, written.bearer));
    CHECK(secret_equal(found.session, written.session));
    CHECK_INT(found.bearer_expires_ms, 12345);
    CHECK(found.session_used_ms > clock_wall_ms() - 60000);
}

static void a_token_as_long_as_a_secret_may_be_is_kept(void)
{
    cleanup_state state *in = NULL;
    cleanup_tokens tokens written = {NULL, 1, NULL, 0};
    cleanup_tokens tokens found = {NULL, 0, NULL, 0};
    static char text[LIMIT_SECRET_BYTES];
    memset(text, 'x', sizeof(text));
    CHECK_OK(fresh_state(&in));
    CHECK_OK(thingspace_secret_new(&written.bearer, text, sizeof(text), NULL));
    CHECK_OK(thingspace_secret_new(&written.session, text, sizeof(text), NULL));
    CHECK_OK(token_file_write(&written, in, "tokens", NULL));
    CHECK_OK(token_file_read(&found, in, "tokens", NULL));
    CHECK(secret_equal(found.bearer, written.bearer));
    CHECK(secret_equal(found.session, written.session));
}

static const char *const without_tokens[] = {
    "",
    "{",
    "[]",
    "{\"version\":2,\"bearer\":\"b\"}",
    "{\"bearer\":\"b\",\"session\":\"s\"}",
    "{\"version\":1,\"bearer\":5,\"session\":\"\"}",
    "{\"version\":1,\"bearer\":\"a\\r\\nX-Evil: 1\",\"session\":\"a b\"}",
    "{\"version\":1,\"bearer\":\"\\u00e4\",\"session\":\"\\u007f\"}",
};

static void a_damaged_file_gives_no_tokens(void)
{
    for (size_t i = 0; i < sizeof(without_tokens) / sizeof(without_tokens[0]); i++) {
        cleanup_state state *in = NULL;
        cleanup_tokens tokens found = {NULL, 0, NULL, 0};
        CHECK_OK(fresh_state(&in));
        CHECK_OK(state_write(in, "tokens", without_tokens[i], strlen(without_tokens[i]), NULL));
        CHECK_OK(token_file_read(&found, in, "tokens", NULL));
        CHECK(!found.bearer && !found.session);
    }
}

/* Nothing can be subtracted from the first of them. */
static void an_end_before_1970_is_not_known(void)
{
    static const char *const ends[] = {"-9223372036854775808", "-1", "0"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        cleanup_state state *in = NULL;
        cleanup_tokens tokens found = {NULL, 0, NULL, 0};
        char text[100];
        snprintf(text, sizeof(text), "{\"version\":1,\"bearer\":\"b\",\"bearerExpires\":%s}",
                 ends[i]);
        CHECK_OK(fresh_state(&in));
        CHECK_OK(state_write(in, "tokens", text, strlen(text), NULL));
        CHECK_OK(token_file_read(&found, in, "tokens", NULL));
        CHECK(found.bearer != NULL);
        CHECK_INT(found.bearer_expires_ms, 0);
    }
}

static void an_absent_file_gives_no_tokens(void)
{
    cleanup_state state *in = NULL;
    cleanup_tokens tokens found = {NULL, 0, NULL, 0};
    CHECK_OK(fresh_state(&in));
    CHECK_OK(token_file_read(&found, in, "tokens", NULL));
    CHECK(!found.bearer && !found.session);
}

static void every_part_and_its_place_make_the_name(void)
{
    char names[5][STATE_NAME_SIZE];
    cleanup_secret thingspace_secret *a = NULL, *b = NULL;
    CHECK_OK(make_secret(&a, "aa"));
    CHECK_OK(make_secret(&b, "b"));
    token_file_name(names[0], "u", a, "v", b);
    token_file_name(names[1], "u", b, "v", a);
    token_file_name(names[2], "v", a, "u", b);
    token_file_name(names[3], "ua", b, "v", b);
    token_file_name(names[4], "u", a, "vb", b);
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < i; j++)
            CHECK(strcmp(names[i], names[j]) != 0);
    CHECK_INT(strlen(names[0]), 76);
}

static const check_case cases[] = {
    CHECK_CASE(what_is_written_is_read),
    CHECK_CASE(a_token_as_long_as_a_secret_may_be_is_kept),
    CHECK_CASE(a_damaged_file_gives_no_tokens),
    CHECK_CASE(an_end_before_1970_is_not_known),
    CHECK_CASE(an_absent_file_gives_no_tokens),
    CHECK_CASE(every_part_and_its_place_make_the_name),
};
CHECK_MAIN(cases)
