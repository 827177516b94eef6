/* SPDX-License-Identifier: MIT */
/*
 * The state directory: which directories are taken, that files are whole, what a
 * full disk and a killed process leave behind, and who holds a lock.
 */
#include <config.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/state.h"
#include "base/text.h"
#include "check.h"

#define NOBODY 65534

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

/* ---- opening ---- */

static void the_directory_is_made_with_its_parents(void)
{
    char path[600], parent[500];
    cleanup_state state *opened = NULL;
    snprintf(parent, sizeof(parent), "%s/a", new_path());
    snprintf(path, sizeof(path), "%s/b", parent);
    mode_t old = umask(022);
    thingspace_status status = state_open(&opened, path, NULL);
    umask(old);
    CHECK_OK(status);
    CHECK_INT(mode_of(path), 0700);
    CHECK_INT(mode_of(parent), 0755);
    CHECK_TEXT(state_path(opened), path);
}

static void a_final_slash_makes_no_difference(void)
{
    char path[500];
    cleanup_state state *opened = NULL;
    snprintf(path, sizeof(path), "%s//", new_path());
    CHECK_OK(state_open(&opened, path, NULL));
    CHECK_INT(mode_of(path), 0700);
}

static void an_empty_name_is_refused(void)
{
    cleanup_state state *opened = NULL;
    CHECK_STATUS(state_open(&opened, "", NULL), THINGSPACE_LOCAL);
    CHECK(opened == NULL);
}

static void a_file_is_no_directory(void)
{
    cleanup_state state *opened = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(state_open(&opened, check_file("plain", "x"), &error), THINGSPACE_LOCAL);
    CHECK(strstr(error.message, "Not a directory") != NULL);
}

static void a_directory_that_others_can_write_is_refused(void)
{
    static const mode_t modes[] = {0720, 0702, 01777};
    for (size_t i = 0; i < 3; i++) {
        cleanup_state state *opened = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        const char *path = new_path();
        CHECK_INT(mkdir(path, 0700), 0);
        CHECK_INT(chmod(path, modes[i]), 0);
        CHECK_STATUS(state_open(&opened, path, &error), THINGSPACE_LOCAL);
        CHECK(strstr(error.message, "chmod go-w /") != NULL);
    }
}

static void a_directory_of_another_user_is_refused(void)
{
    cleanup_state state *opened = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const char *path = "/"; /* root's */
    if (geteuid() == 0) {
        path = new_path();
        CHECK_INT(mkdir(path, 0700), 0);
        CHECK_INT(chown(path, NOBODY, NOBODY), 0);
    }
    CHECK_STATUS(state_open(&opened, path, &error), THINGSPACE_LOCAL);
    CHECK(strstr(error.message, "belongs to user") != NULL);
    CHECK(strstr(error.message, "--state-dir") != NULL);
}

static void an_own_link_is_followed(void)
{
    char link[500];
    cleanup_state state *opened = NULL;
    const char *path = new_path();
    CHECK_INT(mkdir(path, 0700), 0);
    snprintf(link, sizeof(link), "%s-link", path);
    CHECK_INT(symlink(path, link), 0);
    CHECK_OK(state_open(&opened, link, NULL));
}

static void a_link_of_another_user_is_refused(void)
{
    char link[500];
    cleanup_state state *opened = NULL;
    const char *path = new_path();
    if (geteuid() != 0)
        return; /* only root can make one */
    CHECK_INT(mkdir(path, 0700), 0);
    snprintf(link, sizeof(link), "%s-link", path);
    CHECK_INT(symlink(path, link), 0);
    CHECK_INT(lchown(link, NOBODY, NOBODY), 0);
    CHECK_STATUS(state_open(&opened, link, NULL), THINGSPACE_LOCAL);
}

/* Root writes everywhere: becomes nobody first, in a directory of nobody's. */
static int open_read_only(const char *path)
{
    (void)path;
    char own[] = "/tmp/thingspace-test-XXXXXX";
    state *opened = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
        return 2;
    if (!mkdtemp(own) || chmod(own, 0500) != 0)
        return 3;
    thingspace_status status = state_open(&opened, own, &error);
    rmdir(own);
    if (status != THINGSPACE_LOCAL || !strstr(error.message, "cannot be written: Permission"))
        return 4;
    return strstr(error.message, "set --state-dir or THINGSPACE_STATE_DIR") ? 0 : 5;
}

static void a_directory_that_cannot_be_written_is_refused(void)
{
    CHECK_INT(run_apart(open_read_only, NULL), 0);
}

static void memory_file_systems_do_not_persist(void)
{
    struct statfs shm;
    char path[] = "/dev/shm/thingspace-test-XXXXXX";
    cleanup_state state *opened = NULL;
    if (statfs("/dev/shm", &shm) != 0 || shm.f_type != TMPFS_MAGIC || !mkdtemp(path))
        return; /* nowhere to try */
    thingspace_status status = state_open(&opened, path, NULL);
    rmdir(path);
    CHECK_OK(status);
    CHECK(!state_persists(opened));
}

