/* SPDX-License-Identifier: MIT */
/*
 * Files and locks of the state directory: that files are whole, what a full disk and
 * a killed process leave behind, and who holds a lock.
 */
#include <config.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/state.h"
#include "base/text.h"
#include "check.h"

static void close_state(state **opened)
{
    state_close(*opened);
}

#define cleanup_state __attribute__((cleanup(close_state)))
#define cleanup_lock  __attribute__((cleanup(state_unlock)))

/* A path below the test's folder that nothing has used yet. */
static const char *new_path(void)
{
    static char path[400];
    static unsigned number;
    snprintf(path, sizeof(path), "%s/state%u", check_folder(), ++number);
    return path;
}

static const char *entry_path(const state *opened, const char *name)
{
    static char path[600];
    snprintf(path, sizeof(path), "%s/%s", state_path(opened), name);
    return path;
}

static int mode_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (int)(status.st_mode & 07777) : -1;
}

static int count_entries(const char *path)
{
    int count = 0;
    DIR *listing = opendir(path);
    for (struct dirent *entry = listing ? readdir(listing) : NULL; entry; entry = readdir(listing))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            count++;
    if (listing)
        closedir(listing);
    return count;
}

/* Runs it in a process of its own; its answer, or -1 when it was killed. */
static int run_apart(int (*function)(const char *path), const char *path)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(function(path));
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

static void what_is_written_is_read(void)
{
    bool found = false;
    cleanup_state state *opened = NULL;
    cleanup_buffer buffer content;
    buffer_init_secret(&content, LIMIT_STATE_FILE);
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_OK(state_write(opened, "tokens", "first and longer", 16, NULL));
    CHECK_OK(state_write(opened, "tokens", "a\0b", 3, NULL));
    CHECK_OK(state_read(opened, "tokens", &content, &found, NULL));
    CHECK(found);
    CHECK_INT(content.size, 3);
    CHECK(memcmp(content.data, "a\0b", 3) == 0);
    CHECK_INT(mode_of(entry_path(opened, "tokens")), 0600);
    CHECK_INT(count_entries(state_path(opened)), 1);
}

static void an_absent_file_is_no_error(void)
{
    bool found = true;
    cleanup_state state *opened = NULL;
    cleanup_buffer buffer content;
    buffer_init(&content, 100);
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_OK(state_read(opened, "absent", &content, &found, NULL));
    CHECK(!found);
    CHECK_INT(content.size, 0);
}

static void an_empty_file_is_found(void)
{
    bool found = false;
    cleanup_state state *opened = NULL;
    cleanup_buffer buffer content;
    buffer_init(&content, 100);
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_OK(state_write(opened, "empty", "", 0, NULL));
    CHECK_OK(state_read(opened, "empty", &content, &found, NULL));
    CHECK(found);
    CHECK_INT(content.size, 0);
}

static void the_longest_file_is_kept_and_a_longer_one_refused(void)
{
    bool found = false;
    static char bytes[LIMIT_STATE_FILE + 1];
    cleanup_state state *opened = NULL;
    cleanup_buffer buffer content;
    buffer_init(&content, LIMIT_STATE_FILE);
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_OK(state_write(opened, "big", bytes, LIMIT_STATE_FILE, NULL));
    CHECK_STATUS(state_write(opened, "big", bytes, LIMIT_STATE_FILE + 1, NULL), THINGSPACE_LOCAL);
    CHECK_OK(state_read(opened, "big", &content, &found, NULL));
    CHECK_INT(content.size, LIMIT_STATE_FILE);
}

static void a_file_grown_too_long_is_refused(void)
{
    bool found = true;
    cleanup_state state *opened = NULL;
    cleanup_buffer buffer content;
    buffer_init(&content, LIMIT_STATE_FILE);
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_OK(state_write(opened, "big", "x", 1, NULL));
    CHECK_INT(truncate(entry_path(opened, "big"), LIMIT_STATE_FILE + 1), 0);
    CHECK_STATUS(state_read(opened, "big", &content, &found, NULL), THINGSPACE_LOCAL);
    CHECK(!found);
    CHECK_INT(content.size, 0);
}

static void links_are_not_followed(void)
{
    bool found = true;
    cleanup_state state *opened = NULL;
    cleanup_buffer buffer content;
    buffer_init(&content, 100);
    const char *target = check_file("target", "elsewhere");
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_INT(symlink(target, entry_path(opened, "linked")), 0);
    CHECK_STATUS(state_read(opened, "linked", &content, &found, NULL), THINGSPACE_LOCAL);
    CHECK_OK(state_write(opened, "linked", "new", 3, NULL));
    struct stat status;
    CHECK_INT(stat(target, &status), 0);
    CHECK_INT(status.st_size, 9);
}

