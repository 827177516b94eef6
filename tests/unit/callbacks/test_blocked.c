/* SPDX-License-Identifier: MIT */
/* What the service refused, from one run to the next: kept, merged, forgotten, never in the way. */
#include <config.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/limits.h"
#include "base/log.h"
#include "callbacks/plan/blocked.h"
#include "check.h"

static void close_state(state **opened)
{
    state_close(*opened);
}

static void free_blocked(blocked **loaded)
{
    blocked_free(*loaded);
}

#define cleanup_state   __attribute__((cleanup(close_state)))
#define cleanup_blocked __attribute__((cleanup(free_blocked)))

static thingspace_status open_new(state **out)
{
    static char path[400];
    static unsigned number;
    snprintf(path, sizeof(path), "%s/blocked%u", check_folder(), ++number);
    return state_open(out, path, NULL);
}

static void path_of(char out[500], const state *opened)
{
    snprintf(out, 500, "%s/blocked.json", state_path(opened));
}

static blocked_key key(const char *service, const char *url)
{
    return (blocked_key){
        .endpoint = "https://thingspace.example.com/api/m2m/v1",
        .account = "0000123456-00001",
        .service = service,
        .url = url,
        .username = "user",
    };
}

/* Adds one, in a run of its own. */
static thingspace_status note(state *opened, const blocked_key *key, const char *why)
{
    cleanup_blocked blocked *run = NULL;
    thingspace_status status = blocked_load(&run, opened, NULL, NULL);
    if (status == THINGSPACE_OK)
        status = blocked_add(run, key, why);
    return status == THINGSPACE_OK ? blocked_save(run, NULL) : status;
}

static void what_is_noted_is_known_to_the_next_run(void)
{
    char path[500];
    struct stat found;
    cleanup_state state *opened = NULL;
    cleanup_blocked blocked *next = NULL;
    const blocked_key carrier = key("CarrierService", "https://a.example");
    CHECK_OK(open_new(&opened));
    CHECK_OK(note(opened, &carrier, "DENIED: not \"yours\"\nat all"));
    path_of(path, opened);
    CHECK_INT(stat(path, &found), 0);
    CHECK_INT(found.st_mode & 0777, 0600);
    CHECK_OK(blocked_load(&next, opened, NULL, NULL));
    CHECK_TEXT(blocked_find(next, &carrier), "DENIED: not \"yours\"\\nat all");
    CHECK_TEXT(blocked_find(NULL, &carrier), NULL);
}

static void another_listener_or_declaration_is_not_blocked(void)
{
    cleanup_state state *opened = NULL;
    cleanup_blocked blocked *next = NULL;
    const blocked_key carrier = key("CarrierService", "https://a.example");
    blocked_key others[6];
    for (size_t i = 0; i < 6; i++)
        others[i] = carrier;
    others[0].endpoint = "https://other.example.com/api/m2m/v1";
    others[1].account = "0000123456-00002";
    others[2].service = "DeviceService";
    others[3].api = "location";
    others[4].url = "https://a.example/moved";
    others[5].username = NULL;
    CHECK_OK(open_new(&opened));
    CHECK_OK(note(opened, &carrier, "DENIED"));
    CHECK_OK(blocked_load(&next, opened, NULL, NULL));
    for (size_t i = 0; i < 6; i++)
        CHECK_TEXT(blocked_find(next, &others[i]), NULL);
    blocked_remove(next, &others[3]);
    CHECK_TEXT(blocked_find(next, &carrier), "DENIED");
}

static void what_is_removed_is_gone_for_the_next_run(void)
{
    cleanup_state state *opened = NULL;
    cleanup_blocked blocked *run = NULL, *next = NULL;
    const blocked_key carrier = key("CarrierService", "https://a.example");
    CHECK_OK(open_new(&opened));
    CHECK_OK(note(opened, &carrier, "DENIED"));
    CHECK_OK(blocked_load(&run, opened, NULL, NULL));
    blocked_remove(run, &carrier);
    CHECK_TEXT(blocked_find(run, &carrier), NULL);
    CHECK_OK(blocked_save(run, NULL));
    CHECK_OK(blocked_load(&next, opened, NULL, NULL));
    CHECK_TEXT(blocked_find(next, &carrier), NULL);
}

