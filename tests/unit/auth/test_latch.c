/* SPDX-License-Identifier: MIT */
/*
 * The latch's rules, as histories of logins in real state files: each letter of a
 * history is one login, the file is opened anew for each.
 */
#include "check.h"
#include <stdio.h>
#include <stdlib.h>
#include "auth/digest_key.h"
#include "auth/latch.h"
#include "base/clock.h"

#define URL "https://example.com/api/m2m/v1/session/login"

static void close_latch(latch **latch)
{
    latch_close(*latch);
}
static void close_state(state **state)
{
    state_close(*state);
}
#define cleanup_latch __attribute__((cleanup(close_latch)))
#define cleanup_state __attribute__((cleanup(close_state)))

/* A fresh directory for every run of a test, so that no run sees the files of another. */
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

/*
 * One login with the password named by the letter: 'a' refused, 'A' cut off (nothing more is
 * known), '+' success, '-' not sent, 'u' unlatch. Returns what latch_check says.
 */
static thingspace_status step(state *in, const thingspace_secret *user, char letter)
{
    cleanup_latch latch *opened = NULL;
    cleanup_secret thingspace_secret *password = NULL;
    char text[] = "password-?";
    text[9] = (char)(letter >= 'A' && letter <= 'Z' ? letter + 32 : letter);
    thingspace_status status = make_secret(&password, text);
    if (status == THINGSPACE_OK)
        status = latch_open(&opened, in, URL, user, NULL);
    if (status == THINGSPACE_OK && letter == 'u')
        return latch_clear(opened, NULL);
    if (status == THINGSPACE_OK)
        status = latch_check(opened, password, NULL);
    if (status == THINGSPACE_OK)
        status = latch_raise(opened, password, NULL);
    if (status != THINGSPACE_OK || (letter >= 'A' && letter <= 'Z'))
        return status;
    if (letter == '+')
        return latch_clear(opened, NULL);
    return letter == '-' ? latch_not_sent(opened, NULL) : latch_refused(opened, NULL);
}

static const struct {
    const char *name, *history;
    char next; /* 'a' or 'z': a password of the history, or a new one */
    thingspace_status expected;
    unsigned count; /* before it */
} histories[] = {
    {"nothing yet", "", 'a', THINGSPACE_OK, 0},
    {"refused once, same password", "a", 'a', THINGSPACE_LATCHED, 1},
    {"refused once, other password", "a", 'z', THINGSPACE_OK, 1},
    {"cut off once, same password", "A", 'a', THINGSPACE_OK, 1},
    {"cut off twice, same password", "AA", 'a', THINGSPACE_LATCHED, 2},
    {"cut off twice, other password", "AA", 'z', THINGSPACE_OK, 2},
    {"cut off, then refused", "Ab", 'a', THINGSPACE_LATCHED, 2},
    {"two refused, a third password", "ab", 'z', THINGSPACE_OK, 2},
    {"two refused, the first again", "ab", 'a', THINGSPACE_LATCHED, 2},
    {"three refused, a fourth password", "abc", 'z', THINGSPACE_OK, 3},
    {"four refused, a fifth password", "abcd", 'z', THINGSPACE_LATCHED, 4},
    {"cut off twice, a third try was stopped", "AAA", 'z', THINGSPACE_OK, 2},
    {"four cut off, a fifth password", "AABC", 'z', THINGSPACE_LATCHED, 4},
    {"four entries of all kinds", "AAbC", 'z', THINGSPACE_LATCHED, 4},
    {"four entries", "ABcD", 'z', THINGSPACE_LATCHED, 4},
    {"success forgets", "ab+", 'a', THINGSPACE_OK, 0},
    {"unlatch forgets", "abcdu", 'a', THINGSPACE_OK, 0},
    {"what was not sent does not count", "----a", 'z', THINGSPACE_OK, 1},
    {"not sent takes out the last alone", "a-", 'a', THINGSPACE_LATCHED, 1},
};

