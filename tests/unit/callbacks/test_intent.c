/* SPDX-License-Identifier: MIT */
/* Intent records: whole, private, left alone while their run lives, gone when it is over. */
#include <config.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/error.h"
#include "callbacks/intent.h"
#include "check.h"

static void close_state(state **opened)
{
    state_close(*opened);
}

#define cleanup_state  __attribute__((cleanup(close_state)))
#define cleanup_lock   __attribute__((cleanup(state_unlock)))
#define cleanup_intent __attribute__((cleanup(intent_dispose)))

static thingspace_status open_new(state **out)
{
    static char path[400];
    static unsigned number;
    snprintf(path, sizeof(path), "%s/intents%u", check_folder(), ++number);
    return state_open(out, path, NULL);
}

/* The only file that begins so; "" when there is none. */
static const char *file_of(const state *opened)
{
    static char path[700];
    path[0] = '\0';
    DIR *listing = opendir(state_path(opened));
    for (struct dirent *entry = listing ? readdir(listing) : NULL; entry; entry = readdir(listing))
        if (strncmp(entry->d_name, "intent-", 7) == 0 && !strstr(entry->d_name, ".lock"))
            snprintf(path, sizeof(path), "%s/%s", state_path(opened), entry->d_name);
    if (listing)
        closedir(listing);
    return path;
}

static int count_files(const state *opened)
{
    int count = 0;
    DIR *listing = opendir(state_path(opened));
    for (struct dirent *entry = listing ? readdir(listing) : NULL; entry; entry = readdir(listing))
        count += entry->d_name[0] != '.';
    if (listing)
        closedir(listing);
    return count;
}

static listener_row row(const char *url, const char *username, const char *password)
{
    return (listener_row){
        .shown = {.url = url, .username = username, .has_password = password != NULL},
        .password = password,
    };
}

/* Of that service; the new one has credentials, the old one has none. */
static thingspace_status fill(intent *out, const char *service)
{
    const listener_row wanted = row("https://new.example.com/a", "user", "p\xc3\xa4ss\"\\");
    const listener_row old = row("https://old.example.com/a", NULL, NULL);
    *out = (intent){0};
    thingspace_status status = intent_take_row(&out->wanted, &wanted, NULL);
    if (status == THINGSPACE_OK)
        status = intent_take_row(&out->old, &old, NULL);
    out->endpoint = strdup("https://thingspace.example.com/api/m2m/v1");
    out->account = strdup("0000123456-00001");
    out->service = strdup(service);
    return status;
}

typedef struct seen {
    int count;
    bool as_written;
    intent_verdict answer;
} seen;

static bool is_equal(const intent *a, const intent *b)
{
    return strcmp(a->endpoint, b->endpoint) == 0 && strcmp(a->account, b->account) == 0 &&
           strcmp(a->service, b->service) == 0 && strcmp(a->wanted.url, b->wanted.url) == 0 &&
           strcmp(a->wanted.username, b->wanted.username) == 0 &&
           secret_equal(a->wanted.password, b->wanted.password) &&
           strcmp(a->old.url, b->old.url) == 0 && !a->old.username && !a->old.password && !a->api;
}

static intent_verdict note(const intent *found, void *user)
{
    seen *seen = user;
    cleanup_intent intent wanted;
    seen->as_written = fill(&wanted, "CarrierService") == THINGSPACE_OK && is_equal(found, &wanted);
    seen->count++;
    return seen->answer;
}

static void a_record_of_a_run_that_died_comes_back_as_it_was(void)
{
    bool none;
    cleanup_state state *opened = NULL;
    cleanup_lock state_lock lock = STATE_LOCK_INIT;
    cleanup_intent intent intent = {0};
    CHECK_OK(open_new(&opened));
    CHECK_OK(fill(&intent, "CarrierService"));
    CHECK_OK(intent_begin(opened, &intent, &lock, NULL));
    intent_leave(&lock);
    seen seen = {.answer = INTENT_KEPT};
    CHECK_OK(intent_each(opened, &none, NULL, note, &seen, NULL));
    CHECK_INT(seen.count, 1);
    CHECK(seen.as_written || check_allocation_failed());
    CHECK_OK(intent_each(opened, &none, NULL, note, &seen, NULL));
    CHECK_INT(seen.count, 2);
}

static void one_that_is_over_leaves_nothing_behind(void)
{
    bool none;
    cleanup_state state *opened = NULL;
    cleanup_lock state_lock lock = STATE_LOCK_INIT;
    cleanup_intent intent intent = {0};
    CHECK_OK(open_new(&opened));
    CHECK_OK(fill(&intent, "CarrierService"));
    CHECK_OK(intent_begin(opened, &intent, &lock, NULL));
    CHECK_INT(count_files(opened), 2);
    CHECK_OK(intent_end(opened, &intent, &lock, NULL));
    CHECK_INT(count_files(opened), 0);
    CHECK_OK(intent_end(opened, &intent, &lock, NULL));
    CHECK_OK(intent_begin(opened, &intent, &lock, NULL));
    intent_leave(&lock);
    seen seen = {.answer = INTENT_OVER};
    CHECK_OK(intent_each(opened, &none, NULL, note, &seen, NULL));
    CHECK(!none);
    CHECK_INT(count_files(opened), 0);
    CHECK_OK(intent_each(opened, &none, NULL, note, &seen, NULL));
    CHECK(none);
}

