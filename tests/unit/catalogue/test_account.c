/* SPDX-License-Identifier: MIT */
/* Account names: what is refused, what is hinted at, and that encoding never leaves the segment. */
#include "check.h"
#include "base/limits.h"
#include "catalogue/account.h"

static void names_of_the_known_forms_are_accepted(void)
{
    static const char *const good[] = {
        "0000123456-00001", "122333444-00002", "TestAccount-2", "a", "a.b_c-d", "..."};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        CHECK_OK(account_check(good[i], NULL));
}

static void what_could_leave_the_path_segment_is_refused(void)
{
    static const char *const bad[] = {"../../session/login",
                                      ".",
                                      "..",
                                      "a/b",
                                      "a\\b",
                                      "a?b",
                                      "a#b",
                                      "%2e",
                                      "a\rb",
                                      "a\nb",
                                      "a b",
                                      "a\tb",
                                      "a'b",
                                      "a<b",
                                      "a>b",
                                      "a\"b",
                                      "\x7f",
                                      "\xc3\xa4",
                                      ""};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_STATUS(account_check(bad[i], &error), THINGSPACE_USAGE);
        CHECK(strstr(error.message, "account name") != NULL);
    }
    CHECK_STATUS(account_check(NULL, NULL), THINGSPACE_USAGE);
}

static void the_limit_is_the_last_length_accepted(void)
{
    char name[LIMIT_ACCOUNT + 2];
    memset(name, '1', sizeof(name));
    name[LIMIT_ACCOUNT] = '\0';
    CHECK_OK(account_check(name, NULL));
    name[LIMIT_ACCOUNT] = '1';
    name[LIMIT_ACCOUNT + 1] = '\0';
    CHECK_STATUS(account_check(name, NULL), THINGSPACE_USAGE);
}

static void lost_leading_zeros_are_hinted_at(void)
{
    CHECK(account_hint("123456-00001") != NULL);
    CHECK(account_hint("123456-1") != NULL);
    CHECK(account_hint("123456") != NULL);
    CHECK(account_hint("0000123456-00001") == NULL);
    CHECK(account_hint("0000123456") == NULL);
    CHECK(account_hint("12a") == NULL);
    CHECK(account_hint("123456-0000a") == NULL);
    CHECK(account_hint("TestAccount-2") == NULL);
}

static void a_canonical_name_is_encoded_as_it_is(void)
{
    cleanup_buffer buffer out;
    buffer_init(&out, 1000);
    CHECK_OK(account_encode(&out, "0000123456-00001"));
    CHECK_TEXT(buffer_text(&out), "0000123456-00001");
}

static void everything_but_unreserved_characters_is_encoded(void)
{
    cleanup_buffer buffer out;
    buffer_init(&out, 1000);
    CHECK_OK(account_encode(&out, "../?#% &\r\xff~"));
    CHECK_TEXT(buffer_text(&out), "..%2F%3F%23%25%20%26%0D%FF~");
}

static const check_case cases[] = {
    CHECK_CASE(names_of_the_known_forms_are_accepted),
    CHECK_CASE(what_could_leave_the_path_segment_is_refused),
    CHECK_CASE(the_limit_is_the_last_length_accepted),
    CHECK_CASE(lost_leading_zeros_are_hinted_at),
    CHECK_CASE(a_canonical_name_is_encoded_as_it_is),
    CHECK_CASE(everything_but_unreserved_characters_is_encoded),
};
CHECK_MAIN(cases)
