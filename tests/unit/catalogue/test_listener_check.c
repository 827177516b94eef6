/* SPDX-License-Identifier: MIT */
/* What is refused and what is warned about before a listener is registered. */
#include "check.h"
#include "catalogue/listener_check.h"

#define FORTY "1234567890123456789012345678901234567890"

/* The names of the warnings, each followed by a semicolon. */
typedef struct notes {
    char names[200];
} notes;

static void note(void *user, const char *text)
{
    notes *seen = user;
    size_t used = strlen(seen->names), name = strcspn(text, ":");
    memcpy(seen->names + used, text, name);
    strcpy(seen->names + used + name, ";");
}

typedef struct expectation {
    const char *url, *username;
    const char *warnings;
} expectation;

static const expectation table[] = {
    {"https://hooks.example.com/a", NULL, ""},
    {"https://hooks.example.com/a", "acme", ""},
    {"https://hooks.example.com:9001/", "", ""},
    {"https://hooks.example.com:9006/", "", ""},
    {"https://hooks.example.com:9007/", "", "port;"},
    {"https://hooks.example.com:50550/", "", "port;"},
    {"https://hooks.example.com:50551/", "", ""},
    {"https://hooks.example.com:50559/", "", ""},
    {"https://hooks.example.com:28199/", "", "port;"},
    {"https://hooks.example.com:28200/", "", ""},
    {"https://hooks.example.com:28220/", "", ""},
    {"https://hooks.example.com:28221/", "", "port;"},
    {"https://hooks.example.com:50560/", "", "port;"},
    {"https://hooks.example.com:9000/", "", "port;"},
    {"https://hooks.example.com:80/", "", ""},
    {"http://hooks.example.com/", "", "plain-http;"},
    {"http://10.120.102.183:50559/x.asmx", NULL, "private-host;plain-http;"},
    {"https://gateway/", "", "private-host;"},
    {"https://[::1]:1234/", "", "port;private-host;"},
    {"https://hooks.example.com/", FORTY, ""},
    {"https://hooks.example.com/", FORTY "1", "length;"},
    {"https://hooks.example.com/", "\xc3\xa4" FORTY, "length;"},
    {"https://hooks.example.com/", "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4", ""},
};

static void what_probably_fails_is_warned_about_by_name(void)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        notes seen = {""};
        CHECK_OK(listener_check(table[i].url, table[i].username, NULL, note, &seen, NULL));
        CHECK_TEXT(seen.names, table[i].warnings);
    }
}

static void what_the_service_refuses_is_an_error_without_warnings(void)
{
    static const char *const usernames[] = {"a'b", "a<b", "a\\b", "a\nb", "a\x7f", "\xff"};
    notes seen = {""};
    for (size_t i = 0; i < sizeof(usernames) / sizeof(usernames[0]); i++)
        CHECK_STATUS(listener_check("http://gateway/", usernames[i], NULL, note, &seen, NULL),
                     THINGSPACE_USAGE);
    CHECK_STATUS(listener_check("https://a.example.com/'", "", NULL, note, &seen, NULL),
                 THINGSPACE_USAGE);
    CHECK_STATUS(listener_check("https://a.example.com/<", "", NULL, note, &seen, NULL),
                 THINGSPACE_USAGE);
    CHECK_STATUS(listener_check("ftp://a.example.com/", "", NULL, note, &seen, NULL),
                 THINGSPACE_USAGE);
    CHECK_TEXT(seen.names, "");
}

static void a_password_is_checked_and_never_quoted(void)
{
    static const char *const passwords[] = {"hush'x", "hush<x", "hush\\x", "hush\n"};
    for (size_t i = 0; i < sizeof(passwords) / sizeof(passwords[0]); i++) {
        cleanup_secret thingspace_secret *password = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_OK(thingspace_secret_new(&password, passwords[i], strlen(passwords[i]), NULL));
        CHECK_STATUS(listener_check("https://a.example.com/", NULL, password, NULL, NULL, &error),
                     THINGSPACE_USAGE);
        CHECK(strstr(error.message, "password") != NULL);
        CHECK(strstr(error.message, "hush") == NULL);
    }
}

static void a_nul_inside_a_password_is_refused(void)
{
    cleanup_secret thingspace_secret *password = NULL;
    CHECK_OK(thingspace_secret_new(&password, "a\0b", 3, NULL));
    CHECK_STATUS(listener_check("https://a.example.com/", NULL, password, NULL, NULL, NULL),
                 THINGSPACE_USAGE);
}

static void a_long_password_is_warned_about(void)
{
    cleanup_secret thingspace_secret *password = NULL;
    notes seen = {""};
    CHECK_OK(thingspace_secret_new(&password, FORTY "1", 41, NULL));
    CHECK_OK(listener_check("https://a.example.com/", NULL, password, note, &seen, NULL));
    CHECK_TEXT(seen.names, "length;");
}

static const check_case cases[] = {
    CHECK_CASE(what_probably_fails_is_warned_about_by_name),
    CHECK_CASE(what_the_service_refuses_is_an_error_without_warnings),
    CHECK_CASE(a_password_is_checked_and_never_quoted),
    CHECK_CASE(a_nul_inside_a_password_is_refused),
    CHECK_CASE(a_long_password_is_warned_about),
};
CHECK_MAIN(cases)
