/* SPDX-License-Identifier: MIT */
/* Patterns of URLs: what they match, and what somebody may write to get past one. */
#include <stdlib.h>
#include "base/limits.h"
#include "catalogue/url_pattern.h"
#include "check.h"

#define ACME "https://*.acme.example/*"

static const struct row {
    const char *pattern, *url;
    bool matches;
} rows[] = {
    {ACME, "https://hooks.acme.example/a", true},
    {ACME, "https://a.b.acme.example/", true},
    {ACME, "https://hooks.acme.example/a/b?c=d/..", true},
    {ACME, "https://hooks.acme.example", true},
    {ACME, "https://hooks.acme.example?token=x", true},
    {ACME, "HTTPS://Hooks.ACME.example/A", true},
    {ACME, "https://hooks.acme.example:443/a", true},
    {"https://Hooks.Acme.Example/*", "https://hooks.acme.example/a", true},
    {"https://hooks.example.com/*/CarrierService", "https://hooks.example.com/1/CarrierService",
     true},
    {"https://hooks.example.com/cb", "https://hooks.example.com/cb", true},
    {"https://hooks.example.com:8443/*", "https://hooks.example.com:8443/cb", true},
    {"https://hooks.example.com:*/*", "https://hooks.example.com:9/cb", true},
    {"http://127.0.0.1:8080/*", "http://127.0.0.1:8080/cb", true},
    {"https://[2001:db8::1]/*", "https://[2001:db8::1]/cb", true},
    {"https://*/*", "https://anywhere.example/", true},
    {"https://**.example/**", "https://a.example/b", true},

    /* the host is not that of the pattern */
    {ACME, "https://acme.example/a", false},
    {ACME, "https://evil.com/x.acme.example/", false},
    {ACME, "https://evil.com?x.acme.example/", false},
    {ACME, "https://evil.com/.acme.example/", false},
    {ACME, "https://evilacme.example/", false},
    {ACME, "https://hooks.acme.example.evil.com/", false},
    {ACME, "https://hooks.acme.example.:443/", false},
    {ACME, "https://evil.com#.acme.example/", false},
    {ACME, "https://evil.com\\.acme.example/", false},
    {ACME, "https://evil.com%2f.acme.example/", false},
    {ACME, "https://evil.com%00.acme.example/", false},
    {"https://*", "https://hooks.acme.example/", false},
    {"https://hooks*/*", "https://evil.com/hooks/", false},

    /* userinfo */
    {ACME, "https://hooks.acme.example@evil.com/", false},
    {ACME, "https://user@hooks.acme.example/", false},
    {ACME, "https://evil.com:x@hooks.acme.example/", false},
    {ACME, "https://hooks.acme.example:443@evil.com/", false},

    /* scheme and port */
    {ACME, "http://hooks.acme.example/", false},
    {ACME, "https://hooks.acme.example:8443/", false},
    {ACME, "https://hooks.acme.example:0443/x", true},
    {ACME, "https://hooks.acme.example:/x", false},
    {ACME, "https://hooks.acme.example:443:80/x", false},
    {"https://hooks.example.com:8443/*", "https://hooks.example.com/", false},
    {ACME, "file://hooks.acme.example/", false},
    {ACME, "//hooks.acme.example/", false},
    {ACME, "hooks.acme.example/", false},
    {ACME, "", false},

    /* letters that look like others, and bytes outside ASCII */
    {ACME, "https://hooks.acm\xd0\xb5.example/", false},
    {ACME,
     "https://hooks\xe3\x80\x82"
     "acme.example/",
     false},
    {ACME, "https://hooks.acme.example/\xc3\xa4", false},
    {"https://hooks.acme.example/*", "https://xn--hooks-acme.example/", false},
    {ACME, "https://hooks.acme.example/\n", false},
    {ACME, " https://hooks.acme.example/", false},

    /* the path leads elsewhere */
    {"https://h.example/acme/*", "https://h.example/acme/../evil", false},
    {"https://h.example/acme/*", "https://h.example/acme/..", false},
    {"https://h.example/acme/*", "https://h.example/acme/%2e%2e/evil", false},
    {"https://h.example/acme/*", "https://h.example/acme/.%2E/evil", false},
    {"https://h.example/acme/*", "https://h.example/acme/..;/evil", false},
    {"https://h.example/acme/*", "https://h.example/acme/%5c../evil", false},
    {"https://h.example/acme/*", "https://h.example/acme\\..\\evil", false},
    {"https://h.example/acme/*", "https://h.example/ACME/x", false},
    {"https://h.example/acme/*", "https://h.example/acme", false},
    {"https://h.example/acme/*", "https://h.example/x/acme/", false},
    {"https://h.example/acme", "https://h.example/acme?x", false},
    {"https://h.example/acme/*", "https://h.example?/acme/x", false},
};