static void histories_decide_what_may_be_sent(void)
{
    for (size_t i = 0; i < sizeof(histories) / sizeof(histories[0]); i++) {
        cleanup_state state *in = NULL;
        cleanup_secret thingspace_secret *user = NULL;
        cleanup_latch latch *opened = NULL;
        CHECK_OK(fresh_state(&in));
        CHECK_OK(make_secret(&user, "user"));
        for (const char *letter = histories[i].history; *letter; letter++) {
            thingspace_status status = step(in, user, *letter);
            if (status != THINGSPACE_LATCHED)
                CHECK_OK(status);
        }
        CHECK_OK(latch_open(&opened, in, URL, user, NULL));
        check_equal_int(latch_count(opened), histories[i].count, histories[i].name, 0);
        thingspace_status status = step(in, user, histories[i].next);
        if (status == THINGSPACE_MEMORY && check_allocation_failed())
            return;
        check_status(status, histories[i].expected, histories[i].name, 0);
    }
}

static void other_users_and_hosts_are_not_concerned(void)
{
    cleanup_state state *in = NULL;
    cleanup_secret thingspace_secret *user = NULL, *other = NULL;
    cleanup_latch latch *opened = NULL, *elsewhere = NULL;
    CHECK_OK(fresh_state(&in));
    CHECK_OK(make_secret(&user, "user"));
    CHECK_OK(make_secret(&other, "other"));
    CHECK_OK(step(in, user, 'a'));
    CHECK_OK(latch_open(&opened, in, URL, other, NULL));
    CHECK_INT(latch_count(opened), 0);
    CHECK_OK(latch_open(&elsewhere, in, "http://127.0.0.1:1/session/login", user, NULL));
    CHECK_INT(latch_count(elsewhere), 0);
}

static const struct {
    const char *url, *user;
} spellings[] = {
    {"HTTPS://example.com/api/m2m/v1/session/login", "user"},
    {"https://EXAMPLE.com/api/m2m/v1/session/login", "user"},
    {"https://example.com:443/api/m2m/v1/session/login", "user"},
    {"http://example.com/api/m2m/v1/session/login", "user"},
    {"https://example.com./api/m2m/v1/session/login", "user"},
    {"https://example.com/api//m2m/v1/session/login", "user"},
    {"https://example.com/api/m2m/v2/session/login", "user"},
    {URL, "User"},
    {URL, " user "},
};

static void other_spellings_of_a_user_and_a_url_are_counted_together(void)
{
    cleanup_state state *in = NULL;
    cleanup_secret thingspace_secret *user = NULL;
    CHECK_OK(fresh_state(&in));
    CHECK_OK(make_secret(&user, "user"));
    CHECK_OK(step(in, user, 'a'));
    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
        cleanup_secret thingspace_secret *written = NULL;
        cleanup_latch latch *opened = NULL;
        CHECK_OK(make_secret(&written, spellings[i].user));
        CHECK_OK(latch_open(&opened, in, spellings[i].url, written, NULL));
        CHECK_INT(latch_count(opened), 1);
    }
}

static void an_error_says_how_many_failed_and_what_to_do(void)
{
    cleanup_state state *in = NULL;
    cleanup_secret thingspace_secret *user = NULL, *password = NULL;
    cleanup_latch latch *opened = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fresh_state(&in));
    CHECK_OK(make_secret(&user, "user"));
    CHECK_OK(make_secret(&password, "password-a"));
    CHECK_OK(step(in, user, 'a'));
    CHECK_OK(latch_open(&opened, in, URL, user, NULL));
    CHECK_STATUS(latch_check(opened, password, &error), THINGSPACE_LATCHED);
    CHECK(strstr(error.message, "1 failed so far") != NULL);
    CHECK(strstr(error.message, "locks the user at five") != NULL);
    CHECK(strstr(error.message, "thingspace auth unlatch") != NULL);
    CHECK(strstr(error.message, "change the password") != NULL);
}

static const char *const damages[] = {
    "",
    "{",
    "[]",
    "{\"version\":2,\"entries\":[]}",
    "{\"version\":1}",
    "{\"version\":1,\"entries\":[{}]}",
    "{\"version\":1,\"entries\":[{\"password\":\"00\",\"refused\":true,\"time\":1}]}",
    "{\"version\":1,\"entries\":[1,2,3,4,5]}",
};