static void a_file_that_others_can_write_is_refused(void)
{
    bool found = true;
    cleanup_state state *opened = NULL;
    cleanup_buffer buffer content;
    buffer_init(&content, 100);
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_OK(state_write(opened, "open", "x", 1, NULL));
    CHECK_INT(chmod(entry_path(opened, "open"), 0620), 0);
    CHECK_STATUS(state_read(opened, "open", &content, &found, NULL), THINGSPACE_LOCAL);
}

static void a_pipe_in_place_of_a_file_does_not_block(void)
{
    bool found = true;
    cleanup_state state *opened = NULL;
    cleanup_buffer buffer content;
    buffer_init(&content, 100);
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_INT(mkfifo(entry_path(opened, "pipe"), 0600), 0);
    CHECK_STATUS(state_read(opened, "pipe", &content, &found, NULL), THINGSPACE_LOCAL);
}

static void names_that_lead_elsewhere_are_refused(void)
{
    static const char *const names[] = {"", ".", "..", "../x", "a/b", ".new-x", "a b", "\xc3\xa4"};
    cleanup_state state *opened = NULL;
    CHECK_OK(state_open(&opened, new_path(), NULL));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        CHECK_STATUS(state_write(opened, names[i], "x", 1, NULL), THINGSPACE_INTERNAL);
        CHECK_STATUS(state_remove(opened, names[i], NULL), THINGSPACE_INTERNAL);
        CHECK(!state_touch(opened, names[i]));
    }
}

/* As on a full disk: the write is cut, then fails. */
static int write_without_room(const char *path)
{
    static const char bytes[5000] = "new";
    const struct rlimit little = {1000, 1000};
    state *opened = NULL;
    signal(SIGXFSZ, SIG_IGN);
    if (state_open(&opened, path, NULL) != THINGSPACE_OK || setrlimit(RLIMIT_FSIZE, &little) != 0)
        return 2;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    if (state_write(opened, "tokens", bytes, sizeof(bytes), &error) != THINGSPACE_LOCAL)
        return 3;
    state_close(opened);
    return strstr(error.message, "tokens cannot be written") ? 0 : 4;
}

static void a_full_disk_leaves_the_old_content(void)
{
    bool found = false;
    cleanup_state state *opened = NULL;
    cleanup_buffer buffer content;
    buffer_init(&content, 100);
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_OK(state_write(opened, "tokens", "old", 3, NULL));
    CHECK_INT(run_apart(write_without_room, state_path(opened)), 0);
    CHECK_OK(state_read(opened, "tokens", &content, &found, NULL));
    CHECK_TEXT(buffer_text(&content), "old");
    CHECK_INT(count_entries(state_path(opened)), 1);
}

static void a_removed_file_is_gone_and_may_be_absent(void)
{
    cleanup_state state *opened = NULL;
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_OK(state_write(opened, "tokens", "x", 1, NULL));
    CHECK_OK(state_remove(opened, "tokens", NULL));
    CHECK_INT(count_entries(state_path(opened)), 0);
    CHECK_OK(state_remove(opened, "tokens", NULL));
}

static void the_time_of_last_use_is_the_wall_clock(void)
{
    int64_t time_ms = 1;
    cleanup_state state *opened = NULL;
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK(!state_touch(opened, "used"));
    CHECK(!state_time(opened, "used", &time_ms));
    CHECK_OK(state_write(opened, "used", "x", 1, NULL));
    clock_shift_wall(5000000);
    int64_t before = clock_wall_ms();
    bool touched = state_touch(opened, "used");
    int64_t after = clock_wall_ms();
    clock_shift_wall(-5000000);
    CHECK(touched);
    CHECK(state_time(opened, "used", &time_ms));
    CHECK(time_ms >= before && time_ms <= after);
}

/* ---- locks ---- */

static void a_lock_has_one_holder(void)
{
    bool held = false;
    cleanup_state state *one = NULL, *other = NULL;
    cleanup_lock state_lock first = STATE_LOCK_INIT, second = STATE_LOCK_INIT;
    cleanup_lock state_lock unrelated = STATE_LOCK_INIT;
    CHECK_OK(state_open(&one, new_path(), NULL));
    CHECK_OK(state_open(&other, state_path(one), NULL));
    CHECK_OK(state_try_lock(one, "login", &first, &held, NULL));
    CHECK(held);
    CHECK_OK(state_try_lock(other, "login", &second, &held, NULL));
    CHECK(!held);
    CHECK_INT(second.descriptor, -1);
    CHECK_OK(state_try_lock(other, "another", &unrelated, &held, NULL));
    CHECK(held);
    state_unlock(&first);
    CHECK_OK(state_try_lock(other, "login", &second, &held, NULL));
    CHECK(held);
}