static void one_of_a_run_that_lives_is_left_alone(void)
{
    bool none;
    cleanup_state state *opened = NULL;
    cleanup_lock state_lock lock = STATE_LOCK_INIT, second = STATE_LOCK_INIT;
    cleanup_lock state_lock other = STATE_LOCK_INIT;
    cleanup_intent intent intent = {0}, unrelated = {0};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(open_new(&opened));
    CHECK_OK(fill(&intent, "CarrierService"));
    CHECK_OK(fill(&unrelated, "DeviceService"));
    CHECK_OK(intent_begin(opened, &intent, &lock, NULL));
    seen seen = {.answer = INTENT_OVER};
    CHECK_OK(intent_each(opened, &none, NULL, note, &seen, NULL));
    CHECK_INT(seen.count, 0);
    CHECK_STATUS(intent_begin(opened, &intent, &second, &error), THINGSPACE_REFUSED);
    CHECK(strstr(error.message, "0000123456-00001 CarrierService") != NULL);
    CHECK(strstr(error.message, "p\xc3\xa4ss") == NULL);
    CHECK_INT(second.descriptor, -1);
    CHECK_OK(intent_begin(opened, &unrelated, &other, NULL));
    CHECK_OK(intent_end(opened, &intent, &lock, NULL));
    CHECK_OK(intent_begin(opened, &intent, &second, NULL));
}

static void stop_leaves_the_others(void)
{
    bool none;
    cleanup_state state *opened = NULL;
    cleanup_lock state_lock lock = STATE_LOCK_INIT;
    CHECK_OK(open_new(&opened));
    static const char *const services[] = {"CarrierService", "DeviceService", "DeviceUsage"};
    for (size_t i = 0; i < 3; i++) {
        cleanup_intent intent intent = {0};
        CHECK_OK(fill(&intent, services[i]));
        CHECK_OK(intent_begin(opened, &intent, &lock, NULL));
        intent_leave(&lock);
    }
    seen seen = {.answer = INTENT_STOP};
    CHECK_OK(intent_each(opened, &none, NULL, note, &seen, NULL));
    CHECK_INT(seen.count, 1);
    seen.answer = INTENT_OVER;
    CHECK_OK(intent_each(opened, &none, NULL, note, &seen, NULL));
    CHECK_INT(seen.count, 4);
    CHECK_INT(count_files(opened), 0);
}

static void a_record_is_private(void)
{
    cleanup_state state *opened = NULL;
    cleanup_lock state_lock lock = STATE_LOCK_INIT;
    cleanup_intent intent intent = {0};
    struct stat status;
    CHECK_OK(open_new(&opened));
    CHECK_OK(fill(&intent, "CarrierService"));
    CHECK_OK(intent_begin(opened, &intent, &lock, NULL));
    CHECK(stat(file_of(opened), &status) == 0);
    CHECK_INT(status.st_mode & 07777, 0600);
    /* Neither password nor account is in the name. */
    CHECK(strstr(file_of(opened), "0000123456") == NULL);
}

static void count_warning(void *user, thingspace_log_level level, const char *line)
{
    int *count = user;
    *count += level == THINGSPACE_LOG_WARNING && strstr(line, "cannot be understood") != NULL;
}

static void one_that_cannot_be_read_is_kept_and_told(void)
{
    bool none;
    cleanup_state state *opened = NULL;
    CHECK_OK(open_new(&opened));
    static const char *const bad[] = {"",
                                      "{",
                                      "[]",
                                      "{\"version\":1}",
                                      "{\"version\":2,\"endpoint\":\"e\",\"account\":\"a\","
                                      "\"service\":\"s\",\"wanted\":{\"url\":\"u\"}}",
                                      "{\"version\":1,\"endpoint\":\"e\",\"account\":\"a\","
                                      "\"service\":\"s\",\"wanted\":{\"url\":7}}"};
    int warnings = 0;
    const log_target log = {count_warning, &warnings, THINGSPACE_LOG_WARNING};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        seen seen = {.answer = INTENT_OVER};
        CHECK_OK(state_write(opened, "intent-0.json", bad[i], strlen(bad[i]), NULL));
        CHECK_OK(intent_each(opened, &none, &log, note, &seen, NULL));
        CHECK_INT(seen.count, 0);
        CHECK_INT(warnings, i + 1);
        CHECK_INT(count_files(opened), 1);
    }
}

static void without_room_nothing_is_noted(void)
{
    cleanup_state state *opened = NULL;
    cleanup_lock state_lock lock = STATE_LOCK_INIT;
    cleanup_intent intent intent = {0};
    struct rlimit before;
    CHECK_OK(open_new(&opened));
    CHECK_OK(fill(&intent, "CarrierService"));
    CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
    const struct rlimit none = {0, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    CHECK(setrlimit(RLIMIT_FSIZE, &none) == 0);
    thingspace_status status = intent_begin(opened, &intent, &lock, NULL);
    setrlimit(RLIMIT_FSIZE, &before);
    CHECK_STATUS(status, THINGSPACE_LOCAL);
    CHECK_INT(lock.descriptor, -1);
    CHECK_INT(count_files(opened), 0);
}

static const check_case cases[] = {
    CHECK_CASE(a_record_of_a_run_that_died_comes_back_as_it_was),
    CHECK_CASE(one_that_is_over_leaves_nothing_behind),
    CHECK_CASE(one_of_a_run_that_lives_is_left_alone),
    CHECK_CASE(stop_leaves_the_others),
    CHECK_CASE(a_record_is_private),
    CHECK_CASE(one_that_cannot_be_read_is_kept_and_told),
    CHECK_CASE_ONCE(without_room_nothing_is_noted),
};

CHECK_MAIN(cases)