static void a_pattern_matches_part_by_part(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (!check_report(url_pattern_matches(rows[i].pattern, rows[i].url) == rows[i].matches,
                          __FILE__, __LINE__, "%s against %s", rows[i].url, rows[i].pattern))
            return;
}

static void what_is_no_pattern_is_refused(void)
{
    static const struct {
        const char *pattern, *reason;
    } wrong[] = {
        {"", "it is empty"},
        {NULL, "it is empty"},
        {"*", "it begins with neither https:// nor http://"},
        {"hooks.example.com/*", "it begins with neither https:// nor http://"},
        {"*://hooks.example.com/*", "it begins with neither https:// nor http://"},
        {"ftp://hooks.example.com/*", "it begins with neither https:// nor http://"},
        {"https://hooks.example.com", "it has no path"},
        {"https:///x", "it has no host"},
        {"https://:443/x", "it has no host"},
        {"https://user@hooks.example.com/*", "its host has a character that no host has"},
        {"https://hooks%2eexample.com/*", "its host has a character that no host has"},
        {"https://hooks.example.com:/*", "its port is neither * nor a number from 1 to 65535"},
        {"https://hooks.example.com:0/*", "its port is neither * nor a number from 1 to 65535"},
        {"https://hooks.example.com:65536/*", "its port is neither * nor a number from 1 to 65535"},
        {"https://hooks.example.com:4*/*", "its port is neither * nor a number from 1 to 65535"},
        {"https://hooks.example.com/a b", "it has a character that no URL may have"},
        {"https://hooks.example.com/#a", "it has a character that no URL may have"},
        {"https://h\xc3\xa4.example.com/", "it has a character that no URL may have"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_STATUS(url_pattern_check(wrong[i].pattern, &error), THINGSPACE_USAGE);
        if (!check_report(strstr(error.message, wrong[i].reason) != NULL, __FILE__, __LINE__,
                          "%s: %s", wrong[i].pattern, error.message))
            return;
        CHECK(!url_pattern_matches(wrong[i].pattern, "https://hooks.example.com/a"));
    }
}

/* 8 KiB of "*a" against 8 KiB of "a" would be 10^7 steps and more for a matcher that goes back. */
static void long_ones_take_no_longer_than_they_are(void)
{
    static char pattern[LIMIT_URL + 1], url[LIMIT_URL + 1];
    memset(url, 'a', LIMIT_URL);
    memset(pattern, 'a', LIMIT_URL);
    memcpy(url, "https://h.example/", 18);
    memcpy(pattern, "https://h.example/", 18);
    for (size_t i = 18; i < LIMIT_URL; i += 2)
        pattern[i] = '*';
    pattern[LIMIT_URL - 1] = 'b';
    for (int i = 0; i < 1000; i++)
        CHECK(!url_pattern_matches(pattern, url));
    pattern[LIMIT_URL - 1] = 'a';
    CHECK(url_pattern_matches(pattern, url));
}

static const check_case cases[] = {
    CHECK_CASE(a_pattern_matches_part_by_part),
    CHECK_CASE(what_is_no_pattern_is_refused),
    CHECK_CASE_ONCE(long_ones_take_no_longer_than_they_are),
};

CHECK_MAIN(cases)