static void a_lock_is_private_and_not_inherited(void)
{
    bool held = false;
    cleanup_state state *opened = NULL;
    cleanup_lock state_lock lock = STATE_LOCK_INIT;
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_OK(state_try_lock(opened, "login", &lock, &held, NULL));
    CHECK(fcntl(lock.descriptor, F_GETFD) & FD_CLOEXEC);
    CHECK_INT(mode_of(entry_path(opened, "login.lock")), 0600);
}

static int lock_and_die(const char *path)
{
    bool held = false;
    state *opened = NULL;
    state_lock lock;
    if (state_open(&opened, path, NULL) != THINGSPACE_OK ||
        state_try_lock(opened, "login", &lock, &held, NULL) != THINGSPACE_OK || !held)
        return 2;
    return (int)raise(SIGKILL);
}

static void a_dead_process_holds_no_lock(void)
{
    bool held = false;
    cleanup_state state *opened = NULL;
    cleanup_lock state_lock lock = STATE_LOCK_INIT;
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_INT(run_apart(lock_and_die, state_path(opened)), -1);
    CHECK_OK(state_try_lock(opened, "login", &lock, &held, NULL));
    CHECK(held);
}

static void a_lock_whose_file_was_removed_keeps_nobody_out(void)
{
    bool held = false;
    cleanup_state state *opened = NULL;
    cleanup_lock state_lock first = STATE_LOCK_INIT, second = STATE_LOCK_INIT;
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_OK(state_try_lock(opened, "login", &first, &held, NULL));
    state_unlock_and_remove(opened, "login", &first);
    CHECK_INT(first.descriptor, -1);
    CHECK_INT(count_entries(state_path(opened)), 0);
    state_unlock_and_remove(opened, "login", &first);
    CHECK_OK(state_try_lock(opened, "login", &first, &held, NULL));
    CHECK(held);
    CHECK_OK(state_try_lock(opened, "login", &second, &held, NULL));
    CHECK(!held);
}

static void files_of_a_kind_are_found(void)
{
    cleanup_state state *opened = NULL;
    char **names = NULL;
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_OK(state_names(opened, &names, "a-", ".json", NULL));
    CHECK(names == NULL);
    static const char *const files[] = {"a-1.json", "a-1.json.lock", "b-1.json", "a-.json", "a-x"};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        CHECK_OK(state_write(opened, files[i], "x", 1, NULL));
    CHECK_OK(state_names(opened, &names, "a-", ".json", NULL));
    bool both = names[0] && names[1] && !names[2];
    bool right = both && strcmp(names[0], names[1]) != 0 && strncmp(names[0], "a-", 2) == 0 &&
                 strncmp(names[1], "a-", 2) == 0;
    text_list_free(names);
    CHECK(right);
}

static void unlocking_what_is_not_held_does_nothing(void)
{
    state_lock lock = STATE_LOCK_INIT;
    state_unlock(&lock);
    CHECK_INT(lock.descriptor, -1);
    state_close(NULL);
}

static const check_case cases[] = {
    CHECK_CASE(what_is_written_is_read),
    CHECK_CASE(an_absent_file_is_no_error),
    CHECK_CASE(an_empty_file_is_found),
    CHECK_CASE(the_longest_file_is_kept_and_a_longer_one_refused),
    CHECK_CASE(a_file_grown_too_long_is_refused),
    CHECK_CASE(links_are_not_followed),
    CHECK_CASE(a_file_that_others_can_write_is_refused),
    CHECK_CASE(a_pipe_in_place_of_a_file_does_not_block),
    CHECK_CASE(names_that_lead_elsewhere_are_refused),
    CHECK_CASE_ONCE(a_full_disk_leaves_the_old_content),
    CHECK_CASE(a_removed_file_is_gone_and_may_be_absent),
    CHECK_CASE(the_time_of_last_use_is_the_wall_clock),
    CHECK_CASE(a_lock_has_one_holder),
    CHECK_CASE(a_lock_is_private_and_not_inherited),
    CHECK_CASE_ONCE(a_dead_process_holds_no_lock),
    CHECK_CASE(a_lock_whose_file_was_removed_keeps_nobody_out),
    CHECK_CASE(files_of_a_kind_are_found),
    CHECK_CASE(unlocking_what_is_not_held_does_nothing),
};

CHECK_MAIN(cases)