/* Both had read the file before either wrote it. */
static void two_runs_at_once_lose_nothing_of_each_other(void)
{
    cleanup_state state *opened = NULL;
    cleanup_blocked blocked *first = NULL, *second = NULL, *next = NULL;
    const blocked_key old = key("DeviceUsage", "https://a.example");
    const blocked_key carrier = key("CarrierService", "https://a.example");
    const blocked_key device = key("DeviceService", "https://a.example");
    CHECK_OK(open_new(&opened));
    CHECK_OK(note(opened, &old, "OLD"));
    CHECK_OK(blocked_load(&first, opened, NULL, NULL));
    CHECK_OK(blocked_load(&second, opened, NULL, NULL));
    blocked_remove(first, &old);
    CHECK_OK(blocked_add(first, &carrier, "ONE"));
    CHECK_OK(blocked_save(first, NULL));
    CHECK_OK(blocked_add(second, &device, "TWO"));
    CHECK_OK(blocked_save(second, NULL));
    CHECK_TEXT(blocked_find(second, &carrier), "ONE");
    CHECK_OK(blocked_load(&next, opened, NULL, NULL));
    CHECK_TEXT(blocked_find(next, &old), NULL);
    CHECK_TEXT(blocked_find(next, &carrier), "ONE");
    CHECK_TEXT(blocked_find(next, &device), "TWO");
}

static void the_newest_reason_counts(void)
{
    cleanup_state state *opened = NULL;
    cleanup_blocked blocked *next = NULL;
    const blocked_key before = key("CarrierService", "https://a.example");
    const blocked_key after = key("CarrierService", "https://b.example");
    CHECK_OK(open_new(&opened));
    CHECK_OK(note(opened, &before, "ONE"));
    CHECK_OK(note(opened, &after, "TWO"));
    CHECK_OK(blocked_load(&next, opened, NULL, NULL));
    CHECK_TEXT(blocked_find(next, &before), NULL);
    CHECK_TEXT(blocked_find(next, &after), "TWO");
}

static char logged[2 * LIMIT_LOG_LINE];

static void keep_log(void *user, thingspace_log_level level, const char *line)
{
    (void)user;
    (void)level;
    snprintf(logged, sizeof(logged), "%s", line);
}

static void a_file_that_is_no_such_thing_is_told_and_replaced(void)
{
    static const char *const damaged[] = {
        "",
        "{\"version\":1,\"blocked\":[{\"endpoint\":",
        "{\"version\":2,\"blocked\":[]}",
        "{\"version\":1,\"blocked\":{}}",
        "[]",
    };
    const log_target log = {keep_log, NULL, THINGSPACE_LOG_WARNING};
    const blocked_key carrier = key("CarrierService", "https://a.example");
    for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
        cleanup_state state *opened = NULL;
        cleanup_blocked blocked *run = NULL, *next = NULL;
        CHECK_OK(open_new(&opened));
        CHECK_OK(state_write(opened, "blocked.json", damaged[i], strlen(damaged[i]), NULL));
        logged[0] = '\0';
        CHECK_OK(blocked_load(&run, opened, &log, NULL));
        CHECK(strstr(logged, "blocked.json cannot be understood") != NULL);
        CHECK_TEXT(blocked_find(run, &carrier), NULL);
        CHECK_OK(blocked_add(run, &carrier, "DENIED"));
        CHECK_OK(blocked_save(run, NULL));
        CHECK_OK(blocked_load(&next, opened, NULL, NULL));
        CHECK_TEXT(blocked_find(next, &carrier), "DENIED");
    }
}

static void an_entry_that_lacks_something_hides_no_other(void)
{
    static const char text[] =
        "{\"version\":1,\"blocked\":[7,{\"account\":\"a\"},{\"endpoint\":\"e\","
        "\"account\":\"a\",\"service\":\"s\",\"url\":\"u\",\"why\":\"w\"}]}";
    const blocked_key good = {.endpoint = "e", .account = "a", .service = "s", .url = "u"};
    cleanup_state state *opened = NULL;
    cleanup_blocked blocked *run = NULL;
    CHECK_OK(open_new(&opened));
    CHECK_OK(state_write(opened, "blocked.json", text, strlen(text), NULL));
    CHECK_OK(blocked_load(&run, opened, NULL, NULL));
    CHECK_TEXT(blocked_find(run, &good), "w");
}

