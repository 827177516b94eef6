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

static thingspace_status check(const char *url, const char *username,
                               const thingspace_secret *password, listener_warn_function *warn,
                               void *user, thingspace_error *error)
{
    const listener_facts facts = {.url = url, .username = username, .password = password};
    return listener_check(&facts, warn, user, error);
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
        CHECK_OK(check(table[i].url, table[i].username, NULL, note, &seen, NULL));
        CHECK_TEXT(seen.names, table[i].warnings);
    }
}

static void what_the_service_refuses_is_an_error_without_warnings(void)
{
    static const char *const usernames[] = {"a'b", "a<b", "a\\b", "a\nb", "a\x7f", "\xff"};
    notes seen = {""};
    for (size_t i = 0; i < sizeof(usernames) / sizeof(usernames[0]); i++)
        CHECK_STATUS(check("http://gateway/", usernames[i], NULL, note, &seen, NULL),
                     THINGSPACE_USAGE);
    CHECK_STATUS(check("https://a.example.com/'", "", NULL, note, &seen, NULL), THINGSPACE_USAGE);
    CHECK_STATUS(check("https://a.example.com/<", "", NULL, note, &seen, NULL), THINGSPACE_USAGE);
    CHECK_STATUS(check("ftp://a.example.com/", "", NULL, note, &seen, NULL), THINGSPACE_USAGE);
    CHECK_TEXT(seen.names, "");
}

static void a_password_is_checked_and_never_quoted(void)
{
    static const char *const passwords[] = {"hush'x", "hush<x", "hush\\x", "hush\n"};
    for (size_t i = 0; i < sizeof(passwords) / sizeof(passwords[0]); i++) {
        cleanup_secret thingspace_secret *password = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_OK(thingspace_secret_new(&password, passwords[i], strlen(passwords[i]), NULL));
        CHECK_STATUS(check("https://a.example.com/", NULL, password, NULL, NULL, &error),
                     THINGSPACE_USAGE);
        CHECK(strstr(error.message, "password") != NULL);
        CHECK(strstr(error.message, "hush") == NULL);
    }
}

static void a_nul_inside_a_password_is_refused(void)
{
    cleanup_secret thingspace_secret *password = NULL;
    CHECK_OK(thingspace_secret_new(&password, "a\0b", 3, NULL));
    CHECK_STATUS(check("https://a.example.com/", NULL, password, NULL, NULL, NULL),
                 THINGSPACE_USAGE);
}

static void a_long_password_is_warned_about(void)
{
    cleanup_secret thingspace_secret *password = NULL;
    notes seen = {""};
    CHECK_OK(thingspace_secret_new(&password, FORTY "1", 41, NULL));
    CHECK_OK(check("https://a.example.com/", NULL, password, note, &seen, NULL));
    CHECK_TEXT(seen.names, "length;");
}

/* --- levels --- */

static const char *const bad[] = {
    "characters:https://a.example.com/'",   "port:https://a.example.com:8443/",
    "private-host:https://192.168.0.1/",    "private-host:https://gateway/",
    "plain-http:http://a.example.com/",     "characters:https://a.example.com/\\x",
    "characters:https://a.example.com/?<x",
};

static void each_check_has_the_level_that_is_set(void)
{
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        char name[20] = "";
        listener_levels levels = {{0}};
        thingspace_error error = THINGSPACE_ERROR_INIT;
        notes none = {""}, warned = {""};
        memcpy(name, bad[i], strcspn(bad[i], ":"));
        listener_facts facts = {.url = bad[i] + strlen(name) + 1, .levels = &levels};
        CHECK_OK(listener_levels_set(&levels, name, "refuse", &error));
        CHECK_STATUS(listener_check(&facts, note, &none, &error), THINGSPACE_USAGE);
        CHECK(strstr(error.message, name) && strstr(error.message, "= \"warn\" }"));
        CHECK_OK(listener_levels_set(&levels, name, "ignore", &error));
        CHECK_OK(listener_check(&facts, note, &none, &error));
        CHECK_TEXT(none.names, "");
        CHECK_OK(listener_levels_set(&levels, name, "warn", &error));
        CHECK_OK(listener_check(&facts, note, &warned, &error));
        CHECK(strncmp(warned.names, name, strlen(name)) == 0);
        CHECK_INT(listener_levels_get(&levels, name), LISTENER_WARN);
    }
}

static void what_cannot_be_sent_has_no_level(void)
{
    static const struct {
        const char *url, *username;
    } rows[] = {
        {"https://a.example.com/a b", NULL},  {"https://a.example.com/\n", NULL},
        {"https://a.example.com/\xff", NULL}, {"https://a.example.com\\x/", NULL},
        {"https://a.example.com/", "a\nb"},   {"https://a.example.com/", "\xff"},
        {"https://a.example.com/", "\x7f"},   {"https://u:p@a.example.com/", NULL},
    };
    listener_levels levels;
    memset(&levels, LISTENER_IGNORE, sizeof(levels));
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        listener_facts facts = {
            .url = rows[i].url, .username = rows[i].username, .levels = &levels};
        CHECK_STATUS(listener_check(&facts, NULL, NULL, NULL), THINGSPACE_USAGE);
        CHECK_STATUS(listener_check_sendable(&facts, NULL), THINGSPACE_USAGE);
    }
}