static void other_file_systems_persist(void)
{
    struct statfs folder;
    cleanup_state state *opened = NULL;
    CHECK_INT(statfs(check_folder(), &folder), 0);
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_INT(state_persists(opened), folder.f_type != TMPFS_MAGIC && folder.f_type != RAMFS_MAGIC);
}

static void old_leftovers_of_dead_processes_are_removed(void)
{
    static const char *const names[] = {".new-old", ".new-fresh", "kept"};
    cleanup_state state *opened = NULL;
    const char *path = new_path();
    const struct timespec long_ago[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    CHECK_INT(mkdir(path, 0700), 0);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (size_t i = 0; i < 3; i++) {
        close(openat(folder, names[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        if (strcmp(names[i], ".new-fresh") != 0)
            utimensat(folder, names[i], long_ago, 0);
    }
    close(folder);
    CHECK_OK(state_open(&opened, path, NULL));
    CHECK_INT(access(entry_path(opened, ".new-old"), F_OK), -1);
    CHECK_INT(access(entry_path(opened, ".new-fresh"), F_OK), 0);
    CHECK_INT(access(entry_path(opened, "kept"), F_OK), 0);
}

/* ---- where it is by default ---- */

static void forget_environment(void)
{
    unsetenv("THINGSPACE_STATE_DIR");
    unsetenv("STATE_DIRECTORY");
    unsetenv("XDG_STATE_HOME");
    setenv("HOME", "/home/someone", 1);
}

static void the_default_place_follows_the_environment(void)
{
    static const struct {
        const char *variable, *value, *path;
    } rows[] = {
        {"STATE_DIRECTORY", "/var/lib/one:/var/lib/two", "/var/lib/one"},
        {"STATE_DIRECTORY", "/var/lib/one", "/var/lib/one"},
        {"THINGSPACE_STATE_DIR", "/somewhere", "/somewhere"}, /* beats the one before */
    };
    forget_environment();
    for (size_t i = 0; i < 3; i++) {
        setenv(rows[i].variable, rows[i].value, 1);
        cleanup_text char *path = state_default_path();
        CHECK_MADE(path);
        CHECK_TEXT(path, rows[i].path);
    }
}

static int find_as_nobody(const char *unused)
{
    (void)unused;
    forget_environment();
    if (geteuid() == 0 && setuid(NOBODY) != 0)
        return 2;
    cleanup_text char *home = state_default_path();
    setenv("XDG_STATE_HOME", "relative", 1);
    cleanup_text char *ignored = state_default_path();
    setenv("XDG_STATE_HOME", "/xdg", 1);
    cleanup_text char *xdg = state_default_path();
    if (!text_equal(home, "/home/someone/.local/state/thingspace") || !text_equal(home, ignored))
        return 3;
    return text_equal(xdg, "/xdg/thingspace") ? 0 : 4;
}

static void the_default_place_of_a_user_is_below_home(void)
{
    CHECK_INT(run_apart(find_as_nobody, NULL), 0);
}

static void the_default_place_of_root_is_below_var(void)
{
    if (geteuid() != 0)
        return;
    forget_environment();
    setenv("XDG_STATE_HOME", "/xdg", 1);
    cleanup_text char *path = state_default_path();
    CHECK_MADE(path);
    CHECK_TEXT(path, "/var/lib/thingspace");
}

/* ---- files ---- */

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

static void unlocking_what_is_not_held_does_nothing(void)
{
    state_lock lock = STATE_LOCK_INIT;
    state_unlock(&lock);
    CHECK_INT(lock.descriptor, -1);
    state_close(NULL);
}

static const check_case cases[] = {
    CHECK_CASE(the_directory_is_made_with_its_parents),
    CHECK_CASE(a_final_slash_makes_no_difference),
    CHECK_CASE(an_empty_name_is_refused),
    CHECK_CASE(a_file_is_no_directory),
    CHECK_CASE(a_directory_that_others_can_write_is_refused),
    CHECK_CASE(a_directory_of_another_user_is_refused),
    CHECK_CASE(an_own_link_is_followed),
    CHECK_CASE(a_link_of_another_user_is_refused),
    CHECK_CASE_ONCE(a_directory_that_cannot_be_written_is_refused),
    CHECK_CASE(memory_file_systems_do_not_persist),
    CHECK_CASE(other_file_systems_persist),
    CHECK_CASE(old_leftovers_of_dead_processes_are_removed),
    CHECK_CASE(the_default_place_follows_the_environment),
    CHECK_CASE_ONCE(the_default_place_of_a_user_is_below_home),
    CHECK_CASE(the_default_place_of_root_is_below_var),
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
    CHECK_CASE(unlocking_what_is_not_held_does_nothing),
};

CHECK_MAIN(cases)