static void a_damaged_file_stops_all_logins_until_it_is_repaired(void)
{
    for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
        cleanup_state state *in = NULL;
        cleanup_secret thingspace_secret *user = NULL;
        cleanup_latch latch *opened = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        char name[STATE_NAME_SIZE];
        unsigned before = 99;
        CHECK_OK(fresh_state(&in));
        CHECK_OK(make_secret(&user, "user"));
        latch_lock_name(name, URL, user);
        CHECK_OK(state_write(in, name, damages[i], strlen(damages[i]), NULL));
        CHECK_STATUS(latch_open(&opened, in, URL, user, &error), THINGSPACE_LOCAL);
        CHECK(strstr(error.message, name) != NULL);
        CHECK(strstr(error.message, "thingspace auth unlatch") != NULL);
        CHECK_OK(latch_repair(in, URL, user, &before, NULL));
        CHECK_INT(before, 0);
        CHECK_OK(latch_open(&opened, in, URL, user, NULL));
        CHECK_INT(latch_count(opened), 0);
    }
}

static void entries_without_their_key_stop_all_logins(void)
{
    cleanup_state state *in = NULL;
    cleanup_secret thingspace_secret *user = NULL;
    cleanup_latch latch *opened = NULL;
    unsigned before = 0;
    CHECK_OK(fresh_state(&in));
    CHECK_OK(make_secret(&user, "user"));
    CHECK_OK(step(in, user, 'a'));
    CHECK_OK(state_remove(in, DIGEST_KEY_FILE, NULL));
    CHECK_STATUS(latch_open(&opened, in, URL, user, NULL), THINGSPACE_LOCAL);
    CHECK_OK(latch_repair(in, URL, user, &before, NULL));
    CHECK_INT(before, 1);
    CHECK_OK(step(in, user, 'a'));
}

static void a_damaged_key_is_repaired_too(void)
{
    cleanup_state state *in = NULL;
    cleanup_secret thingspace_secret *user = NULL;
    cleanup_latch latch *opened = NULL;
    unsigned before = 0;
    CHECK_OK(fresh_state(&in));
    CHECK_OK(make_secret(&user, "user"));
    CHECK_OK(state_write(in, DIGEST_KEY_FILE, "short", 5, NULL));
    CHECK_STATUS(latch_open(&opened, in, URL, user, NULL), THINGSPACE_LOCAL);
    CHECK_OK(latch_repair(in, URL, user, &before, NULL));
    CHECK_OK(step(in, user, 'a'));
}

static void the_file_holds_no_password(void)
{
    cleanup_state state *in = NULL;
    cleanup_secret thingspace_secret *user = NULL;
    cleanup_buffer buffer content;
    char name[STATE_NAME_SIZE];
    bool found = false;
    buffer_init(&content, 10000);
    CHECK_OK(fresh_state(&in));
    CHECK_OK(make_secret(&user, "user"));
    CHECK_OK(step(in, user, 'a'));
    latch_lock_name(name, URL, user);
    CHECK_OK(state_read(in, name, &content, &found, NULL));
    CHECK(found);
    CHECK(strstr(buffer_text(&content), "password-a") == NULL);
    CHECK(strstr(buffer_text(&content), "\"refused\":true") != NULL);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(histories_decide_what_may_be_sent),
    CHECK_CASE(other_users_and_hosts_are_not_concerned),
    CHECK_CASE(other_spellings_of_a_user_and_a_url_are_counted_together),
    CHECK_CASE(an_error_says_how_many_failed_and_what_to_do),
    CHECK_CASE_ONCE(a_damaged_file_stops_all_logins_until_it_is_repaired),
    CHECK_CASE(entries_without_their_key_stop_all_logins),
    CHECK_CASE(a_damaged_key_is_repaired_too),
    CHECK_CASE(the_file_holds_no_password),
};
CHECK_MAIN(cases)
