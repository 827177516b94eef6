/* SPDX-License-Identifier: MIT */
/* Text helpers: copies, comparisons, UTF-8, escaping, patterns, numbers. */
#include <config.h>
#include <limits.h>
#include <stdlib.h>
#include "base/text.h"
#include "check.h"

static void a_copy_is_equal_and_its_own(void)
{
    cleanup_text char *copy = text_copy("caf\xc3\xa9");
    CHECK_MADE(copy);
    CHECK_TEXT(copy, "caf\xc3\xa9");
    cleanup_text char *part = text_copy_range("abcdef", 3);
    CHECK_MADE(part);
    CHECK_TEXT(part, "abc");
    CHECK(text_copy(NULL) == NULL);
}

static void format_makes_text_of_any_length(void)
{
    cleanup_text char *text = text_format("%0300d|%s", 7, "end");
    CHECK_MADE(text);
    CHECK_INT(strlen(text), 304);
    CHECK_TEXT(text + 299, "7|end");
}

static void null_equals_only_null(void)
{
    CHECK(text_equal(NULL, NULL) && !text_equal(NULL, "") && !text_equal("", NULL));
    CHECK(text_equal("a", "a") && !text_equal("a", "A"));
    CHECK(text_same(NULL, "") && text_same(NULL, NULL) && !text_same(NULL, "a"));
    CHECK(text_equal_ignoring_case(NULL, NULL) && !text_equal_ignoring_case("", NULL));
}

static void only_ascii_letters_ignore_case(void)
{
    CHECK(text_equal_ignoring_case("Content-TYPE", "content-type"));
    CHECK(!text_equal_ignoring_case("abc", "abcd") && !text_equal_ignoring_case("abcd", "abc"));
    CHECK(!text_equal_ignoring_case("@", "`"));
    CHECK(!text_equal_ignoring_case("[", "{"));
    CHECK(!text_equal_ignoring_case("\xc3\x89", "\xc3\xa9"));
}

static void prefixes_ends_and_emptiness(void)
{
    CHECK(text_starts_with("https://a", "https://") && text_starts_with("a", ""));
    CHECK(!text_starts_with("http", "https") && !text_starts_with(NULL, "a"));
    CHECK(text_starts_with_ignoring_case("HTTPS://a", "https://"));
    CHECK(text_starts_with_ignoring_case("a", "") && text_starts_with_ignoring_case("a", "A"));
    CHECK(!text_starts_with_ignoring_case("http", "https"));
    CHECK(!text_starts_with_ignoring_case("@", "`"));
    CHECK(text_ends_with("a.lua", ".lua") && text_ends_with("a", ""));
    CHECK(!text_ends_with(".lua", ".lua") && !text_ends_with("lua", ".lua"));
    CHECK(!text_ends_with("a.LUA", ".lua") && !text_ends_with("", ""));
    CHECK(text_is_empty(NULL) && text_is_empty("") && !text_is_empty(" "));
}

static void control_characters_are_found(void)
{
    CHECK(text_has_control("a\nb") && text_has_control("\x7f") && text_has_control("\x1f"));
    CHECK(!text_has_control("a b\xc3\xa9") && !text_has_control("") && !text_has_control(NULL));
}

static void only_well_formed_utf8_passes(void)
{
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"", true},
        {"plain", true},
        {"\xc2\x80", true},
        {"\xe2\x82\xac", true},
        {"\xed\x9f\xbf", true},
        {"\xee\x80\x80", true},
        {"\xf0\x90\x80\x80", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"\x80", false},             /* a continuation alone */
        {"\xc0\x80", false},         /* overlong NUL */
        {"\xc1\xbf", false},         /* overlong */
        {"\xe0\x9f\xbf", false},     /* overlong */
        {"\xf0\x8f\xbf\xbf", false}, /* overlong */
        {"\xed\xa0\x80", false},     /* surrogate */
        {"\xed\xbf\xbf", false},     /* surrogate */
        {"\xf4\x90\x80\x80", false}, /* above U+10FFFF */
        {"\xf5\x80\x80\x80", false},
        {"\xe2\x82", false}, /* cut short */
        {"a\xe2\x82z", false},
        {"\xff", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_INT(text_is_utf8(rows[i].text, strlen(rows[i].text)) ? 1 + (int)i : -1 - (int)i,
                  rows[i].good ? 1 + (int)i : -1 - (int)i);
}