static void unknown_checks_and_levels_say_what_was_meant(void)
{
    listener_levels levels = {{0}};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(listener_levels_set(&levels, "prt", "warn", &error), THINGSPACE_USAGE);
    CHECK_TEXT(error.message, "there is no check 'prt'; did you mean 'port'?");
    CHECK_STATUS(listener_levels_set(&levels, "zzzzzzzz", "warn", &error), THINGSPACE_USAGE);
    CHECK(strstr(error.message, "known are: characters, port") != NULL);
    CHECK_STATUS(listener_levels_set(&levels, "port", "off", &error), THINGSPACE_USAGE);
    CHECK_TEXT(error.message, "port must be \"refuse\", \"warn\" or \"ignore\"");
    CHECK_STATUS(listener_levels_set(&levels, "port", NULL, &error), THINGSPACE_USAGE);
}

static void the_nearer_level_wins_and_a_stricter_one_tightens(void)
{
    listener_levels far = {{0}}, near = {{0}};
    CHECK_OK(listener_levels_set(&far, "port", "refuse", NULL));
    CHECK_OK(listener_levels_set(&far, "length", "ignore", NULL));
    CHECK_OK(listener_levels_set(&near, "port", "ignore", NULL));
    CHECK_OK(listener_levels_set(&near, "characters", "warn", NULL));
    CHECK_OK(listener_levels_set(&near, "plain-http", "refuse", NULL));
    listener_levels tight = far;
    listener_levels_override(&far, &near);
    CHECK_INT(listener_levels_get(&far, "port"), LISTENER_IGNORE);
    CHECK_INT(listener_levels_get(&far, "length"), LISTENER_IGNORE);
    CHECK_INT(listener_levels_get(&far, "credentials"), LISTENER_DEFAULT);
    listener_levels_tighten(&tight, &near);
    CHECK_INT(listener_levels_get(&tight, "port"), LISTENER_REFUSE);
    CHECK_INT(listener_levels_get(&tight, "characters"), LISTENER_DEFAULT);
    CHECK_INT(listener_levels_get(&tight, "plain-http"), LISTENER_REFUSE);
}

/* --- the UWS user --- */

static thingspace_status make_secret(thingspace_secret **out, const char *text)
{
    return thingspace_secret_new(out, text, strlen(text), NULL);
}

static void the_uws_password_is_not_for_listeners(void)
{
    cleanup_secret thingspace_secret *user = NULL, *password = NULL, *same = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    listener_levels levels = {{0}};
    notes seen = {""};
    CHECK_OK(make_secret(&user, "me"));
    CHECK_OK(make_secret(&password, "hush"));
    CHECK_OK(make_secret(&same, "hush"));
    listener_facts facts = {.url = "https://a.example.com/",
                            .username = "you",
                            .password = same,
                            .levels = &levels,
                            .uws_username = user,
                            .uws_password = password};
    CHECK_STATUS(listener_check(&facts, NULL, NULL, &error), THINGSPACE_USAGE);
    CHECK(strstr(error.message, "UWS password") && !strstr(error.message, "hush"));
    facts.username = "hush";
    facts.password = NULL;
    CHECK_STATUS(listener_check(&facts, NULL, NULL, &error), THINGSPACE_USAGE);
    facts.username = "me";
    CHECK_OK(listener_check(&facts, note, &seen, &error));
    CHECK_TEXT(seen.names, "credentials;");
    CHECK_OK(listener_levels_set(&levels, "credentials", "refuse", NULL));
    CHECK_STATUS(listener_check(&facts, NULL, NULL, &error), THINGSPACE_USAGE);
    CHECK_OK(listener_levels_set(&levels, "credentials", "ignore", NULL));
    facts.password = same;
    CHECK_OK(listener_check(&facts, note, &seen, &error));
    CHECK_TEXT(seen.names, "credentials;");
}

static const check_case cases[] = {
    CHECK_CASE(each_check_has_the_level_that_is_set),
    CHECK_CASE(what_cannot_be_sent_has_no_level),
    CHECK_CASE(unknown_checks_and_levels_say_what_was_meant),
    CHECK_CASE(the_nearer_level_wins_and_a_stricter_one_tightens),
    CHECK_CASE(the_uws_password_is_not_for_listeners),
    CHECK_CASE(what_probably_fails_is_warned_about_by_name),
    CHECK_CASE(what_the_service_refuses_is_an_error_without_warnings),
    CHECK_CASE(a_password_is_checked_and_never_quoted),
    CHECK_CASE(a_nul_inside_a_password_is_refused),
    CHECK_CASE(a_long_password_is_warned_about),
};
CHECK_MAIN(cases)