static void a_file_that_cannot_be_read_or_written_is_local(void)
{
    char path[500];
    cleanup_state state *opened = NULL;
    cleanup_blocked blocked *run = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const log_target log = {keep_log, NULL, THINGSPACE_LOG_WARNING};
    const blocked_key carrier = key("CarrierService", "https://a.example");
    CHECK_OK(open_new(&opened));
    path_of(path, opened);
    CHECK_INT(mkdir(path, 0700), 0);
    logged[0] = '\0';
    CHECK_OK(blocked_load(&run, opened, &log, NULL));
    CHECK(strstr(logged, "blocked.json") != NULL);
    CHECK_OK(blocked_add(run, &carrier, "DENIED"));
    CHECK_STATUS(blocked_save(run, &error), THINGSPACE_LOCAL);
    CHECK(strstr(error.message, "blocked.json") != NULL);
    CHECK_TEXT(blocked_find(run, &carrier), "DENIED");
    CHECK_INT(rmdir(path), 0);
    CHECK_OK(blocked_save(run, NULL));
}

static void without_a_state_directory_nothing_is_kept(void)
{
    cleanup_blocked blocked *run = NULL;
    const blocked_key carrier = key("CarrierService", "https://a.example");
    CHECK_OK(blocked_load(&run, NULL, NULL, NULL));
    CHECK_OK(blocked_add(run, &carrier, "DENIED"));
    CHECK_TEXT(blocked_find(run, &carrier), "DENIED");
    CHECK_OK(blocked_save(run, NULL));
}

static void nothing_new_is_not_written(void)
{
    char path[500];
    cleanup_state state *opened = NULL;
    cleanup_blocked blocked *run = NULL;
    const blocked_key carrier = key("CarrierService", "https://a.example");
    CHECK_OK(open_new(&opened));
    CHECK_OK(blocked_load(&run, opened, NULL, NULL));
    blocked_remove(run, &carrier);
    CHECK_OK(blocked_save(run, NULL));
    path_of(path, opened);
    CHECK(access(path, F_OK) != 0);
}

/* Three times as many as fit; the clock tells one from the next. */
static void when_the_file_is_full_the_oldest_go(void)
{
    enum { COUNT = 800 };
    char path[500], why[LIMIT_LOG_LINE], account[32];
    struct stat found;
    cleanup_state state *opened = NULL;
    cleanup_blocked blocked *run = NULL, *next = NULL;
    blocked_key carrier = key("CarrierService", "https://a.example");
    memset(why, 'x', sizeof(why) - 1);
    why[sizeof(why) - 1] = '\0';
    carrier.account = account;
    CHECK_OK(open_new(&opened));
    CHECK_OK(blocked_load(&run, opened, NULL, NULL));
    for (int i = 0; i < COUNT; i++) {
        snprintf(account, sizeof(account), "0000123456-%05d", i);
        CHECK_OK(blocked_add(run, &carrier, why));
        if (i == COUNT / 2)
            usleep(5000);
    }
    CHECK_OK(blocked_save(run, NULL));
    path_of(path, opened);
    CHECK_INT(stat(path, &found), 0);
    CHECK(found.st_size <= LIMIT_STATE_FILE && found.st_size > LIMIT_STATE_FILE - 2048);
    CHECK_OK(blocked_load(&next, opened, NULL, NULL));
    int old = 0, young = 0;
    for (int i = 0; i < COUNT; i++) {
        snprintf(account, sizeof(account), "0000123456-%05d", i);
        if (blocked_find(next, &carrier))
            *(i <= COUNT / 2 ? &old : &young) += 1;
    }
    CHECK_INT(old, 0);
    CHECK(young > 100);
}

static const check_case cases[] = {
    CHECK_CASE(what_is_noted_is_known_to_the_next_run),
    CHECK_CASE(another_listener_or_declaration_is_not_blocked),
    CHECK_CASE(what_is_removed_is_gone_for_the_next_run),
    CHECK_CASE(two_runs_at_once_lose_nothing_of_each_other),
    CHECK_CASE(the_newest_reason_counts),
    CHECK_CASE(a_file_that_is_no_such_thing_is_told_and_replaced),
    CHECK_CASE(an_entry_that_lacks_something_hides_no_other),
    CHECK_CASE(a_file_that_cannot_be_read_or_written_is_local),
    CHECK_CASE(without_a_state_directory_nothing_is_kept),
    CHECK_CASE(nothing_new_is_not_written),
    CHECK_CASE_ONCE(when_the_file_is_full_the_oldest_go),
};
CHECK_MAIN(cases)