static void what_could_move_a_terminal_is_escaped(void)
{
    static const struct {
        const char *text, *escaped;
    } rows[] = {
        {"caf\xc3\xa9 \xf0\x9f\x98\x80", "caf\xc3\xa9 \xf0\x9f\x98\x80"},
        {"a\nb\tc\rd", "a\\nb\\tc\\x0dd"},
        {"\x1b[31m", "\\x1b[31m"},
        {"\x7f", "\\x7f"},
        {"\xc2\x9b", "\\u{009b}"},
        {"\xe2\x80\xae", "\\u{202e}"},
        {"\xe2\x81\xa6", "\\u{2066}"},
        {"\xe2\x80\xa8", "\\u{2028}"},
        {"\xd8\x9c", "\\u{061c}"},
        {"\xff\xc3", "\\xff\\xc3"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
    };
    char out[64];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        text_escape(out, sizeof(out), rows[i].text, strlen(rows[i].text));
        CHECK_TEXT(out, rows[i].escaped);
    }
    text_escape(out, sizeof(out), "a\0b", 3);
    CHECK_TEXT(out, "a\\x00b");
}

static void long_text_is_cut_between_characters(void)
{
    static const struct {
        size_t capacity;
        const char *text, *cut;
    } rows[] = {
        {8, "abcdefg", "abcdefg"},
        {8, "abcdefgh", "abcd..."},
        {8, "abc\xc3\xa9gh", "abc\xc3\xa9gh"},
        {8, "abc\xc3\xa9ghi", "abc..."},
        {8, "\x01\x02\x03", "\\x01..."},
        {7, "\x01\x02", "..."},
        {4, "abcd", "..."},
        {3, "abcd", ".."},
        {1, "abcd", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *out = malloc(rows[i].capacity); /* exactly, so that a sanitizer sees an overrun */
        CHECK_MADE(out);
        text_escape(out, rows[i].capacity, rows[i].text, strlen(rows[i].text));
        bool good = check_equal_text(out, rows[i].cut, __FILE__, __LINE__);
        free(out);
        if (!good)
            return;
    }
    text_escape(NULL, 0, "abcd", 4);
}

static void a_star_matches_any_run(void)
{
    static const struct {
        const char *text, *pattern;
        bool matches;
    } rows[] = {
        {"0000123456-00001", "0000123456-*", true},
        {"0000123456-00001", "0000123456-00001", true},
        {"0000123456-00001", "0000123457-*", false},
        {"", "", true},
        {"", "*", true},
        {"a", "", false},
        {"abcbc", "a*bc", true},
        {"abcbd", "a*bc", false},
        {"a", "a*a", false},
        {"aa", "a*a", true},
        {"xaby", "*a*b*", true},
        {"xbay", "*a*b*", false},
        {"ab", "a**b", true},
        {"abc", "ABC", false},
        {"a?c", "a?c", true},
        {"abc", "a?c", false},
        {"ab", "*abab", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_INT(text_matches(rows[i].text, rows[i].pattern) ? 1 + (int)i : -1 - (int)i,
                  rows[i].matches ? 1 + (int)i : -1 - (int)i);
    CHECK(!text_matches(NULL, "*") && !text_matches("a", NULL));
}

static void a_hostile_pattern_is_answered_at_once(void)
{
    static char text[100001], pattern[2001];
    memset(text, 'a', sizeof(text) - 1);
    for (size_t i = 0; i < sizeof(pattern) - 2; i++)
        pattern[i] = i % 2 ? 'a' : '*';
    pattern[sizeof(pattern) - 2] = 'b';
    CHECK(!text_matches(text, pattern));
}

static void integers_are_whole_and_fit(void)
{
    long long value = 5;
    CHECK(text_to_integer("9223372036854775807", &value) && value == LLONG_MAX);
    CHECK(text_to_integer("-9223372036854775808", &value) && value == LLONG_MIN);
    CHECK(text_to_integer("0", &value) && value == 0);
    static const char *const bad[] = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "1e3",
        "0x1",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
    };
    value = 5;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK(!text_to_integer(bad[i], &value) && value == 5);
    CHECK(!text_to_integer(NULL, &value));
}

/* Every byte at every place of two words and a rest, with every byte behind it that may carry. */
static void plain_text_ends_at_the_first_special_byte(void)
{
    static const unsigned char behind[] = {0x00, 0x1f, ' ', '"', '\\', 'a', 0x7f, 0x80, 0xff};
    for (size_t at = 0; at < 19; at++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[20];
            memset(text, 'a', sizeof(text));
            text[at] = (char)byte;
            text[at + 1] = (char)behind[(size_t)byte % sizeof(behind)];
            bool plain = byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
            CHECK_INT(text_plain_length(text, at + 1), at + plain);
            if (!plain)
                CHECK_INT(text_plain_length(text, sizeof(text)), at);
        }
    }
    CHECK_INT(text_plain_length("", 0), 0);
}

static void a_list_is_copied_with_its_end(void)
{
    const char *const list[] = {"one", "", "three", NULL};
    char **copy, **nothing;
    bool copied = text_list_copy(&copy, list);
    bool good = copied && strcmp(copy[0], "one") == 0 && copy[0] != list[0] && !*copy[1] &&
                strcmp(copy[2], "three") == 0 && !copy[3];
    text_list_free(copy);
    CHECK(good || (!copied && check_allocation_failed()));
    CHECK(text_list_copy(&nothing, NULL) && !nothing);
    text_list_free(NULL);
}

static void names_are_small_letters_digits_and_a_joiner(void)
{
    CHECK(text_is_name("a", '-', 1) && text_is_name("rate-limit2", '-', 11));
    CHECK(text_is_name("longest_wait", '_', 63) && text_is_name("a-", '-', 63));
    CHECK(!text_is_name("longest_wait", '-', 63) && !text_is_name("abc", '-', 2));
    CHECK(!text_is_name("", '-', 63) && !text_is_name(NULL, '-', 63));
    CHECK(!text_is_name("-a", '-', 63) && !text_is_name("1a", '-', 63));
    CHECK(!text_is_name("aB", '-', 63) && !text_is_name("a\xc3\xa9", '-', 63));
}

static const check_case cases[] = {
    CHECK_CASE(a_copy_is_equal_and_its_own),
    CHECK_CASE(format_makes_text_of_any_length),
    CHECK_CASE(a_list_is_copied_with_its_end),
    CHECK_CASE(null_equals_only_null),
    CHECK_CASE(only_ascii_letters_ignore_case),
    CHECK_CASE(prefixes_ends_and_emptiness),
    CHECK_CASE(names_are_small_letters_digits_and_a_joiner),
    CHECK_CASE(control_characters_are_found),
    CHECK_CASE(only_well_formed_utf8_passes),
    CHECK_CASE(plain_text_ends_at_the_first_special_byte),
    CHECK_CASE(what_could_move_a_terminal_is_escaped),
    CHECK_CASE(long_text_is_cut_between_characters),
    CHECK_CASE(a_star_matches_any_run),
    CHECK_CASE(a_hostile_pattern_is_answered_at_once),
    CHECK_CASE(integers_are_whole_and_fit),
};
CHECK_MAIN(cases)
