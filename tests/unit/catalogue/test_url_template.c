/* SPDX-License-Identifier: MIT */
/* Templates of URLs: what they expand to, and what is no template. */
#include "base/limits.h"
#include "catalogue/url_template.h"
#include "check.h"

static void placeholders_become_encoded_parts(void)
{
    static const struct {
        const char *url, *account, *token, *expected;
    } rows[] = {
        {"https://h/a", "A", "t", "https://h/a"},
        {"https://h/{account}/{service}", "0000123456-00001", NULL,
         "https://h/0000123456-00001/S.1"},
        {"https://h/{account}", "a/../b?c=%2e d", NULL, "https://h/a%2F..%2Fb%3Fc%3D%252e%20d"},
        {"https://h/?a={account}&t={token}", "A&B", "x_-", "https://h/?a=A%26B&t=x_-"},
        {"https://h/{token}/{account}", "{token}", NULL, "https://h/{token}/%7Btoken%7D"},
        {"https://h/{service}{service}", "A", NULL, "https://h/S.1S.1"},
        {"https://h/{{account}}/{account}", "A", NULL, "https://h/{{account}}/A"},
        {"https://h/{{{account}}}", "A", NULL, "https://h/{{A}}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        const url_values values = {rows[i].account, "S.1", rows[i].token, false};
        cleanup_buffer buffer out;
        buffer_init(&out, LIMIT_URL);
        CHECK_OK(url_template_check(rows[i].url, &error));
        CHECK_OK(url_template_expand(&out, rows[i].url, &values));
        CHECK_TEXT(buffer_text(&out), rows[i].expected);
    }
}

static void what_is_no_template_is_refused(void)
{
    static const struct {
        const char *url, *message;
    } rows[] = {
        {"https://h/{foo}",
         "the URL has an unknown placeholder {foo}; known are {account}, {service} and {token}"},
        {"https://h/{}",
         "the URL has an unknown placeholder {}; known are {account}, {service} and {token}"},
        {"https://h/{account", "the URL has a brace that belongs to no placeholder; known are "
                               "{account}, {service} and {token}, and a brace itself is written "
                               "{{ or }}"},
        {"https://{account}.example.com/",
         "the URL has a placeholder before its path; write it behind the host"},
        {"https://h:{account}/",
         "the URL has a placeholder before its path; write it behind the host"},
        {"{account}", "the URL has a placeholder before its path; write it behind the host"},
    };
    static const char *const braces[] = {"https://h/}", "https://h/{{}", "https://h{{/",
                                         "https://h/{account}}", "https://h/{a\x1b}"};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK_STATUS(url_template_check(rows[i].url, &error), THINGSPACE_USAGE);
        CHECK_TEXT(error.message, rows[i].message);
    }
    for (size_t i = 0; i < sizeof(braces) / sizeof(*braces); i++)
        CHECK_STATUS(url_template_check(braces[i], &error), THINGSPACE_USAGE);
}

/* The last pass makes braces single; before, they can be told from placeholders. */
static void doubled_braces_are_braces(void)
{
    static const char *const rows[][2] = {
        {"https://h/{{account}}?{{", "https://h/{account}?{"},
        {"https://h/{{{token}}}", "https://h/{t}"},
        {"https://h/{{token}}", "https://h/{token}"},
        {"https://h/a", "https://h/a"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        const url_values values = {.token = "t", .last = true};
        cleanup_buffer buffer out;
        buffer_init(&out, LIMIT_URL);
        CHECK_OK(url_template_check(rows[i][0], &error));
        CHECK_OK(url_template_expand(&out, rows[i][0], &values));
        CHECK_TEXT(buffer_text(&out), rows[i][1]);
        CHECK(url_template_wants_token(rows[i][0]) == (i == 1));
    }
}

static void one_without_placeholders_is_known_at_once(void)
{
    CHECK(!url_template_is("https://h/a"));
    CHECK(!url_template_is(NULL));
    CHECK(url_template_is("https://h/}"));
    CHECK(!url_template_wants_token("https://h/{account}"));
    CHECK(url_template_wants_token("https://h/?{token}"));
}

static const check_case cases[] = {
    CHECK_CASE(placeholders_become_encoded_parts),
    CHECK_CASE(what_is_no_template_is_refused),
    CHECK_CASE(doubled_braces_are_braces),
    CHECK_CASE(one_without_placeholders_is_known_at_once),
};

CHECK_MAIN(cases)
