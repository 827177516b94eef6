/* SPDX-License-Identifier: MIT */
/* The one reader of URLs: what it splits and what it refuses. */
#include "check.h"
#include "base/limits.h"
#include "catalogue/weburl.h"

typedef struct expectation {
    const char *text;
    bool https;
    const char *host;
    unsigned port;
    const char *path;
} expectation;

static const expectation good[] = {
    {"https://hooks.example.com", true, "hooks.example.com", 443, ""},
    {"http://hooks.example.com/", false, "hooks.example.com", 80, "/"},
    {"HTTPS://Hooks.Example.COM:9001/A?b=c@d:e", true, "hooks.example.com", 9001, "/A?b=c@d:e"},
    {"https://hooks.example.com?x", true, "hooks.example.com", 443, "?x"},
    {"https://[2001:DB8::1]:65535/x", true, "[2001:db8::1]", 65535, "/x"},
    {"http://127.0.0.1:1", false, "127.0.0.1", 1, ""},
};

static void good_urls_are_split(void)
{
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        weburl url;
        CHECK_OK(weburl_split(&url, good[i].text, NULL));
        CHECK_INT(url.https, good[i].https);
        CHECK_TEXT(url.host, good[i].host);
        CHECK_INT(url.port, good[i].port);
        CHECK_TEXT(url.path, good[i].path);
    }
}

static const char *const bad[] = {
    "",
    "hooks.example.com",
    "//hooks.example.com",
    "ftp://hooks.example.com",
    "file:///etc/passwd",
    "gopher://a.example.com",
    "https:/a.example.com",
    "https://",
    "https:///path",
    "https://:443/",
    "https://?x",
    "https://user@a.example.com",
    "https://user:secret@a.example.com/",
    "https://a.example.com#frag",
    "https://a.example.com/x#",
    "https://a.example.com:",
    "https://a.example.com:0",
    "https://a.example.com:65536",
    "https://a.example.com:4294967739",
    "https://a.example.com:44 3",
    "https://a.example.com:-1",
    "https://a.example.com:0x50",
    "https://a.example.com:80:80",
    "https://a.example.com/a b",
    "https://a.example.com/\r\nHost: b",
    "https://a.example.com/\xc3\xa4",
    "https://a.example.com\\@b.example.com/",
    "https://[::1]x/",
    "https://[::1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://127.1/",
    "https://[::ffff:127.0.0.1]/",
    " https://a.example.com",
};

static void bad_urls_are_refused(void)
{
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        weburl url;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK(check_report(weburl_split(&url, bad[i], &error) == THINGSPACE_USAGE, __FILE__,
                           __LINE__, "%s", bad[i]));
        CHECK(strstr(error.message, "secret") == NULL);
    }
    weburl url;
    CHECK_STATUS(weburl_split(&url, NULL, NULL), THINGSPACE_USAGE);
}

static void a_user_name_before_the_host_is_named_as_the_reason(void)
{
    weburl url;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(weburl_split(&url, "https://a.example.com@b.example.com/", &error),
                 THINGSPACE_USAGE);
    CHECK(strstr(error.message, "user name") != NULL);
}

static void the_limit_is_the_last_length_accepted(void)
{
    static char text[LIMIT_URL + 2] = "https://a.example.com/";
    weburl url;
    size_t size = strlen("https://a.example.com/");
    memset(text + size, 'x', LIMIT_URL + 1 - size);
    text[LIMIT_URL] = '\0';
    CHECK_OK(weburl_split(&url, text, NULL));
    text[LIMIT_URL] = 'x';
    CHECK_STATUS(weburl_split(&url, text, NULL), THINGSPACE_USAGE);
}

static const check_case cases[] = {
    CHECK_CASE(good_urls_are_split),
    CHECK_CASE(bad_urls_are_refused),
    CHECK_CASE(a_user_name_before_the_host_is_named_as_the_reason),
    CHECK_CASE(the_limit_is_the_last_length_accepted),
};
CHECK_MAIN(cases)
